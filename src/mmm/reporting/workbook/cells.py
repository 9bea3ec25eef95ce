"""Cells that hold what the tables hold: numbers to the last bit, text that is never a formula.

Also used for the workbooks inside of a deck's charts.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pandas as pd
import xlsxwriter

from mmm.errors import ReportError
from mmm.reporting.content import Kind, kind_of

__all__ = ["INFINITE", "MINUS_INFINITE", "NEVER", "WARNING_COLOUR", "Cells", "Whole", "new_workbook", "number_format"]

#: What stands where there is no finite number: Excel has none.
NEVER, INFINITE, MINUS_INFINITE = "never", "infinite", "-infinite"

#: Text that begins with these is taken for a formula by some program that opens the file, or a copy of it as CSV.
LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

#: Characters of a cell, and the first year: limits of Excel.
LONGEST_TEXT, FIRST_YEAR = 32_767, 1900

#: Decimals that no format goes beyond.
MOST_DECIMALS = 8

WARNING_COLOUR = "#B00020"


class Whole(float):
    """A number that is written with all its digits.

    XlsxWriter writes 16 significant digits, and some numbers need 17 to be read back as they were.

    Examples
    --------
    >>> f"{0.1 + 0.2:.16G}", f"{Whole(0.1 + 0.2):.16G}"
    ('0.3', '0.30000000000000004')
    """

    def __format__(self, spec: str) -> str:
        return float.__repr__(self)


def new_workbook(*, created: str) -> tuple[xlsxwriter.Workbook, BytesIO]:
    """Begin a workbook in memory that takes no text for a formula, a link or a number.

    Parameters
    ----------
    created : str
        When the fit was made, ISO 8601: the file has the same bytes whenever it is written.
    """
    content = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(content, options)
    at = datetime.fromisoformat(created)
    book.set_properties({"created": at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at})
    return book, content


class Cells:
    """Writes single cells of a workbook, each in the format of its column.

    Parameters
    ----------
    book : xlsxwriter.Workbook
    """

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def look(self, **properties: Any) -> Any:
        """Give the format with these properties, one for all cells that share it."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def text(self, sheet: Any, row: int, column: int, words: str, **look: Any) -> None:
        """Write text that stays text, whatever it begins with.

        Raises
        ------
        ReportError
            If it is longer than a cell can be.
        """
        if len(words) > LONGEST_TEXT:
            raise ReportError(
                f"a text of {len(words):,} characters begins with {words[:40]!r}",
                f"a cell of Excel holds {LONGEST_TEXT:,}, and the rest would be lost",
                "shorten the name it holds",
            )
        if words.startswith(LOOKS_LIKE_A_FORMULA):
            look["quote_prefix"] = True  # text also once somebody has edited the cell
        sheet.write_string(row, column, words, self.look(**look))

    def value(self, sheet: Any, row: int, column: int, value: Any, *, kind: Kind, number_format: str) -> None:
        """Write one value of a table; what is missing stays empty, and infinity is a word."""
        if value is None or (not isinstance(value, str) and pd.isna(value)):
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.look(valign="top"))
        elif kind is Kind.DATE and value.year >= FIRST_YEAR:
            look = self.look(num_format=number_format, align="left", valign="top")
            sheet.write_datetime(row, column, value.to_pydatetime(), look)
        elif kind in (Kind.DATE, Kind.TEXT):
            self.text(sheet, row, column, f"{value:%Y-%m-%d}" if kind is Kind.DATE else str(value), **_TEXT)
        elif math.isinf(value):
            words = NEVER if kind is Kind.WEEKS else INFINITE
            self.text(sheet, row, column, words if value > 0 else MINUS_INFINITE, align="right", valign="top")
        else:
            # a column of numbers without a kind holds several quantities, each of another size
            shown = _three_digits(abs(value)) if kind is Kind.NUMBER else number_format
            sheet.write_number(row, column, Whole(value), self.look(num_format=shown, valign="top"))


_TEXT = {"text_wrap": True, "valign": "top"}


def number_format(column: str, values: pd.Series) -> tuple[Kind, str]:
    """What a column holds, and how Excel shows it: as many decimals as tell its numbers apart, none rounded.

    Examples
    --------
    >>> number_format("roi", pd.Series([0.6, 1.4]))[1], number_format("spend", pd.Series([1e6]))[1]
    ('#,##0.00', '#,##0')
    >>> number_format("prob_52w", pd.Series([0.2]))[1], number_format("payback_weeks", pd.Series([3.0, math.inf]))[1]
    ('0.0%', '0')
    """
    kind = kind_of(column, values)
    if kind is Kind.DATE:
        return kind, "yyyy-mm-dd"
    if kind is Kind.SHARE:
        return kind, "0.0%"
    if kind is Kind.TEXT:
        return kind, "General"
    finite = values.astype(float).replace([math.inf, -math.inf], math.nan).dropna().abs()
    largest = float(finite.max()) if len(finite) else 0.0
    if kind in (Kind.WEEKS, Kind.COUNT):
        return kind, "0" if bool((finite % 1 == 0).all()) else "0.0"
    return kind, _three_digits(largest, at_least=2 if kind is Kind.RATIO else 0)


def _three_digits(size: float, *, at_least: int = 0) -> str:
    digits = 2 - math.floor(math.log10(size)) if size > 0 else 2
    decimals = min(max(digits, at_least), MOST_DECIMALS)
    return "#,##0" + ("." + "0" * decimals if decimals else "")
