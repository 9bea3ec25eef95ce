"""The verdict in words says what the tables say, rounded, never without an interval."""

import math
import re

import numpy as np
import pytest

import mmm
from mmm.words import chance, listed, money, payback_weeks, with_interval
from tests.conftest import build_data, build_frame, build_posterior, with_parameters

BRAND = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})
BOTH = mmm.ModelSpec(channels=dict.fromkeys(("radio", "tv"), mmm.Channel(brand=True)))
INTERVAL = re.compile(
    r"\((\d[\d.]*%: )?(-?[\d.,]+\w*|\d+ weeks?) to (-?[\d.,]+\w*|never)(; \d+% prior)?\)|\(\d+%: never\)"
)


@pytest.fixture(scope="module")
def brand():
    """Data that taught something: half the prior's log spread."""
    made = build_posterior(build_data(margin=0.4), BRAND, n_draws=500)
    return with_parameters(made, roi=lambda roi: 1.6 * roi**0.4)


def table_row(table, channel, **where):
    chosen = table["channel"] == channel
    for column, value in where.items():
        chosen &= table[column] == value
    assert chosen.sum() == 1
    return table[chosen].iloc[0]


def said_of(report, channel):
    start = "All channels together " if channel == "total" else f"{channel} "
    (found,) = [sentence for sentence in report.sentences() if sentence.startswith(start)]
    return found


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1.13, 0.68, 1.59), "1.1 (90%: 0.7 to 1.6)"),
        ((2.4, 1.1, 4.0), "2.4 (90%: 1.1 to 4.0)"),
        ((0.84, 0.306, 1.52), "0.84 (90%: 0.31 to 1.52)"),
        ((12.3, 4.6, 31.2), "12 (90%: 5 to 31)"),
        ((123.4, 46, 312), "120 (90%: 50 to 310)"),
        ((4321, 1234, 9876), "4,300 (90%: 1,200 to 9,900)"),
        ((2.4, 0.003, 9.1), "2.4 (90%: 0.003 to 9.1)"),  # never rounded to nothing
        ((-0.02, -0.31, 0.25), "-0.020 (90%: -0.310 to 0.250)"),
        ((0.0, -1.0, 1.0), "0.0 (90%: -1.0 to 1.0)"),
        ((9.97, 5, 20), "10.0 (90%: 5.0 to 20.0)"),
    ],
)
def test_a_median_has_two_digits_and_its_interval_as_many_decimals(numbers, expected):
    assert with_interval(*numbers, prob=0.9) == expected


def test_the_prior_is_named_above_a_half_only():
    assert with_interval(1.1, 0.7, 1.6, prob=0.975, reliance=0.5) == "1.1 (97.5%: 0.7 to 1.6)"
    assert with_interval(1.1, 0.7, 1.6, prob=None, reliance=0.51) == "1.1 (0.7 to 1.6; 51% prior)"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1_234_000, -312_000, 2_840_000), "GBP 1.2m (90%: -0.3m to 2.8m)"),
        ((-9_000, -312_000, 84_000), "GBP -9k (90%: -312k to 84k)"),
        ((5.2, 1.1, 9.4), "GBP 5.2 (90%: 1.1 to 9.4)"),
        ((-1e4, -3e6, 2e6), "GBP -10k (90%: -3.0m to 2.0m)"),
        ((2.2e9, 1.1e9, 3.3e9), "GBP 2.2bn (90%: 1.1bn to 3.3bn)"),
    ],
)
def test_money_is_scaled_together(numbers, expected):
    assert money(*numbers, prob=0.9, currency="GBP") == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((31.0, 14.0, math.inf), "31 weeks (90%: 14 to never)"),
        ((np.float64(1.0), 1.0, 2.0), "1 week (90%: 1 to 2)"),
        ((30.44, 13.04, 60.9), "30 weeks (90%: 13 to 61)"),
        ((3 / 7, 1 / 7, 2.0), "0.4 weeks (90%: 0.1 to 2)"),
        ((math.inf, 1.0, math.inf), "undefined (90%: 1 week to never)"),
        ((math.inf, math.inf, math.inf), "undefined (90%: never)"),
    ],
)
def test_never_is_a_number_of_weeks_too(numbers, expected):
    assert payback_weeks(*numbers, prob=0.9) == expected


def test_draws_do_not_know_certainty():
    assert [chance(p) for p in (0.0, 0.005, 0.014, 0.5, 0.987, 0.996, 1.0)] == [
        "under 1%", "under 1%", "1%", "50%", "99%", "over 99%", "over 99%",
    ]  # fmt: skip
    assert listed(["a"]) == "a"


# --- what came back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prob", [0.9, 0.8])
@pytest.mark.parametrize("window", [None, ("2023-10-02", "2024-01-28")])
def test_a_brand_channel_gets_the_sentence_of_the_house(brand, window, prob):
    report = mmm.Report(brand, window=window, prob=prob)
    table, evidence = report.roi(horizon_weeks=(13, 104)), report.evidence()
    quarter, whole = (table_row(table, "tv", horizon_weeks=weeks) for weeks in (13, 104))
    numbers = [
        with_interval(row["roi"], row["roi_lower"], row["roi_upper"], prob=label, reliance=row["prior_reliance"])
        for row, label in ((quarter, prob), (whole, None))
    ]
    relied = round(100 * table_row(evidence, "tv", quantity="long_run_multiplier")["prior_reliance"])
    assert said_of(report, "tv").startswith(
        f"tv returned {numbers[0]} within 13 weeks and {numbers[1]} within 104, of which {whole['share_landed']:.0%} "
        f"has landed; of the long-run part, {relied}% is assumption and {100 - relied}% is evidence. It pays back "
    )


def test_other_channels_and_the_total_are_told_at_the_horizon_of_the_prior(brand):
    report = mmm.Report(brand)
    for name in ("video", "radio", "total"):
        row = table_row(report.roi(horizon_weeks=104), name)
        number = with_interval(row["roi"], row["roi_lower"], row["roi_upper"], prob=0.9, reliance=row["prior_reliance"])
        landed = "all" if row["share_landed"] >= 0.995 else f"{row['share_landed']:.0%}"
        assert f" returned {number} within 104 weeks, of which {landed} has landed. " in said_of(report, name)
        assert "long-run" not in said_of(report, name)


def test_brand_channels_come_first_then_the_others_then_all_and_how_to_read_it():
    report = mmm.Report(build_posterior(build_data(), BOTH, n_draws=20))
    starts = [sentence.split(" returned")[0] for sentence in report.sentences()]
    assert starts[:-1] == ["tv", "radio", "video", "All channels together"]
    assert starts[-1].startswith("Returns of the spend of 2023-01-02 to 2024-02-19, revenue ROI: no margin was stated")


def test_a_single_channel_is_not_summed_up():
    report = mmm.Report(build_posterior(build_data(spend=["tv"]), BRAND, n_draws=20))
    assert len(report.sentences()) == 2


@pytest.mark.parametrize("economics", [None, mmm.Economics()])
@pytest.mark.parametrize("spec", [BRAND, mmm.ModelSpec()], ids=["brand", "plain"])
def test_every_paragraph_has_its_intervals_and_the_prior_where_it_speaks(spec, economics):
    report = mmm.Report(build_posterior(build_data(), spec, n_draws=500), economics=economics)  # draws from the prior
    *paragraphs, reading = report.sentences()
    for paragraph in paragraphs:
        n_numbers = paragraph.count(" within 1") + paragraph.count("payback is") + paragraph.count("pay back after")
        assert len(INTERVAL.findall(paragraph)) >= n_numbers + paragraph.count("pays back after")
        assert re.search(r"; \d+% prior\) within 104", paragraph)
    assert "(90%: a to b) means that, given model and priors, it lies between a and b with 90% probability" in reading


def test_evidence_that_spoke_is_not_called_prior(brand):
    sure = with_parameters(brand, roi=lambda roi: roi**0.2)
    whole = said_of(mmm.Report(sure), "video")
    assert "prior" not in whole
    assert "% prior) within 104" in said_of(mmm.Report(build_posterior(brand.data, BRAND)), "video")


def test_assumption_and_evidence_are_all_of_it(brand):
    learnt = with_parameters(brand, slow_share=lambda x: 0.7 + 0 * x, fast_half_life=lambda x: 1.5 + 0 * x)
    said = said_of(mmm.Report(learnt), "tv")
    assumed, evident = map(int, re.search(r"(\d+)% is assumption and (\d+)% is evidence", said).groups())
    assert assumed + evident == 100
    assert assumed < 80


def test_a_short_horizon_is_told_once():
    spec = BRAND.model_copy(update={"horizon_weeks": 8})
    said = said_of(mmm.Report(build_posterior(build_data(), spec, n_draws=50)), "tv")
    assert len(re.findall(r" within \d+ weeks", said)) == 1
    assert " within 8 weeks, of which " in said


def test_nothing_spent_is_nothing_returned(brand):
    sentences = mmm.Report(brand, window=("2023-02-13", "2023-03-06")).sentences()
    assert sentences[0] == "Nothing was spent on tv."
    assert sentences[1].startswith("video returned ")


def test_without_money_it_is_the_unit_that_came_back():
    report = mmm.Report(build_posterior(build_data(outcome="orders"), BRAND))
    row = table_row(report.roi(horizon_weeks=13), "tv")
    assert re.match(rf"tv returned {row['outcome_per_spend']:.2g}\d* orders per GBP \(90%: ", said_of(report, "tv"))
    assert not any("back" in sentence or "ROI" in sentence for sentence in report.sentences())


# --- when, and what for -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [0.1, 0.5, 1.0, 3.0])
def test_payback_is_that_of_the_table(brand, factor):
    report = mmm.Report(with_parameters(brand, roi=lambda roi: factor * roi))
    for name in ("tv", "video", "total"):
        row = table_row(report.payback(), name)
        edges = (row["payback_weeks"], row["payback_lower"], row["payback_upper"])
        it, has, pays = ("they", "have", "They pay") if name == "total" else ("it", "has", "It pays")
        by_then = f"the probability that {it} {has} by 52 weeks is {chance(row['prob_52w'])}."
        weeks = payback_weeks(*edges, prob=0.9)
        if row["prob_never"] > 0.5:
            paid = chance(1 - row["prob_never"])
            expected = f"{pays} back within ten years in {paid} of draws only: the median payback is {weeks}; {by_then}"
            assert "undefined" in expected
        else:
            expected = f"{pays} back after {weeks}; {by_then}"
        assert f" {expected}" in said_of(report, name)


def test_without_a_margin_it_is_revenue_that_comes_back():
    report = mmm.Report(build_posterior(build_data(), BRAND), economics=mmm.Economics())
    assert " In revenue it pays back " in said_of(report, "tv")
    assert " In revenue they pay back " in said_of(report, "total")
    assert " Its revenue less cost within 104 weeks is GBP " in said_of(report, "tv")
    on_margin = mmm.Report(report.posterior, economics=mmm.Economics(margin=0.4))
    assert not any("evenue" in sentence for sentence in on_margin.sentences())
    assert "margin ROI, 1 being break-even" in on_margin.sentences()[-1]


def test_profit_and_present_value_are_told_where_economics_are_given(brand):
    assert not any("profit" in sentence for sentence in mmm.Report(brand).sentences())
    report = mmm.Report(brand, economics=mmm.Economics(discount_rate=0.08))
    for name, whose in (("tv", "Its"), ("total", "Their")):
        row, at = table_row(report.roi(horizon_weeks=104), name), table_row(report.payback(), name)
        profit = money(row["profit"], row["profit_lower"], row["profit_upper"], prob=0.9, currency="GBP")
        worth = money(at["npv"], at["npv_lower"], at["npv_upper"], prob=None, currency="GBP")
        expected = f" {whose} profit within 104 weeks is {profit}, a net present value of {worth} at 8% a year."
        assert expected in said_of(report, name)


def test_customers_are_told_where_their_value_is_given():
    economics = mmm.Economics(customer_value=60.0, customer_value_sd=20.0, acquisition_cost=0.25)
    report = mmm.Report(build_posterior(build_data(outcome="orders"), BRAND), economics=economics)
    for name, who in (("tv", "it wins"), ("total", "they win")):
        row = table_row(report.ltv_cac(), name)
        ratio = with_interval(row["ltv_cac"], row["ltv_cac_lower"], row["ltv_cac_upper"], prob=0.9)
        expected = (
            f" The customers {who} are worth {ratio} times what they cost (LTV to CAC, all costs loaded); the "
            f"probability that it is 3 or more is {chance(row['prob_above_three'])}."
        )
        assert said_of(report, name).endswith(expected)
    assert "customer value ROI" in report.sentences()[-1]


def test_a_failed_fit_says_so_first():
    posterior = build_posterior(build_data(), BRAND, ok=False, n_draws=20)
    first, second, *_ = mmm.Report(posterior, allow_unconverged=True).sentences()
    assert first == posterior.diagnosis.verdict
    assert second.startswith("tv returned ")


def test_a_horizon_within_the_quarter_has_no_long_run_part():
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)}, horizon_weeks=8)
    said = mmm.Report(build_posterior(build_data(margin=0.4), spec)).sentences()
    assert any(sentence.startswith("tv returned") for sentence in said)
    assert not any("long-run part" in sentence for sentence in said)


def test_spend_without_exposure_returns_nothing_that_could_land():
    frame = build_frame()
    frame.loc[47:, "grps"] = 0.0  # billed later than it ran
    posterior = build_posterior(build_data(frame, margin=0.4, exposure={"tv": "grps"}))
    report = mmm.Report(posterior, window=("2023-12-04", "2024-02-19"))
    assert not any("nan" in sentence for sentence in report.sentences())
    assert not any("nan" in text.get_text() for text in report.plot_ledger().texts)


def test_a_channel_without_spend_is_said_to_have_none():
    frame = build_frame()
    frame.loc[47:, "tv"] = 0.0
    report = mmm.Report(build_posterior(build_data(frame, margin=0.4)), window=("2023-12-04", "2024-02-19"))
    assert "Nothing was spent on tv." in report.sentences()
    assert any(text.get_text() == "no spend" for text in report.plot_roi().texts)
    assert any("nothing was spent" in text.get_text() for text in report.plot_ledger().texts)
