"""Convergence is judged on what is reported, with ArviZ's numbers."""

from dataclasses import replace

import arviz_stats
import numpy as np
import pytest
import xarray as xr

import mmm
from mmm.fitting.diagnostics import diagnose, reported_quantities
from tests.conftest import build_posterior


@pytest.fixture
def stats(posterior):
    shape = posterior.draws.parameters["sigma"].shape
    rng = np.random.default_rng(1)
    return xr.Dataset(
        {
            "diverging": (("chain", "draw"), np.zeros(shape, dtype=bool)),
            "energy": (("chain", "draw"), rng.normal(size=shape)),
        }
    )


def test_every_parameter_and_every_return_by_horizon_is_checked(posterior, stats):
    names = set(diagnose(posterior.draws, stats).table()["quantity"])
    channels = posterior.data.channels
    assert {f"return {name} {weeks}w" for name in (*channels, "total") for weeks in (13, 26, 52, 104)} <= names
    assert {f"parameter roi {name}" for name in channels} <= names
    assert {"parameter sigma", "parameter tau", "media share"} <= names
    assert {f"marginal return {name}" for name in (*channels, "total")} <= names
    assert not any(name.startswith("multiplier") for name in names)  # only brand channels have one


def test_the_long_run_multiplier_of_brand_channels_is_checked_and_found_where_a_chain_disagrees(national_data, stats):
    spec = mmm.ModelSpec(channels=dict.fromkeys(("tv", "radio"), mmm.Channel(brand=True)))
    draws = build_posterior(national_data, spec).draws
    table = diagnose(draws, stats).table().set_index("quantity")
    assert {name for name in table.index if name.startswith("multiplier")} == {"multiplier tv", "multiplier radio"}
    multiplier = 1 / draws.spec.channels["tv"].carryover.landed(
        13, draws.channel_parameters("tv"), weeks_per_period=1.0
    )
    assert table.loc["multiplier tv", "rhat"] == pytest.approx(float(arviz_stats.rhat(multiplier[..., 0])))
    moved = draws.parameters.copy(deep=True)
    moved["slow_share"][0, :, 0] **= 0.1
    found = diagnose(replace(draws, parameters=moved), stats).table().set_index("quantity")["rhat"]
    assert found["multiplier tv"] > 1.2
    assert found["multiplier radio"] < 1.1


def test_the_numbers_are_those_of_arviz(posterior, stats):
    table = diagnose(posterior.draws, stats).table().set_index("quantity")
    sigma = posterior.draws.parameters["sigma"]
    assert table.loc["parameter sigma", "rhat"] == pytest.approx(float(arviz_stats.rhat(sigma.values)))
    tail = arviz_stats.ess(xr.Dataset({"sigma": sigma}), method="tail", prob=(0.05, 0.95))["sigma"]
    assert table.loc["parameter sigma", "ess_tail"] == pytest.approx(float(tail))


def test_a_chain_that_disagrees_is_found_in_the_quantity_it_moves(posterior, stats):
    moved = posterior.draws.parameters.copy(deep=True)
    moved["roi"][0, :, 0] *= 20
    draws = posterior.draws.__class__(moved, posterior.data, posterior.spec, posterior.scales, 1)
    diagnosis = diagnose(draws, stats)
    table = diagnosis.table().set_index("quantity")
    first, second = posterior.data.channels[:2]
    assert table.loc[f"return {first} 52w", "rhat"] > 1.2
    assert table.loc[f"return {second} 52w", "rhat"] < 1.1
    assert not diagnosis.ok
    assert "did not converge" in diagnosis.verdict


def test_divergences_are_counted_over_all_chains(posterior, stats):
    stats["diverging"][0, :5] = True
    stats["diverging"][1, :2] = True
    diagnosis = diagnose(posterior.draws, stats)
    assert diagnosis.divergences == 7
    assert "7 of" in diagnosis.verdict


def test_energy_that_hardly_moves_fails_the_fit(posterior, stats):
    walk = np.cumsum(np.random.default_rng(1).normal(size=stats["energy"].shape), axis=1)
    diagnosis = diagnose(posterior.draws, stats.assign(energy=(("chain", "draw"), walk)))
    assert max(diagnosis.ebfmi) < 0.3
    assert "E-BFMI" in diagnosis.verdict


def test_what_is_reported_has_draws_first(posterior):
    for array in reported_quantities(posterior.draws).values():
        assert array.dims[:2] == ("chain", "draw")
