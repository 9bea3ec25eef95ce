"""Worlds that the model itself could have made: a design, one draw of the prior, and an outcome that follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.data.altered import with_outcome
from mmm.errors import SpecError
from mmm.model.inputs import Scales
from mmm.model.spec import ModelSpec
from mmm.posterior import Draws, draw_prior, random_stream

__all__ = ["MOST_WORLDS", "World", "prior_worlds"]

Floats = NDArray[np.float64]

#: Worlds there are for one seed: draws of one Latin hypercube of the prior.
MOST_WORLDS = 10_000


@dataclass(frozen=True, eq=False, kw_only=True)
class World:
    """Data that the model itself could have made, and the one draw of the prior that made them.

    Attributes
    ----------
    number : int
    truth : Draws
        One chain of one draw, with the data of this world.
    baseline : array, shape (time,)
        Baseline without noise, in units of the outcome.
    """

    number: int
    truth: Draws
    baseline: Floats

    @property
    def data(self) -> MarketingData:
        """What is fitted."""
        return self.truth.data


def prior_worlds(
    data: MarketingData, spec: ModelSpec | None, *, brand: Sequence[str], worlds: int, seed: int, first: int
) -> Iterator[World]:
    """Make worlds ``first, first + 1, ...`` of a design, one after the other.

    Raises
    ------
    SpecError
        As :func:`simulation_based_calibration`.

    Examples
    --------
    >>> again = [next(prior_worlds(posterior.data, None, brand=(), worlds=5, seed=1, first=2)) for _ in range(2)]
    >>> again[0].number, bool((again[0].data.dataset["outcome"] == again[1].data.dataset["outcome"]).all())
    (2, True)
    """
    _check(data, worlds=worlds, seed=seed, first=first)
    resolved, scales = (spec or ModelSpec()).with_brand(brand, data).resolve(data), Scales.learn(data)
    prior = draw_prior(data, resolved, scales, n_draws=MOST_WORLDS, seed=seed)
    for number in range(first, first + worlds):
        truth = replace(prior, parameters=prior.parameters.isel({schema.DRAW: [number]}))
        yield _world(number, truth, rng=random_stream(seed, f"world {number}"))


def _world(number: int, truth: Draws, *, rng: np.random.Generator) -> World:
    """Turn one draw of the prior into an outcome, in units of mean outcome until the end."""
    inputs, parameters = truth.inputs, truth.parameters
    design, size = inputs.design, len(inputs.outcome)
    # any coefficients would do, for the likelihood does not see them: those of the data keep its level and seasons
    baseline = design.columns @ np.linalg.lstsq(design.columns, inputs.outcome, rcond=None)[0]
    if design.has_walk:
        baseline = baseline + parameters[schema.TAU].item() * (design.walk_factor @ rng.standard_normal(size))
    media = truth.contributions().sum(schema.CHANNEL).values[0, 0, 0]
    noise = parameters[schema.SIGMA].item() * rng.standard_normal(size)
    outcome = media + truth.scales.outcome * (baseline + noise)
    data = with_outcome(truth.data, outcome[None], note=f"world {number} of a simulation-based calibration")
    return World(number=number, truth=replace(truth, data=data), baseline=truth.scales.outcome * baseline)


def _check(data: Any, *, worlds: Any, seed: Any, first: Any) -> None:
    """Refuse what no worlds can be made of."""
    if not isinstance(data, MarketingData):
        raise SpecError(
            f"data is a {type(data).__name__}",
            "worlds are made of a design that was checked on the way in",
            "make it with MarketingData.from_frame(df, ...)",
        )
    if data.has_tracker:
        raise SpecError(
            f"the data have the tracker {data.description.tracker!r}",
            "the worlds have an outcome of their own, and no waves that would go with it",
            "leave tracker= out of MarketingData.from_frame: the rest of the model is the same",
        )
    for name, value, least in (("worlds", worlds, 1), ("seed", seed, 0), ("first", first, 0)):
        if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
            raise SpecError(
                f"{name}={value!r}",
                "worlds are counted, and made again from a seed",
                f"use a whole number from {least} on",
            )
    if first + worlds > MOST_WORLDS:
        raise SpecError(
            f"worlds {first} to {first + worlds - 1}",
            f"one seed has {MOST_WORLDS} worlds, 0 to {MOST_WORLDS - 1}",
            "go on with another seed",
        )
