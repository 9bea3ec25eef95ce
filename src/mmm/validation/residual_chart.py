"""What a fit left unexplained, in four small panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm.charting import INK, TOTAL_COLOUR, WARNING_COLOUR, axes_of, date_axis, finish
from mmm.validation.residual_tests import ResidualStatistics

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_residuals"]

#: Left, bottom, width and height of the panels in the axes they share.
PANELS = ((0.0, 0.60, 1.0, 0.36), (0.0, 0.0, 0.27, 0.44), (0.35, 0.0, 0.25, 0.44), (0.80, 0.0, 0.20, 0.44))

#: Checks that are listed by name; the others are counted.
MOST_LISTED = 9


def plot_residuals(
    dates: pd.DatetimeIndex,
    statistics: ResidualStatistics,
    *,
    table: pd.DataFrame,
    warning: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw residuals over time, autocorrelation, distribution, and every check against its limit.

    Parameters
    ----------
    dates : DatetimeIndex
    statistics : ResidualStatistics
    table : DataFrame
        From :meth:`mmm.validation.ResidualChecks.table`.
    warning : str
        Of a fit that failed its checks.
    ax : Axes, optional
    """
    from matplotlib.ticker import MaxNLocator

    ax = axes_of(ax, width=11, height=6.4)
    ax.set_axis_off()
    over_time, lags, distribution, checks = (ax.inset_axes(panel) for panel in PANELS)

    far = np.abs(statistics.residuals) > statistics.outlier_limit
    over_time.vlines(dates, 0, statistics.residuals, color=INK, linewidth=1)
    over_time.plot(dates[far], statistics.residuals[far], "o", color=WARNING_COLOUR)
    for limit in (-statistics.outlier_limit, statistics.outlier_limit):
        over_time.axhline(limit, color=TOTAL_COLOUR, linewidth=1, linestyle="--")
    date_axis(over_time)
    over_time.set_title(
        "Residual of each period, in sd; dashed: the largest of 95% of replicas", fontsize=11, loc="left"
    )

    shown = np.arange(1, len(statistics.autocorrelations) + 1)
    lower, upper = statistics.autocorrelation_limits
    lags.fill_between(shown, lower, upper, color=INK, alpha=0.25, linewidth=0)
    lags.vlines(shown, 0, statistics.autocorrelations, color=TOTAL_COLOUR, linewidth=2)
    lags.axhline(0, color=INK, linewidth=0.8)
    lags.xaxis.set_major_locator(MaxNLocator(integer=True))
    lags.set_title("Autocorrelation by lag", fontsize=11, loc="left")

    from scipy import special  # slow to import

    ordered = np.sort(statistics.residuals)
    expected = special.ndtri((np.arange(len(ordered)) + 0.5) / len(ordered))
    edge = max(float(np.abs(ordered).max()), 3.0)
    distribution.plot([-edge, edge], [-edge, edge], color=INK, linewidth=1)
    distribution.plot(expected, ordered, ".", color=TOTAL_COLOUR)
    distribution.set_title("Quantiles: found by normal", fontsize=11, loc="left")

    listed = table.dropna(subset="probability").nsmallest(MOST_LISTED, "probability").iloc[::-1]
    at = np.arange(len(listed))
    colours = [TOTAL_COLOUR if ok else WARNING_COLOUR for ok in listed["ok"]]
    checks.hlines(at, 0.001, listed["probability"], color=colours, linewidth=1)
    checks.scatter(listed["probability"], at, color=colours, s=36, zorder=3)
    checks.axvline(0.05, color=TOTAL_COLOUR, linewidth=1, linestyle="--")
    checks.set_xscale("log")
    checks.set_xlim(0.0008, 1.3)
    checks.set_yticks(at, list(listed["check"]))
    checks.set_title("Probability if the model holds", fontsize=11, loc="left")

    for panel in (over_time, lags, distribution, checks):
        panel.spines[["top", "right"]].set_visible(False)
        panel.tick_params(labelsize=10)
    return finish(ax, title="What the model left unexplained", warning=warning, pad=16)
