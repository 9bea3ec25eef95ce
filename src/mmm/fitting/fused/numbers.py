"""Data and priors written into the one array that the fused density reads."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.fitting.fused import density as codes
from mmm.fitting.fused.layout import Layout, noise_scale, share_priors
from mmm.model.brand import MEASURED_WEEKS, share_mixing
from mmm.model.horizon import periods
from mmm.model.inputs import ModelInputs

__all__ = ["numbers_of"]

Floats = NDArray[np.float64]

CURVES = {
    "hill": codes.HILL, "michaelis_menten": codes.HILL, "tanh": codes.TANH, "logistic": codes.TANH,
    "root": codes.ROOT, "none": codes.LINE,
}  # fmt: skip
KERNELS = {"none": codes.AT_ONCE, "geometric": codes.GEOMETRIC, "two_speed": codes.TWO_SPEED}


def numbers_of(layout: Layout, inputs: ModelInputs) -> Floats:
    """Write everything the density needs to know into one array.

    Parameters
    ----------
    layout : Layout
    inputs : ModelInputs

    Returns
    -------
    array, shape (number,)
        Read by place; see `density.py`.
    """
    spec, walk = layout.spec, layout.spec.trend.walk
    n_rotated, n_periods = inputs.rotation.matrix.shape
    with np.errstate(divide="ignore"):
        log_driver = np.where(inputs.driver > 0, np.log(inputs.driver), 0.0)
    blocks = {
        codes.COORDINATES: layout.table,
        codes.CHANNELS: _channels(layout, inputs),
        codes.DRIVER: inputs.driver.T,
        codes.LOG_DRIVER: log_driver.T,
        codes.ROTATION: inputs.rotation.matrix,
        codes.ROTATION_BY_PERIOD: inputs.rotation.matrix.T,
        codes.WALK_VARIANCES: inputs.rotation.walk_variances,
        codes.OUTCOME: inputs.rotation.matrix @ inputs.outcome,
        codes.MIXING: share_mixing(len(spec.brand)),
        codes.SHARES: np.array(share_priors(spec)),
    }
    header = np.zeros(codes.HEADER)
    known = {
        codes.SIZE: codes.HEADER + sum(block.size for block in blocks.values()),
        codes.N_COORDINATES: layout.n_coordinates,
        codes.N_CHANNELS: len(spec.channels),
        codes.N_PERIODS: n_periods,
        codes.N_HISTORY: inputs.start,
        codes.N_ROTATED: n_rotated,
        codes.N_BRAND: len(spec.brand),
        codes.HORIZON: inputs.horizon,
        codes.EARLY: periods(MEASURED_WEEKS, inputs.weeks_per_period),
        codes.WEEKS_PER_PERIOD: inputs.weeks_per_period,
        codes.AT_SIGMA: layout.blocks[schema.SIGMA].start,
        codes.AT_TAU: layout.blocks[schema.TAU].start if walk else -1,
        codes.NOISE_SCALE: noise_scale(spec),
        codes.WALK_SCALE: walk.sigma if walk else 0.0,
    }
    for place, value in known.items():
        header[place] = value
    end = codes.HEADER
    for place, block in blocks.items():
        header[place] = end
        end += block.size
    return np.concatenate([header, *(np.ravel(block) for block in blocks.values())])


def _channels(layout: Layout, inputs: ModelInputs) -> Floats:
    """One row of numbers for each channel."""
    rows = np.full((len(layout.spec.channels), codes.CHANNEL_WIDTH), -1.0)
    for row, (name, channel), break_even in zip(rows, layout.spec.channels.items(), inputs.break_even, strict=True):
        kernel, prior = channel.carryover.kind, channel.roi_prior
        assert prior is not None, "a resolved spec has a prior for every channel's return"
        row[codes.CURVE], row[codes.KERNEL] = CURVES[channel.saturation.kind], KERNELS[kernel]
        places = {
            codes.AT_LEVEL: schema.EXPONENT if channel.saturation.kind == "root" else schema.LEVEL,
            codes.AT_SLOPE: schema.SLOPE,
            codes.AT_HALF_LIFE: schema.FAST_HALF_LIFE if kernel == "two_speed" else schema.HALF_LIFE,
            codes.AT_SLOW_HALF_LIFE: schema.SLOW_HALF_LIFE,
            codes.AT_SHARE: schema.SLOW_SHARE,
            codes.AT_CARRY_IN: schema.CARRY_IN_LEVEL,
        }
        for place, parameter in places.items():
            if parameter in channel.parameters():
                row[place] = layout.blocks[parameter].place_of(name)
        row[codes.AT_RETURN] = layout.blocks[layout.roi_name].place_of(name)
        row[codes.RETURN_LOCATION], row[codes.RETURN_SCALE] = math.log(prior.median), prior.sigma
        row[codes.BREAK_EVEN] = break_even
    return rows
