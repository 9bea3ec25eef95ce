"""A table that goes on over as many slides as it needs."""

from __future__ import annotations

from collections.abc import Sequence

from mmm.reporting.content import Contents, ReadableTable
from mmm.reporting.deck.canvas import Canvas, numbered
from mmm.reporting.deck.notes import notes_on
from mmm.reporting.deck.place import text_height
from mmm.reporting.deck.tables import pages_of

__all__ = ["add_table_slides"]

#: Points of a text below a table at least, and the distance between the two in EMU.
READABLE, APART = 14, 200_000


def add_table_slides(
    canvas: Canvas, contents: Contents, title: str, table: ReadableTable, *, first: Sequence[str] = (), below: str = ""
) -> None:
    """Add a table under a title; its notes are on the channels that each slide shows.

    Parameters
    ----------
    canvas : Canvas
    contents : Contents
    title : str
    table : ReadableTable
        Names of channels stand in its first column, where it has any.
    first : sequence of str
        What the notes say of this table alone.
    below : str
        Written below a table that fits one slide and leaves room for it.
    """
    room = canvas.layouts.area.upper(canvas.free_height - canvas.footnote_height(table.note))
    pages = list(pages_of(table, room))
    for i, page in enumerate(pages, start=1):
        notes = notes_on(contents, [row[0] for row in page.rows], first=first)
        slide, area = canvas.slide(numbered(title, i, len(pages)), notes=notes)
        free = canvas.table(slide, area, page).below(APART)
        if below and len(pages) == 1 and text_height(below, READABLE, width=free.width) <= free.height:
            canvas.text(slide, free, [below])
