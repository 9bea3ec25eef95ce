"""The PyMC model: where the specification becomes a density."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from mmm import schema
from mmm.data import MarketingData
from mmm.model.brand import slow_stock
from mmm.model.inputs import ModelInputs, Scales
from mmm.model.response import response, unit_return
from mmm.model.spec import ModelSpec
from mmm.model.structure import model_numbers
from mmm.model.tracker import TrackerModel
from mmm.model.variables import (
    ChannelVariables,
    channel_variables,
    pick,
    return_variable,
    scale_variable,
    tracker_loading,
    tracker_stretch,
)

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
        Its variables, but for those named ``sampled_...``, are the posterior's, in the units of `docs/schema.md`.

    Examples
    --------
    >>> import mmm
    >>> data, truth = mmm.simulate.world(seed=1)
    >>> "roi" in build(data).named_vars
    True
    """
    spec = (spec or ModelSpec()).resolve(data)
    inputs = ModelInputs.prepare(data, spec, scales or Scales.learn(data))
    roi_name = schema.ROI if data.has_money_value else schema.OUTCOME_PER_SPEND
    with pm.Model(coords={schema.CHANNEL: list(data.channels)}) as model:
        # data as data: constants embedded in the graph are what make numba compile for a minute
        numbers = {name: pm.Data(name, value) for name, value in model_numbers(spec, inputs).items()}
        variables = channel_variables(model, spec, numbers)
        amount = return_variable(roi_name, spec, variables, numbers, weeks_per_period=inputs.weeks_per_period)
        stretch = tracker_stretch(spec.tracker) if spec.tracker else None
        media, stock = _media(spec, inputs, variables, numbers, amount * numbers["break_even"], stretch)
        sigma = scale_variable(schema.SIGMA, numbers["noise_scale"])
        tau = scale_variable(schema.TAU, numbers["walk_scale"]) if spec.trend.walk else 0.0
        if collapse:
            _rotated_likelihood(numbers, media=media, sigma=sigma, tau=tau)
        else:
            _plain_likelihood(inputs, media=media, sigma=sigma, tau=tau)
        if spec.tracker is not None:
            _tracker_likelihood(spec.tracker, numbers, stock=stock)
    return model


def _media(
    spec: ModelSpec,
    inputs: ModelInputs,
    variables: ChannelVariables,
    numbers: dict[str, Any],
    landed_by_horizon: Any,
    stretch: Any,
) -> tuple[Any, Any]:
    """Sum of the channels' contributions, and what the brand's stock gives in it; both shape (time,), in mean outcomes.

    ``landed_by_horizon`` is what each channel's spend in the data brings within the prior's horizon; dividing by the
    same for unit amplitude gives the amplitude. The stock, with the tracker's own half-life, is only needed where
    there is a tracker.
    """
    channels = tuple(spec.channels)
    known, total, stock = inputs.stop, 0.0, 0.0
    for place, (_, members) in enumerate(spec.forms().items()):
        channel = spec.channels[members[0]]
        extra = inputs.extra[channel.order]
        x = pt.specify_shape(numbers[f"driver_{place}"], (known + extra, len(members)))
        parameters = {name: pick(*variables[name], members) for name in channel.parameters()}
        at: dict[str, Any] = {"weeks_per_period": inputs.weeks_per_period}
        window = {"start": inputs.start, "stop": known, "horizon": inputs.horizon}
        unit = unit_return(x, channel, parameters, **at, **window, value=numbers.get("landing_value"))
        amplitude = pick(landed_by_horizon, channels, members) / unit
        x = x[:known] if extra else x
        effect = response(x, channel, parameters, **at)[inputs.start :]
        total = total + (effect * amplitude[None, :]).sum(axis=1)
        if channel.brand and stretch is not None:
            built = slow_stock(x, channel, parameters, **at, stretch=stretch)[inputs.start :]
            stock = stock + (built * (amplitude * parameters[schema.SLOW_SHARE])[None, :]).sum(axis=1)
    return total, stock


def _rotated_likelihood(numbers: dict[str, Any], *, media: Any, sigma: Any, tau: Any) -> None:
    # multiply-and-sum: a `dot` takes numba ten seconds longer to compile and samples no faster
    expected = (numbers["rotation"] * media[None, :]).sum(axis=1)
    spread = pt.sqrt(sigma**2 + tau**2 * numbers["walk_variances"])
    pm.Normal("rotated", expected, spread, observed=numbers["rotated_outcome"])


def _tracker_likelihood(assumed: TrackerModel, numbers: dict[str, Any], *, stock: Any) -> None:
    # see `model/tracker.py`: the level and the walk of the waves are integrated out like those of the outcome
    mean = stock.mean()
    built = (numbers["tracker_rotation"] * (stock / mean)[None, :]).sum(axis=1)
    expected = tracker_loading(assumed, numbers, mean_stock=mean) * built
    walk = scale_variable(schema.TRACKER_TAU, numbers["tracker_walk_scale"])
    error = scale_variable(schema.TRACKER_SIGMA, numbers["tracker_error_scale"]) if assumed.error else 1.0
    spread = pt.sqrt(error**2 + walk**2 * numbers["tracker_variances"])
    pm.Normal("tracked", expected, spread, observed=numbers["tracker_rotated"])


def _plain_likelihood(inputs: ModelInputs, *, media: Any, sigma: Any, tau: Any) -> None:
    basis, _ = np.linalg.qr(inputs.design.columns)
    coefficients = pm.Flat("orthonormal_coefficients", shape=basis.shape[1])
    baseline = (basis * coefficients[None, :]).sum(axis=1)
    if inputs.design.has_walk:
        unit = pm.Normal("walk_normals", 0, 1, shape=len(inputs.outcome))
        baseline = baseline + tau * (inputs.design.walk_factor * unit[None, :]).sum(axis=1)
    pm.Normal("outcome", baseline + media, sigma, observed=inputs.outcome)
