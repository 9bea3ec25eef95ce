"""What brand channels have in common: how far their slow shares agree, and when the data see their return."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.model.carryover import Geometric
from mmm.model.channel import Channel
from mmm.model.response import response

__all__ = ["MEASURED_WEEKS", "share_mixing", "slow_stock"]

#: The return within a quarter is what data see best; sampling is in it, and the long-run multiplier is on it.
MEASURED_WEEKS = 13

#: From how many brand channels on their slow shares are pooled.
POOLED_FROM = 3

#: Correlation of the log odds of two channels' slow shares beforehand: of a variance of 0.9^2, 0.5^2 is each channel's
#: own, the rest is common.
SHARE_CORRELATION = 1 - 0.5**2 / 0.9**2


def share_mixing(n_channels: int) -> NDArray[np.float64]:
    """Turn independent unit normals into standardised log odds of the slow shares, shape (channel, channel).

    With three or more brand channels the shares are partially pooled: each keeps its prior, and beforehand they are
    correlated, so that what is learnt of one moves the others. It is the hierarchical prior "common mean, own
    deviation" with the mean integrated out.

    Examples
    --------
    >>> share_mixing(2)
    array([[1., 0.],
           [0., 1.]])
    >>> (share_mixing(3) @ share_mixing(3).T).round(2)[0]
    array([1.  , 0.69, 0.69])
    """
    if n_channels < POOLED_FROM:
        return np.eye(n_channels)
    correlation = np.full((n_channels, n_channels), SHARE_CORRELATION)
    np.fill_diagonal(correlation, 1.0)
    return np.linalg.cholesky(correlation)


def slow_stock(
    x: Any, channel: Channel, parameters: dict[str, Any], *, weeks_per_period: float, stretch: Any = 1.0
) -> Any:
    """Stock that brand channels have built, what was spent before the first known period included.

    Parameters
    ----------
    x, channel, parameters, weeks_per_period
        As in :func:`mmm.model.response.response`; ``channel`` is a brand channel.
    stretch : float or array, shape (..., channel)
        Factor on the slow half-life: that of a tracker may differ from that of sales.

    Returns
    -------
    array, shape (..., time, channel)
        Per unit of amplitude, before the share that takes the slow way.
    """
    slow = channel.model_copy(update={"brand": False, "carryover": Geometric()})
    own = {name: parameters[name] for name in (*channel.saturation.parameters(), schema.CARRY_IN_LEVEL)}
    own[schema.HALF_LIFE] = parameters[schema.SLOW_HALF_LIFE] * stretch
    return response(x, slow, own, weeks_per_period=weeks_per_period)
