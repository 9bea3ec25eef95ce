"""`mmm.Report`: what a fit says, as tables and charts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd
import xarray as xr

from mmm import schema
from mmm.posterior import Posterior
from mmm.reporting import arguments, sentences, tables
from mmm.returns import (
    Economics,
    Valuation,
    acquisition_draws,
    ledger_draws,
    marginal_returns,
    payback_draws,
    returns_by_horizon,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Report"]


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
    economics : Economics, optional
        Margin, customer value, discount rate and costs besides media, where the data did not have them.
    allow_unconverged : bool
        Report a fit that failed its checks; every table and chart then says so.

    Raises
    ------
    ConvergenceError
        If the fit failed its checks and ``allow_unconverged`` is not set.
    ReportError
        If the window holds no period, ``prob`` is not between 0 and 1, or the economics do not fit the data.

    Examples
    --------
    >>> report = mmm.Report(posterior)
    >>> list(report.roi(horizon_weeks=52).columns)[:3]
    ['channel', 'horizon_weeks', 'spend']
    >>> mmm.Report(posterior, economics=mmm.Economics(margin=0.4)).payback().columns.name
    'payback by margin ROI, net present value in GBP within 104 weeks at 10% a year; 90% equal-tailed ...'
    """

    posterior: Posterior
    window: tuple[str | pd.Timestamp, str | pd.Timestamp] | None = field(default=None, kw_only=True)
    prob: float = field(default=schema.DEFAULT_PROB, kw_only=True)
    economics: Economics | None = field(default=None, kw_only=True)
    allow_unconverged: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        arguments.check_posterior(self.posterior, allow_unconverged=self.allow_unconverged)
        arguments.check_prob(self.prob)
        arguments.check_economics(self.economics)
        _ = self._rows, self._valuation  # refuse a window that holds no period, and economics of other data

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
            roi, roi_lower, roi_upper, prob_above_one, prior_reliance, share_landed``, the interval of the incremental
            outcome, and mROI (one more unit of spend, spread as the plan is) and incremental profit with theirs.
            Points are posterior medians; nothing is rounded. Where the outcome has no money value,
            ``outcome_per_spend`` and ``marginal_outcome_per_spend`` stand in place of ROI and mROI.

        Raises
        ------
        ReportError
            If a horizon is shorter than a period or longer than ten years.
        """
        horizons = arguments.horizons(self.posterior, horizon_weeks)
        marginal = marginal_returns(
            self.posterior.draws, horizons=horizons, window=self._rows, valuation=self._valuation
        )
        table = tables.roi_table(*self._both_returns(horizons), marginal, prob=self.prob)
        return self._finish(table, about=self._valuation.label)

    def payback(self, *, horizon_weeks: float | None = None) -> pd.DataFrame:
        """When the spend of each channel has come back, and what it is worth then.

        Parameters
        ----------
        horizon_weeks : float, optional
            Of the net present value; that of the ROI priors by default.

        Returns
        -------
        DataFrame
            ``channel, payback_weeks, payback_lower, payback_upper, prob_13w, prob_26w, prob_52w, prob_104w,
            prob_156w, prob_never, npv, npv_lower, npv_upper``. Payback is the first horizon, in whole periods, at
            which ROI is at least 1: undiscounted, and infinite where that is not within ten years. Net present value
            discounts every return to the period of its spend. NaN where nothing was spent.

        Raises
        ------
        ReportError
            If the outcome has no money value, or the horizon is not a number of whole periods.
        """
        horizon, rate = self._horizon(horizon_weeks), (self.economics or Economics()).discount_rate
        found = payback_draws(
            self.posterior.draws,
            horizon_weeks=horizon,
            discount_rate=rate,
            window=self._rows,
            valuation=self._valuation,
        )
        table = tables.payback_table(found, weeks_per_period=self.posterior.data.weeks_per_period, prob=self.prob)
        worth = f"net present value in {self._valuation.unit} within {horizon:g} weeks at {100 * rate:g}% a year"
        return self._finish(table, about=f"payback by {self._valuation.label}, {worth}")

    def ledger(self) -> pd.DataFrame:
        """Where the return of the window's spend is booked, and what landed in the window from before.

        Returns
        -------
        DataFrame
            ``channel, carry_in, in_window, carry_out, cohort_total``, their intervals, ``spend`` and
            ``share_to_come``, the share of ``cohort_total`` that lands after the data. Points are posterior means, in
            this table alone, so that the parts add up: ``cohort_total = in_window + carry_out``, and all that landed
            in the window is ``carry_in + in_window``. Money, or units where the outcome has no money value.
        """
        found = ledger_draws(self.posterior.draws, window=self._rows, valuation=self._valuation)
        about = f"ledger in {self._valuation.unit} ({self._valuation.label}), points are posterior means"
        return self._finish(tables.ledger_table(found, prob=self.prob), about=about)

    def ltv_cac(self, *, horizon_weeks: float | None = None) -> pd.DataFrame:
        """Lifetime value of an incremental customer against the fully loaded cost of winning one.

        Parameters
        ----------
        horizon_weeks : float, optional
            Within which customers are counted; that of the ROI priors by default.

        Returns
        -------
        DataFrame
            ``channel, spend, acquisition_cost, incremental_customers, cac, ltv, ltv_cac, prob_above_one,
            prob_above_three, break_even_cpa`` with their intervals. ``acquisition_cost`` is media and all other cost;
            ``break_even_cpa`` is the media cost per incremental customer at which LTV to CAC is 1.

        Raises
        ------
        ReportError
            If there is no ``customer_value``, or the horizon is not a number of whole periods.
        """
        horizon = self._horizon(horizon_weeks)
        economics = arguments.with_customer_value(self.economics)
        found = acquisition_draws(self.posterior.draws, economics=economics, horizon_weeks=horizon, window=self._rows)
        about = f"LTV to CAC in {self._valuation.unit}, customers within {horizon:g} weeks"
        return self._finish(tables.ltv_cac_table(found, prob=self.prob), about=about)

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

        return charts.plot_roi(self.roi(horizon_weeks=self._horizon(horizon_weeks)), context=self._context, ax=ax)

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
        rows = arguments.rows_of(self.evidence(), quantity, channels=self.posterior.data.channels)
        return charts.plot_prior_posterior(rows, context=self._context, ax=ax)

    def plot_response(self, channel: str, *, ax: Axes | None = None) -> Axes:
        """Outcome per period of steady spend, with today's spend marked and what was never tried dashed.

        Raises
        ------
        ReportError
            If the channel is not in the data.
        """
        from mmm.reporting import charts

        arguments.check_channel(self.posterior, channel)
        return charts.plot_response(self.posterior.draws, channel, prob=self.prob, context=self._context, ax=ax)

    # --- behind both ----------------------------------------------------------------------------

    @cached_property
    def _rows(self) -> tuple[int, int]:
        return arguments.window_of(self.posterior, self.window)

    @cached_property
    def _valuation(self) -> Valuation:
        return Valuation.of(self.posterior.draws, self.economics)

    @cached_property
    def _returns_cache(self) -> dict[tuple[float, ...], tuple[xr.Dataset, xr.Dataset]]:
        return {}

    @cached_property
    def _context(self) -> Any:
        from mmm.reporting.charts import ChartContext

        context = ChartContext.of(self.posterior.data, prob=self.prob, warning=self._warning)
        return replace(context, roi_label=self._valuation.label)

    @property
    def _warning(self) -> str:
        return "" if self.posterior.ok else self.posterior.diagnosis.verdict

    def _both_returns(self, horizons: tuple[float, ...]) -> tuple[xr.Dataset, xr.Dataset]:
        """Returns of the window by horizon, of the posterior and of the prior; replayed once."""
        if horizons not in self._returns_cache:
            prior = self.posterior.prior
            sides = (self.posterior.draws, self._valuation), (prior, Valuation.of(prior, self.economics))
            after, before = (
                returns_by_horizon(side, horizons=horizons, window=self._rows, valuation=valuation)
                for side, valuation in sides
            )
            self._returns_cache[horizons] = after, before
        return self._returns_cache[horizons]

    def _horizon(self, asked: float | None) -> float:
        return arguments.horizon(self.posterior, self.posterior.spec.horizon_weeks if asked is None else asked)

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
            f"{dates[-1]:%Y-%m-%d}, {self._valuation.label}, {schema.interval_header(self.prob)}\n"
            f" {self.posterior.diagnosis.verdict}>"
        )
