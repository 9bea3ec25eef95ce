"""Charts: each takes what a table holds, draws it on Axes and returns them."""

from mmm.reporting.charts.over_time import plot_contributions, plot_fit
from mmm.reporting.charts.response import plot_response
from mmm.reporting.charts.roi import plot_prior_posterior, plot_roi
from mmm.reporting.charts.style import ChartContext

__all__ = ["ChartContext", "plot_contributions", "plot_fit", "plot_prior_posterior", "plot_response", "plot_roi"]
