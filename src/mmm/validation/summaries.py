"""Returns of one fit or several, summarised: rows of a table, words, and how far apart they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mmm import schema
from mmm.posterior import Posterior
from mmm.returns import Economics, Valuation, Window, per_spend, prior_reliance_of_returns, returns_by_horizon
from mmm.returns.summary import SAMPLE_DIMS, summarise

__all__ = ["case_rows", "in_words", "returns_per_spend", "shifts"]


def in_words(draws: xr.DataArray, prob: float) -> str:
    """Median with its interval.

    Examples
    --------
    >>> in_words(xr.DataArray(np.arange(101.0).reshape(1, 101), dims=("chain", "draw")), 0.9)
    '50 (90%: 5 to 95)'
    """
    median, lower, upper = summarise(draws, prob=prob)
    return f"{median:.2g} ({100 * prob:g}%: {lower:.2g} to {upper:.2g})"


def returns_per_spend(posterior: Posterior, *, horizon: float) -> xr.DataArray:
    """Return per unit of all spend in the data, dims (chain, draw, channel): ROI, or outcome per unit of spend."""
    variable = "money" if posterior.data.has_money_value else "incremental_outcome"
    returns = returns_by_horizon(posterior.draws, horizons=(horizon,))
    return per_spend(returns, variable).isel({schema.HORIZON: 0})


def shifts(by_case: Mapping[str, xr.DataArray], reference: str) -> pd.DataFrame:
    """Distance of each case's median from the reference's, in posterior sds of the reference, on the log scale.

    Parameters
    ----------
    by_case : mapping of DataArray, dims (chain, draw, channel)
        Positive draws.
    reference : str
        One of the cases.

    Returns
    -------
    DataFrame
        Channels by the other cases.
    """
    medians = {case: np.log(draws.median(SAMPLE_DIMS).values) for case, draws in by_case.items()}
    given = by_case[reference]
    spread = given.copy(data=np.log(given.values)).std(SAMPLE_DIMS).values
    apart = {case: (at - medians[reference]) / spread for case, at in medians.items() if case != reference}
    return pd.DataFrame(apart, index=given[schema.CHANNEL].values)


def case_rows(
    posterior: Posterior,
    *,
    horizons: tuple[float, ...],
    window: Window,
    prob: float,
    economics: Economics | None,
) -> pd.DataFrame:
    """Give the rows of one case: return by channel and horizon, without the case's name.

    Parameters
    ----------
    posterior : Posterior
    horizons : tuple of float
    window : (start, stop)
    prob : float
    economics : Economics, optional
        Where neither it nor the data give the outcome a money value, the outcome per unit of spend stands in place of
        ROI.
    """
    sides = {draws: Valuation.of(draws, economics) for draws in (posterior.draws, posterior.prior)}
    after, before = (
        returns_by_horizon(draws, horizons=horizons, window=window, valuation=valuation)
        for draws, valuation in sides.items()
    )
    is_money = sides[posterior.draws].is_money
    name, variable = (schema.ROI, "money") if is_money else (schema.OUTCOME_PER_SPEND, "incremental_outcome")
    ratio = per_spend(after, variable)
    columns: dict[str, Any] = dict(
        zip((name, f"{name}_lower", f"{name}_upper"), summarise(ratio, prob=prob), strict=True)
    )
    if is_money:
        # without spend there is no ROI, and no probability of one
        columns["prob_above_one"] = (ratio > 1).where(ratio.notnull()).mean(SAMPLE_DIMS).values
    columns["prior_reliance"] = prior_reliance_of_returns(after, before, variable=variable).values
    channels, weeks = after[schema.CHANNEL].values, after[schema.HORIZON].values
    return pd.DataFrame(
        {
            schema.CHANNEL: np.repeat(channels, len(weeks)),
            schema.HORIZON: np.tile(weeks, len(channels)),
            **{column: np.ravel(values) for column, values in columns.items()},
        }
    )
