"""What the error of a forecast says of each channel, against brute force."""

import numpy as np
import pytest
from scipy import stats

from mmm.refreshing.channel_changes import CHANGE, bayes_factors, changes, power_to_find
from mmm.refreshing.forecast_check import AMBER, RED, check_forecast
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
    z = np.stack([changes(one, S, check.media.mean("draw").values)[2] for one in error])
    # 200 draws of a skewed predictive, three channels: two standard errors of 5% are about 3%
    assert np.mean(np.abs(z) > 2) == pytest.approx(0.046, abs=0.03)


@pytest.mark.parametrize("n_channels", [1, 2, 5])
def test_bayes_factors_are_those_of_every_way_written_out(n_channels):
    error, S, X = made_up(n_channels, seed=n_channels)
    error = 3 * error

    def likelihood(*changed):
        way = X[:, list(changed)]
        return stats.multivariate_normal(cov=S + CHANGE**2 * way @ way.T).pdf(error)

    every = range(n_channels)
    expected = []
    for channel in every:
        others = [other for other in every if other != channel]
        expected.append((likelihood(channel) + likelihood(*every)) / (likelihood() + likelihood(*others)))
    np.testing.assert_allclose(bayes_factors(error, S, X), expected)


def test_a_channel_of_which_nothing_can_be_said_is_not_accused_because_the_others_did_not_change():
    """Eight channels of which seven surely brought what was expected; the last one was silent."""
    _, S, X = made_up(8)
    factors = bayes_factors(np.zeros(13), S, 100 * X * ([1] * 7 + [0]))
    assert (factors[:7] < 0.5).all()
    assert factors[7] == pytest.approx(1)


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
    by_factor = np.mean(bayes_factors(errors, S, X) > 1.5, axis=0)
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
    error, S, X = check.draws - check.draws.mean(axis=0), np.cov(check.draws.T), check.media.mean("draw").values
    factors = bayes_factors(error, S, X)
    assert np.mean(factors > AMBER) < 0.1
    assert np.mean(factors > RED) < 0.02


def test_many_errors_are_judged_as_one_by_one():
    _, S, X = made_up(4)
    errors = np.random.default_rng(1).normal(size=(20, 13)) - 0.3 * X[:, 1]
    one_by_one = np.stack([bayes_factors(error, S, X) for error in errors])
    np.testing.assert_allclose(bayes_factors(errors, S, X), one_by_one)


def test_power_is_how_often_a_half_is_flagged():
    """By brute force: flags of other errors of the same distribution; 4,000 each, standard errors below 1%."""
    rng = np.random.default_rng(4)
    expected = rng.gamma(4, 1, (13, 3)) * [8, 3, 0.5]
    S = 10**2 * (np.eye(13) + 0.5)
    size = rng.lognormal(-0.08, 0.4, (2, 4000, 1, 3))
    first, second = size * expected
    errors = rng.multivariate_normal(np.zeros(13), S, (2, 4000))
    power = power_to_find(errors[0], S, first, limit=1.5)
    for channel, said in enumerate(power):
        happened = errors[1] - 0.5 * second[..., channel]
        flagged = [bayes_factors(one, S, expected)[channel] > 1.5 for one in happened]
        # the channel's expected media are known to 1% there
        assert said == pytest.approx(np.mean(flagged), abs=0.04)
    assert power[0] > 0.7 > power[1] > 0.1 > power[2]


def test_a_channel_that_was_silent_is_never_found():
    _, S, X = made_up(2)
    errors = np.random.default_rng(1).multivariate_normal(np.zeros(13), S, 100)
    media = np.tile(X * [1, 0], (100, 1, 1))
    assert power_to_find(errors, S, media, limit=1.5)[1] == 0


def test_power_of_one_channel_in_one_period_is_a_tail_of_the_normal():
    """The Bayes factor is a function of the squared error alone, so that a flag is an error beyond some size."""
    rng = np.random.default_rng(2)
    grid = np.linspace(0, 10, 100_001)
    edge = grid[bayes_factors(grid[:, None], np.eye(1), np.full((1, 1), 6.0))[:, 0] > 1.5][0]
    expected = stats.norm.cdf(3 - edge) + stats.norm.cdf(-3 - edge)
    power = power_to_find(rng.normal(size=(40_000, 1)), np.eye(1), np.full((40_000, 1, 1), 6.0), limit=1.5)
    assert power == pytest.approx([expected], abs=0.01)  # two standard errors are 0.005
