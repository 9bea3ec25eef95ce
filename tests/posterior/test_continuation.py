"""Old and new periods joined: what is kept, and what does not fit together."""

import numpy as np
import pytest

import mmm
from mmm.data.altered import between
from mmm.errors import DataError
from mmm.posterior.continuation import continued
from tests.conftest import build_data, build_frame, build_tracker

WHOLE = build_data(build_frame(73))
FIRST = between(WHOLE, 0, 60)


def test_what_was_cut_is_joined_again():
    joined = continued(FIRST, between(WHOLE, 60, 73))
    for name, array in WHOLE.dataset.data_vars.items():
        np.testing.assert_array_equal(joined.dataset[name].values, array.values, err_msg=name)
    assert joined.dates.equals(WHOLE.dates)
    assert joined.notes[-1] == "continued by 13 periods from 2024-02-26"


def test_history_stays_that_of_the_fitted_periods():
    first = between(WHOLE, 8, 60)
    joined = continued(first, WHOLE)
    np.testing.assert_array_equal(joined.dataset["history_driver"], first.dataset["history_driver"])
    assert joined.n_periods == 65


def test_order_of_channels_and_controls_is_that_of_the_fit_and_another_control_is_left_out():
    frame = build_frame(73).assign(sun=np.arange(73.0))
    later = build_data(frame, spend=["radio", "tv", "video"], controls=["sun", "rain", "price"])
    joined = continued(FIRST, later)
    assert (joined.channels, joined.controls) == (FIRST.channels, FIRST.controls)
    np.testing.assert_array_equal(joined.dataset["spend"], WHOLE.dataset["spend"])
    np.testing.assert_array_equal(joined.dataset["controls"], WHOLE.dataset["controls"])


def test_waves_of_the_tracker_do_not_stand_in_the_way():
    whole = build_data(build_frame(73), tracker=build_tracker())
    joined = continued(between(whole, 0, 52), whole)
    assert joined.n_periods == 73


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (FIRST, "the data end on 2024-02-19, the fitted ones on 2024-02-19"),
        (between(WHOLE, 61, 73), "those to forecast begin on 2024-03-04"),
        (build_data(build_frame(73), spend=["tv", "video"]), "channels: .* when fitted"),
        (build_data(build_frame(73), controls=["rain"]), r"controls: \['price', 'rain'\] when fitted, \['rain'\]"),
        (build_data(build_frame(73), exposure={"tv": "grps"}), "channels with exposure"),
        (build_data(build_frame(73), outcome="orders"), "unit of the outcome"),
        (build_data(build_frame(73), currency="EUR", outcome_unit="EUR"), "unit of the outcome: GBP when fitted"),
    ],
    ids=["nothing new", "gap", "channels", "controls", "exposure", "unit", "currency"],
)
def test_what_does_not_fit_is_refused(data, message):
    with pytest.raises(DataError, match=message):
        continued(FIRST, data)


def test_another_frequency_is_refused():
    import pandas as pd

    months = build_data(build_frame(73).assign(week=pd.date_range("2023-01-01", periods=73, freq="MS")))
    with pytest.raises(mmm.errors.DataError, match="frequency: weekly when fitted, monthly"):
        continued(FIRST, months)
