"""What two models may differ in and still share one compiled program (numbers), and what they may not (structure).

Compiling costs more than sampling. Refits on new data of the same shape, under other priors of return, slow share,
noise or walk, or with another kind of base, change numbers only: the compiled program is kept and given new numbers.
"""

from __future__ import annotations

import json
import math

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.model.inputs import ModelInputs, followed_by_zeros
from mmm.model.priors import HalfNormal, LogitNormal, LogNormal
from mmm.model.spec import ModelSpec
from mmm.model.tracker import TrackerInputs, TrackerModel

__all__ = ["model_numbers", "model_structure"]


def model_numbers(spec: ModelSpec, inputs: ModelInputs) -> dict[str, NDArray[np.float64]]:
    """Collect every number of the model that is not structure, by the name of its place in the program.

    Parameters
    ----------
    spec : ModelSpec
        Resolved.
    inputs : ModelInputs

    Returns
    -------
    dict of array
        The data (drivers by form, rotation, rotated outcome, break-even, value by landing period) and the priors of
        return (log scale), slow share (log odds), noise and walk.
    """
    noise, roi_priors = _noise(spec), [_given(channel.roi_prior) for channel in spec.channels.values()]
    numbers: dict[str, NDArray[np.float64]] = {
        "break_even": inputs.break_even,
        "rotation": inputs.rotation.matrix,
        "walk_variances": inputs.rotation.walk_variances,
        "rotated_outcome": inputs.rotation.matrix @ inputs.outcome,
        "return_location": np.array([math.log(prior.median) for prior in roi_priors]),
        "return_scale": np.array([prior.sigma for prior in roi_priors]),
        "noise_scale": np.array(noise.sigma),
    }
    if spec.trend.walk is not None:
        numbers["walk_scale"] = np.array(spec.trend.walk.sigma)
    if spec.brand:
        shares = [spec.channels[name].parameters()[schema.SLOW_SHARE] for name in spec.brand]
        assert all(isinstance(prior, LogitNormal) for prior in shares), "the kernel takes no other family"
        numbers["slow_share_location"] = np.array([prior.location for prior in shares])  # type: ignore[attr-defined]
        numbers["slow_share_scale"] = np.array([prior.sigma for prior in shares])  # type: ignore[attr-defined]
    if inputs.tracker is not None and spec.tracker is not None:
        numbers |= _tracker_numbers(spec.tracker, inputs.tracker, outcome_scale=inputs.outcome_scale)
    if inputs.landing_value is not None:
        numbers["landing_value"] = inputs.landing_value
    for place, (_, members) in enumerate(spec.forms().items()):
        columns = [list(spec.channels).index(name) for name in members]
        extra = inputs.extra[spec.channels[members[0]].order]
        numbers[f"driver_{place}"] = followed_by_zeros(inputs.driver[:, columns], extra)
    return numbers


def model_structure(spec: ModelSpec, inputs: ModelInputs) -> str:
    """Write down all that is fixed once a model is compiled; two fits with the same text share a program.

    Parameters
    ----------
    spec : ModelSpec
        Resolved.
    inputs : ModelInputs

    Returns
    -------
    str
        JSON.
    """
    assumed = spec.model_dump(mode="json")
    for channel in assumed["channels"].values():
        del channel["roi_prior"]
        channel["carryover"].pop("slow_share", None)
    for name in ("noise", "media_share_prior", "seasonality", "holidays"):
        del assumed[name]
    assumed["tracker"] = spec.tracker and [spec.tracker.half_life_sigma, spec.tracker.value_per_point is not None]
    assumed["trend"] = assumed["trend"]["walk"] is not None
    shapes = {name: value.shape for name, value in model_numbers(spec, inputs).items()}
    fixed = {"start": inputs.start, "horizon": inputs.horizon, "weeks_per_period": inputs.weeks_per_period}
    return json.dumps({"spec": assumed, "shapes": shapes, **fixed})


def _tracker_numbers(
    assumed: TrackerModel, waves: TrackerInputs, *, outcome_scale: float
) -> dict[str, NDArray[np.float64]]:
    numbers = {
        "tracker_rotated": waves.rotated,
        "tracker_rotation": waves.from_periods,
        "tracker_variances": waves.rotation.walk_variances,
    }
    scales = {"tracker_walk_scale": assumed.walk, "tracker_error_scale": assumed.error}
    numbers |= {name: np.array(prior.sigma) for name, prior in scales.items() if prior is not None}
    if assumed.value_per_point is None:
        return numbers | {"tracker_loading_scale": np.array(assumed.loading)}
    worth = assumed.value_per_point
    return numbers | {
        "value_per_point_location": np.array(math.log(worth.median / outcome_scale)),
        "value_per_point_scale": np.array(worth.sigma),
        "outcome_scale": np.array(outcome_scale),
    }


def _noise(spec: ModelSpec) -> HalfNormal:
    assert spec.noise is not None, "a resolved spec has a noise prior"
    return spec.noise


def _given(prior: LogNormal | None) -> LogNormal:
    assert prior is not None, "a resolved spec has a prior for every channel's return"
    return prior
