"""The brand tracker replayed: what media built in it, and where it would be without its error."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.brand import slow_stock
from mmm.posterior.draws import Draws, random_stream

__all__ = ["built_at_waves", "replay_tracker", "tracker_error"]

Floats = NDArray[np.float64]


def replay_tracker(draws: Draws) -> xr.Dataset:
    """Follow the tracker from wave to wave, draw by draw.

    Returns
    -------
    Dataset, dims (chain, draw, wave)
        ``from_media``: what brand channels built. ``expected``: that, the level and what else moved it, without the
        error of a wave. Both in shares, or in the unit of the index; ``from_media`` is a difference to no media.
    """
    waves = draws.inputs.tracker
    assert waves is not None, "the data have no tracker"
    from_media = built_at_waves(draws)
    level, path = waves.recover(
        from_media.reshape(-1, len(waves.rows)),
        walk=draws.parameters[schema.TRACKER_TAU].values.reshape(-1),
        error=tracker_error(draws).reshape(-1),
        rng=random_stream(draws.seed, "tracker"),
    )
    expected = (level[:, None] + path).reshape(from_media.shape) + from_media
    dims = (schema.CHAIN, schema.DRAW, schema.WAVE)
    return xr.Dataset(
        {"from_media": (dims, waves.scale.spread * from_media), "expected": (dims, waves.scale.original(expected))},
        coords={schema.WAVE: draws.data.dataset[schema.WAVE].values},
    )


def built_at_waves(draws: Draws) -> Floats:
    """What brand channels built in the tracker, on the scale of the model's waves, shape (chain, draw, wave)."""
    waves, inputs = draws.inputs.tracker, draws.inputs
    assert waves is not None, "the data have no tracker"
    stock = 0.0
    for column, name in enumerate(draws.data.channels):
        channel = draws.spec.channels[name]
        if channel.brand:
            parameters = draws.channel_parameters(name)
            built = slow_stock(
                inputs.driver[:, [column]],
                channel,
                parameters,
                weeks_per_period=inputs.weeks_per_period,
                stretch=draws.parameters[schema.TRACKER_STRETCH].values[..., None],
            )[..., inputs.start :, 0]
            stock = stock + (draws.amplitude(name) * parameters[schema.SLOW_SHARE][..., 0])[..., None] * built
    mean = np.mean(stock, axis=-1)
    relative = stock / mean[..., None]
    if schema.VALUE_PER_POINT in draws.parameters:
        # a point is worth so much of the outcome: what the stock brings, in points
        loading = 0.01 * mean / draws.parameters[schema.VALUE_PER_POINT].values
    else:
        loading = draws.parameters[schema.TRACKER_LOADING].values
    return np.asarray(loading[..., None] * relative[..., waves.rows])


def tracker_error(draws: Draws) -> Floats:
    """Scale of a wave's error, shape (chain, draw): estimated for an index, 1 for a survey."""
    walk = draws.parameters[schema.TRACKER_TAU]
    return np.asarray(draws.parameters.get(schema.TRACKER_SIGMA, xr.ones_like(walk)).values)
