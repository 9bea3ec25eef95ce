"""Priors turned into random variables, in coordinates in which sampling is easy.

Variables whose name begins with ``sampled_`` are such coordinates: unit normals whose prior does not depend on any
number of the model, so that a compiled program starts at the same point whatever numbers it is given. What the
posterior keeps is derived from them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.distributions.transforms import Interval

from mmm import schema
from mmm.model.brand import MEASURED_WEEKS, share_mixing
from mmm.model.coordinates import SAMPLED, cut_bounds
from mmm.model.horizon import periods
from mmm.model.priors import Beta, HalfNormal, LogNormal
from mmm.model.spec import ModelSpec
from mmm.model.tracker import TrackerModel

__all__ = [
    "ChannelVariables",
    "channel_variables",
    "kept_variables",
    "pick",
    "return_variable",
    "sampled_variables",
    "scale_variable",
    "tracker_loading",
    "tracker_stretch",
]

#: A variable over the channels that have it, and their names.
ChannelVariables = dict[str, tuple[Any, tuple[str, ...]]]


def channel_variables(model: pm.Model, spec: ModelSpec, numbers: dict[str, Any]) -> ChannelVariables:
    """Create one variable per parameter name, over the channels that have it."""
    variables: ChannelVariables = {}
    for name in schema.CHANNEL_PARAMETERS:
        owners = {c: channel.parameters()[name] for c, channel in spec.channels.items() if name in channel.parameters()}
        if not owners:
            continue
        dim = schema.parameter_dim(name, shared_by_all=len(owners) == len(spec.channels))
        if dim != schema.CHANNEL:
            model.add_coord(dim, list(owners))
        priors = list(owners.values())
        if name == schema.SLOW_SHARE:
            variable = _slow_share(numbers, dim=dim, n_channels=len(owners))
        elif name == schema.SLOW_HALF_LIFE and spec.shared_slow_half_life:
            shared = _random(f"{SAMPLED}{name}", priors[:1], dims=None)
            variable = pm.Deterministic(name, shared * np.ones(len(owners)), dims=dim)
        else:
            variable = _random(name, priors, dims=dim)
        variables[name] = (variable, tuple(owners))
    return variables


def return_variable(
    name: str, spec: ModelSpec, variables: ChannelVariables, numbers: dict[str, Any], *, weeks_per_period: float
) -> Any:
    """Create the return within the spec's horizon, shape (channel,): log normal by its prior.

    Data see what a brand channel returns within a quarter, and hardly what comes later. So the quarter's return is
    sampled, and the prior is applied to the return within the horizon, which is that times a function of the kernel:
    on the log scale a shift, with no Jacobian to add.
    """
    channels = tuple(spec.channels)
    scale = numbers["return_scale"]
    shift = pt.zeros(len(channels))
    if spec.brand:
        kernel = spec.channels[spec.brand[0]].carryover
        own = {key: pick(*variables[key], spec.brand) for key in kernel.parameters()}
        within, early = (
            kernel.landed(periods(weeks, weeks_per_period), own, weeks_per_period=weeks_per_period)
            for weeks in (spec.horizon_weeks, MEASURED_WEEKS)
        )
        place = np.array([[channel == member for member in spec.brand] for channel in channels], dtype=float)
        shift = (place * pt.log(within / early)[None, :]).sum(axis=1) / scale
    start = np.zeros(len(channels))
    z = pm.Normal(f"{SAMPLED}{name}", mu=-shift, sigma=1, dims=schema.CHANNEL, initval=start)
    return pm.Deterministic(name, pt.exp(numbers["return_location"] + scale * (z + shift)), dims=schema.CHANNEL)


def scale_variable(name: str, scale: Any) -> Any:
    """Create a half-normal standard deviation, as the size of a normal number.

    Only its square is in the likelihood, which is smooth where the number changes sign: a walk that may be nothing at
    all is explored down to nothing. On a log scale that would be a tail without end, with steps that never fit.
    """
    return pm.Deterministic(name, scale * pt.abs(pm.Normal(f"{SAMPLED}{name}", 0, 1, initval=1.0)))


def tracker_stretch(assumed: TrackerModel) -> Any:
    """Create the factor between the half-lives of the stock that a tracker sees and of the one that sells."""
    return pm.LogNormal(schema.TRACKER_STRETCH, mu=0.0, sigma=assumed.half_life_sigma)


def tracker_loading(assumed: TrackerModel, numbers: dict[str, Any], *, mean_stock: Any) -> Any:
    """Create what media build in the tracker on average.

    A number of its own, normal about 0; or, where a value per point was stated, the slow part's mean outcome over that
    value: then what moves the tracker with media is also what sells.
    """
    if assumed.value_per_point is None:
        unit = pm.Normal(f"{SAMPLED}{schema.TRACKER_LOADING}", 0, 1)
        return pm.Deterministic(schema.TRACKER_LOADING, numbers["tracker_loading_scale"] * unit)
    unit = pm.Normal(f"{SAMPLED}{schema.VALUE_PER_POINT}", 0, 1)
    worth = pt.exp(numbers["value_per_point_location"] + numbers["value_per_point_scale"] * unit)
    pm.Deterministic(schema.VALUE_PER_POINT, worth * numbers["outcome_scale"])
    return 0.01 * mean_stock / worth


def pick(variable: Any, owners: tuple[str, ...], members: tuple[str, ...]) -> Any:
    """Take some channels of a variable."""
    return variable if owners == members else variable[np.array([owners.index(name) for name in members])]


def _slow_share(numbers: dict[str, Any], *, dim: str, n_channels: int) -> Any:
    z = pm.Normal(f"{SAMPLED}{schema.SLOW_SHARE}", 0, 1, dims=dim)
    mixed = (share_mixing(n_channels) * z[None, :]).sum(axis=1)
    odds = numbers["slow_share_location"] + numbers["slow_share_scale"] * mixed
    return pm.Deterministic(schema.SLOW_SHARE, pt.sigmoid(odds), dims=dim)


def _random(name: str, priors: list[Any], *, dims: str | None) -> Any:
    """Create a vector of independent priors of one family."""
    shape: dict[str, Any] = {"shape": len(priors)} if dims is None else {"dims": dims}
    if all(isinstance(prior, LogNormal) for prior in priors):
        medians, sigmas = np.array([p.median for p in priors]), np.array([p.sigma for p in priors])
        bounds = cut_bounds(priors)
        if bounds is None:
            return pm.LogNormal(name, mu=np.log(medians), sigma=sigmas, **shape)
        lower, upper = bounds
        # what the transform cannot reach is cut off; the constant that is lost with it does not move the posterior
        cut = Interval(bounds_fn=lambda *_: (pt.constant(np.array(lower)), pt.constant(np.array(upper))))
        start = np.array([float(p.quantile(0.5)) for p in priors])
        return pm.LogNormal(
            name, mu=np.log(medians), sigma=sigmas, default_transform=None, transform=cut, initval=start, **shape
        )
    if all(isinstance(prior, HalfNormal) for prior in priors):
        return pm.HalfNormal(name, sigma=np.array([p.sigma for p in priors]), **shape)
    if all(isinstance(prior, Beta) for prior in priors):
        return pm.Beta(
            name, alpha=np.array([p.alpha for p in priors]), beta=np.array([p.beta for p in priors]), **shape
        )
    raise TypeError(f"{name} mixes families of priors: {[type(prior).__name__ for prior in priors]}")


def kept_variables(model: pm.Model) -> list[Any]:
    """List the variables that the posterior keeps."""
    return [v for v in (*model.free_RVs, *model.deterministics) if not v.name.startswith(SAMPLED)]


def sampled_variables(model: pm.Model) -> dict[str, str]:
    """Name the coordinates of every free variable, in the order in which they are sampled, by what they stand for."""
    return {v.name.removeprefix(SAMPLED): model.rvs_to_values[v].name for v in model.free_RVs}
