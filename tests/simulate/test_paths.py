"""Bases that break the model's rules: how large, how abrupt, and how far from what four waves follow."""

import numpy as np
import pytest

from mmm.simulate import world_frame
from mmm.simulate.paths import adoption, hostile_season, level_shifts

WEEKS = np.arange(156.0)
STILL = {"trend": 0.0, "season": 0.0, "control": 0.0, "walk": 0.0}


def rng(seed):
    return np.random.default_rng([seed, 11])


def test_one_or_two_steps_of_several_percent():
    counts, up = [], 0
    for seed in range(200):
        share = level_shifts(WEEKS, rng(seed))
        steps = np.diff(share)
        at = np.flatnonzero(abs(steps) > 1e-12)
        counts.append(len(at))
        up += (steps[at] > 0).sum()
        assert ((abs(steps[at]) >= 0.04) & (abs(steps[at]) <= 0.10)).all()
        assert (at >= 0.14 * 156).all()
        assert (at <= 0.86 * 156).all()
        assert share.mean() == pytest.approx(0.0, abs=1e-12)
    assert set(counts) == {1, 2}
    # even odds, of one step or two and of up or down: three standard deviations of a binomial
    assert abs(counts.count(1) - 100) < 3 * np.sqrt(200) / 2
    assert abs(up - sum(counts) / 2) < 3 * np.sqrt(sum(counts)) / 2


@pytest.mark.parametrize("seed", range(10))
def test_adoption_bends_and_ends_forty_percent_higher(seed):
    base = 1 + adoption(WEEKS, rng(seed))
    assert base[-1] / base[0] == pytest.approx(1.4, rel=1e-12)
    assert (np.diff(base) > 0).all()
    # a straight line would rise by half in half of the window; this one rises by most of it somewhere
    assert (base[78:] - base[:-78]).max() > 0.75 * (base[-1] - base[0])


def fourier(years, pairs):
    waves = [wave(2 * np.pi * k * years) for k in range(1, pairs + 1) for wave in (np.sin, np.cos)]
    return np.column_stack([np.ones_like(years), *waves])


def followed(series, design):
    """Share of the variance that a least-squares fit follows."""
    left = series - design @ np.linalg.lstsq(design, series, rcond=None)[0]
    return 1 - left.var() / series.var()


def test_four_waves_do_not_follow_a_hostile_season():
    design = fourier(WEEKS * 7 / 365.25, 4)
    seasons = [hostile_season(WEEKS, rng(seed), weeks_per_period=1.0) for seed in range(40)]
    assert np.median([followed(season, design) for season in seasons]) < 0.6
    assert max(followed(season, design) for season in seasons) < 0.8
    # in sds, a peak that a normal series of this length would not have
    assert np.median([season.max() for season in seasons]) > 2.8
    assert np.sqrt(np.mean(np.square(seasons))) == pytest.approx(1.0, abs=0.15)


def test_every_year_of_a_hostile_season_is_another():
    for seed in range(10):
        season = hostile_season(np.arange(0.0, 156, 1 / 7), rng(seed), weeks_per_period=1 / 7)
        first, second = season[:365], season[365:730]
        assert np.corrcoef(first, second)[0, 1] < 0.9
        assert season.mean() == pytest.approx(0.0, abs=1e-12)


def test_a_world_of_one_season_is_followed_and_its_hostile_twin_is_not():
    years = WEEKS * 7 / 365.25
    only_season = STILL | {"season": 0.05}
    gentle, hostile = (
        world_frame(seed=5, **only_season, base_path=path)[1].baseline for path in ("random_walk", "hostile_season")
    )
    assert followed(gentle, fourier(years, 2)) == pytest.approx(1.0, abs=1e-12)
    assert followed(hostile, fourier(years, 4)) < 0.8


@pytest.mark.parametrize(("frequency", "n_periods"), [("weekly", 156), ("daily", 500), ("monthly", 48)])
@pytest.mark.parametrize("path", ["level_shift", "growth", "hostile_season"])
def test_a_path_changes_the_base_and_nothing_else(path, frequency, n_periods):
    settings = {"n_channels": 2, "frequency": frequency, "n_periods": n_periods}
    frame, truth = world_frame(seed=5, **settings)
    other_frame, other = world_frame(seed=5, **settings, base_path=path)
    for column in (*truth.channels, "price"):
        np.testing.assert_array_equal(frame[column], other_frame[column])
    np.testing.assert_array_equal(truth.contributions, other.contributions)
    assert other.parameters == truth.parameters
    assert other.sigma == truth.sigma
    assert abs(other.baseline - truth.baseline).max() > 0.02 * truth.baseline.mean()
    np.testing.assert_allclose(
        other_frame["revenue"] - other.baseline, frame["revenue"] - truth.baseline, rtol=0, atol=1e-6
    )


def test_growth_is_the_base_of_a_world_that_does_nothing_else():
    _, truth = world_frame(seed=5, **STILL, base_path="growth", roi={"tv": 0.0, "search": 0.0}, n_channels=2)
    assert truth.baseline[-1] / truth.baseline[0] == pytest.approx(1.4, rel=1e-12)
