"""The charts of a report: each draws one of its tables, or draws of the same numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmm import schema
from mmm.reporting import arguments, charts, sentences, tables
from mmm.reporting.report_tables import ReportTables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ReportCharts"]


@dataclass(frozen=True, eq=False, repr=False)
class ReportCharts(ReportTables):
    """Tables with their charts; see :class:`mmm.Report`."""

    def plot_roi(self, *, horizon_weeks: float | None = None, ax: Axes | None = None) -> Axes:
        """ROI of each channel with its interval, against the break-even line and the prior.

        Parameters
        ----------
        horizon_weeks : float, optional
            The horizon of the ROI priors by default.
        ax : Axes, optional
            A new figure by default.

        Examples
        --------
        >>> mmm.Report(posterior).plot_roi(horizon_weeks=52).get_xlabel()
        'revenue ROI within 52 weeks: median and 90% credible interval'
        """
        return charts.plot_roi(self.roi(horizon_weeks=self._horizon(horizon_weeks)), context=self._basis.context, ax=ax)

    def plot_shares(self, *, horizon_weeks: float | None = None, ax: Axes | None = None) -> Axes:
        """Share of spend against share of what media bring, channel by channel: the numbers of :meth:`shares`.

        Parameters
        ----------
        horizon_weeks : float, optional
            The horizon of the ROI priors by default.
        ax : Axes, optional

        Raises
        ------
        ReportError
            If nothing was spent in the window.

        Examples
        --------
        >>> mmm.Report(posterior).plot_shares().get_title(loc="left")
        'Share of spend against share of effect'
        """
        horizon = self._horizon(horizon_weeks)
        table = self.shares(horizon_weeks=horizon)
        arguments.check_shares(table)
        return charts.plot_shares(table, horizon=horizon, context=self._basis.context, ax=ax)

    def plot_waterfall(self, *, ax: Axes | None = None) -> Axes:
        """What the outcome of the window was made of, part by part: the numbers of :meth:`composition`, means.

        Examples
        --------
        >>> mmm.Report(posterior).plot_waterfall().get_title(loc="left")
        'What makes up revenue'
        """
        basis = self._basis
        name = self.posterior.data.description.outcome
        return charts.plot_waterfall(self.composition(), dates=self.dates, outcome=name, context=basis.context, ax=ax)

    def plot_roi_by_horizon(
        self, *, horizon_weeks: float | Iterable[float] = schema.DEFAULT_HORIZONS, ax: Axes | None = None
    ) -> Axes:
        """ROI of each channel within several horizons: what later weeks add, and how much wider it is known.

        Parameters
        ----------
        horizon_weeks : float or iterable of float
        ax : Axes, optional
            A new figure by default.

        Examples
        --------
        >>> mmm.Report(posterior).plot_roi_by_horizon().get_title(loc="left")
        'What each channel returned, by horizon'
        """
        return charts.plot_roi_by_horizon(self.roi(horizon_weeks=horizon_weeks), context=self._basis.context, ax=ax)

    def plot_contributions(self, *, ax: Axes | None = None) -> Axes:
        """Baseline and channels stacked over time (medians), with the actual outcome.

        Examples
        --------
        >>> mmm.Report(posterior).plot_contributions().get_ylabel()
        'revenue per week (GBP)'
        """
        return charts.plot_contributions(self.contributions(), self._basis.outcome, context=self._basis.context, ax=ax)

    def plot_fit(self, *, ax: Axes | None = None) -> Axes:
        """Actual outcome against the posterior predictive bands (50% and the report's interval), noise included.

        Examples
        --------
        >>> mmm.Report(posterior).plot_fit().get_ylabel()
        'revenue per week (GBP)'
        """
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

        Examples
        --------
        >>> mmm.Report(posterior).plot_prior_posterior(quantity="half_life").get_title(loc="left")
        'What the data added to the prior'
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

        Examples
        --------
        >>> mmm.Report(posterior).plot_response("tv").get_title(loc="left")
        'Response to tv'
        """
        arguments.check_channel(self.posterior, channel)
        return charts.plot_response(self.posterior.draws, channel, prob=self.prob, context=self._basis.context, ax=ax)

    def plot_responses(self, *, ax: Axes | None = None) -> Axes:
        """Response curves of all channels side by side, each on axes of its own; drawn as in :meth:`plot_response`.

        Examples
        --------
        >>> mmm.Report(posterior).plot_responses().get_title(loc="left")
        'Response of the outcome to each channel'
        """
        return charts.plot_responses(self.posterior.draws, prob=self.prob, context=self._basis.context, ax=ax)

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

        Examples
        --------
        >>> mmm.Report(posterior).plot_payback("tv").get_title(loc="left")
        'When the money spent on tv is back'
        """
        channel = schema.TOTAL if channel is None else channel
        arguments.check_channel(self.posterior, channel, or_total=True)
        basis, row = self._basis, tables.row_of(self.payback(), channel)
        arguments.check_spend(row)
        words = sentences.payback_words(row, valuation=basis.valuation, prob=self.prob)
        roi, seen = basis.roi_by_week(channel, weeks=charts.FAN_WEEKS), basis.seen_weeks(channel)
        return charts.plot_payback(roi, row, seen_weeks=seen, words=words, prob=self.prob, context=basis.context, ax=ax)

    def plot_ledger(self, *, ax: Axes | None = None) -> Axes:
        """Where the return is booked, by channel: in the window, after it, and what came from earlier spend (means).

        Examples
        --------
        >>> mmm.Report(posterior).plot_ledger().get_title(loc="left")
        'Where the return is booked'
        """
        return charts.plot_ledger(self.ledger(), valuation=self._basis.valuation, context=self._basis.context, ax=ax)

    def plot_carryover(self, channel: str, *, ax: Axes | None = None) -> Axes:
        """Share of the effect that has landed by week since the spend, with what was assumed of it in grey.

        Raises
        ------
        ReportError
            If the channel is not in the data.

        Examples
        --------
        >>> mmm.Report(posterior).plot_carryover("tv").get_xlabel()
        'weeks since the spend'
        """
        arguments.check_channel(self.posterior, channel)
        landed = self._basis.landed_by_week(channel, weeks=charts.FAN_WEEKS)
        return charts.plot_carryover(*landed, channel=channel, prob=self.prob, context=self._basis.context, ax=ax)

    def plot_kernels(self, *, ax: Axes | None = None) -> Axes:
        """Share of the effect that lands in each period since the spend, for every channel, with the prior in grey.

        Examples
        --------
        >>> mmm.Report(posterior).plot_kernels().get_title(loc="left")
        'How the effect of each channel lands'
        """
        channels = self.posterior.data.channels
        kernels = {name: self._basis.kernel_by_week(name, weeks=charts.FAN_WEEKS) for name in channels}
        return charts.plot_kernels(kernels, prob=self.prob, context=self._basis.context, ax=ax)

    def plot_half_lives(self, *, ax: Axes | None = None) -> Axes:
        """Weeks until half of the effect has landed, prior against posterior; of brand channels both parts, too.

        Examples
        --------
        >>> mmm.Report(posterior).plot_half_lives().get_title(loc="left")
        'How fast each channel works'
        """
        return charts.plot_half_lives(self.half_lives(), context=self._basis.context, ax=ax)

    def plot_tracker(self, *, ax: Axes | None = None) -> Axes:
        """Waves of the brand tracker with their error, the fitted band, and what media built.

        Raises
        ------
        ReportError
            If the data have no tracker.

        Examples
        --------
        >>> mmm.Report(tracked).plot_tracker().get_ylabel()
        'brand'
        """
        arguments.check_tracker(self.posterior)
        return charts.plot_tracker(self.posterior.draws, prob=self.prob, context=self._basis.context, ax=ax)
