"""A survey of awareness that follows the slow effect of brand advertising, and other things besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm.errors import SpecError

__all__ = ["TrackerRules", "awareness", "survey"]

#: A share this close to 0 or 1 would have no survey error to speak of.
LOWEST, HIGHEST = 0.01, 0.99


@dataclass(frozen=True, kw_only=True)
class TrackerRules:
    """How awareness comes about in a simulated world, and how it is asked.

    Attributes
    ----------
    level : float
        Share of people who are aware with no advertising at all.
    lift : float
        What advertising adds to it where its slow stock is at its mean over the data.
    walk : float
        Sd of what wanders for other reasons, per square root of a week.
    sample_size : int
        People asked in each wave.
    design_effect : float
        Survey variance over that of a simple random sample.
    every_weeks : float
        From wave to wave; the first is in the first period.
    gap_weeks : tuple of float, optional
        From and to: weeks after the first period between which nobody asked.

    Raises
    ------
    SpecError
        If a number makes no sense as what it stands for.

    Examples
    --------
    >>> TrackerRules(sample_size=800, gap_weeks=(26, 52)).lift
    0.1
    """

    level: float = 0.3
    lift: float = 0.1
    walk: float = 0.003
    sample_size: int = 400
    design_effect: float = 1.0
    every_weeks: float = 4.0
    gap_weeks: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        for name, sensible, meaning in (
            ("level", 0 < self.level < 1, "a share between 0 and 1"),
            ("lift", -1 < self.lift < 1, "a difference of two shares"),
            ("walk", self.walk >= 0, "a standard deviation, 0 or more"),
            ("sample_size", self.sample_size >= 1, "1 or more people"),
            ("design_effect", self.design_effect > 0, "a positive ratio of variances"),
            ("every_weeks", self.every_weeks > 0, "a positive number of weeks"),
        ):
            if not sensible:
                raise SpecError(f"{name}={getattr(self, name)!r} of a tracker is not {meaning}", fix=f"use {meaning}")


def awareness(
    slow_stock: Sequence[float] | NDArray[np.float64],
    rules: TrackerRules,
    *,
    weeks_per_period: float,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """True share of people who are aware in each period, shape (time,).

    Examples
    --------
    >>> steady = TrackerRules(level=0.3, lift=0.1, walk=0.0)
    >>> awareness([1.0, 3.0], steady, weeks_per_period=1.0, rng=np.random.default_rng(1)).round(6)
    array([0.35, 0.45])
    """
    stock = np.asarray(slow_stock, dtype=float)
    # where no channel has a slow effect there is nothing for a tracker to follow, and it only wanders
    relative = stock / stock.mean() if stock.any() else stock
    steps = rules.walk * np.sqrt(weeks_per_period) * rng.standard_normal(len(stock))
    steps[0] = 0.0
    return np.clip(rules.level + rules.lift * relative + np.cumsum(steps), LOWEST, HIGHEST)


def survey(
    share: NDArray[np.float64],
    rules: TrackerRules,
    *,
    dates: pd.DatetimeIndex,
    weeks_per_period: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Ask in waves, each on the date of a period.

    Parameters
    ----------
    share : array, shape (time,)
        True awareness.
    rules : TrackerRules
    dates : DatetimeIndex, length (time,)
    weeks_per_period : float
    rng : Generator

    Returns
    -------
    DataFrame
        Columns ``wave`` (date), ``awareness`` (share found), ``sample_size``.

    Examples
    --------
    >>> dates = pd.date_range("2024-01-01", periods=9, freq="7D")
    >>> rng = np.random.default_rng(1)
    >>> survey(np.full(9, 0.3), TrackerRules(), dates=dates, weeks_per_period=1.0, rng=rng)["wave"].dt.day.tolist()
    [1, 29, 26]
    """
    # every period draws its error, asked or not, so that a gap leaves the other waves as they were
    error = np.sqrt(rules.design_effect * share * (1 - share) / rules.sample_size) * rng.standard_normal(len(share))
    rows = np.arange(0, len(share), max(1, round(rules.every_weeks / weeks_per_period)))
    if rules.gap_weeks is not None:
        first, last = rules.gap_weeks
        weeks = rows * weeks_per_period
        rows = rows[(weeks < first) | (weeks > last)]
    found = np.clip(share + error, 0.0, 1.0)[rows]
    return pd.DataFrame({"wave": dates[rows], "awareness": found, "sample_size": rules.sample_size})
