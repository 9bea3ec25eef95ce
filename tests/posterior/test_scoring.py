"""Scores against closed forms, integrals by brute force, and what they are for: honesty pays."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, stats

from mmm.errors import ReportError
from mmm.posterior.scoring import covered, crps, equal_tailed, interval_score, pit


def crps_normal(mean, sd, y):
    """Gneiting and Raftery (2007), equation 21."""
    z = (y - mean) / sd
    return sd * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))


@pytest.mark.parametrize("y", [-2.0, 0.3, 1.0, 4.0])
def test_crps_of_an_empirical_distribution_is_the_integral_that_defines_it(y):
    draws = np.random.default_rng(1).gamma(2.0, size=17)
    edges = np.sort(np.r_[draws, y])

    def loss(x):
        return (np.mean(draws <= x) - (y <= x)) ** 2

    # constant between the edges, and zero outside of them
    exact = sum(loss((a + b) / 2) * (b - a) for a, b in pairwise(edges))
    assert crps(draws=draws, observed=y) == pytest.approx(exact, rel=1e-12)


def test_crps_of_a_normal_is_its_closed_form():
    mean, sd, y = 3.0, 0.7, np.array([1.5, 3.0, 3.9])
    # a fine grid of quantiles in place of draws: no Monte Carlo error, and an error of the grid of order 1/n
    grid = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000, mean, sd)
    np.testing.assert_allclose(crps(draws=np.tile(grid[:, None], 3), observed=y), crps_normal(mean, sd, y), rtol=1e-4)


def test_the_closed_form_that_is_compared_with_is_the_integral():
    for y in (-1.0, 2.5):
        left = integrate.quad(lambda x: stats.norm.cdf(x) ** 2, -12, y)[0]
        right = integrate.quad(lambda x: stats.norm.sf(x) ** 2, y, 12)[0]
        assert crps_normal(0.0, 1.0, y) == pytest.approx(left + right, rel=1e-7)


def test_crps_by_all_pairs_and_in_any_shape():
    rng = np.random.default_rng(2)
    draws, y = rng.normal(size=(40, 3, 2)), rng.normal(size=(3, 2))
    pairs = np.abs(draws[:, None] - draws[None]).mean(axis=(0, 1))
    np.testing.assert_allclose(crps(draws=draws, observed=y), np.abs(draws - y).mean(axis=0) - pairs / 2, rtol=1e-12)


def test_crps_moves_with_the_unit_and_not_with_the_origin():
    rng = np.random.default_rng(3)
    draws, y = rng.normal(size=(30, 4)), rng.normal(size=4)
    scored = crps(draws=draws, observed=y)
    np.testing.assert_allclose(crps(draws=100 + 5 * draws, observed=100 + 5 * y), 5 * scored, rtol=1e-9)
    np.testing.assert_allclose(crps(draws=draws[::-1], observed=y), scored, rtol=1e-12)


@pytest.mark.parametrize("said", [(0.4, 1.0), (0.0, 0.5), (0.0, 2.0)], ids=["biased", "too sure", "too wide"])
def test_honesty_pays_in_both_scores(said):
    mean, sd = said
    z = stats.norm.ppf((np.arange(2000) + 0.5) / 2000)
    seen = z[::10]  # what happens is standard normal

    def losses(mean, sd):
        grid = np.tile((mean + sd * z)[:, None], len(seen))
        lower, upper = equal_tailed(draws=grid, prob=0.8)
        scores = interval_score(lower=lower, upper=upper, observed=seen, prob=0.8)
        return crps(draws=grid, observed=seen).mean(), scores.mean()

    honest, other = losses(0.0, 1.0), losses(mean, sd)
    assert honest[0] < other[0]
    assert honest[1] < other[1]


def test_interval_score_is_the_pinball_losses_of_its_ends():
    rng = np.random.default_rng(4)
    lower, y, prob = rng.normal(size=50), 3 * rng.normal(size=50), 0.8
    upper = lower + rng.gamma(1.0, size=50)

    def pinball(q, level):
        return np.where(y >= q, level * (y - q), (1 - level) * (q - y))

    expected = 2 / (1 - prob) * (pinball(lower, 0.1) + pinball(upper, 0.9))
    np.testing.assert_allclose(interval_score(lower=lower, upper=upper, observed=y, prob=prob), expected, rtol=1e-12)


def test_pit_of_calibrated_forecasts_is_uniform_and_of_those_too_sure_is_not():
    rng = np.random.default_rng(5)
    centre = rng.normal(size=400)
    draws = centre + rng.normal(size=(500, 400))
    seen = centre + rng.normal(size=400)
    assert stats.kstest(pit(draws=draws, observed=seen), "uniform").pvalue > 0.01
    assert stats.kstest(pit(draws=centre + 0.5 * (draws - centre), observed=seen), "uniform").pvalue < 1e-6


def test_pit_agrees_with_coverage():
    rng = np.random.default_rng(6)
    draws, seen = rng.normal(size=(1001, 200)), rng.normal(size=200)
    lower, upper = equal_tailed(draws=draws, prob=0.5)
    inside = covered(lower=lower, upper=upper, observed=seen)
    at = pit(draws=draws, observed=seen)
    # the ends are draws themselves, so that the two may differ by half a draw
    clear = np.minimum(abs(at - 0.25), abs(at - 0.75)) > 1 / 1001
    np.testing.assert_array_equal(inside[clear], (abs(at - 0.5) < 0.25)[clear])
    assert clear.mean() > 0.9


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: crps(draws=np.ones((4, 2)), observed=np.ones(3)), r"\(4, 2\) for observations of shape \(3,\)"),
        (lambda: crps(draws=[], observed=1.0), "shape"),
        (lambda: pit(draws=1.0, observed=1.0), "shape"),
        (lambda: equal_tailed(draws=np.ones(3), prob=90), "prob=90"),
        (lambda: interval_score(lower=0, upper=1, observed=0, prob=1.0), r"prob=1\.0"),
        (lambda: interval_score(lower=2, upper=1, observed=0, prob=0.9), "ends before it begins"),
    ],
    ids=["shapes", "no draws", "no axis", "per cent", "certainty", "exchanged"],
)
def test_what_makes_no_sense_is_refused(call, message):
    with pytest.raises(ReportError, match=message):
        call()
