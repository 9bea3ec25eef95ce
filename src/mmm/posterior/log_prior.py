"""How probable each draw was before the data: the log density of the priors, in blocks of one question each."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.brand import share_mixing
from mmm.model.priors import LogitNormal, Prior
from mmm.posterior.draws import Draws

__all__ = ["PRIOR_BLOCKS", "log_prior"]

Floats = NDArray[np.float64]

#: Which block the prior of each parameter of a channel belongs to.
_BLOCK_OF = {
    schema.HALF_LIFE: "carry_over",
    schema.FAST_HALF_LIFE: "carry_over",
    schema.PEAK: "carry_over",
    schema.SHAPE: "carry_over",
    schema.RETENTION: "carry_over",
    schema.CARRY_IN_LEVEL: "carry_over",
    schema.SLOW_SHARE: "long_run",
    schema.SLOW_HALF_LIFE: "long_run",
    schema.LEVEL: "saturation",
    schema.SLOPE: "saturation",
    schema.EXPONENT: "saturation",
}

#: Blocks of priors and what each is about, in the order in which they are reported.
PRIOR_BLOCKS = {
    "return": "what a channel returned",
    "carry_over": "how fast it lands",
    "long_run": "how much comes late, and how late",
    "saturation": "how the response bends",
    "baseline": "the noise, and how far the base may move",
    "tracker": "what the tracker shows of the brand",
}


def log_prior(draws: Draws) -> xr.Dataset:
    """Log prior density of every draw, block by block.

    Parameters
    ----------
    draws : Draws
        From the posterior or from the prior.

    Returns
    -------
    Dataset, dims (chain, draw)
        One variable for each of `PRIOR_BLOCKS` that the model has. Each density is on the scale on which its prior is
        written down (see :meth:`mmm.model.priors.Prior.log_density`): logarithms of returns, half-lives and slopes,
        log odds of slow shares. Their sum is the log prior of the model that is sampled, up to a constant and to the
        Jacobians of those logarithms.

    Notes
    -----
    The return's prior is stated at the spec's horizon, independently for each channel, and the draws have the return
    there, so that nothing of the kernel enters it. With three or more brand channels the slow shares are correlated
    beforehand (:func:`mmm.model.brand.share_mixing`) and have one joint density. A slow half-life that all brand
    channels share has one prior and is counted once. The steps of the walk have been integrated out: given its size
    they count with the likelihood. The baseline's coefficients have no prior.

    Examples
    --------
    >>> blocks = log_prior(posterior.draws)
    >>> list(blocks), dict(blocks.sizes) == {"chain": 2, "draw": 100}
    (['return', 'carry_over', 'saturation', 'baseline'], True)
    """
    spec, channels = draws.spec, draws.spec.channels
    sums: dict[str, Any] = dict.fromkeys(PRIOR_BLOCKS, None)

    def add(block: str, density: Floats) -> None:
        sums[block] = density if sums[block] is None else sums[block] + density

    returns = {name: channel.roi_prior for name, channel in channels.items()}
    add("return", _independent(draws, draws.roi_name, returns))
    for parameter, block in _BLOCK_OF.items():
        priors = {
            name: channel.parameters()[parameter]
            for name, channel in channels.items()
            if parameter in channel.parameters()
        }
        if not priors:
            continue
        if parameter == schema.SLOW_HALF_LIFE and spec.shared_slow_half_life:
            priors = dict(list(priors.items())[:1])
        add(block, (_pooled if parameter == schema.SLOW_SHARE else _independent)(draws, parameter, priors))
    scalars: dict[str, tuple[str, Prior | None]] = {
        schema.SIGMA: ("baseline", spec.noise),
        schema.TAU: ("baseline", spec.trend.walk),
    }
    scalars |= {name: ("tracker", prior) for name, prior in (spec.tracker.parameters() if spec.tracker else {}).items()}
    for parameter, (block, prior) in scalars.items():
        if prior is not None:
            add(block, prior.log_density(draws.parameters[parameter].values))
    dims = (schema.CHAIN, schema.DRAW)
    coords = {name: draws.parameters[name] for name in dims if name in draws.parameters.coords}
    return xr.Dataset({name: (dims, total) for name, total in sums.items() if total is not None}, coords)


def _independent(draws: Draws, parameter: str, priors: dict[str, Any]) -> Floats:
    """Sum over channels, shape (chain, draw)."""
    values = _by_channel(draws, parameter, priors)
    return np.sum([prior.log_density(values[name]) for name, prior in priors.items()], axis=0)


def _pooled(draws: Draws, parameter: str, priors: dict[str, Prior]) -> Floats:
    """Joint density of the log odds of the slow shares, shape (chain, draw)."""
    assert all(isinstance(prior, LogitNormal) for prior in priors.values()), "the kernel takes no other family"
    values = _by_channel(draws, parameter, priors)
    standardised = np.stack([prior.standardise(values[name]) for name, prior in priors.items()], axis=-1)
    mixing = share_mixing(len(priors))
    independent = standardised @ np.linalg.inv(mixing).T
    scales = [prior.sigma for prior in priors.values() if isinstance(prior, LogitNormal)]
    normaliser = np.log(scales).sum() + np.log(np.diag(mixing)).sum() + 0.5 * len(priors) * np.log(2 * np.pi)
    return np.asarray(-0.5 * (independent**2).sum(axis=-1) - normaliser)


def _by_channel(draws: Draws, parameter: str, priors: dict[str, Any]) -> dict[str, Floats]:
    variable = draws.parameters[parameter]
    return {name: variable.sel({variable.dims[-1]: name}).values for name in priors}
