"""When half of an effect has landed, whatever its kernel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.model.horizon import periods
from mmm.posterior import Draws
from mmm.returns.payback import SEARCH_WEEKS

__all__ = ["weeks_until_half"]

Floats = NDArray[np.float64]


def weeks_until_half(draws: Draws, channel: str) -> Floats:
    """Weeks from the spend until half of its effect has landed, shape (chain, draw).

    Parameters
    ----------
    draws : Draws
    channel : str

    Returns
    -------
    array, shape (chain, draw)
        0 where everything lands in the period of the spend; infinite where it takes more than ten years.

    Notes
    -----
    Within a period what is left falls geometrically: with the share ``L(n)`` that lands after ``n`` periods and the
    first ``n`` at which ``L(n) <= 1/2``, it is ``n - 1 + log(2 L(n - 1)) / log(L(n - 1) / L(n))`` periods. For a
    geometric kernel that is its half-life, exactly.
    """
    kernel, parameters = draws.spec.channels[channel].carryover, draws.channel_parameters(channel)
    period = draws.data.weeks_per_period
    shape = draws.parameters.sizes[schema.CHAIN], draws.parameters.sizes[schema.DRAW]
    if not kernel.has_memory:
        return np.zeros(shape)
    found, before = np.full(shape, np.inf), np.ones(shape)
    for n in range(1, periods(SEARCH_WEEKS, period) + 1):
        landed = np.asarray(kernel.landed(n, parameters, weeks_per_period=period))[..., 0]
        left = np.maximum(1 - landed, np.finfo(float).tiny)  # all of it may land at once, to the last digit
        crosses = (left <= 0.5) & (before > 0.5)
        found[crosses] = n - 1 + np.log(2 * before[crosses]) / np.log(before[crosses] / left[crosses])
        if (left <= 0.5).all():
            break
        before = left
    return found * period
