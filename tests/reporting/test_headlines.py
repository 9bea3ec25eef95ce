"""Titles give the interval of the table, whatever it is of."""

import numpy as np
import pandas as pd

import mmm
from mmm.reporting.sentences import (
    cases_headline,
    customers_headline,
    drift_headline,
    evidence_headline,
    ledger_headline,
    media_headline,
    payback_headline,
    roi_headline,
)
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
    assert said(1, np.inf) == "The money spent on tv may be back after 1 week, or never (90%)"
    assert said(np.inf, np.inf) == "The money spent on tv does not come back within ten years (90%)"


def test_what_is_to_come_is_money():
    ends = row(carry_out_lower=122_514.0, carry_out_upper=1_894_740.0)
    assert ledger_headline(ends, valuation=MONEY, prob=0.9) == (
        "GBP 0.1m to 1.9m of what this spend returns is still to come (90%)"
    )


def test_units_stand_behind_their_number():
    ends = row(carry_out_lower=260.0, carry_out_upper=11_200.0)
    assert ledger_headline(ends, valuation=ORDERS, prob=0.9) == (
        "260 to 11k orders of what this spend returns is still to come (90%)"
    )


def test_a_channel_may_be_known_as_something():
    ends = row(roi_lower=1.12, roi_upper=1.94)
    assert roi_headline(ends, valuation=MONEY, prob=0.9, known_as="the largest spend").startswith(
        "tv, the largest spend, returned 1.1 to 1.9"
    )


def test_customers_are_worth_a_multiple_of_their_cost():
    total = row(channel="total", ltv_cac=2.0, ltv_cac_lower=1.12, ltv_cac_upper=3.24)
    assert customers_headline(total, prob=0.9) == (
        "The customers won by all channels together are worth 1.1 to 3.2 times what they cost (90%)"
    )
    assert customers_headline(row(ltv_cac=np.nan), prob=0.9) == "Nothing was spent on tv"


def test_evidence_names_the_channel_of_which_most_was_told():
    ends = {"prior_lower": 0.25, "prior_upper": 4.04, "posterior_lower": 0.453, "posterior_upper": 0.738}
    rows = pd.DataFrame(
        [{"channel": "tv", "prior_reliance": 0.9, **ends}, {"channel": "social", "prior_reliance": 0.2, **ends}]
    )
    assert evidence_headline(rows, prob=0.9) == (
        "The data told most of social, 0.2 to 4.0 was assumed and 0.45 to 0.74 remains (90%)"
    )
    assert evidence_headline(rows[:1], prob=0.9).startswith("The data told little of any return: of tv, 0.2 to 4.0")


def test_drift_names_what_moved_and_what_became_of_the_answer():
    ends = {"old_lower": 0.61, "old_upper": 1.72, "new_lower": 0.52, "new_upper": 1.58}
    table = pd.DataFrame([{"channel": name, "flag": flag, **ends} for name, flag in
                          {"tv": "red", "radio": "ok", "total": "amber"}.items()])  # fmt: skip
    rest = "all channels together returned 0.5 to 1.6, where the last fit said 0.6 to 1.7 (90%)"
    assert drift_headline(table, "total", prob=0.9) == (
        f"tv (red) and all channels together (amber) moved by more than new weeks explain; {rest}"
    )
    still = table.assign(flag="ok")
    assert drift_headline(still, "total", prob=0.9) == f"Nothing moved by more than new weeks explain; {rest}"
    assert "; tv returned 0.5 to 1.6" in drift_headline(still, "tv", prob=0.9)


def test_each_case_has_its_interval():
    table = pd.DataFrame(
        [
            {"case": case, "channel": channel, "horizon_weeks": weeks, "roi_lower": lower, "roi_upper": 2 * lower}
            for case, lower in {"sceptic": 0.42, "default": 0.54}.items()
            for channel in ("tv", "total")
            for weeks in (13, 104)
        ]
    )
    assert cases_headline(table, "total", valuation=MONEY, prob=0.9) == (
        "All channels together within 104 weeks, by what is assumed: sceptic 0.42 to 0.84 and default 0.5 to 1.1 (90%)"
    )


def test_media_have_a_share_of_the_outcome():
    share = row(posterior_lower=0.0721, posterior_upper=0.2136)
    assert media_headline(share, outcome="revenue", prob=0.9) == "Media brought 7% to 21% of revenue (90%)"
