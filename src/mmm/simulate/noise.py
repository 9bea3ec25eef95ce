"""Noise of an outcome: independent, with memory, or with heavy tails, always of the same size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmm.errors import SpecError

__all__ = ["NOISE_KINDS", "autoregression", "unit_noise"]

NOISE_KINDS = ("normal", "ar1", "heavy_tails")

#: Degrees of freedom of heavy tails: the fewest whole ones with a standard deviation.
TAILS = 3


def unit_noise(kind: str, *, n_periods: int, correlation: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Noise of standard deviation one.

    Parameters
    ----------
    kind : {"normal", "ar1", "heavy_tails"}
    n_periods : int
    correlation : float
        Of neighbouring periods of ``"ar1"``.
    rng : Generator

    Returns
    -------
    array, shape (time,)

    Raises
    ------
    SpecError
        If there is no such kind.

    Examples
    --------
    >>> noise = unit_noise("ar1", n_periods=4000, correlation=0.5, rng=np.random.default_rng(1))
    >>> bool(abs(np.corrcoef(noise[1:], noise[:-1])[0, 1] - 0.5) < 0.05), bool(abs(noise.std() - 1) < 0.05)
    (True, True)
    """
    if kind == "normal":
        return rng.standard_normal(n_periods)
    if kind == "ar1":
        return autoregression(rng.standard_normal(n_periods), correlation=correlation)
    if kind == "heavy_tails":
        heavy: NDArray[np.float64] = rng.standard_t(TAILS, size=n_periods) / np.sqrt(TAILS / (TAILS - 2))
        return heavy
    raise SpecError(f"noise_kind={kind!r} is not simulated", fix=f"use one of {', '.join(NOISE_KINDS)}")


def autoregression(shocks: NDArray[np.float64], *, correlation: float) -> NDArray[np.float64]:
    """Give independent shocks a memory of one period that leaves their standard deviation as it is.

    The first value is the first shock, so that the series begins in its stationary state.

    Examples
    --------
    >>> autoregression(np.array([1.0, 0.0, 0.0]), correlation=0.5)
    array([1.  , 0.5 , 0.25])
    """
    values = shocks.astype(float)
    news = np.sqrt(1 - correlation**2)
    for t in range(1, len(values)):
        values[t] = correlation * values[t - 1] + news * shocks[t]
    return values
