"""ROI within several horizons: how much later weeks add to what a quarter brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm import schema
from mmm.charting import TOTAL_COLOUR, axes_of, finish, name_axis, with_ends, write_beside
from mmm.reporting.charts.context import ChartContext

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_roi_by_horizon"]

#: One for each horizon, and again from the first.
MARKERS = ("o", "s", "D", "^")
#: Endings of the columns of a median and its interval.
ENDS = ("", "_lower", "_upper")


def plot_roi_by_horizon(table: pd.DataFrame, *, context: ChartContext, ax: Axes | None = None) -> Axes:
    """Draw the ROI table, channels from top to bottom, in each the horizons in the table's order.

    Parameters
    ----------
    table : DataFrame
        From :meth:`mmm.Report.roi`.
    context : ChartContext
    ax : Axes, optional
    """
    name = schema.ROI if schema.ROI in table else schema.OUTCOME_PER_SPEND
    horizons = list(table[schema.HORIZON].unique())
    media = table[table[schema.CHANNEL] != schema.TOTAL].sort_values("spend", ascending=False, kind="stable")
    channels = [*media[schema.CHANNEL].unique(), schema.TOTAL]
    rows = table.set_index([schema.CHANNEL, schema.HORIZON])
    ax = axes_of(ax, height=1.5 + (0.24 * len(horizons) + 0.16) * len(channels))
    block = len(horizons) + 0.7
    for place, channel in enumerate(channels):
        colour = context.colours.get(channel, TOTAL_COLOUR)
        top = (len(channels) - place) * block
        for step, horizon in enumerate(horizons):
            at = top - step
            median, lower, upper = (float(rows.loc[(channel, horizon), f"{name}{end}"]) for end in ENDS)
            ax.hlines(at, lower, upper, color=colour, linewidth=4, alpha=0.55)
            ax.plot(median, at, MARKERS[step % len(MARKERS)], color=colour, markersize=6.5)
            said = "no spend" if np.isnan(median) else f"{horizon:g} w:  {with_ends(median, lower, upper)}"
            write_beside(ax, at, said, fontsize=9)
    middles = [(len(channels) - place) * block - (len(horizons) - 1) / 2 for place in range(len(channels))]
    name_axis(ax, channels, at=middles)
    ax.set_ylim(0.5, len(channels) * block + 0.8)
    ax.set_xlim(left=0)
    if name == schema.ROI:
        ax.axvline(1, color=TOTAL_COLOUR, linewidth=1, linestyle="--", zorder=0)
        top = len(channels) * block + 0.9
        ax.annotate("break-even", (1, top), fontsize=10, ha="center", va="bottom", annotation_clip=False)
    within = ", ".join(f"{horizon:g}" for horizon in horizons)
    ax.set_xlabel(f"{context.roi_label} within {within} weeks (w): median and {context.interval} credible interval")
    return finish(ax, title="What each channel returned, by horizon", warning=context.warning, pad=18)
