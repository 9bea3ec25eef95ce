"""Which channel's effect is another one than the last fit found, by the error of its forecast."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["bayes_factors", "changes"]

Floats = NDArray[np.float64]

#: By how much of itself a channel's effect may be thought to change from one quarter to the next (standard deviation).
CHANGE = 0.5
#: Prior probability that no channel changed, that one did, whichever it is, and that two did. More at once are no
#: matter of channels.
NONE, ONE, TWO = 0.25, 0.50, 0.25
#: Largest Bayes factor that is given: no model is right enough for more.
LARGEST = 1e6


def changes(error: Floats, covariance: Floats, media: Floats) -> tuple[Floats, Floats, Floats]:
    """Change of each channel's effect if all may have changed; see :meth:`ForecastCheck.by_channel`.

    Parameters
    ----------
    error : array, shape (period,)
        Outcome less its forecast.
    covariance : array, shape (period, period)
        Of the forecast.
    media : array, shape (period, channel)
        Expected.

    Returns
    -------
    change, spread, z : array, shape (channel,)
        Posterior mean and standard deviation of the change, as a share of what was expected, and the mean in units of
        its standard deviation while nothing changes.

    Examples
    --------
    Nine tenths of what was expected did not come, and nothing else is known:

    >>> change, spread, z = changes(np.array([-9.0]), np.array([[1.0]]), np.array([[10.0]]))
    >>> change.round(2), z.round(1)
    (array([-0.87]), array([-9.]))
    """
    known, said = _information(error, covariance, media)
    variance = np.linalg.inv(known + np.eye(len(said)) / CHANGE**2)
    change = variance @ said
    without = np.sqrt(np.diag(variance @ known @ variance))
    z = np.divide(change, without, out=np.zeros_like(change), where=without > 0)
    return change, np.sqrt(np.diag(variance)), z


def bayes_factors(error: Floats, covariance: Floats, media: Floats) -> Floats:
    """How many times likelier than before it is that each channel is among those that changed, in odds.

    Parameters
    ----------
    error, covariance, media
        As :func:`changes` takes them.

    Returns
    -------
    array, shape (channel,)
        Posterior over prior odds, 1 where the error says nothing; at most a million.

    Notes
    -----
    Averages over all ways in which no channel, one or two may have changed (Bayesian model averaging; Hoeting and
    others 1999, *Statistical Science* 14). With ``G = X' S^-1 X``, ``b = X' S^-1 r`` and ``M = G + 4 I`` on the rows of
    the channels that changed, the evidence of a way over that of no change is
    ``|M / 4|^(-1/2) exp(b' M^-1 b / 2)``. The ways compete: an error that one channel explains raises no other.

    Examples
    --------
    Two channels, of which the first explains the error; a third that was expected to bring nothing:

    >>> media = np.array([[10.0, 1.0, 0.0], [1.0, 10.0, 0.0]])
    >>> found = bayes_factors(np.array([-5.0, -0.5]), np.eye(2), media)
    >>> bool(found[0] > 100), bool(found[1] < 1), bool(found[2] < 1)
    (True, True, True)
    """
    G, b = _information(error, covariance, media)
    n, at = len(b), 1 / CHANGE**2
    M = G + at * np.eye(n)
    own = np.diag(M)
    first, second = np.triu_indices(n, k=1)
    determinant = own[first] * own[second] - M[first, second] ** 2
    both = (
        b[first] ** 2 * own[second] + b[second] ** 2 * own[first] - 2 * b[first] * b[second] * M[first, second]
    ) / determinant
    evidence = np.concatenate(
        [[0.0], 0.5 * (b**2 / own - np.log(own / at)), 0.5 * (both - np.log(determinant / at**2))]
    )
    prior = np.log(np.concatenate([[NONE], np.full(n, ONE / n), np.full(len(first), TWO / max(len(first), 1))]))
    one = np.eye(n, dtype=bool)
    changed = np.concatenate([np.zeros((1, n), dtype=bool), one, one[first] | one[second]])
    raised = _log_odds(prior + evidence, changed) - _log_odds(prior, changed)
    return np.asarray(np.exp(np.minimum(raised, np.log(LARGEST))))


def _information(error: Floats, covariance: Floats, media: Floats) -> tuple[Floats, Floats]:
    precise = np.linalg.solve(covariance, media)
    return media.T @ precise, precise.T @ error


def _log_odds(weights: Floats, changed: NDArray[np.bool_]) -> Floats:
    """Of each channel, from logarithms of the weights of all ways in which channels may have changed."""
    sides = [np.where(side, weights[:, None], -np.inf) for side in (changed, ~changed)]
    is_in, is_out = (np.logaddexp.reduce(side, axis=0) for side in sides)
    return np.asarray(is_in - is_out)
