"""Effects that come later than their kernels say: the regressor, its size where the model holds, and the words."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import mmm
from mmm.data.altered import with_outcome
from mmm.posterior.whitened import whiten
from mmm.validation import LatenessCheck, lateness_check
from mmm.validation.lateness import later
from tests.conftest import build_data, build_frame, build_posterior, with_parameters

DIMS = ("chain", "draw")


def sure(posterior):
    """The same posterior, sure of every parameter: nothing of what is left over could be its media's."""
    names = posterior.draws.parameters.data_vars
    return with_parameters(posterior, **{str(name): lambda old: old.median(DIMS).broadcast_like(old) for name in names})


def outcome_moved(channel, weeks):
    """A posterior that is sure, and whose outcome is what it expects, but that one channel's effect comes later."""
    draws = sure(build_posterior(build_data(build_frame(156)), n_draws=20)).draws
    brought = draws.contributions().mean(DIMS).sel(channel=channel).values[0]
    moved = np.concatenate([np.full(weeks, brought[0]), brought])[: len(brought)]
    sigma = 0.2 * float(np.std(brought))
    noise = sigma * np.random.default_rng(4).standard_normal(len(brought))
    data = with_outcome(draws.data, draws.expected().mean(DIMS).values + moved - brought + noise)
    known = sure(build_posterior(data, n_draws=20))
    share = sigma / known.scales.outcome
    return with_parameters(
        known, sigma=lambda old: xr.full_like(old, share), tau=lambda old: xr.full_like(old, share / 100)
    )


def test_an_effect_that_comes_later_is_found_and_named():
    check = lateness_check(outcome_moved("tv", 2).draws)
    assert check.late[0] == "tv"  # one that moves with it may be suspected too
    assert check.z[0] > 2 * np.delete(check.z, 0).max()
    assert not check.ok
    assert f"tv (z {check.z[0]:.1f}, probability" in check.verdict
    assert "a week or two later than their kernels say" in check.verdict
    assert "carryover=Delayed() or Weibull() for tv" in check.recommendation
    assert isinstance(mmm.Channel(carryover=mmm.Delayed()).carryover, mmm.Delayed)


def test_an_effect_in_its_week_is_not_late():
    check = lateness_check(outcome_moved("tv", 0).draws)
    assert check.ok
    assert check.late == ()
    assert check.recommendation == ""
    assert "No effect is seen to come later" in check.verdict


def test_z_is_standard_normal_where_the_model_holds(posterior):
    whitened, rng = whiten(posterior.draws), np.random.default_rng(6)
    z = []
    for _ in range(200):
        z.append(lateness_check(posterior.draws, whitened=replace(whitened, residual=whitened.replicas(1, rng)[0])).z)
    # 600 of them, in three channels that hardly move together: the sd of their sd is 0.03, that of their mean 0.04
    assert np.std(z) == pytest.approx(1, abs=0.1)
    assert np.mean(z) == pytest.approx(0, abs=0.15)


def test_probabilities_are_one_sided_and_adjusted_for_the_number_of_channels():
    check = LatenessCheck(channels=("a", "b"), z=np.array([1.645, -4.0]), probability=np.array([0.05, 1.0]))
    np.testing.assert_allclose(check.adjusted, [1 - 0.95**2, 1])
    assert check.joint_probability == pytest.approx(0.0975)
    assert check.ok
    early = LatenessCheck(channels=("a",), z=np.array([-5.0]), probability=np.array([1.0]))
    assert early.ok


def test_what_comes_later_is_the_mean_of_earlier_periods():
    column = np.arange(5.0)
    np.testing.assert_allclose(later(column, [1]), [0, -1, -1, -1, -1])
    # brute force: the mean of the column one and two periods ago
    found = later(column**2, [1, 2])
    assert found[4] == pytest.approx((9 + 4) / 2 - 16)
    assert found[0] == 0
