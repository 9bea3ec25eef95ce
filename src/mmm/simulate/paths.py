"""Bases that a straight trend, a gentle season and a random walk do not follow: steps, adoption, a hostile season."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["BASE_PATHS", "adoption", "hostile_season", "level_shifts"]

BASE_PATHS = ("random_walk", "level_shift", "growth", "hostile_season")

#: Smallest and largest step, as shares of mean outcome.
STEPS = (0.04, 0.10)
#: What adoption adds to where it began.
ADOPTED = 0.4
#: Sharp peaks a year, and their part of the variance of a hostile season; the rest is a wave.
PEAKS, PEAKED = 3, 0.65


def level_shifts(weeks: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """One or two abrupt steps, up or down, of 4% to 10%; the mean is zero.

    Parameters
    ----------
    weeks : array, shape (time,)
        Since the first period.
    rng : Generator

    Returns
    -------
    array, shape (time,)
        As shares of mean outcome.

    Examples
    --------
    >>> steps = np.diff(level_shifts(np.arange(156.0), np.random.default_rng(1)))
    >>> [bool(0.04 <= abs(step) <= 0.10) for step in steps[abs(steps) > 1e-12]]
    [True, True]
    """
    one = rng.random() < 0.5
    # two steps keep away from one another and from both ends, where nothing could tell them from a trend
    spans = [(0.2, 0.8)] if one else [(0.15, 0.45), (0.55, 0.85)]
    share = np.zeros(len(weeks))
    for earliest, latest in spans:
        when = weeks[-1] * rng.uniform(earliest, latest)
        share += rng.choice([-1.0, 1.0]) * rng.uniform(*STEPS) * (weeks >= when)
    return share - share.mean()


def adoption(weeks: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Logistic growth that ends 40% above where it began; the mean is zero.

    Parameters
    ----------
    weeks : array, shape (time,)
    rng : Generator
        Of the middle of the rise, and of how much of the window it takes.

    Returns
    -------
    array, shape (time,)
        As shares of mean outcome.

    Examples
    --------
    >>> base = 1 + adoption(np.arange(156.0), np.random.default_rng(1))
    >>> round(float(base[-1] / base[0]), 12), round(float(base.mean()), 12)
    (1.4, 1.0)
    """
    middle, rise = rng.uniform(0.3, 0.7), rng.uniform(0.25, 0.5)
    # from a tenth to nine tenths of the way within `rise`
    adopted = 1 / (1 + np.exp(-2 * np.log(9) / rise * (weeks / weeks[-1] - middle)))
    adopted = (adopted - adopted[0]) / (adopted[-1] - adopted[0])
    size = ADOPTED / (1 + ADOPTED * adopted.mean())
    growth: NDArray[np.float64] = size * (adopted - adopted.mean())
    return growth


def hostile_season(
    weeks: NDArray[np.float64], rng: np.random.Generator, *, weeks_per_period: float
) -> NDArray[np.float64]:
    """Season that few waves do not follow: sharp peaks, and a wave, both of another size and date every year.

    Parameters
    ----------
    weeks : array, shape (time,)
    rng : Generator
    weeks_per_period : float

    Returns
    -------
    array, shape (time,)
        Mean zero, and a standard deviation of about one over many worlds.

    Examples
    --------
    >>> season = hostile_season(np.arange(156.0), np.random.default_rng(1), weeks_per_period=1.0)
    >>> bool(season.max() > 3)
    True
    """
    years = weeks * 7 / 365.25
    weeks_a_year = 365.25 / 7
    every_year = np.arange(-1, int(years[-1]) + 2)
    sizes, delays = rng.lognormal(0.0, 0.5, len(every_year)), rng.normal(0.0, 0.1, len(every_year))
    amplitude, delay = (np.interp(years, every_year + 0.5, values) for values in (sizes, delays))
    # a wave of unit size has variance one half, and its size a mean square of exp(2 * 0.5^2)
    wave = amplitude * np.cos(2 * np.pi * (years - rng.random() - delay)) / np.sqrt(np.exp(0.5) / 2)

    peaks, variance = np.zeros(len(weeks)), 0.0
    for place in (np.arange(PEAKS) + rng.uniform(0.2, 0.8, PEAKS)) / PEAKS:
        height = rng.lognormal(0.0, 0.3)
        # narrower than a period it would fall between two rows
        width = max(rng.uniform(0.6, 1.4), weeks_per_period / 2)
        for year in every_year:
            middle = (year + place) * weeks_a_year + rng.normal(0.0, 2.0)
            peaks += height * rng.lognormal(0.0, 0.5) * np.exp(-0.5 * ((weeks - middle) / width) ** 2)
        variance += height**2 * np.exp(0.5) * width * np.sqrt(np.pi) / weeks_a_year
    season: NDArray[np.float64] = np.sqrt(1 - PEAKED) * wave + np.sqrt(PEAKED / variance) * peaks
    season -= season.mean()
    return season
