"""The PyMC model: the only place where the specification becomes random variables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from mmm import schema
from mmm.data import MarketingData
from mmm.model.inputs import ModelInputs, Scales, followed_by_zeros
from mmm.model.priors import Beta, HalfNormal, LogNormal
from mmm.model.response import response, unit_return
from mmm.model.spec import ModelSpec

__all__ = ["build"]


def build(
    data: MarketingData, spec: ModelSpec | None = None, *, scales: Scales | None = None, collapse: bool = True
) -> pm.Model:
    """Write the model down in PyMC.

    Parameters
    ----------
    data : MarketingData
    spec : ModelSpec, optional
    scales : Scales, optional
        Of an earlier fit; learnt from ``data`` by default.
    collapse : bool
        Integrate the baseline out (see `model/collapse.py`). With ``False`` its coefficients (in an orthonormal
        basis, flat) and the walk's steps are sampled: the same posterior, slowly, for checking.

    Returns
    -------
    pymc.Model
        Its free variables are the posterior's variables, in the units of `docs/schema.md`.

    Examples
    --------
    >>> import mmm
    >>> data, truth = mmm.simulate.world(seed=1)
    >>> sorted(variable.name for variable in build(data).free_RVs)[:3]
    ['carry_in_level', 'half_life', 'roi']
    """
    spec = (spec or ModelSpec()).resolve(data)
    inputs = ModelInputs.prepare(data, spec, scales or Scales.learn(data))
    roi_name = schema.ROI if data.has_money_value else schema.OUTCOME_PER_SPEND
    with pm.Model(coords={schema.CHANNEL: list(data.channels)}) as model:
        variables = _channel_variables(model, spec)
        amount = _random(roi_name, [c.roi_prior for c in spec.channels.values()], dims=schema.CHANNEL)
        media = _media(spec, inputs, variables, amount * pm.Data("break_even", inputs.break_even))
        sigma = pm.HalfNormal(schema.SIGMA, _noise(spec).sigma)
        tau = pm.HalfNormal(schema.TAU, spec.trend.walk.sigma) if spec.trend.walk else 0.0
        if collapse:
            _rotated_likelihood(inputs, media=media, sigma=sigma, tau=tau)
        else:
            _plain_likelihood(inputs, media=media, sigma=sigma, tau=tau)
    return model


def _channel_variables(model: pm.Model, spec: ModelSpec) -> dict[str, tuple[Any, tuple[str, ...]]]:
    """Create one variable per parameter name, over the channels that have it."""
    variables = {}
    for name in schema.CHANNEL_PARAMETERS:
        owners = {c: channel.parameters()[name] for c, channel in spec.channels.items() if name in channel.parameters()}
        if not owners:
            continue
        dim = schema.parameter_dim(name, shared_by_all=len(owners) == len(spec.channels))
        if dim != schema.CHANNEL:
            model.add_coord(dim, list(owners))
        variables[name] = (_random(name, list(owners.values()), dims=dim), tuple(owners))
    return variables


def _random(name: str, priors: list[Any], *, dims: str) -> Any:
    """Create a vector of independent priors of one family."""
    if all(isinstance(prior, LogNormal) for prior in priors):
        medians, sigmas = np.array([p.median for p in priors]), np.array([p.sigma for p in priors])
        return pm.LogNormal(name, mu=np.log(medians), sigma=sigmas, dims=dims)
    if all(isinstance(prior, HalfNormal) for prior in priors):
        return pm.HalfNormal(name, sigma=np.array([p.sigma for p in priors]), dims=dims)
    if all(isinstance(prior, Beta) for prior in priors):
        return pm.Beta(
            name, alpha=np.array([p.alpha for p in priors]), beta=np.array([p.beta for p in priors]), dims=dims
        )
    raise TypeError(f"{name} mixes families of priors: {[type(prior).__name__ for prior in priors]}")


def _media(
    spec: ModelSpec, inputs: ModelInputs, variables: dict[str, tuple[Any, tuple[str, ...]]], landed_by_horizon: Any
) -> Any:
    """Sum of the channels' contributions, shape (time,), in mean outcomes.

    ``landed_by_horizon`` is what each channel's spend in the data brings within the prior's horizon; dividing by the
    same for unit amplitude gives the amplitude.
    """
    channels = list(spec.channels)
    known, total = inputs.stop, 0.0
    value = None if inputs.landing_value is None else pm.Data("landing_value", inputs.landing_value)
    for number, (_, members) in enumerate(spec.forms().items()):
        channel = spec.channels[members[0]]
        columns = [channels.index(name) for name in members]
        extra = inputs.extra[channel.order]
        driver = followed_by_zeros(inputs.driver[:, columns], extra)
        x = pt.specify_shape(pm.Data(f"driver_{number}", driver), driver.shape)
        parameters = {name: _pick(*variables[name], members) for name in channel.parameters()}
        at = {"weeks_per_period": inputs.weeks_per_period}
        unit = unit_return(
            x, channel, parameters, **at, start=inputs.start, stop=known, horizon=inputs.horizon, value=value
        )
        amplitude = _pick(landed_by_horizon, tuple(channels), members) / unit
        effect = response(x[:known] if extra else x, channel, parameters, **at)[inputs.start :]
        total = total + (effect * amplitude[None, :]).sum(axis=1)
    return total


def _pick(variable: Any, owners: tuple[str, ...], members: tuple[str, ...]) -> Any:
    return variable if owners == members else variable[np.array([owners.index(name) for name in members])]


def _rotated_likelihood(inputs: ModelInputs, *, media: Any, sigma: Any, tau: Any) -> None:
    # data as data and multiply-and-sum: embedded constants and `dot` are what make numba compile for a minute
    matrix = pm.Data("rotation", inputs.rotation.matrix)
    variances = pm.Data("walk_variances", inputs.rotation.walk_variances)
    rotated = pm.Data("rotated_outcome", inputs.rotation.matrix @ inputs.outcome)
    expected = (matrix * media[None, :]).sum(axis=1)
    pm.Normal("rotated", expected, pt.sqrt(sigma**2 + tau**2 * variances), observed=rotated)


def _plain_likelihood(inputs: ModelInputs, *, media: Any, sigma: Any, tau: Any) -> None:
    basis, _ = np.linalg.qr(inputs.design.columns)
    coefficients = pm.Flat("orthonormal_coefficients", shape=basis.shape[1])
    baseline = (basis * coefficients[None, :]).sum(axis=1)
    if inputs.design.has_walk:
        size = np.sqrt(np.diff(np.diag(inputs.design.walk_covariance)))
        steps = pm.Normal("walk_steps", 0, 1, shape=len(size))
        baseline = baseline + pt.concatenate([np.zeros(1), tau * pt.cumsum(size * steps)])
    pm.Normal("outcome", baseline + media, sigma, observed=inputs.outcome)


def _noise(spec: ModelSpec) -> HalfNormal:
    assert spec.noise is not None, "a resolved spec has a noise prior"
    return spec.noise
