"""What a document may show beside the fit itself, and whether it belongs to that fit."""

from __future__ import annotations

from dataclasses import dataclass

from mmm.errors import ReportError
from mmm.posterior import Posterior
from mmm.refreshing import Refresh
from mmm.validation import Backtest, Comparison

__all__ = ["Companions"]


@dataclass(frozen=True, kw_only=True)
class Companions:
    """Results that cost refits and were made beforehand; what was not made is left out of a document, and said.

    Attributes
    ----------
    refresh : Refresh, optional
        From :func:`mmm.refresh`: what changed since the last fit.
    backtest : Backtest, optional
        From :func:`mmm.backtest`.
    priors : Comparison, optional
        From :func:`mmm.compare_priors`: the answer under a sceptic's and an optimist's prior.
    """

    refresh: Refresh | None = None
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
        if self.priors is not None:
            _same_fit("priors", self.priors.posteriors[self.priors.reference], posterior)
        if self.backtest is not None and not self.backtest.outcome.index.equals(posterior.data.dates):
            raise ReportError(
                "backtest= is of other periods than the fit",
                "the page would vouch for one fit with the forecasts of another",
                "run mmm.backtest(posterior) on the fit that is reported",
            )


def _same_fit(name: str, other: Posterior, posterior: Posterior) -> None:
    mine, theirs = posterior.provenance, other.provenance
    if (mine.data_fingerprint, mine.seed, mine.created) == (theirs.data_fingerprint, theirs.seed, theirs.created):
        return
    raise ReportError(
        f"{name}= belongs to a fit of {theirs.created}, the report to one of {mine.created}",
        "one document would show numbers of two fits as if they were one",
        f"report the fit that {name} was made with",
    )
