"""Did the answer move by more than new weeks can explain: one fair number for each channel.

For a model that is right, what will be believed later is on average what is believed now: the posterior mean of a
fixed quantity is a martingale, and the variance of its next step is the fall of the posterior variance that is to be
expected. So the step over the root of that fall is near standard normal while nothing changes but the data, however
wide the intervals are. A step in posterior standard deviations is not: a quarter of new weeks takes some twentieth of
the variance away, and a step of one standard deviation is then already more than four times what is due.

The expected fall is that of a Gaussian to which new weeks say as much each as old ones did. The fall that was observed
in its place is about as uncertain as it is large (the variance of draws is known to three percent, and moves with the
mean): in simulated worlds in which nothing changed it raised an alarm for one channel in six. What was learnt is
uncertain as well, which matters where it is next to nothing.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.fitting.convergence import ess_bulk
from mmm.posterior import Draws
from mmm.returns import Valuation, Window, per_spend, returns_by_horizon

__all__ = ["drift_table", "overlap", "returns_of_window", "steps"]

Floats = NDArray[np.float64]

AMBER, RED = 2.0, 3.0
#: A variance that grew by more than this factor, and by more than three errors of its own estimate, did grow.
WIDENED, ERRORS = 1.25, 3.0
#: Monte Carlo errors by which what was learnt may be more than it seems.
UNSURE = 1.0
#: Points at which two distributions are compared.
GRID = 512


def returns_of_window(draws: Draws, *, window: Window, horizon_weeks: float) -> xr.DataArray:
    """Return per unit of a window's spend, dims (chain, draw, channel), the total included.

    Money where the outcome has any, otherwise outcome per unit of spend; NaN where nothing was spent.
    """
    valuation = Valuation.of(draws)
    found = returns_by_horizon(draws, horizons=(horizon_weeks,), window=window, valuation=valuation, landed=False)
    variable = "money" if valuation.is_money else "incremental_outcome"
    return per_spend(found, variable).squeeze(schema.HORIZON, drop=True)


def drift_table(
    old: xr.DataArray,
    new: xr.DataArray,
    prior: xr.DataArray,
    *,
    growth: float,
    prob: float,
    restated: bool,
    is_money: bool,
) -> pd.DataFrame:
    """Hold the same returns of two fits against one another.

    Parameters
    ----------
    old, new, prior : DataArray, dims (chain, draw, channel)
        From :func:`returns_of_window`, of the same periods' spend; the prior is that of the old fit.
    growth : float
        Periods that came or went, as a share of those of the old fit.
    prob : float
        Of the intervals.
    restated : bool
        Whether the past was restated: the step is then also due to that, and intervals may widen.
    is_money : bool
        Whether 1 is break-even.

    Returns
    -------
    DataFrame
        One row for each channel that both have, then ``total``: `schema.DRIFT_COLUMNS`, and ``prob_above_one_old,
        prob_above_one`` for money.
    """
    both = [name for name in old[schema.CHANNEL].values if name in new[schema.CHANNEL].values]
    old, new, prior = (
        side.sel({schema.CHANNEL: both}).transpose(schema.CHAIN, schema.DRAW, ...) for side in (old, new, prior)
    )
    edges = [0.5, (1 - prob) / 2, (1 + prob) / 2]
    before, after = (np.quantile(side.values, edges, axis=(0, 1)) for side in (old, new))
    prior_variance = np.log(prior.values).var(axis=(0, 1), ddof=1)
    z, widened = steps(np.log(old.values), np.log(new.values), prior_variance=prior_variance, growth=growth)
    columns = {
        schema.CHANNEL: both,
        **dict(zip(("old", "old_lower", "old_upper"), before, strict=True)),
        **dict(zip(("new", "new_lower", "new_upper"), after, strict=True)),
        "z": z,
        "overlap": [overlap(o.ravel(), n.ravel()) for o, n in zip(old.values.T, new.values.T, strict=True)],
        "flag": [_flag(step, grew and not restated) for step, grew in zip(z, widened, strict=True)],
    }
    if is_money:
        for name, side in (("prob_above_one_old", old), ("prob_above_one", new)):
            above = (side.values > 1).mean(axis=(0, 1))
            columns[name] = np.where(np.isnan(side.values).any(axis=(0, 1)), np.nan, above)
    return pd.DataFrame(columns)


def steps(
    old: Floats, new: Floats, *, prior_variance: float | Floats, growth: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """Step of the mean in units of what was due, and whether the spread grew, of each quantity.

    Parameters
    ----------
    old, new : array, shape (chain, draw, quantity)
        Draws on a scale on which they are near normal.
    prior_variance : float or array, shape (quantity,)
    growth : float
        Periods that came or went, as a share of those that the old fit saw.

    Returns
    -------
    z : array, shape (quantity,)
        ``(mean_new - mean_old) / sqrt(due + MCSE^2)`` with ``due = V_old - 1 / (1 / V_old + growth I)``, where
        ``I = 1 / V_old - 1 / V_prior`` is what the old fit had learnt, at least nothing, and one Monte Carlo error
        more: where nothing seems to have been learnt, a little may have been. MCSE is the Monte Carlo error of the
        step.
    widened : array of bool, shape (quantity,)
        ``V_new > 1.25 V_old``, and by more than Monte Carlo error.

    Examples
    --------
    As much is learnt again as was known, and the mean moved by as much as that is due:

    >>> rng = np.random.default_rng(1)
    >>> old, new = rng.normal(0, 1, (4, 1000, 1)), rng.normal(0.7, 0.7, (4, 1000, 1))
    >>> z, widened = steps(old, new, prior_variance=1e6, growth=1.0)
    >>> z.round(1), widened
    (array([1.]), array([False]))
    """
    ess = [ess_bulk(side) for side in (old, new)]
    means = [side.mean(axis=(0, 1)) for side in (old, new)]
    v_old, v_new = (side.var(axis=(0, 1), ddof=1) for side in (old, new))
    error = v_old / ess[0] + v_new / ess[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        learnt = np.maximum(1 / v_old - 1 / prior_variance, 0) + UNSURE * np.sqrt(2 / ess[0]) / v_old
        due = v_old - 1 / (1 / v_old + growth * learnt)
        z = (means[1] - means[0]) / np.sqrt(due + error)
        grown = np.log(v_new / v_old)
    return z, np.asarray(grown > np.maximum(math.log(WIDENED), ERRORS * np.sqrt(2 / ess[0] + 2 / ess[1])))


def overlap(first: Floats, second: Floats) -> float:
    """Area that two distributions of positive draws share, on the log scale: 1 for the same, 0 for apart.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> same, apart = np.exp(rng.normal(0, 1, (2, 4000))), np.exp(rng.normal(0, 1, (2, 4000))) * [[1], [1000]]
    >>> bool(overlap(*same) > 0.95), bool(overlap(*apart) < 0.01)
    (True, True)
    """
    logs = [np.log(draws) for draws in (first, second)]
    if not all(np.isfinite(draws).all() for draws in logs):
        return float("nan")
    width = [1.06 * draws.std() * len(draws) ** -0.2 for draws in logs]  # Silverman's rule
    low, high = min(draws.min() for draws in logs), max(draws.max() for draws in logs)
    margin = 4 * max(width) + 1e-12
    edges = np.linspace(low - margin, high + margin, GRID + 1)
    step = edges[1] - edges[0]
    densities = []
    for draws, bandwidth in zip(logs, width, strict=True):
        counts = np.histogram(draws, edges)[0] / len(draws)
        reach = np.arange(-GRID + 1, GRID) * step
        kernel = np.exp(-0.5 * (reach / max(bandwidth, step)) ** 2)
        densities.append(np.convolve(counts, kernel / kernel.sum())[GRID - 1 : 2 * GRID - 1])
    return float(np.minimum(*densities).sum())


def _flag(z: float, widened: bool) -> str:
    if np.isnan(z):
        return "no spend"
    if widened or abs(z) > RED:
        return "red"
    return "amber" if abs(z) > AMBER else "ok"
