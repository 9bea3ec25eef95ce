"""How much of a brand channel's return comes late, and whether the baseline could be mistaken for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.model import brand
from mmm.model.horizon import periods
from mmm.posterior import Draws

__all__ = ["long_run_multiplier", "slow_stock", "slow_stock_baseline_correlation"]

Floats = NDArray[np.float64]


def long_run_multiplier(draws: Draws, channel: str) -> Floats:
    """Everything a channel's spend ever returns over what it returns within 13 weeks, shape (chain, draw).

    ``M = 1 / F(13)``, by which the return of the first quarter is multiplied to get the whole.
    """
    within = periods(brand.MEASURED_WEEKS, draws.data.weeks_per_period)
    kernel = draws.spec.channels[channel].carryover
    landed = kernel.landed(within, draws.channel_parameters(channel), weeks_per_period=draws.data.weeks_per_period)
    return np.asarray(1 / np.broadcast_to(landed, (*_shape(draws), 1))[..., 0])


def slow_stock(draws: Draws, channel: str) -> Floats:
    """Stock of a brand channel's slow part in every period of the data, per unit of amplitude; (chain, draw, time).

    What was spent before the data is in it.
    """
    column = draws.data.channels.index(channel)
    stock = brand.slow_stock(
        draws.inputs.driver[:, [column]],
        draws.spec.channels[channel],
        draws.channel_parameters(channel),
        weeks_per_period=draws.data.weeks_per_period,
    )
    return np.asarray(stock[..., draws.inputs.start :, 0])


def slow_stock_baseline_correlation(draws: Draws, channel: str) -> Floats:
    """Correlation over time of a brand channel's slow stock with the baseline's level, shape (chain, draw).

    The level is the linear trend and the walk. Where both move alike, a slow effect and a moving base explain the
    same weeks, and only the priors tell them apart.
    """
    parts = draws.baseline()
    level = parts.sel({schema.PART: [p for p in ("trend", schema.WALK) if p in parts[schema.PART].values]})
    return _correlation(slow_stock(draws, channel), level.sum(schema.PART).values[:, :, 0])


def _correlation(a: Floats, b: Floats) -> Floats:
    """Correlate along the last axis; 0 where one of them does not move."""
    a, b = a - a.mean(axis=-1, keepdims=True), b - b.mean(axis=-1, keepdims=True)
    size = np.sqrt((a**2).sum(axis=-1) * (b**2).sum(axis=-1))
    return np.asarray((a * b).sum(axis=-1) / np.where(size > 0, size, 1.0))


def _shape(draws: Draws) -> tuple[int, int]:
    return draws.parameters.sizes[schema.CHAIN], draws.parameters.sizes[schema.DRAW]
