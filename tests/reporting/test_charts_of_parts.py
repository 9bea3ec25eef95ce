"""Shares and the waterfall: what is drawn equals the tables."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

import mmm
from mmm.charting import BASELINE_COLOUR, CHANNEL_COLOURS, TOTAL_COLOUR
from tests.conftest import build_data, build_posterior

CHANNELS = ["tv", "video", "radio"]
COLOUR = dict(zip(CHANNELS, CHANNEL_COLOURS, strict=False))
WINDOW = ("2023-03-06", "2023-05-29")


@pytest.fixture(scope="module")
def report(posterior):
    return mmm.Report(posterior, window=WINDOW)


def labels_of(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


@pytest.mark.parametrize("horizon", [None, 13])
def test_the_shares_chart_draws_the_shares(report, horizon):
    ax = report.plot_shares(horizon_weeks=horizon)
    table = report.shares(horizon_weeks=horizon or 104).set_index("channel")
    assert labels_of(ax) == list(table["spend_share"].sort_values().index)
    spend, effect = ax.containers
    intervals = ax.collections[1].get_segments()
    for i, name in enumerate(labels_of(ax)):
        row = table.loc[name]
        assert spend[i].get_width() == row["spend_share"]
        assert effect[i].get_width() == row["effect_share"]
        assert to_hex(effect[i].get_facecolor()).upper() == COLOUR[name]
        assert tuple(intervals[i][:, 0]) == (row["effect_share_lower"], row["effect_share_upper"])
        assert spend[i].get_y() > effect[i].get_y()
        said = f"{row['spend_share']:.0%} of spend\n{row['effect_share']:.0%} of effect"
        assert ax.texts[i].get_text().startswith(said)
    assert f"within {horizon or 104} weeks" in ax.get_xlabel()
    assert "means, which sum to 100%" in ax.get_xlabel()


def test_each_part_of_the_waterfall_begins_where_the_last_one_ended(report):
    ax = report.plot_waterfall()
    table = report.composition().set_index("part")
    media = table[table["kind"] == "media"]["amount"].sort_values(ascending=False)
    order = ["level", "season", "control", *media.index, "modelled", "unexplained", "actual"]
    bars = ax.containers[0]
    assert [bar.get_width() for bar in bars] == table.loc[order, "amount"].tolist()
    reached = 0.0
    for bar, part in zip(bars, order, strict=True):
        start = 0.0 if part in ("modelled", "actual") else reached
        assert bar.get_x() == pytest.approx(start, abs=1e-6)
        reached = start + table.loc[part, "amount"]
    assert reached == pytest.approx(table.loc["actual", "amount"])
    assert labels_of(ax)[:3] == ["level (base and its drift)", "seasons", "controls"]
    assert labels_of(ax)[3:] == [*media.index, "modelled", "not explained", "actual"]
    heights = [bar.get_y() for bar in bars]
    assert heights == sorted(heights, reverse=True)


def test_intervals_stand_where_their_part_begins(report):
    ax = report.plot_waterfall()
    table = report.composition().set_index("part")
    bars, (connectors, intervals) = ax.containers[0], ax.collections
    assert len(intervals.get_segments()) == len(bars) - 1  # the actual outcome is known
    names = labels_of(ax)
    for name in CHANNELS:
        i = names.index(name)
        ends = intervals.get_segments()[i][:, 0] - bars[i].get_x()
        np.testing.assert_allclose(ends, table.loc[name, ["amount_lower", "amount_upper"]].astype(float), rtol=1e-6)
    assert len(connectors.get_segments()) == len(bars) - 1


def test_the_waterfall_has_the_colours_of_the_other_charts(report):
    ax = report.plot_waterfall()
    colours = {name: to_hex(bar.get_facecolor()) for name, bar in zip(labels_of(ax), ax.containers[0], strict=True)}
    assert {name: colours[name].upper() for name in CHANNELS} == COLOUR
    assert colours["seasons"].upper() == BASELINE_COLOUR
    assert colours["actual"].upper() == TOTAL_COLOUR


def test_the_waterfall_says_what_it_shows(report):
    said = report.plot_waterfall().get_xlabel()
    assert "revenue (GBP), 2023-03-06 to 2023-05-29: means, so that the parts add up" in said
    assert "90% interval" in said
    units = mmm.Report(build_posterior(build_data(outcome="orders"), n_draws=20)).plot_waterfall()
    assert units.get_title(loc="left") == "What makes up orders"


def test_what_adds_nothing_over_all_data_is_said_to(posterior):
    ax = mmm.Report(posterior).plot_waterfall()
    said = {name: text.get_text() for name, text in zip(labels_of(ax), ax.texts, strict=True)}
    assert said["seasons"] == said["controls"] == "0: counted from the mean of the data"
    assert "%" in said["tv"]
