"""The true parameters of a world: as given, or drawn, from the model's default priors where it has them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

from mmm import schema
from mmm.errors import SpecError
from mmm.simulate.rules import BUILD_UP, BUILD_UP_SHAPE, SLOWEST_HALF_LIFE, SLOWEST_SHARE

__all__ = ["check_known", "parameter_names", "world_parameters"]

_CURVE_PARAMETERS = {
    "hill": (schema.LEVEL, schema.SLOPE),
    "michaelis_menten": (schema.LEVEL,),
    "tanh": (schema.LEVEL,),
    "logistic": (schema.LEVEL,),
    "root": (schema.EXPONENT,),
    "none": (),
}
_KERNEL_PARAMETERS = {
    "geometric": (schema.HALF_LIFE, schema.CARRY_IN_LEVEL),
    "delayed": (schema.HALF_LIFE, schema.PEAK, schema.CARRY_IN_LEVEL),
    "weibull": (schema.HALF_LIFE, schema.SHAPE, schema.CARRY_IN_LEVEL),
    "binomial": (schema.RETENTION, schema.CARRY_IN_LEVEL),
    "gamma": (BUILD_UP, BUILD_UP_SHAPE, schema.CARRY_IN_LEVEL),
    "none": (),
}
_TWO_SPEEDS = (schema.FAST_HALF_LIFE, schema.SLOW_HALF_LIFE, schema.SLOW_SHARE, schema.CARRY_IN_LEVEL)
_BRAND_PARAMETERS = {
    "two_speed": _TWO_SPEEDS,
    "two_slow": (*_TWO_SPEEDS, SLOWEST_HALF_LIFE, SLOWEST_SHARE),
    "fast_gamma": (schema.FAST_HALF_LIFE, schema.SLOW_SHARE, BUILD_UP, BUILD_UP_SHAPE, schema.CARRY_IN_LEVEL),
    "gamma": _KERNEL_PARAMETERS["gamma"],
}


def parameter_names(*, saturation: str, carryover: str, brand: bool) -> tuple[str, ...]:
    """Names of the parameters of a channel's curve and kernel.

    Raises
    ------
    SpecError
        If there is no such curve, or no such kernel for a channel of this kind.

    Examples
    --------
    >>> parameter_names(saturation="hill", carryover="geometric", brand=False)
    ('saturation_level', 'saturation_slope', 'half_life', 'carry_in_level')
    """
    if saturation not in _CURVE_PARAMETERS:
        raise SpecError(f"saturation={saturation!r} is not simulated", fix=f"use one of {', '.join(_CURVE_PARAMETERS)}")
    if brand and carryover not in _BRAND_PARAMETERS:
        raise SpecError(
            f"carryover={carryover!r} is not simulated for a brand channel",
            "a brand channel is one with a slow effect",
            f"use one of {', '.join(_BRAND_PARAMETERS)}, or leave it out of brand=[...]",
        )
    if not brand and carryover not in _KERNEL_PARAMETERS:
        raise SpecError(
            f"carryover={carryover!r} is not simulated",
            fix=f"use one of {', '.join(_KERNEL_PARAMETERS)}, and brand=[...] for channels of two speeds",
        )
    return (*_CURVE_PARAMETERS[saturation], *(_BRAND_PARAMETERS if brand else _KERNEL_PARAMETERS)[carryover])


def world_parameters(
    wanted: Mapping[str, Sequence[str]],
    *,
    given: Mapping[str, Mapping[str, float]],
    brand: Sequence[str],
    rng: np.random.Generator,
    brand_rng: np.random.Generator,
) -> dict[str, dict[str, float]]:
    """Parameters of every channel.

    Parameters
    ----------
    wanted : mapping of sequence of str
        Channel, then the names of its parameters.
    given : mapping of mapping of float
        What is not drawn.
    brand : sequence of str
        Channels of two speeds.
    rng, brand_rng : Generator
        Of the parameters that any channel may have, and of those of two speeds.

    Returns
    -------
    dict of dict of float

    Raises
    ------
    SpecError
        If a parameter is given that its channel does not have, or several slow half-lives are.

    Examples
    --------
    >>> rngs = {"rng": np.random.default_rng(1), "brand_rng": np.random.default_rng(2)}
    >>> wanted = {"tv": ["slow_half_life"], "video": ["slow_half_life"]}
    >>> world_parameters(wanted, given={"tv": {"slow_half_life": 20.0}}, brand=["tv", "video"], **rngs)
    {'tv': {'slow_half_life': 20.0}, 'video': {'slow_half_life': 20.0}}
    """
    for name, names in wanted.items():
        check_known(f"parameters[{name!r}]", given.get(name, {}), names)
    # a stream of their own again, which leaves the others as they are
    [foreign_rng] = brand_rng.spawn(1)
    two_speeds = _draw_two_speeds(brand_rng, list(wanted), pooled=len(brand) >= 3)
    slow = sorted(
        {float(given[name][schema.SLOW_HALF_LIFE]) for name in brand if schema.SLOW_HALF_LIFE in given.get(name, {})}
    )
    if len(slow) > 1:
        raise SpecError(
            f"the brand channels were given the slow half-lives {', '.join(f'{weeks:g}' for weeks in slow)}",
            "a world has one for all of them, like the model",
            f"give {schema.SLOW_HALF_LIFE!r} to one brand channel, or the same to each",
        )
    chosen = {}
    for name, names in wanted.items():
        drawn = _draw_parameters(rng) | two_speeds[name]
        if slow:
            drawn[schema.SLOW_HALF_LIFE] = slow[0]
        drawn |= _draw_foreign(foreign_rng, slow_half_life=drawn[schema.SLOW_HALF_LIFE], brand=name in brand)
        chosen[name] = {key: float(given.get(name, {}).get(key, drawn[key])) for key in names}
    return chosen


def _draw_parameters(rng: np.random.Generator) -> dict[str, float]:
    """Every parameter of every rule of one speed, whether it is used or not."""
    return {
        schema.HALF_LIFE: rng.lognormal(0.0, 0.6),
        schema.PEAK: abs(rng.normal(0.0, 2.0)),
        schema.SHAPE: rng.lognormal(0.0, 0.3),
        schema.RETENTION: rng.beta(2, 2),
        schema.LEVEL: rng.beta(2, 3),
        schema.SLOPE: rng.lognormal(0.0, 0.4),
        schema.EXPONENT: rng.beta(4, 2.5),
        schema.CARRY_IN_LEVEL: abs(rng.normal()),
    }


def _draw_two_speeds(rng: np.random.Generator, channels: Sequence[str], *, pooled: bool) -> dict[str, dict[str, float]]:
    """Two speeds for every channel, whether it is a brand channel or not.

    All share the slow half-life. ``pooled`` logits of the slow share have sd 0.5 between channels and the rest of
    their variance in common, so that each on its own is N(1, 0.9) as before.
    """
    slow = _truncated_lognormal(rng, median=30.0, sigma=0.45, lower=10.0, upper=120.0)
    common, drawn = rng.standard_normal(), {}
    between = 0.5 if pooled else 0.9
    for name in channels:
        fast = _truncated_lognormal(rng, median=1.5, sigma=0.6, lower=0.2, upper=8.0)
        logit = 1.0 + math.sqrt(0.9**2 - between**2) * common + between * rng.standard_normal()
        drawn[name] = {
            schema.FAST_HALF_LIFE: fast,
            schema.SLOW_HALF_LIFE: slow,
            schema.SLOW_SHARE: 1 / (1 + math.exp(-logit)),
        }
    return drawn


def _draw_foreign(rng: np.random.Generator, *, slow_half_life: float, brand: bool) -> dict[str, float]:
    """Parameters of rules that the model does not have: some weeks of building up, or a quarter for brands."""
    build_up, shape = (9.0, 0.8) if brand else (3.0, 2.0)
    return {
        BUILD_UP: build_up * rng.lognormal(0.0, 0.3),
        BUILD_UP_SHAPE: 1 + shape * rng.lognormal(0.0, 0.25),
        SLOWEST_HALF_LIFE: 3.0 * slow_half_life * rng.lognormal(0.0, 0.2),
        SLOWEST_SHARE: rng.beta(4, 4),
    }


def _truncated_lognormal(rng: np.random.Generator, *, median: float, sigma: float, lower: float, upper: float) -> float:
    normal = NormalDist(math.log(median), sigma)
    probability = rng.uniform(normal.cdf(math.log(lower)), normal.cdf(math.log(upper)))
    return math.exp(normal.inv_cdf(probability))


def check_known(role: str, given: Mapping[str, object] | Sequence[str], known: Sequence[str]) -> None:
    """Refuse names that a world does not have.

    Examples
    --------
    >>> check_known("roi", {"tv": 1.0}, ["tv", "search"])
    """
    if isinstance(given, str):
        raise SpecError(
            f"{role}={given!r}", "a single text would be read letter by letter", f"write {role}=[{given!r}]"
        )
    unknown = [name for name in given if name not in known]
    if unknown:
        raise SpecError(f"{role} names {unknown}, which this world does not have", fix=f"it has {', '.join(known)}")
