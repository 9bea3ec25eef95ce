"""One marketing channel: its curve, its kernel, their order, and the prior on what it returns."""

from __future__ import annotations

from typing import Literal, final

from mmm import schema
from mmm.model.carryover import Carryover, Geometric
from mmm.model.frozen import Frozen
from mmm.model.priors import HalfNormal, LogNormal, Prior
from mmm.model.saturation import Hill, Saturation

__all__ = ["Channel"]


@final
class Channel(Frozen):
    """What is assumed about one channel before the data speak.

    Parameters
    ----------
    saturation : Hill, MichaelisMenten, Logistic, Tanh, Root or NoSaturation
        How the response bends with spend (or with exposure, where that drives it).
    carryover : Geometric, Delayed, Weibull, Binomial or NoCarryover
        How the response spreads over time.
    order : {"saturation_first", "adstock_first"}
        ``saturation_first`` gives every week's spend a return of its own, so that cohorts add up;
        ``adstock_first`` lets bursts saturate together, and ROI is then by counterfactual.
    roi_prior : LogNormal, optional
        Prior of the margin ROI at the spec's horizon. By default median 1 (break-even) with 90% in 0.25-4:
        the prior does not buy the verdict. Where the outcome has no money value, a prior on outcome per unit
        of spend.
    carry_in_prior : HalfNormal
        Spend per period before the first known one, in units of the channel's mean spend: never taken as zero.

    Examples
    --------
    >>> Channel(order="adstock_first").saturation.kind
    'hill'
    """

    saturation: Saturation = Hill()
    carryover: Carryover = Geometric()
    order: Literal["saturation_first", "adstock_first"] = "saturation_first"
    roi_prior: LogNormal | None = None
    carry_in_prior: HalfNormal = HalfNormal(sigma=1.0)

    def parameters(self) -> dict[str, Prior]:
        """Priors of the curve, the kernel and the carry-in, by posterior name."""
        priors = self.saturation.parameters() | self.carryover.parameters()
        if self.carryover.has_memory:
            priors[schema.CARRY_IN_LEVEL] = self.carry_in_prior
        return priors

    @property
    def form(self) -> str:
        """Key shared by the channels whose response can be computed together."""
        finite = getattr(self.carryover, "max_lag_weeks", None)
        return f"{self.saturation.kind}|{self.carryover.kind}|{finite}|{self.order}"
