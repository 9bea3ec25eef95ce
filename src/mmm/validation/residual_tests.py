"""Statistics of what a fit left unexplained, and how they are distributed if the model holds.

The whitened residual ``z`` of `posterior/whitened.py` has lost the order of time. Two ways bring it back, both exact:

- ``B'z``, the symmetric whitening: independent but for what the baseline's columns took out, as the residuals of a
  regression with independent errors are. For what goes on over time.
- ``(B'(z / scale))_t`` over its sd, the residual of a period predicted from all others. For single periods.

A flexible base follows the noise, and the sizes of noise and walk are chosen to make the residual look well. So
replicas are drawn from the posterior, and noise and walk are estimated again from each of them, on a grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.model.horizon import periods
from mmm.posterior.whitened import Whitened

__all__ = ["ResidualStatistics", "adjusted_probabilities", "residual_statistics"]

Floats = NDArray[np.float64]

#: Periods of which less than this is left after the baseline's columns (a dummy's own week) have no residual.
LEFT_OVER = 0.1

#: Of the grid on which noise and walk are estimated again.
GRID = 25

#: Weeks over which autocorrelation is looked at, and up to which earlier spend is.
WEEKS = 13
RECENT_WEEKS = 4


@dataclass(frozen=True, eq=False)
class ResidualStatistics:
    """What was found in the residuals and in those of replicas.

    Attributes
    ----------
    names : tuple of str
        ``autocorrelation``, ``distribution``, ``tails``, ``spread`` and ``media`` followed by the channel.
    observed : array, shape (check,)
    replicas : array, shape (replica, check)
    kept : array of bool, shape (time,)
        Periods that have a residual.
    residuals : array, shape (kept,)
        Of single periods, N(0, 1) if the model holds.
    outlier_limit : float
        That the largest of them exceeds in 5% of replicas.
    autocorrelations : array, shape (lag,)
    autocorrelation_limits : array, shape (2, lag)
        Between which each lies in 95% of replicas.
    """

    names: tuple[str, ...]
    observed: Floats
    replicas: Floats
    kept: NDArray[np.bool_]
    residuals: Floats
    outlier_limit: float
    autocorrelations: Floats
    autocorrelation_limits: Floats


def residual_statistics(whitened: Whitened, *, n_replicas: int, rng: np.random.Generator) -> ResidualStatistics:
    """Compute every statistic for the fit (row 0 within) and for replicas.

    Parameters
    ----------
    whitened : Whitened
    n_replicas : int
    rng : Generator
    """
    inputs = whitened.draws.inputs
    rotation = inputs.rotation.matrix
    kept = (rotation**2).sum(axis=0) > LEFT_OVER
    residual = np.vstack([whitened.residual, replicas_estimated_again(whitened, n_replicas, rng)])

    over_time = _unit(residual @ rotation[:, kept], rotation[:, kept])
    one_out = rotation[:, kept] / whitened.scale[:, None]
    single = _unit(residual @ one_out, one_out)

    lags = max(1, periods(WEEKS, inputs.weeks_per_period))
    correlations = autocorrelations(over_time, lags)
    usual, spread = correlations[1:].mean(axis=0), correlations[1:].std(axis=0)
    found = {
        "autocorrelation": (((correlations - usual) / spread) ** 2 / np.arange(1, lags + 1)).sum(axis=1),
        "distribution": distance_from_uniform(single),
        "tails": kurtosis(single),
        "spread": drift_of_squares(over_time),
    }
    for place, name in enumerate(whitened.draws.data.channels):
        columns = misfit_columns(inputs.driver[:, place], start=inputs.start, weeks_per_period=inputs.weeks_per_period)
        regressors, _, joint = whitened.regressors(columns)
        found[f"media {name}"] = ((residual @ regressors @ joint) ** 2).sum(axis=1)
    table = np.column_stack(list(found.values()))
    return ResidualStatistics(
        names=tuple(found),
        observed=table[0],
        replicas=table[1:],
        kept=kept,
        residuals=single[0],
        outlier_limit=float(np.quantile(np.abs(single[1:]).max(axis=1), 0.95)),
        autocorrelations=correlations[0],
        autocorrelation_limits=np.quantile(correlations[1:], [0.025, 0.975], axis=0),
    )


def adjusted_probabilities(observed: Floats, replicas: Floats) -> Floats:
    """Probability that any check is as far out as this one, if the model holds (Westfall and Young 1993, min-p).

    Parameters
    ----------
    observed : array, shape (check,)
    replicas : array, shape (replica, check)

    Returns
    -------
    array, shape (check,)

    Examples
    --------
    >>> same = np.repeat(np.arange(99.0)[:, None], 2, axis=1)  # two checks that are one
    >>> adjusted_probabilities(np.array([98.5, 49.5]), same)
    array([0.01, 0.5 ])
    """
    n = len(replicas)
    ranks = np.empty_like(replicas)
    np.put_along_axis(ranks, np.argsort(-replicas, axis=0, kind="stable"), np.arange(1.0, n + 1)[:, None], axis=0)
    smallest = (ranks / n).min(axis=1)
    own = (replicas >= observed).mean(axis=0)
    return np.asarray((1 + (smallest[:, None] <= own).sum(axis=0)) / (n + 1))


def replicas_estimated_again(whitened: Whitened, n: int, rng: np.random.Generator) -> Floats:
    """Draw residuals of replicas, standardised by noise and walk as they are estimated from each, shape (n, row)."""
    draws = whitened.draws
    walked = draws.inputs.rotation.walk_variances
    sigma = draws.parameters[schema.SIGMA].values.reshape(-1)
    tau = draws.parameters[schema.TAU].values.reshape(-1) if schema.TAU in draws.parameters else np.zeros_like(sigma)
    picked = rng.integers(len(sigma), size=n)
    rotated = whitened.replicas(n, rng) * np.sqrt(sigma[picked, None] ** 2 + tau[picked, None] ** 2 * walked)

    noise_prior, walk_prior = draws.spec.noise, draws.spec.trend.walk
    assert noise_prior is not None, "a resolved spec has a noise prior"
    noises = np.median(sigma) * np.linspace(0.6, 1.5, GRID)
    log_prior = -0.5 * (noises / noise_prior.sigma) ** 2
    walks = np.zeros(1)
    if walk_prior is not None:
        # denser near 0, where small walks are
        walks = np.linspace(0, 1, GRID) ** 1.5 * max(4 * walk_prior.sigma, 1.3 * tau.max())
        log_prior = np.add.outer(log_prior, -0.5 * (walks / walk_prior.sigma) ** 2).ravel()
    variances = (noises[:, None, None] ** 2 + walks[:, None] ** 2 * walked).reshape(-1, len(walked))
    log_weights = log_prior - 0.5 * np.log(variances).sum(axis=1) - 0.5 * rotated**2 @ (1 / variances).T
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    return np.asarray(rotated / np.sqrt(weights @ variances / weights.sum(axis=1, keepdims=True)))


def autocorrelations(series: Floats, n_lags: int) -> Floats:
    """Autocorrelations about 0 at lags 1 ... n, shape (replica, lag).

    Examples
    --------
    >>> autocorrelations(np.array([[1.0, -1.0, 1.0, -1.0]]), 2)
    array([[-0.75,  0.5 ]])
    """
    power = (series**2).sum(axis=1)
    lagged = [(series[:, lag:] * series[:, :-lag]).sum(axis=1) / power for lag in range(1, n_lags + 1)]
    return np.stack(lagged, axis=1)


def distance_from_uniform(series: Floats) -> Floats:
    """Largest distance of the normal probabilities of each row from uniform ones (Kolmogorov), shape (replica,).

    Examples
    --------
    >>> distance_from_uniform(np.array([[0.0, 0.0]]))
    array([0.5])
    """
    from scipy import special  # slow to import

    n = series.shape[1]
    probabilities = np.sort(special.ndtr(series), axis=1)
    steps = np.arange(n + 1) / n
    above, below = np.abs(probabilities - steps[1:]), np.abs(probabilities - steps[:-1])
    return np.asarray(np.maximum(above, below).max(axis=1))


def kurtosis(series: Floats) -> Floats:
    """Mean fourth power over the squared mean square of each row: 3 for a normal distribution, shape (replica,).

    Examples
    --------
    >>> kurtosis(np.array([[1.0, -1.0], [2.0, 0.0]]))
    array([1., 2.])
    """
    return np.asarray((series**4).mean(axis=1) / (series**2).mean(axis=1) ** 2)


def drift_of_squares(series: Floats) -> Floats:
    """How far the share of squares up to a period strays from the share of periods, shape (replica,).

    The cumulative sum of squares of Brown, Durbin and Evans (1975).

    Examples
    --------
    >>> drift_of_squares(np.array([[1.0, 1.0, 1.0, 1.0], [2.0, 2.0, 0.0, 0.0]]))
    array([0. , 0.5])
    """
    squares = np.cumsum(series**2, axis=1)
    share_of_periods = np.arange(1, series.shape[1] + 1) / series.shape[1]
    return np.asarray(np.abs(squares / squares[:, [-1]] - share_of_periods).max(axis=1))


def misfit_columns(driver: Floats, *, start: int, weeks_per_period: float) -> Floats:
    """Columns along which a wrong curve or kernel would show: spend, its square, spend 1-4 and 5-13 weeks ago.

    Parameters
    ----------
    driver : array, shape (history + time,)
        History first; before it, spend counts as usual.
    start : int
        Rows of history.
    weeks_per_period : float

    Returns
    -------
    array, shape (time, column)

    Examples
    --------
    >>> misfit_columns(np.arange(4.0), start=1, weeks_per_period=365.25 / 84)[:, :3]
    array([[1., 1., 0.],
           [2., 4., 1.],
           [3., 9., 2.]])
    """
    recent, far = (max(edge, periods(w, weeks_per_period)) for edge, w in ((1, RECENT_WEEKS), (2, WEEKS)))
    known = np.concatenate([np.full(far, driver.mean()), driver])

    def mean_of_lags(first: int, last: int) -> Floats:
        lagged = [known[far + start - lag : len(known) - lag] for lag in range(first, last + 1)]
        return np.mean(lagged, axis=0)

    now = driver[start:]
    return np.column_stack([now, now**2, mean_of_lags(1, recent), mean_of_lags(recent + 1, far)])


def _unit(projected: Floats, projection: Floats) -> Floats:
    """Divide what was projected by its sd if the model holds."""
    return np.asarray(projected / np.sqrt((projection**2).sum(axis=0)))
