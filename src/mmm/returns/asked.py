"""What a table is asked for, checked, wherever it is made: horizons, windows, probabilities."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real
from typing import Any

import pandas as pd

from mmm.data import MarketingData
from mmm.errors import ReportError
from mmm.model.horizon import whole_periods
from mmm.returns.window import Window, window_rows

__all__ = ["check_prob", "horizons", "is_number", "window_of"]

#: Longest horizon that may be asked for.
MAX_HORIZON_WEEKS = 520

#: Longest month.
_MONTH = pd.Timedelta(days=31)


def check_prob(prob: Any) -> None:
    """Refuse what is no probability."""
    if not (is_number(prob) and 0 < prob < 1):
        raise ReportError(
            f"prob={prob!r}", "an interval holds a probability between 0 and 1", "use for example prob=0.9"
        )


def is_number(value: object) -> bool:
    """Whether it is a real number and no truth value."""
    return isinstance(value, Real) and not isinstance(value, bool)


def horizons(data: MarketingData, asked: Any) -> tuple[float, ...]:
    """Give the horizons in weeks, refusing what cannot be counted in whole periods."""
    found = tuple(asked) if isinstance(asked, Iterable) and not isinstance(asked, str) else (asked,)
    period = data.weeks_per_period
    for weeks in found:
        if not (is_number(weeks) and 0 < weeks <= MAX_HORIZON_WEEKS and whole_periods(weeks, period)):
            raise ReportError(
                f"horizon_weeks={weeks!r} with {data.frequency} data",
                "returns are counted in whole periods after the spend; under another label they would mislead",
                f"use multiples of {period:.3g} weeks (one period of these data) up to {MAX_HORIZON_WEEKS}",
            )
    if not found:
        raise ReportError(
            "horizon_weeks is empty", "a return has no meaning without a horizon", "name one, such as horizon_weeks=52"
        )
    return found


def window_of(data: MarketingData, window: Any) -> Window:
    """Give the rows of a window of dates, refusing one that holds no period or reaches beyond the data."""
    dates = data.dates
    if window is None:
        return 0, len(dates)
    try:
        first, last = (pd.Timestamp(edge) for edge in window)
        if pd.isna(first) or pd.isna(last):
            raise ValueError("an edge is missing")
        start, stop = window_rows(dates, first, last)
    except (TypeError, ValueError) as error:
        raise ReportError(
            f"window={window!r}: {error}",
            "the spend to judge is not defined",
            'give two dates, window=("2026-07-01", "2026-09-30")',
        ) from None
    if stop <= start:
        raise ReportError(
            f"no period begins between {first:%Y-%m-%d} and {last:%Y-%m-%d}",
            "there is no spend to judge",
            f"the data run from {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}",
        )
    length = pd.Timedelta(weeks=data.weeks_per_period) if data.frequency != "monthly" else _MONTH
    if first <= dates[0] - length or last >= dates[-1] + length:
        raise ReportError(
            f"the window {first:%Y-%m-%d} to {last:%Y-%m-%d} reaches beyond the data, whose periods begin from "
            f"{dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}",
            "part of the spend would be left out, and the rest reported under the window's name",
            "cut the window to the data, or bring the data up to date",
        )
    return start, stop
