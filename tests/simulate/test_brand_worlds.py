"""Worlds with brand channels: their draws, their past, and answers that agree with one another."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mmm.errors import SpecError
from mmm.simulate import TrackerRules, oracle, world, world_frame
from mmm.simulate.parameters import world_parameters

SPEEDS = {"fast_half_life", "slow_half_life", "slow_share"}
BRAND = {"n_channels": 3, "brand": ["tv"]}


def draw_speeds(brand, n_worlds=4000):
    """Parameters of two speeds, shape (world, brand channel)."""
    wanted = {name: sorted(SPEEDS) for name in brand}
    worlds = [
        world_parameters(
            wanted,
            given={},
            brand=brand,
            rng=np.random.default_rng([seed, 1]),
            brand_rng=np.random.default_rng([seed, 6]),
        )
        for seed in range(n_worlds)
    ]
    return {name: np.array([[at[channel][name] for channel in brand] for at in worlds]) for name in SPEEDS}


@pytest.mark.parametrize(("brand", "correlation"), [(["a", "b"], 0.0), (["a", "b", "c"], 1 - 0.25 / 0.81)])
def test_speeds_follow_their_priors(brand, correlation):
    drawn = draw_speeds(brand)
    logits = np.log(drawn["slow_share"] / (1 - drawn["slow_share"]))
    for column in logits.T:
        assert stats.kstest(column, stats.norm(1.0, 0.9).cdf).pvalue > 0.01
    assert np.corrcoef(logits.T)[0, 1] == pytest.approx(correlation, abs=0.05)
    for name, median, sigma, lower, upper in (
        ("fast_half_life", 1.5, 0.6, 0.2, 8.0),
        ("slow_half_life", 30.0, 0.45, 10.0, 120.0),
    ):
        prior = stats.truncnorm(
            *(math.log(edge / median) / sigma for edge in (lower, upper)), loc=math.log(median), scale=sigma
        )
        assert stats.kstest(np.log(drawn[name][:, 0]), prior.cdf).pvalue > 0.01
    assert (drawn["slow_half_life"] == drawn["slow_half_life"][:, :1]).all()


def test_a_brand_channel_changes_only_itself():
    frame, truth = world_frame(seed=9)
    branded_frame, branded = world_frame(seed=9, brand=["tv"])
    pd.testing.assert_frame_equal(frame[[*truth.channels, "price"]], branded_frame[[*truth.channels, "price"]])
    for channel in ("search", "social", "radio"):
        assert branded.parameters[channel] == truth.parameters[channel]
    assert branded.rules["tv"].carryover == "two_speed"
    assert set(branded.parameters["tv"]) - set(truth.parameters["tv"]) == SPEEDS
    for shared in ("saturation_level", "carry_in_level", "roi"):
        assert branded.parameters["tv"][shared] == truth.parameters["tv"][shared]


def test_given_speeds_are_the_truth_and_the_slow_one_is_everybodys():
    given = {"tv": {"slow_half_life": 40.0, "slow_share": 0.5}}
    _, truth = world_frame(seed=9, n_periods=60, brand=["tv", "radio"], parameters=given)
    assert truth.parameters["tv"]["slow_share"] == 0.5
    assert truth.parameters["tv"]["slow_half_life"] == truth.parameters["radio"]["slow_half_life"] == 40.0


def test_answers_agree():
    frame, truth = world_frame(seed=3, **BRAND, roi={"tv": 1.6})
    spent, books = frame["tv"].sum(), truth.ledger("tv")
    assert books["carry_in"] + books["in_window"] == pytest.approx(truth.contributions["tv"].sum(), rel=1e-12)
    assert books["in_window"] + books["carry_out"] == pytest.approx(books["cohort_total"], rel=1e-12)
    assert books["cohort_total"] / spent == pytest.approx(truth.roi("tv", math.inf), rel=1e-12)
    assert truth.roi("tv", 5000) == pytest.approx(truth.roi("tv", math.inf), rel=1e-9)
    assert truth.multiplier("tv") == pytest.approx(truth.roi("tv", math.inf) / truth.roi("tv", 13), rel=1e-12)
    at = truth.parameters["tv"]
    share, landed = at["slow_share"], [1 - 2 ** (-13 / at[name]) for name in ("fast_half_life", "slow_half_life")]
    assert truth.multiplier("tv") == pytest.approx(1 / ((1 - share) * landed[0] + share * landed[1]), rel=1e-12)


@pytest.mark.parametrize(("frequency", "n_periods"), [("weekly", 104), ("daily", 200), ("monthly", 40)])
def test_payback_is_where_roi_crosses_one(frequency, n_periods):
    settings = {"frequency": frequency, "n_periods": n_periods, "n_channels": 1, "brand": ["tv"]}
    slow = {"tv": {"slow_half_life": 30.0, "slow_share": 0.7}}
    _, truth = world_frame(seed=3, **settings, parameters=slow, roi={"tv": 1.2})
    weeks, period = truth.payback_weeks("tv"), truth.weeks_per_period
    assert 13 < weeks < 104
    assert round(weeks / period) * period == weeks
    assert truth.roi("tv", weeks - period) < 1 <= truth.roi("tv", weeks)


@pytest.mark.parametrize("order", ["saturation_first", "adstock_first"])
def test_payback_at_once_and_never(order):
    _, truth = world_frame(seed=3, n_channels=2, n_periods=60, order=order, roi={"tv": 50.0, "search": 0.9})
    assert truth.payback_weeks("tv") == 1.0
    assert truth.payback_weeks("search") == math.inf


def test_no_slow_effect_at_all():
    none = {"tv": {"slow_share": 0.0, "fast_half_life": 1.0}}
    frame, truth = world_frame(seed=4, **BRAND, parameters=none, walk=0.01, tracker=TrackerRules())
    plain, fast = world_frame(seed=4, n_channels=3, parameters={"tv": {"half_life": 1.0}}, walk=0.01)
    np.testing.assert_allclose(frame["revenue"], plain["revenue"], rtol=1e-12)
    assert truth.ledger("tv") == pytest.approx(fast.ledger("tv"), rel=1e-10)
    assert truth.multiplier("tv") == pytest.approx(1.0, abs=1e-3)
    assert np.isfinite(truth.tracker["awareness"]).all()


# --- the past ---------------------------------------------------------------------------


@pytest.mark.parametrize("plan", ["always_on", "flights", "ramp", "dark_then_flights", "long_flights"])
def test_the_history_given_is_the_past_used(plan):
    settings = BRAND | {"plans": {"tv": plan}, "past": "same_plan"}
    data, truth = world(seed=5, **settings, history=True)
    assert data.has_history
    assert list(truth.history.columns) == ["date", *truth.channels]
    assert len(truth.history) == 209
    np.testing.assert_array_equal(data.dataset["history_spend"].values[0], truth.spend.iloc[:209])
    np.testing.assert_array_equal(data.dataset["spend"].values[0], truth.spend.iloc[209:])
    # the model's own carry-over of history and data, from the definition
    driver = (truth.spend["tv"] / data.dataset["spend"].sel(channel="tv").values.mean()).tolist()
    expected = oracle.response(driver, truth.rules["tv"], weeks_per_period=1.0)[209:]
    np.testing.assert_allclose(
        truth.contributions["tv"], truth.parameters["tv"]["amplitude"] * np.array(expected), rtol=1e-12
    )
    assert truth.ledger("tv")["carry_in"] + truth.ledger("tv")["in_window"] == pytest.approx(
        truth.contributions["tv"].sum(), rel=1e-12
    )


def test_the_past_changes_what_is_carried_in_and_nothing_else():
    steady_frame, steady = world_frame(seed=6, **BRAND)
    frame, truth = world_frame(seed=6, **BRAND, past="same_plan")
    handed_frame, handed = world_frame(seed=6, **BRAND, past="same_plan", history=True)
    pd.testing.assert_frame_equal(steady_frame.drop(columns="revenue"), frame.drop(columns="revenue"))
    pd.testing.assert_frame_equal(frame, handed_frame)
    assert truth.history is None
    assert steady.history is None
    for entry in ("in_window", "carry_out", "cohort_total"):
        assert truth.ledger("tv")[entry] == pytest.approx(steady.ledger("tv")[entry], rel=1e-10)
    assert truth.ledger("tv")["carry_in"] != pytest.approx(steady.ledger("tv")["carry_in"], rel=0.05)
    # a level before the first known period is a truth only where the model has one
    assert "carry_in_level" not in truth.parameters["tv"]
    assert handed.parameters["tv"]["carry_in_level"] == steady.parameters["tv"]["carry_in_level"]


@pytest.mark.parametrize(("frequency", "four_years"), [("weekly", 209), ("daily", 1461), ("monthly", 48)])
def test_the_past_is_four_years_or_as_long_as_you_say(frequency, four_years):
    settings = {"frequency": frequency, "n_periods": 60, "n_channels": 1, "past": "same_plan"}
    frame, truth = world_frame(seed=7, **settings)
    assert len(truth.spend) == four_years + 60
    steps = np.diff(truth.spend.index) / np.timedelta64(1, "D")
    assert steps.max() - steps.min() <= 3
    assert list(truth.spend.index[-60:]) == list(frame["date"])
    assert len(world_frame(seed=7, **settings, n_past_periods=7)[1].spend) == 67


# --- the tracker ------------------------------------------------------------------------


def test_a_tracker_follows_the_slow_stock_of_all_brand_channels():
    exact = TrackerRules(level=0.2, lift=0.15, walk=0.0, sample_size=10**12, every_weeks=1)
    settings = {"n_channels": 3, "brand": ["tv", "social"], "past": "same_plan"}
    frame, truth = world_frame(seed=8, **settings, tracker=exact)
    goodwill = np.zeros(156)
    for channel in ("tv", "social"):
        at, rules = truth.parameters[channel], truth.rules[channel]
        decay = 0.5 ** (1 / at["slow_half_life"])
        stock = oracle.saturate(rules.parameters["carry_in_level"], rules)
        stocks = []
        for spent in truth.spend[channel]:
            stock = decay * stock + (1 - decay) * oracle.saturate(spent / at["driver_mean"], rules)
            stocks.append(stock)
        goodwill += at["amplitude"] * at["slow_share"] * np.array(stocks[-156:])
    np.testing.assert_allclose(truth.tracker["awareness"], 0.2 + 0.15 * goodwill / goodwill.mean(), atol=1e-5)
    assert list(truth.tracker["wave"]) == list(frame["date"])


def test_a_tracker_leaves_the_world_as_it_was():
    plain, _ = world_frame(seed=8, **BRAND)
    tracked, truth = world_frame(seed=8, **BRAND, tracker=TrackerRules())
    pd.testing.assert_frame_equal(plain, tracked)
    assert set(truth.tracker["wave"]) <= set(tracked["date"])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"brand": ["cinema"]}, r"brand names \['cinema'\], which this world does not have"),
        ({"brand": "tv"}, r"brand='tv'(.|\n)*write brand=\['tv'\]"),
        ({"brand": ["tv"], "order": "adstock_first"}, "two speeds was asked to saturate after carry-over"),
        ({"carryover": "two_speed"}, r"carryover='two_speed' is not simulated(.|\n)*brand=\[...\] for channels of two"),
        ({"parameters": {"tv": {"slow_share": 0.5}}}, r"parameters\['tv'\] names \['slow_share'\]"),
        ({"brand": ["tv"], "parameters": {"tv": {"half_life": 2.0}}}, r"parameters\['tv'\] names \['half_life'\]"),
        ({"brand": ["tv"], "parameters": {"tv": {"slow_share": 2.0}}}, "slow_share=2 is not a share"),
        (
            {"brand": ["tv", "radio"], "parameters": {"tv": {"slow_half_life": 20}, "radio": {"slow_half_life": 30}}},
            "the slow half-lives 20, 30",
        ),
        ({"past": "forever"}, "past='forever' is not simulated"),
        ({"history": True}, "a steady past has no first period"),
        ({"n_past_periods": 52}, "a steady past has no first period"),
        ({"past": "same_plan", "n_past_periods": 0}, "n_past_periods=0 is no past"),
        ({"tracker": TrackerRules()}, "a tracker was asked of a world without brand channels"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(SpecError, match=message):
        world_frame(seed=1, n_periods=30, **settings)
