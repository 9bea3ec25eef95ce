"""What one more unit of spend would return, at today's plan."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.posterior import Draws
from mmm.returns.by_lag import cohorts_by_lag
from mmm.returns.judged import Judged
from mmm.returns.replay import ChannelDraws, replay_blocks
from mmm.returns.roi import returns_of_block, returns_of_blocks
from mmm.returns.valuation import Valuation
from mmm.returns.window import Window

__all__ = ["marginal_returns", "returns_and_marginal"]

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
    judged = Judged.of(draws, horizons=horizons, window=window, valuation=valuation)
    return _of_blocks(replay_blocks(draws, lambda at: {"marginal": _of_block(at, judged)}), judged)


def returns_and_marginal(
    draws: Draws, *, horizons: tuple[float, ...], window: Window | None = None, valuation: Valuation | None = None
) -> tuple[xr.Dataset, xr.Dataset]:
    """Returns and marginal returns of one replay: each channel's curve is evaluated once for both.

    What is asked of all data and without a ``valuation`` stays with the draws: the checks after sampling and the report
    ask for the same.

    Parameters
    ----------
    draws, horizons, window, valuation
        As :func:`mmm.returns.returns_by_horizon` and :func:`marginal_returns` take them.

    Returns
    -------
    returns, marginal : Dataset
        What these two give.
    """
    judged = Judged.of(draws, horizons=horizons, window=window, valuation=valuation)
    stays = judged.is_of_all_data and valuation is None
    for known, found in draws.replayed.items() if stays else ():
        if set(horizons) <= set(known):
            returns, marginal = (one.sel({schema.HORIZON: list(horizons)}) for one in found)
            return returns, marginal
    by_channel = replay_blocks(
        draws, lambda at: returns_of_block(at, judged, landed=True) | {"marginal": _of_block(at, judged)}
    )
    found = returns_of_blocks(by_channel, judged), _of_blocks(by_channel, judged)
    if stays:
        draws.replayed[horizons] = found
    return found


def _of_block(at: ChannelDraws, judged: Judged) -> Floats:
    """Marginal return, but for what differs by draw, shape (draw, horizon)."""
    found = _of_cohorts if at.saturates_first else _of_stocks
    return np.asarray(at.amplitude[..., None] * found(at, judged, judged.paid(at.name)))


def _of_blocks(by_channel: list[dict[str, Floats]], judged: Judged) -> xr.Dataset:
    variable = "money" if judged.valuation.is_money else "incremental_outcome"
    worth = judged.valuation.by_draw[..., None]
    return judged.dataset({variable: [worth * found["marginal"] for found in by_channel]})


def _of_cohorts(at: ChannelDraws, judged: Judged, paid: NDArray[np.bool_]) -> Floats:
    """Saturation first: each period's spend has a slope of its own."""
    start, stop, value = judged.start, judged.stop, judged.value
    slopes = at.bend(at.driver[at.history + start : at.history + stop, 0], at.responses[..., start:stop])
    if np.ptp(value) == 0:
        return np.asarray(value[0] * (slopes @ paid.astype(float))[..., None] * at.within(judged.lengths))
    by_lag = cohorts_by_lag(slopes * paid, at.weights(max(judged.lengths)), value=value)
    return np.asarray(by_lag.cumsum(axis=-1)[..., np.array(judged.lengths) - 1])


def _of_stocks(at: ChannelDraws, judged: Judged, paid: NDArray[np.bool_]) -> Floats:
    """Adstock first: a period's addition meets the stock of the period in which it lands."""
    stop, first, last = judged.stop, at.history + judged.start, at.history + judged.stop
    x = at.driver_until(stop, rows=stop + max(judged.lengths) - 1)
    added = np.zeros_like(x)
    added[first:last, 0] = x[first:last, 0] * paid
    now, *old = at.channel.carryover.carry_by_age(
        added, at.parameters, weeks_per_period=at.weeks_per_period, ages=[0, *judged.lengths]
    )
    stock = at.stock(x)[..., first:]
    bend, positive = at.bend(stock, at.respond(stock)) * judged.value, np.where(stock > 0, stock, 1.0)
    # the share of the stock first: the slope of a curve at next to nothing may be beyond all numbers
    found = [((now - gone)[..., first:, 0] / positive * bend).sum(axis=-1) for gone in old]
    return np.stack(found, axis=-1)
