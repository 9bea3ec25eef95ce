"""Quantiles of the families that priors come from, in NumPy and the standard library.

SciPy has them too, but importing it takes a quarter of a second: more than the replay of a saved fit. That both agree
is tested. Probabilities are of any shape; beyond 0 and 1 there is no quantile, and NaN is given.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["beta_quantile", "half_normal_quantile", "logistic", "normal_quantile"]

Floats = NDArray[np.float64]

STANDARD = NormalDist()

#: Of Newton's method; it takes some five, more where a tail is very long.
MAX_STEPS = 100
#: Of the continued fraction; it takes about the square root of the larger parameter.
MAX_TERMS = 1000


def normal_quantile(probability: ArrayLike) -> Floats:
    """Quantile of the standard normal, by Wichura's algorithm AS 241 (1988) in the standard library.

    Examples
    --------
    >>> normal_quantile([0.0, 0.025, 0.5]).round(3)
    array([ -inf, -1.96,  0.  ])
    """
    p = np.asarray(probability, dtype=float)
    found = np.select([p == 0, p == 1], [-np.inf, np.inf], default=np.nan)
    inside = (p > 0) & (p < 1)
    found[inside] = [STANDARD.inv_cdf(one) for one in p[inside].tolist()]
    return found


def half_normal_quantile(probability: ArrayLike) -> Floats:
    """Quantile of the absolute value of a standard normal, exact also where the probability is tiny.

    Examples
    --------
    >>> half_normal_quantile([0.0, 1e-12, 0.95]).round(15)
    array([0.00000000e+00, 1.25300000e-12, 1.95996398e+00])
    """
    p = np.asarray(probability, dtype=float)
    found = np.asarray(np.abs(normal_quantile(np.where(p >= 0, (1 - p) / 2, np.nan))))
    near = (p > 0) & (p < 0.5)
    z = found[near]
    # 1 - p has lost the last digits of p: a step of Newton's finds them again
    reached = np.array([math.erf(one) for one in (z / math.sqrt(2)).tolist()])
    found[near] = z + (p[near] - reached) * math.sqrt(math.pi / 2) * np.exp(z**2 / 2)
    return found


def beta_quantile(probability: ArrayLike, a: float, b: float) -> Floats:
    """Quantile of ``Beta(a, b)``.

    Newton's method finds the log odds of the quantile, as a function of which the log odds of the probability are
    nearly straight: of slope ``a`` far below and ``b`` far above.

    Examples
    --------
    >>> beta_quantile([0.0, 0.25, 1.0], 1.0, 2.0).round(6)
    array([0.      , 0.133975, 1.      ])
    """
    p = np.asarray(probability, dtype=float)
    found = np.select([p == 0, p == 1], [0.0, 1.0], default=np.nan)
    inside = (p > 0) & (p < 1)
    aim = np.log(p[inside]) - np.log1p(-p[inside])
    odds = np.full(aim.shape, math.log(a / b))
    for _ in range(MAX_STEPS):
        below, above = _log_tails(odds, a, b)
        step = (aim - below + above) / np.exp(_log_density(odds, a, b) - below - above)
        odds = odds + step
        if (np.abs(step) <= 1e-9 * (1 + np.abs(odds))).all():  # digits that are right double with every step
            break
    found[inside] = logistic(odds)
    return found


def logistic(odds: ArrayLike) -> Floats:
    """Probability of some log odds.

    Examples
    --------
    >>> logistic([-800.0, 0.0, 800.0])
    array([0. , 0.5, 1. ])
    """
    return np.asarray(np.exp(-np.logaddexp(0, -np.asarray(odds, dtype=float))))


def _log_density(odds: Floats, a: float, b: float) -> Floats:
    """Log density of the log odds of a Beta."""
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    return np.asarray(-a * np.logaddexp(0, -odds) - b * np.logaddexp(0, odds) - log_beta)


def _log_tails(odds: Floats, a: float, b: float) -> tuple[Floats, Floats]:
    """Logarithms of the probabilities below and above some log odds: the shorter tail is summed up."""
    is_below = odds <= math.log((a + 1) / (b + 1))
    shorter = np.empty_like(odds)
    shorter[is_below] = _log_lower_tail(odds[is_below], a, b)
    shorter[~is_below] = _log_lower_tail(-odds[~is_below], b, a)
    longer = np.log1p(-np.exp(shorter))
    return np.where(is_below, shorter, longer), np.where(is_below, longer, shorter)


def _log_lower_tail(odds: Floats, a: float, b: float) -> Floats:
    """Logarithm of ``x^a (1 - x)^b / (a B(a, b))`` times the continued fraction DLMF 8.17.22, by Lentz's method."""
    x = logistic(odds)
    fraction = denominator = 1 / (1 - (a + b) * x / (a + 1))
    numerator = np.ones_like(x)
    for m in range(1, MAX_TERMS):
        for part in (m * (b - m) / (a + 2 * m - 1), -(a + m) * (a + b + m) / (a + 2 * m + 1)):
            by = part / (a + 2 * m) * x
            denominator, numerator = 1 / (1 + by * denominator), 1 + by / numerator
            fraction = fraction * denominator * numerator
        if not (np.abs(denominator * numerator - 1) > 4e-15).any():
            break
    return np.asarray(_log_density(odds, a, b) - math.log(a) + np.log(fraction))
