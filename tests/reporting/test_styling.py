"""Tables through great-tables: words and intervals in the cells, the numbers untouched."""

import re
import sys

import pandas as pd
import pytest

import mmm
from mmm.errors import ReportError
from tests.conftest import build_data, build_frame, build_posterior

HOSTILE = "<script>alert(1)</script>"


def cells_of(styled):
    rows = re.findall(r"<tr>(.*?)</tr>", styled.as_raw_html(), flags=re.S)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, flags=re.S) for row in rows]


def test_an_interval_stands_in_the_cell_of_its_number(posterior):
    table = mmm.Report(posterior).roi(horizon_weeks=52)
    first = cells_of(mmm.styled(table))[0]
    row = table.iloc[0]
    assert first[0] == "tv"
    assert f"{row['spend']:,.0f}" in first
    assert any(re.fullmatch(r"[\d.]+ \([\d.]+ to [\d.]+\)", cell) for cell in first)
    assert len(first) == len([name for name in table if not name.endswith(("_lower", "_upper"))])


def test_numbers_stay_as_they_are(posterior):
    table = mmm.Report(posterior).payback()
    before = table.copy()
    mmm.styled(table).as_raw_html()
    pd.testing.assert_frame_equal(table, before)
    assert table.columns.name == before.columns.name


@pytest.mark.parametrize("name", ["roi", "payback", "ledger", "evidence"])
def test_every_table_has_headings_in_words_and_its_intervals_named(posterior, name):
    html = mmm.styled(getattr(mmm.Report(posterior), name)()).as_raw_html()
    assert "90% equal-tailed credible intervals" in html
    assert not re.search(r">\w+_\w+</th>", html)
    assert ">nan<" not in html.lower()


def test_names_are_text():
    frame = build_frame().rename(columns={"tv": HOSTILE, "revenue": "<b>sales</b>"})
    posterior = build_posterior(build_data(frame, outcome="<b>sales</b>", spend=[HOSTILE, "video"]))
    for table in (mmm.Report(posterior).roi(horizon_weeks=52), mmm.Report(posterior).contributions().head()):
        html = mmm.styled(table).as_raw_html()
        assert "<script" not in html
        assert "<b>sales" not in html


def test_a_fit_that_failed_says_so(unconverged_posterior):
    table = mmm.Report(unconverged_posterior, allow_unconverged=True).roi(horizon_weeks=52)
    assert "NOT CONVERGED" in mmm.styled(table).as_raw_html()


def test_what_is_no_table_is_refused():
    with pytest.raises(ReportError, match=r"styled\(\) was given a dict"):
        mmm.styled({"roi": 1.0})


def test_a_missing_extra_is_named(posterior, monkeypatch):
    monkeypatch.setitem(sys.modules, "great_tables", None)
    with pytest.raises(
        ReportError, match=r"a styled table was asked for, and great_tables(.|\n)*payback-mmm\[report\]"
    ):
        mmm.styled(mmm.Report(posterior).payback())
