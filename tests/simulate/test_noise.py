"""Noise of three kinds and one size."""

import numpy as np
import pytest
from scipy import stats

from mmm.errors import SpecError
from mmm.simulate import world_frame
from mmm.simulate.noise import NOISE_KINDS, autoregression, unit_noise

N = 40_000


def draw(kind, correlation=0.5):
    return unit_noise(kind, n_periods=N, correlation=correlation, rng=np.random.default_rng(3))


def test_the_kinds_differ_in_what_they_say_and_not_in_size():
    normal, ar1, heavy = (draw(kind) for kind in ("normal", "ar1", "heavy_tails"))
    assert normal.std() == pytest.approx(1.0, abs=0.02)
    # memory of one half makes the effective sample a third
    assert ar1.std() == pytest.approx(1.0, abs=0.03)
    # the fourth moment of 3 degrees of freedom is infinite, so its quantiles say more than its sd
    scale = 1 / np.sqrt(3)
    assert stats.kstest(heavy, stats.t(3, scale=scale).cdf).pvalue > 0.01
    assert stats.t(3, scale=scale).std() == pytest.approx(1.0, rel=1e-12)
    assert (abs(heavy) > 4).mean() > 20 * (abs(normal) > 4).mean()


@pytest.mark.parametrize("correlation", [-0.4, 0.0, 0.5, 0.9])
def test_memory_fades_geometrically(correlation):
    noise = draw("ar1", correlation)
    for lag in (1, 2, 3):
        found = np.corrcoef(noise[lag:], noise[:-lag])[0, 1]
        # three standard errors, with what memory leaves of the sample
        assert found == pytest.approx(
            correlation**lag, abs=3 * np.sqrt((1 + correlation**2) / (1 - correlation**2) / N)
        )


def test_memory_leaves_the_size_as_it_is_from_the_first_period_on():
    shocks = np.random.default_rng(1).standard_normal((20_000, 5))
    series = np.array([autoregression(row, correlation=0.7) for row in shocks])
    np.testing.assert_allclose(series.std(axis=0), 1.0, atol=0.02)


@pytest.mark.parametrize("kind", NOISE_KINDS)
def test_noise_of_a_world_is_what_was_asked_for(kind):
    frame, truth = world_frame(seed=2, n_channels=1, n_periods=1500, noise_kind=kind)
    plain_frame, plain = world_frame(seed=2, n_channels=1, n_periods=1500)
    noise = (frame["revenue"] - truth.baseline - truth.contributions.to_numpy().sum(axis=1)) / truth.sigma
    assert truth.sigma == plain.sigma
    np.testing.assert_array_equal(truth.baseline, plain.baseline)
    assert frame["revenue"].equals(plain_frame["revenue"]) == (kind == "normal")
    assert np.corrcoef(noise[1:], noise[:-1])[0, 1] == pytest.approx(0.5 * (kind == "ar1"), abs=0.1)


def test_other_kinds_are_refused():
    with pytest.raises(SpecError, match="noise_kind='pink' is not simulated"):
        unit_noise("pink", n_periods=3, correlation=0.5, rng=np.random.default_rng(1))
