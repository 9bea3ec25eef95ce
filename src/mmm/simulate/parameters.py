"""The true parameters of a world: as given, or drawn from the model's default priors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

import numpy as np

from mmm import schema
from mmm.errors import SpecError

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
    "none": (),
}
_TWO_SPEEDS = (schema.FAST_HALF_LIFE, schema.SLOW_HALF_LIFE, schema.SLOW_SHARE, schema.CARRY_IN_LEVEL)


def parameter_names(*, saturation: str, carryover: str, brand: bool) -> tuple[str, ...]:
    """Names of the parameters of a channel's curve and kernel.

    Examples
    --------
    >>> parameter_names(saturation="hill", carryover="geometric", brand=False)
    ('saturation_level', 'saturation_slope', 'half_life', 'carry_in_level')
    """
    if saturation not in _CURVE_PARAMETERS:
        raise SpecError(f"saturation={saturation!r} is not simulated", fix=f"use one of {', '.join(_CURVE_PARAMETERS)}")
    if carryover not in _KERNEL_PARAMETERS:
        raise SpecError(
            f"carryover={carryover!r} is not simulated",
            fix=f"use one of {', '.join(_KERNEL_PARAMETERS)}, and brand=[...] for channels of two speeds",
        )
    return (*_CURVE_PARAMETERS[saturation], *(_TWO_SPEEDS if brand else _KERNEL_PARAMETERS[carryover]))


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
