"""From outcome to money: by period, by draw, and counted once."""

import numpy as np
import pytest

from mmm import Beta, Economics
from mmm.errors import ReportError
from mmm.returns import Valuation, prior_reliance_of_returns, returns_by_horizon
from mmm.returns.valuation import resample
from tests.conftest import N_WEEKS, build_data, build_frame, build_posterior

SURE = {"incremental_value_share": 1.0}


@pytest.fixture(scope="module")
def orders():
    return build_posterior(build_data(outcome="orders"))


@pytest.mark.parametrize("roles", [{}, {"outcome": "orders", "outcome_value": 30.0}])
def test_a_margin_of_the_economics_is_one_of_the_data(roles):
    draws = build_posterior(build_data(**roles)).draws
    plain = returns_by_horizon(draws, horizons=(13.0,))["money"]
    with_margin = returns_by_horizon(draws, horizons=(13.0,), valuation=Valuation.of(draws, Economics(margin=0.4)))
    np.testing.assert_allclose(with_margin["money"], 0.4 * plain, rtol=1e-12)


def test_a_margin_over_time_counts_where_the_return_lands_and_afterwards_as_in_the_last_year():
    margin = build_frame()["margin"].to_numpy()
    draws = build_posterior(build_data()).draws
    stated = Valuation.of(draws, Economics(margin=margin))
    in_data = Valuation.of(build_posterior(build_data(margin="margin"), n_draws=2).draws)
    np.testing.assert_allclose(stated.rows(5, N_WEEKS + 9), in_data.rows(5, N_WEEKS + 9), rtol=1e-14)
    np.testing.assert_allclose(stated.rows(N_WEEKS, N_WEEKS + 3), margin[-52:].mean())
    assert len(stated.rows(3, 7)) == 4


@pytest.mark.parametrize(
    ("roles", "economics", "label", "prior_label", "unit"),
    [
        ({}, None, "revenue ROI", "revenue ROI", "GBP"),
        ({"margin": 0.4}, Economics(), "margin ROI", "margin ROI", "GBP"),
        ({}, Economics(margin=0.4), "margin ROI", "revenue ROI", "GBP"),
        ({"outcome": "orders"}, None, "orders per GBP", "orders per GBP", "orders"),
        ({"outcome": "orders"}, Economics(customer_value=9.0), "customer value ROI", "orders per GBP", "GBP"),
    ],
)
def test_it_says_what_the_money_is_and_what_the_prior_was_on(roles, economics, label, prior_label, unit):
    valuation = Valuation.of(build_posterior(build_data(**roles), n_draws=2).draws, economics)
    assert (valuation.label, valuation.prior_label, valuation.unit) == (label, prior_label, unit)
    assert valuation.is_money is (unit == "GBP")


def test_a_sure_value_is_itself_in_every_draw(orders):
    valuation = Valuation.of(orders.draws, Economics(customer_value=90.0, incremental_value_share=0.5))
    assert valuation.by_draw.shape == (2, 100)
    assert (valuation.by_draw == 45.0).all()


def test_mean_and_sd_are_those_of_the_draws(orders):
    draws = build_posterior(orders.data, n_draws=10_000).draws
    values = Valuation.of(draws, Economics(customer_value=100.0, customer_value_sd=40.0, **SURE)).by_draw
    # laid out in equal steps of probability: what is missing is half a step of 1 / 20,000 at the long end
    assert values.mean() == pytest.approx(100, rel=1e-4)
    assert values.std() == pytest.approx(40, rel=2e-3)
    assert np.log(values).std() == pytest.approx(np.sqrt(np.log(1.16)), rel=1e-3)


def test_by_default_who_had_to_be_won_is_worth_less(orders):
    shares = Valuation.of(orders.draws, Economics(customer_value=1.0)).by_draw
    assert shares.mean() == pytest.approx(0.8, abs=1e-3)
    np.testing.assert_allclose(np.sort(shares.ravel()), np.sort(Beta(alpha=8, beta=2).quantile_grid(200)))


@pytest.mark.parametrize("size", [1, 7, 200, 5001])
def test_draws_of_any_number_are_brought_to_those_of_the_fit(orders, size):
    given = np.random.default_rng(2).gamma(9.0, 10.0, size)
    values = Valuation.of(orders.draws, Economics(customer_value=given, **SURE)).by_draw
    assert values.shape == (2, 100)
    assert np.isin(values, given).all()
    if size >= 200:
        quantiles = np.linspace(0.05, 0.95, 10)
        np.testing.assert_allclose(np.quantile(values, quantiles), np.quantile(given, quantiles), rtol=0.03)
    if size == 200:
        np.testing.assert_array_equal(np.sort(values.ravel()), np.sort(given))


def test_resampling_keeps_the_distribution():
    np.testing.assert_array_equal(resample(np.array([2.0, 1.0]), 5), [1, 1, 2, 2, 2])


def test_it_is_the_same_every_time_and_knows_nothing_of_the_fit(orders):
    economics = Economics(customer_value=100.0, customer_value_sd=40.0)
    values = Valuation.of(orders.draws, economics).by_draw
    np.testing.assert_array_equal(values, Valuation.of(orders.draws, economics).by_draw)
    effect = orders.draws.parameters["outcome_per_spend"].sel(channel="tv").values
    # 200 independent pairs: the standard error of a correlation is 0.07
    assert abs(np.corrcoef(values.ravel(), np.log(effect).ravel())[0, 1]) < 4 * 0.07


def test_prior_and_posterior_are_valued_alike_each_with_its_own_draws(orders):
    economics = Economics(customer_value=100.0, customer_value_sd=40.0)
    after, before = (
        returns_by_horizon(side, horizons=(104.0,), valuation=Valuation.of(side, economics))
        for side in (orders.draws, orders.prior)
    )
    assert before["money"].sizes["draw"] == 4000
    reliance = prior_reliance_of_returns(after, before, variable="money")
    # draws of the prior dressed as a posterior: 200 of them know their spread to 5% or so
    assert reliance.sel(channel="tv").item() > 0.8


@pytest.mark.parametrize(
    ("roles", "economics", "message"),
    [
        ({"margin": 0.4}, Economics(margin=0.4), r"the data have margin=0.4 already(.|\n)*counted twice"),
        ({"outcome": "orders"}, Economics(margin=0.4), r"\(orders\) has no money value(.|\n)*silently do nothing"),
        ({}, Economics(margin=[0.4, 0.5]), "margin has 2 numbers, the data have 60 periods"),
        ({}, Economics(customer_value=100), r"'revenue' is money(.|\n)*buy again(.|\n)*counted twice"),
        ({"outcome": "orders", "outcome_value": 30.0}, Economics(customer_value=100), r"has outcome_value=30.0"),
        ({}, Economics(currency="USD"), "the economics are in USD and the data in GBP"),
        (
            {"outcome": "orders"},
            Economics(customer_value=9, acquisition_cost={"tvv": 0.1}),
            r"acquisition_cost names \['tvv'\](.|\n)*did you mean 'tv'",
        ),
        (
            {"outcome": "orders"},
            Economics(customer_value=9, acquisition_cost={"tv": 0.1}),
            r"does not name \['video', 'radio'\](.|\n)*flatters",
        ),
    ],
)
def test_economics_of_other_data_are_refused(roles, economics, message):
    draws = build_posterior(build_data(**roles), n_draws=2).draws
    with pytest.raises(ReportError, match=message):
        Valuation.of(draws, economics)


def test_the_currency_of_the_data_may_be_repeated(orders):
    assert Valuation.of(orders.draws, Economics(currency="GBP", customer_value=1.0)).is_money
