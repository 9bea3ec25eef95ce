"""`mmm.styled`: the tables of a report for a notebook or a document of one's own, through great-tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from mmm.errors import ReportError

if TYPE_CHECKING:
    from great_tables import GT

__all__ = ["styled"]


def styled(table: pd.DataFrame) -> GT:
    """Format a table for reading, without touching its numbers.

    Parameters
    ----------
    table : DataFrame
        Any table of a report, a refresh or a check; it is not changed.

    Returns
    -------
    great_tables.GT
        Headings in words; numbers with two digits, each with its interval in the same cell; what the intervals are
        stands below. It holds the numbers as they are, and takes every further step of great-tables.

    Raises
    ------
    ReportError
        If it is no DataFrame, or great-tables is not installed (``pip install 'payback-mmm[report]'``).

    Examples
    --------
    >>> shown = mmm.styled(mmm.Report(posterior).roi(horizon_weeks=52))
    >>> type(shown).__name__, "prior reliance" in shown.as_raw_html()
    ('GT', True)
    """
    if not isinstance(table, pd.DataFrame):
        raise ReportError(
            f"styled() was given a {type(table).__name__}",
            "only the columns of a table say what its numbers are",
            "use a table, such as mmm.styled(report.roi())",
        )
    from mmm.reporting.content import Kind, kind_of, needs_the_report_extra, readable
    from mmm.reporting.content.columns import without_ends

    with needs_the_report_extra("a styled table"):
        from great_tables import GT

    table = table.set_axis(table.columns.map(str), axis="columns").reset_index(drop=True)
    shown = without_ends(list(table.columns))
    cells = readable(table, shown)
    result = GT(table.rename_axis(columns=None)).cols_hide([str(name) for name in table if name not in shown])
    result = result.cols_label(dict(zip(shown, cells.headings, strict=True)))
    for place, name in enumerate(shown):
        if kind_of(name, table[name]) is Kind.TEXT:  # left to great-tables, which escapes it
            continue
        for row, written in enumerate(cells.rows):
            result = result.fmt(partial(_written, written[place]), columns=[name], rows=[row])
    return result.tab_source_note(cells.note) if cells.note else result


def _written(text: str, _value: Any) -> str:
    return text
