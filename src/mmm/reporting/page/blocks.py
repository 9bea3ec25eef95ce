"""What a section of the page consists of; the template knows how each kind looks, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from mmm.reporting.content import ReadableTable

__all__ = [
    "Block",
    "Chapter",
    "Figure",
    "Glance",
    "Grid",
    "Heading",
    "Limits",
    "Maths",
    "Prose",
    "Stories",
    "Story",
    "Table",
]


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    text: str
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Prose:
    """Paragraphs of plain text."""

    paragraphs: tuple[str, ...]
    is_note: bool = False
    kind: ClassVar[str] = "prose"


@dataclass(frozen=True)
class Limits:
    """A list of sentences, set apart where a reader must not overlook them."""

    title: str
    sentences: tuple[str, ...]
    is_apart: bool = True
    kind: ClassVar[str] = "limits"


@dataclass(frozen=True)
class Glance:
    """One number at the head of the page: what it is, its interval, and what to know of it."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Story:
    """What there is to say about one channel, or about all.

    Attributes
    ----------
    name : str
    mark : str
        What kind of channel it is.
    headline, text : str
    reliance : str
        How much of the number is assumed, in words; empty where there is no number.
    share : float
        The same as a length, 0 to 1.
    """

    name: str
    mark: str
    headline: str
    text: str
    reliance: str
    share: float


@dataclass(frozen=True)
class Stories:
    """Blocks of words side by side."""

    stories: tuple[Story, ...]
    kind: ClassVar[str] = "stories"


@dataclass(frozen=True)
class Figure:
    """A chart with what it shows in words.

    Attributes
    ----------
    headline : str
        What the chart says; may be empty.
    title : str
        What it is of.
    wide, narrow : Markup
        The same as SVG, for laptop and paper and for phones; a small chart has one for both.
    axis : str
        What the horizontal axis is, where that is too long for a phone.
    note : str
    """

    headline: str
    title: str
    wide: Markup
    narrow: Markup | None = None
    axis: str = ""
    note: str = ""
    kind: ClassVar[str] = "figure"


@dataclass(frozen=True)
class Grid:
    """Small charts side by side."""

    figures: tuple[Figure, ...]
    kind: ClassVar[str] = "grid"


@dataclass(frozen=True)
class Table:
    """A table with its caption; a long one scrolls on a screen and is whole on paper."""

    caption: str
    cells: ReadableTable
    note: str = ""
    kind: ClassVar[str] = "table"

    @property
    def is_long(self) -> bool:
        """Whether it would push everything else off the screen."""
        return len(self.cells.rows) > LONG


@dataclass(frozen=True)
class Maths:
    """Equations, as MathML."""

    markup: Markup
    kind: ClassVar[str] = "maths"


#: Rows of a table that are shown at once.
LONG = 24

Block = Heading | Prose | Limits | Stories | Figure | Grid | Table | Maths


@dataclass(frozen=True)
class Chapter:
    """One section of the page.

    Attributes
    ----------
    key : str
        Its anchor.
    title : str
    blocks : tuple of Block
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
