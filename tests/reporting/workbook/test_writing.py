"""What is in the file is what is in the tables, and the file says what it is."""

from io import BytesIO

import numpy as np
import openpyxl
import pandas as pd
import pytest

import mmm
from mmm.errors import ReportError
from mmm.reporting.content import Companions, heading
from mmm.reporting.workbook import writing
from mmm.reporting.workbook.sheets import sheets_of
from tests.conftest import build_data, build_frame, build_posterior
from tests.reporting.companions import backtest_of, comparison_of, parts_of, refresh_of

EVIL = {"tv": "=cmd|' /C calc'!A0", "video": '<b>"video" & co</b>', "radio": "+radio"}


def write(report, path, **companions):
    report.to_xlsx(path / "q3.xlsx", **companions)
    return openpyxl.load_workbook(path / "q3.xlsx")


def table_in(page):
    """Headings and rows of the one real table on a sheet."""
    [table] = page.tables.values()
    headings, *rows = [list(row) for row in page[table.ref]]
    assert [cell.value for cell in headings] == [column.name for column in table.tableColumns]
    return [cell.value for cell in headings], rows


def same(cell, value):
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return cell.value is None
    if isinstance(value, pd.Timestamp):
        return cell.is_date and cell.value == value
    if isinstance(value, float) and np.isinf(value):
        return cell.value in ("never", "infinite")
    return cell.value == value


@pytest.fixture(scope="module")
def customers():
    """An outcome of customers, with what they are worth: every table there is."""
    economics = mmm.Economics(customer_value=120.0, acquisition_cost=0.1)
    return mmm.Report(build_posterior(build_data(outcome="orders")), economics=economics)


def test_every_number_is_that_of_the_table_to_the_last_bit(customers, tmp_path):
    fit = customers.posterior
    refreshed = refresh_of(fit)
    beside = {"refresh": refreshed, "decomposition": parts_of(refreshed)}
    given = {**beside, "backtest": backtest_of(fit), "priors": comparison_of(fit)}
    book = write(customers, tmp_path, **given)
    sheets = list(sheets_of(customers._contents, Companions(**given)))
    assert book.sheetnames == [sheet.name for sheet in sheets]
    for sheet in sheets:
        headings, rows = table_in(book[sheet.name])
        assert headings == [heading(name) for name in sheet.table.columns]
        if sheet.table.empty:
            assert rows[0][0].value == sheet.if_empty
            continue
        assert len(rows) == len(sheet.table)
        for cells, values in zip(rows, sheet.table.itertuples(index=False), strict=True):
            assert all(same(cell, value) for cell, value in zip(cells, values, strict=True)), (sheet.name, values)


def test_the_summary_says_what_moved_and_whether_each_channel_brought_what_was_expected(tmp_path):
    new = build_posterior(build_data(build_frame(73)))
    refreshed = refresh_of(new, build_posterior(build_data()))
    book = write(mmm.Report(new), tmp_path, refresh=refreshed)
    _, rows = table_in(book["Summary"])
    said = [sentence.value for of, sentence in rows if of.value == "since the last fit"]
    assert said == [*refreshed.notes, *refreshed.movements(), *refreshed.forecast_check().sentences()]
    headings, _ = table_in(book["Forecast by channel"])
    assert headings[-2:] == ["power", "flag"]


def test_every_sheet_says_what_it_is_and_what_its_intervals_are(customers, tmp_path):
    book = write(customers, tmp_path)
    for sheet in sheets_of(customers._contents, Companions()):
        above = [book[sheet.name].cell(i, 1).value for i in (1, 2, 3)]
        assert above[0] == sheet.about
        assert sheet.table.columns.name is None or above[1] == sheet.table.columns.name
    assert "90% equal-tailed credible intervals" in book["ROI"]["A2"].value
    assert "'never' is an infinite number of weeks" in book["Payback"]["A3"].value
    assert book["Payback"].freeze_panes == "B6"  # below the headings, beside the channel
    assert book["Payback"].tables["Payback_table"].ref.startswith("A5:")


def test_a_fit_that_failed_says_so_on_every_sheet(unconverged_posterior, tmp_path):
    book = write(mmm.Report(unconverged_posterior, allow_unconverged=True), tmp_path)
    for page in book:
        above = [page.cell(i, 1) for i in range(1, 7)]
        [said] = [cell for cell in above if str(cell.value).startswith("NOT CONVERGED: ")]
        assert said.font.b
        assert said.font.color.rgb == "FFB00020"


def test_names_are_never_formulas(tmp_path):
    data = build_data(build_frame().rename(columns=EVIL), spend=list(EVIL.values()))
    book = write(mmm.Report(build_posterior(data)), tmp_path)
    for page in book:
        for row in page.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    _, rows = table_in(book["ROI"])
    assert {row[0].value for row in rows} == {*EVIL.values(), "total"}
    assert all(row[0].quotePrefix for row in rows if row[0].value.startswith(("=", "+")))


def test_what_has_no_money_value_has_no_payback(tmp_path):
    book = write(mmm.Report(build_posterior(build_data(outcome="orders"))), tmp_path)
    assert book.sheetnames[:3] == ["Summary", "Returns", "Ledger"]
    assert "Payback" not in book.sheetnames


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(posterior, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "MOST_ROWS", 100)
    report = mmm.Report(posterior)
    book = write(report, tmp_path)
    table = report.contributions()
    names = [name for name in book.sheetnames if name.startswith("Contributions")]
    assert names == ["Contributions", "Contributions 2", "Contributions 3"]
    found = [row[2].value for name in names for row in table_in(book[name])[1]]
    assert found == table["contribution"].tolist()
    assert book["Contributions 2"]["A1"].value.endswith("(part 2 of 3)")


def test_the_same_report_gives_the_same_bytes(posterior, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        mmm.Report(posterior).to_xlsx(tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    content = BytesIO((tmp_path / "a.xlsx").read_bytes())
    created = pd.Timestamp(posterior.provenance.created).tz_localize(None)
    assert openpyxl.load_workbook(content).properties.created == created


def test_what_cannot_be_written_leaves_nothing(posterior, tmp_path):
    report = mmm.Report(posterior)
    with pytest.raises(ReportError, match=r"does not end in \.xlsx"):
        report.to_xlsx(tmp_path / "q3.xls")
    with pytest.raises(ReportError, match=r"belongs to a fit of"):
        report.to_xlsx(tmp_path / "q3.xlsx", refresh=refresh_of(build_posterior(build_data(), seed=8)))
    assert not list(tmp_path.iterdir())
