"""What a channel's spend returned, draw by draw: by horizon, and how much of it has landed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.horizon import periods
from mmm.posterior import Draws
from mmm.returns.valuation import Valuation

__all__ = ["Window", "per_spend", "returns_by_horizon", "window_rows", "with_total"]

Window = tuple[int, int]


def returns_by_horizon(
    draws: Draws, *, horizons: tuple[float, ...], window: Window | None = None, valuation: Valuation | None = None
) -> xr.Dataset:
    """Return of a window's spend within each horizon, for every draw.

    Parameters
    ----------
    draws : Draws
        From the posterior or from the prior.
    horizons : tuple of float
        Weeks counted after each period's spend, that period included.
    window : (start, stop), optional
        Rows of the data whose spend is judged; all of them by default.
    valuation : Valuation, optional
        That of the data by default.

    Returns
    -------
    Dataset, dims (chain, draw, channel, horizon_weeks)
        ``incremental_outcome`` (outcome units), ``money`` (its value times margin; NaN where there is no money
        value), ``landed`` (the part of ``incremental_outcome`` that landed before the data ended) and ``spend``
        (channel). The channel ``total`` sums draws over channels.

    Notes
    -----
    ``money`` weighs each period's return with the value and margin of the period in which it lands; returns that land
    after the data get the mean of the last year.
    """
    data = draws.data
    start, stop = window or (0, data.n_periods)
    lengths = [periods(weeks, data.weeks_per_period) for weeks in horizons]
    valuation = valuation or Valuation.of(draws)
    unit = 1.0 if valuation.is_money else np.nan
    known = data.n_periods - start
    cells = {"incremental_outcome": [], "money": [], "landed": []}  # type: dict[str, list[NDArray[np.float64]]]
    for channel in data.channels:
        by_row = draws.landing(channel, start=start, stop=stop, horizons=lengths)
        cells["incremental_outcome"].append(np.stack([rows.sum(axis=-1) for rows in by_row], axis=-1))
        cells["landed"].append(np.stack([rows[..., :known].sum(axis=-1) for rows in by_row], axis=-1))
        cells["money"].append(np.stack([unit * valuation.total(rows, start=start) for rows in by_row], axis=-1))
    spend = data.dataset[schema.SPEND].values[0, start:stop].sum(axis=0)
    coords = {schema.CHANNEL: [*data.channels, schema.TOTAL], schema.HORIZON: list(horizons)}
    dims = (schema.CHAIN, schema.DRAW, schema.CHANNEL, schema.HORIZON)
    return xr.Dataset(
        {name: (dims, with_total(np.stack(arrays, axis=2))) for name, arrays in cells.items()}
        | {schema.SPEND: (schema.CHANNEL, np.append(spend, spend.sum()))},
        coords=coords,
    )


def per_spend(returns: xr.Dataset, variable: str) -> xr.DataArray:
    """Return per unit of spend; NaN where nothing was spent, whatever came for free.

    Parameters
    ----------
    returns : Dataset
        From :func:`returns_by_horizon`.
    variable : {"money", "incremental_outcome"}
    """
    spend = returns[schema.SPEND]
    return returns[variable] / spend.where(spend > 0)


def window_rows(dates: pd.DatetimeIndex, first: pd.Timestamp, last: pd.Timestamp) -> Window:
    """Rows of the periods that begin within ``[first, last]``."""
    start, stop = int(dates.searchsorted(first, side="left")), int(dates.searchsorted(last, side="right"))
    return start, stop


def with_total(by_channel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Append the sum over channels (axis 2), draw by draw."""
    return np.concatenate([by_channel, by_channel.sum(axis=2, keepdims=True)], axis=2)
