"""What lands when: a kernel is a list of weights, written from its definition.

All durations are in weeks; ``weeks_per_period`` turns them into periods.
"""

from __future__ import annotations

import math

from mmm import schema
from mmm.simulate.rules import BUILD_UP, BUILD_UP_SHAPE, MIXTURES, SLOWEST_HALF_LIFE, SLOWEST_SHARE, ChannelRules

__all__ = ["forgotten_after", "kernel_weights"]

#: What may be missing of the infinitely long past, as a share of it.
FORGOTTEN = 1e-16

_FINITE = ("delayed", "weibull", "binomial")


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
        return _geometric_weights(rules.parameters[schema.HALF_LIFE], weeks_per_period, n_lags)
    if rules.carryover == "gamma":
        return _gamma_weights(rules, weeks_per_period, n_lags)
    if rules.carryover in MIXTURES:
        return _mixture_weights(rules, weeks_per_period, n_lags)
    unscaled = [
        _finite_weight(lag, rules, weeks_per_period=weeks_per_period)
        for lag in range(_last_lag(rules, weeks_per_period) + 1)
    ]
    whole = math.fsum(unscaled)
    return [unscaled[lag] / whole if lag < len(unscaled) else 0.0 for lag in range(n_lags)]


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
    if rules.carryover == "gamma":
        return _built_up_after(rules, weeks_per_period)
    half_life = at[schema.HALF_LIFE] if rules.carryover == "geometric" else at[schema.FAST_HALF_LIFE]
    if rules.carryover in ("two_speed", "two_slow") and at[schema.SLOW_SHARE] > 0:
        half_life = max(half_life, at[schema.SLOW_HALF_LIFE])
        if rules.carryover == "two_slow":
            half_life = max(half_life, at[SLOWEST_HALF_LIFE])
    periods = math.ceil(-math.log2(FORGOTTEN) * half_life / weeks_per_period)
    return max(periods, _built_up_after(rules, weeks_per_period)) if rules.carryover == "fast_gamma" else periods


def _geometric_weights(half_life: float, weeks_per_period: float, n_lags: int, *, share: float = 1.0) -> list[float]:
    decay = 0.5 ** (weeks_per_period / half_life)
    return [share * (1 - decay) * decay**lag for lag in range(n_lags)]


def _mixture_weights(rules: ChannelRules, weeks_per_period: float, n_lags: int) -> list[float]:
    """Add up a fast and a slow part, each with its share of the effect."""
    at = rules.parameters
    slow_share = at[schema.SLOW_SHARE]
    slowest_share = slow_share * at[SLOWEST_SHARE] if rules.carryover == "two_slow" else 0.0
    parts = [(schema.FAST_HALF_LIFE, 1 - slow_share)]
    if rules.carryover != "fast_gamma":
        parts.append((schema.SLOW_HALF_LIFE, slow_share - slowest_share))
    if rules.carryover == "two_slow":
        parts.append((SLOWEST_HALF_LIFE, slowest_share))
    weights = [_geometric_weights(at[name], weeks_per_period, n_lags, share=share) for name, share in parts]
    if rules.carryover == "fast_gamma":
        weights.append([slow_share * weight for weight in _gamma_weights(rules, weeks_per_period, n_lags)])
    return [sum(at_lag) for at_lag in zip(*weights, strict=True)]


def _gamma_weights(rules: ChannelRules, weeks_per_period: float, n_lags: int) -> list[float]:
    """Density in the middle of each period, over its sum."""
    density = [
        _gamma_density((lag + 0.5) * weeks_per_period, rules) for lag in range(_built_up_after(rules, weeks_per_period))
    ]
    whole = math.fsum(density)
    return [density[lag] / whole if lag < len(density) else 0.0 for lag in range(n_lags)]


def _gamma_density(weeks: float, rules: ChannelRules) -> float:
    """Gamma density, one at its peak."""
    peak, shape = rules.parameters[BUILD_UP], rules.parameters[BUILD_UP_SHAPE]
    return math.exp((shape - 1) * (math.log(weeks / peak) + 1 - weeks / peak))


def _built_up_after(rules: ChannelRules, weeks_per_period: float) -> int:
    """Periods of a gamma density before it has died away: what is left out is far below a millionth of the whole."""
    lag = math.ceil(rules.parameters[BUILD_UP] / weeks_per_period)
    while _gamma_density((lag + 0.5) * weeks_per_period, rules) > FORGOTTEN:
        lag += 1
    return lag


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
