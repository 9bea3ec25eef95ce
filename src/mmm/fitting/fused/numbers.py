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
    rotation = _in_fours(inputs.rotation.matrix)
    blocks = {
        codes.COORDINATES: layout.table,
        codes.CHANNELS: _channels(layout, inputs),
        codes.DRIVER: _drivers(layout, inputs),
        codes.ROTATION: rotation,
        codes.WALK_VARIANCES: _in_fours(inputs.rotation.walk_variances),
        codes.OUTCOME: rotation @ inputs.outcome,
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
        codes.N_FOURS: len(rotation) // 4,
        codes.N_BRAND: len(spec.brand),
        codes.HORIZON: inputs.horizon,
        codes.EARLY: periods(MEASURED_WEEKS, inputs.weeks_per_period),
        codes.WEEKS_PER_PERIOD: inputs.weeks_per_period,
        codes.AT_SIGMA: layout.blocks[schema.SIGMA].start,
        codes.AT_TAU: layout.blocks[schema.TAU].start if walk else -1,
        codes.NOISE_SCALE: noise_scale(spec),
        codes.WALK_SCALE: walk.sigma if walk else 0.0,
        codes.CONSTANT: _constant(layout.table, n_rotated),
    }
    for place, value in known.items():
        header[place] = value
    end = codes.HEADER
    for place, block in blocks.items():
        header[place] = end
        end += block.size
    return np.concatenate([header, *(np.ravel(block) for block in blocks.values())])


def _in_fours(rows: Floats) -> Floats:
    """Append rows of zeros until four at a time come out even."""
    return np.pad(rows, [(0, -len(rows) % 4), *[(0, 0)] * (rows.ndim - 1)])


def _constant(table: Floats, n_rotated: int) -> float:
    """What of the log density depends on no parameter: what makes priors and likelihood integrate to 1.

    Parameters
    ----------
    table : array, shape (coordinate, number)
        Of the coordinates, see `density.py`; each return counts with the normal that its prior is on the log scale.
    n_rotated : int
        Numbers that are normal given the parameters.
    """
    family, first, second, _, _ = table.T
    of_beta, of_half = family == codes.BETA, family == codes.HALF_NORMAL
    normals = -0.5 * math.log(2 * math.pi) * (n_rotated + (~of_beta).sum()) - np.log(second[~of_beta]).sum()
    betas = sum(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) for a, b in table[of_beta, 1:3])
    return float(normals + np.log(2 / first[of_half]).sum() + betas)


def _drivers(layout: Layout, inputs: ModelInputs) -> Floats:
    """What each channel's curve is applied to, shape (channel, row): for some the logarithm of the driver."""
    curves = np.array([CURVES[channel.saturation.kind] for channel in layout.spec.channels.values()])
    with np.errstate(divide="ignore"):
        logs = np.maximum(np.log(inputs.driver), codes.NOTHING)
    return np.where(np.isin(curves, codes.OF_LOGARITHM), logs, inputs.driver).T


def _channels(layout: Layout, inputs: ModelInputs) -> Floats:
    """One row of numbers for each channel."""
    rows = np.full((len(layout.spec.channels), codes.CHANNEL_WIDTH), -1.0)
    for row, (name, channel), break_even in zip(rows, layout.spec.channels.items(), inputs.break_even, strict=True):
        kernel, prior = channel.carryover.kind, channel.roi_prior
        assert prior is not None, "a resolved spec has a prior for every channel's return"
        row[codes.CURVE] = CURVES[channel.saturation.kind]
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
