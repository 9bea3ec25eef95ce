"""How the return of a week's spend spreads over the weeks that follow: one final class per kernel.

Here are the kernels by recursion, which never end; those that end are in `finite_carryover.py`, and what all of them
can do is in `kernel.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self, final

import numpy as np
from pydantic import Field, model_validator

from mmm import schema
from mmm.model.filters import delay, recursion
from mmm.model.finite_carryover import Binomial, Delayed, Weibull
from mmm.model.kernel import CarryoverKernel
from mmm.model.priors import LogitNormal, LogNormal, Prior

__all__ = ["Binomial", "Carryover", "CarryoverKernel", "Delayed", "Geometric", "NoCarryover", "TwoSpeed", "Weibull"]


@final
class Geometric(CarryoverKernel):
    """``w_k = (1 - d) d^k`` with ``d = 2^(-1 / half_life)``, by exact recursion.

    Parameters
    ----------
    half_life : LogNormal
        Weeks until half of the effect has landed.

    Examples
    --------
    >>> import numpy as np
    >>> half_life = {"half_life": np.array([1.0])}
    >>> Geometric().carry(np.array([[1.0], [0.0]]), half_life, weeks_per_period=1.0).ravel()
    array([0.5 , 0.25])
    """

    kind: Literal["geometric"] = "geometric"
    half_life: LogNormal = LogNormal(median=1.0, sigma=0.6)

    def parameters(self) -> dict[str, Prior]:
        """Half-life in weeks."""
        return {schema.HALF_LIFE: self.half_life}

    def carry(self, x: Any, parameters: dict[str, Any], *, weeks_per_period: float, age: int = 0) -> Any:
        """Recursion; what is ``age`` old is the stock of then, decayed since."""
        return self.carry_by_age(x, parameters, weeks_per_period=weeks_per_period, ages=[age])[0]

    def carry_by_age(
        self, x: Any, parameters: dict[str, Any], *, weeks_per_period: float, ages: Sequence[int]
    ) -> list[Any]:
        """One recursion for all ages."""
        decay = self._decay(parameters, weeks_per_period)
        stock = (1 - decay)[..., None, :] * recursion(x, decay)
        return [stock if age == 0 else (decay**age)[..., None, :] * delay(stock, age) for age in ages]

    def landed(self, periods: int, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """``1 - d^n``."""
        return 1 - self._decay(parameters, weeks_per_period) ** periods

    def tail(self, n_rows: int, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """``d^(t + 1)``."""
        return self._decay(parameters, weeks_per_period)[..., None, :] ** np.arange(1.0, n_rows + 1)[:, None]

    @staticmethod
    def _decay(parameters: dict[str, Any], weeks_per_period: float) -> Any:
        return 2.0 ** (-weeks_per_period / parameters[schema.HALF_LIFE])


@final
class TwoSpeed(CarryoverKernel):
    """``w_k = (1 - phi) fast_k + phi slow_k``: sales at once and a brand that lasts, both geometric, exact.

    One kernel with a mixture share and not two free coefficients: how much a channel returns and when it returns it
    keep priors of their own. The shares, half-lives and bounds are those of the literature on long-term effects (see
    docs/brand.md); national data inform them little, and every report says how little.

    Parameters
    ----------
    fast_half_life, slow_half_life : LogNormal
        Weeks until half of each part has landed. Their ranges must not overlap: the two could change places.
    slow_share : LogitNormal
        Share of the effect that takes the slow way.

    Raises
    ------
    SpecError
        If the two half-lives are not kept apart by their bounds.

    Examples
    --------
    >>> import numpy as np
    >>> at = {"fast_half_life": np.array([1.0]), "slow_half_life": np.array([26.0]), "slow_share": np.array([0.5])}
    >>> TwoSpeed().landed(26, at, weeks_per_period=1.0).round(3)
    array([0.75])
    """

    kind: Literal["two_speed"] = "two_speed"
    fast_half_life: LogNormal = LogNormal(median=1.5, sigma=0.6, lower=0.2, upper=8)
    slow_half_life: LogNormal = LogNormal(median=30, sigma=0.45, lower=10, upper=120)
    slow_share: LogitNormal = LogitNormal(median=0.731, sigma=0.9)

    @model_validator(mode="after")
    def _fast_stays_below_slow(self) -> Self:
        if (self.fast_half_life.upper or math.inf) > (self.slow_half_life.lower or 0.0):
            raise ValueError(
                "the fast half-life may reach the slow one, so that the two could change places in every draw; "
                "give the fast prior an upper bound at or below the lower bound of the slow one"
            )
        return self

    def parameters(self) -> dict[str, Prior]:
        """Both half-lives in weeks and the share of the slow one."""
        return {
            schema.FAST_HALF_LIFE: self.fast_half_life,
            schema.SLOW_SHARE: self.slow_share,
            schema.SLOW_HALF_LIFE: self.slow_half_life,
        }

    def carry(self, x: Any, parameters: dict[str, Any], *, weeks_per_period: float, age: int = 0) -> Any:
        """Two recursions, mixed."""
        return self.carry_by_age(x, parameters, weeks_per_period=weeks_per_period, ages=[age])[0]

    def carry_by_age(
        self, x: Any, parameters: dict[str, Any], *, weeks_per_period: float, ages: Sequence[int]
    ) -> list[Any]:
        """One recursion for each speed, for all ages."""
        fast, slow = (
            Geometric().carry_by_age(x, at, weeks_per_period=weeks_per_period, ages=ages)
            for at in self._speeds(parameters)
        )
        share = parameters[schema.SLOW_SHARE][..., None, :]
        return [(1 - share) * now + share * later for now, later in zip(fast, slow, strict=True)]

    def landed(self, periods: int, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Mixture of ``1 - d^n``."""
        return self._mix(
            parameters,
            *(Geometric().landed(periods, at, weeks_per_period=weeks_per_period) for at in self._speeds(parameters)),
        )

    def tail(self, n_rows: int, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Mixture of ``d^(t + 1)``."""
        fast, slow = (
            Geometric().tail(n_rows, at, weeks_per_period=weeks_per_period) for at in self._speeds(parameters)
        )
        share = parameters[schema.SLOW_SHARE][..., None, :]
        return (1 - share) * fast + share * slow

    @staticmethod
    def _speeds(parameters: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Parameters of the two geometric kernels."""
        return (
            {schema.HALF_LIFE: parameters[schema.FAST_HALF_LIFE]},
            {schema.HALF_LIFE: parameters[schema.SLOW_HALF_LIFE]},
        )

    @staticmethod
    def _mix(parameters: dict[str, Any], fast: Any, slow: Any) -> Any:
        return (1 - parameters[schema.SLOW_SHARE]) * fast + parameters[schema.SLOW_SHARE] * slow


@final
class NoCarryover(CarryoverKernel):
    """Everything lands in the period of the spend.

    Examples
    --------
    >>> NoCarryover().parameters()
    {}
    """

    kind: Literal["none"] = "none"

    @property
    def has_memory(self) -> bool:
        """Nothing lands later."""
        return False

    def parameters(self) -> dict[str, Prior]:
        """None."""
        return {}

    def carry(self, x: Any, parameters: dict[str, Any], *, weeks_per_period: float, age: int = 0) -> Any:
        """Return the series itself, or nothing of it once it is older than its period."""
        return x if age == 0 else 0.0 * x

    def landed(self, periods: int, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Everything, at once."""
        return np.full(1, float(periods > 0))

    def tail(self, n_rows: int, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Nothing is carried in."""
        return np.zeros((n_rows, 1))


Carryover = Annotated[
    Geometric | TwoSpeed | Delayed | Weibull | Binomial | NoCarryover,
    Field(discriminator="kind"),
]
