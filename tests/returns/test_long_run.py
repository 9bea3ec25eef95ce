"""The long run against closed forms, plain loops and numpy's correlation."""

from dataclasses import replace

import numpy as np
import pytest

import mmm
from mmm.returns import (
    Valuation,
    cumulative_return,
    long_run_multiplier,
    returns_by_horizon,
    share_landed,
    slow_stock_baseline_correlation,
)
from mmm.returns.long_run import slow_stock
from tests.conftest import build_data, build_frame, build_posterior, with_parameters
from tests.returns.conftest import CHANNELS, FORMS, MARGINS, WINDOWS, oracle_of, posterior_of

BRAND = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})
TWO_SPEEDS = ("fast_half_life", "slow_half_life", "slow_share")


@pytest.fixture(scope="module")
def brand():
    return build_posterior(build_data(), BRAND, n_chains=2, n_draws=25)


def parameter(posterior, name):
    return posterior.draws.parameters[name].sel({f"channel_{name}": "tv"}).values


# --- the multiplier ---------------------------------------------------------------------------------------------------


def test_the_multiplier_is_one_over_what_lands_in_a_quarter(brand):
    fast, slow, share = (parameter(brand, name) for name in TWO_SPEEDS)
    landed = 1 - (1 - share) * 2 ** (-13 / fast) - share * 2 ** (-13 / slow)
    np.testing.assert_allclose(long_run_multiplier(brand.draws, "tv"), 1 / landed, rtol=1e-12)


def test_the_multiplier_is_the_whole_return_over_that_of_a_quarter_by_plain_loops(brand):
    rules, _, _ = oracle_of(brand.draws, "tv", 1, 3)
    at = rules.parameters
    fast, slow = (2 ** (-1 / at[name]) for name in TWO_SPEEDS[:2])
    whole = quarter = 0.0
    for lag in range(20_000):
        weight = (1 - at["slow_share"]) * (1 - fast) * fast**lag + at["slow_share"] * (1 - slow) * slow**lag
        whole += weight
        quarter += weight if lag < 13 else 0.0
    assert long_run_multiplier(brand.draws, "tv")[1, 3] == pytest.approx(whole / quarter, rel=1e-9)


@pytest.mark.filterwarnings("ignore::mmm.errors.DataWarning")
def test_a_quarter_is_three_months():
    data, _ = mmm.simulate.world(seed=1, n_periods=40, frequency="monthly", n_channels=2, brand=["tv"])
    posterior = build_posterior(data, BRAND, n_draws=5)
    months = share_landed(posterior.draws, "tv", n_periods=3)[..., -1]
    np.testing.assert_allclose(long_run_multiplier(posterior.draws, "tv"), 1 / months, rtol=1e-12)


# --- what has landed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "order"), FORMS)
def test_the_share_that_landed_is_that_of_the_kernel(kind, order):
    draws = posterior_of(kind, order).draws
    found = share_landed(draws, "tv", n_periods=20)
    kernel, parameters = draws.spec.channels["tv"].carryover, draws.channel_parameters("tv")
    assert found.shape == (2, 6, 20)
    for n in (1, 2, 13, 20):
        expected = np.broadcast_to(kernel.landed(n, parameters, weeks_per_period=1.0), (2, 6, 1))[..., 0]
        np.testing.assert_allclose(found[..., n - 1], expected, atol=1e-12)


@pytest.mark.parametrize("window", ["all", "inside"])
@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize(("kind", "order"), [("two_speed", "saturation_first"), ("geometric", "adstock_first")])
def test_what_has_come_back_is_the_return_within_every_horizon(kind, order, margin, window):
    draws = posterior_of(kind, order, margin).draws
    at = {"window": WINDOWS[window], "valuation": Valuation.of(draws)}
    one, all_of_them = (cumulative_return(draws, names, n_periods=40, **at) for names in (["video"], CHANNELS))
    horizons = (1.0, 4.0, 40.0)
    money = returns_by_horizon(draws, horizons=horizons, window=WINDOWS[window])["money"]
    for place, weeks in enumerate(horizons):
        at_once = money[..., place]
        np.testing.assert_allclose(one[..., int(weeks) - 1], at_once.sel(channel="video"), rtol=1e-9)
        np.testing.assert_allclose(all_of_them[..., int(weeks) - 1], at_once.sel(channel="total"), rtol=1e-9)


# --- the slow stock and the baseline ----------------------------------------------------------------------------------


def test_the_slow_stock_is_a_plain_loop_that_begins_with_what_was_spent_before(brand):
    rules, driver, _ = oracle_of(brand.draws, "tv", 0, 4)
    at = rules.parameters
    decay = 2 ** (-1 / at["slow_half_life"])

    def respond(x):
        power = x ** at["saturation_slope"]
        return power / ((1 - at["saturation_level"]) / at["saturation_level"] + power)

    stock, expected = respond(at["carry_in_level"]), []
    for x in driver:
        stock = decay * stock + (1 - decay) * respond(x)
        expected.append(stock)
    np.testing.assert_allclose(slow_stock(brand.draws, "tv")[0, 4], expected, rtol=1e-9)


def test_the_correlation_is_that_of_the_stock_with_trend_and_walk_and_nothing_else(brand):
    stock = slow_stock(brand.draws, "tv")
    level = brand.draws.baseline().sel(part=["trend", "walk"]).sum("part").values[:, :, 0]
    found = slow_stock_baseline_correlation(brand.draws, "tv")
    for index in np.ndindex(found.shape):
        assert found[index] == pytest.approx(np.corrcoef(stock[index], level[index])[0, 1], abs=1e-9)


def test_history_is_in_the_stock_and_not_in_the_correlation():
    frame = build_frame(70)
    data = build_data(frame.iloc[10:], history=frame.loc[:9, ["week", *CHANNELS]])
    posterior = build_posterior(data, BRAND, n_draws=5)
    assert slow_stock(posterior.draws, "tv").shape == (2, 5, 60)
    assert slow_stock_baseline_correlation(posterior.draws, "tv").shape == (2, 5)


def test_a_stock_that_does_not_move_is_correlated_with_nothing(brand):
    still = with_parameters(brand, carry_in_level=lambda level: 0 * level + 1.0)
    draws = still.draws
    steady = replace(draws.inputs, driver=np.ones_like(draws.inputs.driver))
    draws.__dict__["inputs"] = steady
    assert (slow_stock_baseline_correlation(draws, "tv") == 0).all()
