"""What is printed is what the tables of the library hold, with intervals."""

import pandas as pd
import pytest

import mmm
from mmm import schema
from mmm.command_line import texts
from mmm.refreshing import Refresh
from mmm.refreshing.vintages import Vintages
from mmm.words import chance, percent, with_interval
from tests.conftest import build_data, build_frame, build_posterior


@pytest.fixture(scope="module")
def money():
    return build_posterior(build_data(margin=0.35))


def test_the_roi_text_is_the_roi_table(money):
    report = mmm.Report(money, prob=0.8)
    text = texts.roi_text(report)
    assert text.splitlines()[0] == "Return within 104 weeks: margin ROI; 80% equal-tailed credible intervals"
    for row, line in zip(report.roi(horizon_weeks=104).to_dict("records"), text.splitlines()[2:], strict=True):
        found = with_interval(row["roi"], row["roi_lower"], row["roi_upper"], prob=None)
        said = [row["channel"], f"{row['spend']:,.0f}", found, chance(row["prob_above_one"])]
        assert line.split("  ")[1] == row["channel"]
        assert all(word in line for word in [*said, percent(row["prior_reliance"])])


def test_without_money_value_there_is_no_break_even():
    with pytest.warns(mmm.errors.DataWarning):
        data = mmm.MarketingData.from_frame(build_frame(), date="week", outcome="orders", spend=["tv", "video"])
    text = texts.roi_text(mmm.Report(build_posterior(data)))
    assert "orders per GBP" in text
    assert "P(> 1)" not in text


def test_the_report_text_is_sentences_and_warnings(money):
    report = mmm.Report(money)
    text = texts.report_text(report)
    assert all(said in text for said in (*report.sentences(), *report.warnings()))


@pytest.fixture(scope="module")
def refreshed():
    frame = build_frame()
    frame.loc[50, "revenue"] *= 1.25
    last = build_posterior(build_data(build_frame().iloc[:55]))
    return Refresh(last, build_posterior(build_data(frame), seed=8), Vintages(last.data, build_data(frame)))


def test_the_refresh_text_says_what_changed_what_drifted_and_whether_the_forecast_held(refreshed):
    text = texts.refresh_text(refreshed, prob=0.8)
    old, new = build_frame()["revenue"][50], build_frame()["revenue"][50] * 1.25
    assert f"outcome revenue  2023-12-18  {old:,.10g}  {new:,.10g}" in text.replace("   ", "  ")
    assert all(note in text for note in refreshed.notes)
    assert "80% equal-tailed credible intervals" in text
    for row in refreshed.drift(prob=0.8).to_dict("records"):
        new = with_interval(row["new"], row["new_lower"], row["new_upper"], prob=None)
        [line] = [line for line in text.splitlines() if line.split()[:1] == [row["channel"]] and new in line]
        assert line.split()[-2:] == [f"{row['z']:+.1f}", row["flag"]]
    assert refreshed.forecast_check().verdict in text
    for row in refreshed.forecast_check().by_channel().to_dict("records"):
        times = with_interval(row["times"], row["times_lower"], row["times_upper"], prob=None)
        [line] = [line for line in text.splitlines() if line.split()[:1] == [row["channel"]] and times in line]
        assert line.split("  ")[-1] == row["flag"]
        assert f" {chance(row['power'])} " in line
    assert all(said in text for said in refreshed.forecast_check().sentences())


def test_without_new_periods_there_is_no_forecast_check(money):
    again = Refresh(money, money, Vintages(money.data, money.data))
    text = texts.refresh_text(again, prob=0.9)
    assert "Nothing is another than at the last fit." in text
    assert "Forecast check: none, since " in text
    assert "restated" not in text


def test_many_restated_numbers_are_counted():
    frame = build_frame()
    frame["revenue"] += 1
    last = build_posterior(build_data())
    text = texts.refresh_text(Refresh(last, last, Vintages(last.data, build_data(frame))), prob=0.9)
    assert text.count("outcome revenue") == texts.LISTED
    assert f"and {len(frame) - texts.LISTED} more" in text


def test_the_decomposition_is_written_part_by_part():
    row = dict.fromkeys(schema.DECOMPOSITION_COLUMNS, 0.0) | {"channel": "tv", "restated": -0.1, "total": -0.1}
    text = texts.decomposition_text(pd.DataFrame([row]))
    assert text.splitlines()[1].split() == list(schema.DECOMPOSITION_COLUMNS)
    assert text.splitlines()[2].split() == ["tv", "-0.100", "+0.000", "+0.000", "+0.000", "+0.000", "-0.100"]


def test_the_spec_is_told_channel_by_channel():
    data = build_data(margin=0.35)
    spec = mmm.ModelSpec(
        channels={"tv": {"brand": True}, "video": {"saturation": {"kind": "root"}, "carryover": {"kind": "none"}}},
        holidays="GB",
    )
    text = texts.spec_text(spec.resolve(data), data)
    assert "prior of ROI (90%)" in text
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "tv 1.0 (0.2 to 4.0) hill two_speed" in lines
    assert "video 1.0 (0.2 to 4.0) root none" in lines
    assert text.endswith("Baseline: linear trend, random walk, 4 yearly pairs, holidays of GB.")
    plain = mmm.ModelSpec(trend=mmm.Trend(linear=False, walk=None)).resolve(data)
    assert "Baseline: no linear trend, no random walk, 4 yearly pairs, no holidays." in texts.spec_text(plain, data)
    smooth = mmm.ModelSpec(trend=mmm.Trend(smooth_weeks=26)).resolve(data)
    assert "smooth path" in texts.spec_text(smooth, data)
