"""Worlds as files: the data without the truth, and a truth that any reader of JSON can read."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from mmm.errors import SpecError
from mmm.simulate import TrackerRules, world_frame, write_world

SETTINGS = {
    "n_channels": 3,
    "n_periods": 60,
    "roi": {"tv": 0.0, "search": 1.4},
    "plans": {"search": "demand_chasing"},
    "demand_control": True,
    "base_path": "growth",
}


def refuse(literal):
    raise AssertionError(f"{literal} is no JSON")


def read(folder):
    return json.loads((folder / "truth.json").read_text(), parse_constant=refuse)


def test_the_files_are_the_world(tmp_path):
    folder = tmp_path / "new" / "world"
    returned = write_world(folder, seed=4, **SETTINGS)
    frame, truth = world_frame(seed=4, **SETTINGS)
    pd.testing.assert_frame_equal(
        pd.read_csv(folder / "data.csv", parse_dates=["date"]), frame, check_exact=True, check_dtype=False
    )
    assert sorted(path.name for path in folder.iterdir()) == ["data.csv", "truth.json"]
    assert returned.parameters == truth.parameters

    written = read(folder)
    assert written["seed"] == 4
    assert written["columns"] == {
        "date": "date",
        "outcome": "revenue",
        "spend": ["tv", "search", "social"],
        "controls": ["price", "demand_index"],
    }
    assert written["parameters"] == truth.parameters
    assert written["sigma"] == truth.sigma
    for channel in truth.channels:
        for weeks in (13, 26, 52, 104):
            assert written["roi"][channel][str(weeks)] == truth.roi(channel, weeks)
        assert written["roi"][channel]["ever"] == truth.roi(channel, math.inf)
        assert written["ledger"][channel] == truth.ledger(channel)
        spent = frame[channel].sum()
        assert written["spend"][channel] == pytest.approx(spent, rel=1e-14)
        assert written["roi_in_data"][channel] == pytest.approx(truth.ledger(channel)["in_window"] / spent, rel=1e-14)
        assert written["contribution_in_data"][channel] == pytest.approx(truth.contributions[channel].sum(), rel=1e-14)
    assert written["payback_weeks"]["search"] == truth.payback_weeks("search")
    assert written["rules"]["tv"]["carryover"] == "geometric"


def test_never_and_unknown_are_null(tmp_path):
    write_world(tmp_path, seed=4, **SETTINGS)
    written = read(tmp_path)
    assert written["payback_weeks"]["tv"] is None
    assert written["multiplier"]["tv"] is None
    assert written["multiplier"]["search"] >= 1
    assert set(written["roi"]["tv"].values()) == {0.0}


def test_the_written_settings_make_the_world_again(tmp_path):
    write_world(tmp_path, seed=np.int64(4), **SETTINGS, horizons_weeks=(np.int64(8), 13))
    written = read(tmp_path)
    frame, _ = world_frame(seed=written["seed"], **written["settings"])
    pd.testing.assert_frame_equal(frame, world_frame(seed=4, **SETTINGS)[0], check_exact=True)
    assert list(written["roi"]["tv"]) == ["8", "13", "26", "52", "104", "ever"]


def test_a_past_and_a_tracker_are_files_of_their_own(tmp_path):
    settings = {"n_channels": 2, "n_periods": 60, "brand": ["tv"], "past": "same_plan", "history": True}
    truth = write_world(tmp_path, seed=4, **settings, tracker=TrackerRules(gap_weeks=(10, 20)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "history.csv", "tracker.csv", "truth.json"]
    assert len(pd.read_csv(tmp_path / "history.csv")) == len(truth.history)
    assert list(pd.read_csv(tmp_path / "tracker.csv")) == ["wave", "awareness", "sample_size"]
    assert read(tmp_path)["settings"]["tracker"]["gap_weeks"] == [10, 20]


def test_monthly_worlds_are_written_too(tmp_path):
    write_world(tmp_path, seed=4, frequency="monthly", n_periods=40, n_channels=2)
    assert read(tmp_path)["weeks_per_period"] == pytest.approx(365.25 / 12 / 7)


def test_a_world_that_makes_no_sense_leaves_no_files(tmp_path):
    with pytest.raises(SpecError, match="base_path='cliff'"):
        write_world(tmp_path / "world", seed=4, base_path="cliff")
    assert not (tmp_path / "world").exists()
