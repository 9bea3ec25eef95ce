"""How well each draw explains the data: the density that is sampled, without its priors."""

from __future__ import annotations

import numpy as np
import xarray as xr

from mmm import schema
from mmm.model.collapse import log_density
from mmm.posterior.draws import Draws
from mmm.posterior.tracked import built_at_waves, tracker_error

__all__ = ["log_likelihood"]


def log_likelihood(draws: Draws) -> xr.DataArray:
    """Log likelihood of every draw, the baseline integrated out; the tracker's term is in it where there is one.

    Parameters
    ----------
    draws : Draws
        From the posterior or from the prior.

    Returns
    -------
    DataArray, dims (chain, draw)
        A density of the rotated outcome in units of its mean (`model/collapse.py`) and of the rotated waves
        (`model/tracker.py`): draws of the same data compare, draws of two data sets do not.

    Examples
    --------
    >>> log_likelihood(posterior.draws).sizes["draw"] == posterior.draws.parameters.sizes["draw"]
    True
    """
    inputs, parameters = draws.inputs, draws.parameters
    media = draws.contributions().sum(schema.CHANNEL).values[:, :, 0] / draws.scales.outcome
    sigma = parameters[schema.SIGMA].values
    tau = parameters[schema.TAU].values if schema.TAU in parameters else np.zeros_like(sigma)
    total = log_density(inputs.outcome - media, sigma=sigma, tau=tau, rotation=inputs.rotation)
    if draws.spec.tracker is not None:
        waves = inputs.tracker
        assert waves is not None, "a resolved spec speaks of a tracker only where there is one"
        total = total + log_density(
            (waves.value - built_at_waves(draws)) / waves.error,
            sigma=tracker_error(draws),
            tau=parameters[schema.TRACKER_TAU].values,
            rotation=waves.rotation,
        )
    return xr.DataArray(
        total,
        dims=(schema.CHAIN, schema.DRAW),
        coords={name: parameters[name] for name in (schema.CHAIN, schema.DRAW) if name in parameters.coords},
        name="log_likelihood",
    )
