"""Returns by age: they add up to returns by horizon, and over cohorts, in every draw."""

import numpy as np
import pytest

import mmm
from mmm.returns import Valuation, return_by_lag, returns_by_horizon
from mmm.returns.by_lag import cohorts_by_lag
from mmm.simulate import oracle
from tests.conftest import build_data, build_posterior
from tests.returns.conftest import (
    CHANNELS,
    FORMS,
    KERNELS,
    MARGINS,
    N_ROWS,
    WINDOWS,
    margin_by_row,
    oracle_of,
    posterior_of,
)

HORIZONS = (1.0, 2.0, 5.0, 17.0, 60.0, 250.0)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize(("kind", "order"), FORMS)
def test_the_first_lags_add_up_to_the_return_within_a_horizon(kind, order, margin, window):
    draws = posterior_of(kind, order, margin).draws
    by_horizon = returns_by_horizon(draws, horizons=HORIZONS, window=WINDOWS[window])
    for channel in CHANNELS:
        money = return_by_lag(draws, channel, n_lags=250, window=WINDOWS[window], valuation=Valuation.of(draws))
        units = return_by_lag(draws, channel, n_lags=250, window=WINDOWS[window])
        for name, by_lag in {"money": money, "incremental_outcome": units}.items():
            summed = by_lag.cumsum(axis=-1)[..., [int(weeks) - 1 for weeks in HORIZONS]]
            expected = by_horizon[name].sel(channel=channel).values
            # a delayed kernel begins next to nothing, which a difference of two stocks knows to 1e-16 of the whole
            np.testing.assert_allclose(summed, expected, rtol=1e-10, atol=1e-14 * expected.max())


@pytest.mark.parametrize("curve", [mmm.Root, mmm.MichaelisMenten, mmm.Tanh, mmm.NoSaturation])
@pytest.mark.parametrize("kind", ["geometric", "delayed"])
def test_the_same_for_every_curve_also_where_next_to_nothing_still_counts(kind, curve):
    # a small power of a stock dies away ever so slowly: a draw that is given up too early would show here
    draws = posterior_of(kind, "adstock_first", "moving", curve).draws
    by_horizon = returns_by_horizon(draws, horizons=(30.0, 400.0))
    for channel in CHANNELS:
        by_lag = return_by_lag(draws, channel, n_lags=400, valuation=Valuation.of(draws))
        np.testing.assert_allclose(
            by_lag.cumsum(axis=-1)[..., [29, 399]], by_horizon["money"].sel(channel=channel), rtol=1e-10
        )


@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize(("kind", "order"), FORMS)
def test_it_is_what_taking_the_money_away_shows(kind, order, margin):
    draws = posterior_of(kind, order, margin).draws
    start, stop = WINDOWS["inside"]
    by_lag = return_by_lag(draws, "video", n_lags=20, window=(start, stop))
    before = draws.inputs.start
    for chain, draw in ((0, 1), (1, 4)):
        rules, driver, amplitude = oracle_of(draws, "video", chain, draw)
        for horizon in (1, 4, 20):
            taken = oracle.counterfactual_return(
                driver, rules, weeks_per_period=1.0, start=before + start, stop=before + stop, horizon=horizon
            )
            assert by_lag[chain, draw, :horizon].sum() == pytest.approx(amplitude * taken, rel=1e-10)


@pytest.mark.parametrize("kind", KERNELS)
def test_a_lag_is_its_weight_of_every_response_at_the_margin_of_its_landing(kind):
    draws = posterior_of(kind, "saturation_first", "moving").draws
    start, stop = WINDOWS["last quarter"]
    value = margin_by_row("moving", stop + 30)
    by_lag = return_by_lag(draws, "tv", n_lags=30, window=(start, stop), valuation=Valuation.of(draws))
    rules, driver, amplitude = oracle_of(draws, "tv", 1, 2)
    weights = oracle.kernel_weights(rules, weeks_per_period=1.0, n_lags=30)
    effects = [amplitude * oracle.saturate(x, rules) for x in driver[-13:]]
    for lag in (0, 1, 7, 29):
        by_hand = sum(value[start + i + lag] * weights[lag] * effect for i, effect in enumerate(effects))
        assert by_lag[1, 2, lag] == pytest.approx(by_hand, rel=1e-10)


@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize("kind", KERNELS)
def test_where_saturation_comes_first_single_periods_add_up_to_the_window(kind, margin):
    draws = posterior_of(kind, "saturation_first", margin).draws
    at = {"n_lags": 40, "valuation": Valuation.of(draws)}
    whole = return_by_lag(draws, "radio", window=(11, 24), **at)
    cohorts = [return_by_lag(draws, "radio", window=(row, row + 1), **at) for row in range(11, 24)]
    np.testing.assert_allclose(sum(cohorts), whole, rtol=1e-10)


def test_without_any_parameter_everything_lands_at_once():
    plain = mmm.Channel(saturation=mmm.NoSaturation(), carryover=mmm.NoCarryover(), order="adstock_first")
    draws = build_posterior(build_data(), mmm.ModelSpec(channels={"tv": plain}), n_draws=5).draws
    by_lag = return_by_lag(draws, "tv", n_lags=3)
    assert by_lag.shape == (2, 5, 3)
    whole = returns_by_horizon(draws, horizons=(1.0,)).sel(channel="tv")["incremental_outcome"][..., 0]
    np.testing.assert_allclose(by_lag[..., 0], whole, rtol=1e-12)
    assert (by_lag[..., 1:] == 0).all()


def test_more_draws_than_are_replayed_at_once():
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(order="adstock_first")})
    draws = build_posterior(build_data(), spec, n_chains=3, n_draws=201).draws
    by_lag = return_by_lag(draws, "tv", n_lags=13, window=(40, 60))
    expected = returns_by_horizon(draws, horizons=(13.0,), window=(40, 60)).sel(channel="tv")["incremental_outcome"]
    np.testing.assert_allclose(by_lag.sum(axis=-1), expected[..., 0], rtol=1e-10)


def test_a_value_that_stands_still_is_the_general_rule():
    rng = np.random.default_rng(1)
    responses, weights = rng.gamma(1.0, size=(4, N_ROWS)), rng.dirichlet(np.ones(9), size=4)
    still = cohorts_by_lag(responses, weights, value=np.full(N_ROWS + 8, 0.4))
    almost = cohorts_by_lag(responses, weights, value=np.full(N_ROWS + 8, 0.4) + 1e-13 * np.arange(N_ROWS + 8))
    np.testing.assert_allclose(still, almost, rtol=1e-10)
