"""The simulated survey: its error, its wandering, its waves."""

import numpy as np
import pandas as pd
import pytest

from mmm.errors import SpecError
from mmm.simulate import TrackerRules
from mmm.simulate.tracker import awareness, survey

DATES = pd.date_range("2023-01-02", periods=156, freq="7D")


def ask(share, rules, *, seed=1):
    dates = pd.date_range("1990-01-01", periods=len(share), freq="7D")
    return survey(share, rules, dates=dates, weeks_per_period=1.0, rng=np.random.default_rng(seed))


@pytest.mark.parametrize(("people", "effect"), [(400, 1.0), (400, 2.0), (1000, 1.5)])
def test_the_error_is_as_large_as_a_sample_of_that_size_makes_it(people, effect):
    share = np.full(8000, 0.4)
    waves = ask(share, TrackerRules(sample_size=people, design_effect=effect, every_weeks=1))
    assert waves["awareness"].mean() == pytest.approx(0.4, abs=0.002)
    # a fixed seed: three standard errors of an sd
    assert waves["awareness"].std() == pytest.approx(np.sqrt(effect * 0.24 / people), rel=3 / np.sqrt(2 * 8000))
    assert (waves["sample_size"] == people).all()


def test_awareness_follows_the_stock_and_wanders():
    stock = np.linspace(1.0, 3.0, 156)
    still = awareness(stock, TrackerRules(walk=0.0), weeks_per_period=1.0, rng=np.random.default_rng(1))
    np.testing.assert_allclose(still, 0.3 + 0.1 * stock / 2.0, rtol=1e-12)
    ends = [
        awareness(stock, TrackerRules(), weeks_per_period=0.5, rng=np.random.default_rng(seed))[-1]
        for seed in range(400)
    ]
    # 155 half-weeks of 0.3 points per square root of a week
    assert np.std(ends) == pytest.approx(0.003 * np.sqrt(155 / 2), rel=3 / np.sqrt(800))


def test_without_a_slow_effect_there_is_nothing_to_follow():
    at = {"weeks_per_period": 1.0, "rng": np.random.default_rng(1)}
    np.testing.assert_array_equal(awareness(np.zeros(9), TrackerRules(walk=0.0), **at), np.full(9, 0.3))


def test_awareness_stays_a_share():
    at = {"weeks_per_period": 1.0, "rng": np.random.default_rng(1)}
    share = awareness(np.ones(500), TrackerRules(level=0.9, lift=0.09, walk=0.1), **at)
    assert share.min() >= 0.01
    assert share.max() <= 0.99
    assert ask(share, TrackerRules(sample_size=2))["awareness"].between(0, 1).all()


def test_waves_come_every_so_often_but_for_the_gap():
    share = np.full(156, 0.4)
    whole, holed = ask(share, TrackerRules()), ask(share, TrackerRules(gap_weeks=(26, 52)))
    assert list(whole.columns) == ["wave", "awareness", "sample_size"]
    assert len(whole) == 39
    weeks = (holed["wave"] - holed["wave"][0]).dt.days / 7
    assert not weeks.between(26, 52).any()
    # whoever was asked says the same
    kept = whole[whole["wave"].isin(holed["wave"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, holed)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"level": 1.0}, r"level=1.0 of a tracker is not a share"),
        ({"lift": 2.0}, r"lift=2.0 of a tracker is not a difference of two shares"),
        ({"walk": -0.1}, r"walk=-0.1 of a tracker is not a standard deviation"),
        ({"sample_size": 0}, r"sample_size=0 of a tracker is not 1 or more people"),
        ({"design_effect": 0.0}, r"design_effect=0.0 of a tracker is not a positive ratio"),
        ({"every_weeks": 0.0}, r"every_weeks=0.0 of a tracker is not a positive number of weeks"),
    ],
)
def test_trackers_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(SpecError, match=message):
        TrackerRules(**settings)
