"""The step of a return over what was due: its formula, its guards, its false alarms where the model is right."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from mmm import schema
from mmm.refreshing.drift import drift_table, overlap, returns_of_window, steps
from tests.conftest import N_WEEKS

CHANNELS = ("tv", "radio", "total")


def returns(*, mean=(0.0, 0.0, 0.0), sd=(1.0, 1.0, 1.0), seed=1, n_draws=1000, channels=CHANNELS):
    draws = np.random.default_rng(seed).normal(mean, sd, (4, n_draws, len(channels)))
    return xr.DataArray(np.exp(draws), dims=("chain", "draw", "channel"), coords={"channel": list(channels)})


def table_of(old, new, **asked):
    prior = returns(sd=(2.0, 2.0, 2.0), seed=9)
    return drift_table(
        old, new, prior, **{"growth": 13 / 156, "prob": 0.9, "restated": False, "is_money": True} | asked
    )


def flags(old, new, *, restated=False):
    return table_of(old, new, restated=restated).set_index("channel")["flag"].to_dict()


def test_the_same_draws_have_not_moved():
    table = table_of(returns(), returns())
    assert tuple(table.columns) == (*schema.DRIFT_COLUMNS, "prob_above_one_old", "prob_above_one")
    assert table["z"].tolist() == [0, 0, 0]
    assert (table["overlap"] > 0.999).all()
    assert set(table["flag"]) == {"ok"}
    np.testing.assert_array_equal(table["old"], table["new"])


def test_medians_and_intervals_are_those_of_the_draws():
    new = returns(mean=(0.1, 0.2, 0.3))
    table = table_of(returns(), new, prob=0.8)
    expected = np.quantile(new.values, [0.5, 0.1, 0.9], axis=(0, 1))
    np.testing.assert_allclose(table[["new", "new_lower", "new_upper"]].to_numpy().T, expected)
    np.testing.assert_allclose(table["prob_above_one"], (new.values > 1).mean(axis=(0, 1)))


@pytest.mark.parametrize("gone", ["nothing", "tv"])
def test_only_channels_of_both_fits_are_compared(gone):
    kept = [name for name in CHANNELS if name != gone]
    table = table_of(returns(), returns().sel(channel=kept), is_money=False)
    assert table["channel"].tolist() == kept
    assert "prob_above_one" not in table


def test_a_channel_without_spend_in_the_common_periods_is_said_to_have_none():
    old = returns()
    old[:, :, 0] = np.nan
    assert flags(old, old)["tv"] == "no spend"


def test_an_interval_that_grew_is_red_unless_the_past_was_restated():
    old, new = returns(), returns(sd=(1.3, 1.0, 1.0), seed=2)
    assert flags(old, new)["tv"] == "red"
    assert flags(old, new, restated=True)["tv"] != "red"
    assert flags(old, new)["radio"] == "ok"


def test_a_gaussian_that_learns_raises_false_alarms_as_often_as_it_says():
    """A mean known from 156 and then from 169 observations, under a prior: z > 2 in 4.6% of worlds.

    4,000 worlds: two standard errors are 0.7%.
    """
    rng = np.random.default_rng(1)
    n_worlds, prior = 4000, 1 / 0.85**2
    truth = rng.normal(0, prior**-0.5, n_worlds)
    old_data = truth + rng.normal(0, 0.4, n_worlds)  # the mean of the old observations
    new_data = truth + rng.normal(0, 0.4 * np.sqrt(156 / 13), n_worlds)
    weight, more = 1 / 0.16, 1 / (0.16 * 156 / 13)
    v_old, v_new = 1 / (prior + weight), 1 / (prior + weight + more)
    m_old, m_new = v_old * weight * old_data, v_new * (weight * old_data + more * new_data)
    noise = rng.standard_normal((2, 4, 1000, 1))
    draws = [m + np.sqrt(v) * z for m, v, z in zip((m_old, m_new), (v_old, v_new), noise, strict=True)]
    z, widened = steps(*draws, prior_variance=1 / prior, growth=13 / 156)
    assert np.mean(np.abs(z) > 2) == pytest.approx(0.046, abs=0.012)
    assert z.std() == pytest.approx(1, abs=0.06)
    assert not widened.any()


def test_what_nothing_was_learnt_of_does_not_drift_by_sampling_noise():
    z = np.concatenate([
        steps(*(np.random.default_rng([seed, side]).normal(size=(4, 500, 1)) for side in (0, 1)),
              prior_variance=1.0, growth=13 / 156)[0]
        for seed in range(300)
    ])  # fmt: skip
    assert np.mean(np.abs(z) > 2) < 0.1
    assert z.std() < 1.2


def test_where_next_to_nothing_was_learnt_a_little_more_is_no_alarm():
    """Observations that take 2% of the prior's variance away: what was learnt is lost in the noise of the variance.

    1,000 worlds, each with Monte Carlo errors of its own in mean and variance. A right alarm sounds in 4.6% of them;
    taking what was learnt for exactly known gives 9.5%.
    """
    rng = np.random.default_rng(4)
    n_worlds, sd = 1000, 7.0
    truth = rng.normal(0, 1, n_worlds)
    weight, more = 1 / sd**2, 13 / 156 / sd**2
    old_data = truth + rng.normal(0, sd, n_worlds)
    new_data = truth + rng.normal(0, sd * np.sqrt(156 / 13), n_worlds)
    v_old, v_new = 1 / (1 + weight), 1 / (1 + weight + more)
    m_old, m_new = v_old * weight * old_data, v_new * (weight * old_data + more * new_data)
    draws = []
    for mean, variance in ((m_old, v_old), (m_new, v_new)):
        shape = rng.standard_normal((4, 1000, 1))
        shape = (shape - shape.mean()) / shape.std()
        size = variance * (1 + np.sqrt(2 / 4000) * rng.standard_normal(n_worlds))
        draws.append(mean + np.sqrt(variance / 4000) * rng.standard_normal(n_worlds) + np.sqrt(size) * shape)
    z, _ = steps(*draws, prior_variance=1.0, growth=13 / 156)
    assert np.mean(np.abs(z) > 2) < 0.046


def test_overlap_of_two_normals_is_known():
    # two unit normals d apart share 2 Phi(-d / 2)
    first, second = np.exp(np.random.default_rng(1).normal([[0.0], [1.0]], 1.0, (2, 20_000)))
    assert overlap(first, second) == pytest.approx(0.617, abs=0.015)


def test_returns_of_a_window_are_those_of_the_report(posterior):
    import mmm

    found = returns_of_window(posterior.draws, window=(0, N_WEEKS), horizon_weeks=13)
    table = mmm.Report(posterior).roi(horizon_weeks=13)
    np.testing.assert_allclose(np.median(found.values, axis=(0, 1)), table["roi"])
    assert pd.Index(found["channel"].values).equals(pd.Index(table["channel"]))
