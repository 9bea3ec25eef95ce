"""Thousands of restated numbers become a line for each column."""

import numpy as np
import pandas as pd

from mmm.refreshing.vintages import Vintages
from mmm.reporting.content import restatement_summary
from tests.conftest import build_data, build_frame


def test_each_column_has_a_line_with_its_largest_change():
    frame = build_frame()
    frame.loc[3:5, "tv"] *= 1.1
    frame.loc[4, "tv"] *= 0.5
    frame.loc[7, "revenue"] += 1000.0
    old, new = build_data(), build_data(frame)
    summary = restatement_summary(Vintages(old, new).table()).set_index("name")
    assert summary.loc["tv", "periods"] == 3
    assert summary.loc["tv", "largest_change"] == np.float64(frame.loc[4, "tv"] / build_frame().loc[4, "tv"] - 1)
    assert (summary.loc["tv", "first"], summary.loc["tv", "last"]) == (old.dates[3], old.dates[5])
    assert summary.loc["revenue", "periods"] == 1


def test_a_column_that_came_has_no_numbers_of_its_own():
    summary = restatement_summary(Vintages(build_data(spend=["tv", "video"]), build_data()).table())
    [(what, name, periods)] = summary[["what", "name", "periods"]].itertuples(index=False)
    assert (what, name) == ("new", "radio")
    assert pd.isna(periods)


def test_nothing_restated_is_an_empty_table():
    data = build_data()
    assert restatement_summary(Vintages(data, data).table()).empty
