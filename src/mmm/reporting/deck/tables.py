"""Native tables: readable cells, wide enough, at most ten rows a slide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from mmm import schema
from mmm.reporting.content import ReadableTable
from mmm.reporting.deck.place import INSET_X, SMALLEST, Area, shorten, text_height, text_width

__all__ = ["add_table", "joined", "pages_of", "table_height"]

#: Rows that people read on one slide, and sizes of their text.
MOST_ROWS = 10
SIZES = (18.0, 16.0, 14.0, 13.0, float(SMALLEST))

#: Width of a word's letters, in sizes of the font: lines are long enough for letters to average out, words are not.
WIDE_LETTER = 1.12

#: Letters of a heading that is not broken, and how much higher rows are where there is room.
UNBROKEN, AIRY = 12, 1.35

NO_BREAK, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"

#: Letters of a cell beyond which its middle is cut, and beyond which it is wrapped however much room there is.
LONGEST, WRAPPED = 300, 60


@dataclass(frozen=True)
class _Set:
    """How a table is set: size of its text, widths of columns, heights of rows with that of the headings first."""

    size: float
    widths: tuple[int, ...]
    heights: tuple[int, ...]


def joined(*tables: ReadableTable) -> ReadableTable:
    """Put tables of the same rows side by side; the note is that of the first."""
    return ReadableTable(
        headings=tuple(heading for table in tables for heading in table.headings),
        rows=tuple(tuple(cell for row in rows for cell in row) for rows in zip(*(t.rows for t in tables), strict=True)),
        is_number=tuple(number for table in tables for number in table.is_number),
        note=tables[0].note,
    )


def pages_of(table: ReadableTable, area: Area) -> Iterator[ReadableTable]:
    """Cut a table into as many as fit an area each, of about the same length."""
    table = _with_whole_intervals(table)
    rows = table.rows
    n_pages = -(-len(rows) // MOST_ROWS) or 1
    while True:
        length = -(-len(rows) // n_pages)
        pages = [replace(table, rows=rows[i : i + length]) for i in range(0, max(len(rows), 1), max(length, 1))]
        if length <= 1 or all(table_height(page, area) <= area.height for page in pages):
            yield from pages
            return
        n_pages += 1


def table_height(table: ReadableTable, area: Area) -> int:
    """Height that a table needs in an area's width, in EMU."""
    return sum(_setting(_with_whole_intervals(table), area).heights)


def add_table(slide: Any, area: Area, table: ReadableTable, *, style: str) -> Area:
    """Add a native table; give what is free below it.

    Parameters
    ----------
    style : str
        Identity of a table style; that of PowerPoint's own default if it is empty.
    """
    table = _with_whole_intervals(table)
    setting = _setting(table, area)
    height = sum(setting.heights)
    frame = slide.shapes.add_table(
        len(table.rows) + 1, len(table.headings), area.left, area.top, sum(setting.widths), height
    )
    grid = frame.table
    if style:
        frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = style
    grid.last_row = bool(table.rows) and table.rows[-1][0] == schema.TOTAL
    for column, width in zip(grid.columns, setting.widths, strict=True):
        column.width = width
    for i, (cells, tall) in enumerate(zip((table.headings, *table.rows), setting.heights, strict=True)):
        grid.rows[i].height = tall
        for cell, words, is_number in zip(grid.rows[i].cells, cells, table.is_number, strict=True):
            _write(cell, words, is_number=is_number, size=setting.size)
    return area.below(height)


def _with_whole_intervals(table: ReadableTable) -> ReadableTable:
    """Cut texts that no slide holds, and keep an interval on one line: it may go below its median, in one piece."""

    def shown(cell: str, is_number: bool) -> str:
        if not is_number:
            return shorten(cell, longest=LONGEST)
        median, bracket, ends = cell.partition(" (")
        whole = f"{median.replace(' ', NO_BREAK)}{bracket}{ends.replace(' ', NO_BREAK)}"
        return whole.replace("-", MINUS)  # a line may end at a hyphen

    rows = tuple(tuple(map(shown, row, table.is_number)) for row in table.rows)
    return replace(table, rows=rows)


def _write(cell: Any, words: str, *, is_number: bool, size: float) -> None:
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.text_frame.text = words
    for paragraph in cell.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
        paragraph.font.size = Pt(size)
        for run in paragraph.runs:
            run.font.size = Pt(size)


def _setting(table: ReadableTable, area: Area) -> _Set:
    """Largest size at which the table fits, or the smallest."""
    for size in SIZES:
        widths = _widths(table, area.width, size)
        heights = tuple(_row_height(cells, widths, size) for cells in (table.headings, *table.rows))
        fits = sum(heights) <= area.height and (not table.rows or _is_unbroken(table, widths, size))
        if fits or size == SMALLEST:
            break
    airy = tuple(int(AIRY * height) for height in heights)
    return _Set(size, widths, airy if sum(airy) <= area.height else heights)


def _widths(table: ReadableTable, room: int, size: float) -> tuple[int, ...]:
    """Widths that columns need for their cells, cut where there is no room, spread where there is.

    No column is narrower than its longest word.
    """
    columns = list(zip(table.headings, *table.rows, strict=True))
    least = [
        max(int(WIDE_LETTER * text_width(word, size)) for cell in cells for word in (cell.split(" "))) + INSET_X
        for cells in columns
    ]
    needed = [max(_needed(cells, size), floor) for cells, floor in zip(columns, least, strict=True)]
    if sum(needed) <= room:
        spare = min(1.35, room / sum(needed))
        return tuple(int(width * spare) for width in needed)
    give, want = room - sum(least), sum(needed) - sum(least)
    if give <= 0:
        return tuple(int(floor * room / sum(least)) for floor in least)
    return tuple(int(floor + (width - floor) * give / want) for floor, width in zip(least, needed, strict=True))


def _needed(cells: Sequence[str], size: float) -> int:
    """Width of the longest cell; headings take two lines."""
    heading, *others = cells
    halves = len(heading) if len(heading) <= UNBROKEN else max(len(heading) // 2 + 2, *map(len, heading.split()))
    longest = max([min(len(cell), WRAPPED) for cell in others] + [halves])
    return text_width("x" * longest, size) + INSET_X


def _row_height(cells: Sequence[str], widths: Sequence[int], size: float) -> int:
    return max(text_height(cell, size, width=width) for cell, width in zip(cells, widths, strict=True))


def _is_unbroken(table: ReadableTable, widths: Sequence[int], size: float) -> bool:
    """Whether no word is cut, and no number goes over two lines."""
    for cells, is_number, width in zip(zip(*table.rows, strict=True), table.is_number, widths, strict=True):
        parts = cells if is_number else [word for cell in cells for word in cell.split(" ")]
        if max((text_width(part, size) for part in parts), default=0) + INSET_X > width:
            return False
    return True
