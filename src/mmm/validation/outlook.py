"""One forecast of a backtest, scored; and what many of them together would score if the model were right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm.posterior import Diagnosis
from mmm.posterior.scoring import covered, crps, equal_tailed

__all__ = ["LEVELS", "Outlook", "expected_coverage", "scores"]

Floats = NDArray[np.float64]

#: Probabilities of the intervals that are checked.
LEVELS = (0.50, 0.80, 0.95)


@dataclass(frozen=True, eq=False)
class Outlook:
    """What was forecast from one origin, and what happened.

    Attributes
    ----------
    origin : Timestamp
        Last period that was known.
    dates : DatetimeIndex, shape (period,)
        Periods that were forecast.
    observed : array, shape (period,)
        Their outcome.
    draws : array, shape (draw, period)
        Of the model.
    naive : array, shape (change, period)
        Of the naive forecast, equally likely.
    is_seasonal : bool
        Whether the naive forecast is last year's.
    diagnosis : Diagnosis
        Of the forecast in each period, and of the sampling that it comes from.
    notes : tuple of str
    """

    origin: pd.Timestamp
    dates: pd.DatetimeIndex
    observed: Floats
    draws: Floats
    naive: Floats
    is_seasonal: bool
    diagnosis: Diagnosis
    notes: tuple[str, ...] = ()


def scores(outlooks: Sequence[Outlook]) -> dict[str, Any]:
    """Score some forecasts together, each period alike.

    Returns
    -------
    dict
        ``periods``, ``coverage_50``, ``coverage_80``, ``coverage_95``, ``crps`` and ``crps_naive`` (means over periods,
        in units of the outcome), ``skill`` (1 minus their ratio), ``bias`` (mean forecast minus mean outcome, as a
        share of the mean outcome) and ``mape`` (mean absolute error of the median as a share of the outcome, over the
        periods that have one).
    """
    observed = np.concatenate([outlook.observed for outlook in outlooks])
    mean, median = (
        np.concatenate([summary(outlook.draws, axis=0) for outlook in outlooks]) for summary in (np.mean, np.median)
    )
    model = np.mean(np.concatenate([crps(draws=o.draws, observed=o.observed) for o in outlooks]))
    naive = np.mean(np.concatenate([crps(draws=o.naive, observed=o.observed) for o in outlooks]))
    shares = {f"coverage_{100 * level:g}": float(np.mean(inside(outlooks, level))) for level in LEVELS}
    some = observed != 0
    return {
        "periods": len(observed),
        **shares,
        "crps": float(model),
        "crps_naive": float(naive),
        "skill": float(1 - model / naive) if naive > 0 else np.nan,
        "bias": float((mean - observed).sum() / observed.sum()) if observed.sum() else np.nan,
        "mape": float(np.mean(np.abs(median - observed)[some] / np.abs(observed[some]))) if some.any() else np.nan,
    }


def inside(outlooks: Sequence[Outlook], level: float) -> NDArray[np.bool_]:
    """Whether the interval of each period held its outcome, shape (period,)."""
    found = []
    for outlook in outlooks:
        lower, upper = equal_tailed(draws=outlook.draws, prob=level)
        found.append(covered(lower=lower, upper=upper, observed=outlook.observed))
    return np.concatenate(found)


def expected_coverage(forecasts: Sequence[Floats], *, level: float, rng: np.random.Generator) -> Floats:
    """Coverage that forecasts would have if the model were right: one of its own draws being what happens.

    Parameters
    ----------
    forecasts : sequence of array, shape (draw, period)
        One for each origin.
    level : float
        Probability of the intervals.
    rng : Generator
        For which draw of one origin goes with which of another.

    Returns
    -------
    array, shape (draw,)
        Share of all periods that is held by their intervals, in each draw taken as the truth.

    Notes
    -----
    Periods after one origin go wrong together, as the level, the coefficients and media are the same in all of them.
    The draws have that dependence, so that it need not be assumed. Forecasts from different origins are taken as
    independent: each is right or wrong about what its own data did not tell (Dawid 1984).

    Examples
    --------
    In the one forecast the periods move together: they count for one. In the other each counts.

    >>> rng = np.random.default_rng(1)
    >>> together = np.repeat(rng.normal(size=(2000, 1)), 10, axis=1)
    >>> apart = rng.normal(size=(2000, 10))
    >>> [expected_coverage([draws], level=0.8, rng=rng).std().round(1) for draws in (together, apart)]
    [np.float64(0.4), np.float64(0.1)]
    """
    n_draws = min(len(draws) for draws in forecasts)
    held = np.zeros(n_draws)
    for draws in forecasts:
        lower, upper = equal_tailed(draws=draws, prob=level)
        by_draw = covered(lower=lower, upper=upper, observed=draws).sum(axis=1)
        held += rng.permutation(by_draw)[:n_draws]
    return np.asarray(held / sum(draws.shape[1] for draws in forecasts))
