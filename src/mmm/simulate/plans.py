"""How a channel's spend runs over time: in flights, always on, growing, dark until it begins, or after demand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmm.errors import SpecError

__all__ = ["DEMAND_CHASING", "PLANS", "alike", "spend_plan"]

DEMAND_CHASING = "demand_chasing"
PLANS = ("always_on", "flights", "ramp", "dark_then_flights", "long_flights", DEMAND_CHASING)

#: Weeks on and off of the long flights.
LONG_ON, LONG_OFF = 8, 18


def spend_plan(
    plan: str,
    *,
    n_periods: int,
    weeks_per_period: float,
    rng: np.random.Generator,
    n_past: int = 0,
    past_rng: np.random.Generator | None = None,
    pull: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Spend per period of one channel, its past first, in units of the plan's mean over the data.

    Parameters
    ----------
    plan : {"always_on", "flights", "ramp", "dark_then_flights", "long_flights", "demand_chasing"}
        Gamma noise of sd 0.3 around a mean; the same in flights of 4-8 weeks with 4-10 weeks at exactly zero
        between them; such flights growing at a steady rate that trebles them over the data; nothing for a third of the
        data and then such flights; 8 weeks on and 18 off; always on, and pulled up and down by demand.
    n_periods : int
        Periods of the data.
    weeks_per_period : float
    rng : Generator
        Of the data's spend, which does not depend on how much of the past there is.
    n_past : int
        Periods before the data over which the same plan ran already.
    past_rng : Generator, optional
        Of the past's spend; needed if there is a past.
    pull : array, shape (n_past + n_periods,), optional
        Factors by which demand moves the spend of a plan that chases it.

    Returns
    -------
    array, shape (n_past + n_periods,)

    Raises
    ------
    SpecError
        If there is no such plan, or the data are too short to see it spend anything.

    Examples
    --------
    >>> spend = spend_plan("dark_then_flights", n_periods=90, weeks_per_period=1.0, rng=np.random.default_rng(1))
    >>> int(spend.nonzero()[0][0]), round(float(spend.mean()), 1)
    (30, 1.0)
    """
    if plan not in PLANS:
        raise SpecError(f"{plan!r} is not a spend plan", fix=f"use one of {', '.join(PLANS)}")
    size = _sizes(rng, n_periods)
    if n_past and past_rng is not None:
        size = np.concatenate([_sizes(past_rng, n_past), size])
    if plan == "always_on":
        return size
    if plan == DEMAND_CHASING:
        return size if pull is None else size * pull
    level = np.zeros(n_past + n_periods)
    for first, end in _flights(plan, n_periods, n_past, weeks_per_period, rng, past_rng):
        level[max(n_past + first, 0) : max(n_past + end, 0)] = 1.0
    if plan == "ramp":
        level *= 3.0 ** (np.arange(-n_past, n_periods) / n_periods)
    if not level[n_past:].any():
        raise SpecError(
            f"{n_periods} periods of {plan!r} end before the first flight",
            "a channel without spend in the data returns nothing to find",
            "simulate more periods, or use another plan or seed",
        )
    return size * level / level[n_past:].mean()


def alike(
    plan: NDArray[np.float64], shared: NDArray[np.float64], *, correlation: float, n_past: int
) -> NDArray[np.float64]:
    """Mix a plan with one that all channels share, so that any two channels have this correlation.

    Parameters
    ----------
    plan, shared : array, shape (n_past + n_periods,)
        Independent of one another.
    correlation : float
        From 0 (the plan as it is) to 1 (the shared one).
    n_past : int

    Returns
    -------
    array, shape (n_past + n_periods,)

    Examples
    --------
    >>> plan, shared = np.array([0.0, 2.0, 1.0]), np.array([1.5, 0.5, 1.0])
    >>> alike(plan, shared, correlation=1.0, n_past=0).tolist(), alike(plan, shared, correlation=0.0, n_past=0).tolist()
    ([1.5, 0.5, 1.0], [0.0, 2.0, 1.0])
    """
    # both have mean one, so shares of their sds are shares of the mix whose variances stand as the correlation says
    common, own = (
        np.sqrt(share) / series[n_past:].std() for share, series in ((correlation, shared), (1 - correlation, plan))
    )
    mixed: NDArray[np.float64] = (common * shared + own * plan) / (common + own)
    return mixed


def _sizes(rng: np.random.Generator, n_periods: int) -> NDArray[np.float64]:
    """Spend while it runs: mean 1, sd 0.3."""
    return rng.gamma(1 / 0.3**2, 0.3**2, size=n_periods)


def _flights(
    plan: str,
    n_periods: int,
    n_past: int,
    weeks_per_period: float,
    rng: np.random.Generator,
    past_rng: np.random.Generator | None,
) -> list[tuple[int, int]]:
    """First row and end of every flight; row 0 is the first of the data."""

    def periods(weeks: float) -> int:
        return max(1, round(weeks / weeks_per_period))

    def flight_and_dark(rng: np.random.Generator) -> tuple[int, int]:
        if plan == "long_flights":
            return periods(LONG_ON), periods(LONG_OFF)
        return periods(rng.uniform(4, 8)), periods(rng.uniform(4, 10))

    if plan == "dark_then_flights":
        begin = n_periods // 3
    elif plan == "long_flights":
        begin = -int(rng.integers(0, periods(LONG_ON) + periods(LONG_OFF)))
    else:
        # the data may begin in the middle of a flight
        begin = -int(rng.integers(0, max(1, round(4 / weeks_per_period))))
    flights, row = [], begin
    while row < n_periods:
        flight, dark = flight_and_dark(rng)
        flights.append((row, row + flight))
        row += flight + dark
    # and backwards from there, but for a plan that had not begun
    row = begin
    while past_rng is not None and plan != "dark_then_flights" and row > -n_past:
        flight, dark = flight_and_dark(past_rng)
        row -= dark + flight
        flights.append((row, row + flight))
    return flights
