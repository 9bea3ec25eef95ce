"""How much of each number is data and how much is prior."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.returns.roi import per_spend

__all__ = ["prior_reliance", "prior_reliance_of_returns"]


def prior_reliance(posterior: NDArray[np.float64], prior: NDArray[np.float64]) -> float:
    """Posterior sd over prior sd, at most 1: the share of the prior's uncertainty that the data left.

    Parameters
    ----------
    posterior, prior : array
        Draws on the scale on which the prior is normal (the logarithm for ROI); any shape.

    Returns
    -------
    float
        1 means that the data said nothing; NaN where the prior does not vary.

    Examples
    --------
    >>> prior_reliance(np.array([-1.0, 1.0]), np.array([-2.0, 2.0]))
    0.5
    """
    spread = float(np.std(prior))
    return min(1.0, float(np.std(posterior)) / spread) if spread > 0 else float("nan")


def prior_reliance_of_returns(posterior: xr.Dataset, prior: xr.Dataset, *, variable: str) -> xr.DataArray:
    """Prior reliance of a return by channel and horizon, on the log scale.

    Parameters
    ----------
    posterior, prior : Dataset
        From :func:`mmm.returns.roi.returns_by_horizon`.
    variable : str

    Returns
    -------
    DataArray, dims (channel, horizon_weeks)
    """
    spread, prior_spread = (_log_spread(per_spend(side, variable)) for side in (posterior, prior))
    return (spread / prior_spread).clip(max=1.0)


def _log_spread(draws: xr.DataArray) -> xr.DataArray:
    # no spend, or no exposure for it, no return: its logarithm has no spread, NaN
    logarithm: xr.DataArray = xr.apply_ufunc(np.log, draws.where(draws > 0))
    return logarithm.std((schema.CHAIN, schema.DRAW), skipna=False)
