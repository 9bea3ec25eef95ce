"""Kernels: NumPy = PyTensor = oracle, weights that sum to one, and what has landed by when."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, strategies as st

from mmm.errors import SpecError
from mmm.model.carryover import Binomial, Delayed, Geometric, NoCarryover, Weibull
from mmm.model.priors import LogNormal
from mmm.simulate.oracle import kernel_weights, response
from tests.model.conftest import (
    DAILY,
    KERNELS,
    MONTHLY,
    PERIODS,
    RANGES,
    WEEKLY,
    channel_of,
    compiled,
    parameters_of,
    repeatable,
    rules_of,
    spends,
)

ROWS, CHANNELS, AGE = 9, 2, 3
FINITE = ("delayed", "weibull", "binomial")
at_every_period = pytest.mark.parametrize("weeks_per_period", PERIODS, ids=["weekly", "daily", "monthly"])


def impulse(kernel, parameters, n_rows, weeks_per_period, age=0):
    """Weights of every kernel, as what one unit of spend in the first row does; (lag, channel)."""
    n_channels = len(next(iter(parameters.values()), np.ones(CHANNELS)))
    spike = np.zeros((n_rows, n_channels))
    spike[0] = 1.0
    return kernel.carry(spike, parameters, weeks_per_period=weeks_per_period, age=age)


@cache
def graph_of(kind, weeks_per_period):
    kernel = KERNELS[kind]

    def build(x, parameters):
        at = {"weeks_per_period": weeks_per_period}
        return [
            kernel.carry(x, parameters, **at),
            kernel.carry(x, parameters, **at, age=AGE),
            kernel.landed(AGE, parameters, **at),
            kernel.tail(ROWS, parameters, **at),
        ]

    return compiled(build, ROWS, CHANNELS, tuple(kernel.parameters()))


@at_every_period
@pytest.mark.parametrize("kind", KERNELS)
@repeatable
@given(draws=st.data())
def test_numpy_and_pytensor_agree(kind, weeks_per_period, draws):
    kernel, at = KERNELS[kind], {"weeks_per_period": weeks_per_period}
    x = draws.draw(spends((ROWS, CHANNELS)))
    parameters = draws.draw(parameters_of(kernel.parameters(), CHANNELS))
    carried, aged, landed, tail = graph_of(kind, weeks_per_period)(x, parameters)
    near = {"rtol": 1e-10, "atol": 1e-10}
    np.testing.assert_allclose(carried, kernel.carry(x, parameters, **at), **near)
    np.testing.assert_allclose(aged, kernel.carry(x, parameters, **at, age=AGE), **near)
    np.testing.assert_allclose(landed, kernel.landed(AGE, parameters, **at), **near)
    np.testing.assert_allclose(tail, kernel.tail(ROWS, parameters, **at), **near)


@at_every_period
@pytest.mark.parametrize("kind", KERNELS)
@repeatable
@given(draws=st.data())
def test_weights_are_the_oracles(kind, weeks_per_period, draws):
    parameters = draws.draw(parameters_of(KERNELS[kind].parameters(), CHANNELS))
    weights = impulse(KERNELS[kind], parameters, 40, weeks_per_period)
    for c in range(CHANNELS):
        rules = rules_of(channel_of("none", kind), parameters, c)
        oracle = kernel_weights(rules, weeks_per_period=weeks_per_period, n_lags=40)
        np.testing.assert_allclose(weights[:, c], oracle, rtol=1e-10, atol=1e-10)


@at_every_period
@pytest.mark.parametrize("kind", KERNELS)
@repeatable
@given(draws=st.data())
def test_carry_and_tail_are_the_oracles_response_without_saturation(kind, weeks_per_period, draws):
    kernel, channel, at = KERNELS[kind], channel_of("none", kind), {"weeks_per_period": weeks_per_period}
    x = draws.draw(spends((ROWS, 1)))
    parameters = draws.draw(parameters_of(channel.parameters(), 1))
    level = parameters.get("carry_in_level", np.zeros(1))
    stock = kernel.carry(x, parameters, **at) + level * kernel.tail(ROWS, parameters, **at)
    oracle = response(x[:, 0].tolist(), rules_of(channel, parameters), **at)
    np.testing.assert_allclose(stock[:, 0], oracle, rtol=1e-10, atol=1e-10)


@at_every_period
@pytest.mark.parametrize("kind", KERNELS)
@repeatable
@given(draws=st.data())
def test_landed_is_the_sum_of_the_first_weights_and_reaches_one(kind, weeks_per_period, draws):
    kernel, at = KERNELS[kind], {"weeks_per_period": weeks_per_period}
    parameters = draws.draw(parameters_of(kernel.parameters(), CHANNELS))
    weights = impulse(kernel, parameters, 70, weeks_per_period)
    assert (weights >= 0).all()
    for periods in (0, 1, 2, 5, 70):
        landed = np.broadcast_to(kernel.landed(periods, parameters, **at), CHANNELS)
        np.testing.assert_allclose(landed, weights[:periods].sum(axis=0), atol=1e-12)
    # 60 half-lives of the longest half-life drawn
    longest = RANGES["slow_half_life" if kind == "two_speed" else "half_life"][1]
    forever = round(60 * longest / weeks_per_period)
    np.testing.assert_allclose(kernel.landed(forever, parameters, **at), 1.0, atol=1e-14)


@pytest.mark.parametrize("kind", FINITE)
@at_every_period
@repeatable
@given(draws=st.data())
def test_finite_weights_sum_to_one_over_their_support(kind, weeks_per_period, draws):
    kernel = KERNELS[kind]
    parameters = draws.draw(parameters_of(kernel.parameters(), CHANNELS))
    weights = kernel.weights(parameters, weeks_per_period=weeks_per_period)
    assert weights.shape == (round(kernel.max_lag_weeks / weeks_per_period) + 1, CHANNELS)
    np.testing.assert_allclose(weights.sum(axis=0), 1.0, rtol=1e-13)


@at_every_period
@pytest.mark.parametrize("kind", KERNELS)
@repeatable
@given(draws=st.data())
def test_age_counts_only_what_is_at_least_that_old(kind, weeks_per_period, draws):
    kernel, at = KERNELS[kind], {"weeks_per_period": weeks_per_period}
    x = draws.draw(spends((ROWS, CHANNELS)))
    parameters = draws.draw(parameters_of(kernel.parameters(), CHANNELS))
    weights = impulse(kernel, parameters, ROWS, weeks_per_period)
    for age in (0, 1, 4, ROWS, ROWS + 5):
        expected = np.zeros((ROWS, CHANNELS))
        for t in range(ROWS):
            for lag in range(age, t + 1):
                expected[t] += weights[lag] * x[t - lag]
        np.testing.assert_allclose(kernel.carry(x, parameters, **at, age=age), expected, rtol=1e-11, atol=1e-12)


@at_every_period
@pytest.mark.parametrize("kind", KERNELS)
@repeatable
@given(draws=st.data())
def test_tail_is_what_has_not_landed_yet(kind, weeks_per_period, draws):
    kernel, at = KERNELS[kind], {"weeks_per_period": weeks_per_period}
    parameters = draws.draw(parameters_of(kernel.parameters(), CHANNELS))
    tail = np.broadcast_to(kernel.tail(ROWS, parameters, **at), (ROWS, CHANNELS))
    for t in range(ROWS):
        landed = np.broadcast_to(kernel.landed(t + 1, parameters, **at), CHANNELS)
        np.testing.assert_allclose(tail[t], 1 - landed, atol=1e-12)
    # one unit a period since forever, and on: the stock is one
    steady = kernel.carry(np.ones((ROWS, CHANNELS)), parameters, **at) + tail
    np.testing.assert_allclose(steady, 1.0, rtol=1e-12)


@repeatable
@given(draws=st.data())
def test_geometric_half_has_landed_after_its_half_life(draws):
    weeks = np.array([1.0, 2.0, 5.0])
    x = draws.draw(spends((ROWS, 3)))
    for n, half_life in enumerate(weeks):
        landed = Geometric().landed(int(half_life * 7), {"half_life": weeks[n : n + 1]}, weeks_per_period=DAILY)
        np.testing.assert_allclose(landed, 0.5, rtol=1e-12)
    by_day = Geometric().carry(x.repeat(7, axis=0), {"half_life": weeks}, weeks_per_period=DAILY)
    by_week = Geometric().carry(x, {"half_life": weeks}, weeks_per_period=WEEKLY)
    # the same spend spread over the days leaves the same stock on Sundays
    np.testing.assert_allclose(by_day[6::7], by_week, rtol=1e-11, atol=1e-12)


@at_every_period
@repeatable
@given(draws=st.data())
def test_weibull_of_shape_one_is_geometric_on_its_support(weeks_per_period, draws):
    half_life = draws.draw(parameters_of(["half_life"], CHANNELS))
    weibull = Weibull(max_lag_weeks=12).weights(
        half_life | {"shape": np.ones(CHANNELS)}, weeks_per_period=weeks_per_period
    )
    geometric = impulse(Geometric(), half_life, len(weibull), weeks_per_period)
    np.testing.assert_allclose(weibull, geometric / geometric.sum(axis=0), rtol=1e-9)


def test_weibull_half_life_is_when_half_has_landed():
    at = {"half_life": np.array([4.0, 4.0, 4.0]), "shape": np.array([0.7, 1.0, 2.0])}
    # support long enough that ending the kernel changes nothing that can be seen
    np.testing.assert_allclose(Weibull(max_lag_weeks=520).landed(4, at, weeks_per_period=WEEKLY), 0.5, rtol=1e-6)


def test_weibull_builds_up_above_shape_one_and_lingers_below():
    at = {"half_life": np.array([4.0, 4.0]), "shape": np.array([2.5, 0.6])}
    weights = Weibull().weights(at, weeks_per_period=WEEKLY)
    assert weights[:, 0].argmax() > 0
    assert (np.diff(weights[:, 1]) < 0).all()


def test_delayed_peaks_where_it_says_and_halves_a_half_life_later():
    weights = Delayed().weights({"half_life": np.array([2.0]), "peak": np.array([3.0])}, weeks_per_period=WEEKLY)[:, 0]
    assert weights.argmax() == 3
    assert weights[5] == pytest.approx(weights[3] / 2)
    assert weights[1] == pytest.approx(weights[3] / 2)


def test_binomial_is_flat_straight_or_sudden():
    at = {"retention": np.array([1.0, 0.5, 0.01])}
    weights = Binomial(max_lag_weeks=3).weights(at, weeks_per_period=WEEKLY)
    np.testing.assert_allclose(weights[:, 0], 0.25)
    np.testing.assert_allclose(weights[:, 1], [0.4, 0.3, 0.2, 0.1])
    assert weights[0, 2] == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(("weeks_per_period", "lags"), [(WEEKLY, 14), (DAILY, 92), (MONTHLY, 4)])
def test_the_longest_lag_is_in_weeks(weeks_per_period, lags):
    at = {"half_life": np.array([2.0]), "peak": np.array([3.0])}
    assert Delayed(max_lag_weeks=13).weights(at, weeks_per_period=weeks_per_period).shape == (lags, 1)


def test_tail_of_a_finite_kernel_is_exactly_zero_once_it_has_ended():
    tail = Binomial(max_lag_weeks=3).tail(6, {"retention": np.array([0.4])}, weeks_per_period=WEEKLY)
    assert (tail[:3] > 0).all()
    assert (tail[3:] == 0).all()


@pytest.mark.parametrize("kind", KERNELS)
def test_draws_by_chain_are_the_loop_over_draws(kind):
    kernel, rng, at = KERNELS[kind], np.random.default_rng(7), {"weeks_per_period": WEEKLY}
    x = rng.gamma(1.0, size=(ROWS, CHANNELS))
    shape = (3, 4, CHANNELS)
    parameters = {name: prior.sample(rng, 24).reshape(shape) for name, prior in kernel.parameters().items()}
    for method, tail_shape in (
        (lambda p: kernel.carry(x, p, **at), (ROWS, CHANNELS)),
        (lambda p: kernel.carry(x, p, **at, age=AGE), (ROWS, CHANNELS)),
        (lambda p: kernel.landed(AGE, p, **at), (CHANNELS,)),
        (lambda p: kernel.tail(ROWS, p, **at), (ROWS, CHANNELS)),
    ):
        whole = np.broadcast_to(method(parameters), (3, 4, *tail_shape))
        for one in np.ndindex(3, 4):
            single = np.broadcast_to(method({name: v[one] for name, v in parameters.items()}), tail_shape)
            np.testing.assert_allclose(whole[one], single, rtol=1e-13)


def test_nothing_lands_later_without_carryover():
    kernel, at, x = NoCarryover(), {"weeks_per_period": WEEKLY}, np.arange(6.0).reshape(3, 2)
    assert not kernel.has_memory
    assert all(KERNELS[kind].has_memory for kind in KERNELS if kind != "none")
    np.testing.assert_array_equal(kernel.carry(x, {}, **at), x)
    np.testing.assert_array_equal(kernel.carry(x, {}, **at, age=1), 0 * x)
    np.testing.assert_array_equal(kernel.landed(1, {}, **at), 1.0)
    np.testing.assert_array_equal(kernel.landed(0, {}, **at), 0.0)
    np.testing.assert_array_equal(kernel.tail(3, {}, **at), np.zeros((3, 1)))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Delayed(max_lag_weeks=0), r"Delayed\.max_lag_weeks = 0: Input should be greater than 0"),
        (lambda: Weibull(max_lag_weeks=521), r"Weibull\.max_lag_weeks = 521: .*less than or equal to 520"),
        (lambda: Binomial(max_lag_weeks=float("nan")), r"Binomial\.max_lag_weeks = nan: Input should be"),
        (
            lambda: Geometric(half_live=LogNormal(median=1, sigma=1)),
            r"no field 'half_live'; did you mean 'half_life'\?",
        ),
        (lambda: Geometric(half_life=2.0), r"Geometric\.half_life = 2\.0: .*instance of LogNormal"),
        (lambda: Geometric(max_lag_weeks=13), r"Geometric has no field 'max_lag_weeks'"),
    ],
)
def test_what_makes_no_sense_is_refused(build, message):
    with pytest.raises(SpecError, match=message):
        build()
