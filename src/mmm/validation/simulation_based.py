"""`mmm.simulation_based_calibration`: worlds drawn from the prior, fitted, and the truth ranked among the draws."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.errors import ConvergenceWarning
from mmm.fitting import Sampler
from mmm.fitting.parallel import for_workers, run_each
from mmm.fitting.refits import fit_again
from mmm.model.spec import ModelSpec
from mmm.posterior import Diagnosis, Draws, Posterior, log_likelihood, random_stream
from mmm.returns import long_run_multiplier, payback_draws, per_spend, returns_by_horizon
from mmm.validation.calibration import SimulationBasedCalibration
from mmm.validation.prior_worlds import World, prior_worlds

__all__ = ["rank_truth", "ranked_quantities", "simulation_based_calibration", "thin"]

Floats = NDArray[np.float64]

#: Draws among which the truth is ranked: with 99, intervals of 50, 80 and 90% end between two ranks.
RANKED_DRAWS = 99

#: Of every reported quantity, for the thinned draws to be nearly independent, and for chains to be of one mind.
MIN_EFFECTIVE, MAX_RHAT = 2 * RANKED_DRAWS, 1.05

#: Weeks after the spend at which returns are ranked.
HORIZONS = (13.0, 52.0, 104.0)


def simulation_based_calibration(
    data: MarketingData,
    spec: ModelSpec | None = None,
    *,
    brand: Sequence[str] = (),
    worlds: int = 200,
    seed: int,
    sampler: Sampler | None = None,
    first: int = 0,
    progress: bool = True,
    executor: Executor | None = None,
) -> SimulationBasedCalibration:
    """Check that fits of worlds made by the model itself find what made them, as often as they say.

    Parameters
    ----------
    data : MarketingData
        The design: dates, media, controls, and the outcome for its level only.
    spec : ModelSpec, optional
        As :func:`mmm.fit` takes it.
    brand : sequence of str
        Channels that build a brand, in short.
    worlds : int
        How many; 200 tell intervals of 90% from intervals of 84%.
    seed : int
        World ``i`` of a seed is the same however a run is split.
    sampler : Sampler, optional
        Two chains of 1000 draws by default.
    first : int
        Number of the first world, to go on with an earlier run: see :meth:`SimulationBasedCalibration.joined`.
    progress : bool
        Say when each world is done.
    executor : concurrent.futures.Executor, optional
        Who refits: a ``ProcessPoolExecutor``, or ``client.get_executor()`` of a Dask cluster; in this process by
        default. With one, chains run one after the other unless the sampler says ``cores``.

    Returns
    -------
    SimulationBasedCalibration

    Raises
    ------
    SpecError
        If the spec does not fit the data, the data have a tracker, or there are no such worlds.
    FitInterrupted
        If it is stopped by hand.

    Notes
    -----
    In each world every parameter is a draw from its prior, the media follow from them by the user's own spend, and a
    base of the data's level, with a random walk of its own, and noise are added. The world is fitted with the scales
    of the data, by one compiled program. Its draws are thinned to 99 at even steps, and are then nearly independent if
    every reported quantity has at least twice as many effective draws: draws so far apart have a correlation of about
    2%. A fit with fewer, or with an R-hat of 1.05 or more, is made once more with four times the draws. Where draws
    equal the truth (payback in whole weeks, or never), its rank is drawn uniformly among the ties.

    Ranked are the return of each channel and in total within 13, 52 and 104 weeks, payback, the long-run multiplier,
    kernel parameters, sigma, tau, the sum of the baseline, and the log likelihood. Ranks of parameters are uniform
    even if the data are not looked at at all; that of the log likelihood is not (Modrák et al. 2023).

    What it proves is that the model is solved, not that the world is like the model.

    Examples
    --------
    >>> data, truth = mmm.simulate.world(n_periods=104, n_channels=2, seed=1)
    >>> few = mmm.simulation_based_calibration(data, worlds=2, seed=1, progress=False)
    >>> more = mmm.simulation_based_calibration(data, worlds=1, first=2, seed=1, progress=False)
    >>> few.joined(more).ranks.index.tolist()
    [0, 1, 2]
    """
    sampler = for_workers(sampler or Sampler(chains=2), executor)
    made = prior_worlds(data, spec, brand=brand, worlds=worlds, seed=seed, first=first)
    cases = ((f"world {world.number}", (world, sampler, seed)) for world in made)
    found, failed = run_each(_ranked, cases, executor=executor, progress=progress, total=worlds)
    if failed:
        warnings.warn(
            "These worlds could not be fitted and are left out: "
            + "; ".join(f"{name} ({why})" for name, why in failed.items()),
            ConvergenceWarning,
            stacklevel=2,
        )
    numbers = pd.Index([number for number, _, _ in found.values()], name="world", dtype="int64")
    return SimulationBasedCalibration(
        ranks=pd.DataFrame([ranks for _, ranks, _ in found.values()], index=numbers),
        fits=pd.DataFrame([quality for _, _, quality in found.values()], index=numbers),
        n_draws=RANKED_DRAWS,
    )


def _ranked(world: World, sampler: Sampler, seed: int) -> tuple[int, dict[str, int], dict[str, Any]]:
    """Fit one world: its number, its ranks, and how good the fit is."""
    posterior = _fitted(world, sampler, seed=seed)
    ranks = rank_truth(world, thin(posterior.draws, RANKED_DRAWS), seed=seed)
    return world.number, ranks, _quality(posterior.diagnosis)


def _fitted(world: World, sampler: Sampler, *, seed: int) -> Posterior:
    """Fit a world; if its draws are too few once more, longer and with smaller steps, and then take it as it is."""
    longer = sampler.model_copy(update={"draws": 4 * sampler.draws, "tune": 4 * sampler.tune, "target_accept": 0.98})
    own_seed = int(random_stream(seed, f"fit {world.number}").integers(2**31))
    for asked in (sampler, longer):
        posterior = fit_again(world.data, world.truth.spec, world.truth.scales, own_seed, asked)
        if _quality(posterior.diagnosis)["enough"]:
            break
    return posterior


def _quality(diagnosis: Diagnosis) -> dict[str, Any]:
    """Whether thinned draws are nearly independent, and what tells."""
    effective, rhat = min(check.ess_bulk for check in diagnosis.checks), max(check.rhat for check in diagnosis.checks)
    enough = effective >= MIN_EFFECTIVE and rhat < MAX_RHAT
    return {"enough": enough, "effective_draws": effective, "rhat": rhat, "divergences": diagnosis.divergences}


def thin(draws: Draws, n_draws: int) -> Draws:
    """Take draws at even steps through all chains, as one chain.

    Examples
    --------
    >>> thin(posterior.draws, 99).parameters["sigma"].shape
    (1, 99)
    """
    chains, length = (draws.parameters.sizes[dim] for dim in (schema.CHAIN, schema.DRAW))
    taken = np.linspace(0, chains * length - 1, n_draws).round().astype(int)
    return replace(
        draws,
        parameters=xr.Dataset(
            {
                name: (array.dims, array.values.reshape(1, chains * length, *array.shape[2:])[:, taken])
                for name, array in draws.parameters.items()
            },
            {name: array for name, array in draws.parameters.coords.items() if name not in (schema.CHAIN, schema.DRAW)},
        ),
    )


def rank_truth(world: World, draws: Draws, *, seed: int) -> dict[str, int]:
    """Draws below the truth, by quantity; among draws that equal it, its place is drawn.

    Parameters
    ----------
    world : World
    draws : Draws
        Nearly independent, for the data of the world.
    seed : int
        That of the worlds.
    """
    rng = random_stream(seed, f"ties {world.number}")
    true, drawn = ranked_quantities(world.truth, baseline=world.baseline), ranked_quantities(draws)
    return {
        name: int((values < true[name]).sum() + rng.integers(0, (values == true[name]).sum(), endpoint=True))
        for name, values in drawn.items()
    }


def ranked_quantities(draws: Draws, *, baseline: Floats | None = None) -> dict[str, Floats]:
    """All that is ranked, by name, each of shape (draw,).

    Parameters
    ----------
    draws : Draws
        Of one chain.
    baseline : array, shape (time,), optional
        The baseline as it was; drawn given the parameters by default.
    """
    found: dict[str, Floats] = {}
    variable = "money" if draws.data.has_money_value else "incremental_outcome"
    returns = per_spend(returns_by_horizon(draws, horizons=HORIZONS), variable)
    for channel in (*draws.data.channels, schema.TOTAL):
        for weeks in HORIZONS:
            at = {schema.CHANNEL: channel, schema.HORIZON: weeks}
            found[f"{draws.roi_name} {channel} {weeks:g}w"] = returns.sel(at).values
    if draws.data.has_money_value:
        payback = payback_draws(draws, horizon_weeks=HORIZONS[-1])["payback_weeks"]
        found |= {f"payback {name}": payback.sel(channel=name).values for name in payback[schema.CHANNEL].values}
    found |= {f"multiplier {name}": long_run_multiplier(draws, name) for name in draws.spec.brand}
    for name, assumed in draws.spec.channels.items():
        for parameter in assumed.carryover.parameters():
            found[f"{parameter} {name}"] = draws.channel_parameters(name)[parameter][..., 0]
    found |= {name: draws.parameters[name].values for name in (schema.SIGMA, schema.TAU) if name in draws.parameters}
    whole = draws.baseline().sum((schema.GEO, schema.DATE, schema.PART)).values if baseline is None else baseline.sum()
    found[schema.BASELINE] = np.broadcast_to(whole, draws.parameters[schema.SIGMA].shape)
    found["log_likelihood"] = log_likelihood(draws).values
    return {name: np.ravel(values) for name, values in found.items()}
