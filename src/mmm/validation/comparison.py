"""One question answered under several assumptions: the fits, a table, a chart and a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from mmm import schema
from mmm.errors import ConvergenceError, ReportError
from mmm.model.frozen import FrozenDict
from mmm.posterior import Posterior
from mmm.returns import Economics, Valuation
from mmm.returns.asked import check_prob, horizons, window_of
from mmm.returns.summary import summarise
from mmm.validation.summaries import case_rows, in_words, returns_per_spend, shifts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Comparison"]

#: Posterior standard deviations by which an answer must move for its assumption to be worth a warning.
WORTH_A_WARNING = 1.0


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Comparison:
    """The same data under several assumptions, from :func:`mmm.compare_priors` or :func:`mmm.compare_baselines`.

    Parameters
    ----------
    posteriors : dict of Posterior
        By case.
    assumptions : dict of str
        What each case assumes, in words.
    reference : str
        The case that the others are compared with: the fit that was given.
    remedy : str
        What would replace the assumption by evidence, as a sentence.
    allow_unconverged : bool
        Give the numbers of fits that failed their checks; the table and the chart then say so.

    Raises
    ------
    ReportError
        If the cases of fits, assumptions and reference differ.

    Examples
    --------
    >>> comparison = Comparison(
    ...     posteriors={"default": posterior, "again": posterior},
    ...     assumptions={"default": "as fitted", "again": "the same"},
    ...     reference="default",
    ...     remedy="A test would tell.",
    ... )
    >>> table = comparison.table(horizon_weeks=52)
    >>> table["case"].unique().tolist(), len(table)
    (['default', 'again'], 8)
    >>> comparison.plot(horizon_weeks=52).get_xlabel()
    'revenue ROI within 52 weeks: median and 90% credible interval'
    """

    posteriors: Mapping[str, Posterior]
    assumptions: Mapping[str, str]
    reference: str
    remedy: str
    allow_unconverged: bool = False

    def __post_init__(self) -> None:
        for name in ("posteriors", "assumptions"):
            object.__setattr__(self, name, FrozenDict(getattr(self, name)))
        if list(self.posteriors) != list(self.assumptions) or self.reference not in self.posteriors:
            raise ReportError(
                f"fits of {list(self.posteriors)}, assumptions of {list(self.assumptions)}, reference "
                f"{self.reference!r}",
                "an answer would be read under another one's assumption",
                "use mmm.compare_priors(posterior) or mmm.compare_baselines(posterior)",
            )

    def table(
        self,
        *,
        horizon_weeks: float | Iterable[float] = (13, 104),
        window: tuple[str | pd.Timestamp, str | pd.Timestamp] | None = None,
        prob: float = schema.DEFAULT_PROB,
        economics: Economics | None = None,
    ) -> pd.DataFrame:
        """ROI of each channel's spend in each case.

        Parameters
        ----------
        horizon_weeks : float or iterable of float
            Weeks counted after each period's spend, the period of the spend included.
        window : (first, last), optional
            Dates; the spend of the periods that begin between them is judged. All periods by default.
        prob : float
            Of the equal-tailed intervals.
        economics : Economics, optional
            As :class:`mmm.Report` takes them.

        Returns
        -------
        DataFrame
            One row per case, channel (and ``total``) and horizon: ``case, assumption, channel, horizon_weeks, roi,
            roi_lower, roi_upper, prob_above_one, prior_reliance``. Prior reliance compares with the prior of the case.
            Where the outcome has no money value, ``outcome_per_spend`` stands in place of ROI, as in reports.

        Raises
        ------
        ConvergenceError
            If a fit failed its checks and ``allow_unconverged`` is not set.
        ReportError
            If a horizon, the window, ``prob`` or the economics make no sense for the data.
        """
        if self._failed and not self.allow_unconverged:
            raise ConvergenceError(
                self._failed_in_words,
                "chains that disagree, or have few effective draws, give intervals that mean nothing",
                "compare again with sampler=mmm.Sampler(tune=2000, target_accept=0.98); allow_unconverged=True shows "
                "the numbers with this warning",
            )
        check_prob(prob)
        given = self.posteriors[self.reference]
        asked, rows = horizons(given.data, horizon_weeks), window_of(given.data, window)
        label = Valuation.of(given.draws, economics).label
        tables = []
        for case, posterior in self.posteriors.items():
            table = case_rows(posterior, horizons=asked, window=rows, prob=prob, economics=economics)
            table.insert(0, "case", case)
            table.insert(1, "assumption", self.assumptions[case])
            if self._failed:
                table[schema.WARNING_COLUMN] = "" if posterior.ok else posterior.diagnosis.verdict
            tables.append(table)
        header = f"{label} by case; {schema.interval_header(prob)}"
        if self._failed:
            header = f"NOT CONVERGED, see the column {schema.WARNING_COLUMN!r}; {header}"
        return pd.concat(tables, ignore_index=True).rename_axis(columns=header)

    @cached_property
    def verdict(self) -> str:
        """How far the answer at the horizon of the ROI priors moves between the cases, and what to do about it.

        A channel is named where its median moves, on the log scale, by more than one posterior standard deviation of
        the fit that was given. Without ``allow_unconverged``, a fit that failed its checks leaves only that to say.
        """
        if not self._failed:
            return self._verdict()
        return f"{self._failed_in_words} {self._verdict()}" if self.allow_unconverged else self._failed_in_words

    def plot(self, *, horizon_weeks: float = 104, economics: Economics | None = None, ax: Axes | None = None) -> Axes:
        """ROI of each channel with its interval, case by case.

        Parameters
        ----------
        horizon_weeks : float
        economics : Economics, optional
        ax : Axes, optional
            A new figure by default.

        Raises
        ------
        ConvergenceError
            If a fit failed its checks and ``allow_unconverged`` is not set.
        ReportError
            If the horizon is not one number of whole periods.
        """
        from mmm.validation.charts import plot_comparison

        if isinstance(horizon_weeks, Iterable):
            raise ReportError(
                f"horizon_weeks={horizon_weeks!r}", "one chart shows one horizon", "use a number, such as 104"
            )
        return plot_comparison(
            self.table(horizon_weeks=horizon_weeks, economics=economics),
            reference=self.reference,
            label=Valuation.of(self.posteriors[self.reference].draws, economics).label,
            warning=self._failed_in_words if self._failed else "",
            ax=ax,
        )

    @property
    def _failed(self) -> list[str]:
        return [case for case, posterior in self.posteriors.items() if not posterior.ok]

    @property
    def _failed_in_words(self) -> str:
        return f"NOT CONVERGED: {', '.join(self._failed)}. {self.posteriors[self._failed[0]].diagnosis.verdict}"

    def _verdict(self) -> str:
        given, prob = self.posteriors[self.reference], schema.DEFAULT_PROB
        horizon = given.spec.horizon_weeks
        by_case = {case: returns_per_spend(posterior, horizon=horizon) for case, posterior in self.posteriors.items()}

        def across(channel: str) -> str:
            return ", ".join(f"{case} {in_words(draws.sel(channel=channel), prob)}" for case, draws in by_case.items())

        medians = [float(draws.sel(channel=schema.TOTAL).median()) for draws in by_case.values()]
        apart = max(medians) - min(medians)
        _, lower, upper = summarise(by_case[self.reference].sel(channel=schema.TOTAL), prob=prob)
        moved = shifts(by_case, self.reference).abs().max(axis=1).drop(schema.TOTAL).sort_values(ascending=False)
        channels = [str(name) for name in moved.index]
        who = "all channels together" if len(channels) > 1 else channels[0]
        said = (
            f"Within {horizon:g} weeks, {given.data.roi_label} of {who}: {across(schema.TOTAL)}. The medians lie "
            f"{apart:.2g} apart, {apart / (upper - lower):.0%} of the width of the interval of {self.reference}."
        )
        if len(channels) > 1:
            said += f" {channels[0]} moves most, by {moved.iloc[0]:.1f} posterior sd: {across(channels[0])}."
        doubtful = [name for name, distance in zip(channels, moved, strict=True) if distance > WORTH_A_WARNING]
        if not doubtful:
            return f"{said} No channel moves by more than one posterior sd."
        return (
            f"{said} By more than one posterior sd, so that the assumption decides the answer: {', '.join(doubtful)}. "
            f"{self.remedy}"
        )

    def __repr__(self) -> str:
        lines = [f" {case}: {assumed}" for case, assumed in self.assumptions.items()]
        return "\n".join([f"<Comparison of {', '.join(self.posteriors)}", *lines, f" {self.verdict}>"])
