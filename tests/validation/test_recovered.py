"""Truths against refits: numbers by closed form, verdicts by made-up worlds. Nothing is fitted."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from scipy import stats

import mmm
from mmm import schema
from mmm.errors import ReportError
from mmm.validation.recovered import Recovery
from mmm.validation.recovery_rows import ranks_agree

CHANNELS = ("tv", "video", "radio")
Z90 = stats.norm.ppf(0.95)


def made_up(error, spread, *, truth=None, horizons=(13.0,), channels=(*CHANNELS, "total"), prior=0.85, **rest):
    """Refits that are off by ``error`` (world, channel), with a log sd of ``spread`` by channel; a prior about 1."""
    error = np.asarray(error, dtype=float)
    grid = stats.norm.ppf((np.arange(401) + 0.5) / 401)
    truth = np.full(error.shape, 0.3) if truth is None else np.asarray(truth, dtype=float)
    estimate = (truth + error)[:, None, :] + np.asarray(spread) * grid[:, None]
    weeks, coords = len(horizons), {"channel": list(channels), "horizon_weeks": list(horizons)}

    def array(values, *dims):
        repeated = np.repeat(np.exp(values)[..., None], weeks, axis=-1)
        return xr.DataArray(repeated, coords, (*dims, "channel", "horizon_weeks"))

    return Recovery(
        truth=array(truth, "world"),
        estimate=array(estimate, "world", "sample"),
        prior=array(np.repeat(prior * grid[:, None], len(channels), axis=1), "sample"),
        **rest,
    )


def worlds(n, *by_channel):
    """The same error in every world, and alternating in sign for a pair."""
    signs = np.where(np.arange(n) % 2, 1, -1)
    return np.stack([signs * e[0] if isinstance(e, tuple) else np.full(n, e) for e in by_channel], axis=-1)


def test_the_table_says_how_far_off_and_how_wide():
    recovery = made_up(worlds(10, 0.1, (0.2,), -0.5, 0.0), [0.2, 0.2, 0.2, 0.1])
    table = recovery.table().set_index("channel")
    assert (table["worlds"] == 10).all()
    np.testing.assert_allclose(table["truth_median"], np.exp(0.3))
    np.testing.assert_allclose(table["error"], [0.1, 0.2, 0.5, 0], atol=1e-12)
    np.testing.assert_allclose(table["bias"], [0.1, 0, -0.5, 0], atol=1e-12)
    np.testing.assert_allclose(table["covered"], [1, 1, 0, 1])
    # a grid of 401 quantiles has the interval of the distribution to a hundredth
    np.testing.assert_allclose(table["width"], 2 * Z90 * np.array([0.2, 0.2, 0.2, 0.1]), rtol=0.01)
    np.testing.assert_allclose(table["prior_width"], 2 * Z90 * 0.85, rtol=0.01)
    np.testing.assert_allclose(table["told"], 1 - np.array([0.1, 0.2, 0.5, 0]) / 0.3, atol=1e-12)
    assert table["rank_correlation"].isna().all()
    wide = recovery.table(prob=0.99).set_index("channel")
    assert wide.loc["radio", "covered"] == 1 - 1
    assert (wide["width"] > table["width"]).all()
    assert "90% equal-tailed credible intervals" in str(recovery.table().columns.name)
    assert tuple(recovery.table().columns) == schema.RECOVERY_COLUMNS


def test_the_side_of_break_even_is_counted_and_clear_worlds_apart():
    truth = np.log([[1.5], [1.1], [0.5], [0.95]])
    # the second and the third are put on the wrong side
    error = np.array([[0.0], [-0.2], [0.9], [0.0]])
    row = made_up(error, [0.1], truth=truth, channels=("tv",)).table().iloc[0]
    assert row["right_side"] == 0.5
    assert row["clear_worlds"] == 2
    assert row["right_side_clear"] == 0.5
    said = made_up(error, [0.1], truth=truth, channels=("tv",)).verdict
    assert "at least a factor of 1.25 from break-even, the refit lies on its side in 50% of cases" in said
    near = made_up(np.zeros((3, 1)), [0.1], truth=np.zeros((3, 1)) + 0.01, channels=("tv",)).table().iloc[0]
    assert near["clear_worlds"] == 0
    assert np.isnan(near["right_side_clear"])
    assert "break-even" not in made_up(error, [0.1], channels=("tv",), is_money=False).verdict
    assert "right_side" not in made_up(error, [0.1], channels=("tv",), is_money=False).table()


@pytest.mark.parametrize("centre", [0.0, 2.5], ids=["where the prior is", "far from the prior"])
def test_coverage_of_truths_from_a_posterior_is_not_nominal_and_the_table_has_it_exactly(centre):
    """A normal mean: prior N(0, 1), data as strong. Refits have sd s and lie (w - 1) truth + w noise off."""
    rng, n = np.random.default_rng(1), 4000
    weight, sd = 0.5, 0.5**0.5
    truth = rng.normal(centre, sd, size=(n, 1))
    error = (weight - 1) * truth + weight * rng.standard_normal((n, 1))
    found = made_up(error, [sd], truth=truth, channels=("tv",), prior=1.0).table().iloc[0]
    off = stats.norm((weight - 1) * centre, ((1 - weight) ** 2 * sd**2 + weight**2) ** 0.5)
    expected = off.cdf(Z90 * sd) - off.cdf(-Z90 * sd)
    # 4 standard errors of a share of 4000
    assert found["covered"] == pytest.approx(expected, abs=4 * (expected * (1 - expected) / n) ** 0.5)
    assert found["bias"] == pytest.approx((weight - 1) * centre, abs=0.05)
    assert (found["covered"] > 0.9) == (centre == 0)


def test_ranks_agree_as_scipy_says():
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(2, 9, 3, 2))
    found = ranks_agree(first, second)
    assert found.shape == (3, 2)
    for place in np.ndindex(3, 2):
        expected = stats.spearmanr(first[:, *place], second[:, *place]).statistic
        assert found[place] == pytest.approx(expected)


def test_channels_are_told_apart_by_what_the_data_can_do_for_them():
    # intervals of a quarter, of 0.6 and of 0.95 times the prior's; and one that is narrow and wrong
    recovery = made_up(
        worlds(12, (0.1,), (0.3,), (0.5,), 0.9),
        0.85 * np.array([0.25, 0.6, 0.95, 0.25]),
        channels=("tv", "video", "radio", "search"),
    )
    assert (
        "ROI within 13 weeks: these data measure tv (off by a factor of 1.11); narrow video and no more (off by a "
        "factor of 1.35); leave radio to the prior (off by a factor of 1.65); miss the truth of search too often (off "
        "by a factor of 2.46)."
    ) in recovery.verdict
    assert recovery.recommendation.startswith("For video, radio, report what the prior says")
    assert "leave it dark for longer than the effect lasts" in recovery.recommendation
    assert "For search, the prior pulls the refits away" in recovery.recommendation
    assert not recovery.ok
    assert repr(recovery).startswith("<Recovery in 12 worlds\n")
    assert recovery.recommendation in repr(recovery)


def test_a_few_misses_in_twelve_are_bad_luck():
    error = np.zeros((12, 1))
    error[:4] = 1.0
    assert made_up(error, [0.1], channels=("tv",)).ok
    error[:5] = 1.0
    assert not made_up(error, [0.1], channels=("tv",)).ok


def test_what_the_data_measure_needs_nothing():
    recovery = made_up(worlds(8, *[(0.02,)] * 4), [0.1] * 4, horizons=(13.0, 104.0))
    assert recovery.ok
    assert recovery.recommendation == "Nothing: data such as these find such returns again."
    assert "ROI within 13 weeks: these data measure tv, video, radio (off by a factor of 1.02)." in recovery.verdict
    assert "ROI within 104 weeks: much the same." in recovery.verdict
    assert "within 104 weeks by a factor of 1.02" in recovery.verdict
    assert "held the truth in 100% of all cases, in 8 worlds" in recovery.verdict


def test_the_order_of_channels_is_counted():
    rng = np.random.default_rng(1)
    truth = rng.normal(size=(6, 4))
    exact = made_up(np.zeros((6, 4)), [0.1] * 4, truth=truth)
    assert "a rank correlation of 1.00, and name the best channel in 6 of 6 worlds (guessing: 2.0)" in exact.verdict
    turned = made_up(-2 * truth, [0.1] * 4, truth=truth)
    assert "a rank correlation of -1.00, and name the best channel in 0 of 6 worlds" in turned.verdict
    assert "order" not in made_up(np.zeros((6, 2)), [0.1] * 2, channels=("tv", "total")).verdict


def test_left_out_worlds_and_a_posterior_that_failed_are_named():
    recovery = made_up(np.zeros((5, 4)), [0.1] * 4, failed=("world 3 (R-hat 1.30)",), warning="NOT CONVERGED: no.")
    assert "Left out: world 3 (R-hat 1.30)." in recovery.verdict
    assert recovery.verdict.startswith("NOT CONVERGED: no.")
    assert not recovery.ok
    assert (recovery.table()["warning"] == "NOT CONVERGED: no.").all()
    assert any("NOT CONVERGED" in text.get_text() for text in recovery.plot().texts)


def test_the_chart_draws_each_world_against_its_truth():
    error = worlds(6, (0.1,), 0.6, (0.3,), 0.0)
    recovery = made_up(error, [0.2] * 4, horizons=(13.0, 104.0))
    _, given = plt.subplots()
    axes = recovery.plot(horizon_weeks=104, ax=given)
    assert axes is given
    assert [label.get_text() for label in axes.get_yticklabels()] == ["total", "radio", "video", "tv"]
    dots = [np.exp(error[:, place]) for place in range(4)]
    for found, expected in zip(axes.collections[1::2], dots, strict=True):
        np.testing.assert_allclose(found.get_offsets()[:, 0], expected, rtol=1e-6)
    table = recovery.table().query("horizon_weeks == 104")
    said = " ".join(text.get_text() for text in axes.texts)
    for off in table["error"]:
        assert f"off by {np.exp(off):.2f}x" in said
    assert "missed too often" in said
    assert "0 of 6 held the truth" in said
    assert "within 104 weeks" in axes.get_title(loc="left")
    assert "within 13 weeks" in recovery.plot().get_title(loc="left")
    with pytest.raises(ReportError, match="the truth was not compared there"):
        recovery.plot(horizon_weeks=52)


def test_what_makes_no_sense_is_refused():
    recovery = made_up(np.zeros((5, 4)), [0.1] * 4)
    with pytest.raises(ReportError, match="prob=90"):
        recovery.table(prob=90)
    with pytest.raises(ReportError, match="held against another one's truth"):
        mmm.Recovery(truth=recovery.truth, estimate=recovery.estimate.isel(world=slice(3)), prior=recovery.prior)
    with pytest.raises(ReportError, match="held against another one's truth"):
        mmm.Recovery(truth=recovery.truth, estimate=recovery.estimate, prior=recovery.prior.isel(channel=[1, 0, 2, 3]))
