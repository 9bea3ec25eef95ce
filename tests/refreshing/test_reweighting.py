"""Draws under other data: effects stay, and weights are the ratio of two posteriors."""

import numpy as np
import pytest

import mmm
from mmm.fitting.program import program_for
from mmm.fitting.start import laid_out, starting_positions
from mmm.posterior.log_prior import log_prior
from mmm.refreshing.reweighting import log_ratios, restated_on, weighted_quantiles
from tests.conftest import build_data, build_posterior
from tests.fitting.test_fused import SPECS
from tests.refreshing.test_vintages import longer

ADSTOCK_FIRST = mmm.ModelSpec(channels={"tv": mmm.Channel(order="adstock_first")})


def densities(draws):
    """Log posterior density of every draw in the coordinates that are sampled, by the fused density."""
    program = program_for(draws.data, draws.spec, draws.scales)
    positions = laid_out(starting_positions(draws, draws.spec), program.coordinates)
    return np.array([program.log_density(position)[0] for position in positions])


@pytest.mark.parametrize("name", ["default", "brands", "every curve", "a cut half-life"])
@pytest.mark.parametrize(
    ("roles", "cells"),
    [({}, {}), ({"margin": 0.4}, {"tv": (3, 999.0), "revenue": (9, 30_000.0)})],
    ids=["new weeks", "restated, another margin"],
)
def test_weights_are_the_ratio_of_the_posteriors_that_are_sampled(name, roles, cells):
    """A change of amplitudes into returns is a shift of their logarithms, which adds nothing to a density."""
    old = build_posterior(build_data(margin=0.3) if roles else build_data(), SPECS[name], n_draws=20).draws
    new = restated_on(old, build_data(longer(3, **cells), **roles))
    found = log_ratios(old, new).ravel()
    expected = densities(new) - densities(old)
    assert np.ptp(expected) > 1
    np.testing.assert_allclose(found - found.mean(), expected - expected.mean(), rtol=1e-9, atol=1e-7)


def test_weights_without_the_priors_of_the_returns_would_be_others():
    """Radio spends ten times as much in the new weeks: its return is another number, and its prior has to be asked."""
    frame = longer(13)
    frame.loc[60:, "radio"] *= 10
    old = build_posterior(build_data()).draws
    new = restated_on(old, build_data(frame))
    change = np.log(new.parameters["roi"] / old.parameters["roi"]).sel(channel="radio")
    assert float(abs(change).max()) > 0.1
    assert np.ptp((log_prior(new)["return"] - log_prior(old)["return"]).values) > 0.1


@pytest.mark.parametrize("spec", [None, ADSTOCK_FIRST, SPECS["brands"]], ids=["default", "adstock first", "brands"])
def test_a_draw_keeps_its_effects(spec):
    old = build_posterior(build_data(), spec).draws
    new = restated_on(old, build_data(longer()))
    effects = new.contributions().values[..., : old.data.n_periods, :]
    np.testing.assert_allclose(effects, old.contributions().values, rtol=1e-9)
    assert not np.allclose(new.parameters["roi"], old.parameters["roi"])
    for name in set(old.parameters) - {"roi"}:
        np.testing.assert_array_equal(new.parameters[name], old.parameters[name])


def test_quantiles_of_weighted_draws_leave_a_quantity_without_values_blank():
    values = np.stack([np.arange(8.0), np.where(np.arange(8) == 3, np.nan, 1.0)], axis=-1).reshape(2, 4, 2)
    found = weighted_quantiles(values, np.full((2, 4), 1 / 8), np.array([0.5]))
    assert found[0, 0] == pytest.approx(3.5)
    assert np.isnan(found[0, 1])
