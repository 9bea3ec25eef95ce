"""The calendar of the data: daily, weekly or monthly, without gaps, and long enough."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import numpy as np
import pandas as pd

from mmm.data.description import Frequency
from mmm.data.listing import listed
from mmm.errors import DataError

__all__ = [
    "MIN_PERIODS",
    "PERIODS",
    "WEEKS_PER_PERIOD",
    "check_length",
    "detect_frequency",
    "expected_dates",
    "period_rows",
]

#: Length of one period in weeks; a month is a twelfth of 365.25 days.
WEEKS_PER_PERIOD: dict[Frequency, float] = {"daily": 1 / 7, "weekly": 1.0, "monthly": 365.25 / 12 / 7}
#: Fewer periods than this cannot separate a season from anything else: a year of weeks,
#: half a year of days (enough for the day of the week), two years of months.
MIN_PERIODS: dict[Frequency, int] = {"daily": 180, "weekly": 52, "monthly": 24}
#: Below two years not every season has been seen twice.
COMFORTABLE_WEEKS = 104
#: What periods are called.
PERIODS: dict[Frequency, str] = {"daily": "days", "weekly": "weeks", "monthly": "months"}
_SUPPORTED = "daily, weekly (any weekday) and monthly (any constant day of the month) data are supported"


def detect_frequency(dates: pd.DatetimeIndex, *, name: str) -> Frequency:
    """Find the one frequency that all steps between dates share.

    Parameters
    ----------
    dates : pandas.DatetimeIndex, shape (date,)
        Unique midnights in increasing order, at least two.
    name : str
        What the frame is called, for messages.

    Returns
    -------
    {"daily", "weekly", "monthly"}
        The frequency; monthly dates share a day of the month, or are all month ends.

    Raises
    ------
    DataError
        If there are gaps, mixed frequencies, or a frequency that is not supported.

    Examples
    --------
    >>> detect_frequency(pd.date_range("2024-01-31", periods=24, freq="ME"), name="the data")
    'monthly'
    """
    steps = _day_steps(dates)
    months = _month_steps(dates)
    if (steps == 1).all():
        return "daily"
    if (steps == 7).all():
        return "weekly"
    if (months == 1).all() and _same_day_of_month(dates):
        return "monthly"
    _refuse_mixed(dates, steps=steps, name=name)
    _refuse_unsupported(dates, steps=steps, months=months, name=name)
    usual = Counter(steps.tolist()).most_common(1)[0][0]
    if usual == 1:
        _refuse_gaps(dates, frequency="daily", name=name)
    if usual == 7 and (steps % 7 == 0).all():
        _refuse_gaps(dates, frequency="weekly", name=name)
    if Counter(months.tolist()).most_common(1)[0][0] == 1 and _same_day_of_month(dates):
        _refuse_gaps(dates, frequency="monthly", name=name)
    raise _irregular(dates, steps=steps, usual=usual, name=name)


def expected_dates(first: pd.Timestamp, last: pd.Timestamp, *, frequency: Frequency, day: int) -> pd.DatetimeIndex:
    """All dates a gapless calendar has from first to last, both included.

    Parameters
    ----------
    first, last : pandas.Timestamp
        Ends of the calendar.
    frequency : {"daily", "weekly", "monthly"}
        Its step.
    day : int
        Day of the month of monthly data; shorter months use their last day.

    Returns
    -------
    pandas.DatetimeIndex
        datetime64[ns].

    Examples
    --------
    >>> ends = expected_dates(
    ...     pd.Timestamp("2024-01-31"), pd.Timestamp("2024-03-31"), frequency="monthly", day=31
    ... )
    >>> [str(date.date()) for date in ends]
    ['2024-01-31', '2024-02-29', '2024-03-31']
    """
    if frequency != "monthly":
        return pd.date_range(first, last, freq="D" if frequency == "daily" else "7D").as_unit("ns")
    months = pd.period_range(first, last, freq="M")
    stamps = [pd.Timestamp(m.year, m.month, min(day, m.days_in_month)) for m in months]
    return pd.DatetimeIndex(stamps).as_unit("ns")


def period_rows(days: pd.DatetimeIndex, *, dates: pd.DatetimeIndex, frequency: Frequency) -> np.ndarray:
    """Find the period that contains each day.

    Parameters
    ----------
    days : pandas.DatetimeIndex, shape (day,)
        Midnights.
    dates : pandas.DatetimeIndex, shape (date,)
        A gapless calendar. A week begins at its date; a month is the calendar month of its date.
    frequency : {"daily", "weekly", "monthly"}
        Its step.

    Returns
    -------
    numpy.ndarray of int, shape (day,)
        Row of the calendar; -1 for days outside it.

    Examples
    --------
    >>> weeks = pd.date_range("2024-01-01", periods=3, freq="7D")
    >>> period_rows(pd.DatetimeIndex(["2024-01-07", "2024-01-08", "2024-01-22"]), dates=weeks, frequency="weekly")
    array([ 0,  1, -1])
    """
    if frequency == "monthly":
        rows = np.asarray((days.year - dates[0].year) * 12 + days.month - dates[0].month)
    else:
        rows = np.asarray((days - dates[0]).days) // (1 if frequency == "daily" else 7)
    return np.where((rows >= 0) & (rows < len(dates)), rows, -1)


def check_length(n_periods: int, *, frequency: Frequency, name: str) -> str:
    """Refuse data that are too short; return a warning, or nothing, for data that are merely short.

    Raises
    ------
    DataError
        If there are fewer periods than `MIN_PERIODS`.

    Examples
    --------
    >>> check_length(156, frequency="weekly", name="the data")
    ''
    """
    minimum = MIN_PERIODS[frequency]
    if n_periods < minimum:
        raise DataError(
            f"{name} has {n_periods} {PERIODS[frequency]}; at least {minimum} are needed",
            why="with less, season, trend and media cannot be told apart and the answer would be the prior",
            fix="add earlier periods; spend alone, without the outcome, can be passed as history=",
        )
    weeks = n_periods * WEEKS_PER_PERIOD[frequency]
    if weeks < COMFORTABLE_WEEKS - 1e-6:
        return (
            f"Only {weeks:.0f} weeks of data: not every season has been seen twice, so season and media can stand in "
            "for each other, and long carry-over will rest on its prior. "
            f"{COMFORTABLE_WEEKS} weeks or more are advisable."
        )
    return ""


def _day_steps(dates: pd.DatetimeIndex) -> np.ndarray:
    return np.diff(dates.to_numpy().astype("datetime64[D]").astype(np.int64))


def _month_steps(dates: pd.DatetimeIndex) -> np.ndarray:
    return np.diff(np.asarray(dates.year) * 12 + np.asarray(dates.month))


def _same_day_of_month(dates: pd.DatetimeIndex) -> bool:
    """The 31st and its stand-ins in shorter months count as one day."""
    days = np.asarray(dates.day)
    return bool((days == np.minimum(days.max(), np.asarray(dates.days_in_month))).all())


def _step_name(days: int) -> str | None:
    if days in (1, 7, 14):
        return {1: "daily", 7: "weekly", 14: "fortnightly"}[days]
    for low, high, name in ((28, 31, "monthly"), (89, 92, "quarterly"), (365, 366, "yearly")):
        if low <= days <= high:
            return name
    return None


def _refuse_mixed(dates: pd.DatetimeIndex, *, steps: np.ndarray, name: str) -> None:
    """Three steps in a row make a frequency; two frequencies make a mixture."""
    runs, start = [], 0
    for step_name, group in groupby(steps.tolist(), key=_step_name):
        length = len(list(group))
        if step_name is not None and length >= 3:
            runs.append((step_name, dates[start], dates[start + length]))
        start += length
    if len({step_name for step_name, _, _ in runs}) > 1:
        shown = [f"{step_name} from {first:%Y-%m-%d} to {last:%Y-%m-%d}" for step_name, first, last in runs]
        raise DataError(
            f"the dates of {name} mix frequencies: {listed(shown)}",
            why="carry-over is counted in periods, so all periods must be equally long",
            fix="sum all rows to the coarsest of these frequencies",
        )


def _refuse_unsupported(dates: pd.DatetimeIndex, *, steps: np.ndarray, months: np.ndarray, name: str) -> None:
    usual = Counter(steps.tolist()).most_common(1)[0][0]
    usual_months = Counter(months.tolist()).most_common(1)[0][0]
    found = None
    if usual in (14, 21, 28) and (steps % usual == 0).all():
        found = {14: "fortnightly", 21: "three-weekly", 28: "four-weekly"}[usual]
    elif usual_months in (2, 3, 6, 12) and (months % usual_months == 0).all() and _same_day_of_month(dates):
        found = {2: "two-monthly", 3: "quarterly", 6: "half-yearly", 12: "yearly"}[usual_months]
    if found:
        raise DataError(
            f"the dates of {name} are {found}",
            why=f"such periods are too long to see carry-over; {_SUPPORTED}",
            fix="go back to the source for weekly rows; do not spread these over weeks, which would invent data",
        )


def _refuse_gaps(dates: pd.DatetimeIndex, *, frequency: Frequency, name: str) -> None:
    wanted = expected_dates(dates[0], dates[-1], frequency=frequency, day=int(np.max(np.asarray(dates.day))))
    missing = wanted.difference(dates)
    business = frequency == "daily" and bool((np.asarray(dates.day_of_week) < 5).all())
    fix = "add the missing rows with what was really spent and sold (zero only where it was zero)"
    if business:
        fix = "add the weekends with what was really spent and sold, or sum to weeks"
    raise DataError(
        f"{name} is {frequency} with {len(missing)} missing date(s): "
        + listed([f"{date:%Y-%m-%d}" for date in missing])
        + (" (it looks like business days only)" if business else ""),
        why="carry-over runs from each period to the next; across a gap it would be too short, and money and "
        "outcome of the missing periods would be lost",
        fix=fix,
    )


def _irregular(dates: pd.DatetimeIndex, *, steps: np.ndarray, usual: int, name: str) -> DataError:
    odd = np.flatnonzero(steps != usual).tolist()
    shown = [f"{steps[i]} days from {dates[i]:%Y-%m-%d} to {dates[i + 1]:%Y-%m-%d}" for i in odd]
    return DataError(
        f"the dates of {name} are irregular: mostly {usual} day(s) apart, but {listed(shown, limit=3)}",
        why=f"carry-over is counted in periods, so all periods must be equally long; {_SUPPORTED}",
        fix="correct these dates; label every week by the same weekday and every month by the same day",
    )
