"""When the money comes back, and what it is worth then in today's money."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.horizon import periods
from mmm.posterior import Draws
from mmm.returns.by_lag import return_by_lag
from mmm.returns.valuation import Valuation
from mmm.returns.window import Window

__all__ = ["SEARCH_WEEKS", "first_crossing", "payback_draws"]

Floats = NDArray[np.float64]

#: A return that has not paid back by then never does.
SEARCH_WEEKS = 520


def payback_draws(
    draws: Draws,
    *,
    horizon_weeks: float,
    discount_rate: float = 0.0,
    window: Window | None = None,
    valuation: Valuation | None = None,
) -> xr.Dataset:
    """Payback and net present value of a window's spend, for every draw.

    Parameters
    ----------
    draws : Draws
    horizon_weeks : float
        Weeks after each period's spend that the net present value counts.
    discount_rate : float
        A year; every return is discounted to the period of the spend that brought it.
    window : (start, stop), optional
        Rows of the data whose spend is judged; all of them by default.
    valuation : Valuation, optional
        That of the data by default.

    Returns
    -------
    Dataset, dims (chain, draw, channel)
        ``payback_weeks``: the first horizon, in whole periods, at which ROI is at least 1; undiscounted, infinite
        where that is not within ten years. ``npv``: money. ``spend`` (channel). The channel ``total`` sets the money
        of all channels against their spend. NaN where nothing was spent.

    Raises
    ------
    ReportError
        If the outcome has no money value.
    """
    data = draws.data
    valuation = valuation or Valuation.of(draws)
    valuation.require_money("payback")
    start, stop = window or (0, data.n_periods)
    search, horizon = (periods(weeks, data.weeks_per_period) for weeks in (SEARCH_WEEKS, horizon_weeks))
    discount = (1 + discount_rate) ** (-np.arange(horizon) * data.weeks_per_period / 52)
    spend = data.dataset[schema.SPEND].values[0, start:stop].sum(axis=0)
    spend = np.append(spend, spend.sum())
    found, whole = [], np.zeros(())
    for name, paid in zip([*data.channels, schema.TOTAL], spend, strict=True):
        if name == schema.TOTAL:
            by_lag = whole
        else:
            by_lag = return_by_lag(draws, name, n_lags=max(search, horizon), window=(start, stop), valuation=valuation)
            whole = whole + by_lag
        waited = first_crossing(by_lag[..., :search].cumsum(axis=-1), paid) * data.weeks_per_period
        net = by_lag[..., :horizon] @ discount - paid
        found.append(np.stack([waited, net]) if paid > 0 else np.full((2, *by_lag.shape[:-1]), np.nan))
    waited, net = np.stack(found, axis=-1)
    dims = (schema.CHAIN, schema.DRAW, schema.CHANNEL)
    return xr.Dataset(
        {"payback_weeks": (dims, waited), "npv": (dims, net), schema.SPEND: (schema.CHANNEL, spend)},
        coords={schema.CHANNEL: [*data.channels, schema.TOTAL]},
    )


def first_crossing(cumulative: Floats, target: float) -> Floats:
    """Count the lags until a running sum reaches a target, infinite where it does not.

    Parameters
    ----------
    cumulative : array, shape (..., lag)
    target : float

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> first_crossing(np.array([[1.0, 3.0, 4.0], [0.0, 1.0, 1.5]]), 3.0)
    array([ 2., inf])
    """
    reached = cumulative >= target
    return np.where(reached.any(axis=-1), reached.argmax(axis=-1) + 1.0, np.inf)
