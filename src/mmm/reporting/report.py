"""`mmm.Report`: what a fit says, as tables and charts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Real
from typing import TYPE_CHECKING, Any

import pandas as pd
import xarray as xr

from mmm import schema
from mmm.errors import ConvergenceError, ReportError
from mmm.model.horizon import whole_periods
from mmm.posterior import Posterior
from mmm.reporting import sentences, tables
from mmm.returns import returns_by_horizon, window_rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Report"]

#: Longest horizon that a report may be asked for.
MAX_HORIZON_WEEKS = 520

#: Longest month.
_MONTH = pd.Timedelta(days=31)


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """Tables and charts of one posterior.

    Parameters
    ----------
    posterior : Posterior
    window : (first, last), optional
        Dates; the spend of the periods that begin between them is judged. All periods of the data by default. Charts
        over time are cut to it too.
    prob : float
        Of the equal-tailed intervals.
    allow_unconverged : bool
        Report a fit that failed its checks; every table and chart then says so.

    Raises
    ------
    ConvergenceError
        If the fit failed its checks and ``allow_unconverged`` is not set.
    ReportError
        If the window holds no period or ``prob`` is not between 0 and 1.

    Examples
    --------
    >>> report = mmm.Report(posterior)
    >>> list(report.roi(horizon_weeks=52).columns)[:3]
    ['channel', 'horizon_weeks', 'spend']
    """

    posterior: Posterior
    window: tuple[str | pd.Timestamp, str | pd.Timestamp] | None = field(default=None, kw_only=True)
    prob: float = field(default=schema.DEFAULT_PROB, kw_only=True)
    allow_unconverged: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if not isinstance(self.posterior, Posterior):
            raise ReportError(
                f"a Report is made from a Posterior, not from {type(self.posterior).__name__}",
                "only a posterior knows its data, its spec and whether it converged",
                "use mmm.fit(data, seed=...) or mmm.load(path) first",
            )
        if not self.posterior.ok and not self.allow_unconverged:
            raise ConvergenceError(
                self.posterior.diagnosis.verdict,
                "chains that disagree, or have few effective draws, give intervals that mean nothing",
                "fit again with mmm.Sampler(tune=2000, target_accept=0.98), or with fewer channels or tighter priors; "
                "Report(posterior, allow_unconverged=True) shows the numbers with this warning on every table",
            )
        if not (_is_number(self.prob) and 0 < self.prob < 1):
            raise ReportError(
                f"prob={self.prob!r}", "an interval holds a probability between 0 and 1", "use for example prob=0.9"
            )
        _ = self._rows  # refuses a window that holds no period

    # --- tables ---------------------------------------------------------------------------------

    def roi(self, *, horizon_weeks: float | Iterable[float] = schema.DEFAULT_HORIZONS) -> pd.DataFrame:
        """ROI of each channel's spend within each horizon.

        Parameters
        ----------
        horizon_weeks : float or iterable of float
            Weeks counted after each period's spend, the period of the spend included.

        Returns
        -------
        DataFrame
            One row per channel and horizon, then ``total``: ``channel, horizon_weeks, spend, incremental_outcome,
            roi, roi_lower, roi_upper, prob_above_one, prior_reliance, share_landed`` and the interval of the
            incremental outcome. Points are posterior medians; nothing is rounded. Where the outcome has no money
            value, ``outcome_per_spend`` and its interval stand in place of ROI.

        Raises
        ------
        ReportError
            If a horizon is shorter than a period or longer than ten years.
        """
        horizons = _horizons(self.posterior, horizon_weeks)
        after, before = self._both_returns(horizons)
        money = self.posterior.data.has_money_value
        table = tables.roi_table(after, before, has_money_value=money, prob=self.prob)
        return self._finish(table, about=self.posterior.data.roi_label)

    def contributions(self) -> pd.DataFrame:
        """Contribution of each channel, of all channels (``total``) and of the baseline, by period.

        Returns
        -------
        DataFrame
            ``date, channel, contribution, contribution_lower, contribution_upper``, in units of the outcome.
            What was spent before the data and still lands in them is part of the channel's contribution.
        """
        table = tables.contribution_table(self.posterior.draws, rows=slice(*self._rows), prob=self.prob)
        words = self.posterior.data.description
        return self._finish(table, about=f"contributions to {words.outcome} ({words.outcome_unit})")

    def evidence(self) -> pd.DataFrame:
        """What was assumed beside what was learnt.

        Returns
        -------
        DataFrame
            ``channel, quantity, prior, prior_lower, prior_upper, posterior, posterior_lower, posterior_upper,
            prior_reliance`` for every parameter of every channel, for the baseline's noise and walk (channel
            ``baseline``) and for the share of the outcome that media bring (channel ``total``). A prior reliance of 1
            means that the data said nothing.
        """
        return self._finish(tables.evidence_table(self.posterior, prob=self.prob), about="prior and posterior")

    def warnings(self) -> tuple[str, ...]:
        """What limits the answer, and what would help; a sentence or two each, empty if nothing was found."""
        after, before = self._both_returns((self.posterior.spec.horizon_weeks,))
        return sentences.warnings(self.posterior, returns=after, prior=before, prob=self.prob)

    # --- charts ---------------------------------------------------------------------------------

    def plot_roi(self, *, horizon_weeks: float | None = None, ax: Axes | None = None) -> Axes:
        """ROI of each channel with its interval, against the break-even line and the prior.

        Parameters
        ----------
        horizon_weeks : float, optional
            The horizon of the ROI priors by default.
        ax : Axes, optional
            A new figure by default.
        """
        from mmm.reporting import charts

        horizon = self.posterior.spec.horizon_weeks if horizon_weeks is None else horizon_weeks
        if not _is_number(horizon):
            raise ReportError(
                f"horizon_weeks={horizon!r}", "one chart shows one horizon", "use a number, such as horizon_weeks=52"
            )
        return charts.plot_roi(self.roi(horizon_weeks=horizon), context=self._context, ax=ax)

    def plot_contributions(self, *, ax: Axes | None = None) -> Axes:
        """Baseline and channels stacked over time (medians), with the actual outcome."""
        from mmm.reporting import charts

        return charts.plot_contributions(self.contributions(), self._outcome(), context=self._context, ax=ax)

    def plot_fit(self, *, ax: Axes | None = None) -> Axes:
        """Actual outcome against the posterior predictive bands (50% and the report's interval), noise included."""
        from mmm.reporting import charts

        predictive = self.posterior.draws.predictive()[:, :, 0, slice(*self._rows)]
        return charts.plot_fit(predictive, self._outcome(), prob=self.prob, context=self._context, ax=ax)

    def plot_prior_posterior(self, *, quantity: str | None = None, ax: Axes | None = None) -> Axes:
        """Prior and posterior of one quantity for every channel that has it: how far the data moved the belief.

        Parameters
        ----------
        quantity : str, optional
            A parameter of :meth:`evidence`; ROI by default.
        ax : Axes, optional

        Raises
        ------
        ReportError
            If no channel has that quantity.
        """
        from mmm.reporting import charts

        quantity = quantity or self.posterior.draws.roi_name
        evidence = self.evidence()
        of_channels = evidence["channel"].isin(self.posterior.data.channels)
        rows = evidence[(evidence["quantity"] == quantity) & of_channels]
        if rows.empty:
            known = evidence.loc[of_channels, "quantity"].unique().tolist()
            raise ReportError(
                f"no channel has a quantity {quantity!r}", "there is nothing to draw", f"choose one of {known}"
            )
        return charts.plot_prior_posterior(rows, context=self._context, ax=ax)

    def plot_response(self, channel: str, *, ax: Axes | None = None) -> Axes:
        """Outcome per period of steady spend, with today's spend marked and what was never tried dashed.

        Raises
        ------
        ReportError
            If the channel is not in the data.
        """
        from mmm.reporting import charts

        if channel not in self.posterior.data.channels:
            raise ReportError(
                f"there is no channel {channel!r}",
                "there is nothing to draw",
                f"choose one of {list(self.posterior.data.channels)}",
            )
        return charts.plot_response(self.posterior.draws, channel, prob=self.prob, context=self._context, ax=ax)

    # --- behind both ----------------------------------------------------------------------------

    @cached_property
    def _rows(self) -> tuple[int, int]:
        return _window_rows(self.posterior, self.window)

    @cached_property
    def _returns_cache(self) -> dict[tuple[float, ...], tuple[xr.Dataset, xr.Dataset]]:
        return {}

    @cached_property
    def _context(self) -> Any:
        from mmm.reporting.charts import ChartContext

        return ChartContext.of(self.posterior.data, prob=self.prob, warning=self._warning)

    @property
    def _warning(self) -> str:
        return "" if self.posterior.ok else self.posterior.diagnosis.verdict

    def _both_returns(self, horizons: tuple[float, ...]) -> tuple[xr.Dataset, xr.Dataset]:
        """Returns of the window by horizon, of the posterior and of the prior; replayed once."""
        if horizons not in self._returns_cache:
            sides = self.posterior.draws, self.posterior.prior
            after, before = (returns_by_horizon(side, horizons=horizons, window=self._rows) for side in sides)
            self._returns_cache[horizons] = after, before
        return self._returns_cache[horizons]

    def _outcome(self) -> pd.Series:
        rows = slice(*self._rows)
        values = self.posterior.data.dataset[schema.OUTCOME].values[0, rows]
        return pd.Series(values, index=self.posterior.data.dates[rows], name=self.posterior.data.description.outcome)

    def _finish(self, table: pd.DataFrame, *, about: str) -> pd.DataFrame:
        return tables.with_header(table, prob=self.prob, about=about, warning=self._warning)

    def __repr__(self) -> str:
        dates = self.posterior.data.dates[slice(*self._rows)]
        return (
            f"<Report on {len(self.posterior.data.channels)} channels, spend of {dates[0]:%Y-%m-%d} to "
            f"{dates[-1]:%Y-%m-%d}, {self.posterior.data.roi_label}, {schema.interval_header(self.prob)}\n"
            f" {self.posterior.diagnosis.verdict}>"
        )


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _horizons(posterior: Posterior, asked: Any) -> tuple[float, ...]:
    horizons = tuple(asked) if isinstance(asked, Iterable) and not isinstance(asked, str) else (asked,)
    period = posterior.data.weeks_per_period
    for weeks in horizons:
        if not (_is_number(weeks) and 0 < weeks <= MAX_HORIZON_WEEKS and whole_periods(weeks, period)):
            raise ReportError(
                f"horizon_weeks={weeks!r} with {posterior.data.frequency} data",
                "returns are counted in whole periods after the spend; under another label they would mislead",
                f"use multiples of {period:.3g} weeks (one period of these data) up to {MAX_HORIZON_WEEKS}",
            )
    if not horizons:
        raise ReportError(
            "horizon_weeks is empty", "a return has no meaning without a horizon", "name one, such as horizon_weeks=52"
        )
    return horizons


def _window_rows(posterior: Posterior, window: tuple[Any, Any] | None) -> tuple[int, int]:
    dates = posterior.data.dates
    if window is None:
        return 0, len(dates)
    try:
        first, last = (pd.Timestamp(edge) for edge in window)
        if pd.isna(first) or pd.isna(last):
            raise ValueError("an edge is missing")
        start, stop = window_rows(dates, first, last)
    except (TypeError, ValueError) as error:
        raise ReportError(
            f"window={window!r}: {error}",
            "the spend to judge is not defined",
            'give two dates, window=("2026-07-01", "2026-09-30")',
        ) from None
    if stop <= start:
        raise ReportError(
            f"no period begins between {first:%Y-%m-%d} and {last:%Y-%m-%d}",
            "there is no spend to judge",
            f"the data run from {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}",
        )
    length = pd.Timedelta(weeks=posterior.data.weeks_per_period) if posterior.data.frequency != "monthly" else _MONTH
    if first <= dates[0] - length or last >= dates[-1] + length:
        raise ReportError(
            f"the window {first:%Y-%m-%d} to {last:%Y-%m-%d} reaches beyond the data, whose periods begin from "
            f"{dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}",
            "part of the spend would be left out, and the rest reported under the window's name",
            "cut the window to the data, or bring the data up to date",
        )
    return start, stop
