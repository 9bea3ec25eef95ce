"""What share each channel has in the return of all."""

from __future__ import annotations

import xarray as xr

from mmm import schema

__all__ = ["effect_shares"]


def effect_shares(returns: xr.Dataset, variable: str) -> xr.DataArray:
    """Share of each channel in what all channels return together, draw by draw.

    Parameters
    ----------
    returns : Dataset
        From :func:`mmm.returns.returns_by_horizon`.
    variable : {"money", "incremental_outcome"}

    Returns
    -------
    DataArray, dims (chain, draw, channel, horizon_weeks)
        Without ``total``; sums to one over channels in every draw. NaN where nothing was returned.

    Notes
    -----
    ``R_c / sum_j R_j``, with ``R_c`` the return of channel c within the horizon. Over the share of spend
    ``C_c / sum_j C_j`` it is the channel's ROI over the ROI of all.
    """
    amounts = returns[variable]
    whole = amounts.sel({schema.CHANNEL: schema.TOTAL}, drop=True)
    by_channel = amounts.sel({schema.CHANNEL: amounts[schema.CHANNEL] != schema.TOTAL})
    return by_channel / whole.where(whole != 0)
