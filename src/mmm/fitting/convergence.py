"""R-hat, effective sample sizes and E-BFMI of many quantities at once.

The definitions are those of Vehtari, Gelman, Simpson, Carpenter and Buerkner (2021), "Rank-normalization, folding, and
localization: an improved R-hat for assessing convergence of MCMC", Bayesian Analysis 16(2), and of Betancourt (2016),
"Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo". ArviZ computes the same, one quantity
after the other and after an import that takes longer than the sampling; that both agree is tested.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mmm.model.quantiles import normal_quantile

__all__ = ["bfmi", "convergence", "ess_bulk"]

Floats = NDArray[np.float64]

#: Edges whose probabilities are estimated worst of those that are reported.
TAIL_EDGES = (0.05, 0.95)


def convergence(draws: Floats) -> tuple[Floats, Floats, Floats]:
    """R-hat, and effective numbers of draws for the middle and for the edges of a 90% interval.

    Parameters
    ----------
    draws : array, shape (chain, draw, quantity)

    Returns
    -------
    rhat : array, shape (quantity,)
        Rank-normalised and split: the larger of that of the draws and that of their distance from the median. NaN
        where the draws never move.
    bulk, tail : array, shape (quantity,)
        Of effective draws: for means and medians, and for the worse of both edges.
    """
    chains = _by_quantity(draws)
    split = _split(chains)
    scores = _normal_scores(split)
    folded = np.abs(split - np.median(split, axis=(1, 2), keepdims=True))
    rhat = np.maximum(_between_over_within(scores), _between_over_within(_normal_scores(folded)))
    return np.asarray(rhat), _effective(scores), _ess_tail(chains)


def ess_bulk(draws: Floats) -> Floats:
    """Effective number of draws for means and medians, shape (chain, draw, quantity) in, (quantity,) out."""
    return _effective(_normal_scores(_split(_by_quantity(draws))))


def bfmi(energy: Floats) -> Floats:
    """Energy's change from draw to draw over its spread, shape (chain, draw) in, (chain,) out."""
    return np.asarray((np.diff(energy, axis=1) ** 2).mean(axis=1) / energy.var(axis=1, ddof=1))


def _by_quantity(draws: Floats) -> Floats:
    """Give the same as (quantity, chain, draw), as it lies in memory: what is done here is done along draws."""
    return np.ascontiguousarray(np.moveaxis(draws, -1, 0))


def _ess_tail(chains: Floats) -> Floats:
    edges = np.quantile(chains.reshape(len(chains), -1), TAIL_EDGES, axis=1)
    beyond = (_effective(_split((chains <= edge[:, None, None]).astype(float))) for edge in edges)
    return np.asarray(np.where(np.isnan(edges).any(axis=0), np.nan, np.minimum(*beyond)))


def _split(chains: Floats) -> Floats:
    """Take the halves of each chain as chains; the middle draw of an odd number is left out."""
    half = chains.shape[2] // 2
    return np.concatenate([chains[..., :half], chains[..., -half:]], axis=1)


def _normal_scores(chains: Floats) -> Floats:
    """Replace draws by the normal quantiles of their ranks among all chains; ties share the mean of their ranks."""
    values = chains.reshape(len(chains), -1)
    n = values.shape[1]
    # ranks are whole or end in a half: the quantiles of all that there can be are fewer than the draws
    quantiles = normal_quantile((np.arange(2 * n + 1) / 2 - 0.375) / (n + 0.25))
    scores = quantiles[_twice_ranks(values)]
    return np.asarray(np.where(np.isnan(values), np.nan, scores).reshape(chains.shape))


def _twice_ranks(values: Floats) -> NDArray[np.intp]:
    """Rank within each row, times two; ties share the mean of their ranks.

    Examples
    --------
    >>> _twice_ranks(np.array([[0.3, 0.1, 0.3, 0.2]]))
    array([[7, 2, 7, 4]])
    """
    n_rows, n = values.shape
    order = np.argsort(values, axis=1)
    in_order = np.take_along_axis(values, order, axis=1)
    twice = np.tile(2 * np.arange(1, n + 1), (n_rows, 1))
    row, place = np.nonzero(in_order[:, 1:] == in_order[:, :-1])
    if len(row):
        # runs of equal values, by the first and the last of their pairs
        begins = np.append(True, (np.diff(place) != 1) | (np.diff(row) != 0))
        run = begins.cumsum() - 1
        shared = (place[begins] + place[np.append(begins[1:], True)] + 3)[run]
        twice[row, place] = twice[row, place + 1] = shared
    found = np.empty_like(twice)
    np.put_along_axis(found, order, twice, axis=1)
    return found


def _between_over_within(chains: Floats) -> Floats:
    n = chains.shape[2]
    between = n * chains.mean(axis=2).var(axis=1, ddof=1)
    within = chains.var(axis=2, ddof=1).mean(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt((between / within + n - 1) / n))


def _effective(chains: Floats) -> Floats:
    """Number of chains times draws over the autocorrelation time of all chains together (Geyer's initial sequences)."""
    _, n_chains, n = chains.shape
    constant = np.ptp(chains, axis=(1, 2)) < np.finfo(float).resolution
    covariance = _autocovariance(chains)
    within = covariance[:, :1] * n / (n - 1)
    whole = covariance[:, :1] + chains.mean(axis=2).var(axis=1, ddof=1)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = 1 - (within - covariance) / whole
    correlation[:, 0] = 1.0
    # sums of neighbours at even lags: positive and falling for a reversible chain, so noise begins where they are not
    n_pairs = (n - 1) // 2
    pairs = correlation[:, 0 : 2 * n_pairs : 2] + correlation[:, 1 : 2 * n_pairs : 2]
    stopped = np.maximum.accumulate(~(pairs > 0), axis=1)
    stopped[:, 0], stopped[:, -1] = False, True
    used = np.minimum.accumulate(np.where(stopped, np.inf, pairs), axis=1)
    # the first even lag after the last pair counts once if it is positive
    last = (~stopped).sum(axis=1)
    after = np.take_along_axis(correlation, 2 * last[:, None], axis=1)[:, 0]
    time = -1 + 2 * np.where(stopped, 0.0, used).sum(axis=1) + np.maximum(after, 0)
    total = n_chains * n
    # antithetic chains may be better than independent draws, but not without a limit
    effective = total / np.maximum(time, 1 / math.log10(total))
    return np.asarray(np.where(constant, float(total), effective))


def _autocovariance(chains: Floats) -> Floats:
    """Autocovariance at every lag, mean over the chains, shape (quantity, lag), by the fast Fourier transform."""
    n = chains.shape[2]
    padded = 2 ** math.ceil(math.log2(2 * n))
    frequencies = np.fft.rfft(chains - chains.mean(axis=2, keepdims=True), padded, axis=2)
    power = (frequencies.real**2 + frequencies.imag**2).mean(axis=1)
    return np.asarray(np.fft.irfft(power, padded, axis=1)[:, :n] / n)
