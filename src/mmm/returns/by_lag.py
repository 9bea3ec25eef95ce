"""Returns by their age: what lands exactly 0, 1, 2, ... periods after the spend that brought it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmm.posterior import Draws
from mmm.returns.replay import ChannelDraws
from mmm.returns.valuation import Valuation
from mmm.returns.window import Window

__all__ = ["cohorts_by_lag", "return_by_lag"]

Floats = NDArray[np.float64]

#: A draw is done once half of its kernel has landed and each lag of a whole block adds less than this share.
NEGLIGIBLE = 1e-13
LAGS_AT_ONCE = 16


def return_by_lag(
    draws: Draws, channel: str, *, n_lags: int, window: Window | None = None, valuation: Valuation | None = None
) -> Floats:
    """Return of a window's spend by the number of periods from the spend to its landing.

    The sum of the first ``h`` lags is the return within ``h`` periods.

    Parameters
    ----------
    draws : Draws
    channel : str
    n_lags : int
        Lags ``0 ... n_lags - 1``.
    window : (start, stop), optional
        Rows of the data whose spend is judged; all of them by default.
    valuation : Valuation, optional
        Units of the outcome by default.

    Returns
    -------
    array, shape (chain, draw, lag)

    Notes
    -----
    Saturation first: ``w_k sum_s v_(s+k) A u(x_s)``, with ``w`` the kernel, ``u`` the curve, ``A`` the amplitude and
    ``v`` the money per unit in the period of landing. Adstock first: what the return within ``k + 1`` periods adds to
    that within ``k``; a draw is followed until nothing is left of it.
    """
    at = ChannelDraws.of(draws, channel)
    start, stop = window or (0, draws.data.n_periods)
    n_landing = stop - start + n_lags - 1
    value = np.ones(n_landing) if valuation is None else valuation.rows(start, start + n_landing)
    if at.saturates_first:
        responses = at.amplitude[..., None] * at.responses[..., start:stop]
        by_lag = cohorts_by_lag(responses, at.weights(n_lags), value=value)
    else:
        blocks = [
            block.amplitude[:, None] * _counterfactual_by_lag(block, start=start, stop=stop, n_lags=n_lags, value=value)
            for block in at.in_blocks()
        ]
        by_lag = np.concatenate(blocks).reshape(*at.size.shape, n_lags)
    return by_lag if valuation is None else np.asarray(valuation.by_draw[..., None] * by_lag)


def cohorts_by_lag(responses: Floats, weights: Floats, *, value: Floats) -> Floats:
    """Spread the responses of periods over the lags after them, and value each where it lands.

    Parameters
    ----------
    responses : array, shape (..., period)
    weights : array, shape (..., lag)
    value : array, shape (period + lag - 1,)
        By landing period, the first period's own first.

    Returns
    -------
    array, shape (..., lag)

    Examples
    --------
    >>> cohorts_by_lag(np.array([1.0, 10.0]), np.array([0.75, 0.25]), value=np.array([1.0, 1.0, 2.0]))
    array([8.25, 5.25])
    """
    if np.ptp(value) == 0:
        return np.asarray(weights * responses.sum(axis=-1, keepdims=True) * value[0])
    # value of what lands k periods after period s; copied, since a view with overlapping rows is multiplied slowly
    by_landing = np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(value, weights.shape[-1]))
    return np.asarray(weights * (responses @ by_landing))


def _counterfactual_by_lag(at: ChannelDraws, *, start: int, stop: int, n_lags: int, value: Floats) -> Floats:
    """Same for adstock first, per unit of amplitude, shape (draw, lag).

    Write ``B_t`` for the stock in row ``t`` of what was spent before the window, and ``P_k[s]`` for what the window's
    spend up to row ``s`` leaves ``k`` periods later. Then lag ``k`` adds, over the rows ``s`` of the window,

        v_(s+k) (f(B_(s+k) + P_k[s]) - f(B_(s+k) + P_(k+1)[s-1]))

    and ``P_k[s] = P_(k+1)[s-1] + w_k x_s``, so that within a block of lags one product with the kernel is enough.
    """
    n_rows, n_draws = stop - start, len(at.size)
    spent = at.driver[at.history + start : at.history + stop, 0]
    before = at.stock(at.driver_until(start, rows=stop + n_lags))[..., at.history + start :]
    before = np.broadcast_to(before, (n_draws, n_rows + n_lags))
    weights = np.broadcast_to(at.weights(n_lags + n_rows), (n_draws, n_lags + n_rows))
    lagged = np.zeros((n_rows, n_rows))  # lagged[i, s] = spent[s - i]
    for i in range(n_rows):
        lagged[i, i:] = spent[: n_rows - i]
    by_lag, alive = np.zeros((n_draws, n_lags)), np.arange(n_draws)
    for first in range(0, n_lags, LAGS_AT_ONCE):
        last = min(first + LAGS_AT_ONCE, n_lags)
        some, older = at.take(alive), weights[alive, last : last + n_rows] @ lagged
        response = some.respond(before[alive, last : last + n_rows] + older)
        without = some.respond(before[alive, first:last])
        for lag in range(last - 1, first - 1, -1):
            gone = np.concatenate([without[:, [lag - first]], response[:, :-1]], axis=1)
            older = (
                np.concatenate([np.zeros((len(alive), 1)), older[:, :-1]], axis=1) + weights[alive, lag, None] * spent
            )
            response = some.respond(before[alive, lag : lag + n_rows] + older)
            by_lag[alive, lag] = (response - gone) @ value[lag : lag + n_rows]
        added = by_lag[alive, first:last].max(axis=1)
        done = (added <= NEGLIGIBLE * by_lag[alive].sum(axis=1)) & (weights[alive, :last].sum(axis=1) > 0.5)
        alive = alive[~done]
        if not len(alive):
            break
    return by_lag
