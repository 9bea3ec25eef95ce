"""What the charts of this room have in common: colours, and how one says that a fit failed its checks."""

from __future__ import annotations

import textwrap

from matplotlib.axes import Axes

__all__ = ["INK", "REFERENCE_COLOUR", "WARNING_COLOUR", "write_warning"]

#: Channels own the colours of all charts; what is not a channel is told apart by shade and marker.
REFERENCE_COLOUR, INK, WARNING_COLOUR = "#1F2933", "#68727D", "#B00020"


def write_warning(ax: Axes, warning: str) -> None:
    """Write across a chart that what it shows failed its checks; nothing if there is nothing to say."""
    if not warning:
        return
    ax.text(
        0.5, 0.5, "\n".join(textwrap.wrap(warning, 60)), transform=ax.transAxes, ha="center", va="center",
        color=WARNING_COLOUR, fontsize=11, fontweight="bold", zorder=10,
        bbox={"facecolor": "white", "edgecolor": WARNING_COLOUR, "alpha": 0.9},
    )  # fmt: skip
