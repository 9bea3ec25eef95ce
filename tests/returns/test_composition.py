"""The modelled outcome by part, against the draws by period."""

import numpy as np
import pytest

import mmm
from mmm.returns import composition_draws
from tests.conftest import build_data, build_posterior


@pytest.mark.parametrize("window", [None, (10, 22)])
def test_parts_are_sums_over_the_window_and_add_up_to_the_expected_outcome(posterior, window):
    draws, rows = posterior.draws, slice(*(window or (0, 60)))
    parts = composition_draws(draws, window=window)
    expected = draws.expected().values[:, :, 0, rows].sum(axis=-1)
    whole = parts["baseline"].sum("part") + parts["media"].sum("channel")
    np.testing.assert_allclose(whole.transpose("chain", "draw"), expected, rtol=1e-12)
    media = draws.contributions().values[:, :, 0, rows].sum(axis=2)
    np.testing.assert_allclose(parts["media"].transpose("chain", "draw", "channel"), media, rtol=1e-12)
    assert list(parts["baseline"]["part"].values) == ["level", "season", "control"]
    season = draws.baseline().sel(part="season").values[:, :, 0]
    from_mean = (season - season.mean(axis=-1, keepdims=True))[..., rows].sum(axis=-1)
    np.testing.assert_allclose(parts["baseline"].sel(part="season"), from_mean, atol=1e-6)
    level = draws.baseline().sel(part=["intercept", "trend", "walk"]).sum("part").values[:, :, 0]
    moved = (level + season.mean(axis=-1, keepdims=True))[..., rows].sum(axis=-1)
    np.testing.assert_allclose(parts["baseline"].sel(part="level"), moved, rtol=1e-12)


def test_over_all_data_seasons_and_controls_add_nothing(posterior):
    parts = composition_draws(posterior.draws)["baseline"]
    size = float(abs(parts.sel(part="level")).mean())
    for part in ("season", "control"):
        np.testing.assert_allclose(parts.sel(part=part), 0, atol=1e-9 * size)


def test_a_model_has_only_the_parts_it_has():
    spec = mmm.ModelSpec(seasonality=0, holidays="GB", trend=mmm.Trend(linear=False, walk=None))
    posterior = build_posterior(build_data(controls=()), spec, n_draws=5)
    assert list(composition_draws(posterior.draws)["baseline"]["part"].values) == ["level", "holiday"]
