"""Draws of one posterior as draws of another: what they say of other data, and what they weigh under them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.posterior import Draws, log_likelihood
from mmm.posterior.log_prior import log_prior

__all__ = ["log_ratios", "restated_on", "smoothed", "weighted_quantiles"]

Floats = NDArray[np.float64]


def restated_on(draws: Draws, data: MarketingData) -> Draws:
    """Say the same draws of other data: amplitudes stay, and with them every effect; ROI is what follows.

    Examples
    --------
    >>> from mmm.data.altered import between
    >>> shorter = restated_on(posterior.draws, between(posterior.data, 0, 50))
    >>> effects = posterior.draws.contributions()[:, :, :, :50]
    >>> bool(np.allclose(shorter.contributions(), effects))
    True
    """
    same = replace(draws, data=data)
    roi = draws.parameters[draws.roi_name]
    factors = [draws.amplitude(name) / same.amplitude(name) for name in data.channels]
    by_channel = xr.DataArray(
        np.stack(factors, axis=-1),
        dims=(schema.CHAIN, schema.DRAW, schema.CHANNEL),
        coords={schema.CHANNEL: list(data.channels)},
    )
    parameters = draws.parameters.assign({draws.roi_name: (roi * by_channel).transpose(*roi.dims)})
    return replace(same, parameters=parameters)


def log_ratios(old: Draws, new: Draws) -> Floats:
    """Log density of each draw under the new data over that under the old, up to a constant, shape (chain, draw).

    ``new`` is from :func:`restated_on`; see :func:`preview_refresh` for the formula.
    """
    after, before = ((log_likelihood(draws) + log_prior(draws)["return"]).values for draws in (new, old))
    return np.asarray(after - before)


def weighted_quantiles(values: Floats, weights: Floats, probabilities: Floats) -> Floats:
    """Quantiles of weighted draws, between draws by straight lines.

    Parameters
    ----------
    values : array, shape (chain, draw, quantity)
    weights : array, shape (chain, draw)
        Sum to one.
    probabilities : array, shape (probability,)

    Returns
    -------
    array, shape (probability, quantity)
        NaN where a value is.

    Examples
    --------
    >>> weighted_quantiles(np.array([[[3.0], [1.0]]]), np.array([[0.25, 0.75]]), np.array([0.1, 0.375, 0.9]))
    array([[1.],
           [1.],
           [3.]])
    """
    found = []
    for column in values.reshape(-1, values.shape[-1]).T:
        order = np.argsort(column)
        share = weights.ravel()[order]
        quantiles = np.interp(probabilities, np.cumsum(share) - share / 2, column[order])
        found.append(np.full(len(probabilities), np.nan) if np.isnan(column).any() else quantiles)
    return np.stack(found, axis=-1)


def smoothed(log_weights: Floats) -> tuple[Floats, float]:
    """Pareto smooth log weights: weights that sum to one, shape (chain, draw), and the shape of their tail.

    Examples
    --------
    >>> weights, pareto_k = smoothed(np.random.default_rng(1).normal(0, 0.1, (4, 500)))
    >>> round(float(weights.sum()), 9), pareto_k < 0.3
    (1.0, True)
    """
    from arviz_stats.base import array_stats  # slow to import, and only this verb needs it

    # its convention is minus the log weight
    smoothed, pareto_k = array_stats.psislw(-log_weights, axis=(-2, -1))
    weights = np.exp(smoothed - smoothed.max())
    return weights / weights.sum(), float(pareto_k)
