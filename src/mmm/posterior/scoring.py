"""Scores of forecasts and of intervals: is what was said borne out, and was it worth saying.

A score is a loss, proper where that word has a meaning for it: on average nobody does better than by saying what he
believes (Gneiting and Raftery 2007).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmm.errors import ReportError

__all__ = ["covered", "crps", "equal_tailed", "interval_score", "pit"]

Floats = NDArray[np.float64]


def crps(*, draws: ArrayLike, observed: ArrayLike) -> Floats:
    """Continuous ranked probability score of a forecast given by draws.

    ``E|X - y| - E|X - X'| / 2`` for ``X`` and ``X'`` drawn independently from the empirical distribution of the draws
    (Gneiting and Raftery 2007), which sorting makes a sum of n terms. In the unit of the outcome; for a forecast
    without any uncertainty it is the absolute error.

    Parameters
    ----------
    draws : array, shape (draw, ...)
    observed : array, shape (...)

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ReportError
        If the shapes do not match, or there are no draws.

    Examples
    --------
    >>> float(crps(draws=[1.0, 3.0], observed=2.0)), float(crps(draws=[5.0], observed=2.0))
    (0.5, 3.0)
    """
    drawn, seen = _matching(draws, observed)
    n = len(drawn)
    # |X - X'| summed over all pairs: each sorted draw counts once for every draw below it, less once for each above
    rank = (2 * np.arange(1, n + 1) - n - 1).reshape(-1, *[1] * seen.ndim)
    spread = (rank * np.sort(drawn, axis=0)).sum(axis=0) / n**2
    return np.asarray(np.abs(drawn - seen).mean(axis=0) - spread)


def equal_tailed(*, draws: ArrayLike, prob: float) -> tuple[Floats, Floats]:
    """Interval that leaves equal probability on both sides.

    Parameters
    ----------
    draws : array, shape (draw, ...)
    prob : float
        Between 0 and 1.

    Returns
    -------
    lower, upper : array, shape (...)

    Examples
    --------
    >>> [round(float(end), 9) for end in equal_tailed(draws=np.arange(101.0), prob=0.9)]
    [5.0, 95.0]
    """
    _check_prob(prob)
    lower, upper = np.quantile(np.asarray(draws, dtype=float), [(1 - prob) / 2, (1 + prob) / 2], axis=0)
    return lower, upper


def covered(*, lower: ArrayLike, upper: ArrayLike, observed: ArrayLike) -> NDArray[np.bool_]:
    """Whether each interval contains what was observed, its ends included; shape of the arguments.

    Examples
    --------
    >>> covered(lower=[0.0, 0.0], upper=[1.0, 1.0], observed=[1.0, 1.1]).tolist()
    [True, False]
    """
    seen = np.asarray(observed, dtype=float)
    return np.asarray((np.asarray(lower) <= seen) & (seen <= np.asarray(upper)))


def interval_score(*, lower: ArrayLike, upper: ArrayLike, observed: ArrayLike, prob: float) -> Floats:
    """Width of an interval, plus ``2 / (1 - prob)`` times the distance by which it misses (Winkler 1972).

    Narrow is good as far as it is true: on average the least is scored by the equal-tailed interval of what one
    believes. In the unit of the outcome.

    Parameters
    ----------
    lower, upper, observed : array
        Of shapes that broadcast.
    prob : float
        Of the interval, between 0 and 1.

    Returns
    -------
    array

    Raises
    ------
    ReportError
        If an interval ends before it begins, or ``prob`` is not between 0 and 1.

    Examples
    --------
    >>> interval_score(lower=[1.0, 1.0], upper=[3.0, 3.0], observed=[2.0, 3.5], prob=0.9).round(9)
    array([ 2., 12.])
    """
    _check_prob(prob)
    low, high, seen = (np.asarray(values, dtype=float) for values in (lower, upper, observed))
    if (high < low).any():
        raise ReportError(
            "an interval ends before it begins",
            "its width would be negative, and score well",
            "give the lower ends as lower, the upper ones as upper",
        )
    missed = np.maximum(low - seen, 0) + np.maximum(seen - high, 0)
    return np.asarray(high - low + 2 / (1 - prob) * missed)


def pit(*, draws: ArrayLike, observed: ArrayLike) -> Floats:
    """Probability integral transform: the share of draws below what was observed, half of those equal to it.

    Over many forecasts it is uniform if they are calibrated (Dawid 1984); heaped at both ends if too sure.

    Parameters
    ----------
    draws : array, shape (draw, ...)
    observed : array, shape (...)

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> float(pit(draws=[1.0, 2.0, 3.0, 4.0], observed=2.0))
    0.375
    """
    drawn, seen = _matching(draws, observed)
    return np.asarray((drawn < seen).mean(axis=0) + 0.5 * (drawn == seen).mean(axis=0))


def _matching(draws: ArrayLike, observed: ArrayLike) -> tuple[Floats, Floats]:
    drawn, seen = np.asarray(draws, dtype=float), np.asarray(observed, dtype=float)
    if drawn.ndim == 0 or not len(drawn) or drawn.shape[1:] != seen.shape:
        raise ReportError(
            f"draws of shape {drawn.shape} for observations of shape {seen.shape}",
            "a forecast would be scored by what happened at another time",
            "give draws of shape (draw, ...) for observations of shape (...)",
        )
    return drawn, seen


def _check_prob(prob: float) -> None:
    if not 0 < prob < 1:
        raise ReportError(f"prob={prob!r}", "no interval has that probability", "use a number between 0 and 1")
