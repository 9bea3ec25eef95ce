"""Sheets into an Excel file: what it is on top, then a real table with its filters."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import pandas as pd

from mmm.reporting.content import Companions, Contents, Kind, heading
from mmm.reporting.workbook.cells import INFINITE, NEVER, WARNING_COLOUR, Cells, new_workbook, number_format
from mmm.reporting.workbook.sheets import Sheet, in_parts, sheets_of

__all__ = ["workbook_bytes"]

#: Rows of a sheet, less those above the table.
MOST_ROWS = 1_048_576 - 10

#: Widths of columns in characters, and the height of a line in points.
NARROWEST, WIDEST, LINE = 9, 90, 15

EMPTY_IS = "An empty cell is a number that does not exist, such as the ROI of what was not spent."


def workbook_bytes(contents: Contents, companions: Companions) -> bytes:
    """Write all sheets; the same report gives the same bytes.

    Parameters
    ----------
    contents : Contents
    companions : Companions
    """
    book, content = new_workbook(created=contents.report.posterior.provenance.created)
    cells = Cells(book)
    for sheet in sheets_of(contents, companions):
        for part in in_parts(sheet, most_rows=MOST_ROWS):
            _write(book.add_worksheet(part.name), cells, part, failure=contents.failure)
    book.close()
    return content.getvalue()


def _write(page: Any, cells: Cells, sheet: Sheet, *, failure: str) -> None:
    table = sheet.table.reset_index(drop=True)
    cells.text(page, 0, 0, sheet.about, bold=True, font_size=14)
    lines = [str(table.columns.name)] if table.columns.name else []
    lines += _how_it_is_written(table)
    for i, line in enumerate(lines, start=1):
        cells.text(page, i, 0, line, italic=True)
    first = len(lines) + 1
    if failure:
        cells.text(page, first, 0, failure, bold=True, font_color=WARNING_COLOUR)
        first += 1
    first += 1  # a row apart
    formats = {name: number_format(name, table[name]) for name in table.columns}
    widths = {name: _width(heading(name), table[name].tolist(), kind) for name, (kind, _) in formats.items()}
    page.set_row(first, LINE * max(_n_lines(heading(name), width - 3) for name, width in widths.items()))
    for i, row in enumerate(table.itertuples(index=False), start=first + 1):
        for j, (value, (kind, look)) in enumerate(zip(row, formats.values(), strict=True)):
            cells.value(page, i, j, value, kind=kind, number_format=look)
        height = max(_n_lines(value, width) for value, width in zip(row, widths.values(), strict=True))
        if height > 1:
            page.set_row(i, LINE * height)
    for j, width in enumerate(widths.values()):
        page.set_column(j, j, width)
    if table.empty:
        cells.text(page, first + 1, 0, sheet.if_empty)
    is_text = [kind in (Kind.TEXT, Kind.DATE) for kind, _ in formats.values()]
    page.add_table(
        first, 0, first + max(len(table), 1), len(formats) - 1,
        {
            "name": f"{sheet.name.replace(' ', '_')}_table",
            "style": "Table Style Light 1",
            "columns": [
                {
                    "header": heading(name),
                    "header_format": cells.look(
                        bold=True, text_wrap=True, valign="top", bottom=1, align="left" if words else "right"
                    ),
                }
                for name, words in zip(formats, is_text, strict=True)
            ],
        },
    )  # fmt: skip
    page.freeze_panes(first + 1, 0 if all(is_text) else min(2, [*is_text, False].index(False)))
    page.repeat_rows(first)
    page.set_landscape()
    page.fit_to_pages(1, 0)


def _how_it_is_written(table: pd.DataFrame) -> list[str]:
    """Say what stands in place of numbers that Excel does not have, where there are any."""
    numbers = table.select_dtypes("number")
    said = []
    for name in numbers.columns:
        if numbers[name].map(math.isinf).any():
            weeks = number_format(name, numbers[name])[0] is Kind.WEEKS
            said.append(
                f"{NEVER!r} is an infinite number of weeks: the money is not back within ten years."
                if weeks
                else f"{INFINITE!r} stands where Excel has no number."
            )
    return [*dict.fromkeys(said), *([EMPTY_IS] if numbers.isna().any(axis=None) else [])]


def _n_lines(value: object, width: float) -> int:
    """Lines that a cell takes; only text is wrapped."""
    return len(textwrap.wrap(value, int(width))) or 1 if isinstance(value, str) else 1


def _width(title: str, values: list[Any], kind: Kind) -> float:
    if kind is not Kind.TEXT:
        return max(13, len(max(title.split(), key=len)) + 4)
    longest = max([len(str(value)) for value in values] + [len(title) + 3])
    return min(max(longest + 1, NARROWEST), WIDEST)
