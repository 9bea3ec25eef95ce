"""A folder of saved fits, read as a history."""

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm import schema
from mmm.data.altered import between
from mmm.errors import ReportError, StorageError
from tests.conftest import build_data, build_posterior, with_parameters
from tests.refreshing.test_vintages import longer


@pytest.fixture
def folder(tmp_path):
    """Three quarters; radio is believed to pay in the last of them only."""
    whole = build_data(longer(26))
    for name, n_periods, seed in (("b", 73, 2), ("c", 86, 3), ("a", 60, 1)):
        fit = build_posterior(between(whole, 0, n_periods), seed=seed)
        times = 3.0 if name == "c" else 0.5

        def at(roi, times=times):
            return roi.where(roi["channel"] != "radio", times * (1 + 0.05 * np.tanh(roi)))

        with_parameters(fit, roi=at).save(tmp_path / f"{name}.nc")
    (tmp_path / "notes.txt").write_text("not a fit")
    return tmp_path


def test_fits_come_in_the_order_of_their_data(folder):
    table = mmm.history(folder).table()
    assert tuple(table.columns) == schema.HISTORY_COLUMNS
    assert table["file"].drop_duplicates().tolist() == ["a.nc", "b.nc", "c.nc"]
    assert table["vintage"].is_monotonic_increasing
    report = mmm.Report(mmm.load(folder / "b.nc")).roi(horizon_weeks=104)
    found = table[table["file"] == "b.nc"]
    for column in ("roi", "roi_lower", "roi_upper", "prob_above_one"):
        np.testing.assert_allclose(found[column], report[column])


def test_decisions_that_turned_are_named(folder):
    flips = mmm.history(folder).flips().set_index("channel")
    assert flips.loc["radio", ["before", "after"]].tolist() == ["not paid", "paid"]
    assert flips.loc["radio", "vintage"] == pd.Timestamp("2024-08-19")


def test_a_horizon_and_a_probability_can_be_asked(folder):
    narrow, wide = (mmm.history(folder, horizon_weeks=13, prob=prob) for prob in (0.5, 0.95))
    assert "within 13 weeks" in narrow.label
    assert (wide.table().eval("roi_upper - roi_lower") > narrow.table().eval("roi_upper - roi_lower")).all()


def test_the_chart_has_every_refresh(folder):
    ax = mmm.history(folder).plot()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "to 2024-02-19",
        "to 2024-05-20",
        "to 2024-08-19",
    ]
    drawn = np.sort(np.concatenate([line.get_ydata() for line in ax.get_lines() if line.get_marker() == "o"]))
    np.testing.assert_allclose(drawn, np.sort(mmm.history(folder).table()["roi"]))


def test_what_is_no_history_is_refused(folder, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ReportError, match="there are no saved fits"):
        mmm.history(empty)
    build_posterior(build_data(outcome="orders", outcome_unit="orders")).save(folder / "d.nc")
    with pytest.raises(ReportError, match=r"different series .*d\.nc: orders in orders"):
        mmm.history(folder)
    (folder / "d.nc").write_bytes(b"half a file")
    with pytest.raises(StorageError, match="cannot be read"):
        mmm.history(folder)


def test_without_money_there_is_no_decision(tmp_path):
    build_posterior(build_data(outcome="orders", outcome_unit="orders")).save(tmp_path / "a.nc")
    found = mmm.history(tmp_path)
    assert set(found.table()["decision"]) == {""}
    assert found.flips().empty
