"""The model specification: everything that is assumed, in one frozen object that can be written down."""

from __future__ import annotations

import difflib
from typing import Annotated, Any, final

from pydantic import Field, field_validator

from mmm.data import MarketingData
from mmm.errors import SpecError
from mmm.model.baseline import Seasonality, Trend
from mmm.model.channel import Channel
from mmm.model.frozen import Frozen
from mmm.model.priors import HalfNormal, LogNormal

__all__ = ["DEFAULT_ROI_PRIOR", "ModelSpec"]

#: Margin ROI at the spec's horizon: break-even in the middle, 90% between 0.25 and 4.
DEFAULT_ROI_PRIOR = LogNormal(median=1.0, sigma=0.85)

#: Weekly noise as a share of mean outcome; daily data are noisier (see ``_noise_prior``).
WEEKLY_NOISE = 0.10


@final
class ModelSpec(Frozen):
    """What is assumed before the data speak.

    Parameters
    ----------
    channels : dict of Channel, optional
        By channel name; channels not named get ``Channel()``.
    trend : Trend
        Linear trend and estimated random walk.
    seasonality : Seasonality or int
        An integer is the number of yearly Fourier pairs.
    holidays : str, optional
        Country (``"GB"``) or subdivision (``"US-CA"``) whose public holidays get a dummy each.
    horizon_weeks : float
        Horizon at which the ROI priors are stated, the week of the spend included.
    noise : HalfNormal, optional
        Prior of the residual sd as a share of mean outcome. By default 0.10 for weekly and monthly data, 0.26 for
        daily (the same noise per week).
    media_share_prior : LogNormal
        Used where the outcome has no money value: share of the outcome that media bring in together, split over
        channels by their share of spend.

    Examples
    --------
    >>> spec = ModelSpec(channels={"tv": Channel(roi_prior=LogNormal(median=1.5, sigma=0.5))}, seasonality=6)
    >>> ModelSpec.model_validate_json(spec.model_dump_json()) == spec
    True
    """

    channels: dict[str, Channel] = Field(default_factory=dict)
    trend: Trend = Trend()
    seasonality: Seasonality = Seasonality()
    holidays: str | None = None
    horizon_weeks: Annotated[float, Field(ge=1, le=520)] = 104
    noise: HalfNormal | None = None
    media_share_prior: LogNormal = LogNormal(median=0.15, sigma=0.85)

    @field_validator("seasonality", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        return {"yearly": value} if isinstance(value, int) and not isinstance(value, bool) else value

    def resolve(self, data: MarketingData) -> ModelSpec:
        """Fill in every default for ``data``, so that nothing is left unsaid.

        Raises
        ------
        SpecError
            If a channel is named that the data do not have, if the data are a panel, or if the horizon or a kernel
            is shorter than a period.
        """
        unknown = [name for name in self.channels if name not in data.channels]
        if unknown:
            near = difflib.get_close_matches(unknown[0], data.channels, n=1)
            raise SpecError(
                f"the spec names channels {unknown}, the data have {list(data.channels)}",
                "the assumptions meant for them would silently be replaced by defaults",
                f"did you mean {near[0]!r}?" if near else "use the channel names of the data",
            )
        if len(data.geos) > 1:
            raise SpecError(
                f"the data are a panel of {len(data.geos)} geos",
                "the national model would read one national shock once per geo and give intervals far too narrow",
                "sum outcome, spend and exposure over geos to national rows first; panels are not modelled yet",
            )
        if self.horizon_weeks < data.weeks_per_period:
            raise SpecError(
                f"horizon_weeks={self.horizon_weeks:g} is shorter than one {data.frequency} period",
                "returns are counted in whole periods",
                f"use at least {data.weeks_per_period:.3g} weeks",
            )
        for name, channel in self.channels.items():
            lag = getattr(channel.carryover, "max_lag_weeks", None)
            if lag is not None and lag < data.weeks_per_period:
                raise SpecError(
                    f"the carry-over of {name!r} ends after {lag:g} weeks, within one {data.frequency} period",
                    "it would have no effect, and its parameters would only return their priors",
                    f"use max_lag_weeks of {data.weeks_per_period:.3g} or more, or NoCarryover()",
                )
        return self.model_copy(
            update={
                "channels": {name: self._resolve_channel(name, data) for name in data.channels},
                "noise": self.noise or _noise_prior(data),
            }
        )

    def _resolve_channel(self, name: str, data: MarketingData) -> Channel:
        channel = self.channels.get(name, Channel())
        if channel.roi_prior is not None:
            return channel
        prior = DEFAULT_ROI_PRIOR
        if not data.has_money_value:
            # the same effect per unit of spend for every channel: the share splits as the spend does
            per_spend = float(data.dataset["outcome"].sum() / data.dataset["spend"].sum())
            share = self.media_share_prior
            prior = LogNormal(median=share.median * per_spend, sigma=share.sigma)
        return channel.model_copy(update={"roi_prior": prior})

    def forms(self) -> dict[str, tuple[str, ...]]:
        """Channels that share curve, kernel and order, by that form; only of a resolved spec."""
        groups: dict[str, list[str]] = {}
        for name, channel in self.channels.items():
            groups.setdefault(channel.form, []).append(name)
        return {form: tuple(names) for form, names in groups.items()}


def _noise_prior(data: MarketingData) -> HalfNormal:
    per_period = max(1.0, (1 / data.weeks_per_period) ** 0.5)
    return HalfNormal(sigma=round(WEEKLY_NOISE * per_period, 3))
