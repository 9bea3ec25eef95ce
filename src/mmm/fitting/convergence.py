"""R-hat, effective sample sizes and E-BFMI of many quantities at once.

The definitions are those of Vehtari, Gelman, Simpson, Carpenter and Buerkner (2021), "Rank-normalization, folding, and
localization: an improved R-hat for assessing convergence of MCMC", Bayesian Analysis 16(2), and of Betancourt (2016),
"Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo". ArviZ computes the same, one quantity
after the other and after an import that takes longer than the sampling; that both agree is tested.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["bfmi", "ess_bulk", "ess_tail", "rhat"]

Floats = NDArray[np.float64]

#: Edges whose probabilities are estimated worst of those that are reported.
TAIL_EDGES = (0.05, 0.95)


def rhat(draws: Floats) -> Floats:
    """Rank-normalised split R-hat: the larger of that of the draws and that of their distance from the median.

    Parameters
    ----------
    draws : array, shape (chain, draw, quantity)

    Returns
    -------
    array, shape (quantity,)
        NaN where the draws never move.
    """
    split = _split(draws)
    folded = np.abs(split - np.median(split, axis=(0, 1)))
    return np.asarray(
        np.maximum(_between_over_within(_normal_scores(split)), _between_over_within(_normal_scores(folded)))
    )


def ess_bulk(draws: Floats) -> Floats:
    """Effective number of draws for means and medians, shape (chain, draw, quantity) in, (quantity,) out."""
    return _effective(_normal_scores(_split(draws)))


def ess_tail(draws: Floats) -> Floats:
    """Effective number of draws for the worse of both edges of a 90% interval, shapes as :func:`ess_bulk`."""
    edges = np.quantile(draws, TAIL_EDGES, axis=(0, 1))
    worse = np.min([_effective(_split((draws <= edge).astype(float))) for edge in edges], axis=0)
    return np.asarray(np.where(np.isnan(edges).any(axis=0), np.nan, worse))


def bfmi(energy: Floats) -> Floats:
    """Energy's change from draw to draw over its spread, shape (chain, draw) in, (chain,) out."""
    return np.asarray((np.diff(energy, axis=1) ** 2).mean(axis=1) / energy.var(axis=1, ddof=1))


def _split(draws: Floats) -> Floats:
    """Take the halves of each chain as chains; the middle draw of an odd number is left out."""
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _normal_scores(draws: Floats) -> Floats:
    """Replace draws by the normal quantiles of their ranks among all chains; ties share the mean of their ranks."""
    from scipy import special  # slow to import

    ranks = pd.DataFrame(draws.reshape(-1, draws.shape[-1])).rank().to_numpy()
    return np.asarray(special.ndtri((ranks - 0.375) / (len(ranks) + 0.25)).reshape(draws.shape))


def _between_over_within(chains: Floats) -> Floats:
    n = chains.shape[1]
    between = n * chains.mean(axis=1).var(axis=0, ddof=1)
    within = chains.var(axis=1, ddof=1).mean(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt((between / within + n - 1) / n))


def _effective(chains: Floats) -> Floats:
    """Number of chains times draws over the autocorrelation time of all chains together (Geyer's initial sequences)."""
    n_chains, n, _ = chains.shape
    constant = np.ptp(chains, axis=(0, 1)) < np.finfo(float).resolution
    covariance = _autocovariance(chains).mean(axis=0)  # (lag, quantity)
    within = covariance[0] * n / (n - 1)
    whole = covariance[0] + chains.mean(axis=1).var(axis=0, ddof=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = 1 - (within - covariance) / whole
    correlation[0] = 1.0
    # sums of neighbours at even lags: positive and falling for a reversible chain, so noise begins where they are not
    n_pairs = (n - 1) // 2
    pairs = correlation[0 : 2 * n_pairs : 2] + correlation[1 : 2 * n_pairs : 2]
    stopped = np.maximum.accumulate(~(pairs > 0), axis=0)
    stopped[0], stopped[-1] = False, True
    used = np.minimum.accumulate(np.where(stopped, np.inf, pairs), axis=0)
    # the first even lag after the last pair counts once if it is positive
    last = (~stopped).sum(axis=0)
    after = np.take_along_axis(correlation, 2 * last[None], axis=0)[0]
    time = -1 + 2 * np.where(stopped, 0.0, used).sum(axis=0) + np.maximum(after, 0)
    total = n_chains * n
    # antithetic chains may be better than independent draws, but not without a limit
    effective = total / np.maximum(time, 1 / math.log10(total))
    return np.asarray(np.where(constant, float(total), effective))


def _autocovariance(chains: Floats) -> Floats:
    """Autocovariance at every lag, shape (chain, lag, quantity), by the fast Fourier transform."""
    n = chains.shape[1]
    padded = 2 ** math.ceil(math.log2(2 * n))
    frequencies = np.fft.rfft(chains - chains.mean(axis=1, keepdims=True), padded, axis=1)
    return np.asarray(np.fft.irfft(np.abs(frequencies) ** 2, padded, axis=1)[:, :n] / n)
