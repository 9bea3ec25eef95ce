"""Titles give the interval of the table, whatever it is of."""

import numpy as np
import pandas as pd

import mmm
from mmm.reporting.sentences import ledger_headline, media_headline, payback_headline, roi_headline
from tests.conftest import build_data, build_posterior

MONEY = mmm.Report(build_posterior(build_data())).valuation
ORDERS = mmm.Report(build_posterior(build_data(outcome="orders"))).valuation


def row(**values):
    return pd.Series({"channel": "tv", "horizon_weeks": 52.0, "spend": 100.0} | values)


def test_returns_are_per_unit_of_spend():
    said = roi_headline(row(roi_lower=1.12, roi_upper=1.94), valuation=MONEY, prob=0.9)
    assert said == "tv returned 1.1 to 1.9 per GBP spent within 52 weeks (90%)"
    total = row(channel="total", outcome_per_spend_lower=0.012, outcome_per_spend_upper=0.031)
    assert roi_headline(total, valuation=ORDERS, prob=0.8) == (
        f"All channels together returned 0.012 to 0.031 {ORDERS.label} within 52 weeks (80%)"
    )


def test_what_was_not_bought_returned_nothing():
    assert roi_headline(row(spend=0.0), valuation=MONEY, prob=0.9) == "Nothing was spent on tv"
    assert payback_headline(row(payback_lower=np.nan, payback_upper=np.nan), prob=0.9) == "Nothing was spent on tv"


def test_payback_may_never_come():
    def said(lower, upper):
        return payback_headline(row(payback_lower=lower, payback_upper=upper), prob=0.9)

    assert said(3, 31) == "The money spent on tv is back after 3 to 31 weeks (90%)"
    assert said(1, np.inf) == "The money spent on tv is back after 1 week to never (90%)"
    assert said(np.inf, np.inf) == "The money spent on tv does not come back within ten years (90%)"


def test_what_is_to_come_is_money():
    ends = row(carry_out_lower=122_514.0, carry_out_upper=1_894_740.0)
    assert ledger_headline(ends, valuation=MONEY, prob=0.9) == (
        "GBP 0.1m to 1.9m of what this spend returns is still to come (90%)"
    )


def test_media_have_a_share_of_the_outcome():
    share = row(posterior_lower=0.0721, posterior_upper=0.2136)
    assert media_headline(share, outcome="revenue", prob=0.9) == "Media brought 7% to 21% of revenue (90%)"
