"""What a channel does over time, by plain loops, with nothing shared with `mmm.model`.

This is what the model's arrays and graphs are checked against, so it is written from the definitions
and not for speed: a stock is a sum over every period that ever was, and a return is found by taking the
money away and simulating again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate

from mmm import schema
from mmm.errors import SpecError
from mmm.simulate.kernels import forgotten_after, kernel_weights
from mmm.simulate.rules import ChannelRules, saturate

__all__ = [
    "ChannelRules",
    "Effect",
    "cohort_returns",
    "counterfactual_return",
    "kernel_weights",
    "ledger",
    "never_after",
    "response",
    "saturate",
    "unit_returns",
]

#: What a response brings in a row of the driver, where that is not a multiple of it.
type Effect = Callable[[float, int], float]


class _Channel:
    """A channel at work: what it carries from one period to the next, and what that brings.

    Attributes
    ----------
    weights : list of float
        Of lags 0, 1, ... until all is forgotten.
    older : list of float
        For each lag the sum of the weights of all longer ones: what a steady past still brings.
    """

    def __init__(self, rules: ChannelRules, *, weeks_per_period: float, n_rows: int) -> None:
        self.rules = rules
        n_lags = n_rows + forgotten_after(rules, weeks_per_period=weeks_per_period)
        self.weights = kernel_weights(rules, weeks_per_period=weeks_per_period, n_lags=n_lags)
        # from the smallest on, so that no digit is lost
        self.older = list(accumulate(reversed(self.weights), initial=0.0))[-2::-1]
        [self.before] = self.carried([rules.parameters.get(schema.CARRY_IN_LEVEL, 0.0)])

    def carried(self, driver: Sequence[float]) -> list[float]:
        """What is carried over: the response to each period's spend, or the spend itself."""
        if self.rules.order == "saturation_first":
            return [saturate(x, self.rules) for x in driver]
        return list(driver)

    def response_at(self, t: int, carried: Sequence[float]) -> float:
        """Response in period ``t``, from all that was ever carried over; after the last row there is nothing."""
        newest = min(t, len(carried) - 1)
        stock = math.sumprod(self.weights[t - newest : t + 1], carried[newest::-1]) + self.before * self.older[t]
        return stock if self.rules.order == "saturation_first" else saturate(stock, self.rules)


def response(
    driver: Sequence[float], rules: ChannelRules, *, weeks_per_period: float, n_rows: int | None = None
) -> list[float]:
    """Response in every period of ``driver``, or in ``n_rows`` if more, per unit of amplitude.

    Before the first period there was spend of ``carry_in_level`` in every period since forever; after the last there
    is none.

    Examples
    --------
    >>> rules = ChannelRules(saturation="none", parameters={"half_life": 1.0, "carry_in_level": 1.0})
    >>> [round(value, 12) for value in response([1.0, 0.0], rules, weeks_per_period=1.0)]
    [1.0, 0.5]
    """
    n_rows = len(driver) if n_rows is None else n_rows
    channel = _Channel(rules, weeks_per_period=weeks_per_period, n_rows=n_rows)
    carried = channel.carried(driver)
    return [channel.response_at(t, carried) for t in range(n_rows)]


def counterfactual_return(
    driver: Sequence[float],
    rules: ChannelRules,
    *,
    weeks_per_period: float,
    start: int,
    stop: int,
    horizon: int,
    effect: Effect | None = None,
) -> float:
    """Return of a window's spend within ``horizon`` periods, by taking the money away.

    In every period ``t`` in which it can land, the response as it was, minus the response had the window's
    spend of the last ``horizon`` periods (``t`` included) been zero. What is spent from ``stop`` on is absent
    from both.

    Parameters
    ----------
    driver : sequence of float, length (time,)
    rules : ChannelRules
    weeks_per_period : float
    start, stop : int
        Rows of the window.
    horizon : int
        Periods counted after each period's spend, that period included.
    effect : callable, optional
        From the response in a row to what it brings; the response itself if not given.

    Returns
    -------
    float
        Per unit of amplitude, or as ``effect`` has it.

    Examples
    --------
    >>> rules = ChannelRules(saturation="none", parameters={"half_life": 1.0})
    >>> counterfactual_return([1.0, 1.0], rules, weeks_per_period=1.0, start=0, stop=2, horizon=2)
    1.5
    """
    end = stop + horizon - 1
    channel = _Channel(rules, weeks_per_period=weeks_per_period, n_rows=end)
    factual = channel.carried(driver[:stop])
    total = 0.0
    for t in range(start, end):
        first, last = max(start, t - horizon + 1), min(stop, t + 1)
        without = factual[:first] + [0.0] * (last - first) + factual[last:]
        was, would_be = (channel.response_at(t, carried) for carried in (factual, without))
        total += was - would_be if effect is None else effect(was, t) - effect(would_be, t)
    return total


def cohort_returns(
    driver: Sequence[float],
    rules: ChannelRules,
    *,
    weeks_per_period: float,
    start: int,
    stop: int,
    horizons: Sequence[int],
) -> list[float]:
    """Same as :func:`counterfactual_return` for several horizons, following each period's spend on its own.

    Only where saturation comes first does a period's spend have a return of its own.

    Raises
    ------
    SpecError
        If the rules put carry-over first.

    Examples
    --------
    >>> rules = ChannelRules(saturation="none", parameters={"half_life": 1.0})
    >>> cohort_returns([1.0, 1.0], rules, weeks_per_period=1.0, start=0, stop=2, horizons=[1, 2])
    [1.0, 1.5]
    """
    if rules.order != "saturation_first":
        raise SpecError(
            "cohorts were asked of a channel that saturates after carry-over",
            "there the return of one period's spend depends on all the others",
            "use counterfactual_return",
        )
    weights = kernel_weights(rules, weeks_per_period=weeks_per_period, n_lags=max(horizons))
    effects = [saturate(x, rules) for x in driver[start:stop]]
    landed = [math.fsum(weight * effect for effect in effects) for weight in weights]
    return [math.fsum(landed[:horizon]) for horizon in horizons]


def unit_returns(
    driver: Sequence[float],
    rules: ChannelRules,
    *,
    weeks_per_period: float,
    start: int,
    stop: int,
    horizons: Sequence[int],
    effect: Effect | None = None,
) -> list[float]:
    """Return of a window's spend within each horizon, whatever the order; see :func:`counterfactual_return`.

    Examples
    --------
    >>> rules = ChannelRules(saturation="none", order="adstock_first", parameters={"half_life": 1.0})
    >>> unit_returns([1.0, 1.0], rules, weeks_per_period=1.0, start=0, stop=2, horizons=[1, 2])
    [1.0, 1.5]
    """
    if rules.order == "saturation_first" and effect is None:
        return cohort_returns(
            driver, rules, weeks_per_period=weeks_per_period, start=start, stop=stop, horizons=horizons
        )
    return [
        counterfactual_return(
            driver, rules, weeks_per_period=weeks_per_period, start=start, stop=stop, horizon=horizon, effect=effect
        )
        for horizon in horizons
    ]


def ledger(
    driver: Sequence[float],
    rules: ChannelRules,
    *,
    weeks_per_period: float,
    start: int,
    stop: int,
    effect: Effect | None = None,
) -> dict[str, float]:
    """When the effect of a window's spend lands, and what else lands in the window, per unit of amplitude.

    Parameters
    ----------
    driver, rules, weeks_per_period, start, stop, effect
        As in :func:`counterfactual_return`.

    Returns
    -------
    dict of float
        ``carry_in``: lands in the window and was spent before it; ``in_window``: was spent and lands in it;
        ``carry_out``: was spent in it and lands later, however late; ``cohort_total``: all that was spent in it brings.

    Examples
    --------
    >>> rules = ChannelRules(saturation="none", parameters={"half_life": 1.0, "carry_in_level": 1.0})
    >>> ledger([1.0], rules, weeks_per_period=1.0, start=0, stop=1)
    {'carry_in': 0.5, 'in_window': 0.5, 'carry_out': 0.5, 'cohort_total': 1.0}
    """
    end = stop + never_after(rules, weeks_per_period=weeks_per_period)
    channel = _Channel(rules, weeks_per_period=weeks_per_period, n_rows=end)
    factual = channel.carried(driver[:stop])
    without = factual[:start] + [0.0] * (stop - start)
    rows = range(start, end)
    was, before = ([channel.response_at(t, carried) for t in rows] for carried in (factual, without))
    if effect is not None:
        was, before = ([effect(value, t) for value, t in zip(values, rows, strict=True)] for values in (was, before))
    added = [one - other for one, other in zip(was, before, strict=True)]
    n_rows = stop - start
    return {
        "carry_in": math.fsum(before[:n_rows]),
        "in_window": math.fsum(added[:n_rows]),
        "carry_out": math.fsum(added[n_rows:]),
        "cohort_total": math.fsum(added),
    }


def never_after(rules: ChannelRules, *, weeks_per_period: float) -> int:
    """Periods after which not even the response to what is left of a stock is worth counting.

    An effect that goes with the square root of a response has then shrunk to a hundred-millionth.

    Examples
    --------
    >>> never_after(ChannelRules(saturation="none", parameters={"half_life": 2.0}), weeks_per_period=1.0)
    107
    """
    forgotten = forgotten_after(rules, weeks_per_period=weeks_per_period)
    if rules.order == "saturation_first":
        return forgotten
    # near zero a curve is like a power of the stock, and a power below one dies away more slowly than the stock
    power = {"root": rules.parameters.get(schema.EXPONENT, 1.0), "hill": rules.parameters.get(schema.SLOPE, 1.0)}
    return math.ceil(forgotten / min(1.0, power.get(rules.saturation, 1.0)))
