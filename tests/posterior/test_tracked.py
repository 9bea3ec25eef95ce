"""The tracker replayed: what media built, and what the waves are without their error."""

from dataclasses import replace

import numpy as np
import pytest

import mmm
from mmm.posterior.tracked import replay_tracker
from tests.conftest import build_data, build_posterior, build_tracker


def tracked(*, unit="share", tracker=None, **settings):
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)}, tracker=tracker)
    return build_posterior(build_data(tracker=build_tracker(unit=unit)), spec, **settings)


def test_what_media_built_is_the_loading_where_the_stock_is_at_its_mean():
    posterior = tracked()
    replayed = replay_tracker(posterior.draws)
    assert replayed["from_media"].dims == ("chain", "draw", "wave")
    loading = posterior.draws.parameters["tracker_loading"]
    # waves every four weeks see the stock, whose mean over all weeks is 1, about where it is on average
    ratio = (replayed["from_media"].mean("wave") / loading).values
    np.testing.assert_allclose(np.median(ratio), 1.0, atol=0.1)


def test_expected_follows_a_large_survey_closely_and_a_small_one_less():
    values = build_data(tracker=build_tracker()).dataset["tracker"].values
    posterior = tracked(n_draws=400)
    errors = posterior.data.dataset["tracker_error"].values
    misses = (replay_tracker(posterior.draws)["expected"] - values).mean(("chain", "draw")).values
    # the level is diffuse: on average over waves the tracker is where it was measured, give or take its error
    assert abs(misses.mean()) < 4 * errors.mean() / len(values) ** 0.5
    assert np.abs(misses).max() < 4 * errors.max()


def test_a_value_per_point_says_what_the_stock_is_in_points():
    posterior = tracked(tracker=mmm.TrackerModel(value_per_point=mmm.LogNormal(median=500, sigma=0.7)))
    assert "tracker_loading" not in posterior.draws.parameters
    replayed = replay_tracker(posterior.draws)["from_media"]
    assert (replayed > 0).all()
    dearer = posterior.draws.parameters.assign(value_per_point=lambda p: 2 * p["value_per_point"])
    halved = replay_tracker(replace(posterior.draws, parameters=dearer))["from_media"]
    np.testing.assert_allclose(halved, replayed / 2)


def test_an_index_comes_back_in_its_own_unit():
    posterior = tracked(unit="index", n_draws=300)
    values = posterior.data.dataset["tracker"].values
    expected = replay_tracker(posterior.draws)["expected"].mean(("chain", "draw")).values
    assert expected.mean() == pytest.approx(values.mean(), rel=0.02)
    again = replay_tracker(posterior.draws)["expected"]
    np.testing.assert_array_equal(again, replay_tracker(posterior.draws)["expected"])
