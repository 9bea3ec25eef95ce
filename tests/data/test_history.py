"""Spend before the first row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmm.errors import ColumnError, DataError


def test_history_ends_where_the_data_begin(make_frame, load):
    whole = make_frame(140)
    columns = ["week", "tv", "search", "grps"]
    data = load(whole.iloc[36:], history=whole.loc[:35, columns], exposure={"tv": "grps"})
    assert data.has_history
    assert data.dataset.sizes["history_date"] == 36
    np.testing.assert_array_equal(data.dataset["history_spend"].sel(channel="tv")[0], whole["tv"][:36])
    np.testing.assert_array_equal(data.dataset["history_driver"].sel(channel="tv")[0], whole["grps"][:36])
    assert data.dataset["history_date"].values[-1] + np.timedelta64(7, "D") == data.dates[0]


def test_without_history_its_arrays_are_empty(make_frame, load):
    data = load(make_frame())
    assert not data.has_history
    assert data.dataset["history_spend"].shape == (1, 0, 2)
    assert data.dataset["history_date"].dtype == "datetime64[ns]"


@pytest.mark.parametrize("rows", [1, 2, 12])
@pytest.mark.parametrize("freq", ["W-WED", "ME", "D"])
def test_short_histories_of_every_frequency(make_frame, load_quietly, rows, freq):
    whole = make_frame(200, freq=freq, start="2005-01-01")
    assert load_quietly(whole.iloc[rows:], history=whole.iloc[:rows]).dataset.sizes["history_date"] == rows


CASES = [
    (
        "overlap",
        lambda h: h.assign(week=h["week"] + pd.Timedelta(days=14)),
        "overlaps the data, which begin on 2022-09-12: 2022-09-12",
    ),
    ("gap", lambda h: h.iloc[:-2], "gap between history.*missing: 2022-08-29, 2022-09-05"),
    ("gap inside", lambda h: h.drop(index=[4]), "history is weekly with 1 missing date"),
    ("duplicate", lambda h: pd.concat([h, h.iloc[[2]]]), "history has several rows for the same date"),
    ("other weekday", lambda h: h.assign(week=h["week"] + pd.Timedelta(days=1)), "Tuesday 2022-09-06 and .* Monday"),
    (
        "daily",
        lambda h: h.assign(week=pd.date_range(end="2022-09-11", periods=36)),
        "history is daily and the data are",
    ),
    ("missing column", lambda h: h.drop(columns="tv"), "history has no column 'tv'"),
    ("wrong type", lambda h: h["tv"].tolist(), "history must be a data frame; got list"),
    ("empty", lambda h: h.iloc[:0], "history is empty"),
    ("negative", lambda h: h.assign(tv=-1.0), "of history is negative"),
    ("text", lambda h: h.assign(tv="1,000"), "of history holds text"),
    ("NaN", lambda h: h.assign(tv=np.nan), "of history is NaN"),
]


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_refused(make_frame, load, change, message):
    whole = make_frame(140)
    history, frame = whole.iloc[:36], whole.iloc[36:]
    with pytest.raises(DataError, match=message) as caught:
        load(frame, history=change(history))
    assert isinstance(caught.value, ColumnError) == ("no column" in message)


def test_history_must_have_the_same_geos(make_panel, load):
    frame = make_panel(140)
    early = frame["week"] < "2022-09-12"
    data = load(frame[~early], history=frame[early], geo="region")
    assert data.dataset["history_spend"].shape == (2, 36, 2)
    with pytest.raises(DataError, match="do not have the same geos: 'north' in only one"):
        load(frame[~early], history=frame[early & (frame["region"] == "south")], geo="region")
