"""Colours of all charts: channels own theirs, and what is no channel is grey, dark or a warning.

Nothing here needs Matplotlib: slides and pages with charts of their own take the same colours.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "BASELINE_COLOUR",
    "CHANNEL_COLOURS",
    "COMPARED_COLOUR",
    "INK",
    "MISSED_COLOUR",
    "MODEL_COLOUR",
    "PRIOR_COLOUR",
    "PRIOR_INK",
    "TOTAL_COLOUR",
    "WARNING_COLOUR",
    "channel_colours",
]

#: Okabe and Ito (2008), told apart by colour-blind readers; then darker and lighter companions for more channels.
CHANNEL_COLOURS = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#7A6A00", "#5B3A8C",
    "#8C510A", "#01665E", "#B2182B", "#92C5DE", "#F4A582", "#4D9221", "#C51B7D", "#35978F",
)  # fmt: skip

#: All channels together, what really happened, and the case that others are compared with.
TOTAL_COLOUR = "#1F2933"
#: Words and marks that stand back.
INK = "#68727D"
#: The outcome without media.
BASELINE_COLOUR = "#C9CDD2"
#: What was assumed: its bars, and its lines and dots.
PRIOR_COLOUR, PRIOR_INK = "#B8BEC6", "#7B8794"
#: What the model says of the outcome as a whole: its bands and medians.
MODEL_COLOUR = "#52708F"
#: What the model is compared with: a naive forecast, a placebo.
COMPARED_COLOUR = "#B45F06"
#: What an interval did not hold.
MISSED_COLOUR = "#D1495B"
#: A fit or a check that failed.
WARNING_COLOUR = "#B00020"


def channel_colours(names: Iterable[str]) -> dict[str, str]:
    """Colour of every channel: its place decides, so that a channel keeps its colour in every chart.

    Parameters
    ----------
    names : iterable of str
        All channels of the data, in their order.

    Returns
    -------
    dict of str
        By channel, as ``#RRGGBB``. There are 48: after the first 16 come the same darker, then lighter.

    Examples
    --------
    >>> channel_colours(["tv", "search"])
    {'tv': '#0072B2', 'search': '#E69F00'}
    """
    darker = [_mixed(colour, 0, 0.45) for colour in CHANNEL_COLOURS]
    shades = [*CHANNEL_COLOURS, *darker, *(_mixed(colour, 255, 0.5) for colour in CHANNEL_COLOURS)]
    return {name: shades[place % len(shades)] for place, name in enumerate(names)}


def _mixed(colour: str, level: int, share: float) -> str:
    """Mix a colour with white (255) or black (0)."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round((1 - share) * part + share * level):02X}" for part in parts)
