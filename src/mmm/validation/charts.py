"""Answers by case, one under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm import schema
from mmm.charting import INK, TOTAL_COLOUR, axes_of, finish, legend_above, name_axis, with_ends, write_beside

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_comparison"]

MARKERS = ("v", "^", "s", "D", "P", "X")

#: Between the cases of a channel, where channels are 1 apart.
STEP = 0.24


def plot_comparison(
    table: pd.DataFrame, *, reference: str, label: str, warning: str = "", ax: Axes | None = None
) -> Axes:
    """Draw the table of one horizon: channels from top to bottom, in each the cases in the table's order.

    Parameters
    ----------
    table : DataFrame
        From :meth:`mmm.Comparison.table` with one horizon.
    reference : str
        The case drawn dark.
    label : str
        What the return is called.
    warning : str
        Of a fit that failed its checks.
    ax : Axes, optional
    """
    name = schema.ROI if schema.ROI in table else schema.OUTCOME_PER_SPEND
    channels, cases = list(table["channel"].unique())[::-1], list(table["case"].unique())
    ax = axes_of(ax, height=1.7 + (0.35 + 0.24 * len(cases)) * len(channels))
    markers = iter(MARKERS)
    for place, case in enumerate(cases):
        rows = table[table["case"] == case].set_index("channel").loc[channels]
        at = np.arange(len(channels)) + STEP * ((len(cases) - 1) / 2 - place)
        is_reference = case == reference
        colour = TOTAL_COLOUR if is_reference else INK
        ax.hlines(at, rows[f"{name}_lower"], rows[f"{name}_upper"], color=colour, linewidth=4, alpha=0.55)
        marker = "o" if is_reference else next(markers)
        ax.scatter(rows[name], at, color=colour, marker=marker, s=56, zorder=3, label=case)
        for position, (median, lower, upper) in zip(
            at, rows[[name, f"{name}_lower", f"{name}_upper"]].to_numpy(), strict=True
        ):
            write_beside(ax, position, with_ends(median, lower, upper), colour=colour, fontsize=9)
    name_axis(ax, channels, at=range(len(channels)))
    ax.set_ylim(-0.6, len(channels) - 0.4)
    ax.set_xlim(left=0)
    if name == schema.ROI:
        ax.axvline(1, color=TOTAL_COLOUR, linewidth=1, linestyle="--", zorder=0)
        ax.annotate(" break-even", (1, len(channels) - 0.42), fontsize=9, va="top", annotation_clip=False)
    horizon = table[schema.HORIZON].iloc[0]
    interval = f"{100 * schema.DEFAULT_PROB:g}% credible interval"
    ax.set_xlabel(f"{label} within {horizon:g} weeks: median and {interval}")
    legend_above(ax, ncols=len(cases))
    return finish(ax, title="What each channel returned, by what is assumed", warning=warning, pad=30)
