"""What a channel's spend returned, draw by draw: by horizon, and how much of it has landed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.inputs import periods
from mmm.posterior import Draws

__all__ = ["Window", "returns_by_horizon", "value_of_outcome", "window_rows"]

Window = tuple[int, int]


def returns_by_horizon(draws: Draws, *, horizons: tuple[float, ...], window: Window | None = None) -> xr.Dataset:
    """Return of a window's spend within each horizon, for every draw.

    Parameters
    ----------
    draws : Draws
        From the posterior or from the prior.
    horizons : tuple of float
        Weeks counted after each period's spend, that period included.
    window : (start, stop), optional
        Rows of the data whose spend is judged; all of them by default.

    Returns
    -------
    Dataset, dims (chain, draw, channel, horizon_weeks)
        ``incremental_outcome`` (outcome units), ``money`` (its value times margin; NaN where the outcome has no money
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
    value = value_of_outcome(draws, n_rows=stop + max(lengths) - 1)
    known = data.n_periods - start
    cells = {"incremental_outcome": [], "money": [], "landed": []}  # type: dict[str, list[NDArray[np.float64]]]
    for channel in data.channels:
        by_row = draws.landing(channel, start=start, stop=stop, horizons=lengths)
        cells["incremental_outcome"].append(np.stack([rows.sum(axis=-1) for rows in by_row], axis=-1))
        cells["landed"].append(np.stack([rows[..., :known].sum(axis=-1) for rows in by_row], axis=-1))
        weights = [value[start : start + rows.shape[-1]] for rows in by_row]
        cells["money"].append(np.stack([rows @ w for rows, w in zip(by_row, weights, strict=True)], axis=-1))
    spend = data.dataset[schema.SPEND].values[0, start:stop].sum(axis=0)
    coords = {schema.CHANNEL: [*data.channels, schema.TOTAL], schema.HORIZON: list(horizons)}
    dims = (schema.CHAIN, schema.DRAW, schema.CHANNEL, schema.HORIZON)
    return xr.Dataset(
        {name: (dims, _with_total(np.stack(arrays, axis=2))) for name, arrays in cells.items()}
        | {schema.SPEND: (schema.CHANNEL, np.append(spend, spend.sum()))},
        coords=coords,
    )


def value_of_outcome(draws: Draws, *, n_rows: int) -> NDArray[np.float64]:
    """Money per unit of outcome times margin, by row, shape (n_rows,); after the data the mean of the last year."""
    data = draws.data
    if not data.has_money_value:
        return np.full(n_rows, np.nan)
    known = (data.dataset[schema.OUTCOME_VALUE] * data.dataset[schema.MARGIN]).values[0]
    year = min(len(known), periods(52, data.weeks_per_period))
    return np.concatenate([known, np.full(max(0, n_rows - len(known)), known[-year:].mean())])[:n_rows]


def window_rows(dates: pd.DatetimeIndex, first: pd.Timestamp, last: pd.Timestamp) -> Window:
    """Rows of the periods that begin within ``[first, last]``."""
    start, stop = int(dates.searchsorted(first, side="left")), int(dates.searchsorted(last, side="right"))
    return start, stop


def _with_total(by_channel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Append the sum over channels (axis 2), draw by draw."""
    return np.concatenate([by_channel, by_channel.sum(axis=2, keepdims=True)], axis=2)
