"""What a customer won by advertising costs, and what he or she is worth."""

from __future__ import annotations

import numpy as np
import xarray as xr

from mmm import schema
from mmm.posterior import Draws
from mmm.returns.economics import Economics
from mmm.returns.roi import per_spend, returns_by_horizon
from mmm.returns.valuation import Valuation, extra_cost
from mmm.returns.window import Window

__all__ = ["acquisition_draws"]


def acquisition_draws(
    draws: Draws, *, economics: Economics, horizon_weeks: float, window: Window | None = None
) -> xr.Dataset:
    """Lifetime value against the fully loaded cost of an incremental customer, for every draw.

    Parameters
    ----------
    draws : Draws
        Of a fit whose outcome is customers.
    economics : Economics
        With a ``customer_value``.
    horizon_weeks : float
        Weeks after each period's spend within which customers are counted.
    window : (start, stop), optional
        Rows of the data whose spend is judged; all of them by default.

    Returns
    -------
    Dataset, dims (chain, draw, channel)
        ``incremental_customers``; ``cac``, fully loaded cost per incremental customer; ``ltv``, value of one;
        ``ltv_cac``, their ratio; ``break_even_cpa``, the media cost per incremental customer at which that ratio is
        1. ``spend`` and ``acquisition_cost`` (channel): media, and media with all other cost of acquisition. The
        channel ``total`` sums customers and costs. NaN where nothing was spent.
    """
    valuation = Valuation.of(draws, economics)
    returns = returns_by_horizon(draws, horizons=(horizon_weeks,), window=window).isel({schema.HORIZON: 0}, drop=True)
    spend = returns[schema.SPEND]
    media = spend.values[:-1]
    loaded = media * (1 + extra_cost(economics, draws.data.channels))
    cost = spend.copy(data=np.append(loaded, loaded.sum()))
    customers = returns["incremental_outcome"]
    ltv = customers.copy(data=np.broadcast_to(valuation.by_draw[..., None], customers.shape))
    per_media = cost / spend.where(spend > 0)
    per_cost = per_spend(returns, "incremental_outcome") / per_media
    return xr.Dataset(
        {
            "incremental_customers": customers,
            "cac": 1 / per_cost,
            "ltv": ltv,
            "ltv_cac": ltv * per_cost,
            "break_even_cpa": ltv / per_media,
            schema.SPEND: spend,
            "acquisition_cost": cost,
        }
    )
