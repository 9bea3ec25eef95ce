"""Sampling with nutpie: one seed, a progress bar, a clean stop, and never a padded result."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Annotated, Any, final

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field

from mmm import schema
from mmm.errors import FitError, FitInterrupted
from mmm.fitting.program import Program
from mmm.fitting.start import laid_out, starting_at
from mmm.fitting.trace import import_nutpie, read_trace
from mmm.model.frozen import Frozen
from mmm.posterior import random_stream

__all__ = ["Sampler", "sample"]


@final
class Sampler(Frozen):
    """How to sample.

    Parameters
    ----------
    draws : int
        Kept draws per chain.
    tune : int
        Draws per chain to adapt step size and mass matrix; not kept.
    chains : int
        At least 2: with one chain, convergence cannot be judged.
    cores : int, optional
        Chains run at a time; by default as many as the machine has, at most ``chains``.
    target_accept : float
        Higher takes smaller steps: fewer divergences, slower.

    Examples
    --------
    >>> Sampler(draws=500).chains
    4
    """

    draws: Annotated[int, Field(ge=100)] = 1000
    tune: Annotated[int, Field(ge=100)] = 500
    chains: Annotated[int, Field(ge=2, le=64)] = 4
    cores: Annotated[int, Field(ge=1)] | None = None
    target_accept: Annotated[float, Field(gt=0.5, lt=1)] = 0.9


def sample(
    program: Program,
    sampler: Sampler,
    *,
    seed: int,
    progress: bool,
    start: dict[str, NDArray[np.float64]] | None = None,
) -> tuple[xr.Dataset, xr.Dataset]:
    """Draw from a model's posterior.

    Parameters
    ----------
    program : Program
    sampler : Sampler
    seed : int
        Same seed, same machine, same versions: the same bits.
    progress : bool
        Show nutpie's bar, in a notebook or in a terminal.
    start : dict of array, shape (draw, coordinate), optional
        Where chains may start, by parameter (`mmm.fitting.start`); each takes one of the draws. About the middle of
        the priors by default.

    Returns
    -------
    parameters, sample_stats : Dataset, dims (chain, draw, ...)

    Raises
    ------
    FitInterrupted
        If it is stopped by hand; nothing of the unfinished chains is kept.
    FitError
        If nutpie cannot start or returns fewer draws than asked.
    """
    compiled = program.compiled
    if start is not None:
        known = laid_out(start, program.coordinates)
        # the seed of each chain, which nutpie makes of ours, and no order of threads decides where it starts
        compiled = replace(compiled, initial_point_func=starting_at(known, compiled.initial_point_func))
    running: Any = import_nutpie().sample(
        compiled,
        draws=sampler.draws,
        tune=sampler.tune,
        chains=sampler.chains,
        cores=min(sampler.chains, sampler.cores or os.cpu_count() or 1),
        target_accept=sampler.target_accept,
        seed=int(random_stream(seed, "sampler").integers(2**31)),
        save_warmup=False,
        return_raw_trace=True,
        progress_bar=progress,
        blocking=False,
    )
    try:
        trace = running.wait()
    except KeyboardInterrupt:
        running.cancel()
        raise FitInterrupted(
            "sampling was stopped before it had finished",
            "chains that stop early have not been checked for convergence",
            "run fit() again; fewer draws or chains finish sooner: sampler=mmm.Sampler(draws=500)",
        ) from None
    except RuntimeError as error:
        raise FitError(
            f"the sampler gave up: {error}",
            "no draws means no intervals",
            "check the scales of the data (report.evidence() of an earlier fit, data.notes), or loosen extreme priors",
        ) from error
    draws, stats = read_trace(trace, compiled.coords)
    parameters = program.parameters(draws)
    _refuse_padding(parameters, sampler)
    return parameters, stats


def _refuse_padding(draws: xr.Dataset, sampler: Sampler) -> None:
    sizes = (draws.sizes[schema.CHAIN], draws.sizes[schema.DRAW])
    complete = all(np.isfinite(array.values).all() for array in draws.values())
    if sizes != (sampler.chains, sampler.draws) or not complete:
        raise FitError(
            f"the sampler returned {sizes[0]} chains x {sizes[1]} draws"
            + ("" if complete else ", some of them not finite")
            + f"; {sampler.chains} x {sampler.draws} were asked for",
            "missing draws filled with blanks would pass for results",
            "run fit() again; if it happens again, report it with the data's fingerprint",
        )
