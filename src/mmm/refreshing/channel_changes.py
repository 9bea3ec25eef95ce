"""Which channel's effect is another one than the last fit found, by the error of its forecast."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["bayes_factors", "changes", "power_to_find"]

Floats = NDArray[np.float64]

#: By how much of itself a channel's effect may be thought to change from one quarter to the next (standard deviation).
CHANGE = 0.5
#: Largest Bayes factor that is given: no model is right enough for more.
LARGEST = 1e6
#: What a channel lost whose change is to be found.
LOST = 0.5


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
    """How many times likelier than before it is that each channel changed, in odds.

    Parameters
    ----------
    error : array, shape (period,) or (draw, period)
        One error of the forecast, or many.
    covariance, media
        As :func:`changes` takes them.

    Returns
    -------
    array, shape (channel,) or (draw, channel)
        Likelihood of the error if the channel changed over that if it did not; 1 where the error says nothing of it,
        at most a million.

    Notes
    -----
    Both likelihoods are averages of two cases that are as probable: none of the other channels changed, or any of them
    may have (Bayesian model averaging; Hoeting and others 1999, *Statistical Science* 14). With ``G = X' S^-1 X``,
    ``b = X' S^-1 r`` and ``M = G + 4 I`` on the rows of the channels that may have changed, the likelihood over that of
    no change is ``|M / 4|^(-1/2) exp(b' M^-1 b / 2)``. Taking a channel out of all divides it by
    ``sqrt(4 V) exp(m^2 / (2 V))``, with its posterior mean and variance ``m, V`` (the ratio of Savage and Dickey).
    Channels compete: an error that the others explain as well raises none.

    Examples
    --------
    Two channels, of which the first explains the error; a third that was expected to bring nothing:

    >>> media = np.array([[10.0, 1.0, 0.0], [1.0, 10.0, 0.0]])
    >>> found = bayes_factors(np.array([-5.0, -0.5]), np.eye(2), media)
    >>> bool(found[0] > 100), bool(found[1] < 1), found[2].round(6)
    (True, True, np.float64(1.0))
    """
    G, b = _information(error, covariance, media)
    at = 1 / CHANGE**2
    M = G + at * np.eye(len(G))
    V, own = np.linalg.inv(M), np.diag(M)
    mean, variance = b @ V, np.diag(V)
    alone = 0.5 * (b**2 / own - np.log(own / at))
    together = 0.5 * ((b * mean).sum(axis=-1, keepdims=True) - np.linalg.slogdet(M / at)[1])
    the_others = together - 0.5 * (mean**2 / variance + np.log(at * variance))
    raised = np.logaddexp(alone, together) - np.logaddexp(0, the_others)
    return np.asarray(np.exp(np.minimum(raised, np.log(LARGEST))))


def power_to_find(errors: Floats, covariance: Floats, media: Floats, *, limit: float) -> Floats:
    """Probability that a channel which brings half is found: that its Bayes factor is beyond a limit.

    Parameters
    ----------
    errors : array, shape (draw, period)
        Of the forecast while nothing changes: each of its draws in turn as what happened, less their mean.
    covariance : array, shape (period, period)
    media : array, shape (draw, period, channel)
        What each channel brings in the same draws.
    limit : float
        Of the Bayes factor.

    Returns
    -------
    array, shape (channel,)
        Power of the test, averaged over what the channel may bring.

    Examples
    --------
    Noise of one; a channel that brings ten in every period, and one that brings a tenth:

    >>> errors = np.random.default_rng(1).normal(size=(1000, 4))
    >>> media = np.ones((1000, 4, 2)) * [[10.0, 0.1], [10.0, 0.1], [10.0, 0.0], [0.0, 0.1]]
    >>> power_to_find(errors, np.eye(4), media, limit=1.5).round(2)
    array([1., 0.])
    """
    expected = media.mean(axis=0)
    found = [
        bayes_factors(errors - LOST * media[..., channel], covariance, expected)[:, channel] > limit
        for channel in range(expected.shape[1])
    ]
    return np.mean(found, axis=1)


def _information(error: Floats, covariance: Floats, media: Floats) -> tuple[Floats, Floats]:
    """What the error says of the changes: precision, shape (channel, channel), and its product with their estimate."""
    precise = np.linalg.solve(covariance, media)
    return media.T @ precise, error @ precise
