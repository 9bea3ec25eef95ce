"""Spend plans: their shapes, and a past that joins the data without changing them."""

import numpy as np
import pytest

from mmm.errors import SpecError
from mmm.simulate import world_frame
from mmm.simulate.plans import PLANS, alike, spend_plan

WEEKS_PER_PERIOD = {"weekly": 1.0, "daily": 1 / 7, "monthly": 365.25 / 12 / 7}


def plan_of(plan, seed=1, *, n_periods=156, n_past=0, weeks_per_period=1.0):
    return spend_plan(
        plan,
        n_periods=n_periods,
        weeks_per_period=weeks_per_period,
        rng=np.random.default_rng([seed, 0]),
        n_past=n_past,
        past_rng=np.random.default_rng([seed, 1]),
    )


def runs(spend):
    """Lengths of what is on and of what is dark, in order, cut ends included."""
    edges = np.flatnonzero(np.diff(spend > 0)) + 1
    lengths = np.diff([0, *edges, len(spend)])
    first_on = int(spend[0] > 0)
    return lengths[1 - first_on :: 2], lengths[first_on::2]


@pytest.mark.parametrize("frequency", WEEKS_PER_PERIOD)
@pytest.mark.parametrize("plan", PLANS)
def test_the_data_are_the_same_whatever_the_past(plan, frequency):
    at = {"weeks_per_period": WEEKS_PER_PERIOD[frequency]}
    alone, with_past = plan_of(plan, **at), plan_of(plan, n_past=208, **at)
    assert len(with_past) == 208 + 156
    # mean-one noise in mean-one flights: the mean is 1 but for the noise
    np.testing.assert_allclose(alone.mean(), 1.0, atol=0.15)
    np.testing.assert_allclose(with_past[208:], alone, rtol=1e-14)


@pytest.mark.parametrize("seed", range(5))
def test_flights_go_on_across_the_first_row_of_the_data(seed):
    on, dark = runs(plan_of("flights", seed, n_past=208))
    assert set(on[1:-1]) <= set(range(4, 9))
    assert set(dark[1:-1]) <= set(range(4, 11))


def test_data_may_begin_in_the_middle_of_a_flight():
    crossing = [plan_of("flights", seed, n_past=20)[19:21] for seed in range(20)]
    assert 5 < sum(bool((pair > 0).all()) for pair in crossing) < 20


@pytest.mark.parametrize("seed", range(5))
def test_long_flights_keep_their_rhythm(seed):
    on, dark = runs(plan_of("long_flights", seed, n_past=208))
    assert set(on[1:-1]) == {8}
    assert set(dark[1:-1]) == {18}


@pytest.mark.parametrize("seed", range(5))
def test_a_golden_plan_is_dark_for_a_third_and_before(seed):
    spend = plan_of("dark_then_flights", seed, n_past=104)
    assert np.flatnonzero(spend)[0] == 104 + 52
    on, _ = runs(spend[104 + 52 :])
    assert set(on[:-1]) <= set(range(4, 9))


def test_a_ramp_trebles_over_the_data_and_grew_before():
    n, total = 600, np.zeros(1200)
    for seed in range(40):
        total += plan_of("ramp", seed, n_periods=n, n_past=n)
    first, last, past = total[n : n + 60].mean(), total[-60:].mean(), total[:60].mean()
    # from the middle of the first tenth to the middle of the last are nine tenths of the window
    assert last / first == pytest.approx(3**0.9, rel=0.1)
    assert first / past == pytest.approx(3.0, rel=0.1)
    assert (plan_of("ramp") == 0).mean() > 0.3


def test_plans_that_cannot_be_are_refused():
    with pytest.raises(SpecError, match=r"'bursts' is not a spend plan(.|\n)*dark_then_flights, long_flights"):
        plan_of("bursts")
    with pytest.raises(SpecError, match=r"3 periods of 'long_flights' end before the first flight"):
        spend_plan("long_flights", n_periods=3, weeks_per_period=1.0, rng=np.random.default_rng(3))


# --- plans that are alike ---------------------------------------------------------------

FOUR = {"n_channels": 4, "plans": {"tv": "flights", "search": "always_on", "social": "long_flights", "radio": "ramp"}}


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.95])
@pytest.mark.parametrize("sd", [0.2, 2.0])
def test_any_two_plans_have_the_correlation_whatever_their_size(correlation, sd):
    rng, n = np.random.default_rng(1), 200_000
    shared, one, other = 1 + np.array([[1.0], [0.4], [sd]]) * rng.standard_normal((3, n))
    mixed = [alike(plan, shared, correlation=correlation, n_past=0) for plan in (one, other)]
    assert np.corrcoef(mixed)[0, 1] == pytest.approx(correlation, abs=0.01)
    assert np.mean(mixed) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("correlation", [0.3, 0.8])
def test_channels_of_a_world_are_alike_as_asked(correlation):
    pairs = np.triu_indices(4, 1)
    found = [
        np.corrcoef(world_frame(seed=seed, **FOUR, plan_correlation=correlation)[1].spend.to_numpy().T)[pairs]
        for seed in range(12)
    ]
    assert np.mean(found) == pytest.approx(correlation, abs=0.1)
    assert np.median(found, axis=0).min() > correlation - 0.15


def test_at_one_all_run_in_the_same_shape_and_differ_in_size():
    _, truth = world_frame(seed=1, **FOUR, plan_correlation=1.0)
    shapes = (truth.spend / truth.spend.mean()).to_numpy()
    np.testing.assert_allclose(shapes, shapes[:, :1] * np.ones(4), atol=1e-4)
    assert truth.spend.mean().nunique() == 4


def test_a_shared_plan_leaves_sizes_parameters_and_the_data_of_any_past():
    frame, truth = world_frame(seed=1, **FOUR)
    mixed, other = world_frame(seed=1, **FOUR, plan_correlation=0.7)
    assert {name: at["roi"] for name, at in truth.parameters.items()} == {
        name: at["roi"] for name, at in other.parameters.items()
    }
    np.testing.assert_allclose(mixed[list(truth.channels)].mean(), frame[list(truth.channels)].mean(), rtol=0.2)
    with_past, _ = world_frame(seed=1, **FOUR, plan_correlation=0.7, past="same_plan")
    np.testing.assert_allclose(with_past[list(truth.channels)], mixed[list(truth.channels)], rtol=1e-12)
