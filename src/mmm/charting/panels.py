"""Small charts side by side on one Axes."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mmm.charting.style import axes_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["panels"]

#: Of a new figure, in inches: least width, height of a row where there is one and where there are more, and what stands
#: above and below all rows.
WIDTH, ALONE, ROW, AROUND = 9.5, 3.1, 2.4, 1.2

#: Inches that a panel leaves for the ticks on its left and below it, and for each line of its title.
LEFT, BELOW, LINE = 0.58, 0.34, 0.19

#: What is left for ticks and title is at most this share of the room of a panel.
MOST = 0.3

#: Letters of a panel's title in an inch of its width.
LETTERS = 12


def panels(ax: Axes | None, titles: Sequence[str], *, across: int = 4) -> tuple[Axes, list[Axes]]:
    """Divide Axes into small ones in rows, each with a title; the labels of the whole are those of the outer Axes.

    Parameters
    ----------
    ax : Axes, optional
        To be divided; those of a new figure, as large as the panels need, by default.
    titles : sequence of str
    across : int
        Panels side by side, at most.

    Returns
    -------
    Axes, list of Axes
        The outer Axes, without frame or ticks, and its panels in the order of their titles.
    """
    down = math.ceil(len(titles) / across)
    across = math.ceil(len(titles) / down)  # four in two rows are two and two
    row_height = ALONE if down == 1 else ROW
    size = max(WIDTH, 3.1 * across), row_height * down  # of all panels, in inches
    outer = axes_of(ax, width=size[0], height=size[1] + AROUND)
    outer.set(xticks=[], yticks=[])
    outer.spines[:].set_visible(False)
    if ax is not None:
        size = outer.bbox.width / outer.figure.dpi, outer.bbox.height / outer.figure.dpi
    room = size[0] / across, size[1] / down
    written = [textwrap.wrap(title, max(12, int(LETTERS * (room[0] - LEFT)))) for title in titles]
    left, below = min(LEFT / room[0], MOST), min(BELOW / room[1], MOST)
    above = min((LINE * max(map(len, written)) + 0.1) / room[1], MOST)
    made = []
    for place, lines in enumerate(written):
        row, column = divmod(place, across)
        corner = (column + left) / across, 1 - (row + 1 - below) / down
        panel = outer.inset_axes((*corner, (0.97 - left) / across, (1 - below - above) / down))
        panel.set_title("\n".join(lines), loc="left", fontsize=10.5, pad=4)
        panel.spines[["top", "right"]].set_visible(False)
        panel.tick_params(labelsize=10)
        made.append(panel)
    return outer, made
