"""Spend that was not, or not yet, spent: checked, and turned into what drives the response."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.errors import DataError

__all__ = ["driver_under_plan"]

Floats = NDArray[np.float64]


def driver_under_plan(spend: pd.DataFrame, *, data: MarketingData, driver: Floats, start: int) -> Floats:
    """Replace the driver of the channels that a plan names.

    Parameters
    ----------
    spend : DataFrame
        Columns named as channels, one row per period of the data.
    data : MarketingData
    driver : array, shape (history + time, channel)
        The actual one.
    start : int
        Rows of history, which a plan cannot change.

    Returns
    -------
    array, shape (history + time, channel)
        A channel's driver moves in proportion to its spend, period by period; where nothing was spent, each unit of
        money more adds what one buys on average, to whatever drove the response for free. A plan that equals the
        actual spend gives the actual driver.

    Raises
    ------
    DataError
        If it is not a DataFrame of channels and periods of the data, or a value is no amount of money.
    """
    if not isinstance(spend, pd.DataFrame) or not spend.columns.is_unique:
        raise DataError(
            "spend under a plan is not a DataFrame with one column for each channel that it changes",
            "whose money a number is would be guessed",
            'give for example pd.DataFrame({"tv": ...}), one row for each period of the data',
        )
    if isinstance(spend.index, pd.DatetimeIndex) and not spend.index.equals(data.dates):
        raise DataError(
            f"spend under a plan has other dates than the data ({data.dates[0]:%Y-%m-%d} to {data.dates[-1]:%Y-%m-%d})",
            "each row is one period's spend, and carry-over depends on which",
            "give the dates of the data in their order, or no dates at all",
        )
    actual_spend = data.dataset[schema.SPEND].values[0]
    planned_driver = np.array(driver)
    for name in spend.columns:
        planned = _checked(spend, name, data)
        column = data.channels.index(name)
        actual, before = driver[start:, column], actual_spend[:, column]
        bought = np.divide(planned, before, out=np.ones_like(actual), where=before > 0)
        per_money = actual.sum() / before.sum()
        planned_driver[start:, column] = np.where(before > 0, actual * bought, actual + planned * per_money)
    return planned_driver


def _checked(spend: pd.DataFrame, name: str, data: MarketingData) -> Floats:
    if name not in data.channels:
        raise DataError(
            f"spend under a plan names {name!r}, which is not a channel",
            "its money would have no effect, silently",
            f"use the channels of the fit: {list(data.channels)}",
        )
    column = spend[name]
    if len(column) != data.n_periods:
        raise DataError(
            f"spend under a plan has {len(column)} rows, the data have {data.n_periods} periods",
            "each row is one period's spend, and carry-over depends on which",
            "give one row for each period of the data, in order of time",
        )
    is_money = pd.api.types.is_numeric_dtype(column) and not (
        pd.api.types.is_bool_dtype(column) or pd.api.types.is_complex_dtype(column)
    )
    values = column.to_numpy(dtype=float, na_value=np.nan) if is_money else np.array([np.nan])
    if not np.isfinite(values).all() or (values < 0).any():
        raise DataError(
            f"spend of {name!r} under a plan has negative, missing or infinite values, or text",
            "the response curve is not defined there",
            "use zero where nothing is spent",
        )
    return values
