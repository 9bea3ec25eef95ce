"""The part of a world that no media bring: trend, seasons, price, a wandering base, and what it does besides."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm.simulate.paths import adoption, hostile_season, level_shifts

__all__ = ["base_shares"]


def base_shares(
    dates: pd.DatetimeIndex,
    rng: np.random.Generator,
    *,
    trend: float,
    season: float,
    control: float,
    walk: float,
    weeks_per_period: float = 1.0,
    path: str = "random_walk",
    path_rng: np.random.Generator | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Price, and everything but base level and media as shares of mean outcome.

    Parameters
    ----------
    dates : DatetimeIndex, length (time,)
    rng : Generator
    trend, season, control, walk : float
        As in :class:`mmm.simulate.WorldSettings`.
    weeks_per_period : float
    path : {"random_walk", "level_shift", "growth", "hostile_season"}
    path_rng : Generator, optional
        Of what the path does besides; needed for all but the first.

    Returns
    -------
    price : array, shape (time,)
    shares : array, shape (time,)

    Examples
    --------
    >>> dates = pd.date_range("2024-01-01", periods=3, freq="7D")
    >>> flat = {"trend": 0.0, "season": 0.0, "control": 0.0, "walk": 0.0}
    >>> [float(share) for share in base_shares(dates, np.random.default_rng(1), **flat)[1]]
    [0.0, 0.0, 0.0]
    """
    weeks = np.asarray((dates - dates[0]) / pd.Timedelta(weeks=1), dtype=float)
    years = weeks * 7 / 365.25
    waves = np.array([wave(2 * np.pi * k * years) for k in (1, 2) for wave in (np.sin, np.cos)])
    size = rng.normal(size=4)
    # a wave of unit size has variance one half
    cycle = season * (size / np.sqrt((size**2).sum() / 2)) @ waves
    price = np.round(10 + 0.5 * rng.standard_normal(len(dates)), 2)
    steps = np.sqrt(np.diff(weeks, prepend=weeks[0])) * rng.standard_normal(len(dates))
    if path == "hostile_season" and path_rng is not None:
        cycle = season * hostile_season(weeks, path_rng, weeks_per_period=weeks_per_period)
    shares = trend * (years - years.mean()) + cycle - control * (price - 10) / 0.5 + walk * np.cumsum(steps)
    if path == "level_shift" and path_rng is not None:
        shares += level_shifts(weeks, path_rng)
    if path == "growth" and path_rng is not None:
        shares += adoption(weeks, path_rng)
    return price, shares
