"""What a return is worth: margin, discount rate, customer value and the costs besides media, stated once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Annotated, Any, Self, final

import numpy as np
from pydantic import AfterValidator, Field, field_validator, model_validator

from mmm.model.frozen import Frozen, FrozenDict
from mmm.model.priors import Beta

__all__ = ["Economics"]

#: What each number may be, in code and in words, and what to do about another.
_RANGES: dict[str, tuple[Callable[[float], bool], str, str]] = {
    "margin": (lambda x: 0 < x <= 1, "above 0 and at most 1", "divide percentages by 100"),
    "discount_rate": (lambda x: 0 <= x < 1, "at least 0 and below 1", "0.1 is 10% a year"),
    "customer_value": (lambda x: 0 < x < math.inf, "money above 0", "average over customers first"),
    "customer_value_sd": (lambda x: 0 < x < math.inf, "above 0", "leave it out if the value is sure"),
    "incremental_value_share": (
        lambda x: 0 < x <= 1,
        "above 0 and at most 1",
        "write a higher one into customer_value",
    ),
    "acquisition_cost": (lambda x: 0 <= x < math.inf, "at least 0", "it is money per unit of media spend"),
}


@final
class Economics(Frozen):
    """What a report needs to know of money that the fit did not.

    Nothing is worth anything that is not stated: an outcome without a money value in the data and without
    ``customer_value`` here has no money columns.

    Parameters
    ----------
    margin : float, or one number per period of the data, optional
        Contribution margin per unit of value, in (0, 1]. A return has the margin of the period in which it lands;
        after the data the mean of the last year. Not together with a margin in the data.
    discount_rate : float
        A year, in [0, 1); for net present values only. Payback is undiscounted.
    currency : str, optional
        If given, it must be that of the data.
    customer_value : float, or array of draws, optional
        Lifetime value, on margin, discounted and with a capped lifetime, of one unit of the outcome: of a new
        customer. Draws from a model of retention are resampled to the draws of the fit; anything that varies is
        taken as independent of it.
    customer_value_sd : float, optional
        Its standard deviation; mean and sd then are those of a LogNormal.
    incremental_value_share : Beta or float
        What a customer won by advertising is worth as a share of an average one; only with ``customer_value``.
        By default Beta(8, 2): around 0.8, since customers who had to be won often stay less long.
    acquisition_cost : float, or mapping of channel to float
        Cost of acquisition besides media (agency, production, technology, salaries, promotions) in money per unit of
        media spend; only for LTV to CAC. A mapping names every channel.

    Raises
    ------
    SpecError
        If a number is out of range, or two statements do not go together.

    Examples
    --------
    >>> Economics(margin=0.4).discount_rate
    0.1
    >>> Economics(customer_value=120.0, customer_value_sd=30.0, acquisition_cost={"tv": 0.15}).acquisition_cost["tv"]
    0.15
    >>> Economics(margin=40)
    Traceback (most recent call last):
        ...
    mmm.errors.SpecError: Economics: margin is above 0 and at most 1, got 40; divide percentages by 100
    """

    margin: float | tuple[float, ...] | None = None
    discount_rate: float = 0.10
    currency: str | None = None
    customer_value: float | tuple[float, ...] | None = Field(default=None, repr=False)
    customer_value_sd: float | None = None
    incremental_value_share: float | Beta = Beta(alpha=8, beta=2)
    acquisition_cost: float | Annotated[dict[str, float], AfterValidator(FrozenDict)] = 0.0

    @field_validator("margin", "customer_value", mode="before")
    @classmethod
    def _series(cls, value: Any) -> Any:
        """Take any series of numbers; draws may come by chain."""
        if value is None or isinstance(value, str):
            return value
        numbers = np.asarray(value)
        if numbers.dtype.kind not in "iuf" or not numbers.size:
            raise ValueError("a number or a series of numbers is needed")
        return float(numbers) if not numbers.ndim else tuple(numbers.astype(float).ravel().tolist())

    @field_validator("acquisition_cost", mode="before")
    @classmethod
    def _costs(cls, value: Any) -> Any:
        for name, cost in value.items() if isinstance(value, Mapping) else ():
            if isinstance(cost, bool) or not isinstance(cost, Real):
                raise ValueError(f"the cost of {name!r} is {cost!r}, a number is needed")
        return dict(value) if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _numbers_make_sense(self) -> Self:
        for name, (allowed, what, fix) in _RANGES.items():
            wrong = next((number for number in _numbers_in(getattr(self, name)) if not allowed(number)), None)
            if wrong is not None:
                raise ValueError(f"{name} is {what}, got {wrong:g}; {fix}")
        if self.currency is not None and not self.currency.strip():
            raise ValueError("currency is blank; name it, or leave it out")
        return self

    @model_validator(mode="after")
    def _statements_go_together(self) -> Self:
        if self.customer_value is None:
            for name in ("customer_value_sd", "incremental_value_share", "acquisition_cost"):
                if name in self.model_fields_set and getattr(self, name) not in (None, 0):
                    raise ValueError(f"{name} without customer_value has no effect; give customer_value too")
            return self
        if self.margin is not None:
            raise ValueError(
                "margin with customer_value: a lifetime value is on margin already, and it would be counted twice; "
                "leave margin out"
            )
        if self.customer_value_sd is not None and isinstance(self.customer_value, tuple):
            raise ValueError(
                "customer_value_sd with draws of customer_value: the draws say how uncertain it is; leave the sd out"
            )
        return self


def _numbers_in(value: Any) -> tuple[float, ...]:
    """Numbers stated under one name, however they are stated; priors have none that could be wrong."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, dict):
        return tuple(value.values())
    return () if value is None or isinstance(value, Beta) else (value,)
