"""Where each sampled number of a covered spec lies, and what becomes of sampled positions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.fitting.fused import density as codes
from mmm.model.brand import MEASURED_WEEKS, share_mixing
from mmm.model.coordinates import cut_bounds
from mmm.model.horizon import periods
from mmm.model.priors import Beta, HalfNormal, LogitNormal, LogNormal, Prior
from mmm.model.spec import ModelSpec

__all__ = ["POSITION", "Layout", "noise_scale", "share_priors"]

Floats = NDArray[np.float64]

#: Family of a coordinate's prior, its two numbers, and the bounds of what it stands for.
Row = tuple[float, float, float, float, float]
UNIT_ROW: Row = (codes.UNIT_NORMAL, 0.0, 1.0, 0.0, 0.0)

#: What the sampler keeps of every draw: all coordinates.
POSITION = "position"


@dataclass(frozen=True)
class Block:
    """Coordinates of one variable of the posterior, and the channels that they belong to (none: to the model)."""

    name: str
    start: int
    size: int
    owners: tuple[str, ...] = ()

    @property
    def places(self) -> slice:
        """Where they are in a position."""
        return slice(self.start, self.start + self.size)

    def place_of(self, channel: str) -> int:
        """Give the place of a channel's coordinate; all channels have the one if there is only one."""
        return self.start + (self.owners.index(channel) if self.size > 1 else 0)


@dataclass(frozen=True, eq=False)
class Layout:
    """Where each sampled number of a covered spec lies, and its prior.

    Attributes
    ----------
    spec : ModelSpec
        Resolved.
    roi_name : str
        What the posterior calls the return.
    blocks : dict of Block
        By posterior variable, in the order of the coordinates.
    table : array, shape (coordinate, number)
        Family and numbers of the prior of each coordinate; see `density.py`.
    """

    spec: ModelSpec
    roi_name: str
    blocks: dict[str, Block]
    table: Floats

    @classmethod
    def of(cls, spec: ModelSpec, *, roi_name: str) -> Layout:
        """Lay out a covered spec."""
        blocks: dict[str, Block] = {}
        rows: list[Row] = []

        def add(name: str, new: list[Row], owners: Sequence[str] = ()) -> None:
            blocks[name] = Block(name, len(rows), len(new), tuple(owners))
            rows.extend(new)

        for name in schema.CHANNEL_PARAMETERS:
            priors = {c: own.parameters()[name] for c, own in spec.channels.items() if name in own.parameters()}
            if not priors:
                continue
            shared = name == schema.SLOW_HALF_LIFE and spec.shared_slow_half_life
            new = [UNIT_ROW] * len(priors) if name == schema.SLOW_SHARE else prior_rows(list(priors.values()))
            add(name, new[:1] if shared else new, list(priors))
        add(roi_name, [(codes.RETURN, 0.0, 1.0, 0.0, 0.0)] * len(spec.channels), list(spec.channels))
        add(schema.SIGMA, [UNIT_ROW])
        if spec.trend.walk is not None:
            add(schema.TAU, [UNIT_ROW])
        return cls(spec, roi_name, blocks, np.array(rows, dtype=float))

    @property
    def n_coordinates(self) -> int:
        """How many numbers are sampled."""
        return len(self.table)

    def start(self, seed: int) -> Floats:
        """Give a position to start from: the middle of the priors, each coordinate moved by up to 1 either way.

        Noise and walk start at the size that the priors expect of them and not at 0, where their sign changes.
        """
        family, first, second, lower, upper = self.table.T
        reached = np.where(family == codes.CUT_LOG_NORMAL, (np.exp(first) - lower) / (upper - lower + 1e-300), 0.5)
        known = np.where(np.isin(family, [codes.HALF_NORMAL, codes.BETA]), first / np.maximum(second, 1e-300), 1.0)
        middle = np.select(
            [family == codes.LOG_NORMAL], [first], default=np.log(reached / (1 - reached)) + np.log(known)
        )
        for name in (schema.SIGMA, schema.TAU):
            if name in self.blocks:
                middle[self.blocks[name].places] = 1.0
        return np.asarray(middle + np.random.default_rng(seed).uniform(-1, 1, len(middle)))

    def parameters(self, position: Floats, *, weeks_per_period: float) -> xr.Dataset:
        """Turn positions into the posterior's variables, named and labelled as those of the generic path.

        Parameters
        ----------
        position : array, shape (chain, draw, coordinate)
        weeks_per_period : float

        Returns
        -------
        Dataset, dims (chain, draw, ...)
        """
        spec = self.spec
        values = {name: constrain(position[..., b.places], self.table[b.places]) for name, b in self.blocks.items()}
        if schema.SLOW_HALF_LIFE in values:
            values[schema.SLOW_HALF_LIFE] = values[schema.SLOW_HALF_LIFE] * np.ones(len(spec.brand))
        if schema.SLOW_SHARE in values:
            location, scale = share_priors(spec)
            mixed = values[schema.SLOW_SHARE] @ share_mixing(len(spec.brand)).T
            values[schema.SLOW_SHARE] = 1 / (1 + np.exp(-location - scale * mixed))
        priors = [channel.roi_prior for channel in spec.channels.values()]
        scale = np.array([prior.sigma for prior in priors if prior is not None])
        location = np.log([prior.median for prior in priors if prior is not None])
        z = values[self.roi_name] + self._shift(values, weeks_per_period) / scale
        values[self.roi_name] = np.exp(location + scale * z)
        values[schema.SIGMA] = noise_scale(spec) * np.abs(values[schema.SIGMA])
        if spec.trend.walk is not None:
            values[schema.TAU] = spec.trend.walk.sigma * np.abs(values[schema.TAU])
        return self._labelled(values)

    def _shift(self, values: dict[str, Floats], weeks_per_period: float) -> Floats:
        """Logarithm of what brand channels return within the horizon over what they return within a quarter."""
        spec, shift = self.spec, np.zeros(len(self.spec.channels))
        if not spec.brand:
            return shift
        kernel = spec.channels[spec.brand[0]].carryover
        own = {
            name: values[name][..., [self.blocks[name].owners.index(c) for c in spec.brand]]
            for name in kernel.parameters()
        }
        within, early = (
            kernel.landed(periods(weeks, weeks_per_period), own, weeks_per_period=weeks_per_period)
            for weeks in (spec.horizon_weeks, MEASURED_WEEKS)
        )
        of_channel = np.array([[name == c for name in spec.channels] for c in spec.brand], dtype=float)
        return np.asarray(np.log(within / early) @ of_channel)

    def _labelled(self, values: dict[str, Floats]) -> xr.Dataset:
        arrays: dict[str, tuple[tuple[str, ...], Floats]] = {}
        coords: dict[str, list[str]] = {}
        for name, array in values.items():
            owners, dims = self.blocks[name].owners, (schema.CHAIN, schema.DRAW)
            if not owners:
                arrays[name] = (dims, array[..., 0])
                continue
            dim = schema.parameter_dim(name, shared_by_all=len(owners) == len(self.spec.channels))
            arrays[name] = ((*dims, dim), array)
            coords[dim] = list(owners)
        n_chains, n_draws = next(iter(values.values())).shape[:2]
        return xr.Dataset(arrays, {schema.CHAIN: np.arange(n_chains), schema.DRAW: np.arange(n_draws)} | coords)


def prior_rows(priors: Sequence[Prior]) -> list[Row]:
    """Rows of the table for a vector of priors of one family."""
    logs = [prior for prior in priors if isinstance(prior, LogNormal)]
    if len(logs) == len(priors):
        bounds = cut_bounds(logs)
        if bounds is None:
            return [(codes.LOG_NORMAL, math.log(p.median), p.sigma, 0.0, 0.0) for p in logs]
        return [
            (codes.CUT_LOG_NORMAL, math.log(p.median), p.sigma, lower, upper)
            for p, lower, upper in zip(logs, *bounds, strict=True)
        ]
    if all(isinstance(prior, HalfNormal) for prior in priors):
        return [(codes.HALF_NORMAL, p.sigma, 1.0, 0.0, 0.0) for p in priors if isinstance(p, HalfNormal)]
    if all(isinstance(prior, Beta) for prior in priors):
        return [(codes.BETA, p.alpha, p.beta, 0.0, 0.0) for p in priors if isinstance(p, Beta)]
    raise TypeError(f"families of priors that the fused density does not know: {[type(p).__name__ for p in priors]}")


def constrain(position: Floats, table: Floats) -> Floats:
    """Turn coordinates into what they stand for, shape (..., coordinate)."""
    family, _, _, lower, upper = table.T
    with np.errstate(over="ignore"):
        share = 1 / (1 + np.exp(-position))
        return np.select(
            [
                np.isin(family, [codes.LOG_NORMAL, codes.HALF_NORMAL]),
                family == codes.CUT_LOG_NORMAL,
                family == codes.BETA,
            ],
            [np.exp(position), lower + (upper - lower) * share, share],
            default=position,
        )


def share_priors(spec: ModelSpec) -> tuple[Floats, Floats]:
    """Location and scale of the log odds of the slow shares, shape (brand channel,) each."""
    priors = [spec.channels[name].parameters()[schema.SLOW_SHARE] for name in spec.brand]
    logits = [prior for prior in priors if isinstance(prior, LogitNormal)]
    return np.array([prior.location for prior in logits]), np.array([prior.sigma for prior in logits])


def noise_scale(spec: ModelSpec) -> float:
    """Scale of the noise's prior."""
    assert spec.noise is not None, "a resolved spec has a noise prior"
    return spec.noise.sigma
