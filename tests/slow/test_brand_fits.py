"""Real fits of brand channels: that they converge, that the truth is where they say, and what the data told."""

import numpy as np
import pytest

import mmm
from mmm.returns import payback_draws, returns_by_horizon
from mmm.simulate import TrackerRules

pytestmark = pytest.mark.slow


def test_three_brand_channels_by_month_are_fitted_without_divergences():
    brand = ["tv", "video", "outdoor"]
    data, truth = mmm.simulate.world(
        seed=11, frequency="monthly", n_periods=84, channels=[*brand, "search"], brand=brand
    )
    posterior = mmm.fit(data, brand=brand, seed=1, progress=False)
    assert posterior.ok, posterior.diagnosis
    assert posterior.diagnosis.divergences == 0
    shared = posterior.draws.parameters["slow_half_life"]
    assert (shared == shared[..., :1]).all()
    # what is learnt of one share moves the others: beforehand they are correlated, and the data hardly speak
    odds = np.log(
        posterior.prior.parameters["slow_share"].values[0] / (1 - posterior.prior.parameters["slow_share"].values[0])
    )
    np.testing.assert_allclose(np.corrcoef(odds.T)[0, 1], 1 - 0.25 / 0.81, atol=0.05)
    in_the_interval(posterior, truth, brand)


def test_history_tracker_and_a_saved_file(tmp_path):
    rules = TrackerRules(sample_size=4000, every_weeks=2, walk=0.001, gap_weeks=(40, 70))
    world = {
        "seed": 3, "channels": ["tv", "search"], "brand": ["tv"], "plans": {"tv": "long_flights"},
        "past": "same_plan", "history": True,
    }  # fmt: skip
    without = mmm.fit(mmm.simulate.world(**world)[0], brand=["tv"], seed=1, progress=False)
    data, truth = mmm.simulate.world(**world, tracker=rules)
    posterior = mmm.fit(data, brand=["tv"], seed=1, progress=False)
    for fitted in (without, posterior):
        assert fitted.ok, fitted.diagnosis
        in_the_interval(fitted, truth, ["tv"])
    # a tracker sees how fast the brand fades; it does not see what a point of it is worth
    before, after = (np.log(fitted.draws.parameters["slow_half_life"].values).std() for fitted in (without, posterior))
    assert after < 0.95 * before
    posterior.save(tmp_path / "fit.nc")
    again = mmm.load(tmp_path / "fit.nc")
    np.testing.assert_array_equal(
        payback_draws(again.draws, horizon_weeks=104)["npv"], payback_draws(posterior.draws, horizon_weeks=104)["npv"]
    )


def in_the_interval(posterior, truth, brand):
    """The truth of one fixed world lies in a 99.8% interval: a correct model misses one in 500."""
    returns = returns_by_horizon(posterior.draws, horizons=(13, 104))
    for channel in brand:
        for weeks in (13, 104):
            roi = returns["money"].sel(channel=channel, horizon_weeks=weeks) / returns["spend"].sel(channel=channel)
            lower, upper = np.quantile(roi, [0.001, 0.999])
            assert lower < truth.roi(channel, weeks) < upper, (channel, weeks)
