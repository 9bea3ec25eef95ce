"""Priors against SciPy, the scale of comparison, and an interval that people can state."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st
from scipy import stats

from mmm.errors import SpecError
from mmm.model.priors import Beta, HalfNormal, LogitNormal, LogNormal, Normal, Prior
from tests.model.conftest import repeatable

BOUNDED = LogNormal(median=30.0, sigma=0.45, lower=10.0, upper=120.0)


class LogOf:
    """Exponential of SciPy's truncated normal."""

    def __init__(self, low, high, mean, sd):
        self.log = stats.truncnorm((low - mean) / sd, (high - mean) / sd, loc=mean, scale=sd)

    def ppf(self, probability):
        return np.exp(self.log.ppf(probability))

    def cdf(self, value):
        return self.log.cdf(np.log(value))


class OddsOf:
    """Logistic function of SciPy's normal."""

    def __init__(self, mean, sd):
        self.odds = stats.norm(mean, sd)

    def ppf(self, probability):
        return 1 / (1 + np.exp(-self.odds.ppf(probability)))

    def cdf(self, value):
        return self.odds.cdf(np.log(value / (1 - value)))


PAIRS = [
    pytest.param(LogNormal(median=2.0, sigma=0.7), stats.lognorm(s=0.7, scale=2.0), id="lognormal"),
    pytest.param(HalfNormal(sigma=0.3), stats.halfnorm(scale=0.3), id="halfnormal"),
    pytest.param(Beta(alpha=2, beta=3), stats.beta(2, 3), id="beta"),
    pytest.param(Normal(mean=1.0, sigma=0.2), stats.norm(1.0, 0.2), id="normal"),
    pytest.param(BOUNDED, LogOf(np.log(10), np.log(120), np.log(30), 0.45), id="bounded lognormal"),
    pytest.param(LogitNormal(median=0.7, sigma=0.9), OddsOf(np.log(0.7 / 0.3), 0.9), id="logitnormal"),
]
with_scipy = pytest.mark.parametrize(("prior", "reference"), PAIRS)


@with_scipy
def test_intervals_are_equal_tailed_quantiles(prior, reference):
    for prob in (0.5, 0.9, 0.99):
        np.testing.assert_allclose(prior.interval(prob), reference.ppf([0.5 - prob / 2, 0.5 + prob / 2]), rtol=1e-12)
        assert all(type(edge) is float for edge in prior.interval(prob))


@with_scipy
def test_samples_follow_the_distribution_and_the_generator(prior, reference):
    sample = prior.sample(np.random.default_rng(1), 4000)
    assert sample.shape == (4000,)
    # a fixed seed: this is one number, not a test that fails one time in a thousand
    assert stats.kstest(sample, reference.cdf).pvalue > 0.01
    np.testing.assert_array_equal(sample, prior.sample(np.random.default_rng(1), 4000))


@with_scipy
def test_standardised_the_prior_is_a_standard_normal(prior, reference):
    shares = np.linspace(0.001, 0.999, 41)
    np.testing.assert_allclose(prior.standardise(reference.ppf(shares)), stats.norm.ppf(shares), atol=1e-9)
    assert prior.standardise(reference.ppf(shares).reshape(41, 1)).shape == (41, 1)
    assert np.isfinite(prior.standardise([1e-12, 1 - 1e-12])).all()


def test_the_quantile_grid_is_the_prior_without_noise():
    prior = LogNormal(median=3, sigma=0.4)
    grid = prior.quantile_grid(4000)
    assert np.median(grid) == pytest.approx(3, rel=1e-3)
    # the grid leaves out the last eighth of a thousandth on either side
    assert prior.standardise(grid).std() == pytest.approx(1, rel=2e-3)


def test_a_half_normal_that_the_data_shrank_is_seen_to_have_shrunk():
    prior, shrunk = HalfNormal(sigma=1.0), HalfNormal(sigma=0.05)
    spread = prior.standardise(shrunk.quantile_grid(4000)).std()
    assert spread < 0.6


@repeatable
@given(lower=st.floats(1e-3, 10), ratio=st.floats(1.01, 1e3), prob=st.floats(0.05, 0.999))
def test_from_interval_gives_back_the_interval(lower, ratio, prob):
    upper = lower * ratio
    assume(upper > lower)
    prior = LogNormal.from_interval(lower, upper, prob=prob)
    np.testing.assert_allclose(prior.interval(prob), (lower, upper), rtol=1e-9)
    assert prior.median == pytest.approx(math.sqrt(lower * upper))


@pytest.mark.parametrize(
    ("lower", "upper", "prob"),
    [
        (2.0, 1.0, 0.9),
        (1.0, 1.0, 0.9),
        (0.0, 1.0, 0.9),
        (-1.0, 1.0, 0.9),
        (math.nan, 1.0, 0.9),
        (1.0, 2.0, 1.0),
        (1.0, 2.0, 90),
    ],
)
def test_from_interval_refuses_what_is_no_interval(lower, upper, prob):
    with pytest.raises(SpecError) as caught:
        LogNormal.from_interval(lower, upper, prob=prob)
    assert caught.value.what == f"from_interval got lower={lower}, upper={upper}, prob={prob}"
    assert "0 < lower < upper" in caught.value.why
    assert "LogNormal.from_interval(0.5, 3.0, prob=0.9)" in caught.value.fix


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: LogNormal(median=0, sigma=1), r"LogNormal\.median = 0: Input should be greater than 0"),
        (lambda: LogNormal(median=1, sigma=math.inf), r"LogNormal\.sigma = inf: Input should be a finite number"),
        (lambda: LogNormal(median=math.nan, sigma=1), r"LogNormal\.median = nan: Input should be"),
        (lambda: LogNormal.from_interval(1.0, math.inf), r"LogNormal\.median = inf"),
        (lambda: HalfNormal(sigma=-1), r"HalfNormal\.sigma = -1: Input should be greater than 0"),
        (lambda: HalfNormal(sigma="wide"), r"HalfNormal\.sigma = 'wide': .*valid number"),
        (lambda: Beta(alpha=2), r"Beta\.beta is missing"),
        (lambda: Beta(alpha=2, betta=3, beta=3), r"Beta has no field 'betta'; did you mean 'beta'\?"),
        (
            lambda: LogNormal(family="beta", median=1, sigma=1),
            r"LogNormal\.family = 'beta': Input should be 'lognormal'",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(build, message):
    with pytest.raises(SpecError, match=message):
        build()


@with_scipy
def test_round_trip_through_json(prior, reference):
    again = type(prior).model_validate_json(prior.model_dump_json())
    assert again == prior
    assert hash(again) == hash(prior)
    assert again.interval(0.9) == pytest.approx(tuple(reference.ppf([0.05, 0.95])))


def test_the_base_cannot_be_used_by_itself():
    with pytest.raises(TypeError, match="abstract"):
        Prior()


def test_nothing_lies_beyond_the_bounds():
    assert BOUNDED.is_bounded
    sample = BOUNDED.sample(np.random.default_rng(1), 4000)
    assert sample.min() >= 10
    assert sample.max() <= 120
    np.testing.assert_allclose(BOUNDED.cumulative([5.0, 10.0, 120.0, 300.0]), [0, 0, 1, 1], atol=1e-12)


def test_a_median_beyond_its_bounds_is_refused():
    with pytest.raises(SpecError, match="median 30 is not between the bounds 40 and inf"):
        LogNormal(median=30, sigma=0.4, lower=40)


def test_the_log_density_is_that_of_the_scale_on_which_the_family_is_written_down():
    value, share = np.array([0.02, 0.7, 3.0]), np.array([0.02, 0.4, 0.97])
    np.testing.assert_allclose(
        LogNormal(median=2.0, sigma=0.7).log_density(value), stats.norm(np.log(2), 0.7).logpdf(np.log(value))
    )
    inside = np.array([10.5, 30.0, 119.0])
    cut = stats.truncnorm(np.log(1 / 3) / 0.45, np.log(4) / 0.45, loc=np.log(30), scale=0.45)
    np.testing.assert_allclose(BOUNDED.log_density(inside), cut.logpdf(np.log(inside)))
    odds = stats.norm(np.log(0.7 / 0.3), 0.9)
    np.testing.assert_allclose(
        LogitNormal(median=0.7, sigma=0.9).log_density(share), odds.logpdf(np.log(share / (1 - share)))
    )
    np.testing.assert_allclose(Normal(mean=1.0, sigma=0.2).log_density(-value), stats.norm(1, 0.2).logpdf(-value))
    np.testing.assert_allclose(HalfNormal(sigma=0.3).log_density(value), stats.halfnorm(scale=0.3).logpdf(value))
    np.testing.assert_allclose(Beta(alpha=2, beta=3).log_density(share), stats.beta(2, 3).logpdf(share))
    np.testing.assert_allclose(Beta(alpha=1, beta=1).log_density([0.0, 1.0]), 0, atol=1e-12)


@pytest.mark.parametrize(
    ("prior", "impossible"),
    [
        (LogNormal(median=2.0, sigma=0.7), [0.0, -1.0]),
        (BOUNDED, [9.9, 120.1, -1.0]),
        (HalfNormal(sigma=0.3), [-1e-9]),
        (Beta(alpha=2, beta=3), [-0.1, 1.1]),
        (Beta(alpha=2, beta=3), [0.0, 1.0]),
    ],
)
def test_what_is_impossible_has_no_density(prior, impossible):
    assert (prior.log_density(impossible) == -math.inf).all()
