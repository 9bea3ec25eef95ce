"""The rules of a channel a second time, in plain numbers; here what they are, and curves that take one number.

Drivers are in units of their mean over the data (1 = as usual). What lands when is in :mod:`mmm.simulate.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from mmm import schema
from mmm.errors import SpecError

__all__ = ["BUILD_UP", "BUILD_UP_SHAPE", "MIXTURES", "SLOWEST_HALF_LIFE", "SLOWEST_SHARE", "ChannelRules", "saturate"]

#: Parameters of rules that only simulated worlds have: weeks to the peak of an effect that builds up, the shape of its
#: gamma density, and the second of two slow stocks with its share of what is slow.
BUILD_UP, BUILD_UP_SHAPE = "build_up_weeks", "build_up_shape"
SLOWEST_HALF_LIFE, SLOWEST_SHARE = "slowest_half_life", "slowest_share"

#: Carry-over of a fast and a slow part.
MIXTURES = ("two_speed", "two_slow", "fast_gamma")

_SATURATIONS = ("hill", "michaelis_menten", "logistic", "tanh", "root", "none")
_CARRYOVERS = ("geometric", "delayed", "weibull", "binomial", "gamma", "none", *MIXTURES)
_ORDERS = ("saturation_first", "adstock_first")


@dataclass(frozen=True, kw_only=True)
class ChannelRules:
    """How one channel works in a simulated world.

    Attributes
    ----------
    saturation : {"hill", "michaelis_menten", "logistic", "tanh", "root", "none"}
    carryover : {"geometric", "delayed", "weibull", "binomial", "gamma", "none", "two_speed", "two_slow", "fast_gamma"}
        ``gamma`` builds up along a gamma density. The last three mix a fast geometric kernel with a slow part, and need
        saturation first: one slow geometric kernel, two, or a gamma density.
    order : {"saturation_first", "adstock_first"}
    max_lag_weeks : float
        Where the delayed, Weibull and binomial kernels end.
    parameters : mapping of float
        By posterior name (``half_life``, ``saturation_level``, ...); ``carry_in_level`` is 0 if not given. Rules that
        the model does not have take ``build_up_weeks`` (to the peak of the density), ``build_up_shape`` (above 1),
        ``slowest_half_life`` and ``slowest_share`` (of the slow part).

    Raises
    ------
    SpecError
        If a rule is not one of the above, a mixture does not go with the other rules, or a parameter makes no sense.

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
        for name, known in (("saturation", _SATURATIONS), ("carryover", _CARRYOVERS), ("order", _ORDERS)):
            if getattr(self, name) not in known:
                raise SpecError(
                    f"{name}={getattr(self, name)!r} is not a rule of a simulated world",
                    "a truth that follows no stated rule proves nothing",
                    f"use one of {', '.join(known)}",
                )
        if self.carryover in MIXTURES and self.order != "saturation_first":
            raise SpecError(
                "a channel of two speeds was asked to saturate after carry-over",
                "its slow share would then depend on its spend, and no week's spend would have a return of its own",
                'use order="saturation_first"',
            )
        for share in (schema.SLOW_SHARE, SLOWEST_SHARE):
            if not 0 <= self.parameters.get(share, 0.0) <= 1:
                raise SpecError(
                    f"{share}={self.parameters[share]:g} is not a share",
                    "some of the effect would land with the wrong sign",
                    "use a number from 0 to 1",
                )
        for name, above in ((BUILD_UP, 0.0), (BUILD_UP_SHAPE, 1.0)):
            if not self.parameters.get(name, 2.0) > above:
                raise SpecError(
                    f"{name}={self.parameters[name]:g} is too small",
                    "an effect that builds up has its peak after the spend",
                    f"use a number above {above:g}",
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
