"""Weeks until half of an effect has landed: closed forms, and brute force on the kernel's weights."""

import numpy as np
import pytest

import mmm
from mmm.returns import kernel_weights, weeks_until_half
from tests.conftest import build_data, build_posterior, with_parameters

KERNELS = {
    "delayed": mmm.Channel(carryover=mmm.Delayed()),
    "weibull": mmm.Channel(carryover=mmm.Weibull()),
    "binomial": mmm.Channel(carryover=mmm.Binomial()),
    "two speeds": mmm.Channel(brand=True),
}


def with_kernel(channel, **roles):
    return build_posterior(build_data(**roles), mmm.ModelSpec(channels={"tv": channel}))


def test_of_a_geometric_kernel_it_is_the_half_life(posterior):
    np.testing.assert_allclose(
        weeks_until_half(posterior.draws, "tv"), posterior.draws.parameters["half_life"].sel(channel="tv"), rtol=1e-9
    )


@pytest.mark.filterwarnings("ignore::mmm.errors.DataWarning")
def test_days_and_months_are_counted_in_weeks():
    for frequency, n_periods in (("daily", 190), ("monthly", 60)):
        data, _ = mmm.simulate.world(seed=1, n_periods=n_periods, frequency=frequency, n_channels=1)
        made = build_posterior(data, n_draws=20)
        name = data.channels[0]
        np.testing.assert_allclose(
            weeks_until_half(made.draws, name), made.draws.parameters["half_life"].sel(channel=name), rtol=1e-9
        )


@pytest.mark.parametrize("kind", KERNELS)
def test_of_any_kernel_it_is_where_half_of_its_weights_is_left(kind):
    draws = with_kernel(KERNELS[kind]).draws
    found = weeks_until_half(draws, "tv").reshape(-1)
    left = 1 - kernel_weights(draws, "tv", n_lags=400).reshape(200, -1).cumsum(axis=1)
    for weeks, curve in zip(found, np.insert(left, 0, 1.0, axis=1), strict=True):
        n = int(np.argmax(curve <= 0.5))
        inside = np.interp(np.log(0.5), np.log([max(curve[n], 1e-300), curve[n - 1]]), [n, n - 1])
        assert weeks == pytest.approx(inside, rel=1e-6)


def test_of_a_falling_line_it_is_known():
    # weights 0.4, 0.3, 0.2, 0.1: 0.6 is left after a week, 0.3 after two
    made = with_kernel(mmm.Channel(carryover=mmm.Binomial(max_lag_weeks=3)))
    made = with_parameters(made, retention=lambda draws: 0 * draws + 0.5)
    np.testing.assert_allclose(weeks_until_half(made.draws, "tv"), 1 + np.log(1.2) / np.log(2))


def test_what_lands_at_once_has_landed_at_zero():
    assert (weeks_until_half(with_kernel(mmm.Channel(carryover=mmm.NoCarryover())).draws, "tv") == 0).all()


def test_what_takes_more_than_ten_years_is_infinite(posterior):
    slow = with_parameters(posterior, half_life=lambda weeks: 0 * weeks + 521)
    assert np.isinf(weeks_until_half(slow.draws, "tv")).all()
