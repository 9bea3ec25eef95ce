"""What anybody would forecast without a model, with the error that this has made before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmm.model.horizon import periods

__all__ = ["MIN_YEARS", "naive_forecast", "periods_per_year"]

Floats = NDArray[np.float64]

#: Below this much history hardly a year of year-on-year changes is known.
MIN_YEARS = 2


def periods_per_year(weeks_per_period: float) -> int:
    """Periods after which the same season, and on daily data the same day of the week, comes again.

    Examples
    --------
    >>> periods_per_year(1.0), periods_per_year(1 / 7), periods_per_year(365.25 / 12 / 7)
    (52, 364, 12)
    """
    return periods(52, weeks_per_period)


def naive_forecast(outcome: Floats, *, n_ahead: int, year: int) -> tuple[Floats, bool]:
    """Forecast from the outcome alone: as last year, or, where that is not known well, as in the last period.

    The outcome a year before, plus every change from one year to the next that there has been: an empirical
    distribution, in which growth and its ups and downs are included. With less than two years of history the last
    outcome takes the place of last year's, and changes over as many periods as are looked ahead that of yearly ones.

    Parameters
    ----------
    outcome : array, shape (time,)
        All that was known at the origin.
    n_ahead : int
        At most ``year``.
    year : int
        Periods in a year.

    Returns
    -------
    draws : array, shape (draw, n_ahead)
        One for each change that there has been, and equally likely; the last changes where they differ in number.
    is_seasonal : bool
        Whether it is last year's.

    Examples
    --------
    >>> draws, is_seasonal = naive_forecast(np.array([1.0, 5, 2, 6, 3, 8]), n_ahead=2, year=2)
    >>> draws.tolist(), is_seasonal
    ([[4.0, 9.0], [4.0, 9.0], [4.0, 9.0], [5.0, 10.0]], True)
    """
    n = len(outcome)
    if n >= MIN_YEARS * year:
        changes = outcome[year:] - outcome[:-year]
        return outcome[n - year : n - year + n_ahead] + changes[:, None], True
    n_changes = n - n_ahead
    by_lead = [(outcome[lead:] - outcome[:-lead])[-n_changes:] for lead in range(1, n_ahead + 1)]
    return outcome[-1] + np.stack(by_lead, axis=1), False
