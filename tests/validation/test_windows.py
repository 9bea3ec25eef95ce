"""Where a backtest stands: windows of equal length, nothing from the future, and refusals before anything is fitted."""

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.data.altered import between
from mmm.errors import DataError, ReportError, SpecError
from mmm.model.inputs import ModelInputs
from mmm.model.structure import model_structure
from mmm.validation.windows import Window, training_data, windows_of
from tests.conftest import build_data, build_frame, build_posterior, build_tracker

N = 130


def data_of(n=N, *, freq="W-MON", **changed):
    frame = build_frame(n).assign(week=pd.date_range("2022-01-03", periods=n, freq=freq))
    return build_data(frame.assign(**changed))


@pytest.fixture(scope="module")
def posterior():
    return build_posterior(data_of(), n_draws=5)


def test_forecasts_lie_end_to_end_over_the_last_periods_and_learn_from_as_many():
    windows = windows_of(data_of(), weeks_ahead=13, origins=4)
    assert windows[0].start == 0
    assert windows[-1].end == N
    assert [w.end for w in windows[:-1]] == [w.stop for w in windows[1:]]
    assert {w.stop - w.start for w in windows} == {N - 52}
    assert {w.end - w.stop for w in windows} == {13}


@pytest.mark.parametrize(("n", "freq", "ahead"), [(500, "D", 91), (60, "MS", 3)], ids=["days", "months"])
def test_weeks_ahead_are_turned_into_periods(n, freq, ahead):
    assert windows_of(data_of(n, freq=freq), weeks_ahead=13, origins=1) == (Window(0, n - ahead, n),)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"weeks_ahead": 3}, "weeks_ahead=3"),
        ({"weeks_ahead": 53}, "above 52 the last year is no guide"),
        ({"weeks_ahead": "13"}, "weeks_ahead='13'"),
        ({"weeks_ahead": True}, "weeks_ahead=True"),
        ({"weeks_ahead": float("nan")}, "weeks_ahead=nan"),
        ({"weeks_ahead": 6.5}, "weeks_ahead=6.5 is 6.50 weekly periods"),
        ({"origins": 0}, "origins=0"),
        ({"origins": 2.0}, "origins=2.0"),
        ({"origins": True}, "origins=True"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(asked, message):
    with pytest.raises(ReportError, match=message):
        windows_of(data_of(), **({"weeks_ahead": 13, "origins": 4} | asked))


def test_data_that_are_too_short_say_how_many_forecasts_they_allow():
    with pytest.raises(DataError, match="7 forecasts of 13 periods leave 39 of 130 weekly") as error:
        windows_of(data_of(), weeks_ahead=13, origins=7)
    assert "at least 52 are needed" in error.value.what
    assert error.value.fix == "use origins=6 or fewer"
    assert windows_of(data_of(), weeks_ahead=13, origins=6)[0].stop == 52
    with pytest.raises(DataError, match="bring a longer history"):
        windows_of(data_of(60), weeks_ahead=13, origins=1)
    # a year ahead asks for changes over a year, and some more
    with pytest.raises(DataError, match="at least 104 are needed"):
        windows_of(data_of(), weeks_ahead=52, origins=1)


# --- training data ----------------------------------------------------------------------------------


def test_nothing_of_the_future_is_in_a_window(posterior):
    future = build_frame(N).assign(week=pd.date_range("2022-01-03", periods=N, freq="W-MON"))
    future.loc[104:, ["tv", "video", "radio", "price", "rain", "revenue"]] *= 3.0
    window = Window(13, 104, 117)
    other = build_posterior(build_data(future), n_draws=5)
    assert training_data(posterior, window)[0].fingerprint == training_data(other, window)[0].fingerprint


def test_windows_share_a_structure_so_that_one_program_serves_them(posterior):
    texts = set()
    for window in windows_of(posterior.data, weeks_ahead=13, origins=4):
        known, _ = training_data(posterior, window)
        texts.add(model_structure(posterior.spec, ModelInputs.prepare(known, posterior.spec, posterior.scales)))
    assert len(texts) == 1


def test_history_is_as_long_as_that_of_the_fit_and_just_before_the_window():
    whole = data_of()
    fitted = build_posterior(between(whole, 8, N), n_draws=5)
    known, _ = training_data(fitted, Window(13, 83, 96))
    assert known.dataset.sizes["history_date"] == 8
    spend = whole.dataset["spend"].values[0]
    np.testing.assert_array_equal(known.dataset["history_spend"].values[0], spend[13:21])
    np.testing.assert_array_equal(known.dataset["spend"].values[0], spend[21:91])


def test_a_control_that_had_never_changed_is_left_out_and_named():
    flat = build_frame(N)["rain"].where(np.arange(N) >= 95, 50.0)
    posterior = build_posterior(data_of(rain=flat), n_draws=5)
    known, notes = training_data(posterior, Window(0, 78, 91))
    assert known.controls == known.description.controls == ("price",)
    assert notes[0] == "2023-06-26: left out, as they had never changed by then: rain."
    later, notes = training_data(posterior, Window(26, 104, 117))
    assert later.controls == ("price", "rain")
    assert notes == ("2023-12-25: learns from 78 weeks, in which not every season was seen twice.",)


def test_two_years_need_no_note(posterior):
    assert training_data(posterior, Window(0, 104, 117))[1] == ()
    assert "learns from 103 weeks" in training_data(posterior, Window(0, 103, 116))[1][0]


def test_a_channel_that_was_not_there_yet_is_refused_with_its_origin():
    late = build_frame(N)["video"].where(np.arange(N) >= 80, 0.0)
    posterior = build_posterior(data_of(video=late), n_draws=5)
    with pytest.raises(DataError, match="origin 2023-06-26: no spend of video in 78 periods") as error:
        training_data(posterior, Window(0, 78, 91))
    assert error.value.fix.startswith("ask for fewer origins")


def test_columns_that_a_window_cannot_tell_apart_are_refused_with_its_origin():
    both = np.r_[np.sin(np.arange(80)), np.cos(np.arange(N - 80))]
    posterior = build_posterior(data_of(price=np.sin(np.arange(N)), rain=both), n_draws=5)
    with pytest.raises(SpecError, match=r"origin 2023-06-26: baseline columns \['rain'\]"):
        training_data(posterior, Window(0, 78, 91))


def test_a_tracker_with_few_waves_is_refused_with_its_origin():
    # waves every four weeks from January 2023 on, in data that begin a year before
    data = build_data(
        build_frame(N).assign(week=pd.date_range("2022-01-03", periods=N, freq="W-MON")), tracker=build_tracker()
    )
    posterior = build_posterior(data, mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)}), n_draws=5)
    with pytest.raises(DataError, match="origin 2023-05-15: the tracker has 5 waves in the 72 periods"):
        training_data(posterior, Window(0, 72, 85))
    known, _ = training_data(posterior, Window(13, 91, 104))
    assert known.dataset.sizes["wave"] == 10
