"""How much of a return comes late, and whether the baseline could be mistaken for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.model import brand
from mmm.model.horizon import periods
from mmm.posterior import Draws
from mmm.returns.by_lag import return_by_lag
from mmm.returns.replay import ChannelDraws
from mmm.returns.valuation import Valuation
from mmm.returns.window import Window

__all__ = [
    "cumulative_return",
    "kernel_weights",
    "long_run_multiplier",
    "share_landed",
    "slow_stock",
    "slow_stock_baseline_correlation",
]

Floats = NDArray[np.float64]

#: Share of its size below which what a series moves is the rounding of its numbers.
STILL = 1e-12


def long_run_multiplier(draws: Draws, channel: str) -> Floats:
    """Everything a channel's spend ever returns over what it returns within 13 weeks, shape (chain, draw).

    ``M = 1 / F(13)``, by which the return of the first quarter is multiplied to get the whole.
    """
    within = periods(brand.MEASURED_WEEKS, draws.data.weeks_per_period)
    kernel = draws.spec.channels[channel].carryover
    landed = kernel.landed(within, draws.channel_parameters(channel), weeks_per_period=draws.data.weeks_per_period)
    return np.asarray(1 / np.broadcast_to(landed, (*_shape(draws), 1))[..., 0])


def kernel_weights(draws: Draws, channel: str, *, n_lags: int) -> Floats:
    """Share of a response that lands exactly 0, 1, ... periods after the spend, shape (chain, draw, lag)."""
    weights = ChannelDraws.of(draws, channel).weights(n_lags)
    return np.broadcast_to(weights, (*_shape(draws), n_lags))  # a kernel without parameters has no draws


def share_landed(draws: Draws, channel: str, *, n_periods: int) -> Floats:
    """Share of a response that has landed within 1, 2, ..., ``n_periods`` periods, shape (chain, draw, period)."""
    return kernel_weights(draws, channel, n_lags=n_periods).cumsum(axis=-1)


def cumulative_return(
    draws: Draws,
    channels: Sequence[str],
    *,
    n_periods: int,
    window: Window | None = None,
    valuation: Valuation | None = None,
) -> Floats:
    """What a window's spend on channels together has returned within 1, 2, ..., ``n_periods`` periods of each spend.

    Parameters
    ----------
    draws : Draws
    channels : sequence of str
        One or several; draws are summed.
    n_periods : int
    window : (start, stop), optional
        Rows of the data whose spend is judged; all of them by default.
    valuation : Valuation, optional
        Units of the outcome by default.

    Returns
    -------
    array, shape (chain, draw, period)
        The same as in :func:`mmm.returns.returns_by_horizon`, at every horizon at once.
    """
    by_lag = np.zeros((*_shape(draws), n_periods))
    for name in channels:
        by_lag += return_by_lag(draws, name, n_lags=n_periods, window=window, valuation=valuation)
    return by_lag.cumsum(axis=-1)


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
    around = [x - x.mean(axis=-1, keepdims=True) for x in (a, b)]
    size, whole = (np.sqrt((pair[0] ** 2).sum(axis=-1) * (pair[1] ** 2).sum(axis=-1)) for pair in (around, (a, b)))
    moves = size > STILL * whole
    return np.asarray(np.where(moves, (around[0] * around[1]).sum(axis=-1) / np.where(moves, size, 1.0), 0.0))


def _shape(draws: Draws) -> tuple[int, int]:
    return draws.parameters.sizes[schema.CHAIN], draws.parameters.sizes[schema.DRAW]
