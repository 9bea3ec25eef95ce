"""Charts: each takes what a table holds, draws it on Axes and returns them."""

from mmm.reporting.charts.context import ChartContext
from mmm.reporting.charts.horizons import plot_roi_by_horizon
from mmm.reporting.charts.kernels import plot_half_lives, plot_kernels
from mmm.reporting.charts.ledger import plot_ledger
from mmm.reporting.charts.over_time import plot_contributions, plot_fit
from mmm.reporting.charts.payback import FAN_WEEKS, plot_carryover, plot_payback
from mmm.reporting.charts.response import plot_response, plot_responses
from mmm.reporting.charts.roi import plot_prior_posterior, plot_roi
from mmm.reporting.charts.shares import plot_shares
from mmm.reporting.charts.tracker import plot_tracker
from mmm.reporting.charts.waterfall import plot_waterfall

__all__ = [
    "FAN_WEEKS",
    "ChartContext",
    "plot_carryover",
    "plot_contributions",
    "plot_fit",
    "plot_half_lives",
    "plot_kernels",
    "plot_ledger",
    "plot_payback",
    "plot_prior_posterior",
    "plot_response",
    "plot_responses",
    "plot_roi",
    "plot_roi_by_horizon",
    "plot_shares",
    "plot_tracker",
    "plot_waterfall",
]
