"""The one response function against the oracle, and ROI in closed form against taking the money away."""

import itertools
from functools import cache

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from hypothesis import given, strategies as st

from mmm.model.response import landing, response, unit_return
from mmm.simulate import oracle
from tests.model.conftest import (
    CURVES,
    FORMS,
    KERNEL_ORDERS,
    KERNELS,
    MONTHLY,
    ORDERS,
    PERIODS,
    WEEKLY,
    briefly,
    channel_of,
    compiled,
    parameters_of,
    rules_of,
    spends,
)

ROWS = 9
at_every_form = pytest.mark.parametrize(
    ("curve", "kernel", "order"), [pytest.param(*form, id="-".join(form)) for form in FORMS]
)
#: Each form is compiled for one length of period only; every kernel meets all three.
PERIOD_OF = dict(zip(FORMS, itertools.cycle(PERIODS), strict=False))
START, STOP, HORIZON = 2, 6, 3
#: Curves whose return is compiled too: the default, and the one that is hardest at zero. Compiling is what takes time.
RETURNED = ("hill", "root")


@cache
def graph_of(curve, kernel, order):
    channel = channel_of(curve, kernel, order)
    at = {"weeks_per_period": PERIOD_OF[curve, kernel, order]}

    def build(x, parameters):
        outputs = [response(x, channel, parameters, **at)]
        if curve in RETURNED:
            outputs.append(unit_return(x, channel, parameters, **at, start=START, stop=STOP, horizon=HORIZON))
        return outputs

    return compiled(build, ROWS, 1, tuple(channel.parameters()))


@at_every_form
@briefly
@given(draws=st.data())
def test_numpy_pytensor_and_oracle_agree(curve, kernel, order, draws):
    channel, at = channel_of(curve, kernel, order), {"weeks_per_period": PERIOD_OF[curve, kernel, order]}
    x = draws.draw(spends((ROWS, 1)))
    x[STOP:] *= draws.draw(st.booleans())
    parameters = draws.draw(parameters_of(channel.parameters(), 1))
    near = {"rtol": 1e-10, "atol": 1e-10}
    numpy = response(x, channel, parameters, **at)
    in_graph, *unit_in_graph = graph_of(curve, kernel, order)(x, parameters)
    np.testing.assert_allclose(in_graph, numpy, **near)
    np.testing.assert_allclose(
        numpy[:, 0], oracle.response(x[:, 0].tolist(), rules_of(channel, parameters), **at), **near
    )
    if curve in RETURNED:
        unit = unit_return(x, channel, parameters, **at, start=START, stop=STOP, horizon=HORIZON)
        np.testing.assert_allclose(unit_in_graph[0], unit, **near)


@at_every_form
@briefly
@given(draws=st.data())
def test_closed_form_is_the_counterfactual(curve, kernel, order, draws):
    channel = channel_of(curve, kernel, order)
    at = {"weeks_per_period": draws.draw(st.sampled_from(PERIODS))}
    n_rows = draws.draw(st.integers(1, 8))
    start = draws.draw(st.integers(0, n_rows - 1))
    stop = draws.draw(st.integers(start + 1, n_rows))
    window = {"start": start, "stop": stop, "horizon": draws.draw(st.integers(1, 12))}
    driver = draws.draw(spends((n_rows, 1)))
    parameters = draws.draw(parameters_of(channel.parameters(), 1))
    # spend after the window, where there is any, must not matter: it is absent on both sides
    x = np.concatenate([driver, np.zeros((max(0, stop + window["horizon"] - 1 - n_rows), 1))])
    closed = unit_return(x, channel, parameters, **at, **window)
    brute = oracle.counterfactual_return(driver[:, 0].tolist(), rules_of(channel, parameters), **at, **window)
    np.testing.assert_allclose(closed, [brute], rtol=1e-8, atol=1e-8)
    rows = {"start": start, "stop": stop, "horizons": [window["horizon"]]}
    [landed] = landing(x, channel, parameters, **at, **rows)
    np.testing.assert_allclose(landed.sum(axis=0), [brute], rtol=1e-8, atol=1e-8)
    if order == "saturation_first":
        cohorts = oracle.cohort_returns(
            driver[:, 0].tolist(),
            rules_of(channel, parameters),
            **at,
            start=start,
            stop=stop,
            horizons=[window["horizon"]],
        )
        np.testing.assert_allclose(cohorts, [brute], rtol=1e-10, atol=1e-12)


@at_every_form
def test_landing_is_not_negative_and_ends(curve, kernel, order):
    channel, rng = channel_of(curve, kernel, order), np.random.default_rng(8)
    x = np.concatenate([rng.gamma(1.0, size=(8, 2)), np.zeros((20, 2))])
    parameters = {name: prior.sample(rng, 2) for name, prior in channel.parameters().items()}
    [landed] = landing(x, channel, parameters, weeks_per_period=WEEKLY, start=3, stop=6, horizons=[4])
    assert landed.shape == (25, 2)
    assert (landed > -1e-15).all()
    # rows 3 ... 6 + 4 - 2 can receive something
    np.testing.assert_allclose(landed[6:], 0.0, atol=1e-15)


@pytest.mark.parametrize(("kernel", "order"), KERNEL_ORDERS)
def test_return_grows_with_the_horizon_towards_taking_all_away(kernel, order):
    channel, rng, far = channel_of("hill", kernel, order), np.random.default_rng(9), 4000
    x = np.concatenate([rng.gamma(1.0, size=(10, 1)), np.zeros((far, 1))])
    parameters = {name: prior.sample(rng, 1) for name, prior in channel.parameters().items()}
    at, window = {"weeks_per_period": WEEKLY}, {"start": 4, "stop": 10}
    by_horizon = [unit_return(x, channel, parameters, **at, **window, horizon=h)[0] for h in (1, 2, 4, 8, 16, far)]
    assert (np.diff(by_horizon) >= -1e-12).all()
    without = x.copy()
    without[4:10] = 0.0
    everything = response(x, channel, parameters, **at).sum() - response(without, channel, parameters, **at).sum()
    assert by_horizon[-1] == pytest.approx(everything, rel=1e-9)


@pytest.mark.parametrize("kernel", KERNELS)
def test_cohorts_add_up_where_saturation_comes_first(kernel):
    channel, rng = channel_of("hill", kernel), np.random.default_rng(10)
    x = np.concatenate([rng.gamma(1.0, size=(9, 2)), np.zeros((20, 2))])
    parameters = {name: prior.sample(rng, 2) for name, prior in channel.parameters().items()}
    at = {"weeks_per_period": WEEKLY, "horizon": 13}
    whole = unit_return(x, channel, parameters, **at, start=0, stop=9)
    parts = [unit_return(x, channel, parameters, **at, start=edge, stop=edge + 3) for edge in (0, 3, 6)]
    np.testing.assert_allclose(whole, sum(parts), rtol=1e-13)


@pytest.mark.parametrize(("kernel", "order"), [pair for pair in KERNEL_ORDERS if pair[0] != "none"])
def test_steady_spend_since_forever_gives_a_steady_response(kernel, order):
    channel, rng = channel_of("michaelis_menten", kernel, order), np.random.default_rng(11)
    parameters = {name: prior.sample(rng, 1) for name, prior in channel.parameters().items()}
    parameters["carry_in_level"] = np.ones(1)
    steady = response(np.ones((30, 1)), channel, parameters, weeks_per_period=WEEKLY)
    np.testing.assert_allclose(steady, parameters["saturation_level"][0], rtol=1e-12)


@pytest.mark.parametrize("curve", CURVES)
def test_order_does_not_matter_without_carryover_and_only_scales_without_saturation(curve):
    rng = np.random.default_rng(12)
    x = rng.gamma(1.0, size=(6, 1))
    first, second = (channel_of(curve, "none", order) for order in ORDERS)
    parameters = {name: prior.sample(rng, 1) for name, prior in first.parameters().items()}
    at = {"weeks_per_period": WEEKLY}
    np.testing.assert_allclose(response(x, first, parameters, **at), response(x, second, parameters, **at), rtol=1e-14)
    first, second = (channel_of("none", "geometric", order) for order in ORDERS)
    parameters = {name: prior.sample(rng, 1) for name, prior in first.parameters().items()}
    np.testing.assert_allclose(response(x, first, parameters, **at), response(x, second, parameters, **at), rtol=1e-14)


@at_every_form
def test_draws_by_chain_are_the_loop_over_draws(curve, kernel, order):
    channel, rng = channel_of(curve, kernel, order), np.random.default_rng(13)
    x = np.concatenate([rng.gamma(1.0, size=(7, 2)) * (rng.random((7, 2)) < 0.6), np.zeros((3, 2))])
    parameters = {name: prior.sample(rng, 12).reshape(2, 3, 2) for name, prior in channel.parameters().items()}
    at, window = {"weeks_per_period": MONTHLY}, {"start": 2, "stop": 7, "horizon": 4}
    whole = np.broadcast_to(response(x, channel, parameters, **at), (2, 3, 10, 2))
    units = np.broadcast_to(unit_return(x, channel, parameters, **at, **window), (2, 3, 2))
    rows = {"start": 2, "stop": 7, "horizons": [4]}
    landed = np.broadcast_to(landing(x, channel, parameters, **at, **rows)[0], (2, 3, 8, 2))
    for one in np.ndindex(2, 3):
        single = {name: values[one] for name, values in parameters.items()}
        np.testing.assert_allclose(whole[one], response(x, channel, single, **at), rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(units[one], unit_return(x, channel, single, **at, **window), rtol=1e-13, atol=1e-15)
        np.testing.assert_allclose(landed[one], landing(x, channel, single, **at, **rows)[0], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("kernel", "order"), KERNEL_ORDERS)
def test_gradient_of_the_response_is_finite_and_right(kernel, order):
    # dark weeks, and nothing carried in: the places where a power of zero would spoil the gradient
    channel = channel_of("hill", kernel, order)
    x = np.array([[0.0], [0.0], [1.5], [0.0], [0.4]])
    at = {
        "half_life": 1.3,
        "peak": 0.7,
        "shape": 1.4,
        "retention": 0.6,
        "saturation_level": 0.3,
        "saturation_slope": 1.6,
        "fast_half_life": 0.9,
        "slow_half_life": 14.0,
        "slow_share": 0.6,
    }
    at |= {"carry_in_level": 1e-3}
    names = list(channel.parameters())
    symbols = {name: pt.vector(name, shape=(1,)) for name in names}
    weights = np.array([[1.0], [2.0], [-1.0], [0.5], [3.0]])
    value = (response(pt.constant(x), channel, symbols, weeks_per_period=WEEKLY) * weights).sum()
    gradient = pytensor.function(list(symbols.values()), pt.grad(value, list(symbols.values())), mode="FAST_COMPILE")
    found = gradient(*(np.array([at[name]]) for name in names))
    for name, slope in zip(names, found, strict=True):
        step = 1e-7
        up, down = (
            (
                response(
                    x, channel, {n: np.array([at[n] + side * (n == name)]) for n in names}, weeks_per_period=WEEKLY
                )
                * weights
            ).sum()
            for side in (step, -step)
        )
        assert slope[0] == pytest.approx((up - down) / (2 * step), rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("curve", ["root", "hill"])
@pytest.mark.parametrize(
    "kernel", [kind for kind, order in KERNEL_ORDERS if order == "adstock_first" and kind != "none"]
)
def test_a_stock_next_to_nothing_keeps_its_digits_and_its_gradient_in_the_graph(curve, kernel):
    # after a long dark time stocks fall below 1e-16; a graph that adds 1 and takes it away again sees none at all,
    # and then the slope of x^p is not finite
    channel = channel_of(curve, kernel, "adstock_first")
    x = np.zeros((40, 1))
    x[0] = 1.0
    at = {"half_life": 0.5, "peak": 0.5, "shape": 1.2, "retention": 0.01, "carry_in_level": 0.5}
    at |= {"saturation_level": 0.4, "saturation_slope": 0.5, "saturation_exponent": 0.3}
    names = list(channel.parameters())
    symbols = {name: pt.vector(name, shape=(1,)) for name in names}
    driver = pt.matrix("x", shape=x.shape)
    value = response(driver, channel, symbols, weeks_per_period=WEEKLY)
    gradient = pt.grad(value.sum(), list(symbols.values()))
    compiled_response = pytensor.function([driver, *symbols.values()], [value, *gradient], mode="FAST_COMPILE")
    parameters = {name: np.array([at[name]]) for name in names}
    found, *slopes = compiled_response(x, *parameters.values())
    expected = response(x, channel, parameters, weeks_per_period=WEEKLY)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert np.isfinite(slopes).all()


@at_every_form
@pytest.mark.parametrize("horizon", [1, 3, 20])
def test_windows_that_follow_one_another_add_up(curve, kernel, order, horizon):
    channel, rng = channel_of(curve, kernel, order), np.random.default_rng(21)
    x = np.concatenate([rng.gamma(1.0, size=(9, 2)), np.zeros((horizon, 2))])
    parameters = {name: prior.sample(rng, 2) for name, prior in channel.parameters().items()}
    first, second, both = (
        unit_return(x, channel, parameters, weeks_per_period=WEEKLY, start=a, stop=b, horizon=horizon)
        for a, b in ((2, 5), (5, 9), (2, 9))
    )
    np.testing.assert_allclose(first + second, both, rtol=1e-12, atol=1e-14)
