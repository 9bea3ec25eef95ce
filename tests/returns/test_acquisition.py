"""Lifetime value against cost, by hand in every draw."""

import numpy as np
import pytest

from mmm import Economics
from mmm.returns import Valuation, acquisition_draws, returns_by_horizon
from tests.conftest import build_data, build_frame, build_posterior

CHANNELS = ["tv", "video", "radio"]
COSTS = {"tv": 0.5, "video": 0.0, "radio": 0.1}
ECONOMICS = Economics(customer_value=120.0, customer_value_sd=30.0, acquisition_cost=COSTS)


@pytest.fixture(scope="module")
def draws():
    return build_posterior(build_data(outcome="orders")).draws


def test_every_number_by_hand(draws):
    found = acquisition_draws(draws, economics=ECONOMICS, horizon_weeks=26)
    customers = returns_by_horizon(draws, horizons=(26.0,))["incremental_outcome"][..., 0]
    value = Valuation.of(draws, ECONOMICS).by_draw
    spend = build_frame()[CHANNELS].sum()
    cost = {name: spend[name] * (1 + COSTS[name]) for name in CHANNELS}
    cost["total"], spend["total"] = sum(cost.values()), spend.sum()
    for name in [*CHANNELS, "total"]:
        at, won = found.sel(channel=name), customers.sel(channel=name).values
        assert float(at["spend"]) == pytest.approx(spend[name])
        assert float(at["acquisition_cost"]) == pytest.approx(cost[name])
        np.testing.assert_allclose(at["incremental_customers"], won, rtol=1e-12)
        np.testing.assert_allclose(at["cac"], cost[name] / won, rtol=1e-12)
        np.testing.assert_allclose(at["ltv"], value, rtol=1e-12)
        np.testing.assert_allclose(at["ltv_cac"], value * won / cost[name], rtol=1e-12)
        # paying that much for media per customer, all costs of a customer are what he or she is worth
        all_costs = at["break_even_cpa"].values * cost[name] / spend[name]
        np.testing.assert_allclose(all_costs, value, rtol=1e-12)


def test_one_cost_for_all_is_that_cost_for_each(draws):
    one = acquisition_draws(draws, economics=Economics(customer_value=9.0, acquisition_cost=0.2), horizon_weeks=13)
    each = Economics(customer_value=9.0, acquisition_cost=dict.fromkeys(CHANNELS, 0.2))
    assert one.equals(acquisition_draws(draws, economics=each, horizon_weeks=13))


def test_without_other_costs_ltv_to_cac_is_the_roi_on_customer_value(draws):
    economics = Economics(customer_value=120.0)
    found = acquisition_draws(draws, economics=economics, horizon_weeks=26, window=(10, 30))
    valuation = Valuation.of(draws, economics)
    returns = returns_by_horizon(draws, horizons=(26.0,), window=(10, 30), valuation=valuation)
    np.testing.assert_allclose(found["ltv_cac"], (returns["money"] / returns["spend"])[..., 0], rtol=1e-12)


def test_where_nothing_was_spent_there_is_no_cost_of_a_customer(draws):
    found = acquisition_draws(draws, economics=ECONOMICS, horizon_weeks=13, window=(6, 10)).sel(channel="tv")
    assert found[["cac", "ltv_cac", "break_even_cpa"]].to_array().isnull().all()
    assert float(found["acquisition_cost"]) == 0
