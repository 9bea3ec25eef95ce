"""Returns by horizon: every number of the table is in the chart, channels by spend, the total last."""

import numpy as np

import mmm
from tests.conftest import build_data, build_posterior


def test_what_is_drawn_is_the_table(posterior):
    report = mmm.Report(posterior)
    ax = report.plot_roi_by_horizon(horizon_weeks=(13, 52))
    table = report.roi(horizon_weeks=(13, 52))
    names = [label.get_text() for label in ax.get_yticklabels()]
    by_spend = table[table["horizon_weeks"] == 13].set_index("channel")["spend"].drop("total")
    assert names == [*by_spend.sort_values(ascending=False).index, "total"]
    rows = table.set_index(["channel", "horizon_weeks"]).loc[[(name, weeks) for name in names for weeks in (13, 52)]]
    drawn = [path[:, 0] for lines in ax.collections for path in lines.get_segments()]
    np.testing.assert_allclose(drawn, rows[["roi_lower", "roi_upper"]].to_numpy())
    points = [line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 1]
    np.testing.assert_allclose(points, rows["roi"])
    heights = [line.get_ydata()[0] for line in ax.lines if len(line.get_xdata()) == 1]
    assert heights == sorted(heights, reverse=True)


def test_without_money_there_is_no_break_even():
    ax = mmm.Report(build_posterior(build_data(outcome="orders"))).plot_roi_by_horizon(horizon_weeks=(13, 26))
    assert "break-even" not in [text.get_text() for text in ax.texts]


def test_horizons_among_others_are_the_same_to_the_last_bit(posterior):
    together = mmm.Report(posterior)
    both = together.roi(horizon_weeks=(13, 52))
    one = together.roi(horizon_weeks=52)
    alone = mmm.Report(posterior).roi(horizon_weeks=52)
    assert one.equals(alone)
    assert both[both["horizon_weeks"] == 52].reset_index(drop=True).equals(alone)
