"""The statistics of residuals: closed forms, brute-force twins, and what replicas are."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import mmm
from mmm.posterior.whitened import whiten
from mmm.validation.residual_tests import (
    adjusted_probabilities,
    autocorrelations,
    distance_from_uniform,
    kurtosis,
    misfit_columns,
    replicas_estimated_again,
    residual_statistics,
)
from tests.conftest import build_data, build_frame, build_posterior, with_parameters


@pytest.fixture(scope="module")
def whitened(posterior):
    """With media that are known, so that only the baseline is integrated out."""
    known = with_parameters(
        posterior,
        roi=lambda roi: xr.full_like(roi, 1.0),
        half_life=lambda old: xr.full_like(old, 1.0),
        saturation_level=lambda old: xr.full_like(old, 0.4),
        saturation_slope=lambda old: xr.full_like(old, 1.0),
        carry_in_level=lambda old: xr.full_like(old, 1.0),
        sigma=lambda old: xr.full_like(old, 0.03),
        tau=lambda old: xr.full_like(old, 0.005),
    )
    return whiten(known.draws)


def test_residuals_of_single_periods_are_those_of_a_period_predicted_from_all_others(whitened):
    inputs = whitened.draws.inputs
    outcome = inputs.outcome - whitened.contributions.mean(axis=0).sum(axis=1)
    covariance = 0.03**2 * np.eye(60) + 0.005**2 * inputs.design.walk_covariance
    found = residual_statistics(whitened, n_replicas=10, rng=np.random.default_rng(1))
    assert found.kept.all()
    for period in (0, 25, 59):
        # the coefficient of the period's own dummy, by generalised least squares beside the baseline's columns
        columns = np.column_stack([np.eye(60)[period], inputs.design.columns])
        solved = np.linalg.solve(covariance, columns)
        inverse = np.linalg.inv(columns.T @ solved)
        dummy = (inverse @ solved.T @ outcome)[0]
        assert found.residuals[period] == pytest.approx(dummy / np.sqrt(inverse[0, 0]), rel=1e-6)


def test_a_period_with_a_dummy_of_its_own_has_no_residual():
    frame = build_frame()
    frame["strike"] = (np.arange(60) == 30).astype(float)
    posterior = build_posterior(build_data(frame, controls=["price", "strike"]), n_draws=10)
    found = residual_statistics(whiten(posterior.draws), n_replicas=10, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(np.flatnonzero(~found.kept), [30])
    assert len(found.residuals) == 59


def test_replicas_are_noise_of_size_one_but_for_the_estimate_of_its_size(whitened):
    replicas = replicas_estimated_again(whitened, 400, np.random.default_rng(2))
    assert replicas.shape == (400, len(whitened.residual))
    # the mean square over 20,000 numbers, with the noise estimated from each row: 1 within a few per cent
    assert np.mean(replicas**2) == pytest.approx(1, abs=0.06)
    assert np.abs(replicas.mean()) < 0.03
    # and each row has very nearly the mean square that the likelihood gives it, whatever its own noise was
    assert (
        np.std(np.mean(replicas**2, axis=1))
        < 0.05
        < np.std(np.mean(whitened.replicas(400, np.random.default_rng(2)) ** 2, axis=1))
    )


def test_replicas_of_a_model_without_a_walk(national_data):
    posterior = build_posterior(national_data, mmm.ModelSpec(trend=mmm.Trend(walk=None)), n_draws=20)
    replicas = replicas_estimated_again(whiten(posterior.draws), 50, np.random.default_rng(2))
    assert np.isfinite(replicas).all()


def test_statistics_of_the_fit_are_found_as_those_of_replicas_are(whitened):
    found = residual_statistics(whitened, n_replicas=300, rng=np.random.default_rng(3))
    assert found.names == (
        "autocorrelation",
        "distribution",
        "tails",
        "spread",
        "media tv",
        "media video",
        "media radio",
    )
    assert found.replicas.shape == (300, 7)
    # four regressors for each channel, none of which known media could have followed: chi-square, mean 4
    np.testing.assert_allclose(found.replicas[:, 4:].mean(axis=0), 4, atol=0.7)
    assert 2.5 < found.outlier_limit < 4.5  # the largest of sixty normal numbers exceeds 3.3 once in twenty
    lower, upper = found.autocorrelation_limits
    assert (lower < upper).all()
    assert len(found.autocorrelations) == 13


def test_each_kind_of_misfit_raises_its_own_statistic(whitened):
    inputs, rng = whitened.draws.inputs, np.random.default_rng(4)
    noise = rng.standard_normal(60)

    def probability(residual_over_time):
        rotated = inputs.rotation.matrix @ (0.03 * residual_over_time) / whitened.scale
        found = residual_statistics(replace(whitened, residual=rotated), n_replicas=300, rng=np.random.default_rng(5))
        own = (found.replicas >= found.observed).mean(axis=0)
        return dict(zip(found.names, own, strict=True))

    sound = probability(noise)
    assert min(sound.values()) > 0.02
    ripple = probability(noise + 2 * (-1.0) ** np.arange(60))
    assert ripple["autocorrelation"] == 0
    spike = probability(noise + 8 * (np.arange(60) == 33))
    assert spike["tails"] == 0
    growing = probability(noise * np.linspace(0.1, 3, 60) ** 2)
    assert growing["spread"] == 0
    late = misfit_columns(inputs.driver[:, 0], start=0, weeks_per_period=1.0)[:, 2]
    lagged = probability(noise + 4 * (late - late.mean()) / late.std())
    assert lagged["media tv"] == 0


def test_probabilities_are_adjusted_as_the_smallest_of_replicas_is_distributed():
    rng = np.random.default_rng(6)
    replicas = rng.standard_normal((999, 5))
    # five independent checks at 1% each: 1 - 0.99^5 = 4.9%, with a Monte Carlo error of 0.7 points
    edge = np.quantile(replicas, 0.99, axis=0)
    np.testing.assert_allclose(adjusted_probabilities(edge, replicas), 0.049, atol=0.02)
    assert (adjusted_probabilities(np.full(5, -9.0), replicas) == 1).all()
    assert adjusted_probabilities(np.full(5, 9.0), replicas).max() == 1 / 1000


def test_closed_forms():
    ones = np.ones((1, 50))
    np.testing.assert_allclose(autocorrelations(ones, 3)[0], [0.98, 0.96, 0.94])
    normal = np.random.default_rng(7).standard_normal((1, 200_000))
    assert kurtosis(normal)[0] == pytest.approx(3, abs=0.05)
    assert kurtosis(7 * normal)[0] == pytest.approx(kurtosis(normal)[0])
    assert distance_from_uniform(normal)[0] < 0.005
    assert distance_from_uniform(np.full((1, 9), 9.0))[0] == pytest.approx(1)


@pytest.mark.parametrize(("start", "weeks", "recent", "far"), [(0, 1.0, 4, 13), (5, 1.0, 4, 13), (0, 1 / 7, 28, 91)])
def test_earlier_spend_is_a_mean_of_lags_with_history_where_there_is_some(start, weeks, recent, far):
    driver = np.random.default_rng(8).gamma(2.0, 1.0, 200)
    columns = misfit_columns(driver, start=start, weeks_per_period=weeks)
    assert columns.shape == (200 - start, 4)
    row = 150
    at = row + start
    np.testing.assert_allclose(columns[row, :2], [driver[at], driver[at] ** 2])
    assert columns[row, 2] == pytest.approx(driver[at - recent : at].mean())
    assert columns[row, 3] == pytest.approx(driver[at - far : at - recent].mean())
    # before anything is known, spend counts as usual
    known = [*np.full(recent, driver.mean()), *driver[:start]][-recent:]
    assert columns[0, 2] == pytest.approx(np.mean(known))
