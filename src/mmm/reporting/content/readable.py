"""Tables as people read them: a number with its interval in one cell, two significant digits, never one without.

The tables themselves are never rounded; these are for pages and slides.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mmm.reporting.content.columns import Kind, heading, kind_of
from mmm.words import chance, money, payback_weeks, percent, with_interval

__all__ = ["ReadableTable", "alone", "readable"]

#: Where there is no number to give, such as the ROI of a channel without spend.
NOTHING = "\N{EN DASH}"


@dataclass(frozen=True)
class ReadableTable:
    """Headings and cells, ready to be set.

    Attributes
    ----------
    headings : tuple of str
    rows : tuple of tuple of str
    is_number : tuple of bool
        By column: set flush right.
    note : str
        What the intervals are, and that the fit failed if it did: the header of the table it was made from.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_number: tuple[bool, ...]
    note: str


def readable(table: pd.DataFrame, columns: Sequence[str]) -> ReadableTable:
    """Choose columns of a table and write their numbers with their intervals, where they have one.

    Parameters
    ----------
    table : DataFrame
        Any table of a report or a refresh.
    columns : sequence of str
        Columns to show; the interval of ``roi`` is found in ``roi_lower`` and ``roi_upper``.

    Returns
    -------
    ReadableTable
        As many rows as the table. Money in thousands or millions, without its currency: the heading or the note says
        which. NaN is a dash, an infinite payback "never".

    Examples
    --------
    >>> table = mmm.Report(posterior).roi(horizon_weeks=52)
    >>> shown = readable(table, ["channel", "spend", "roi", "prob_above_one"])
    >>> shown.headings
    ('channel', 'spend', 'ROI', 'P(ROI > 1)')
    >>> len(shown.rows), shown.is_number
    (4, (False, True, True, True))
    """
    kinds = {column: kind_of(column, table[column]) for column in columns}
    rows = tuple(
        tuple(_written(column, row, kinds[column]) for column in columns) for row in table.to_dict(orient="records")
    )
    return ReadableTable(
        headings=tuple(heading(column) for column in columns),
        rows=rows,
        is_number=tuple(kind not in (Kind.TEXT, Kind.DATE) for kind in kinds.values()),
        note=str(table.columns.name or ""),
    )


def _written(column: str, row: Mapping[Hashable, Any], kind: Kind) -> str:
    value = row[column]
    if kind is Kind.TEXT:
        return NOTHING if value is None else str(value)
    if pd.isna(value):
        return NOTHING
    if kind is Kind.DATE:
        return f"{value:%Y-%m-%d}"
    number = float(value)
    stem = column.removesuffix("_weeks")
    ends = next(((row[f"{s}_lower"], row[f"{s}_upper"]) for s in (column, stem) if f"{s}_lower" in row), None)
    if ends is None:
        return alone(number, kind, is_probability=column.startswith("prob_"))
    lower, upper = (float(end) for end in ends)
    if kind is Kind.WEEKS:
        return payback_weeks(number, lower, upper, prob=None)
    if kind in (Kind.MONEY, Kind.WORTH, Kind.AMOUNT):
        return money(number, lower, upper, prob=None, currency="").strip()
    if kind is Kind.SHARE:
        return f"{percent(number)} ({percent(lower)} to {percent(upper)})"
    return with_interval(number, lower, upper, prob=None)


def alone(number: float, kind: Kind, *, is_probability: bool) -> str:
    """Write a number that has no interval: what was spent, a probability, a share, a count."""
    if is_probability:
        return chance(number)
    if kind is Kind.SHARE:
        return percent(number)
    if kind in (Kind.MONEY, Kind.WORTH, Kind.AMOUNT):
        return f"{number:,.0f}" if abs(number) >= 100 else f"{number:,.2f}"
    if kind in (Kind.WEEKS, Kind.COUNT):
        return "never" if math.isinf(number) else f"{number:g}"
    return f"{number:.2f}" if abs(number) >= 0.1 or number == 0 else f"{number:.2g}"
