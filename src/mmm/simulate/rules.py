"""The rules of a channel a second time, in plain numbers: a curve takes one number, a kernel is a list of weights.

All durations are in weeks; ``weeks_per_period`` turns them into periods. Drivers are in units of their
mean over the data (1 = as usual).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from mmm import schema
from mmm.errors import SpecError

__all__ = ["ChannelRules", "forgotten_after", "kernel_weights", "saturate"]

#: What may be missing of the infinitely long past, as a share of it.
FORGOTTEN = 1e-16

_FINITE = ("delayed", "weibull", "binomial")


@dataclass(frozen=True, kw_only=True)
class ChannelRules:
    """How one channel works in a simulated world.

    Attributes
    ----------
    saturation : {"hill", "michaelis_menten", "logistic", "tanh", "root", "none"}
    carryover : {"geometric", "two_speed", "delayed", "weibull", "binomial", "none"}
        ``two_speed`` mixes a fast and a slow geometric kernel and needs saturation first.
    order : {"saturation_first", "adstock_first"}
    max_lag_weeks : float
        Where the delayed, Weibull and binomial kernels end.
    parameters : mapping of float
        By posterior name (``half_life``, ``saturation_level``, ...); ``carry_in_level`` is 0 if not given.

    Raises
    ------
    SpecError
        If a rule is not one of the above, or two speeds do not go with the other rules.

    Examples
    --------
    >>> rules = ChannelRules(saturation="root", carryover="none", parameters={"saturation_exponent": 0.5})
    >>> saturate(4.0, rules)
    2.0
    """

    saturation: str = "hill"
    carryover: str = "geometric"
    order: str = "saturation_first"
    max_lag_weeks: float = 13.0
    parameters: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, known in (
            ("saturation", ("hill", "michaelis_menten", "logistic", "tanh", "root", "none")),
            ("carryover", ("geometric", "two_speed", *_FINITE, "none")),
            ("order", ("saturation_first", "adstock_first")),
        ):
            if getattr(self, name) not in known:
                raise SpecError(
                    f"{name}={getattr(self, name)!r} is not a rule of a simulated world",
                    "a truth that follows no stated rule proves nothing",
                    f"use one of {', '.join(known)}",
                )
        if self.carryover == "two_speed" and self.order != "saturation_first":
            raise SpecError(
                "a channel of two speeds was asked to saturate after carry-over",
                "its slow share would then depend on its spend, and no week's spend would have a return of its own",
                'use order="saturation_first"',
            )
        if not 0 <= self.parameters.get(schema.SLOW_SHARE, 0.0) <= 1:
            raise SpecError(
                f"{schema.SLOW_SHARE}={self.parameters[schema.SLOW_SHARE]:g} is not a share",
                "some of the effect would land with the wrong sign",
                "use a number from 0 to 1",
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
    if rules.carryover == "two_speed":
        return _two_speed_weights(rules, weeks_per_period=weeks_per_period, n_lags=n_lags)
    unscaled = [
        _finite_weight(lag, rules, weeks_per_period=weeks_per_period)
        for lag in range(_last_lag(rules, weeks_per_period) + 1)
    ]
    whole = math.fsum(unscaled)
    return [unscaled[lag] / whole if lag < len(unscaled) else 0.0 for lag in range(n_lags)]


def _two_speed_weights(rules: ChannelRules, *, weeks_per_period: float, n_lags: int) -> list[float]:
    """Add up two geometric kernels, each with its share of the effect."""
    at = rules.parameters
    fast, slow = (0.5 ** (weeks_per_period / at[name]) for name in (schema.FAST_HALF_LIFE, schema.SLOW_HALF_LIFE))
    share = at[schema.SLOW_SHARE]
    return [(1 - share) * (1 - fast) * fast**lag + share * (1 - slow) * slow**lag for lag in range(n_lags)]


def forgotten_after(rules: ChannelRules, *, weeks_per_period: float) -> int:
    """Periods after which nothing of a period's spend is left to land.

    Examples
    --------
    >>> forgotten_after(ChannelRules(parameters={"half_life": 2.0}), weeks_per_period=1.0)
    107
    """
    at = rules.parameters
    if rules.carryover == "none":
        return 0
    if rules.carryover in _FINITE:
        return _last_lag(rules, weeks_per_period)
    half_life = at[schema.HALF_LIFE] if rules.carryover == "geometric" else at[schema.FAST_HALF_LIFE]
    if rules.carryover == "two_speed" and at[schema.SLOW_SHARE] > 0:
        half_life = max(half_life, at[schema.SLOW_HALF_LIFE])
    return math.ceil(-math.log2(FORGOTTEN) * half_life / weeks_per_period)


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
