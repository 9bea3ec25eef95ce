"""Blocks in another order, and how well they explain the outcome."""

import numpy as np
import pytest
import xarray as xr

from mmm.posterior import random_stream
from mmm.validation.permutations import Strengths, block_orders, strength_of_regressors, strengths
from tests.conftest import build_data, build_frame, build_posterior, with_parameters

MONTH = 365.25 / 12 / 7


def orders(n=156, *, weeks=1.0, blocks=13, n_orders=30, seed=1):
    return block_orders(
        n, block_weeks=blocks, weeks_per_period=weeks, n_orders=n_orders, rng=random_stream(seed, "test")
    )


@pytest.mark.parametrize(("n", "weeks"), [(156, 1.0), (209, 1.0), (60, 1.0), (735, 1 / 7), (40, MONTH)])
def test_every_order_keeps_every_period_once_and_moves_most(n, weeks):
    made = orders(n, weeks=weeks)
    np.testing.assert_array_equal(np.sort(made, axis=1), np.tile(np.arange(n), (30, 1)))
    assert (made == np.arange(n)).mean() < 0.15
    assert len({order.tobytes() for order in made}) == 30


def test_within_blocks_periods_stay_neighbours():
    for order in orders():
        joints = (np.diff(order) % 156 != 1).sum()
        assert joints <= 12


def test_short_data_have_eight_blocks():
    for order in orders(52):
        assert 1 <= (np.diff(order) % 52 != 1).sum() <= 8


def test_blocks_leave_their_season():
    year = 365.25 / 7
    moved = (orders(208) - np.arange(208)) % year
    in_season = np.minimum(moved, year - moved) < 4
    # by chance a sixth of the weeks would land within four weeks of their season
    assert in_season.mean() < 0.05


def test_days_keep_their_day_of_the_week():
    made = orders(735, weeks=1 / 7)
    np.testing.assert_array_equal((made - np.arange(735)) % 7, 0)
    np.testing.assert_array_equal(orders(737, weeks=1 / 7)[:, -2:], np.tile([735, 736], (30, 1)))


def test_strength_is_the_estimate_over_its_sd_with_the_others_integrated_out():
    rng = np.random.default_rng(4)
    others, candidates, outcome = rng.normal(size=(30, 2)), rng.normal(size=(30, 3)), rng.normal(size=30)
    mean, spread = np.array([0.5, -1.0]), np.array([0.3, 2.0])
    covariance = np.eye(30) + others @ np.diag(spread**2) @ others.T
    found = strength_of_regressors(candidates, outcome=outcome, others=others, mean=mean, spread=spread)
    for place, x in enumerate(candidates.T):
        precision = x @ np.linalg.solve(covariance, x)
        estimate = x @ np.linalg.solve(covariance, outcome - others @ mean) / precision
        assert found[place] == pytest.approx(estimate * np.sqrt(precision))


def test_the_share_counts_the_real_spend_among_the_placebos():
    found = Strengths(("a", "b"), np.array([3.0, 0.5]), np.array([[1.0, 2.0, 2.9], [0.5, 0.4, 1.0]]))
    np.testing.assert_allclose(found.share_as_strong, [1 / 4, 3 / 4])


def test_spend_that_works_is_stronger_than_its_placebos_and_spend_that_does_not_is_not():
    frame = build_frame(104)
    rng = np.random.default_rng(8)
    frame["revenue"] = 20_000 + 1.5 * frame["tv"] + rng.normal(0, 500, 104)
    posterior = with_parameters(
        build_posterior(build_data(frame), n_draws=20),
        sigma=lambda old: xr.full_like(old, 500 / frame["revenue"].mean()),
        tau=lambda old: xr.full_like(old, 1e-4),
    )
    found = strengths(posterior, orders(104, n_orders=99))
    assert found.channels == ("tv", "video", "radio")
    assert found.placebo.shape == (3, 99)
    share = dict(zip(found.channels, found.share_as_strong, strict=True))
    assert share["tv"] == 0.01
    assert found.real[0] > 5
    assert min(share["video"], share["radio"]) > 0.05


def test_the_order_as_it_was_is_as_strong_as_the_real_spend(posterior):
    as_it_was = np.arange(posterior.data.n_periods)
    found = strengths(posterior, np.stack([as_it_was, as_it_was[::-1]]))
    np.testing.assert_allclose(found.placebo[:, 0], found.real)
    assert np.abs(found.placebo[:, 1] - found.real).min() > 1e-3


def test_history_stays_before_the_data_and_one_channel_is_enough():
    frame = build_frame(90)
    columns = {"date": "week", "outcome": "revenue", "spend": ["tv"], "controls": []}
    with_history = build_posterior(build_data(frame[30:], **columns, history=frame[:30]), n_draws=10)
    found = strengths(with_history, orders(60, n_orders=20))
    assert found.placebo.shape == (1, 20)
    assert np.isfinite(found.placebo).all()
