"""The whitened residual and the score test, against the linear model in which both are exact."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from mmm.posterior import whitened as module
from mmm.posterior.whitened import ScoreTest, thinned, whiten
from tests.conftest import with_parameters


@pytest.fixture(scope="module")
def whitened(posterior):
    return whiten(posterior.draws)


def linear(whitened, *, prior_sd, seed=1, n_media=3):
    """The posterior of ``z = M a + noise`` with ``a ~ N(0, prior_sd^2)``, in place of that of the draws."""
    rng = np.random.default_rng(seed)
    n = len(whitened.residual)
    media, outcome = rng.standard_normal((n, n_media)), rng.standard_normal(n)
    beliefs = prior_sd**2 * media @ media.T
    follows = beliefs @ np.linalg.inv(beliefs + np.eye(n))  # posterior covariance of M a, and what maps z to its mean
    values, vectors = np.linalg.eigh(follows)
    made = replace(
        whitened,
        residual=outcome - follows @ outcome,
        directions=vectors.T[-n_media:],
        leverages=values[-n_media:],
    )
    return made, outcome, beliefs + np.eye(n), follows


def columns_of(whitened, regressors):
    """Columns over time whose whitened form is ``regressors``."""
    return whitened.draws.inputs.rotation.matrix.T @ (regressors * whitened.scale[:, None])


def test_residual_scale_and_leverages_are_mean_and_covariance_over_draws(posterior, whitened):
    draws = posterior.draws
    media = draws.contributions().sum("channel").values[:, :, 0].reshape(200, -1) / draws.scales.outcome
    rotation = draws.inputs.rotation
    sigma, tau = (draws.parameters[name].values.reshape(-1, 1) for name in ("sigma", "tau"))
    scale = np.sqrt((sigma**2 + tau**2 * rotation.walk_variances).mean(axis=0))
    by_draw = (draws.inputs.outcome - media) @ rotation.matrix.T / scale
    np.testing.assert_allclose(whitened.scale, scale)
    np.testing.assert_allclose(whitened.residual, by_draw.mean(axis=0), atol=1e-12)
    unclipped = np.linalg.svd(by_draw - by_draw.mean(axis=0), compute_uv=False) ** 2 / 199
    np.testing.assert_allclose(whitened.leverages, np.minimum(unclipped[: len(whitened.leverages)], 1), atol=1e-12)
    np.testing.assert_allclose(whitened.directions @ whitened.directions.T, np.eye(len(whitened.leverages)), atol=1e-9)


def test_the_score_test_is_generalised_least_squares_without_the_parameters(whitened):
    # leverages of 0.05 and less: nothing is taken out, and the two are the same to rounding
    made, outcome, covariance, _ = linear(whitened, prior_sd=0.02)
    assert made.leverages.max() < module.FOLLOWED
    regressors = np.random.default_rng(2).standard_normal((len(outcome), 2))
    solved = np.linalg.solve(covariance, regressors)
    information = regressors.T @ solved
    found = made.score(columns_of(made, regressors))
    np.testing.assert_allclose(found.z, outcome @ solved / np.sqrt(np.diag(information)), rtol=1e-8)
    joint = outcome @ solved @ np.linalg.solve(information, solved.T @ outcome)
    assert found.statistic == pytest.approx(joint, rel=1e-8)
    assert found.dof == 2


def test_what_media_could_follow_is_taken_out_of_every_regressor(whitened):
    made, outcome, _, _ = linear(whitened, prior_sd=10.0)
    assert made.leverages.min() > module.FOLLOWED
    found = made.score(columns_of(made, made.directions.T))
    np.testing.assert_array_equal(found.z, 0)
    assert (found.dof, found.statistic, found.probability) == (0, 0.0, 1.0)
    # and of a regressor that is only partly media, the part that is not
    other = np.random.default_rng(3).standard_normal((len(outcome), 1))
    apart = other - made.directions.T @ (made.directions @ other)
    expected = (made.residual @ apart)[0] / np.linalg.norm(apart)
    assert made.score(columns_of(made, other)).z[0] == pytest.approx(expected)


def test_replicas_have_the_covariance_of_a_fitted_residual(whitened):
    made, _, _, follows = linear(whitened, prior_sd=0.1)
    n = len(made.residual)

    class Identity:
        @staticmethod
        def standard_normal(shape):
            assert shape == (n, n)
            return np.eye(n)

    root = made.replicas(n, Identity())
    np.testing.assert_allclose(root.T @ root, np.eye(n) - follows, atol=1e-9)


def test_columns_of_the_baseline_and_copies_leave_nothing_to_test(whitened):
    design = whitened.draws.inputs.design.columns
    assert whitened.score(design).dof == 0
    spike = np.zeros((design.shape[0], 1))
    spike[20] = 1e6  # in whatever unit
    once, twice = whitened.score(spike), whitened.score(np.hstack([spike, -spike / 1e6]))
    assert (once.dof, twice.dof) == (1, 1)
    assert twice.statistic == pytest.approx(once.statistic)
    assert twice.z[1] == pytest.approx(-once.z[0])


def test_the_probability_is_that_of_a_chi_square():
    assert ScoreTest(np.zeros(1), 3.841459, 1).probability == pytest.approx(0.05, abs=1e-6)
    assert ScoreTest(np.zeros(2), 2 * np.log(20), 2).probability == pytest.approx(0.05)


def test_without_a_walk_the_scale_is_the_noise(posterior):
    draws = with_parameters(posterior, sigma=lambda sigma: xr.full_like(sigma, 0.03)).draws
    draws = replace(draws, parameters=draws.parameters.drop_vars("tau"))
    np.testing.assert_allclose(whiten(draws).scale, 0.03)


def test_thinned_draws_are_spread_over_every_chain(posterior):
    kept = thinned(posterior.draws, 20).parameters
    assert dict(kept.sizes)["chain"] == 2
    np.testing.assert_array_equal(kept["draw"], [0, 11, 22, 33, 44, 55, 66, 77, 88, 99])
    assert thinned(posterior.draws, 10_000).parameters.sizes["draw"] == 100
