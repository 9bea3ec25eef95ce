"""The one response function: what a channel's driver does to the outcome, and when.

Fits, reports, plans and tests all call these two functions, on NumPy arrays of draws or on PyTensor
variables. Amplitude is left out: everything here is per unit of amplitude.

What counts as the return of a window's spend *within h periods* is, in each landing period t, the
response as it was minus the response without the window's spend of the last h periods:

    L_t(h) = f(stock_t) - f(stock_t without spend in (t - h, t] and in the window)

For saturation before carry-over this is the kernel's share ``F(h)`` of each week's response, so that
cohorts add up; for adstock before saturation it is the same counterfactual, and as h grows it becomes
"remove all of the window's spend". Spend after the window is absent on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mmm import schema
from mmm.model.channel import Channel

__all__ = ["landing", "response", "unit_return"]


def response(x: Any, channel: Channel, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
    """Response in every known period, what was spent before them included.

    Parameters
    ----------
    x : array, shape (..., time, channel)
        Driver in units of its mean over the data (1 = as usual), from the first known period on.
    channel : Channel
        Curve, kernel and order; shared by all columns of ``x``.
    parameters : dict of array, shape (..., channel)
        By posterior name.
    weeks_per_period : float

    Returns
    -------
    array, shape (..., time, channel)
        Per unit of amplitude.
    """
    curve, kernel = channel.saturation, channel.carryover
    if channel.order == "saturation_first":
        stock = kernel.carry(curve.respond(x, parameters), parameters, weeks_per_period=weeks_per_period)
        if not kernel.has_memory:
            return stock
        before = curve.respond(_before(parameters), parameters)
        return stock + before * kernel.tail(_rows(x), parameters, weeks_per_period=weeks_per_period)
    return curve.respond(_stock(x, channel, parameters, weeks_per_period), parameters)


def landing(
    x: Any,
    channel: Channel,
    parameters: dict[str, Any],
    *,
    weeks_per_period: float,
    start: int,
    stop: int,
    horizons: Sequence[int],
) -> list[Any]:
    """Return of the spend in rows ``start ... stop - 1`` within each horizon, by landing period.

    Parameters
    ----------
    x : array, shape (..., rows, channel)
        Driver as in :func:`response`, followed by zeros: ``rows >= stop + max(horizons) - 1``.
    channel, parameters, weeks_per_period
        As in :func:`response`.
    start, stop : int
        Rows of the window.
    horizons : sequence of int
        Periods counted after each period's spend, that period included.

    Returns
    -------
    list of array, shape (..., rows - start, channel)
        For each horizon ``L_t(horizon)``, ``t = start, start + 1, ...``; zero from ``stop + horizon - 1`` on.
    """
    curve, kernel = channel.saturation, channel.carryover
    rows = np.arange(_rows(x))[:, None]
    inside = x * ((rows >= start) & (rows < stop))
    if channel.order == "saturation_first":
        inside = curve.respond(inside, parameters)
    now, *old = kernel.carry_by_age(inside, parameters, weeks_per_period=weeks_per_period, ages=[0, *horizons])
    if channel.order == "saturation_first":
        return [(now - gone)[..., start:, :] for gone in old]
    before = _stock(x * (rows < start), channel, parameters, weeks_per_period)
    factual = curve.respond(before + now, parameters)
    return [(factual - curve.respond(before + gone, parameters))[..., start:, :] for gone in old]


def unit_return(
    x: Any,
    channel: Channel,
    parameters: dict[str, Any],
    *,
    weeks_per_period: float,
    start: int,
    stop: int,
    horizon: int,
    value: Any = None,
) -> Any:
    """Sum of :func:`landing` over time, in closed form where there is one.

    Parameters
    ----------
    x, channel, parameters, weeks_per_period, start, stop
        As in :func:`landing`.
    horizon : int
    value : array, shape (stop - start + horizon - 1,), optional
        Weight of each landing period; 1 by default.

    Returns
    -------
    array, shape (..., channel)
        For saturation first it is the sum of the window's responses times ``F(horizon)``.
    """
    if channel.order == "saturation_first" and value is None:
        total = channel.saturation.respond(x[..., start:stop, :], parameters).sum(axis=-2)
        return total * channel.carryover.landed(horizon, parameters, weeks_per_period=weeks_per_period)
    landed = landing(
        x, channel, parameters, weeks_per_period=weeks_per_period, start=start, stop=stop, horizons=[horizon]
    )
    return landed[0].sum(axis=-2) if value is None else (landed[0] * value[:, None]).sum(axis=-2)


def _stock(x: Any, channel: Channel, parameters: dict[str, Any], weeks_per_period: float) -> Any:
    """Stock of the driver itself, with what was spent before the first known period."""
    kernel = channel.carryover
    stock = kernel.carry(x, parameters, weeks_per_period=weeks_per_period)
    if not kernel.has_memory:
        return stock
    return stock + _before(parameters) * kernel.tail(_rows(x), parameters, weeks_per_period=weeks_per_period)


def _rows(x: Any) -> int:
    """Count the rows, also of a PyTensor variable, whose shape is known in its type."""
    return int(x.type.shape[-2] if hasattr(x, "type") else x.shape[-2])


def _before(parameters: dict[str, Any]) -> Any:
    """Spend per period before the first known one, in units of mean spend, shape (..., 1, channel)."""
    return parameters[schema.CARRY_IN_LEVEL][..., None, :]
