"""`mmm.recovery`: whether this data set would have found a truth such as the fit believes."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import replace
from numbers import Integral
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.data.altered import with_outcome
from mmm.errors import ConvergenceError, ConvergenceWarning, ReportError
from mmm.fitting import Sampler
from mmm.fitting.parallel import for_workers, run_each
from mmm.fitting.refits import check_posterior, fit_again
from mmm.model.inputs import Scales
from mmm.model.spec import ModelSpec
from mmm.posterior import Diagnosis, Draws, Posterior, random_stream, replay_tracker
from mmm.posterior.tracked import tracker_error
from mmm.returns import Valuation, per_spend, returns_by_horizon
from mmm.returns.asked import horizons
from mmm.validation.recovered import WORLD, Recovery

__all__ = ["recovery", "simulate_again", "worlds_of"]

#: Enough for a median and an interval that are averaged over worlds; a report asks for more.
REFIT_SAMPLER = Sampler(draws=500, tune=500, chains=2)
MAX_REFIT_RHAT, MIN_REFIT_ESS, MAX_REFIT_DIVERGENCE_RATE = 1.05, 100.0, 0.02

#: Below, shares and correlations over worlds mean nothing.
MIN_WORLDS = 3

NOTE = "the outcome was simulated from a posterior, for mmm.recovery"


def recovery(
    posterior: Posterior,
    *,
    worlds: int = 12,
    horizon_weeks: float | Iterable[float] = (13, 104),
    seed: int | None = None,
    sampler: Sampler | None = None,
    progress: bool = True,
    executor: Executor | None = None,
    allow_unconverged: bool = False,
) -> Recovery:
    """Simulate the outcome from this posterior, fit again, and see how much of the truth comes back.

    In each world one draw of the posterior is the truth: its parameters, its baseline, its media under the spend that
    really ran, and fresh noise (and a fresh tracker, where there is one). The same spec is then fitted to that outcome
    with the same scales. What such refits cannot find, this data set could not have shown.

    Parameters
    ----------
    posterior : Posterior
    worlds : int
        At least 3. With 12, a share is known to about 0.1.
    horizon_weeks : float or iterable of float
        Weeks counted after each period's spend, the period of the spend included.
    seed : int, optional
        That of the posterior by default.
    sampler : Sampler, optional
        Of the refits; by default 2 chains of 500 draws.
    progress : bool
        Say which world is fitted.
    executor : concurrent.futures.Executor, optional
        Who refits: a ``ProcessPoolExecutor``, or ``client.get_executor()`` of a Dask cluster; in this process by
        default. With one, chains run one after the other unless the sampler says ``cores``.
    allow_unconverged : bool
        Begin from a posterior that failed its checks too; every table and chart then says so.

    Returns
    -------
    Recovery

    Raises
    ------
    ConvergenceError
        If the posterior failed its checks and ``allow_unconverged`` is not set, or if fewer than 3 refits can be used.
    ReportError
        If it is no Posterior, ``worlds`` is no whole number from 3 to the number of draws, or a horizon makes no sense.

    Warns
    -----
    ConvergenceWarning
        If a refit cannot be used: it is left out and named.

    Notes
    -----
    The model is right in these worlds, so this says how much such data can tell at best, and nothing of a model that
    is wrong. And it is no calibration: truths come from the posterior, refits begin from the original prior. They are
    drawn towards it, so that a 90% interval holds the truth in somewhat more than 90% of worlds where the fit agrees
    with the prior, and in fewer where it lies far off (for a normal mean the difference from 90% is exact and in the
    tests). A refit counts if its R-hat is below 1.05 and it has 100 effective draws on every reported quantity: its
    numbers are averaged over worlds, and a single one is never reported. Truths share their draws with the data that
    informed them, so nothing here may be taken as evidence for the fit's own answer.

    Nothing is compiled again in a session in which the posterior was fitted.

    Examples
    --------
    >>> data, truth = mmm.simulate.world(n_periods=104, n_channels=2, seed=1)
    >>> recovery = mmm.recovery(mmm.fit(data, seed=1, progress=False), worlds=3, progress=False)
    >>> recovery.table()["channel"].unique().tolist()
    ['tv', 'search', 'total']
    """
    check_posterior(posterior, allow_unconverged=allow_unconverged)
    asked = horizons(posterior.data, horizon_weeks)
    sizes = posterior.draws.parameters.sizes
    _check_worlds(worlds, most=sizes[schema.CHAIN] * sizes[schema.DRAW])
    seed = posterior.provenance.seed if seed is None else seed
    rng = random_stream(seed, "recovery")
    truths = worlds_of(posterior.draws, worlds, rng)
    sampler = for_workers(sampler or REFIT_SAMPLER, executor)
    cases = [
        (f"world {number}", (data, posterior.spec, posterior.scales, int(rng.integers(2**31)), sampler, asked))
        for number, data in enumerate(simulate_again(truths, rng), start=1)
    ]
    results, failures = run_each(_refitted, cases, executor=executor, progress=progress)
    failures |= {name: problem for name, problem in results.items() if isinstance(problem, str)}
    failed = [f"{name} ({failures[name]})" for name, _ in cases if name in failures]
    found = {
        place: result for place, (name, _) in enumerate(cases) if isinstance(result := results.get(name), xr.DataArray)
    }
    _report_failures(failed, kept=len(found))
    return Recovery(
        truth=_flat(_returns(truths, asked)).rename(sample=WORLD).isel({WORLD: list(found)}),
        estimate=xr.concat(list(found.values()), dim=WORLD),
        prior=_flat(_returns(posterior.prior, asked)),
        failed=tuple(failed),
        label=Valuation.of(posterior.draws).label,
        is_money=posterior.data.has_money_value,
        warning="" if posterior.ok else posterior.diagnosis.verdict,
    )


def worlds_of(draws: Draws, worlds: int, rng: np.random.Generator) -> Draws:
    """Pick different draws, as one chain: each is the truth of a world.

    Examples
    --------
    >>> worlds_of(posterior.draws, 5, np.random.default_rng(1)).parameters["roi"].shape
    (1, 5, 3)
    """
    sizes = draws.parameters.sizes
    chosen = np.sort(rng.choice(sizes[schema.CHAIN] * sizes[schema.DRAW], size=worlds, replace=False))
    chain, draw = np.divmod(chosen, sizes[schema.DRAW])
    parameters = {
        name: ((schema.CHAIN, schema.DRAW, *array.dims[2:]), array.values[chain, draw][None])
        for name, array in draws.parameters.transpose(schema.CHAIN, schema.DRAW, ...).items()
    }
    coords = {name: coord for name, coord in draws.parameters.coords.items() if name not in (schema.CHAIN, schema.DRAW)}
    return replace(draws, parameters=xr.Dataset(parameters, coords), seed=int(rng.integers(2**31)))


def simulate_again(truths: Draws, rng: np.random.Generator) -> list[MarketingData]:
    """Let each draw bring about an outcome of its own (and waves of the tracker), under the same design and spend.

    Parameters
    ----------
    truths : Draws
        One chain.
    rng : Generator

    Returns
    -------
    list of MarketingData
        One for each draw: expectation and fresh noise of that draw's size.
    """
    expected = truths.expected().values[0]
    sigma = truths.parameters[schema.SIGMA].values[0] * truths.scales.outcome
    outcomes = expected + sigma[:, None, None] * rng.standard_normal(expected.shape)
    simulated = [with_outcome(truths.data, outcome, note=NOTE) for outcome in outcomes]
    if not truths.data.has_tracker:
        return simulated
    return [_with_waves(data, waves) for data, waves in zip(simulated, _waves(truths, rng), strict=True)]


def _waves(truths: Draws, rng: np.random.Generator) -> NDArray[np.float64]:
    """The tracker as it would be measured again, shape (draw, wave)."""
    tracker = truths.inputs.tracker
    assert tracker is not None, "the data have a tracker"
    expected = replay_tracker(truths)["expected"].values[0]
    spread = tracker.scale.spread * tracker_error(truths)[0][:, None] * tracker.error
    return np.asarray(expected + spread * rng.standard_normal(expected.shape))


def _with_waves(data: MarketingData, waves: NDArray[np.float64]) -> MarketingData:
    dataset = data.dataset.copy()
    dataset[schema.TRACKER] = dataset[schema.TRACKER].copy(data=waves)
    return MarketingData.restore(dataset, data.description, data.notes)


def _refitted(
    data: MarketingData, spec: ModelSpec, scales: Scales, seed: int, sampler: Sampler, asked: tuple[float, ...]
) -> xr.DataArray | str:
    """Give the returns that a world's refit finds, or why it cannot be used."""
    refitted = fit_again(data, spec, scales, seed, sampler)
    return _problem(refitted.diagnosis) or _flat(_returns(refitted.draws, asked))


def _problem(diagnosis: Diagnosis) -> str:
    """Say what keeps a refit from being used; empty where nothing does."""
    rhat = max(check.rhat for check in diagnosis.checks)
    fewest = min(min(check.ess_bulk, check.ess_tail) for check in diagnosis.checks)
    # any() and not max(): a number that is not one must not pass
    if not all(check.rhat < MAX_REFIT_RHAT for check in diagnosis.checks):
        return f"R-hat {rhat:.2f}"
    if not all(min(check.ess_bulk, check.ess_tail) >= MIN_REFIT_ESS for check in diagnosis.checks):
        return f"{fewest:.0f} effective draws"
    if diagnosis.divergences > MAX_REFIT_DIVERGENCE_RATE * diagnosis.draws:
        return f"{diagnosis.divergences} of {diagnosis.draws} draws diverged"
    return ""


def _report_failures(failed: list[str], *, kept: int) -> None:
    if kept < MIN_WORLDS:
        raise ConvergenceError(
            f"{kept} refits can be used; left out: {'; '.join(failed)}",
            f"fewer than {MIN_WORLDS} worlds say nothing of the next",
            "use sampler=mmm.Sampler(draws=1000, tune=2000, target_accept=0.98), or more worlds",
        )
    if failed:
        warnings.warn(
            f"These refits did not converge and are left out: {'; '.join(failed)}. Try "
            "sampler=mmm.Sampler(draws=1000, tune=2000, target_accept=0.98).",
            ConvergenceWarning,
            stacklevel=3,
        )


def _returns(draws: Draws, asked: tuple[float, ...]) -> xr.DataArray:
    variable = "money" if draws.data.has_money_value else "incremental_outcome"
    return per_spend(returns_by_horizon(draws, horizons=asked), variable)


def _flat(returns: xr.DataArray) -> xr.DataArray:
    """Chains one after the other, dims (sample, channel, horizon_weeks)."""
    ordered = returns.transpose(schema.CHAIN, schema.DRAW, schema.CHANNEL, schema.HORIZON)
    return xr.DataArray(
        ordered.values.reshape(-1, *ordered.shape[2:]),
        dims=("sample", schema.CHANNEL, schema.HORIZON),
        coords={name: ordered[name].values for name in (schema.CHANNEL, schema.HORIZON)},
    )


def _check_worlds(worlds: Any, *, most: int) -> None:
    if isinstance(worlds, bool) or not isinstance(worlds, Integral) or not MIN_WORLDS <= int(worlds) <= most:
        raise ReportError(
            f"worlds={worlds!r} with {most} draws",
            f"a share over fewer than {MIN_WORLDS} worlds means nothing, and each world needs a draw of its own",
            f"use a whole number from {MIN_WORLDS} to {most}, such as worlds=12",
        )
