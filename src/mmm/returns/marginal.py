"""What one more unit of spend would return, at today's plan."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.horizon import periods
from mmm.posterior import Draws
from mmm.returns.by_lag import cohorts_by_lag
from mmm.returns.replay import ChannelDraws, replay_channels
from mmm.returns.roi import with_total
from mmm.returns.valuation import Valuation
from mmm.returns.window import Window

__all__ = ["marginal_returns"]

Floats = NDArray[np.float64]


def marginal_returns(
    draws: Draws, *, horizons: tuple[float, ...], window: Window | None = None, valuation: Valuation | None = None
) -> xr.Dataset:
    """Derivative of the return in the logarithm of the window's spend; per unit of spend it is the mROI.

    The spend of every period of the window grows by the same small share, and exposure with it where that drives the
    response; what came without spend stays as it is. Counted is what the addition brings within the horizon after it.

    Parameters
    ----------
    draws : Draws
    horizons : tuple of float
        Weeks.
    window : (start, stop), optional
    valuation : Valuation, optional
        That of the data by default.

    Returns
    -------
    Dataset, dims (chain, draw, channel, horizon_weeks)
        ``money``, or ``incremental_outcome`` where there is no money value, and ``spend`` (channel), for
        :func:`mmm.returns.per_spend`. The channel ``total`` sums over channels: all plans grow alike.

    Notes
    -----
    Saturation first: ``sum_s x_s u'(x_s) A sum_(k < h) w_k v_(s+k)``. Adstock first, with the stock ``S`` and the part
    ``D(h)`` of it that the window's spend of the last ``h`` periods left: ``sum_t v_t A f'(S_t) D_t(h)``.
    """
    data = draws.data
    valuation = valuation or Valuation.of(draws)
    start, stop = window or (0, data.n_periods)
    lengths = [periods(weeks, data.weeks_per_period) for weeks in horizons]
    value = valuation.rows(start, stop + max(lengths) - 1)
    spend = data.dataset[schema.SPEND].values[0, start:stop]
    paid = dict(zip(data.channels, (spend > 0).T, strict=True))

    def replay(at: ChannelDraws) -> Floats:
        found = _of_cohorts if at.saturates_first else _of_stocks
        asked = {"start": start, "stop": stop, "lengths": lengths, "value": value, "paid": paid[at.name]}
        blocks = np.concatenate([found(block, **asked) for block in at.in_blocks()])
        return np.asarray(valuation.by_draw[..., None] * blocks.reshape(*at.size.shape, len(lengths)))

    by_channel = replay_channels(draws, replay)
    variable = "money" if valuation.is_money else "incremental_outcome"
    dims = (schema.CHAIN, schema.DRAW, schema.CHANNEL, schema.HORIZON)
    each = spend.sum(axis=0)
    return xr.Dataset(
        {
            variable: (dims, with_total(np.stack(by_channel, axis=2))),
            schema.SPEND: (schema.CHANNEL, np.append(each, each.sum())),
        },
        coords={schema.CHANNEL: [*data.channels, schema.TOTAL], schema.HORIZON: list(horizons)},
    )


def _of_cohorts(
    at: ChannelDraws, *, start: int, stop: int, lengths: list[int], value: Floats, paid: NDArray[np.bool_]
) -> Floats:
    """Saturation first: each period's spend has a slope of its own, shape (..., horizon)."""
    spent = at.driver[at.history + start : at.history + stop, 0]
    slopes = at.amplitude[..., None] * at.bend(spent, at.responses[..., start:stop]) * paid
    by_lag = cohorts_by_lag(slopes, at.weights(max(lengths)), value=value)
    return np.asarray(by_lag.cumsum(axis=-1)[..., np.array(lengths) - 1])


def _of_stocks(
    at: ChannelDraws, *, start: int, stop: int, lengths: list[int], value: Floats, paid: NDArray[np.bool_]
) -> Floats:
    """Adstock first: a period's addition meets the stock of the period in which it lands, shape (draw, horizon)."""
    x = at.driver_until(stop, rows=stop + max(lengths) - 1)
    first = at.history + start
    added = np.zeros_like(x)
    added[first : at.history + stop, 0] = x[first : at.history + stop, 0] * paid
    now, *old = at.channel.carryover.carry_by_age(
        added, at.parameters, weeks_per_period=at.weeks_per_period, ages=[0, *lengths]
    )
    stock = at.stock(x)[..., first:]
    bend, positive = at.bend(stock, at.respond(stock)) * value, np.where(stock > 0, stock, 1.0)
    # the share of the stock first: the slope of a curve at next to nothing may be beyond all numbers
    found = [((now - gone)[..., first:, 0] / positive * bend).sum(axis=-1) for gone in old]
    return np.asarray(at.amplitude[:, None] * np.stack(found, axis=-1))
