"""Refits over the truth of their worlds: how far off, how wide, and how wide the prior alone is."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from numpy.typing import NDArray

from mmm.validation.chart_style import write_warning

__all__ = ["plot_recovery"]

#: Channels own the colours of all charts; here a refit is dark, and red where it missed.
HELD_COLOUR, MISSED_COLOUR, PRIOR_COLOUR, INK = "#1F2933", "#D1495B", "#E4E7EB", "#3E4C59"

JUDGED = {
    "measured": "measured",
    "narrowed": "narrowed",
    "prior": "left to the prior",
    "missed": "missed too often",
}

#: Factors that are labelled, as far as the intervals reach.
TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)

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
    edges = [0.5 - prob / 2, 0.5, 0.5 + prob / 2]
    lower, median, upper = np.quantile(estimate, edges, axis=1) / truth
    known = np.quantile(prior, edges, axis=0)
    n_worlds, n_channels = truth.shape
    if ax is None:
        _, ax = plt.subplots(figsize=(10.0, 1.9 + 0.62 * n_channels), layout="constrained")
    for channel in range(n_channels):
        middle = n_channels - 1 - channel
        left, right = known[[0, 2], channel] / known[1, channel]
        ax.barh(middle, right - left, left=left, height=0.86, color=PRIOR_COLOUR, zorder=0)
        at = middle + SPREAD * (0.5 - (np.arange(n_worlds) + 0.5) / n_worlds)
        held = (lower[:, channel] <= 1) & (upper[:, channel] >= 1)
        colours = [HELD_COLOUR if inside else MISSED_COLOUR for inside in held]
        ax.hlines(at, lower[:, channel], upper[:, channel], colors=colours, linewidth=1.5, alpha=0.6)
        ax.scatter(median[:, channel], at, c=colours, s=15, zorder=3)
        row = rows.iloc[channel]
        found = f"{JUDGED[str(row['judged'])]}: off by {np.exp(row['error']):.2f}x"
        ax.annotate(
            f"{found}\n{held.sum()} of {n_worlds} held the truth",
            (1.01, middle), xycoords=("axes fraction", "data"), va="center", fontsize=10, color=INK,
            annotation_clip=False,
        )  # fmt: skip
    ax.axvline(1, color=INK, linewidth=1.2, linestyle="--", zorder=1)
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(TICKS))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda factor, _: f"{factor:g}x"))
    reach = np.concatenate([lower, upper, known[[0, 2]] / known[1]])
    ax.set_xlim(max(reach.min() / 1.1, 0.03), min(reach.max() * 1.1, 33))
    ax.set_yticks(np.arange(n_channels), list(rows.index)[::-1])
    ax.set_ylim(-0.55, n_channels - 0.45)
    ax.set_xlabel(
        f"{label} of the refit over the truth of its world: median and {100 * prob:g}% credible interval", fontsize=11
    )
    ax.set_title(
        f"Would these data find the truth? Returns within {rows['horizon_weeks'].iloc[0]:g} weeks in {n_worlds} "
        "simulated worlds",
        loc="left", fontsize=13, fontweight="bold", pad=32,
    )  # fmt: skip
    handles = [
        Line2D([], [], color=HELD_COLOUR, marker="o", markersize=5, label="held the truth"),
        Line2D([], [], color=MISSED_COLOUR, marker="o", markersize=5, label="missed it"),
        Patch(color=PRIOR_COLOUR, label="as wide as the prior alone"),
    ]
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=3, frameon=False, fontsize=11,
        borderaxespad=0.2,
    )  # fmt: skip
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=11)
    write_warning(ax, warning)
    return ax
