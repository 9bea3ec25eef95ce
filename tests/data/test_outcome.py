"""Is the outcome money, and is one of it silently worth one?"""

from __future__ import annotations

import numpy as np
import pytest

from mmm.data.outcome import looks_like_count
from mmm.errors import DataWarning

COUNTS = (
    "conversions orders units installs signups sign_ups customers leads visits subscriptions sessions downloads",
    "registrations transactions policies bookings newCustomers order_count Orders.Online total-leads unit_sales",
    "sales_units SalesVolume app_installs_2 quotes enquiries",
)
MONEY = (
    "revenue sales value gmv turnover income order_value orders_revenue revenuePerVisit net_sales customer_income",
    "sales_gbp bookings_gbp profit unitRevenue leads_value gross_sales y target £orders",
)


def words(lines):
    return [word for line in lines for word in line.split()]


@pytest.mark.parametrize("name", words(COUNTS))
def test_names_of_counts(name):
    assert looks_like_count(name, currency="GBP")


@pytest.mark.parametrize("name", words(MONEY))
def test_names_of_money_or_of_nothing_known(name):
    assert not looks_like_count(name, currency="GBP")


def test_money_by_default_is_noted_and_worth_one(make_frame, load):
    data = load(make_frame())
    assert data.has_money_value
    assert data.description.outcome_is_money
    assert data.roi_label == "revenue ROI"
    assert "taken as money in GBP" in data.notes[0]
    np.testing.assert_array_equal(data.dataset["outcome_value"], 1.0)


def test_a_count_without_value_is_warned_of_and_has_no_money_value(make_frame, load):
    frame = make_frame().rename(columns={"revenue": "orders"})
    with pytest.warns(DataWarning, match='ROI in money cannot be computed.*outcome_value=.*outcome_unit="GBP"') as seen:
        data = load(frame, outcome="orders")
    assert seen[0].filename.endswith("conftest.py"), "the warning must point at the caller"
    assert not data.has_money_value
    assert np.isnan(data.dataset["outcome_value"]).all()
    assert data.roi_label == "orders per GBP"
    assert any("prior will be on the share" in note for note in data.notes)


def test_a_value_makes_units_money(make_frame, load):
    data = load(make_frame().rename(columns={"revenue": "orders"}), outcome="orders", outcome_value=25)
    assert data.has_money_value
    assert not data.description.outcome_is_money
    assert data.description.outcome_unit == "orders"
    np.testing.assert_array_equal(data.dataset["outcome_value"], 25.0)


def test_value_and_margin_columns_may_vary_and_price_may_be_a_control_too(make_frame, load):
    frame = make_frame().assign(share=np.linspace(0.3, 0.5, 104))
    data = load(frame, outcome_value="price", margin="share", controls=["price"])
    np.testing.assert_array_equal(data.dataset["outcome_value"][0], frame["price"])
    np.testing.assert_array_equal(data.dataset["margin"][0], frame["share"])
    assert data.roi_label == "margin ROI"
    assert data.description.outcome_value == "price"


@pytest.mark.parametrize(("unit", "money"), [("GBP", True), ("gbp", True), ("conversions", False)])
def test_a_stated_unit_wins_over_the_name_without_warning(make_frame, load, unit, money):
    data = load(make_frame().rename(columns={"revenue": "orders"}), outcome="orders", outcome_unit=unit)
    assert data.description.outcome_is_money is money
    assert data.has_money_value is money
    assert data.roi_label == ("revenue ROI" if money else "conversions per GBP")


def test_another_currency_in_the_name_is_warned_of(make_frame, load):
    with pytest.warns(DataWarning, match="speaks of USD"):
        load(make_frame().rename(columns={"revenue": "revenue_usd"}), outcome="revenue_usd")
    data = load(make_frame().rename(columns={"revenue": "revenue_usd"}), outcome="revenue_usd", currency="USD")
    assert data.description.outcome_unit == "USD"
