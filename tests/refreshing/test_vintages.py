"""Two vintages: every case of change is named, cell by cell, or refused with its reason."""

import numpy as np
import pandas as pd
import pytest

from mmm.data.altered import between
from mmm.errors import DataError
from mmm.refreshing.vintages import Vintages
from tests.conftest import N_WEEKS, build_data, build_frame, build_tracker


def longer(n_new=13, **changed):
    """The frame of all tests with new weeks at its end; `changed` exchanges cells as column=(row, value)."""
    frame = build_frame(N_WEEKS + n_new)
    old = build_frame()
    frame.loc[: N_WEEKS - 1, old.columns] = old.to_numpy()
    for column, (row, value) in changed.items():
        frame.loc[row, column] = value
    return frame.infer_objects().astype(dict.fromkeys(frame.columns.drop("week"), float))


@pytest.fixture(scope="module")
def old():
    return build_data()


def test_new_weeks_alone_restate_nothing(old):
    vintages = Vintages(old, build_data(longer()))
    assert vintages.table().empty
    assert not vintages.restated
    assert vintages.n_new == 13
    assert vintages.notes == ("13 new weekly periods, to 2024-05-20.",)


def test_the_same_data_are_the_same(old):
    assert Vintages(old, old).notes == ("Nothing is another than at the last fit.",)


def test_every_changed_cell_is_listed_with_its_change(old):
    new = build_data(longer(tv=(3, 999.0), price=(5, 11.0), revenue=(7, 30_000.0)))
    table = Vintages(old, new).table().set_index("name")
    before = build_frame()
    for name, row, column, value in (
        ("tv", 3, "tv", 999.0), ("price", 5, "price", 11.0), ("revenue", 7, "revenue", 30_000.0),
    ):  # fmt: skip
        found, was = table.loc[name], before.loc[row, column]
        assert found["date"] == before.loc[row, "week"]
        assert found[["old", "new", "change", "share"]].tolist() == pytest.approx(
            [was, value, value - was, (value - was) / was]
        )
    assert table["variable"].to_dict() == {"revenue": "outcome", "tv": "spend", "price": "controls"}
    assert "3 numbers of the past were restated" in Vintages(old, new).notes[-1]


def test_what_was_zero_has_a_change_and_no_share(old):
    row = int(np.flatnonzero(build_frame()["tv"] == 0)[0])
    [found] = Vintages(old, build_data(longer(tv=(row, 50.0)))).table().to_dict("records")
    assert found["change"] == 50.0
    assert np.isnan(found["share"])


def test_numbers_written_by_another_program_are_the_same(old):
    frame = longer()
    frame["tv"] *= 1 + 1e-13
    assert Vintages(old, build_data(frame)).table().empty


def test_exposure_is_held_against_exposure():
    roles = {"exposure": {"tv": "grps"}}
    vintages = Vintages(build_data(**roles), build_data(longer(grps=(4, 1.0)), **roles))
    assert vintages.table()[["variable", "name"]].values.tolist() == [["driver", "tv"]]


def test_history_that_was_restated_is_found():
    history = pd.DataFrame(
        {"week": pd.date_range(end="2022-12-26", periods=6, freq="W-MON"), "tv": 1.0, "video": 2.0, "radio": 3.0}
    )
    changed = history.assign(video=[2.0, 2.0, 5.0, 2.0, 2.0, 2.0])
    [found] = Vintages(build_data(history=history), build_data(longer(), history=changed)).table().to_dict("records")
    assert (found["name"], found["date"], found["new"]) == ("video", pd.Timestamp("2022-12-05"), 5.0)


def test_waves_that_were_restated_are_found():
    first, second = (build_data(tracker=build_tracker(seed=seed)) for seed in (5, 6))
    table = Vintages(first, second).table()
    assert set(table["variable"]) == {"tracker"}
    assert len(table) == first.dataset.sizes["wave"]


def test_columns_that_came_or_went_are_named(old):
    new = build_data(longer(), spend=["tv", "video", "grps"], controls=["price", "margin"])
    vintages = Vintages(old, new)
    assert vintages.table()[["what", "variable", "name"]].values.tolist() == [
        ["lost", "spend", "radio"],
        ["new", "spend", "grps"],
        ["lost", "controls", "rain"],
        ["new", "controls", "margin"],
    ]
    assert vintages.restated
    assert "These channels are gone: radio." in vintages.notes
    assert "These controls are new: margin." in vintages.notes


def test_a_tracker_that_came_or_went_is_named(old):
    tracked = build_data(tracker=build_tracker())
    assert Vintages(old, tracked).table()["what"].tolist() == ["new"]
    assert Vintages(tracked, old).table()["what"].tolist() == ["lost"]


def test_a_window_that_rolls_is_named(old):
    new = between(build_data(longer()), 10, N_WEEKS + 13)
    vintages = Vintages(old, new)
    assert (vintages.n_new, vintages.n_dropped, len(vintages.dates)) == (13, 10, N_WEEKS - 10)
    assert vintages.rows(old) == (10, N_WEEKS)
    assert vintages.rows(new) == (0, N_WEEKS - 10)
    assert "The first 10 periods of the last fit are left out" in vintages.notes[1]
    # what was dropped became history there, and was not restated by that
    assert vintages.table().empty


def test_a_past_that_begins_earlier_is_named(old):
    vintages = Vintages(between(old, 5, N_WEEKS), old)
    assert vintages.n_earlier == 5
    assert "5 periods before those of the last fit were added." in vintages.notes


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (
            lambda: between(build_data(), 0, 55),
            "the new data end on 2024-01-15, the last fit saw periods to 2024-02-19",
        ),
        (
            lambda: build_data(longer(), currency="EUR"),
            "the currency of the last fit is 'GBP', that of the new data 'EUR'",
        ),
        (lambda: build_data(longer(), outcome="orders", outcome_unit="orders"), "the unit of the outcome|the outcome"),
        (lambda: build_data(monthly()), "the frequency of the last fit is 'weekly', that of the new data 'monthly'"),
        (lambda: build_data(other_weekday()), "no period of the last fit .* is in the new data"),
    ],
    ids=["shorter", "currency", "outcome", "frequency", "weekday"],
)
def test_what_cannot_be_compared_is_refused(old, new, message):
    with pytest.raises(DataError, match=message):
        Vintages(old, new())


def monthly():
    frame = build_frame(30)
    return frame.assign(week=pd.date_range("2023-01-01", periods=30, freq="MS"))


def other_weekday():
    frame = longer()
    return frame.assign(week=frame["week"] + pd.Timedelta(days=2))


def test_the_restated_past_has_the_new_numbers_in_the_old_periods(old):
    new = build_data(longer(tv=(3, 999.0)), spend=["tv", "video", "grps"])
    vintages = Vintages(old, new)
    restated = vintages.old_restated()
    assert restated.channels == ("tv", "video")
    assert restated.dates.equals(old.dates)
    assert Vintages(restated, vintages.new_without_gains()).table().empty
    assert restated.dataset["spend"].sel(channel="tv").values[0, 3] == 999.0
    assert old.dataset["spend"].sel(channel="tv").values[0, 3] != 999.0


def test_the_old_past_continued_keeps_the_old_numbers(old):
    new = build_data(longer(tv=(3, 999.0)))
    continued = Vintages(old, new).old_continued()
    assert continued.n_periods == N_WEEKS + 13
    assert (
        continued.dataset["spend"].sel(channel="tv").values[0, 3] == old.dataset["spend"].sel(channel="tv").values[0, 3]
    )
    assert continued.dataset["spend"].values[0, N_WEEKS:].tolist() == new.dataset["spend"].values[0, N_WEEKS:].tolist()
