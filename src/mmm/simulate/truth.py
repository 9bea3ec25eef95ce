"""What is true in a simulated world."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm.errors import SpecError
from mmm.simulate.oracle import ChannelRules

__all__ = ["Truth"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Truth:
    """The answers that a fit of a simulated world should find.

    Attributes
    ----------
    roi_by_horizon : dict of dict of float
        Horizon in weeks, then channel: what one unit of all the spend in the data brings within so many weeks of
        being spent, landings after the last period included; found by simulation without the spend.
    contributions : DataFrame, date by channel
        What each channel brought in each period, in units of the outcome; what spend before the data still
        brings is included.
    baseline : array, shape (time,)
        Outcome without media and noise.
    parameters : dict of dict of float
        Channel, then posterior name; ``amplitude`` (outcome per unit of response) and ``driver_mean`` (mean spend
        per period) besides.
    rules : dict of ChannelRules
        What :mod:`mmm.simulate.oracle` needs to simulate a channel again.
    sigma : float
        Standard deviation of the noise, in units of the outcome.

    Examples
    --------
    >>> from mmm.simulate import world_frame
    >>> frame, truth = world_frame(seed=1, roi={"tv": 2.0})
    >>> round(truth.roi("tv", 104), 6)
    2.0
    >>> truth.roi("tv", 13) < truth.roi("tv", 26) <= truth.roi("tv", 104)
    True
    """

    roi_by_horizon: dict[float, dict[str, float]]
    contributions: pd.DataFrame
    baseline: NDArray[np.float64]
    parameters: dict[str, dict[str, float]]
    rules: dict[str, ChannelRules]
    sigma: float

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels, in the order of the data."""
        return tuple(self.rules)

    def roi(self, channel: str, horizon_weeks: float) -> float:
        """Give the true ROI of a channel within so many weeks.

        Raises
        ------
        SpecError
            If the world has no such channel, or its truth was not computed at this horizon.
        """
        if horizon_weeks not in self.roi_by_horizon:
            raise SpecError(
                f"the truth within {horizon_weeks:g} weeks was not simulated",
                "a truth read off between two horizons would be a guess",
                f"pass horizons_weeks=[..., {horizon_weeks:g}] to the world; it has "
                + ", ".join(f"{known:g}" for known in self.roi_by_horizon),
            )
        if channel not in self.rules:
            near = difflib.get_close_matches(channel, self.channels, n=1)
            raise SpecError(
                f"this world has no channel {channel!r}; it has {', '.join(self.channels)}",
                fix=f"did you mean {near[0]!r}?" if near else "use one of its channels",
            )
        return self.roi_by_horizon[horizon_weeks][channel]
