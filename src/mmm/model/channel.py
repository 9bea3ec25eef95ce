"""One marketing channel: its curve, its kernel, their order, and the prior on what it returns."""

from __future__ import annotations

from typing import Any, Literal, Self, final

from pydantic import model_validator

from mmm import schema
from mmm.model.carryover import Carryover, Geometric, TwoSpeed
from mmm.model.frozen import Frozen
from mmm.model.priors import HalfNormal, LogNormal, Prior
from mmm.model.saturation import Hill, Saturation

__all__ = ["Channel"]


@final
class Channel(Frozen):
    """What is assumed about one channel before the data speak.

    Parameters
    ----------
    brand : bool
        Whether it builds a brand: part of its effect then lands slowly, over quarters and years (:class:`TwoSpeed`).
    saturation : Hill, MichaelisMenten, Logistic, Tanh, Root or NoSaturation
        How the response bends with spend (or with exposure, where that drives it).
    carryover : Geometric, TwoSpeed, Delayed, Weibull, Binomial or NoCarryover
        How the response spreads over time. ``TwoSpeed()`` by default for a brand channel, ``Geometric()`` otherwise.
    order : {"saturation_first", "adstock_first"}
        ``saturation_first`` gives every week's spend a return of its own, so that cohorts add up;
        ``adstock_first`` lets bursts saturate together, and ROI is then by counterfactual. Brand channels saturate
        first: a curve of a stock that barely moves cannot be learnt.
    roi_prior : LogNormal, optional
        Prior of the margin ROI at the spec's horizon. By default median 1 (break-even) with 90% in 0.25-4:
        the prior does not buy the verdict. Where the outcome has no money value, a prior on outcome per unit
        of spend.
    carry_in_prior : HalfNormal
        Spend per period before the first known one, in units of the channel's mean spend: never taken as zero.

    Raises
    ------
    SpecError
        If a brand channel has a kernel of one speed or saturates last, or ``roi_prior`` has bounds.

    Examples
    --------
    >>> Channel(order="adstock_first").saturation.kind
    'hill'
    >>> Channel(brand=True).carryover.kind
    'two_speed'
    """

    brand: bool = False
    saturation: Saturation = Hill()
    carryover: Carryover = Geometric()
    order: Literal["saturation_first", "adstock_first"] = "saturation_first"
    roi_prior: LogNormal | None = None
    carry_in_prior: HalfNormal = HalfNormal(sigma=1.0)

    @model_validator(mode="before")
    @classmethod
    def _brand_means_two_speeds(cls, fields: Any) -> Any:
        """Either says the other: a brand channel has two speeds, and two speeds make a brand channel."""
        if not isinstance(fields, dict):
            return fields
        carryover = fields.get("carryover")
        kind = carryover.get("kind") if isinstance(carryover, dict) else getattr(carryover, "kind", None)
        if fields.get("brand") is True and carryover is None:
            return fields | {"carryover": TwoSpeed()}
        if kind == "two_speed":
            return {"brand": True} | fields
        return fields

    @model_validator(mode="after")
    def _brand_is_consistent(self) -> Self:
        if self.brand != (self.carryover.kind == "two_speed"):
            raise ValueError(
                f"brand={self.brand} with carryover {self.carryover.kind!r}: a brand channel returns at two speeds and "
                "no other channel does; leave carryover= out, or leave brand= out"
            )
        if self.brand and self.order == "adstock_first":
            raise ValueError(
                "a brand channel with order='adstock_first': the slow stock barely moves, so that a curve of it cannot "
                "be learnt; leave order= out"
            )
        if self.roi_prior is not None and self.roi_prior.is_bounded:
            raise ValueError(
                "roi_prior has bounds, and an ROI beyond them would be impossible whatever the data say; "
                "leave lower= and upper= out"
            )
        return self

    def parameters(self) -> dict[str, Prior]:
        """Priors of the curve, the kernel and the carry-in, by posterior name."""
        priors = self.saturation.parameters() | self.carryover.parameters()
        if self.carryover.has_memory:
            priors[schema.CARRY_IN_LEVEL] = self.carry_in_prior
        return priors

    def as_brand(self) -> Channel:
        """Give the same channel with a slow part.

        Raises
        ------
        SpecError
            If it has a kernel of its own that is not the default.

        Examples
        --------
        >>> Channel(roi_prior=LogNormal(median=2, sigma=0.5)).as_brand().roi_prior.median
        2.0
        """
        kept = {name: getattr(self, name) for name in type(self).model_fields if name not in ("brand", "carryover")}
        if self.carryover.kind != "two_speed" and self.carryover != Geometric():
            kept["carryover"] = self.carryover  # refused below: one of the two statements must go
        return self if self.brand else Channel(brand=True, **kept)

    @property
    def form(self) -> str:
        """Key shared by the channels whose response can be computed together."""
        finite = getattr(self.carryover, "max_lag_weeks", None)
        return f"{self.saturation.kind}|{self.carryover.kind}|{finite}|{self.order}"
