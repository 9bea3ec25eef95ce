"""The oracle of two speeds against closed forms and against itself, asked in other ways."""

import math
from dataclasses import replace

import numpy as np
import pytest

from mmm.errors import SpecError
from mmm.simulate import ChannelRules, oracle
from mmm.simulate.kernels import forgotten_after

WEEKLY, DAILY, MONTHLY = 1.0, 1 / 7, 365.25 / 12 / 7
CURVE = {"saturation_level": 0.3, "saturation_slope": 1.4}


def two_speed(share, *, fast=1.5, slow=30.0, carry_in=0.0):
    speeds = {"fast_half_life": fast, "slow_half_life": slow, "slow_share": share, "carry_in_level": carry_in}
    return ChannelRules(carryover="two_speed", parameters=CURVE | speeds)


def geometric(half_life, *, carry_in=0.0):
    return ChannelRules(parameters=CURVE | {"half_life": half_life, "carry_in_level": carry_in})


def spend(n_rows=60, seed=1):
    rng = np.random.default_rng(seed)
    return (rng.gamma(2.0, size=n_rows) * (rng.random(n_rows) < 0.6)).tolist()


@pytest.mark.parametrize("weeks_per_period", [WEEKLY, DAILY, MONTHLY])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_kernel_sums_to_one_and_lands_in_closed_form(share, weeks_per_period):
    rules = two_speed(share, slow=120.0)
    n_lags = forgotten_after(rules, weeks_per_period=weeks_per_period)
    weights = oracle.kernel_weights(rules, weeks_per_period=weeks_per_period, n_lags=n_lags)
    assert math.fsum(weights) == pytest.approx(1.0, rel=1e-13)
    n = round(13 / weeks_per_period)
    landed = (1 - share) * (1 - 2 ** (-n * weeks_per_period / 1.5)) + share * (1 - 2 ** (-n * weeks_per_period / 120))
    assert math.fsum(weights[:n]) == pytest.approx(landed, rel=1e-12)


@pytest.mark.parametrize(("share", "half_life"), [(0.0, 1.5), (1.0, 30.0)])
def test_one_of_two_speeds_alone_is_geometric(share, half_life):
    mixed, plain = two_speed(share, carry_in=0.7), geometric(half_life, carry_in=0.7)
    at = {"weeks_per_period": WEEKLY}
    window = at | {"start": 5, "stop": 60}
    np.testing.assert_allclose(oracle.response(spend(), mixed, **at), oracle.response(spend(), plain, **at), rtol=1e-13)
    for one, other in zip(
        oracle.unit_returns(spend(), mixed, **window, horizons=[1, 13, 104]),
        oracle.unit_returns(spend(), plain, **window, horizons=[1, 13, 104]),
        strict=True,
    ):
        assert one == pytest.approx(other, rel=1e-13)
    assert oracle.ledger(spend(), mixed, **window) == pytest.approx(oracle.ledger(spend(), plain, **window), rel=1e-12)


def test_two_speeds_are_the_mixture_of_two_channels():
    at = {"weeks_per_period": MONTHLY}
    mixed = oracle.response(spend(), two_speed(0.4, carry_in=1.3), **at)
    fast, slow = (np.array(oracle.response(spend(), geometric(h, carry_in=1.3), **at)) for h in (1.5, 30.0))
    np.testing.assert_allclose(mixed, 0.6 * fast + 0.4 * slow, rtol=1e-12)


def test_a_steady_past_and_data_like_it_give_a_steady_response():
    steady = oracle.response([1.0] * 30, two_speed(0.7, slow=120.0, carry_in=1.0), weeks_per_period=WEEKLY)
    np.testing.assert_allclose(steady, 0.3, rtol=1e-13)


RULES = {
    "two speeds": two_speed(0.7, carry_in=0.5),
    "geometric": geometric(4.0, carry_in=0.5),
    "no carry-over": ChannelRules(carryover="none", parameters=CURVE),
    "binomial": ChannelRules(carryover="binomial", parameters=CURVE | {"retention": 0.6, "carry_in_level": 0.5}),
    "adstock first": replace(geometric(4.0, carry_in=0.5), order="adstock_first"),
    "a slow root": ChannelRules(
        saturation="root", order="adstock_first", parameters={"half_life": 2.0, "saturation_exponent": 0.1}
    ),
}


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_the_ledger_balances(rules):
    driver, window = spend(), {"weeks_per_period": WEEKLY, "start": 9, "stop": 40}
    books = oracle.ledger(driver, rules, **window)
    assert books["in_window"] + books["carry_out"] == pytest.approx(books["cohort_total"], rel=1e-13)
    # what lands in the window is all that the channel brought in those weeks
    seen = math.fsum(oracle.response(driver, rules, weeks_per_period=WEEKLY)[9:40])
    assert books["carry_in"] + books["in_window"] == pytest.approx(seen, rel=1e-13)
    # and however late is as good as a very long horizon
    [late] = oracle.unit_returns(driver, rules, **window, horizons=[4000])
    assert books["cohort_total"] == pytest.approx(late, rel=1e-10)


def test_carry_out_in_closed_form():
    rules = two_speed(0.7)
    effects = [oracle.saturate(x, rules) for x in spend()]
    ages = 60 - np.arange(60)  # periods of each week's spend that have landed at the end
    left = 0.3 * 2 ** (-ages / 1.5) + 0.7 * 2 ** (-ages / 30.0)
    books = oracle.ledger(spend(), rules, weeks_per_period=WEEKLY, start=0, stop=60)
    assert books["carry_in"] == 0.0
    assert books["carry_out"] == pytest.approx(float(left @ effects), rel=1e-12)
    assert books["cohort_total"] == pytest.approx(math.fsum(effects), rel=1e-12)


def test_two_speeds_need_saturation_first_and_a_share():
    with pytest.raises(SpecError, match=r"two speeds was asked to saturate after(.|\n)*order=\"saturation_first\""):
        replace(two_speed(0.5), order="adstock_first")
    with pytest.raises(SpecError, match=r"slow_share=1.2 is not a share(.|\n)*from 0 to 1"):
        two_speed(1.2)
