"""Payback by brute force over horizons, net present value by hand."""

import numpy as np
import pytest

import mmm
from mmm.errors import ReportError
from mmm.returns import Valuation, payback_draws, per_spend, return_by_lag, returns_by_horizon
from mmm.returns.payback import SEARCH_WEEKS, first_crossing
from tests.conftest import build_data, build_frame, build_posterior, with_parameters
from tests.returns.conftest import CHANNELS, FORMS, MARGINS, WINDOWS, posterior_of

LONG = 30


@pytest.mark.parametrize("window", ["all", "last quarter"])
@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize(("kind", "order"), FORMS)
def test_payback_is_the_first_horizon_at_which_roi_is_one(kind, order, margin, window):
    draws = posterior_of(kind, order, margin).draws
    found = payback_draws(draws, horizon_weeks=13, window=WINDOWS[window])["payback_weeks"]
    horizons = tuple(float(weeks) for weeks in range(1, LONG + 1))
    roi = per_spend(returns_by_horizon(draws, horizons=horizons, window=WINDOWS[window]), "money").values
    for index in np.ndindex(found.shape):
        first = next((weeks for weeks, at in zip(horizons, roi[index], strict=True) if at >= 1), None)
        weeks = float(found.values[index])
        assert weeks == first or (first is None and weeks > LONG)


@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize(("kind", "order"), FORMS)
def test_npv_without_discount_is_the_profit_and_with_it_every_return_waits_for_its_lag(kind, order, margin):
    draws = posterior_of(kind, order, margin).draws
    at = {"horizon_weeks": 52, "window": WINDOWS["inside"]}
    returns = returns_by_horizon(draws, horizons=(52.0,), window=WINDOWS["inside"])
    profit = (per_spend(returns, "money")[..., 0] - 1) * returns["spend"]
    scale = float(returns["spend"].max())
    np.testing.assert_allclose(payback_draws(draws, discount_rate=0.0, **at)["npv"], profit, atol=1e-10 * scale)
    discounted = payback_draws(draws, discount_rate=0.1, **at)["npv"].sel(channel="video")
    horizons = tuple(float(weeks) for weeks in range(1, 53))
    money = returns_by_horizon(draws, horizons=horizons, window=WINDOWS["inside"])["money"].sel(channel="video")
    by_lag = np.diff(money, axis=-1, prepend=0.0)
    by_hand = sum(by_lag[..., lag] / 1.1 ** (lag / 52) for lag in range(52)) - float(returns["spend"][1])
    np.testing.assert_allclose(discounted, by_hand, atol=1e-10 * scale)


def test_npv_of_a_quarter_is_its_cohorts_each_at_its_own_start():
    draws = posterior_of("geometric", "saturation_first", "moving").draws
    at = {"horizon_weeks": 104, "discount_rate": 0.08}
    whole = payback_draws(draws, window=(43, 56), **at)["npv"]
    weeks = [payback_draws(draws, window=(row, row + 1), **at)["npv"].fillna(0.0) for row in range(43, 56)]
    np.testing.assert_allclose(sum(weeks), whole, rtol=1e-9)


def test_a_higher_rate_is_worth_less_and_a_longer_horizon_more():
    draws = posterior_of("geometric", "saturation_first").draws
    by_rate = [payback_draws(draws, horizon_weeks=52, discount_rate=rate)["npv"] for rate in (0.0, 0.1, 0.5)]
    assert (by_rate[0] > by_rate[1]).all()
    assert (by_rate[1] > by_rate[2]).all()
    by_horizon = [payback_draws(draws, horizon_weeks=weeks)["npv"] for weeks in (4, 13, 520)]
    assert (by_horizon[0] < by_horizon[1]).all()
    assert (by_horizon[1] <= by_horizon[2]).all()


def test_at_break_even_it_is_never_or_late_and_far_above_at_once(posterior):
    never = with_parameters(posterior, roi=lambda roi: 0 * roi + 0.5)
    assert np.isinf(payback_draws(never.draws, horizon_weeks=104)["payback_weeks"]).all()
    at_once = with_parameters(posterior, roi=lambda roi: 0 * roi + 1e6)
    assert (payback_draws(at_once.draws, horizon_weeks=104)["payback_weeks"] == 1).all()


def test_the_total_sets_all_money_against_all_spend(posterior):
    found = payback_draws(posterior.draws, horizon_weeks=104)
    spend = build_frame()[list(CHANNELS)].to_numpy().sum()
    by_lag = sum(
        return_by_lag(posterior.draws, name, n_lags=SEARCH_WEEKS, valuation=Valuation.of(posterior.draws))
        for name in CHANNELS
    )
    expected = first_crossing(by_lag.cumsum(axis=-1), spend)
    np.testing.assert_array_equal(found["payback_weeks"].sel(channel="total"), expected)
    np.testing.assert_allclose(
        found["npv"].sel(channel="total"), found["npv"].sel(channel=list(CHANNELS)).sum("channel")
    )


def test_without_spend_there_is_nothing_to_pay_back(posterior):
    found = payback_draws(posterior.draws, horizon_weeks=13, window=(6, 10)).sel(channel=["tv", "video"])
    assert found.sel(channel="tv")[["payback_weeks", "npv"]].to_array().isnull().all()
    assert found.sel(channel="video")[["payback_weeks", "npv"]].to_array().notnull().all()


@pytest.mark.filterwarnings("ignore::mmm.errors.DataWarning")
@pytest.mark.parametrize(("frequency", "weeks"), [("monthly", 365.25 / 12 / 7), ("daily", 1 / 7)])
def test_it_is_counted_in_whole_periods_and_told_in_weeks(frequency, weeks):
    data, _ = mmm.simulate.world(seed=1, n_periods=200, frequency=frequency, n_channels=1)
    draws = build_posterior(data, mmm.ModelSpec(horizon_weeks=26), n_chains=1, n_draws=20).draws
    waited = payback_draws(draws, horizon_weeks=26)["payback_weeks"].values
    waited = waited[np.isfinite(waited)]
    assert len(waited)
    np.testing.assert_allclose(waited / weeks, np.round(waited / weeks), rtol=1e-12)


def test_an_outcome_without_money_does_not_pay_back():
    draws = build_posterior(build_data(outcome="orders"), n_draws=5).draws
    with pytest.raises(
        ReportError, match=r"payback was asked of an outcome without a money value(.|\n)*customer_value"
    ):
        payback_draws(draws, horizon_weeks=104)
