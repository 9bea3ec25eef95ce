"""Rectangles of a slide, and how much text goes into them.

Nobody knows the widths of the letters of a company's font here: lines are counted with a mean width, on the safe side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pptx.util import Pt

__all__ = ["SMALLEST", "Area", "fitting_size", "shorten", "text_height", "text_width"]

#: Points below which nothing is written.
SMALLEST = 12

#: Width of a letter and height of a line, in sizes of the font.
LETTER, LINE = 0.55, 1.22

#: Margin that PowerPoint leaves inside of a box, left and right together, and top and bottom together.
INSET_X, INSET_Y = 182_880, 91_440


@dataclass(frozen=True)
class Area:
    """A rectangle in English metric units.

    Attributes
    ----------
    left, top, width, height : int
    """

    left: int
    top: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.top + self.height

    def upper(self, height: float) -> Area:
        """Cut off what is below a height."""
        return Area(self.left, self.top, self.width, min(int(height), self.height))

    def below(self, height: float) -> Area:
        """Cut off a height from above."""
        taken = min(int(height), self.height)
        return Area(self.left, self.top + taken, self.width, self.height - taken)

    def beside(self, share: float, *, gap: int = 0) -> tuple[Area, Area]:
        """Cut in two, left and right, the left one with a share of the width.

        Examples
        --------
        >>> Area(0, 0, 100, 50).beside(0.6, gap=10)
        (Area(left=0, top=0, width=54, height=50), Area(left=64, top=0, width=36, height=50))
        """
        first = int((self.width - gap) * share)
        return (
            Area(self.left, self.top, first, self.height),
            Area(self.left + first + gap, self.top, self.width - gap - first, self.height),
        )


def text_width(words: str, points: float) -> int:
    """Width of a line of text, in EMU."""
    return int(len(words) * LETTER * Pt(points))


def text_height(words: str, points: float, *, width: int) -> int:
    """Height of a wrapped text in a box of a width, its margins included, in EMU."""
    room = max(1, int((width - INSET_X) / (LETTER * Pt(points))))
    return int(sum(_lines(part, room) for part in words.split("\n")) * LINE * Pt(points)) + INSET_Y


def fitting_size(words: str, *, sizes: tuple[float, ...], width: int, height: int) -> float:
    """Largest of the sizes, which fall, at which a text fits; the smallest where none does."""
    return next((size for size in sizes if text_height(words, size, width=width) <= height), sizes[-1])


def shorten(name: str, *, longest: int) -> str:
    """Cut the middle of a name that is too long, so that names that begin or end alike stay apart.

    Examples
    --------
    >>> shorten("online video on demand, northern region", longest=24)
    'online video…hern region'
    """
    if len(name) <= longest:
        return name
    head = math.ceil((longest - 1) / 2)
    return f"{name[:head]}…{name[head + 1 - longest :]}"


def _lines(words: str, room: int) -> int:
    """Lines of a text without breaks, words kept whole where they fit."""
    count, used = 1, 0
    for word in words.split(" "):
        if used and used + 1 + len(word) > room:
            count, used = count + 1, 0
        used += len(word) + (1 if used else 0)
        if used > room:  # a word longer than a line
            count, used = count + (used - 1) // room, (used - 1) % room + 1
    return count
