"""What the error of a forecast says of each channel, against brute force."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from mmm.refreshing.channel_changes import CHANGE, NONE, ONE, TWO, bayes_factors, changes
from mmm.refreshing.forecast_check import check_forecast
from tests.conftest import build_data
from tests.refreshing.test_vintages import longer


def made_up(n_channels, *, seed=3):
    rng = np.random.default_rng(seed)
    X, root = rng.gamma(2, 1, (13, n_channels)), rng.normal(size=(13, 13))
    return rng.normal(size=13), root @ root.T + np.eye(13), X


def test_what_a_channel_brought_is_generalised_least_squares_with_a_prior():
    error, S, X = made_up(3)
    change, spread, z = changes(error, S, X)
    # the same by brute force: the joint Gaussian of error and changes, conditioned
    joint = X @ X.T * 0.25 + S
    gain = 0.25 * X.T @ np.linalg.inv(joint)
    np.testing.assert_allclose(change, gain @ error)
    np.testing.assert_allclose(spread**2, np.diag(0.25 * np.eye(3) - gain @ X * 0.25))
    np.testing.assert_allclose(z, change / np.sqrt(np.diag(gain @ S @ gain.T)))


def test_what_the_forecast_itself_draws_raises_as_many_alarms_as_it_says(posterior):
    check = check_forecast(posterior, build_data(longer()))
    error, S = check.draws - check.draws.mean(axis=0), np.cov(check.draws.T)
    z = np.stack([changes(one, S, check.media.to_numpy())[2] for one in error])
    # 200 draws of a skewed predictive, three channels: two standard errors of 5% are about 3%
    assert np.mean(np.abs(z) > 2) == pytest.approx(0.046, abs=0.03)


@pytest.mark.parametrize("n_channels", [1, 2, 5])
def test_bayes_factors_are_those_of_every_way_written_out(n_channels):
    error, S, X = made_up(n_channels, seed=n_channels)
    error = 3 * error
    posterior, prior = np.zeros((2, n_channels)), np.zeros((2, n_channels))
    for size, probability in enumerate((NONE, ONE, TWO)):
        ways = list(combinations(range(n_channels), size))
        for way in ways:
            changed = X[:, list(way)]
            evidence = stats.multivariate_normal(cov=S + CHANGE**2 * changed @ changed.T).pdf(error)
            is_in = np.isin(np.arange(n_channels), way)
            for side, rows in enumerate((is_in, ~is_in)):
                prior[side, rows] += probability / len(ways)
                posterior[side, rows] += probability / len(ways) * evidence
    expected = (posterior[0] / posterior[1]) / (prior[0] / prior[1])
    np.testing.assert_allclose(bayes_factors(error, S, X), expected)


def test_an_error_that_says_nothing_of_a_channel_leaves_its_odds():
    error, S, _ = made_up(1)
    np.testing.assert_allclose(bayes_factors(error, S, np.zeros((13, 4))), 1.0)


def test_a_channel_that_changed_is_seen_as_often_and_raises_fewer_others_than_by_z():
    """Three channels on air together, one of which brings half: 2,000 forecasts, standard errors about 1%."""
    rng = np.random.default_rng(5)
    common = rng.gamma(4, 1, 13)
    X = common[:, None] * [20, 4, 6] + rng.gamma(2, 0.5, (13, 3)) * [0, 4, 6]
    S = 20**2 * (np.eye(13) + 4 * np.ones((13, 13)))
    errors = rng.multivariate_normal(-0.5 * X[:, 0], S, 2000)
    by_z = np.mean([np.abs(changes(one, S, X)[2]) > 2 for one in errors], axis=0)
    by_factor = np.mean([bayes_factors(one, S, X) > 1.5 for one in errors], axis=0)
    assert by_factor[0] > by_z[0]
    assert by_factor[1:].mean() < 0.75 * by_z[1:].mean()


def test_a_sure_change_has_finite_odds_and_an_impossible_error_no_warning():
    _, S, X = made_up(3)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        factors = bayes_factors(-1000 * X[:, 0], S, X)
    assert factors[0] == pytest.approx(1e6)
    assert np.isfinite(factors).all()


def test_what_the_forecast_itself_draws_raises_few_flags(posterior):
    """By Markov's inequality a Bayes factor is beyond 3 in no more than a third of draws; in fact far fewer are."""
    check = check_forecast(posterior, build_data(longer()))
    error, S, X = check.draws - check.draws.mean(axis=0), np.cov(check.draws.T), check.media.to_numpy()
    factors = np.stack([bayes_factors(one, S, X) for one in error])
    assert np.mean(factors > 1.5) < 0.05
    assert np.mean(factors > 3) < 0.02
