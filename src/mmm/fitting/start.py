"""Where chains start that know an earlier posterior: at its draws, in the coordinates that are sampled.

Both ways of sampling (`fused/layout.py`, `model/variables.py`) have the same coordinates under the same names, so that
one inverse of what they turn into parameters serves both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.brand import MEASURED_WEEKS, share_mixing
from mmm.model.coordinates import cut_bounds
from mmm.model.horizon import periods
from mmm.model.priors import Beta, HalfNormal, LogNormal, Prior
from mmm.model.spec import ModelSpec
from mmm.posterior import Draws, random_stream

__all__ = ["laid_out", "starting_at", "starting_positions"]

Floats = NDArray[np.float64]

#: From the seed of a chain to the position where it starts.
Start = Callable[[int], Floats]


def starting_positions(earlier: Draws, spec: ModelSpec) -> dict[str, Floats]:
    """Find an earlier posterior's draws in the coordinates of a model.

    Parameters
    ----------
    earlier : Draws
    spec : ModelSpec
        Of the model to be sampled, resolved.

    Returns
    -------
    dict of array, shape (draw, coordinate)
        By parameter. Not finite where the earlier model did not have it, or had it where this one cannot go.
    """
    found: dict[str, Floats] = {}
    values = {name: _of_channels(earlier, name, spec) for name in schema.CHANNEL_PARAMETERS}
    with np.errstate(all="ignore"):
        for name, of_channel in values.items():
            priors = _priors(spec, name)
            if priors and name == schema.SLOW_SHARE:
                z = np.stack([p.standardise(v) for p, v in zip(priors, of_channel.T, strict=True)], axis=-1)
                found[name] = z @ np.linalg.inv(share_mixing(len(priors))).T
            elif priors:
                shared = name == schema.SLOW_HALF_LIFE and spec.shared_slow_half_life
                found[name] = _unbounded(of_channel[:, :1], priors[:1]) if shared else _unbounded(of_channel, priors)
        found[earlier.roi_name] = _returns(earlier, spec, values)
        for name, prior in _scalars(spec).items():
            at = _scalar(earlier, name)
            # all but the stretch are sampled in units of their priors
            found[name] = _unbounded(at, [prior]) if name == schema.TRACKER_STRETCH else _in_units(at, prior)
    return found


def laid_out(positions: dict[str, Floats], coordinates: Iterable[tuple[str, int]]) -> Floats:
    """Put positions in the order in which a program keeps them, shape (draw, coordinate); NaN where there are none.

    Examples
    --------
    >>> laid_out({"sigma": np.array([[1.0], [2.0]])}, [("tau", 1), ("sigma", 1)])
    array([[nan,  1.],
           [nan,  2.]])
    """
    n_draws = len(next(iter(positions.values())))
    return np.concatenate(
        [
            found if (found := positions.get(name, _nowhere(n_draws, 0))).shape[1] == size else _nowhere(n_draws, size)
            for name, size in coordinates
        ],
        axis=1,
    )


def starting_at(known: Floats, otherwise: Start) -> Start:
    """Start each chain at a draw of its own, which its seed chooses; where that says nothing, as it would otherwise.

    Parameters
    ----------
    known : array, shape (draw, coordinate)
    otherwise : callable
        From a seed to a position, shape (coordinate,).

    Examples
    --------
    >>> start = starting_at(np.array([[1.0, np.nan], [2.0, np.nan]]), lambda seed: np.array([0.0, seed]))
    >>> float(start(7)[0]) in (1.0, 2.0), float(start(7)[1])
    (True, 7.0)
    """

    def start(seed: int) -> Floats:
        draw = known[random_stream(seed, "start").integers(len(known))]
        return np.where(np.isfinite(draw), draw, otherwise(seed))

    return start


def _returns(earlier: Draws, spec: ModelSpec, values: dict[str, Floats]) -> Floats:
    """Of the return within a quarter, as `model/variables.py` samples it, shape (draw, channel)."""
    channels, period = list(spec.channels), earlier.data.weeks_per_period
    priors = [channel.roi_prior for channel in spec.channels.values()]
    roi = _named(earlier.parameters, earlier.roi_name, channels)
    z = np.stack([_in_units(v[:, None], p)[:, 0] for v, p in zip(roi.T, priors, strict=True) if p], axis=-1)
    if spec.brand:
        kernel = spec.channels[spec.brand[0]].carryover
        own = {name: values[name] for name in kernel.parameters()}
        within, early = (
            kernel.landed(periods(weeks, period), own, weeks_per_period=period)
            for weeks in (spec.horizon_weeks, MEASURED_WEEKS)
        )
        at = [channels.index(name) for name in spec.brand]
        z[:, at] -= np.log(within / early) / np.array([prior.sigma for prior in priors if prior])[at]
    return z


def _unbounded(values: Floats, priors: list[Prior]) -> Floats:
    """Map a vector of one family of priors to the whole line, shape (draw, prior)."""
    if all(isinstance(prior, Beta) for prior in priors):
        return np.asarray(np.log(values) - np.log1p(-values))
    bounds = cut_bounds([prior for prior in priors if isinstance(prior, LogNormal)])
    if bounds is None:
        return np.asarray(np.log(values))
    lower, upper = (np.array(edge) for edge in bounds)
    return np.asarray(np.log(values - lower) - np.log(upper - values))


def _in_units(values: Floats, prior: Prior) -> Floats:
    """Map to where the prior is a unit normal, or half of one."""
    return np.asarray(values / prior.sigma if isinstance(prior, HalfNormal) else prior.standardise(values))


def _priors(spec: ModelSpec, name: str) -> list[Prior]:
    return [own[name] for channel in spec.channels.values() if name in (own := channel.parameters())]


def _scalars(spec: ModelSpec) -> dict[str, Prior]:
    of_the_base: dict[str, Prior | None] = {schema.SIGMA: spec.noise, schema.TAU: spec.trend.walk}
    found = of_the_base | (spec.tracker.parameters() if spec.tracker else {})
    return {name: prior for name, prior in found.items() if prior is not None}


def _of_channels(earlier: Draws, name: str, spec: ModelSpec) -> Floats:
    owners = [channel for channel, assumed in spec.channels.items() if name in assumed.parameters()]
    return _named(earlier.parameters, name, owners)


def _named(parameters: xr.Dataset, name: str, channels: list[str]) -> Floats:
    """One parameter of some channels, shape (draw, channel); NaN where there is none."""
    if name not in parameters:
        return _nowhere(_n_draws(parameters), len(channels))
    found: Any = parameters[name]
    found = found.reindex({found.dims[-1]: channels}).transpose(schema.CHAIN, schema.DRAW, ...)
    return np.asarray(found.values.reshape(-1, len(channels)))


def _scalar(earlier: Draws, name: str) -> Floats:
    parameters = earlier.parameters
    if name not in parameters:
        return _nowhere(_n_draws(parameters), 1)
    return np.asarray(parameters[name].transpose(schema.CHAIN, schema.DRAW).values.reshape(-1, 1))


def _n_draws(parameters: xr.Dataset) -> int:
    return int(parameters.sizes[schema.CHAIN] * parameters.sizes[schema.DRAW])


def _nowhere(n_draws: int, size: int) -> Floats:
    return np.full((n_draws, size), np.nan)
