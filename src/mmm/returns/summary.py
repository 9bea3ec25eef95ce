"""The one place where a median or an interval is taken of draws."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema

__all__ = ["SAMPLE_DIMS", "summarise"]

Floats = NDArray[np.float64]
SAMPLE_DIMS = (schema.CHAIN, schema.DRAW)


def summarise(draws: xr.DataArray, *, prob: float) -> tuple[Floats, Floats, Floats]:
    """Median and equal-tailed interval over chains and draws.

    Parameters
    ----------
    draws : DataArray, dims (chain, draw, ...)
    prob : float

    Returns
    -------
    median, lower, upper : array, shape (...)

    Examples
    --------
    >>> draws = xr.DataArray(np.arange(101.0).reshape(1, 101), dims=("chain", "draw"))
    >>> [round(float(value), 9) for value in summarise(draws, prob=0.9)]
    [50.0, 5.0, 95.0]
    """
    edge = (1 - prob) / 2
    values = draws.transpose(..., *SAMPLE_DIMS).values
    # a draw that is not a number makes the summary not a number: skipping it would be a summary of other draws
    median, lower, upper = np.quantile(values.reshape(*values.shape[:-2], -1), [0.5, edge, 1 - edge], axis=-1)
    return median, lower, upper
