"""Linear filters over time, the same call for NumPy arrays and PyTensor variables.

Everything else in the response is written with plain operators. These three need to know
where a row stands in time, so they look at what they were given; so do powers (`saturation.py`), for speed.
Arrays are ``(..., time, channel)``; leading dims are draws and broadcast.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["convolve", "delay", "recursion"]

#: A NumPy array or a PyTensor variable; which one decides where the sum is done.
Array = Any


def is_symbolic(*arrays: Array) -> bool:
    """Say whether any argument is a PyTensor variable (without importing PyTensor)."""
    return any(hasattr(array, "owner") and hasattr(array, "type") for array in arrays)


def recursion(x: Array, decay: Array) -> Array:
    """Filter ``S_t = decay * S_{t-1} + x_t`` exactly, with no truncation.

    Parameters
    ----------
    x : array, shape (..., time, channel)
    decay : array, shape (..., channel)
        Share of the stock that is left after one period, in [0, 1).

    Returns
    -------
    array, shape (..., time, channel)

    Examples
    --------
    >>> recursion(np.array([[1.0], [0.0], [2.0]]), np.array([0.5])).ravel()
    array([1.  , 0.5 , 2.25])
    """
    if is_symbolic(x, decay):
        from mmm.model.ops import symbolic_recursion

        return symbolic_recursion(x, decay)
    x, decay = np.asarray(x, dtype=float), np.asarray(decay, dtype=float)
    stock = np.zeros(np.broadcast_shapes(x.shape, (*decay.shape[:-1], 1, decay.shape[-1])))
    carried = np.zeros(stock.shape[:-2] + stock.shape[-1:])
    for t in range(x.shape[-2]):
        carried = decay * carried + x[..., t, :]
        stock[..., t, :] = carried
    return stock


def convolve(x: Array, weights: Array) -> Array:
    """Filter ``S_t = sum_l weights_l x_{t-l}``; rows before the first count as zero.

    Parameters
    ----------
    x : array, shape (..., time, channel)
    weights : array, shape (..., lag, channel)

    Returns
    -------
    array, shape (..., time, channel)

    Examples
    --------
    >>> convolve(np.array([[1.0], [0.0], [2.0]]), np.array([[0.75], [0.25]])).ravel()
    array([0.75, 0.25, 1.5 ])
    """
    if is_symbolic(x, weights):
        from mmm.model.ops import symbolic_convolve

        return symbolic_convolve(x, weights)
    x, weights = np.asarray(x, dtype=float), np.asarray(weights, dtype=float)
    n_rows, n_lags = x.shape[-2], weights.shape[-2]
    leading = np.broadcast_shapes(x.shape[:-2], weights.shape[:-2])
    stock = np.zeros((*leading, n_rows, np.broadcast_shapes(x.shape[-1:], weights.shape[-1:])[0]))
    for lag in range(min(n_lags, n_rows)):
        stock[..., lag:, :] += weights[..., lag : lag + 1, :] * x[..., : n_rows - lag, :]
    return stock


def delay(x: Array, periods: int) -> Array:
    """Shift rows later by ``periods``; the first rows become zero.

    Examples
    --------
    >>> delay(np.array([[1.0], [2.0], [3.0]]), 1).ravel()
    array([0., 1., 2.])
    """
    if is_symbolic(x):
        rows: NDArray[np.intp] = np.arange(x.type.shape[-2])
        return x[..., np.maximum(rows - periods, 0), :] * (rows >= periods)[:, None]
    x = np.asarray(x, dtype=float)
    later = np.zeros_like(x)
    if periods < x.shape[-2]:
        later[..., periods:, :] = x[..., : x.shape[-2] - periods, :]
    return later
