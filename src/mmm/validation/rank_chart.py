"""Ranks against the envelope, in small multiples."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm.charting import INK, TOTAL_COLOUR, WARNING_COLOUR
from mmm.validation.rank_envelope import RankEnvelope

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_ranks"]

#: Panels side by side, at most.
COLUMNS = 6

#: Size of a panel on a figure of its own, and of the head, in inches.
PANEL, HEAD = (2.1, 1.45), 1.05

#: Height of a panel from its middle, in heights of the envelope.
AT_MOST = 2.2

#: Of the width and of the height that a panel may use, shares left for its title and its neighbours.
GAP_ACROSS, GAP_DOWN = 0.12, 0.30


def plot_ranks(ranks: pd.DataFrame, *, envelope: RankEnvelope, failed: list[str], ax: Axes | None = None) -> Axes:
    """Draw each quantity's cumulative distribution of ranks minus the uniform one, and what chance allows.

    Parameters
    ----------
    ranks : DataFrame
        One row per world, one column per quantity.
    envelope : RankEnvelope
    failed : list of str
        Quantities drawn in the colour of a warning.
    ax : Axes, optional
    """
    across = min(COLUMNS, len(ranks.columns))
    down = math.ceil(len(ranks.columns) / across)
    if ax is None:
        # no narrower than the title
        size = (max(9.0, PANEL[0] * across), PANEL[1] * down + HEAD)
        import matplotlib.pyplot as plt

        figure = plt.figure(figsize=size)
        ax = figure.add_axes((0.05, 0.55 / size[1], 0.94, 1 - (0.45 + HEAD) / size[1]))
    ax.set_axis_off()
    expected = envelope.n_worlds * envelope.points
    at = np.concatenate([[0.0], envelope.points, [1.0]])
    lower, upper = (_with_ends(edge - expected) / envelope.n_worlds for edge in envelope.bounds)
    lines = {name: _with_ends(envelope.counts(ranks[name]) - expected) / envelope.n_worlds for name in ranks}
    edge = max(upper.max(), -lower.min())
    # what is far outside leaves its panel: drawn to its end, it would make all others look flat
    reach = min(1.08 * max(edge, *(np.abs(line).max() for line in lines.values())), AT_MOST * edge)
    for place, (name, line) in enumerate(lines.items()):
        row, column = divmod(place, across)
        width, height = 1 / across, 1 / down
        panel = ax.inset_axes(
            (column * width, 1 - (row + 1) * height, width * (1 - GAP_ACROSS), height * (1 - GAP_DOWN))
        )
        colour = WARNING_COLOUR if name in failed else TOTAL_COLOUR
        panel.fill_between(at, lower, upper, color=INK, alpha=0.25, linewidth=0)
        panel.axhline(0, color=INK, linewidth=0.8)
        panel.plot(at, line, color=colour, linewidth=1.6)
        panel.set_title(str(name).replace("_", " "), fontsize=10, loc="left", pad=3, color=colour)
        panel.set(xlim=(0, 1), ylim=(-reach, reach), xticks=(0, 0.5, 1), xticklabels=("0", "0.5", "1"))
        panel.tick_params(labelsize=8, labelleft=column == 0, labelbottom=place + across >= len(lines))
        panel.spines[["top", "right"]].set_visible(False)
    height = ax.bbox.height / ax.figure.dpi  # of the whole area, in inches
    ax.text(
        0, 1 + 0.42 / height, "Are true values anywhere among the draws?", transform=ax.transAxes,
        fontsize=13, fontweight="bold",
    )  # fmt: skip
    ax.text(
        0, 1 + 0.16 / height,
        f"Cumulative distribution of ranks minus a uniform one, {envelope.n_worlds} worlds; "
        f"grey: {envelope.prob:.0%} of right models lie wholly within",
        transform=ax.transAxes, fontsize=10, color=INK,
    )  # fmt: skip
    ax.text(
        0,
        -0.42 / height,
        "Rank of the truth among the draws, as a share",
        transform=ax.transAxes,
        fontsize=10,
        color=INK,
    )
    return ax


def _with_ends(differences: np.ndarray) -> np.ndarray:
    """No rank is below the lowest and all are below the end: there the difference is zero."""
    return np.concatenate([[0.0], differences, [0.0]])
