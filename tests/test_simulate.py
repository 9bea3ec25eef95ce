"""Simulated worlds: the same for a seed, books that balance, and a truth found by taking the money away."""

import itertools

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.errors import SpecError
from mmm.simulate import ChannelRules, oracle, world, world_frame

SATURATIONS = ("hill", "michaelis_menten", "tanh", "logistic", "root", "none")
KERNELS = ("geometric", "delayed", "weibull", "binomial", "none")
ORDERS = ("saturation_first", "adstock_first")
WEEKS_PER_PERIOD = {"weekly": 1.0, "daily": 1 / 7, "monthly": 365.25 / 12 / 7}


def same(one, other):
    pd.testing.assert_frame_equal(one[0], other[0], check_exact=True)
    assert one[1].parameters == other[1].parameters
    assert one[1].roi_by_horizon == other[1].roi_by_horizon


def test_a_seed_is_a_world():
    same(world_frame(seed=5), world_frame(seed=5))
    assert not world_frame(seed=5)[0].equals(world_frame(seed=6)[0])


def test_the_world_is_the_frame_taken_through_the_door():
    frame, truth = world_frame(seed=5)
    data, again = world(seed=5)
    assert isinstance(data, mmm.MarketingData)
    assert data.channels == truth.channels == ("tv", "search", "social", "radio")
    assert again.parameters == truth.parameters
    assert data.notes == ()
    np.testing.assert_array_equal(data.dataset["outcome"].values[0], frame["revenue"])
    np.testing.assert_array_equal(data.dataset["spend"].values[0], frame[list(truth.channels)])
    np.testing.assert_array_equal(data.dataset["controls"].values[0], frame[["price"]])


@pytest.mark.parametrize(("frequency", "n_periods"), [("weekly", 120), ("daily", 200), ("monthly", 40)])
def test_the_books_balance(frequency, n_periods):
    frame, truth = world_frame(seed=2, frequency=frequency, n_periods=n_periods, n_channels=2)
    noise = frame["revenue"].to_numpy() - truth.baseline - truth.contributions.to_numpy().sum(axis=1)
    assert truth.contributions.index.equals(pd.Index(frame["date"], name="date"))
    # a fixed seed: three standard errors of a mean and of an sd
    assert abs(noise.mean()) < 3 * truth.sigma / np.sqrt(n_periods)
    assert noise.std() == pytest.approx(truth.sigma, rel=3 / np.sqrt(2 * n_periods))
    again = world_frame(seed=2, frequency=frequency, n_periods=n_periods, n_channels=2, noise=0.0)[0]["revenue"]
    expected = truth.baseline + truth.contributions.to_numpy().sum(axis=1)
    np.testing.assert_allclose(again, expected, rtol=1e-14)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("frequency", WEEKS_PER_PERIOD)
def test_the_truth_is_what_taking_the_money_away_costs(frequency, order):
    settings = {"frequency": frequency, "n_periods": 40, "n_channels": 2, "order": order}
    frame, truth = world_frame(seed=3, **settings, horizons_weeks=(5, 13), roi_horizon_weeks=26)
    assert list(truth.roi_by_horizon) == [5, 13]
    for channel, weeks in itertools.product(truth.channels, (5, 13)):
        driver = (frame[channel] / frame[channel].mean()).tolist()
        at = {"weeks_per_period": WEEKS_PER_PERIOD[frequency]}
        horizon = round(weeks / at["weeks_per_period"])
        unit = oracle.counterfactual_return(driver, truth.rules[channel], **at, start=0, stop=40, horizon=horizon)
        expected = truth.parameters[channel]["amplitude"] * unit / frame[channel].sum()
        assert truth.roi(channel, weeks) == pytest.approx(expected, rel=1e-10)
        contribution = truth.parameters[channel]["amplitude"] * np.array(
            oracle.response(driver, truth.rules[channel], **at)
        )
        np.testing.assert_allclose(truth.contributions[channel], contribution, rtol=1e-12)


@pytest.mark.parametrize("order", ORDERS)
def test_returns_after_the_data_count(order):
    slow = {"tv": {"half_life": 20.0, "carry_in_level": 0.0}}
    frame, truth = world_frame(seed=4, channels=["tv"], n_periods=60, order=order, parameters=slow, roi={"tv": 2.0})
    assert truth.roi("tv", 104) == pytest.approx(2.0, rel=1e-12)
    seen = truth.contributions["tv"].sum() / frame["tv"].sum()
    assert seen < 0.8 * truth.roi("tv", 104)
    by_horizon = [truth.roi("tv", weeks) for weeks in (13, 26, 52, 104)]
    assert (np.diff(by_horizon) > 0).all()


def test_the_roi_is_stated_at_its_horizon():
    _, truth = world_frame(seed=4, roi={"search": 3.0}, roi_horizon_weeks=13)
    assert truth.roi("search", 13) == pytest.approx(3.0, rel=1e-12)


@pytest.mark.parametrize("saturation", SATURATIONS)
@pytest.mark.parametrize("carryover", KERNELS)
def test_every_rule_can_be_a_world(saturation, carryover):
    frame, truth = world_frame(seed=8, saturation=saturation, carryover=carryover, n_periods=60, n_channels=2)
    assert np.isfinite(frame["revenue"]).all()
    assert (truth.contributions.to_numpy() >= 0).all()
    # the parameters given are those of the rules and no others, so that nothing is drawn that does nothing
    assert set(truth.rules["tv"].parameters) < set(truth.parameters["tv"])


def test_changing_one_setting_leaves_the_rest_as_it_was():
    frame, truth = world_frame(seed=9)
    for settings in ({"noise": 0.01}, {"roi": {"tv": 5.0}}, {"parameters": {"tv": {"half_life": 9.0}}}, {"walk": 0.02}):
        other_frame, other = world_frame(seed=9, **settings)
        pd.testing.assert_frame_equal(frame[[*truth.channels, "price"]], other_frame[[*truth.channels, "price"]])
        assert other.parameters["radio"] == truth.parameters["radio"]
    assert world_frame(seed=9, parameters={"tv": {"half_life": 9.0}})[1].parameters["tv"]["half_life"] == 9.0


def test_plans_fly_or_are_always_on():
    frame, _ = world_frame(seed=10, n_channels=2)
    assert (frame["tv"] == 0).mean() > 0.3
    assert (frame["search"] > 0).all()
    swapped, _ = world_frame(seed=10, n_channels=2, plans={"tv": "always_on", "search": "flights"})
    assert (swapped["tv"] > 0).all()
    assert (swapped["search"] == 0).mean() > 0.3


def test_names_and_how_many():
    assert world_frame(seed=1, n_periods=30, n_channels=10)[1].channels[-2:] == ("channel_9", "channel_10")
    assert world_frame(seed=1, n_periods=30, channels=["Kino", "Bus"])[1].channels == ("Kino", "Bus")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"frequency": "hourly"}, "frequency='hourly' is not simulated"),
        ({"saturation": "hil"}, "saturation='hil' is not simulated"),
        ({"carryover": "forever"}, "carryover='forever' is not simulated"),
        ({"order": "both"}, "order='both' is not a rule of a simulated world"),
        ({"plans": {"tv": "bursts"}}, "'bursts' is not a spend plan"),
        ({"plans": {"cinema": "flights"}}, r"plans names \['cinema'\], which this world does not have"),
        ({"roi": {"cinema": 1.0}}, r"roi names \['cinema'\]"),
        ({"parameters": {"tv": {"peak": 1.0}}}, r"parameters\['tv'\] names \['peak'\]"),
        ({"channels": ["tv", "tv"]}, "channel 'tv' would be a second column"),
        ({"channels": ["revenue"]}, "channel 'revenue' would be a second column"),
        ({"frequency": "monthly", "horizons_weeks": [2]}, "a horizon of 2 weeks is shorter than one period"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(SpecError, match=message):
        world_frame(seed=1, n_periods=30, **settings)


def test_the_truth_is_known_within_any_horizon():
    _, truth = world_frame(seed=1, n_periods=30)
    _, other = world_frame(seed=1, n_periods=30, horizons_weeks=[8])
    assert truth.roi("tv", 8) == pytest.approx(other.roi_by_horizon[8]["tv"], rel=1e-13)
    assert truth.roi("tv", 13) < truth.roi("tv", float("inf"))
    with pytest.raises(SpecError, match=r"a horizon of 0.4 weeks is shorter than one period"):
        truth.roi("tv", 0.4)


@pytest.mark.parametrize("ask", ["payback_weeks", "ledger", "multiplier"])
def test_the_truth_says_what_it_does_not_know(ask):
    _, truth = world_frame(seed=1, n_periods=30)
    with pytest.raises(SpecError, match=r"no channel 'serch'(.|\n)*did you mean 'search'"):
        truth.roi("serch", 13)
    with pytest.raises(SpecError, match="no channel 'cinema'"):
        getattr(truth, ask)("cinema")


# --- the oracle itself, by hand ---------------------------------------------------------


def test_oracle_by_hand():
    rules = ChannelRules(saturation="none", order="adstock_first", parameters={"half_life": 1.0, "carry_in_level": 2.0})
    # 2 a week since forever leaves 2 * d^(t + 1); then 4, 0, 0 halving each week from half of itself
    expected = [2 * 0.5 + 2.0, 2 * 0.25 + 1.0, 2 * 0.125 + 0.5]
    np.testing.assert_allclose(oracle.response([4.0, 0.0, 0.0], rules, weeks_per_period=1.0), expected, rtol=1e-14)


def test_counterfactual_by_hand():
    # half of a week's spend lands at once and half a week later; response is the square root of the stock
    rules = ChannelRules(
        saturation="root",
        carryover="binomial",
        order="adstock_first",
        max_lag_weeks=1,
        parameters={"saturation_exponent": 0.5, "retention": 1.0},
    )
    at = {"weeks_per_period": 1.0, "start": 1, "stop": 2}
    # rows 0, 1, 2 hold stocks 2, 4, 2: row 1 falls to 2 without the window; then row 2 falls to 0
    assert oracle.counterfactual_return([4.0, 4.0, 9.0], rules, **at, horizon=1) == pytest.approx(2 - 2**0.5)
    assert oracle.counterfactual_return([4.0, 4.0, 9.0], rules, **at, horizon=2) == pytest.approx(2.0)


def test_cohorts_need_saturation_first():
    rules = ChannelRules(order="adstock_first", parameters={})
    with pytest.raises(SpecError, match="cohorts were asked of a channel that saturates after carry-over"):
        oracle.cohort_returns([1.0], rules, weeks_per_period=1.0, start=0, stop=1, horizons=[1])
