"""`mmm.Report`: what a fit says, as tables and charts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from mmm import schema
from mmm.posterior import Posterior
from mmm.reporting import arguments, charts, sentences, tables
from mmm.reporting.basis import Basis
from mmm.returns import Economics

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
        _ = self._basis.valuation  # refuses a window that holds no period, and economics of other data

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
        horizons = arguments.horizons(self.posterior.data, horizon_weeks)
        table = tables.roi_table(*self._basis.returns(horizons), prob=self.prob)
        return self._finish(table, about=self._basis.valuation.label)

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
        basis, horizon = self._basis, self._horizon(horizon_weeks)
        period = self.posterior.data.weeks_per_period
        table = tables.payback_table(basis.payback(horizon), weeks_per_period=period, prob=self.prob)
        rate = f"{100 * basis.discount_rate:g}% a year"
        worth = f"net present value in {basis.valuation.unit} within {horizon:g} weeks at {rate}"
        return self._finish(table, about=f"payback by {basis.valuation.label}, {worth}")

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
        valuation = self._basis.valuation
        about = f"ledger in {valuation.unit} ({valuation.label}), points are posterior means"
        return self._finish(tables.ledger_table(self._basis.ledger(), prob=self.prob), about=about)

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
        found = self._basis.customers(arguments.with_customer_value(self.economics), horizon)
        about = f"LTV to CAC in {self._basis.valuation.unit}, customers within {horizon:g} weeks"
        return self._finish(tables.ltv_cac_table(found, prob=self.prob), about=about)

    def contributions(self) -> pd.DataFrame:
        """Contribution of each channel, of all channels (``total``) and of the baseline, by period.

        Returns
        -------
        DataFrame
            ``date, channel, contribution, contribution_lower, contribution_upper``, in units of the outcome.
            What was spent before the data and still lands in them is part of the channel's contribution.
        """
        table = tables.contribution_table(self.posterior.draws, rows=slice(*self._basis.rows), prob=self.prob)
        words = self.posterior.data.description
        return self._finish(table, about=f"contributions to {words.outcome} ({words.outcome_unit})")

    def evidence(self) -> pd.DataFrame:
        """What was assumed beside what was learnt.

        Returns
        -------
        DataFrame
            ``channel, quantity, prior, prior_lower, prior_upper, posterior, posterior_lower, posterior_upper,
            prior_reliance``: every parameter of every channel; of brand channels their ``long_run_multiplier`` (whole
            return over that of 13 weeks) and the ``baseline_correlation`` of their slow stock, which has no prior;
            what is assumed of a brand tracker, under its name; noise and walk of the ``baseline``; the share of the
            outcome that media bring (``total``). A prior reliance of 1 means that the data said nothing.
        """
        return self._finish(tables.evidence_table(self.posterior, prob=self.prob), about="prior and posterior")

    def sentences(self) -> tuple[str, ...]:
        """Give the verdict in words: the tables' numbers, to two digits, never without their interval.

        Returns
        -------
        tuple of str
            A paragraph for each brand channel, for each other channel and for all together: what came back within 13
            weeks (brand) and within the horizon of the ROI priors, what of it is assumed, when it pays back, its worth
            where economics were given; then how to read them. Prior reliance is said where it is above a half.
        """
        return sentences.verdict(self, valuation=self._basis.valuation)

    def warnings(self) -> tuple[str, ...]:
        """What limits the answer, and what would help; a sentence or two each, empty if nothing was found."""
        return sentences.warnings(self._basis)

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
        return charts.plot_roi(self.roi(horizon_weeks=self._horizon(horizon_weeks)), context=self._basis.context, ax=ax)

    def plot_contributions(self, *, ax: Axes | None = None) -> Axes:
        """Baseline and channels stacked over time (medians), with the actual outcome."""
        return charts.plot_contributions(self.contributions(), self._basis.outcome, context=self._basis.context, ax=ax)

    def plot_fit(self, *, ax: Axes | None = None) -> Axes:
        """Actual outcome against the posterior predictive bands (50% and the report's interval), noise included."""
        predictive = self.posterior.draws.predictive()[:, :, 0, slice(*self._basis.rows)]
        return charts.plot_fit(predictive, self._basis.outcome, prob=self.prob, context=self._basis.context, ax=ax)

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
        quantity = quantity or self.posterior.draws.roi_name
        rows = arguments.rows_of(self.evidence(), quantity, channels=self.posterior.data.channels)
        return charts.plot_prior_posterior(rows, context=self._basis.context, ax=ax)

    def plot_response(self, channel: str, *, ax: Axes | None = None) -> Axes:
        """Outcome per period of steady spend, with today's spend marked and what was never tried dashed.

        Raises
        ------
        ReportError
            If the channel is not in the data.
        """
        arguments.check_channel(self.posterior, channel)
        return charts.plot_response(self.posterior.draws, channel, prob=self.prob, context=self._basis.context, ax=ax)

    def plot_payback(self, channel: str | None = None, *, ax: Axes | None = None) -> Axes:
        """ROI by weeks since the spend, and the week in which the money is back.

        Parameters
        ----------
        channel : str, optional
            All channels together (``total``) by default, whether or not some are brand channels.
        ax : Axes, optional

        Raises
        ------
        ReportError
            If the channel is not in the data, if nothing was spent on it, or if the outcome has no money value.
        """
        channel = schema.TOTAL if channel is None else channel
        arguments.check_channel(self.posterior, channel, or_total=True)
        basis, row = self._basis, tables.row_of(self.payback(), channel)
        arguments.check_spend(row)
        words = sentences.payback_words(row, valuation=basis.valuation, prob=self.prob)
        roi, seen = basis.roi_by_week(channel, weeks=charts.FAN_WEEKS), basis.seen_weeks(channel)
        return charts.plot_payback(roi, row, seen_weeks=seen, words=words, prob=self.prob, context=basis.context, ax=ax)

    def plot_ledger(self, *, ax: Axes | None = None) -> Axes:
        """Where the return is booked, by channel: in the window, after it, and what came from earlier spend (means)."""
        return charts.plot_ledger(self.ledger(), valuation=self._basis.valuation, context=self._basis.context, ax=ax)

    def plot_carryover(self, channel: str, *, ax: Axes | None = None) -> Axes:
        """Share of the effect that has landed by week since the spend, with what was assumed of it in grey.

        Raises
        ------
        ReportError
            If the channel is not in the data.
        """
        arguments.check_channel(self.posterior, channel)
        landed = self._basis.landed_by_week(channel, weeks=charts.FAN_WEEKS)
        return charts.plot_carryover(*landed, channel=channel, prob=self.prob, context=self._basis.context, ax=ax)

    def plot_tracker(self, *, ax: Axes | None = None) -> Axes:
        """Waves of the brand tracker with their error, the fitted band, and what media built.

        Raises
        ------
        ReportError
            If the data have no tracker.
        """
        arguments.check_tracker(self.posterior)
        return charts.plot_tracker(self.posterior.draws, prob=self.prob, context=self._basis.context, ax=ax)

    # --- behind both ----------------------------------------------------------------------------

    @cached_property
    def _basis(self) -> Basis:
        rows = arguments.window_of(self.posterior.data, self.window)
        return Basis(self.posterior, rows=rows, economics=self.economics, prob=self.prob)

    def _horizon(self, asked: float | None) -> float:
        return arguments.horizon(self.posterior, self.posterior.spec.horizon_weeks if asked is None else asked)

    def _finish(self, table: pd.DataFrame, *, about: str) -> pd.DataFrame:
        return tables.with_header(table, prob=self.prob, about=about, warning=self._basis.warning)

    def __repr__(self) -> str:
        dates = self.posterior.data.dates[slice(*self._basis.rows)]
        return (
            f"<Report on {len(self.posterior.data.channels)} channels, spend of {dates[0]:%Y-%m-%d} to "
            f"{dates[-1]:%Y-%m-%d}, {self._basis.valuation.label}, {schema.interval_header(self.prob)}\n"
            f" {self.posterior.diagnosis.verdict}>"
        )
