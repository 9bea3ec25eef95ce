"""Weeks into periods: durations are always given in weeks, returns are counted in whole periods."""

from __future__ import annotations

__all__ = ["periods", "whole_periods"]


def periods(weeks: float, weeks_per_period: float) -> int:
    """Whole periods nearest to a number of weeks.

    Examples
    --------
    >>> periods(13, 365.25 / 12 / 7)
    3
    """
    return round(weeks / weeks_per_period)


def whole_periods(weeks: float, weeks_per_period: float) -> int | None:
    """Whole periods in a number of weeks, or None where there is no whole number close by.

    A quarter is 13 weeks and 2.99 months: close enough. Six and a half weeks are neither six nor seven.

    Examples
    --------
    >>> whole_periods(13, 365.25 / 12 / 7), whole_periods(6.5, 1.0)
    (3, None)
    """
    exact = weeks / weeks_per_period
    whole = round(exact)
    return whole if whole >= 1 and abs(exact - whole) <= 0.1 + 0.005 * whole else None
