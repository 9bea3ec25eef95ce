"""The envelope against exact binomial numbers, ArviZ's, and uniform ranks that it has not seen."""

import arviz_stats.ecdf_utils as arviz
import numpy as np
import pytest
from scipy import stats

from mmm.validation.rank_envelope import RankEnvelope


def test_of_one_draw_it_is_the_binomial_interval():
    # the truth lies below the one draw or above, so that one count is judged; 6 to 14 have 95.9%, 7 to 13 have 88.5%
    envelope = RankEnvelope(n_worlds=20, n_draws=1)
    lower, upper = envelope.bounds
    assert (lower.tolist(), upper.tolist()) == ([6], [14])
    assert envelope.tail == pytest.approx(stats.binom.cdf(6, 20, 0.5))
    # X <= 5 or X >= 15; of 20 000 simulated sets the share is known to 4 standard errors
    expected = 2 * stats.binom.cdf(5, 20, 0.5)
    found = envelope.chance(np.repeat([0, 1], [5, 15]))
    assert abs(found - expected) < 4 * np.sqrt(expected / 20_000)


def test_counts_are_of_ranks_below():
    envelope = RankEnvelope(n_worlds=5, n_draws=4)
    ranks = [0, 2, 2, 4, 3]
    assert envelope.counts(ranks).tolist() == [sum(rank < j for rank in ranks) for j in (1, 2, 3, 4)]
    assert envelope.points.tolist() == [0.2, 0.4, 0.6, 0.8]


@pytest.mark.parametrize(("n_worlds", "n_draws"), [(64, 31), (200, 99), (50, 9)])
def test_it_holds_uniform_ranks_as_often_as_it_says(n_worlds, n_draws):
    envelope = RankEnvelope(n_worlds=n_worlds, n_draws=n_draws)
    sets = np.random.default_rng(1).integers(0, n_draws + 1, size=(4000, n_worlds))
    distances = np.array([envelope.distance(ranks) for ranks in sets])
    lower, upper = envelope.bounds
    within = [bool(((lower <= c) & (c <= upper)).all()) for c in map(envelope.counts, sets)]
    np.testing.assert_array_equal(distances <= 1, within)
    # counts are whole, so that the envelope may hold somewhat more than its 95%, here at most 1.5 points; and both the
    # level and this check are simulated: 4 standard errors of 4000 and of 20 000 sets together are 1.5 points
    assert 0.935 < np.mean(within) < 0.98


def test_level_and_edges_are_those_of_arviz():
    # of 64 worlds, for arviz_stats 1.3 turns shares into counts by cutting digits off, exact for powers of two only
    envelope = RankEnvelope(n_worlds=64, n_draws=31)
    prob = arviz.simulate_confidence_bands(64, 1, envelope.points, 0.95, 4000, np.random.default_rng(2))
    # share of uniform sets that ArviZ's level leaves out, give or take 4 standard errors of its 4000 and of our 20 000
    left_out = np.searchsorted(envelope._by_chance, (1 - prob) / 2, side="right") / 20_000
    assert abs(left_out - 0.05) < 0.016
    lower, upper = arviz.get_pointwise_confidence_band(1 - 2 * 0.999 * envelope.tail, 64, envelope.points)
    np.testing.assert_array_equal(envelope.bounds[0], np.round(64 * lower))
    np.testing.assert_array_equal(envelope.bounds[1], np.round(64 * upper))


def test_chance_is_small_exactly_outside():
    envelope = RankEnvelope(n_worlds=100, n_draws=19)
    rng = np.random.default_rng(3)
    for share_low in (0.0, 0.1, 0.2, 0.3, 0.4):
        ranks = np.where(rng.random(100) < share_low, 0, rng.integers(0, 20, 100))
        assert (envelope.distance(ranks) <= 1) == (envelope.chance(ranks) > 0.05)


@pytest.mark.parametrize(
    "ranks",
    [np.full(200, 99), np.zeros(200), np.arange(200) % 50, np.repeat([0, 99], 100), 25 + np.arange(200) // 4],
    ids=["too low", "too high", "half", "too narrow", "too wide"],
)
def test_what_is_not_uniform_is_outside(ranks):
    envelope = RankEnvelope(n_worlds=200, n_draws=99)
    assert envelope.distance(ranks) > 1.5
    assert envelope.chance(ranks) < 0.001


def test_it_is_the_same_every_time_and_for_mirrored_ranks():
    ranks = np.random.default_rng(4).integers(0, 60, 80)
    one, other = (RankEnvelope(n_worlds=80, n_draws=99) for _ in range(2))
    assert one.chance(ranks) == other.chance(ranks) == other.chance(99 - ranks)
    assert one.distance(ranks) == pytest.approx(one.distance(99 - ranks))
