"""Hidden demand: its memory and its past, what it moves, and how well it can be measured."""

import numpy as np
import pandas as pd
import pytest

from mmm.simulate import world, world_frame
from mmm.simulate.demand import demand_index, demand_path, pull_on_spend

CHASING = {"n_channels": 3, "plans": {"search": "demand_chasing"}}


def path(seed=1, *, n_periods=156, n_past=0, weeks_per_period=1.0, half_life_weeks=6.0):
    return demand_path(
        n_periods,
        n_past=n_past,
        weeks_per_period=weeks_per_period,
        half_life_weeks=half_life_weeks,
        rng=np.random.default_rng([seed, 0]),
        past_rng=np.random.default_rng([seed, 1]),
    )


@pytest.mark.parametrize("weeks_per_period", [1.0, 1 / 7])
def test_memory_halves_after_its_half_life(weeks_per_period):
    demand, lag = path(n_periods=100_000, weeks_per_period=weeks_per_period), round(6 / weeks_per_period)
    assert np.corrcoef(demand[lag:], demand[:-lag])[0, 1] == pytest.approx(0.5, abs=0.05)
    assert demand.std() == pytest.approx(1.0, abs=0.05)


def test_the_data_are_the_same_whatever_the_past_and_the_past_joins_them():
    np.testing.assert_array_equal(path(n_past=50)[50:], path())
    joined = np.array([path(seed, n_periods=3, n_past=3) for seed in range(4000)])
    correlation = 0.5 ** (1 / 6)
    expected = correlation ** abs(np.subtract.outer(np.arange(6), np.arange(6)))
    # five standard errors of a correlation of zero, and more of one near one
    np.testing.assert_allclose(np.corrcoef(joined.T), expected, atol=5 / np.sqrt(4000))
    np.testing.assert_allclose(joined.std(axis=0), 1.0, atol=5 / np.sqrt(2 * 4000))


def test_the_pull_has_mean_one():
    assert pull_on_spend(np.random.default_rng(1).standard_normal(200_000), chasing=0.6).mean() == pytest.approx(
        1.0, abs=0.01
    )


def test_the_index_measures_demand_with_its_error():
    demand = path(n_periods=20_000, half_life_weeks=0.2)
    index = demand_index(demand, error=0.5, rng=np.random.default_rng(2))
    # reliability is the variance of demand over that of the measurement
    assert np.corrcoef(index, demand)[0, 1] ** 2 == pytest.approx(1 / 1.25, abs=0.02)


# --- in a world -------------------------------------------------------------------------


def test_demand_moves_the_outcome_and_the_spend_that_chases_it():
    frame, truth = world_frame(seed=4, **CHASING)
    plain_frame, plain = world_frame(seed=4, n_channels=3)
    assert np.corrcoef(truth.demand, np.log(frame["search"]))[0, 1] > 0.6
    for channel in ("tv", "social"):
        np.testing.assert_array_equal(frame[channel], plain_frame[channel])
    # spend is the always-on plan times what demand does to it
    pull = np.log(frame["search"] / plain_frame["search"])
    assert np.corrcoef(pull, truth.demand)[0, 1] == pytest.approx(1.0, abs=1e-6)
    assert plain.demand is None


def test_demand_is_a_part_of_the_baseline_and_of_its_size():
    settings = CHASING | {"demand": 0.1, "n_periods": 1200, "n_channels": 1, "plans": {"tv": "demand_chasing"}}
    _, truth = world_frame(seed=4, **settings)
    _, calm = world_frame(seed=4, **settings | {"demand": 0.0})
    np.testing.assert_allclose(truth.baseline - calm.baseline, truth.demand, rtol=0, atol=1e-5)
    scale = truth.sigma / 0.04
    # 1200 weeks of a memory of 6 are about 70 independent ones: three standard errors of an sd
    assert truth.demand.std() == pytest.approx(0.1 * scale, rel=3 / np.sqrt(2 * 70))


def test_spend_that_chases_demand_without_any_effect_on_sales_can_be_had():
    chased, _ = world_frame(seed=4, **CHASING)
    unmoved, truth = world_frame(seed=4, **CHASING, demand=0.0)
    np.testing.assert_array_equal(chased["search"], unmoved["search"])
    assert not truth.demand.any()


def test_demand_may_move_sales_alone():
    frame, truth = world_frame(seed=4, n_channels=3, demand=0.05)
    plain, _ = world_frame(seed=4, n_channels=3)
    np.testing.assert_array_equal(frame["search"], plain["search"])
    np.testing.assert_allclose(frame["revenue"] - plain["revenue"], truth.demand, rtol=0, atol=1e-6)


def test_the_index_is_handed_over_as_a_control_and_changes_nothing_else():
    hidden, _ = world_frame(seed=4, **CHASING)
    frame, truth = world_frame(seed=4, **CHASING, demand_control=True)
    pd.testing.assert_frame_equal(frame[list(hidden.columns)], hidden)
    data, _ = world(seed=4, **CHASING, demand_control=True)
    assert list(data.dataset["control"].values) == ["price", "demand_index"]
    assert list(world(seed=4, **CHASING)[0].dataset["control"].values) == ["price"]
    assert np.corrcoef(frame["demand_index"], truth.demand)[0, 1] > 0.9


def test_taking_the_money_away_leaves_demand_where_it_is():
    _, truth = world_frame(seed=4, **CHASING, roi={"search": 1.5})
    assert truth.roi("search", 104) == pytest.approx(1.5, rel=1e-12)
    # the spend explains far more of the outcome than it causes
    books = truth.ledger("search")
    assert books["carry_in"] + books["in_window"] == pytest.approx(truth.contributions["search"].sum(), rel=1e-12)


def test_a_past_that_ran_was_chased_too():
    _, truth = world_frame(seed=4, **CHASING, past="same_plan")
    _, steady = world_frame(seed=4, **CHASING)
    np.testing.assert_array_equal(truth.spend["search"][-156:], steady.spend["search"])
    # plans that only twitch have a log sd of about 0.3; demand adds to it
    assert np.log(truth.spend["search"][:-156]).std() > 0.4
