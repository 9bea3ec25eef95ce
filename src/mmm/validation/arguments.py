"""What a result of this room is asked for, checked: horizons, windows, probabilities."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real
from typing import Any

import pandas as pd

from mmm.data import MarketingData
from mmm.errors import ReportError
from mmm.model.horizon import whole_periods
from mmm.returns import Window, window_rows

__all__ = ["check_prob", "horizons_of", "window_of"]

#: Longest horizon that may be asked for, as in reports.
MAX_HORIZON_WEEKS = 520


def check_prob(prob: Any) -> None:
    """Refuse what is no probability."""
    if not (_is_number(prob) and 0 < prob < 1):
        raise ReportError(
            f"prob={prob!r}", "an interval holds a probability between 0 and 1", "use for example prob=0.9"
        )


def horizons_of(data: MarketingData, asked: Any) -> tuple[float, ...]:
    """Give the horizons in weeks, refusing none and what cannot be counted in whole periods."""
    found = tuple(asked) if isinstance(asked, Iterable) and not isinstance(asked, str) else (asked,)
    period = data.weeks_per_period
    wrong = [
        weeks
        for weeks in found
        if not (_is_number(weeks) and 0 < weeks <= MAX_HORIZON_WEEKS and whole_periods(weeks, period))
    ]
    if wrong or not found:
        raise ReportError(
            f"horizon_weeks={asked!r} with {data.frequency} data",
            "returns are counted in whole periods after the spend; under another label they would mislead",
            f"use multiples of {period:.3g} weeks (one period of these data) up to {MAX_HORIZON_WEEKS}",
        )
    return found


def window_of(data: MarketingData, window: Any) -> Window:
    """Give the rows of a window of dates, refusing one that holds no period or reaches beyond the data."""
    dates = data.dates
    if window is None:
        return 0, len(dates)
    try:
        first, last = (pd.Timestamp(edge) for edge in window)
        start, stop = window_rows(dates, first, last)
        length = pd.Timedelta(weeks=data.weeks_per_period)
        # months differ in length by a few days: the edge of one may lie a little further out than the mean month
        inside = first > dates[0] - 1.02 * length and last < dates[-1] + 1.02 * length
    except (TypeError, ValueError):
        start, stop, inside = 0, 0, False
    if stop <= start or not inside:
        raise ReportError(
            f"window={window!r}",
            "there is no spend to judge, or part of it lies outside the data",
            f"give two dates within the data, whose periods begin from {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}",
        )
    return start, stop


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)
