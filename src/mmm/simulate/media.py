"""What the channels of a world bring: amplitudes from true returns, contributions, the slow stock of brands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm import schema
from mmm.simulate.oracle import response, unit_returns
from mmm.simulate.rules import ChannelRules

__all__ = ["Media", "simulate_media"]


@dataclass(frozen=True, eq=False)
class Media:
    """Effects of all channels, each on its own.

    Attributes
    ----------
    contributions : DataFrame, date by channel
    amplitudes, driver_means : dict of float
        By channel: outcome per unit of response, mean spend per period of the data.
    roi : dict of dict of float
        Periods, then channel: return of all the data's spend within so many periods.
    slow_stock : array, shape (time,)
        Slow part of the contributions of all brand channels.
    """

    contributions: pd.DataFrame
    amplitudes: dict[str, float]
    driver_means: dict[str, float]
    roi: dict[int, dict[str, float]]
    slow_stock: NDArray[np.float64]


def simulate_media(
    spend: pd.DataFrame,
    rules: Mapping[str, ChannelRules],
    *,
    n_past: int,
    weeks_per_period: float,
    true_roi: Mapping[str, float],
    roi_horizon: int,
    horizons: list[int],
    brand: Sequence[str] = (),
) -> Media:
    """Simulate every channel.

    Parameters
    ----------
    spend : DataFrame, date by channel
        Past and data.
    rules : mapping of ChannelRules
    n_past : int
        Rows of the past.
    weeks_per_period : float
    true_roi : mapping of float
        Within ``roi_horizon`` periods.
    roi_horizon : int
    horizons : list of int
        Periods within which ROI is computed besides.
    brand : sequence of str
        Channels with a slow effect.

    Returns
    -------
    Media

    Examples
    --------
    >>> spend = pd.DataFrame({"tv": [100.0, 100.0]})
    >>> rules = {"tv": ChannelRules(saturation="none", parameters={"half_life": 1.0})}
    >>> media = simulate_media(
    ...     spend, rules, n_past=0, weeks_per_period=1.0, true_roi={"tv": 2.0}, roi_horizon=1, horizons=[1, 2]
    ... )
    >>> media.contributions["tv"].tolist(), media.roi[2]["tv"]
    ([200.0, 300.0], 3.0)
    """
    contributions, amplitudes, driver_means = {}, {}, {}
    roi: dict[int, dict[str, float]] = {horizon: {} for horizon in horizons}
    slow_stock = np.zeros(len(spend) - n_past)
    for name, rule in rules.items():
        seen = spend[name].to_numpy()[n_past:]
        driver_means[name] = float(seen.mean())
        driver = (spend[name].to_numpy() / driver_means[name]).tolist()
        stated, *returns = unit_returns(
            driver,
            rule,
            weeks_per_period=weeks_per_period,
            start=n_past,
            stop=len(driver),
            horizons=[roi_horizon, *horizons],
        )
        amplitude = amplitudes[name] = true_roi[name] * float(seen.sum()) / stated
        for horizon, unit in zip(horizons, returns, strict=True):
            roi[horizon][name] = amplitude * unit / float(seen.sum())
        effect = response(driver, rule, weeks_per_period=weeks_per_period)
        contributions[name] = amplitude * np.array(effect[n_past:])
        if name in brand:
            slow = response(driver, _slow_only(rule), weeks_per_period=weeks_per_period)
            slow_stock += amplitude * rule.parameters.get(schema.SLOW_SHARE, 1.0) * np.array(slow[n_past:])
    by_date = pd.DataFrame(contributions, index=spend.index[n_past:])
    return Media(by_date, amplitudes, driver_means, roi, slow_stock)


def _slow_only(rules: ChannelRules) -> ChannelRules:
    """Make the whole effect slow, if it is not: its response is the slow stock."""
    return replace(rules, parameters={**rules.parameters, schema.SLOW_SHARE: 1.0})
