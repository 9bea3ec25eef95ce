"""Scores of forecasts, and the coverage that a right model would have."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mmm.posterior import Diagnosis, QuantityCheck
from mmm.posterior.scoring import crps
from mmm.validation.outlook import LEVELS, Outlook, expected_coverage, inside, scores

FINE = QuantityCheck(quantity="forecast", rhat=1.0, ess_bulk=900.0, ess_tail=900.0)
DIAGNOSIS = Diagnosis(checks=(FINE,), divergences=0, draws=1000, ebfmi=(0.9, 0.9))


def outlook_of(draws, observed, *, naive=None, first="2024-01-08", **given):
    dates = pd.date_range(first, periods=len(observed), freq="W-MON")
    return Outlook(
        origin=dates[0] - pd.Timedelta(weeks=1),
        dates=dates,
        observed=np.asarray(observed, dtype=float),
        draws=draws,
        naive=draws if naive is None else naive,
        **({"is_seasonal": True, "diagnosis": DIAGNOSIS} | given),
    )


def test_scores_by_hand():
    draws = np.array([[8.0, 30.0, 1.0], [10.0, 40.0, 1.0], [12.0, 50.0, 4.0]])
    observed = np.array([10.0, 50.0, 0.0])
    naive = np.array([[9.0, 40.0, 2.0]])
    found = scores([outlook_of(draws, observed, naive=naive)])
    assert found["periods"] == 3
    # 10 and 50 are inside of the 95% interval but for the last fraction of the way to the largest draw
    assert found["coverage_50"] == pytest.approx(1 / 3)
    assert found["crps"] == pytest.approx(crps(draws=draws, observed=observed).mean())
    assert found["crps_naive"] == pytest.approx((1 + 10 + 2) / 3)
    assert found["skill"] == pytest.approx(1 - found["crps"] / found["crps_naive"])
    assert found["bias"] == pytest.approx((10 + 40 + 2 - 60) / 60)
    # the third outcome is zero, and has no share
    assert found["mape"] == pytest.approx((0.0 + 0.2) / 2)


def test_periods_count_alike_whatever_origin_they_come_from():
    rng = np.random.default_rng(1)
    one, two = (outlook_of(rng.normal(5, 1, (200, n)), rng.normal(5, 1, n)) for n in (4, 12))
    together, apart = scores([one, two]), [scores([one]), scores([two])]
    for name in ("crps", "coverage_50", "mape"):
        assert together[name] == pytest.approx((4 * apart[0][name] + 12 * apart[1][name]) / 16)
    assert len(inside([one, two], 0.8)) == 16


def test_without_a_size_to_compare_with_there_is_no_share():
    draws = np.zeros((5, 2))
    found = scores([outlook_of(draws, [0.0, 0.0])])
    assert all(np.isnan(found[name]) for name in ("bias", "mape", "skill"))


@pytest.mark.parametrize("level", LEVELS)
def test_of_independent_periods_the_expected_coverage_is_binomial(level):
    rng = np.random.default_rng(2)
    forecasts = [rng.normal(size=(8000, 13)) for _ in range(3)]
    held = np.round(39 * expected_coverage(forecasts, level=level, rng=rng))
    binomial = stats.binom(39, level)
    assert held.mean() == pytest.approx(39 * level, abs=0.1)
    assert held.var() == pytest.approx(binomial.var(), rel=0.08)
    for edge in (0.025, 0.975):
        assert abs(np.quantile(held, edge) - binomial.ppf(edge)) <= 1


def test_of_periods_that_go_wrong_together_each_origin_counts_once():
    rng = np.random.default_rng(3)
    forecasts = [np.repeat(rng.normal(size=(8000, 1)), 13, axis=1) for _ in range(3)]
    held = 3 * expected_coverage(forecasts, level=0.8, rng=rng)
    assert set(np.round(held, 9)) == {0.0, 1.0, 2.0, 3.0}
    assert held.var() == pytest.approx(stats.binom(3, 0.8).var(), rel=0.05)


def test_origins_are_paired_by_chance_and_not_by_draw():
    draws = np.repeat(np.random.default_rng(4).normal(size=(8000, 1)), 13, axis=1)
    # twice the same draws: paired by number they would be right and wrong together
    held = expected_coverage([draws, draws], level=0.5, rng=np.random.default_rng(5))
    assert held.var() == pytest.approx(0.125, rel=0.05)


def test_an_outlook_keeps_what_it_was_given():
    made = outlook_of(np.ones((3, 2)), [1.0, 2.0], notes=("short",))
    assert replace(made, is_seasonal=False).notes == ("short",)
