"""Prior reliance: closed cases, and its meaning on the log scale."""

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from mmm.returns import prior_reliance, prior_reliance_of_returns, returns_by_horizon
from tests.conftest import with_parameters

NORMAL = np.random.default_rng(1).normal(size=(2, 500))


@pytest.mark.parametrize(("factor", "expected"), [(1.0, 1.0), (0.5, 0.5), (0.01, 0.01), (0.0, 0.0), (3.0, 1.0)])
@pytest.mark.parametrize("shift", [0.0, 40.0])
def test_it_is_the_ratio_of_spreads_wherever_they_lie_and_at_most_one(factor, expected, shift):
    assert prior_reliance(shift + factor * NORMAL, NORMAL) == pytest.approx(expected, abs=1e-12)


def test_a_prior_that_does_not_vary_has_no_reliance():
    assert np.isnan(prior_reliance(NORMAL, np.ones(10)))


@pytest.mark.parametrize("power", [1.0, 0.5, 0.1])
def test_of_returns_it_is_taken_on_the_log_scale_by_channel_and_horizon(power):
    draws = np.exp(np.random.default_rng(2).normal(size=(2, 300, 3, 2)))
    prior = xr.Dataset(
        {"money": (("chain", "draw", "channel", "horizon_weeks"), draws), "spend": ("channel", np.ones(3))}
    )
    reliance = prior_reliance_of_returns(prior.assign(money=5 * prior["money"] ** power), prior, variable="money")
    assert reliance.dims == ("channel", "horizon_weeks")
    assert_allclose(reliance, power)


def test_halving_the_log_spread_of_roi_halves_its_reliance_at_the_horizon_of_the_prior(posterior):
    halved = with_parameters(posterior, roi=lambda roi: roi**0.5)
    full, half = (returns_by_horizon(p.draws, horizons=(104.0,)) for p in (posterior, halved))
    reliance = prior_reliance_of_returns(half, full, variable="money")
    assert_allclose(reliance.sel(channel=["tv", "video", "radio"]), 0.5, rtol=1e-9)
