"""Numbers keep every bit, text stays text, and what Excel does not have is said in words."""

import math
from io import BytesIO

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from mmm.errors import ReportError
from mmm.reporting.content import Kind
from mmm.reporting.workbook.cells import LONGEST_TEXT, Cells, Whole, new_workbook, number_format

CREATED = "2026-01-01T00:00:00+00:00"


def read_back(values, *, kind=Kind.RATIO, created=CREATED):
    book, content = new_workbook(created=created)
    cells, sheet = Cells(book), book.add_worksheet("sheet")
    for i, value in enumerate(values):
        cells.value(sheet, i, 0, value, kind=kind, number_format="yyyy-mm-dd" if kind is Kind.DATE else "0.00")
    book.close()
    page = openpyxl.load_workbook(BytesIO(content.getvalue()))["sheet"]
    return [page.cell(i + 1, 1) for i in range(len(values))]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=50))
def test_a_number_is_read_back_to_the_last_bit(numbers):
    assert [float(cell.value) for cell in read_back(numbers)] == numbers


def test_xlsxwriter_alone_would_lose_the_last_digit():
    # what `Whole` is for; if this fails one day, it is no longer needed
    assert float(f"{0.1 + 0.2:.16G}") != 0.1 + 0.2
    assert float(f"{Whole(0.1 + 0.2):.16G}") == 0.1 + 0.2


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@sum(A1)",
        "\t=1",
        "\r=1",
        "=cmd|' /C calc'!A0",
        "{=1}",
        "http://tv",
        "12",
        "<b>\"tv\" & 'x'</b>",
    ],
)
def test_text_is_text_whatever_it_begins_with(text):
    [cell] = read_back([text], kind=Kind.TEXT)
    assert (cell.data_type, cell.value.replace("_x000D_", "\r")) == ("s", text)
    assert cell.hyperlink is None
    assert bool(cell.quotePrefix) is (text[0] in "=+-@\t\r")


def test_what_excel_does_not_have_is_a_word_or_empty():
    assert [cell.value for cell in read_back([math.inf, 13.0, math.nan], kind=Kind.WEEKS)] == ["never", 13, None]
    assert [cell.value for cell in read_back([math.inf, -math.inf, None])] == ["infinite", "-infinite", None]
    assert [cell.value for cell in read_back([True, False], kind=Kind.TEXT)] == [True, False]


def test_dates_are_dates_where_excel_has_them():
    early, missing, late = read_back([pd.Timestamp("1850-01-07"), pd.NaT, pd.Timestamp("2026-03-02")], kind=Kind.DATE)
    assert late.is_date
    assert late.value == pd.Timestamp("2026-03-02")
    assert (early.value, missing.value) == ("1850-01-07", None)


def test_a_text_that_no_cell_holds_is_refused():
    with pytest.raises(ReportError, match=r"32,768 characters(.|\n)*the rest would be lost"):
        read_back(["x" * (LONGEST_TEXT + 1)], kind=Kind.TEXT)


@pytest.mark.parametrize("created", [CREATED, "2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00"])
def test_the_time_of_the_file_is_that_of_the_fit(created):
    book, content = new_workbook(created=created)
    book.add_worksheet()
    book.close()
    assert openpyxl.load_workbook(BytesIO(content.getvalue())).properties.created == pd.Timestamp("2026-01-01")


def test_formats_show_three_digits():
    assert number_format("outcome_per_spend", pd.Series([0.031, 0.0012])) == (Kind.RATIO, "#,##0.0000")
    assert number_format("roi", pd.Series([np.nan])) == (Kind.RATIO, "#,##0.00")
    assert number_format("horizon_weeks", pd.Series([4.35])) == (Kind.WEEKS, "0.0")
    assert number_format("date", pd.Series([pd.Timestamp("2026-01-05")])) == (Kind.DATE, "yyyy-mm-dd")
    [small, large] = read_back([-0.0213, 1234.5], kind=Kind.NUMBER)
    assert (small.number_format, large.number_format) == ("#,##0.0000", "#,##0")
