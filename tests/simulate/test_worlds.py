"""Worlds that break the model's rules one by one: the same seed, the same numbers, and a truth by brute force."""

import math

import numpy as np
import pandas as pd
import pytest

from mmm.errors import SpecError
from mmm.simulate import TrackerRules, WorldSettings, oracle, world_frame

CHASING = {"search": "demand_chasing"}
BRAND = {"brand": ["tv"]}
WORLDS = {
    "level_shift": {"base_path": "level_shift"},
    "growth": {"base_path": "growth"},
    "hostile_season": {"base_path": "hostile_season"},
    "adstock_first": {"order": "adstock_first"},
    "one of each order": {"order": {"tv": "adstock_first"}},
    "delayed": {"carryover": {"tv": "delayed", "search": "weibull"}},
    "gamma": {"carryover": "gamma"},
    "gamma, adstock first": {"carryover": "gamma", "order": "adstock_first", "saturation": "root"},
    "michaelis_menten": {"saturation": {"search": "michaelis_menten"}},
    "no_effect": {"roi": {"tv": 0.0}},
    "demand_chasing": {"plans": CHASING},
    "demand_controlled": {"plans": CHASING, "demand_control": True},
    "correlated": {"plan_correlation": 0.9},
    "ar1": {"noise_kind": "ar1"},
    "heavy_tails": {"noise_kind": "heavy_tails"},
    "synergy": {"synergy": 0.5},
    "synergy of a brand": {**BRAND, "synergy": 0.5},
    "synergy, adstock first": {"synergy": 0.5, "order": {"search": "adstock_first"}},
    "synergy without effect": {"synergy": 0.5, "roi": {"tv": 0.0}},
    "brand_gamma": {**BRAND, "carryover": {"tv": "gamma"}},
    "brand_fast_gamma": {**BRAND, "carryover": {"tv": "fast_gamma"}},
    "brand_two_slow": {
        **BRAND,
        "carryover": {"tv": "two_slow"},
        "parameters": {"tv": {"slow_half_life": 12.0, "slowest_half_life": 30.0}},
    },
    "brand_flights": {**BRAND, "plans": {"tv": "flights"}, "past": "same_plan", "n_past_periods": 60},
}
SMALL = {"seed": 3, "n_channels": 2, "n_periods": 30}
HORIZONS = (2, 13, 30)


def test_a_seed_is_the_same_world_from_one_version_to_the_next():
    frame, truth = world_frame(seed=1, n_channels=2, n_periods=60, brand=["tv"])
    assert frame["revenue"].iloc[:2].tolist() == pytest.approx([995654.4513562995, 886460.234503259], rel=1e-12)
    assert frame["search"].iloc[:3].tolist() == [20720.58, 19999.2, 18852.26]
    assert truth.roi("tv", 13) == pytest.approx(0.18182049391961735, rel=1e-12)


# --- the truth, by brute force ----------------------------------------------------------


class Twin:
    """A world simulated again in arrays, with some of the data's spend of one channel taken away.

    The past is written out, and so is a future without spend, until nothing is left to land.
    """

    def __init__(self, truth, *, past=1600, future=2000):
        self.truth, self.n = truth, len(truth.contributions)
        self.first, self.end = past, past + self.n + future
        self.whole, self.weights = {}, {}
        for name, rules in truth.rules.items():
            driver = truth.spend[name].to_numpy() / truth.parameters[name]["driver_mean"]
            before = np.full(past + self.n - len(driver), rules.parameters.get("carry_in_level", 0.0))
            driver = np.concatenate([before, driver, np.zeros(future)])
            self.whole[name] = self.curve(name, driver) if rules.order == "saturation_first" else driver
            self.weights[name] = np.array(oracle.kernel_weights(rules, weeks_per_period=1.0, n_lags=self.end))

    def curve(self, name, values):
        return np.array([oracle.saturate(float(x), self.truth.rules[name]) for x in values])

    def carried(self, name, taken):
        """What is carried over without the spend in some rows of the data: no spend, no response to it."""
        left = self.whole[name].copy()
        left[self.first : self.first + self.n][taken] = 0.0
        return left

    def brought(self, name, carried, rows):
        """What a channel brings alone in these rows, all the past added up for each."""
        stocks = np.array([self.weights[name][: row + 1] @ carried[row::-1] for row in rows])
        if self.truth.rules[name].order != "saturation_first":
            stocks = self.curve(name, stocks)
        return self.truth.parameters[name]["amplitude"] * stocks

    def media(self, carried, rows):
        """What all channels bring in these rows, with what two of them bring together."""
        brought = {name: self.brought(name, series, rows) for name, series in carried.items()}
        total = sum(brought.values())
        if self.truth.synergy is not None:
            one, other = (brought[name] for name in self.truth.synergy.channels)
            total = total + self.truth.synergy.strength * np.sqrt(one * other)
        return total


@pytest.mark.parametrize("kind", WORLDS)
def test_the_truth_is_what_is_lost_without_the_spend(kind):
    frame, truth = world_frame(**SMALL, **WORLDS[kind], horizons_weeks=HORIZONS[1:], noise=0.0)
    twin = Twin(truth)
    rows = range(twin.first, twin.end)
    whole = twin.media(twin.whole, rows)
    np.testing.assert_allclose(frame["revenue"], truth.baseline + whole[: twin.n], rtol=1e-10)
    for channel in truth.channels:
        spent = frame[channel].sum()
        lost = whole - twin.media(twin.whole | {channel: twin.carried(channel, slice(None))}, rows)
        assert truth.roi(channel, math.inf) == pytest.approx(lost.sum() / spent, rel=1e-8, abs=1e-12)
        assert truth.roi_in_data(channel) == pytest.approx(lost[: twin.n].sum() / spent, rel=1e-9, abs=1e-9)
        books = truth.ledger(channel)
        assert books["carry_out"] == pytest.approx(lost[twin.n :].sum(), rel=1e-7, abs=1e-4)
        assert books["in_window"] + books["carry_in"] == pytest.approx(truth.contributions[channel].sum(), abs=1e-4)
        for horizon in HORIZONS:
            within = 0.0
            for t in range(twin.n + horizon - 1):
                without = twin.carried(channel, slice(max(0, t - horizon + 1), t + 1))
                within += whole[t] - twin.media(twin.whole | {channel: without}, [twin.first + t])[0]
            assert truth.roi(channel, horizon) == pytest.approx(within / spent, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("kind", WORLDS)
def test_answers_agree(kind):
    frame, truth = world_frame(**SMALL, **WORLDS[kind])
    for channel in truth.channels:
        spent, books = frame[channel].sum(), truth.ledger(channel)
        assert books["cohort_total"] == pytest.approx(spent * truth.roi(channel, math.inf), rel=1e-12)
        assert books["in_window"] + books["carry_out"] == pytest.approx(books["cohort_total"], rel=1e-12)
        assert truth.roi(channel, 3000) == pytest.approx(truth.roi(channel, math.inf), rel=1e-6)
        by_horizon = [truth.roi(channel, weeks) for weeks in (1, 5, 20, 60)]
        assert (np.diff(by_horizon) >= 0).all()
        weeks = truth.payback_weeks(channel)
        if weeks == math.inf:
            assert truth.roi(channel, 520) < 1
        else:
            assert truth.roi(channel, weeks) >= 1
            assert weeks == 1 or truth.roi(channel, weeks - 1) < 1


@pytest.mark.parametrize("kind", WORLDS)
def test_a_world_is_its_seed_and_its_parts_add_up(kind):
    (frame, truth), (again, _) = (world_frame(**SMALL, **WORLDS[kind]) for _ in range(2))
    pd.testing.assert_frame_equal(frame, again, check_exact=True)
    together = 0.0 if truth.together is None else truth.together
    media = truth.contributions.to_numpy().sum(axis=1) - together
    noise = (frame["revenue"] - truth.baseline - media) / truth.sigma
    # 30 draws, heavy tails among them
    assert abs(noise).max() < 6
    assert 0.4 < noise.std() < 2


# --- no effect --------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, {"order": "adstock_first"}, BRAND, {"synergy": 1.0}, {"past": "same_plan"}])
def test_a_channel_without_any_effect(settings):
    frame, truth = world_frame(**SMALL, **settings, roi={"tv": 0.0})
    assert frame["tv"].sum() > 0
    assert (truth.contributions["tv"] == 0).all()
    assert [truth.roi("tv", weeks) for weeks in (1, 13, 104, math.inf)] == [0.0] * 4
    assert all(by_channel["tv"] == 0.0 for by_channel in truth.roi_by_horizon.values())
    assert truth.payback_weeks("tv") == math.inf
    assert set(truth.ledger("tv").values()) == {0.0}
    assert truth.roi_in_data("tv") == 0.0
    assert math.isnan(truth.multiplier("tv"))
    assert truth.multiplier("search") >= 1


def test_a_tracker_of_a_brand_without_effect_only_wanders():
    _, truth = world_frame(**SMALL, **BRAND, roi={"tv": 0.0}, tracker=TrackerRules(walk=0.0, sample_size=10**12))
    np.testing.assert_allclose(truth.tracker["awareness"], 0.3, atol=1e-5)


# --- synergy ----------------------------------------------------------------------------


def test_synergy_pays_both_and_counts_once():
    settings = {"n_channels": 3, "n_periods": 60, "roi": {"tv": 1.0, "social": 2.0}, "noise": 0.0}
    apart, alone = world_frame(seed=3, **settings)
    frame, truth = world_frame(seed=3, **settings, synergy=0.5, synergy_channels=["tv", "social"])
    one, other = (alone.contributions[name] for name in ("tv", "social"))
    np.testing.assert_allclose(truth.together, 0.5 * np.sqrt(one * other), rtol=1e-12)
    np.testing.assert_allclose(truth.contributions["tv"], one + truth.together, rtol=1e-12)
    np.testing.assert_allclose(truth.contributions["search"], alone.contributions["search"], rtol=1e-12)
    assert truth.parameters["tv"]["amplitude"] == alone.parameters["tv"]["amplitude"]
    assert truth.roi("tv", 104) > alone.roi("tv", 104) == pytest.approx(1.0)
    assert truth.roi("search", 104) == pytest.approx(alone.roi("search", 104), rel=1e-12)
    np.testing.assert_allclose(
        frame["revenue"] - truth.baseline - (apart["revenue"] - alone.baseline), truth.together, rtol=1e-6
    )


# --- rules by channel -------------------------------------------------------------------


def test_rules_by_channel_leave_the_others_as_they_were():
    frame, truth = world_frame(seed=9, n_channels=3)
    by_channel = {
        "saturation": {"tv": "tanh"}, "carryover": {"tv": "gamma"}, "order": {"tv": "adstock_first"}
    }  # fmt: skip
    other_frame, other = world_frame(seed=9, n_channels=3, **by_channel)
    rules = other.rules["tv"]
    assert (rules.saturation, rules.carryover, rules.order) == ("tanh", "gamma", "adstock_first")
    assert set(rules.parameters) == {"saturation_level", "build_up_weeks", "build_up_shape", "carry_in_level"}
    for channel in ("search", "social"):
        assert other.rules[channel] == truth.rules[channel]
        np.testing.assert_array_equal(truth.contributions[channel], other.contributions[channel])
    np.testing.assert_array_equal(frame[[*truth.channels, "price"]], other_frame[[*truth.channels, "price"]])


@pytest.mark.parametrize("carryover", ["two_slow", "fast_gamma", "gamma"])
def test_a_brand_channel_of_another_kind_leaves_the_others_as_they_were(carryover):
    settings = {"n_channels": 3, "brand": ["tv", "search"]}
    _, truth = world_frame(seed=9, **settings)
    _, other = world_frame(seed=9, **settings, carryover={"tv": carryover})
    for channel in ("search", "social"):
        assert other.rules[channel] == truth.rules[channel]
    assert other.rules["tv"].carryover == carryover
    for name in set(other.rules["tv"].parameters) & set(truth.rules["tv"].parameters):
        assert other.rules["tv"].parameters[name] == truth.rules["tv"].parameters[name]


def test_the_slowest_stock_is_about_three_times_as_slow():
    ratios = []
    for seed in range(30):
        _, truth = world_frame(seed=seed, n_channels=1, n_periods=10, brand=["tv"], carryover={"tv": "two_slow"})
        at = truth.rules["tv"].parameters
        ratios.append(at["slowest_half_life"] / at["slow_half_life"])
    assert np.median(ratios) == pytest.approx(3.0, rel=0.2)
    assert min(ratios) > 1.5


def test_a_tracker_follows_what_is_slow_whatever_its_form():
    exact = TrackerRules(level=0.2, lift=0.15, walk=0.0, sample_size=10**12, every_weeks=1)
    settings = {"n_channels": 2, "n_periods": 60, "brand": ["tv"], "parameters": {"tv": {"slow_share": 0.6}}}
    _, truth = world_frame(seed=8, **settings, carryover={"tv": "fast_gamma"}, tracker=exact)
    # what is not fast is slow: half-life by half-life, from the definition
    at, rules = truth.rules["tv"].parameters, truth.rules["tv"]
    driver = (truth.spend["tv"] / truth.parameters["tv"]["driver_mean"]).tolist()
    stock, decay, fast = oracle.saturate(at["carry_in_level"], rules), 0.5 ** (1 / at["fast_half_life"]), []
    for x in driver:
        stock = decay * stock + (1 - decay) * oracle.saturate(x, rules)
        fast.append(0.4 * stock)
    slow = truth.contributions["tv"].to_numpy() / truth.parameters["tv"]["amplitude"] - np.array(fast)
    np.testing.assert_allclose(truth.tracker["awareness"], 0.2 + 0.15 * slow / slow.mean(), atol=1e-5)


# --- what makes no sense ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_chanels": 3}, r"no setting 'n_chanels'(.|\n)*did you mean 'n_channels'"),
        ({"xyz": 3}, r"no setting 'xyz'(.|\n)*it has n_periods, frequency"),
        ({"n_periods": 1}, "n_periods=1 of a world is not 2 or more periods"),
        ({"base_path": "cliff"}, r"base_path='cliff' is not simulated(.|\n)*level_shift"),
        ({"noise_kind": "pink"}, "noise_kind='pink' is not simulated"),
        ({"noise_correlation": 1.0}, "noise_correlation=1.0 of a world is not a correlation between -1 and 1"),
        ({"plan_correlation": 1.2}, "plan_correlation=1.2 of a world is not a correlation from 0 to 1"),
        ({"demand": -0.1}, "demand=-0.1 of a world is not a standard deviation"),
        ({"demand_weeks": 0}, "demand_weeks=0 of a world is not a positive number of weeks"),
        ({"demand_error": -1}, "demand_error=-1 of a world is not a standard deviation"),
        ({"demand_control": True}, "a demand index was asked of a world without demand"),
        ({"synergy": -1.0}, "synergy=-1.0 of a world is not a strength"),
        ({"synergy": 1.0, "n_channels": 1}, r"synergy_channels=\['tv'\] are not two channels"),
        ({"synergy": 1.0, "synergy_channels": ["tv", "tv"]}, r"synergy_channels=\['tv', 'tv'\] are not two channels"),
        ({"synergy": 1.0, "synergy_channels": ["tv", "cinema"]}, r"synergy_channels names \['cinema'\]"),
        ({"synergy": 1.0, "roi": {"tv": -1.0}}, "'tv' has a negative ROI and a synergy"),
        ({"carryover": {"cinema": "gamma"}}, r"carryover names \['cinema'\]"),
        ({"saturation": {"tv": "hil"}}, "saturation='hil' is not simulated"),
        ({"order": {"tv": "both"}}, "order='both' is not a rule"),
        ({"carryover": {"tv": "two_slow"}}, r"carryover='two_slow' is not simulated(.|\n)*brand=\[...\]"),
        ({**BRAND, "carryover": {"tv": "delayed"}}, r"carryover='delayed' is not simulated for a brand channel"),
        ({"channels": ["demand_index"]}, "channel 'demand_index' would be a second column"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(SpecError, match=message):
        world_frame(seed=1, n_periods=settings.pop("n_periods", 30), **settings)


def test_settings_say_what_follows_from_them():
    settings = WorldSettings(n_channels=2, plans=CHASING, synergy=0.3)
    assert settings.plan_by_channel == {"tv": "flights", "search": "demand_chasing"}
    assert (settings.demand_size, WorldSettings().demand_size) == (0.05, 0.0)
    assert settings.joint.channels == ("tv", "search")
    assert WorldSettings().joint is None
