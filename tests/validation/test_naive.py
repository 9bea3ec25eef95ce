"""The forecast without a model, by hand."""

import numpy as np
import pytest

from mmm.posterior.scoring import covered, equal_tailed
from mmm.validation.naive import naive_forecast, periods_per_year


def test_last_year_and_each_change_there_has_been_by_a_plain_loop():
    y = np.random.default_rng(1).gamma(9.0, size=130)
    draws, is_seasonal = naive_forecast(y, n_ahead=13, year=52)
    assert is_seasonal
    assert draws.shape == (78, 13)
    for i in range(78):
        for h in range(13):
            assert draws[i, h] == pytest.approx(y[130 + h - 52] + y[52 + i] - y[i])


def test_with_less_than_two_years_the_last_period_and_changes_over_as_many():
    y = np.random.default_rng(2).gamma(9.0, size=103)
    draws, is_seasonal = naive_forecast(y, n_ahead=13, year=52)
    assert not is_seasonal
    assert draws.shape == (90, 13)
    for h in range(1, 14):
        changes = sorted(y[s] - y[s - h] for s in range(13, 103))
        np.testing.assert_allclose(np.sort(draws[:, h - 1]), y[-1] + np.array(changes))


def test_two_years_are_enough():
    assert naive_forecast(np.arange(104.0), n_ahead=13, year=52)[1]


def test_steady_growth_is_forecast_without_error_by_either():
    for n in (80, 120):
        draws, _ = naive_forecast(3.0 * np.arange(n), n_ahead=10, year=52)
        np.testing.assert_allclose(draws, np.tile(3.0 * (n + np.arange(10)), (len(draws), 1)))


# Of the short history, changes over 13 weeks overlap: 77 of them know as much as six, and intervals are a bit too sure.
@pytest.mark.parametrize(("n", "expected"), [(156, 0.80), (90, 0.74)], ids=["seasonal", "short"])
def test_its_own_intervals_hold_where_its_assumption_does(n, expected):
    rng = np.random.default_rng(3)
    inside = []
    for _ in range(300):
        # years alike but for noise; or, for the short history, a random walk
        y = rng.normal(size=n + 13) if n >= 104 else np.cumsum(rng.normal(size=n + 13))
        draws, _ = naive_forecast(y[:n], n_ahead=13, year=52)
        lower, upper = equal_tailed(draws=draws, prob=0.8)
        inside.append(covered(lower=lower, upper=upper, observed=y[n:]))
    # 300 worlds of 13 periods that go wrong together: a standard error of 2% at most
    assert np.mean(inside) == pytest.approx(expected, abs=0.04)


def test_a_year_in_periods():
    assert periods_per_year(365.25 / 12 / 7) == 12
