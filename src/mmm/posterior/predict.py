"""The outcome of weeks to come under a plan: what may be written down now and held against what happens."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.data.altered import with_columns
from mmm.data.calendar import expected_dates
from mmm.errors import DataError, ReportError
from mmm.posterior.draws import Draws
from mmm.posterior.forecast import Forecast, forecast

__all__ = ["forecast_plan", "planned_periods", "prediction_table"]


def forecast_plan(draws: Draws, plan: pd.DataFrame) -> Forecast:
    """Forecast the periods of a plan; see :meth:`mmm.Posterior.predict`."""
    return forecast(draws, planned_periods(draws.data, plan))


def prediction_table(ahead: Forecast, *, prob: float, unit: str) -> pd.DataFrame:
    """Median and intervals of a forecast by period.

    Returns
    -------
    DataFrame
        ``date, median, lower, upper`` of the outcome itself, noise included, and ``expected, expected_lower,
        expected_upper`` of baseline plus media.
    """
    if not 0 < prob < 1:
        raise ReportError(f"prob={prob!r}", "no interval has that probability", "use a number between 0 and 1")
    edges = [0.5, (1 - prob) / 2, (1 + prob) / 2]
    columns = {"date": ahead.outcome[schema.DATE].values}
    for draws, names in (
        (ahead.outcome, ("median", "lower", "upper")),
        (ahead.expected, ("expected", "expected_lower", "expected_upper")),
    ):
        by_period = draws.isel({schema.GEO: 0}).transpose(schema.CHAIN, schema.DRAW, schema.DATE).values
        columns |= dict(zip(names, np.quantile(by_period, edges, axis=(0, 1)), strict=True))
    return pd.DataFrame(columns).rename_axis(columns=f"outcome in {unit}; {prob:.0%} equal-tailed intervals")


def planned_periods(data: MarketingData, plan: pd.DataFrame) -> MarketingData:
    """Give the periods of a plan the form of data; their outcome is that of the last period, and is not looked at.

    Raises
    ------
    DataError
        If it is no DataFrame, a column is missing or unknown, dates do not go on where the data end, or a number is
        missing, infinite or, of spend, negative.
    """
    said = data.description
    if not isinstance(plan, pd.DataFrame) or not len(plan):
        raise DataError(
            f"the plan is {'empty' if isinstance(plan, pd.DataFrame) else type(plan).__name__}",
            "there is nothing to forecast",
            f"give a DataFrame with {said.date!r}, a column of spend for each channel and one for each control",
        )
    needed = [said.date, *data.channels, *data.controls]
    missing = [name for name in needed if name not in plan]
    unknown = [str(name) for name in plan.columns if name not in needed]
    if missing or unknown:
        raise DataError(
            f"the plan lacks {', '.join(missing)}" if missing else f"the plan has {', '.join(unknown)}, unknown here",
            "a channel left out would be taken to spend nothing, and a control to be what it never was",
            f"give exactly the columns {needed}; 0 where nothing is to be spent",
        )
    dates = _dates(data, plan)
    spend, controls = (_numbers(plan, names) for names in (data.channels, data.controls))
    if (spend < 0).any():
        raise DataError(
            "the plan has negative spend", "the response curve is not defined there", "use 0 where nothing is spent"
        )
    data = with_columns(data, tracker=False)
    arrays = data.dataset
    totals = (arrays[name].values[0].sum(axis=0) for name in (schema.DRIVER, schema.SPEND))
    bought, paid = totals  # of each channel: exposure, or spend itself
    per_money = np.divide(bought, paid, out=np.zeros_like(paid), where=paid > 0)
    dataset = arrays.isel({schema.DATE: [-1] * len(dates)}).assign_coords({schema.DATE: dates.values})
    for name, values in ((schema.SPEND, spend), (schema.DRIVER, spend * per_money), (schema.CONTROLS, controls)):
        dataset[name] = dataset[name].copy(data=values[None])
    return MarketingData.restore(dataset, data.description, (*data.notes, f"a plan of {len(dates)} periods"))


def _dates(data: MarketingData, plan: pd.DataFrame) -> pd.DatetimeIndex:
    try:
        dates = pd.DatetimeIndex(pd.to_datetime(plan[data.description.date])).as_unit("ns")
    except (TypeError, ValueError) as error:
        raise DataError(f"the plan's dates cannot be read: {error}", "", "give dates as in the data") from error
    last, day = data.dates[-1], int(data.dates.day.max())
    due = expected_dates(last, dates[-1], frequency=data.frequency, day=day)[1:] if dates[-1] > last else dates[:0]
    if not dates.equals(due):
        raise DataError(
            f"the plan's dates run from {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d} in {len(dates)} rows; the data end "
            f"on {last:%Y-%m-%d} and are {data.frequency}",
            "carry-over and the level go on period by period, and a gap would be filled with a guess",
            "give every period after the last one of the data, in order of time",
        )
    return dates


def _numbers(plan: pd.DataFrame, names: tuple[str, ...]) -> NDArray[np.float64]:
    try:
        values = plan[list(names)].to_numpy(dtype=float)
    except (TypeError, ValueError) as error:
        raise DataError(f"the plan has text among its numbers: {error}", "", "give plain numbers") from error
    if not np.isfinite(values).all():
        raise DataError(
            "the plan has missing or infinite numbers",
            "what is spent and what happens must be said of every period",
            "fill them in; 0 where nothing is to be spent",
        )
    return values
