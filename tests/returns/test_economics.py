"""What may be said of money, and what is refused."""

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm import Economics
from mmm.errors import SpecError


def test_nothing_is_worth_anything_that_is_not_stated():
    plain = Economics()
    assert plain.margin is plain.customer_value is plain.currency is None
    assert plain.discount_rate == 0.10
    assert plain.acquisition_cost == 0
    assert plain.incremental_value_share == mmm.Beta(alpha=8, beta=2)


@pytest.mark.parametrize("given", [[0.3, 0.4], (0.3, 0.4), np.array([0.3, 0.4]), pd.Series([0.3, 0.4])])
def test_a_margin_over_time_may_be_any_series(given):
    assert Economics(margin=given).margin == (0.3, 0.4)


@pytest.mark.parametrize("given", [1, 1.0, np.float64(1.0), np.int64(1), np.array(1.0)])
def test_a_number_may_be_any_number(given):
    assert Economics(margin=given).margin == 1.0
    assert Economics(discount_rate=0).discount_rate == 0


def test_draws_of_a_customers_value_may_come_by_chain():
    assert Economics(customer_value=np.array([[80.0, 90.0], [100.0, 110.0]])).customer_value == (
        80.0,
        90.0,
        100.0,
        110.0,
    )


def test_it_is_frozen_and_can_be_written_down():
    said = Economics(
        customer_value=[80.0, 120.0], incremental_value_share=0.7, acquisition_cost={"tv": 0.1}, currency="GBP"
    )
    assert Economics.model_validate_json(said.model_dump_json()) == said
    with pytest.raises((TypeError, ValueError)):
        said.discount_rate = 0.2
    with pytest.raises(TypeError):
        said.acquisition_cost["tv"] = 0.0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"margin": 0}, "margin is above 0 and at most 1, got 0"),
        ({"margin": 40}, "got 40; divide percentages by 100"),
        ({"margin": [0.4, 1.2]}, "margin is .* got 1.2"),
        ({"margin": [0.4, np.nan]}, "margin is .* got nan"),
        ({"margin": []}, "a number or a series of numbers is needed"),
        ({"margin": ["0.4", "0.5"]}, "a number or a series of numbers is needed"),
        ({"margin": "0.4"}, "a number is needed here"),
        ({"margin": True}, "a number is needed here"),
        ({"discount_rate": -0.1}, "discount_rate is at least 0 and below 1, got -0.1"),
        ({"discount_rate": 10}, "got 10; 0.1 is 10% a year"),
        ({"discount_rate": np.nan}, "discount_rate"),
        ({"currency": " "}, "currency is blank"),
        ({"customer_value": 0}, "customer_value is money above 0, got 0"),
        ({"customer_value": [10.0, -1.0]}, "customer_value is money above 0, got -1"),
        ({"customer_value": np.inf}, "customer_value is money above 0, got inf"),
        ({"customer_value": 100, "customer_value_sd": 0}, "customer_value_sd is above 0, got 0"),
        ({"customer_value": [90.0, 110.0], "customer_value_sd": 5}, "the draws say how uncertain it is"),
        ({"customer_value_sd": 5}, "customer_value_sd without customer_value has no effect"),
        ({"incremental_value_share": 0.5}, "incremental_value_share without customer_value has no effect"),
        ({"margin": 0.4, "acquisition_cost": 0.5}, "acquisition_cost without customer_value has no effect"),
        ({"customer_value": 100, "incremental_value_share": 1.5}, "incremental_value_share is above 0 and at most 1"),
        ({"customer_value": 100, "margin": 0.4}, "margin with customer_value(.|\n)*counted twice"),
        ({"acquisition_cost": -0.1}, "acquisition_cost is at least 0, got -0.1"),
        ({"acquisition_cost": {"tv": -0.1}}, "acquisition_cost is at least 0, got -0.1"),
        ({"acquisition_cost": {"tv": "0.1"}}, "the cost of 'tv' is '0.1', a number is needed"),
        ({"acquisition_cost": {"tv": True}}, "the cost of 'tv' is True"),
        ({"margins": 0.4}, "did you mean 'margin'"),
    ],
)
def test_what_makes_no_sense_is_refused(fields, message):
    with pytest.raises(SpecError, match=message):
        Economics(**fields)
