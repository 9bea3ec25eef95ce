"""Regions: a full grid, labels, population."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmm.errors import DataError


def test_geos_are_sorted_and_each_has_its_own_rows(make_panel, load):
    frame = make_panel()
    data = load(frame, geo="region", population="people")
    assert data.geos == ("north", "south")
    north = frame[frame["region"] == "north"]
    np.testing.assert_array_equal(data.dataset["spend"].sel(geo="north", channel="tv"), north["tv"])
    np.testing.assert_array_equal(data.dataset["population"], [2_000.0, 1_000.0])


@pytest.mark.parametrize("order", [["week", "region"], ["region", "week"]])
def test_neither_way_of_stacking_a_panel_counts_as_unsorted(make_panel, load, order):
    data = load(make_panel().sort_values(order, kind="stable"), geo="region")
    assert not any("sorted" in note for note in data.notes)


def test_market_codes_become_text(make_panel, load):
    frame = make_panel()
    frame["region"] = (frame["region"] == "north").astype(int) + 500
    assert load(frame, geo="region").geos == ("500", "501")


def change_cell(name, value, rows=slice(3, 3)):
    def change(frame):
        frame[name] = frame[name].astype(object)
        frame.loc[rows, name] = value
        return frame

    return change


CASES = [
    ("missing cells", lambda f: f.drop(index=[5, 9]), r"2 missing cell.s.: 2022-02-07 in south, 2022-03-07 in south"),
    ("duplicate cell", lambda f: pd.concat([f, f.iloc[[5]]]), "same date and 'region': 2022-02-07 in south"),
    ("missing label", change_cell("region", None), r"geo column 'region' .* has 1 missing value.*rows 3 "),
    ("blank label", change_cell("region", " "), "has 1 missing value"),
    ("number labels", lambda f: f.assign(region=1.5), "holds float values"),
    ("labels alike", change_cell("region", "South ", slice(0, 50)), "'South ' and 'south' are the same name"),
    ("gap in all geos", lambda f: f[f["week"] != "2022-03-07"], "weekly with 1 missing date.s.: 2022-03-07"),
    ("population moves", change_cell("people", 7.0), "population 'people' changes over time in south: from 7 to 1000"),
    ("population zero", lambda f: f.assign(people=0), "not positive in north, south: 0"),
    ("outcome still in one geo", change_cell("revenue", 9.0, slice(0, 103)), "same in every period in south: 9"),
    ("negative in one geo", change_cell("tv", -2.0), "negative in 1 row.s.: -2 on 2022-01-24 in south"),
    (
        "control differs between geos only",
        lambda f: f.assign(price=np.where(f["region"] == "north", 1.0, 2.0)),
        "control 'price' is constant throughout",
    ),
    (
        "channel differs between geos only",
        lambda f: f.assign(tv=np.where(f["region"] == "north", 1.0, 2.0)),
        "spend of channel 'tv' is constant throughout",
    ),
]


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_refused(make_panel, load, change, message):
    with pytest.raises(DataError, match=message):
        load(change(make_panel()), geo="region", population="people", controls=["price"])


def test_a_channel_may_be_absent_from_one_geo(make_panel, load):
    frame = make_panel()
    frame.loc[frame["region"] == "north", "tv"] = 0.0
    assert load(frame, geo="region").channels == ("tv", "search")
