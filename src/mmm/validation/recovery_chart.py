"""Refits over the truth of their worlds: how far off, how wide, and how wide the prior alone is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm.charting import (
    INK,
    MISSED_COLOUR,
    PRIOR_COLOUR,
    TOTAL_COLOUR,
    axes_of,
    finish,
    legend_above,
    name_axis,
    write_beside,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_recovery"]

JUDGED = {
    "measured": "measured",
    "narrowed": "narrowed",
    "prior": "left to the prior",
    "missed": "missed too often",
}

#: Factors that are labelled, as far as the intervals reach.
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)

#: Of the bar behind a channel's worlds.
PRIOR_OPACITY = 0.4

#: Share of a channel's row that its worlds take.
SPREAD = 0.68


def plot_recovery(
    rows: pd.DataFrame,
    *,
    truth: NDArray[np.float64],
    estimate: NDArray[np.float64],
    prior: NDArray[np.float64],
    prob: float,
    label: str,
    warning: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw one horizon: a row per channel, in it one line per world.

    Parameters
    ----------
    rows : DataFrame
        Of :meth:`mmm.Recovery.table` at one horizon, by channel, with what is made of each as ``judged``.
    truth : array, shape (world, channel)
    estimate : array, shape (world, sample, channel)
    prior : array, shape (sample, channel)
    prob : float
    label : str
        What the return is called.
    warning : str
        Of a posterior that failed its checks.
    ax : Axes, optional
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    edges = [0.5 - prob / 2, 0.5, 0.5 + prob / 2]
    lower, median, upper = np.quantile(estimate, edges, axis=1) / truth
    known = np.quantile(prior, edges, axis=0)
    n_worlds, n_channels = truth.shape
    ax = axes_of(ax, width=10.0, height=1.9 + 0.62 * n_channels)
    for channel in range(n_channels):
        middle = n_channels - 1 - channel
        left, right = known[[0, 2], channel] / known[1, channel]
        ax.barh(
            middle, right - left, left=left, height=0.86, color=PRIOR_COLOUR, alpha=PRIOR_OPACITY, linewidth=0, zorder=0
        )  # fmt: skip
        at = middle + SPREAD * (0.5 - (np.arange(n_worlds) + 0.5) / n_worlds)
        held = (lower[:, channel] <= 1) & (upper[:, channel] >= 1)
        colours = [TOTAL_COLOUR if inside else MISSED_COLOUR for inside in held]
        ax.hlines(at, lower[:, channel], upper[:, channel], colors=colours, linewidth=1.5, alpha=0.6)
        ax.scatter(median[:, channel], at, c=colours, s=15, zorder=3)
        row = rows.iloc[channel]
        found = f"{JUDGED[str(row['judged'])]}: off by {np.exp(row['error']):.2f}x"
        write_beside(ax, middle, f"{found}\n{held.sum()} of {n_worlds} held the truth")
    ax.axvline(1, color=INK, linewidth=1.2, linestyle="--", zorder=1)
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(TICKS))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda factor, _: f"{factor:g}x"))
    reach = np.concatenate([lower, upper, known[[0, 2]] / known[1]])
    ax.set_xlim(max(reach.min() / 1.1, 0.03), min(reach.max() * 1.1, 33))
    name_axis(ax, list(rows.index)[::-1], at=range(n_channels))
    ax.set_ylim(-0.55, n_channels - 0.45)
    ax.set_xlabel(f"{label} of the refit over the truth of its world: median and {100 * prob:g}% credible interval")
    handles = [
        Line2D([], [], color=TOTAL_COLOUR, marker="o", markersize=5, label="held the truth"),
        Line2D([], [], color=MISSED_COLOUR, marker="o", markersize=5, label="missed it"),
        Patch(color=PRIOR_COLOUR, alpha=PRIOR_OPACITY, linewidth=0, label="as wide as the prior alone"),
    ]
    legend_above(ax, handles=handles, ncols=3)
    horizon = f"{rows['horizon_weeks'].iloc[0]:g} weeks"
    title = f"Would these data find the truth? Returns within {horizon} in {n_worlds} simulated worlds"
    return finish(ax, title=title, warning=warning, pad=32)
