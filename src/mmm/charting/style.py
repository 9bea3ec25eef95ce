"""What all charts share: where they are drawn, their frame, axes and legends, and a place for warnings.

Matplotlib is imported inside functions: tables do not need it, and it takes a while.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mmm.charting.colours import TOTAL_COLOUR, WARNING_COLOUR

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = [
    "SUBTITLE",
    "axes_of",
    "date_axis",
    "finish",
    "legend_above",
    "name_axis",
    "percent_axis",
    "week_axis",
    "write_beside",
    "write_warning",
]

#: Marks the text under a title, for documents that set title and subtitle themselves.
SUBTITLE = "subtitle"
#: Longest line of a name, in letters: longer names are written in several lines.
NAME_WIDTH = 34

#: Words that would be wider than this, in letters, are broken.
WARNING_WIDTH = 60


def axes_of(ax: Axes | None, *, width: float = 9.0, height: float = 5.0) -> Axes:
    """Give the Axes to draw on: the caller's, or those of a new figure."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    _, new = plt.subplots(figsize=(width, height), layout="constrained")
    return new


def finish(ax: Axes, *, title: str, warning: str = "", pad: float = 12) -> Axes:
    """Title, quiet frame, and the warning of a fit that failed, where it cannot be cropped away.

    ``pad`` is the distance to the title in points: 34 leaves room for a legend in one row, 52 in two.
    """
    ax.set_title(title, loc="left", fontsize=13, fontweight="bold", pad=pad)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=11, which="both")
    ax.xaxis.label.set_fontsize(11)
    ax.yaxis.label.set_fontsize(11)
    write_warning(ax, warning)
    return ax


def write_warning(ax: Axes, warning: str) -> None:
    """Write across a chart that what it shows failed its checks; nothing if there is nothing to say."""
    if not warning:
        return
    ax.text(
        0.5, 0.5, "\n".join(textwrap.wrap(warning, WARNING_WIDTH)), transform=ax.transAxes, ha="center", va="center",
        color=WARNING_COLOUR, fontsize=11, fontweight="bold", zorder=10,
        bbox={"facecolor": "white", "edgecolor": WARNING_COLOUR, "alpha": 0.9},
    )  # fmt: skip


def legend_above(
    ax: Axes, *, ncols: int, handles: Sequence[Artist] | None = None, first: str = "", fontsize: float = 11
) -> None:
    """Put the legend between chart and title, where it covers nothing.

    Parameters
    ----------
    ax : Axes
    ncols : int
    handles : sequence of Artist, optional
        All that have a label by default.
    first : str
        Label that stands before the others.
    fontsize : float
    """
    handles = list(handles or ax.get_legend_handles_labels()[0])
    handles.sort(key=lambda handle: handle.get_label() != first)
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=ncols, frameon=False, fontsize=fontsize,
        borderaxespad=0.2, columnspacing=1.4, handletextpad=0.5,
    )  # fmt: skip


def name_axis(ax: Axes, names: Iterable[object], *, at: Iterable[float]) -> None:
    """Write names along the vertical axis, long ones in several lines: they would leave no room for the chart."""
    written = [textwrap.fill(str(name), NAME_WIDTH) for name in names]
    ax.set_yticks(list(at), written)


def write_beside(ax: Axes, at: float, words: str, *, colour: str = TOTAL_COLOUR, fontsize: float = 10) -> None:
    """Write to the right of the chart, at a height in units of the data."""
    ax.annotate(
        words, (1.01, at), xycoords=("axes fraction", "data"), va="center", fontsize=fontsize, color=colour,
        annotation_clip=False,
    )  # fmt: skip


def date_axis(ax: Axes, *, maxticks: int = 9) -> None:
    """Few date labels, each as short as it can be."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(maxticks=maxticks)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def percent_axis(ax: Axes) -> None:
    """Whole percent on the vertical axis."""
    from matplotlib.ticker import PercentFormatter

    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def week_axis(ax: Axes, *, last: float) -> None:
    """Horizontal axis of weeks since the spend, labelled in quarters where there are enough of them."""
    ax.set_xlim(0, last)
    step = next(step for step in (2, 13, 26, 52) if last <= 13 * step)
    ax.set_xticks(range(0, int(last) + 1, step))
