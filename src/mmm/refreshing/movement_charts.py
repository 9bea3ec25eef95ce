"""Charts of what moved since the last fit: both answers side by side, and what each movement is due to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm import schema
from mmm.charting import (
    BASELINE_COLOUR,
    CHANNEL_COLOURS,
    COMPARED_COLOUR,
    MODEL_COLOUR,
    PRIOR_COLOUR,
    PRIOR_INK,
    TOTAL_COLOUR,
    axes_of,
    finish,
    legend_above,
    name_axis,
    write_beside,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_decomposition", "plot_drift"]

#: Colour and name of each part, in the order of the chain of fits.
PARTS = {
    "restated": (COMPARED_COLOUR, "restated history"),
    "new_weeks": (MODEL_COLOUR, "new weeks"),
    "model": (CHANNEL_COLOURS[7], "another model"),
    "experiments": (CHANNEL_COLOURS[2], "experiments"),
    "monte_carlo": (BASELINE_COLOUR, "chance of the sampler"),
}
#: How far the two answers of a channel stand from its name, and how thick they are.
APART, THICK = 0.17, 5
MINUS = "\N{MINUS SIGN}"


def plot_drift(
    drift: pd.DataFrame,
    *,
    colours: Mapping[str, str],
    label: str,
    prob: float,
    is_money: bool,
    warning: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the answer of the last fit above that of the new one, channel by channel, and write beside it what drifted.

    Parameters
    ----------
    drift : DataFrame
        Of :meth:`mmm.Refresh.drift`.
    colours : mapping
        Of the channels.
    label : str
        What a return is called, and within which horizon.
    prob : float
        Of the intervals.
    is_money : bool
        Whether 1 is break-even.
    warning : str
        What is written across a chart of fits that failed.
    ax : Axes, optional
    """
    rows = drift.iloc[::-1]
    ax = axes_of(ax, height=1.9 + 0.5 * len(rows))
    at = np.arange(len(rows))
    own = [colours.get(name, TOTAL_COLOUR) for name in rows[schema.CHANNEL]]
    for side, above, line, dot in (("old", APART, PRIOR_COLOUR, PRIOR_INK), ("new", -APART, own, own)):
        ax.hlines(at + above, rows[f"{side}_lower"], rows[f"{side}_upper"], color=line, linewidth=THICK, alpha=0.7)
        ax.scatter(rows[side], at + above, color=dot, s=44, zorder=3)
    for position, (flag, z) in enumerate(zip(rows["flag"], rows["z"], strict=True)):
        judged = f"z = {round(z, 1) + 0.0:+.1f}".replace("-", MINUS)
        write_beside(ax, position, flag if np.isnan(z) else judged if flag == "ok" else f"{judged}, {flag}")
    if is_money:
        ax.axvline(1, color=TOTAL_COLOUR, linewidth=1, linestyle="--", zorder=0)
    name_axis(ax, rows[schema.CHANNEL], at=at)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(left=0)
    ax.set_xlabel(f"{label}: median and {100 * prob:g}% interval, last fit (grey) above this one (colour)")
    return finish(ax, title="What the last fit said of the same spend, and what this one says", warning=warning)


def plot_decomposition(decomposition: pd.DataFrame, *, label: str, warning: str = "", ax: Axes | None = None) -> Axes:
    """Draw the parts of each movement from zero outwards, what raised the answer to the right, and their sum as a mark.

    Parameters
    ----------
    decomposition : DataFrame
        Of :meth:`mmm.Refresh.decomposition`, in one order.
    label : str
        What a return is called, and within which horizon.
    warning : str
        What is written across a chart of fits that failed.
    ax : Axes, optional
    """
    rows = decomposition.iloc[::-1].reset_index(drop=True)
    ax = axes_of(ax, height=2.0 + 0.42 * len(rows))
    at = np.arange(len(rows))
    ax.use_sticky_edges = False  # the last part would end on the frame
    reached = {side: np.zeros(len(rows)) for side in (-1, 1)}
    for name, (colour, words) in PARTS.items():
        part = np.nan_to_num(rows[name].to_numpy(dtype=float))  # of a channel without spend
        if not part.any():
            continue
        for side, start in reached.items():
            piece = np.where(np.sign(part) == side, part, 0.0)
            ax.barh(at, piece, left=start, height=0.5, color=colour, label=words if side == 1 else "_")
            reached[side] = start + piece
    ax.scatter(rows["total"], at, marker="D", color=TOTAL_COLOUR, edgecolor="white", s=46, zorder=3, label="together")
    ax.axvline(0, color=TOTAL_COLOUR, linewidth=1)
    for position in at[rows["total"].isna()]:
        write_beside(ax, position, "no spend")
    name_axis(ax, rows[schema.CHANNEL], at=at)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlabel(f"change of the median {label} since the last fit")
    legend_above(ax, ncols=4)
    return finish(ax, title="What each movement is due to", warning=warning, pad=30)
