"""What is said of residuals: verdict, advice, table, chart. Nothing is fitted."""

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import mmm
from mmm.errors import ConvergenceError, ReportError
from mmm.validation.residuals import ADVICE, negative_baseline
from tests.conftest import build_data, build_frame, build_posterior, with_parameters


def posterior_of(noise, **changed):
    """A fit that knows noise and walk, and that media bring almost nothing, of an outcome that is this noise."""
    frame = build_frame(len(noise))
    frame["revenue"] = 20_000 + 600 * np.asarray(noise)
    known = {
        "roi": lambda roi: xr.full_like(roi, 1e-9),
        "sigma": lambda old: xr.full_like(old, 0.03),
        "tau": lambda old: xr.full_like(old, 1e-4),
    }
    return with_parameters(build_posterior(build_data(frame), n_draws=20), **known | changed)


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(2).standard_normal(100)


@pytest.fixture(scope="module")
def sound(noise):
    return mmm.check_residuals(posterior_of(noise))


def test_noise_as_the_model_has_it_passes(sound):
    assert sound.ok
    assert sound.failed == ()
    assert sound.recommendation == "Nothing to do."
    assert sound.verdict.startswith("The residuals look as the model says: the least probable of 7 checks is ")
    assert repr(sound).startswith("<ResidualChecks of 100 periods\n The residuals look")


def test_a_week_apart_is_named_with_its_date(noise):
    checks = mmm.check_residuals(posterior_of(noise + 9 * (np.arange(100) == 40)))
    assert "tails" in checks.failed
    outliers = checks.outliers()
    assert outliers.iloc[0]["date"] == pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=40)
    assert outliers.iloc[0]["z"] > 7
    assert "Furthest out: 2023-10-09 (+" in checks.verdict
    assert ADVICE["tails"] in checks.recommendation
    assert "kurtosis" in checks.verdict


def test_noise_with_memory_and_noise_that_grows_are_told_apart(noise):
    memory = mmm.check_residuals(posterior_of(noise - 0.9 * np.concatenate([[0], noise[:-1]])))
    assert memory.failed[0] == "autocorrelation"
    assert "at lag 1 -0." in memory.verdict
    growing = mmm.check_residuals(posterior_of(noise * np.linspace(0.1, 2, 100) ** 2))
    assert "spread" in growing.failed
    assert "in the first half" in growing.verdict
    assert growing.recommendation.startswith(("Spread:", "Tails:"))


def test_the_table_has_every_check_with_its_reference(sound):
    table = sound.table()
    assert list(table.columns) == ["check", "statistic", "replicas", "limit", "probability", "ok"]
    assert table["check"].to_list() == [
        "autocorrelation", "distribution", "tails", "spread", "media tv", "media video", "media radio", "baseline",
    ]  # fmt: skip
    assert table["ok"].all()
    assert table["ok"].dtype == bool
    tested = table.iloc[:-1]
    assert (tested["replicas"] < tested["limit"]).all()
    assert tested["probability"].between(0.05, 1).all()
    assert tested["statistic"].to_list() == sound.statistics.observed.tolist()
    assert table.iloc[-1][["statistic", "limit"]].to_list() == [0.0, 0.05]


def test_a_channel_is_named_with_its_own_misfit(sound):
    observed = sound.statistics.observed.copy()
    observed[sound.statistics.names.index("media video")] = 99.0
    failed = replace(sound, statistics=replace(sound.statistics, observed=observed))
    assert failed.failed == ("media video",)
    assert "Media of video: earlier or higher spend explains" in failed.verdict
    assert failed.recommendation == ADVICE["media"]


def test_a_baseline_below_zero_is_said(noise):
    # media that bring in nearly twice the outcome
    posterior = posterior_of(noise, roi=lambda roi: xr.full_like(roi, 12.0))
    checks = mmm.check_residuals(posterior)
    assert checks.negative_baseline > 0.5
    assert checks.failed[-1] == "baseline"
    assert "media are given more than the whole outcome" in checks.verdict
    assert ADVICE["baseline"] in checks.recommendation
    assert not checks.table().iloc[-1]["ok"]


def test_the_negative_baseline_is_that_of_the_worst_quarter(posterior):
    baseline = posterior.draws.baseline().sum("part").values.reshape(200, 60)
    quarters = np.stack([baseline[:, row : row + 13].sum(axis=1) for row in range(48)])
    assert negative_baseline(posterior.draws) == pytest.approx((quarters < 0).mean(axis=1).max())


def test_the_seed_moves_the_replicas_only(noise):
    posterior = posterior_of(noise)
    once, again, other = (mmm.check_residuals(posterior, seed=seed).statistics for seed in (1, 1, 2))
    np.testing.assert_array_equal(once.replicas, again.replicas)
    assert (once.replicas != other.replicas).any()
    np.testing.assert_array_equal(once.residuals, other.residuals)


def test_what_cannot_be_checked_is_refused(unconverged_posterior):
    with pytest.raises(ReportError, match="a Posterior is needed, not str"):
        mmm.check_residuals("2026q3.nc")
    with pytest.raises(ConvergenceError, match="NOT CONVERGED"):
        mmm.check_residuals(unconverged_posterior)
    checks = mmm.check_residuals(unconverged_posterior, allow_unconverged=True)
    assert checks.verdict.startswith("NOT CONVERGED")
    assert checks.table()["warning"].str.startswith("NOT CONVERGED").all()
    assert any("NOT CONVERGED" in text.get_text() for text in checks.plot().texts)


@pytest.mark.parametrize("frequency", ["daily", "monthly"])
def test_days_and_months_are_checked_too(frequency):
    data, _ = mmm.simulate.world(
        seed=1, n_channels=2, frequency=frequency, n_periods=730 if frequency == "daily" else 72
    )
    checks = mmm.check_residuals(build_posterior(data, n_draws=20))
    assert len(checks.statistics.autocorrelations) == (91 if frequency == "daily" else 3)
    assert np.isfinite(checks.statistics.observed).all()


def test_what_is_drawn_is_what_was_found(sound):
    _, ax = plt.subplots()
    assert sound.plot(ax=ax) is ax
    over_time, lags, distribution, checks = ax.child_axes
    heights = [segment[1][1] for segment in over_time.collections[0].get_segments()]
    np.testing.assert_allclose(heights, sound.statistics.residuals)
    drawn = [segment[1][1] for segment in lags.collections[-1].get_segments()]
    np.testing.assert_allclose(drawn, sound.statistics.autocorrelations)
    np.testing.assert_allclose(distribution.lines[-1].get_ydata(), np.sort(sound.statistics.residuals))
    shown = checks.collections[-1].get_offsets()[:, 0]
    np.testing.assert_allclose(np.sort(shown), np.sort(sound.table()["probability"].dropna()))
