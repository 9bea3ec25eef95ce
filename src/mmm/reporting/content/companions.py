"""What a document may show beside the fit itself, and whether it belongs to that fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from mmm import schema
from mmm.errors import ReportError
from mmm.model.brand import MEASURED_WEEKS
from mmm.posterior import Posterior
from mmm.refreshing import ForecastCheck, Refresh
from mmm.refreshing.sentences import check_decomposition, signed_parts
from mmm.reporting.content.columns import heading
from mmm.reporting.content.readable import NOTHING, ReadableTable
from mmm.reporting.tables import with_header
from mmm.validation import Backtest, Comparison

if TYPE_CHECKING:
    from mmm.reporting.report_tables import ReportTables

__all__ = ["Companions"]


@dataclass(frozen=True, kw_only=True)
class Companions:
    """Results that cost refits and were made beforehand; what was not made is left out of a document, and said.

    Attributes
    ----------
    refresh : Refresh, optional
        From :func:`mmm.refresh`: what changed since the last fit.
    decomposition : DataFrame, optional
        From :meth:`mmm.Refresh.decomposition`, of that refresh and the horizon of the ROI priors.
    backtest : Backtest, optional
        From :func:`mmm.backtest`.
    priors : Comparison, optional
        From :func:`mmm.compare_priors`: the answer under a sceptic's and an optimist's prior.
    """

    refresh: Refresh | None = None
    decomposition: pd.DataFrame | None = None
    backtest: Backtest | None = None
    priors: Comparison | None = None

    def check(self, posterior: Posterior) -> None:
        """Refuse what is of another type, or of another fit than the one that is reported.

        Raises
        ------
        ReportError
        """
        for name, kind in {"refresh": Refresh, "backtest": Backtest, "priors": Comparison}.items():
            given = getattr(self, name)
            if given is not None and not isinstance(given, kind):
                raise ReportError(
                    f"{name}={type(given).__name__}",
                    "a document shows nothing that it cannot read",
                    f"pass a {kind.__name__}, or leave {name} out",
                )
        if self.refresh is not None:
            _same_fit("refresh", self.refresh.posterior, posterior)
        if self.decomposition is not None:
            self._check_decomposition()
        if self.priors is not None:
            _same_fit("priors", self.priors.posteriors[self.priors.reference], posterior)
        if self.backtest is not None and not self.backtest.outcome.index.equals(posterior.data.dates):
            raise ReportError(
                "backtest= is of other periods than the fit",
                "the page would vouch for one fit with the forecasts of another",
                "run mmm.backtest(posterior) on the fit that is reported",
            )

    def _check_decomposition(self) -> None:
        if self.refresh is None:
            raise ReportError(
                "decomposition= without refresh=",
                "the parts of a movement say nothing without the movement",
                "pass the refresh that they were made from as well",
            )
        check_decomposition(self.decomposition, self.refresh.drift())

    def drift(self, *, prob: float) -> pd.DataFrame | None:
        """Whether returns moved by more than new weeks explain, with a header; None without a refresh."""
        if self.refresh is None:
            return None
        refresh = self.refresh
        return with_header(refresh.drift(prob=prob), prob=prob, about=_judged_by(refresh), warning=refresh.warning)

    @property
    def parts(self) -> pd.DataFrame | None:
        """What each movement is due to, with a header; None if it was not made."""
        if self.refresh is None or self.decomposition is None:
            return None
        about = f"parts of the movement of the median {_judged_by(self.refresh)}"
        return self.decomposition.drop(columns="order", errors="ignore").rename_axis(columns=about)

    @cached_property
    def written_parts(self) -> pd.DataFrame | None:
        """The same as text: signed, to the digits of the returns."""
        if self.refresh is None or self.parts is None:
            return None
        return signed_parts(self.parts, self.refresh.drift()).rename_axis(columns=str(self.parts.columns.name))

    def readable_parts(self) -> ReadableTable | None:
        """The same, ready to be set."""
        if self.written_parts is None:
            return None
        rows = self.written_parts.itertuples(index=False, name=None)
        return ReadableTable(
            headings=tuple(heading(name) for name in schema.DECOMPOSITION_COLUMNS),
            rows=tuple(tuple(cell or NOTHING for cell in row) for row in rows),
            is_number=tuple(name != schema.CHANNEL for name in schema.DECOMPOSITION_COLUMNS),
            note=str(self.written_parts.columns.name),
        )

    def movements(self, *, prob: float) -> tuple[str, ...]:
        """What became of each answer since the last fit, in words; empty without a refresh."""
        if self.refresh is None:
            return ()
        return self.refresh.movements(decomposition=self.decomposition, prob=prob)

    @property
    def forecast(self) -> ForecastCheck | None:
        """The last fit's forecast against what came; None where there is none to check.

        That is without a refresh, without new periods, and where a control of the last fit is not known in them.
        """
        return None if self.refresh is None or not self.refresh.has_forecast else self.refresh.forecast_check()

    def prior_cases(self, report: ReportTables) -> pd.DataFrame | None:
        """The answer in each case of a comparison, of the report's spend and money; None without a comparison.

        Raises
        ------
        ConvergenceError
            If a fit of the comparison failed its checks and the comparison does not allow it.
        """
        if self.priors is None:
            return None
        horizon = report.posterior.spec.horizon_weeks
        return self.priors.table(
            horizon_weeks=sorted({min(MEASURED_WEEKS, horizon), horizon}),
            window=report.window,
            prob=report.prob,
            economics=report.economics,
        )


def _judged_by(refresh: Refresh) -> str:
    dates, data = refresh.vintages.dates, refresh.posterior.data
    weeks = refresh.posterior.spec.horizon_weeks
    return f"{data.roi_label} within {weeks:g} weeks of the spend of {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}"


def _same_fit(name: str, other: Posterior, posterior: Posterior) -> None:
    mine, theirs = posterior.provenance, other.provenance
    if (mine.data_fingerprint, mine.seed, mine.created) == (theirs.data_fingerprint, theirs.seed, theirs.created):
        return
    raise ReportError(
        f"{name}= belongs to a fit of {theirs.created}, the report to one of {mine.created}",
        "one document would show numbers of two fits as if they were one",
        f"report the fit that {name} was made with",
    )
