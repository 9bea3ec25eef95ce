"""The rules of a channel a second time: plain numbers, plain loops, nothing shared with `mmm.model`.

This is what the model's arrays and graphs are checked against, so it is written from the definitions
and not for speed: a curve takes one number, a response sums over every period that ever was, and a
return is found by taking the money away and simulating again.

All durations are in weeks; ``weeks_per_period`` turns them into periods. Drivers are in units of their
mean over the data (1 = as usual).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mmm import schema
from mmm.errors import SpecError

__all__ = ["ChannelRules", "cohort_returns", "counterfactual_return", "kernel_weights", "response", "saturate"]

#: What may be missing of the infinitely long past, as a share of it.
FORGOTTEN = 1e-16

_FINITE = ("delayed", "weibull", "binomial")


@dataclass(frozen=True, kw_only=True)
class ChannelRules:
    """How one channel works in a simulated world.

    Attributes
    ----------
    saturation : {"hill", "michaelis_menten", "logistic", "tanh", "root", "none"}
    carryover : {"geometric", "delayed", "weibull", "binomial", "none"}
    order : {"saturation_first", "adstock_first"}
    max_lag_weeks : float
        Where the delayed, Weibull and binomial kernels end.
    parameters : mapping of float
        By posterior name (``half_life``, ``saturation_level``, ...); ``carry_in_level`` is 0 if not given.

    Raises
    ------
    SpecError
        If a rule is not one of the above.

    Examples
    --------
    >>> rules = ChannelRules(saturation="root", carryover="none", parameters={"saturation_exponent": 0.5})
    >>> response([0.0, 4.0], rules, weeks_per_period=1.0)
    [0.0, 2.0]
    """

    saturation: str = "hill"
    carryover: str = "geometric"
    order: str = "saturation_first"
    max_lag_weeks: float = 13.0
    parameters: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, known in (
            ("saturation", ("hill", "michaelis_menten", "logistic", "tanh", "root", "none")),
            ("carryover", ("geometric", *_FINITE, "none")),
            ("order", ("saturation_first", "adstock_first")),
        ):
            if getattr(self, name) not in known:
                raise SpecError(
                    f"{name}={getattr(self, name)!r} is not a rule of a simulated world",
                    "a truth that follows no stated rule proves nothing",
                    f"use one of {', '.join(known)}",
                )


def saturate(x: float, rules: ChannelRules) -> float:
    """Response to ``x`` units of driver, 0 at 0.

    Examples
    --------
    >>> saturate(1.0, ChannelRules(parameters={"saturation_level": 0.25, "saturation_slope": 2.0}))
    0.25
    """
    at = rules.parameters
    if rules.saturation == "none":
        return x
    if x == 0.0:
        return 0.0
    if rules.saturation == "root":
        return math.exp(at[schema.EXPONENT] * math.log(x))
    level = at[schema.LEVEL]
    if rules.saturation == "tanh":
        return math.tanh(math.atanh(level) * x)
    if rules.saturation == "logistic":
        steepness = math.log((1 + level) / (1 - level))
        return (1 - math.exp(-steepness * x)) / (1 + math.exp(-steepness * x))
    if rules.saturation == "michaelis_menten":
        half_saturation = (1 - level) / level
        return x / (half_saturation + x)
    # Hill, 1 / (1 + (half / x)^slope), through logarithms: half / x overflows where x is tiny
    slope = at[schema.SLOPE]
    log_half_saturation = math.log((1 - level) / level) / slope
    return 1 / (1 + math.exp(min(slope * (log_half_saturation - math.log(x)), 700.0)))


def kernel_weights(rules: ChannelRules, *, weeks_per_period: float, n_lags: int) -> list[float]:
    """Share of the effect that lands 0, 1, ..., ``n_lags - 1`` periods after the spend.

    Examples
    --------
    >>> kernel_weights(ChannelRules(parameters={"half_life": 1.0}), weeks_per_period=1.0, n_lags=3)
    [0.5, 0.25, 0.125]
    """
    if rules.carryover == "none":
        return [1.0 if lag == 0 else 0.0 for lag in range(n_lags)]
    if rules.carryover == "geometric":
        decay = 0.5 ** (weeks_per_period / rules.parameters[schema.HALF_LIFE])
        return [(1 - decay) * decay**lag for lag in range(n_lags)]
    unscaled = [
        _finite_weight(lag, rules, weeks_per_period=weeks_per_period)
        for lag in range(_last_lag(rules, weeks_per_period) + 1)
    ]
    whole = math.fsum(unscaled)
    return [unscaled[lag] / whole if lag < len(unscaled) else 0.0 for lag in range(n_lags)]


def _finite_weight(lag: int, rules: ChannelRules, *, weeks_per_period: float) -> float:
    """Weight before normalisation, in the textbook parameters of each kernel."""
    at, weeks = rules.parameters, lag * weeks_per_period
    if rules.carryover == "delayed":
        retention = 0.5 ** (1 / at[schema.HALF_LIFE] ** 2)
        return math.exp(math.log(retention) * (weeks - at[schema.PEAK]) ** 2)
    if rules.carryover == "weibull":
        scale = at[schema.HALF_LIFE] / math.log(2) ** (1 / at[schema.SHAPE])
        survives = [math.exp(-((t / scale) ** at[schema.SHAPE])) for t in (weeks, weeks + weeks_per_period)]
        return survives[0] - survives[1]
    support = _last_lag(rules, weeks_per_period) + 1
    return math.pow(1 - lag / support, 1 / at[schema.RETENTION] - 1)


def _last_lag(rules: ChannelRules, weeks_per_period: float) -> int:
    return round(rules.max_lag_weeks / weeks_per_period)


def _past_periods(rules: ChannelRules, weeks_per_period: float) -> int:
    """Count the periods before the data that still matter."""
    if rules.carryover == "none":
        return 0
    if rules.carryover == "geometric":
        return math.ceil(-math.log2(FORGOTTEN) * rules.parameters[schema.HALF_LIFE] / weeks_per_period)
    return _last_lag(rules, weeks_per_period)


def _response_at(t: int, driver: Sequence[float], rules: ChannelRules, weights: Sequence[float]) -> float:
    """Response in period ``t``: one sum over every period up to ``t``, also those before the data.

    Periods after the last of ``driver`` are without spend; ``weights`` reach as far back as anything matters.
    """
    saturation_first = rules.order == "saturation_first"
    before = rules.parameters.get(schema.CARRY_IN_LEVEL, 0.0)
    total = 0.0
    for lag, weight in enumerate(weights):
        period = t - lag
        if period >= len(driver):
            continue
        spent = driver[period] if period >= 0 else before
        total += weight * (saturate(spent, rules) if saturation_first else spent)
    return total if saturation_first else saturate(total, rules)


def response(driver: Sequence[float], rules: ChannelRules, *, weeks_per_period: float) -> list[float]:
    """Response in every period of ``driver``, per unit of amplitude.

    Before the first period there was spend of ``carry_in_level`` in every period since forever.

    Examples
    --------
    >>> rules = ChannelRules(saturation="none", parameters={"half_life": 1.0, "carry_in_level": 1.0})
    >>> [round(value, 12) for value in response([1.0, 0.0], rules, weeks_per_period=1.0)]
    [1.0, 0.5]
    """
    n_past = _past_periods(rules, weeks_per_period)
    weights = kernel_weights(rules, weeks_per_period=weeks_per_period, n_lags=len(driver) + n_past)
    return [_response_at(t, driver, rules, weights[: t + 1 + n_past]) for t in range(len(driver))]


def counterfactual_return(
    driver: Sequence[float], rules: ChannelRules, *, weeks_per_period: float, start: int, stop: int, horizon: int
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

    Returns
    -------
    float
        Per unit of amplitude.

    Examples
    --------
    >>> rules = ChannelRules(saturation="none", parameters={"half_life": 1.0})
    >>> counterfactual_return([1.0, 1.0], rules, weeks_per_period=1.0, start=0, stop=2, horizon=2)
    1.5
    """
    n_past = _past_periods(rules, weeks_per_period)
    all_weights = kernel_weights(rules, weeks_per_period=weeks_per_period, n_lags=stop + horizon - 1 + n_past)
    factual = list(driver[:stop])
    total = 0.0
    for t in range(start, stop + horizon - 1):
        weights = all_weights[: t + 1 + n_past]
        without = list(factual)
        for period in range(max(start, t - horizon + 1), min(stop, t + 1)):
            without[period] = 0.0
        total += _response_at(t, factual, rules, weights) - _response_at(t, without, rules, weights)
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
    totals = [0.0 for _ in horizons]
    for period in range(start, stop):
        effect = saturate(driver[period], rules)
        for i, horizon in enumerate(horizons):
            for lag in range(horizon):
                totals[i] += weights[lag] * effect
    return totals
