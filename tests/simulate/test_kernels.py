"""Kernels of simulated worlds that the model does not have, against closed forms and other people's densities."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

from mmm.errors import SpecError
from mmm.simulate import ChannelRules, oracle
from mmm.simulate.kernels import forgotten_after

WEEKLY, DAILY, MONTHLY = 1.0, 1 / 7, 365.25 / 12 / 7
SPEEDS = {"fast_half_life": 1.5, "slow_half_life": 25.0, "slowest_half_life": 80.0}
BUILD_UP = {"build_up_weeks": 9.0, "build_up_shape": 1.8}


def weights_of(carryover, *, weeks_per_period=WEEKLY, **parameters):
    rules = ChannelRules(saturation="none", carryover=carryover, parameters=SPEEDS | BUILD_UP | parameters)
    n_lags = forgotten_after(rules, weeks_per_period=weeks_per_period)
    return np.array(oracle.kernel_weights(rules, weeks_per_period=weeks_per_period, n_lags=n_lags + 1))


@settings(deadline=None, max_examples=40)
@given(peak=st.floats(0.5, 20.0), shape=st.floats(1.2, 6.0), weeks_per_period=st.sampled_from([WEEKLY, DAILY, MONTHLY]))
def test_an_effect_that_builds_up_is_a_gamma_density(peak, shape, weeks_per_period):
    weights = weights_of("gamma", build_up_weeks=peak, build_up_shape=shape, weeks_per_period=weeks_per_period)
    density = stats.gamma(shape, scale=peak / (shape - 1))
    middle = (np.arange(len(weights)) + 0.5) * weeks_per_period
    expected = density.pdf(middle)
    expected[-1] = 0.0
    np.testing.assert_allclose(weights, expected / expected.sum(), rtol=1e-9, atol=1e-17)
    assert math.fsum(weights) == pytest.approx(1.0, rel=1e-13)
    # what is left out, by the continuous density: far below a millionth
    assert density.sf(middle[-1]) < 1e-10
    # of two periods on either side of the density's peak, one has the highest weight
    assert abs(middle[weights.argmax()] - peak) <= weeks_per_period


def test_nothing_to_speak_of_lands_at_once_where_an_effect_builds_up():
    weights = weights_of("gamma", build_up_weeks=9.0, build_up_shape=3.0)
    assert weights[0] < 0.1 * weights.max()
    assert weights.argmax() in (8, 9)


@pytest.mark.parametrize("weeks_per_period", [WEEKLY, DAILY, MONTHLY])
@pytest.mark.parametrize(("share", "slowest_share"), [(0.0, 0.5), (0.6, 0.0), (0.6, 0.4), (1.0, 1.0)])
def test_two_slow_stocks_land_in_closed_form(share, slowest_share, weeks_per_period):
    weights = weights_of("two_slow", slow_share=share, slowest_share=slowest_share, weeks_per_period=weeks_per_period)
    assert math.fsum(weights) == pytest.approx(1.0, rel=1e-13)
    n = round(13 / weeks_per_period)
    fast, slow, slowest = (1 - 2 ** (-n * weeks_per_period / half_life) for half_life in SPEEDS.values())
    landed = (1 - share) * fast + share * ((1 - slowest_share) * slow + slowest_share * slowest)
    assert math.fsum(weights[:n]) == pytest.approx(landed, rel=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_fast_part_and_one_that_builds_up_are_mixed(share):
    mixed, build_up = weights_of("fast_gamma", slow_share=share), weights_of("gamma")
    n = min(len(mixed), len(build_up))
    decay = 2 ** (-1 / 1.5)
    expected = (1 - share) * (1 - decay) * decay ** np.arange(n) + share * build_up[:n]
    np.testing.assert_allclose(mixed[:n], expected, rtol=1e-12, atol=1e-18)
    assert math.fsum(mixed) == pytest.approx(1.0, rel=1e-13)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"build_up_shape": 1.0}, "build_up_shape=1 is too small(.|\n)*a number above 1"),
        ({"build_up_weeks": 0.0}, "build_up_weeks=0 is too small(.|\n)*a number above 0"),
        ({"slowest_share": 1.5}, "slowest_share=1.5 is not a share"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(parameters, message):
    with pytest.raises(SpecError, match=message):
        ChannelRules(carryover="gamma", parameters=parameters)


@pytest.mark.parametrize("carryover", ["two_slow", "fast_gamma"])
def test_slow_parts_need_saturation_first(carryover):
    with pytest.raises(SpecError, match="asked to saturate after carry-over"):
        ChannelRules(carryover=carryover, order="adstock_first")
