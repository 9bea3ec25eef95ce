"""Data with numbers exchanged or periods cut off."""

import numpy as np
import pytest

from mmm.data.altered import between, with_columns, with_media, with_outcome
from mmm.errors import DataError
from mmm.model.inputs import ModelInputs, Scales
from mmm.model.spec import ModelSpec
from tests.conftest import build_data, build_tracker


def test_the_outcome_is_exchanged_and_nothing_else():
    data = build_data()
    new = data.dataset["outcome"].values[:, ::-1]
    changed = with_outcome(data, new, note="turned round")
    assert (changed.dataset["outcome"].values == new).all()
    assert changed.dataset.drop_vars("outcome").identical(data.dataset.drop_vars("outcome"))
    assert changed.notes[-1] == "turned round"
    assert changed.fingerprint != data.fingerprint


def test_a_simulated_outcome_may_be_negative():
    data = build_data()
    assert (with_outcome(data, -data.dataset["outcome"].values).dataset["outcome"].values <= 0).all()


@pytest.mark.parametrize("bad", [np.zeros(3), np.full((1, 60), np.nan)])
def test_an_outcome_that_does_not_fit_is_refused(bad):
    with pytest.raises(DataError, match="exchanged outcome has shape"):
        with_outcome(build_data(), bad)


def test_media_are_exchanged():
    data = build_data()
    arrays = data.dataset
    changed = with_media(data, spend=arrays["spend"].values[:, ::-1], driver=arrays["driver"].values[:, ::-1])
    assert (changed.dataset["driver"].values[:, 0] == arrays["driver"].values[:, -1]).all()
    assert (changed.dataset["outcome"].values == arrays["outcome"].values).all()


def test_media_that_make_no_sense_are_refused():
    data = build_data()
    spend = data.dataset["spend"].values
    with pytest.raises(DataError, match="negative values"):
        with_media(data, spend=spend, driver=-spend)
    nothing = spend.copy()
    nothing[..., 0] = 0
    with pytest.raises(DataError, match=f"no spend of {data.channels[0]} in"):
        with_media(data, spend=nothing, driver=nothing)


def test_media_before_the_cut_become_history():
    data = build_data()
    cut = between(between(data, 10, 55), 10, 40)  # twice: history grows
    arrays, whole = cut.dataset, data.dataset
    assert (arrays["outcome"].values == whole["outcome"].values[:, 20:50]).all()
    assert (arrays["history_driver"].values == whole["driver"].values[:, :20]).all()
    assert (arrays["history_date"].values == whole["date"].values[:20]).all()
    assert cut.frequency == data.frequency
    assert cut.channels == data.channels


def test_a_cut_leaves_the_model_of_what_is_kept():
    """The stock at the first kept period comes from the media before it, not from a guess."""
    data = build_data()
    scales, spec = Scales.learn(data), ModelSpec().resolve(data)
    cut = ModelInputs.prepare(between(data, 8, 58), spec, scales)
    whole = ModelInputs.prepare(data, spec, scales)
    assert np.allclose(cut.driver, whole.driver[:58])
    assert cut.start == whole.start + 8


@pytest.mark.parametrize("rows", [(-1, 20), (20, 20), (0, 10_000)])
def test_rows_that_are_not_there_are_refused(rows):
    with pytest.raises(DataError, match="no such periods"):
        between(build_data(), *rows)


def test_columns_are_chosen_with_what_is_said_of_them():
    data = build_data(exposure={"tv": "grps"}, tracker=build_tracker())
    chosen = with_columns(data, channels=["radio", "tv"], controls=["rain"], tracker=False, notes=["fewer"])
    assert chosen.channels == tuple(chosen.description.spend) == ("radio", "tv")
    assert chosen.description.exposure == {"tv": "grps"}
    assert chosen.controls == chosen.description.controls == ("rain",)
    assert not chosen.has_tracker
    assert chosen.notes[-1] == "fewer"
    for name, column in (("spend", "tv"), ("driver", "tv")):
        both = [d.dataset[name].sel(channel=column).values for d in (chosen, data)]
        np.testing.assert_array_equal(*both)


def test_all_columns_are_the_same_data():
    data = build_data(tracker=build_tracker())
    again = with_columns(data)
    assert again.fingerprint == data.fingerprint
    assert again.dataset.identical(data.dataset)


def test_a_channel_that_is_gone_comes_back_silent_and_as_it_was_described():
    whole = build_data(exposure={"tv": "grps"})
    fewer = with_columns(whole, channels=["video", "radio"])
    again = with_columns(fewer, channels=whole.channels, silent=whole.description)
    assert again.description == whole.description
    assert (again.dataset[["spend", "driver"]].sel(channel="tv") == 0).all().to_array().all()
    assert again.dataset.sel(channel="radio").identical(whole.dataset.sel(channel="radio"))


def test_columns_that_are_not_there_are_refused():
    with pytest.raises(DataError, match=r"print, sun: no such columns(?s:.*)choose of channels tv, video, radio"):
        with_columns(build_data(), channels=["tv", "print"], controls=["sun"])
