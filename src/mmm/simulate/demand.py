"""Hidden demand: it moves the outcome, the spend of the channels that chase it, and an index that measures it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmm.simulate.noise import autoregression

__all__ = ["demand_index", "demand_path", "pull_on_spend"]


def demand_path(
    n_periods: int,
    *,
    n_past: int,
    weeks_per_period: float,
    half_life_weeks: float,
    rng: np.random.Generator,
    past_rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Demand in units of its standard deviation, its past first.

    Parameters
    ----------
    n_periods, n_past : int
        Periods of the data and before them.
    weeks_per_period : float
    half_life_weeks : float
        Weeks after which the correlation with what was is one half.
    rng, past_rng : Generator
        Of the data's demand, which does not depend on how much of the past there is, and of the past's.

    Returns
    -------
    array, shape (n_past + n_periods,)

    Examples
    --------
    >>> weekly = {"weeks_per_period": 1.0, "half_life_weeks": 6.0}
    >>> rngs = {"rng": np.random.default_rng(1), "past_rng": np.random.default_rng(2)}
    >>> demand_path(10, n_past=4, **weekly, **rngs).shape
    (14,)
    """
    correlation = 0.5 ** (weeks_per_period / half_life_weeks)
    seen = autoregression(rng.standard_normal(n_periods), correlation=correlation)
    # a stationary normal series is the same process read backwards, so its past is drawn on from its first value
    shocks = np.concatenate([seen[:1], past_rng.standard_normal(n_past)])
    return np.concatenate([autoregression(shocks, correlation=correlation)[:0:-1], seen])


def pull_on_spend(demand: NDArray[np.float64], *, chasing: float) -> NDArray[np.float64]:
    """Factors by which demand moves the spend that chases it; their mean is one over many worlds.

    Examples
    --------
    >>> pull_on_spend(np.array([-1.0, 0.25, 1.0]), chasing=0.5).round(3)
    array([0.535, 1.   , 1.455])
    """
    return np.exp(chasing * demand - chasing**2 / 2)


def demand_index(demand: NDArray[np.float64], *, error: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Measure demand on a scale of mean 100 and 10 per standard deviation of it, with independent errors.

    Examples
    --------
    >>> demand_index(np.array([0.0, 2.0]), error=0.0, rng=np.random.default_rng(1))
    array([100., 120.])
    """
    return np.round(100 + 10 * (demand + error * rng.standard_normal(len(demand))), 2)
