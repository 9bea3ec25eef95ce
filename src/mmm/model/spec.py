"""The model specification: everything that is assumed, in one frozen object that can be written down."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from numbers import Integral
from statistics import NormalDist
from typing import Annotated, Any, final

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, field_validator

from mmm import schema
from mmm.data import MarketingData
from mmm.errors import SpecError
from mmm.model.baseline import Seasonality, Trend
from mmm.model.channel import Channel
from mmm.model.frozen import Frozen, FrozenDict
from mmm.model.horizon import whole_periods
from mmm.model.priors import HalfNormal, LogNormal
from mmm.model.tracker import TrackerModel

__all__ = ["DEFAULT_ROI_PRIOR", "ModelSpec"]

#: Margin ROI at the spec's horizon: break-even in the middle, 90% between 0.25 and 4.
DEFAULT_ROI_PRIOR = LogNormal(median=1.0, sigma=0.85)

#: Weekly noise as a share of mean outcome; daily data are noisier (see ``_noise_prior``).
WEEKLY_NOISE = 0.10

#: Draws with which a prior on the media's total is split over channels.
SHARE_DRAWS = 20_000


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
        Country (``"GB"``) or subdivision (``"US-CA"``) whose public holidays get a dummy each. The date of a period
        is taken as its first day (for monthly data: as a day of the month); if your weeks are labelled by their last
        day, move the labels six days back first, or Christmas falls into the wrong week.
    horizon_weeks : float
        Horizon at which the ROI priors are stated, the week of the spend included.
    noise : HalfNormal, optional
        Prior of the residual sd as a share of mean outcome. By default 0.10 for weekly and monthly data, 0.26 for
        daily (the same noise per week).
    shared_slow_half_life : bool
        One slow half-life for all brand channels (national data cannot tell them apart), or one for each.
    tracker : TrackerModel, optional
        What is assumed of the brand tracker, where the data have one; its defaults if not given.
    media_share_prior : LogNormal
        Used where the outcome has no money value: share of the outcome that media bring in together, split over
        channels by their share of spend. By default 4% to 52% (90%), so that over 95% lie between 2% and 60%.

    Examples
    --------
    >>> spec = ModelSpec(channels={"tv": Channel(roi_prior=LogNormal(median=1.5, sigma=0.5))}, seasonality=6)
    >>> ModelSpec.model_validate_json(spec.model_dump_json()) == spec
    True
    """

    channels: Annotated[dict[str, Channel], AfterValidator(FrozenDict)] = Field(default_factory=dict)
    trend: Trend = Trend()
    seasonality: Seasonality = Seasonality()
    holidays: str | None = None
    horizon_weeks: Annotated[float, Field(ge=1, le=520)] = 104
    noise: HalfNormal | None = None
    shared_slow_half_life: bool = True
    tracker: TrackerModel | None = None
    media_share_prior: LogNormal = LogNormal(median=0.15, sigma=0.75)

    @field_validator("seasonality", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        is_count = isinstance(value, Integral) and value is not True and value is not False
        return {"yearly": int(value)} if is_count else value

    def resolve(self, data: MarketingData) -> ModelSpec:
        """Fill in every default for ``data``, so that nothing is left unsaid.

        Raises
        ------
        SpecError
            If a channel is named that the data do not have, if the data are a panel, if the horizon or a kernel
            is shorter than a period, if there are brand channels without a random
            walk, or a tracker without brand channels.
        """
        _refuse_unknown(self.channels, data)
        if len(data.geos) > 1:
            raise SpecError(
                f"the data are a panel of {len(data.geos)} geos",
                "the national model would read one national shock once per geo and give intervals far too narrow",
                "sum outcome, spend and exposure over geos to national rows first; panels are not modelled yet",
            )
        whole = whole_periods(self.horizon_weeks, data.weeks_per_period)
        if whole is None:
            raise SpecError(
                f"horizon_weeks={self.horizon_weeks:g} is {self.horizon_weeks / data.weeks_per_period:.2f} "
                f"{data.frequency} periods",
                "returns are counted in whole periods, and a prior at one horizon would be applied at another",
                f"use a multiple of {data.weeks_per_period:.3g} weeks, such as 13, 26, 52 or 104",
            )
        for name, channel in self.channels.items():
            lag = getattr(channel.carryover, "max_lag_weeks", None)
            if lag is not None and lag < data.weeks_per_period:
                raise SpecError(
                    f"the carry-over of {name!r} ends after {lag:g} weeks, within one {data.frequency} period",
                    "it would have no effect, and its parameters would only return their priors",
                    f"use max_lag_weeks of {data.weeks_per_period:.3g} or more, or NoCarryover()",
                )
        _check_brand(self)
        tracker = self.tracker
        if tracker is not None or data.has_tracker:
            tracker = (tracker or TrackerModel()).resolve(data)
            _check_tracked(self, data)
        return self.model_copy(
            update={
                "channels": FrozenDict({name: self._resolve_channel(name, data) for name in data.channels}),
                "noise": self.noise or _noise_prior(data),
                "tracker": tracker,
            }
        )

    def with_brand(self, names: Sequence[str], data: MarketingData) -> ModelSpec:
        """Declare channels as brand channels, everything else unchanged.

        Raises
        ------
        SpecError
            If a name is not a channel of the data, or has a kernel of its own.
        """
        if isinstance(names, str):
            raise SpecError(
                f"brand={names!r}", "a single text would be read letter by letter", f"write brand=[{names!r}]"
            )
        _refuse_unknown(names, data)
        brand = {name: self.channels.get(name, Channel()).as_brand() for name in names}
        return self.model_copy(update={"channels": FrozenDict(self.channels | brand)})

    @property
    def brand(self) -> tuple[str, ...]:
        """Names of the brand channels, in order; of a resolved spec."""
        return tuple(name for name, channel in self.channels.items() if channel.brand)

    def _resolve_channel(self, name: str, data: MarketingData) -> Channel:
        channel = self.channels.get(name, Channel())
        if channel.roi_prior is not None:
            return channel
        prior = DEFAULT_ROI_PRIOR
        if not data.has_money_value:
            prior = _effect_prior(self.media_share_prior, data)
        return channel.model_copy(update={"roi_prior": prior})

    def forms(self) -> dict[str, tuple[str, ...]]:
        """Channels that share curve, kernel and order, by that form; only of a resolved spec."""
        groups: dict[str, list[str]] = {}
        for name, channel in self.channels.items():
            groups.setdefault(channel.form, []).append(name)
        return {form: tuple(names) for form, names in groups.items()}


def _refuse_unknown(names: Iterable[str], data: MarketingData) -> None:
    unknown = [name for name in names if name not in data.channels]
    if not unknown:
        return
    near = difflib.get_close_matches(str(unknown[0]), data.channels, n=1)
    raise SpecError(
        f"the spec names channels {unknown}, the data have {list(data.channels)}",
        "the assumptions meant for them would silently be replaced by defaults",
        f"did you mean {near[0]!r}?" if near else "use the channel names of the data",
    )


def _check_brand(spec: ModelSpec) -> None:
    brand = [channel.carryover for channel in spec.channels.values() if channel.carryover.kind == "two_speed"]
    if brand and spec.trend.walk is None:
        raise SpecError(
            f"brand channels {list(spec.brand)} with trend walk=None",
            "without an estimated random walk a slow channel is paid for whatever the base does: with no slow effect "
            "at all, such a model finds one in 15% to 55% of worlds",
            "leave walk at its default; its size is estimated, and is small where the base is steady",
        )
    priors = [kernel.slow_half_life for kernel in brand]
    if spec.shared_slow_half_life and any(prior != priors[0] for prior in priors):
        raise SpecError(
            f"brand channels {list(spec.brand)} share one slow half-life, but their priors of it differ",
            "one number has one prior",
            "give all of them the same slow_half_life prior, or set shared_slow_half_life=False",
        )


def _check_tracked(spec: ModelSpec, data: MarketingData) -> None:
    if not any(channel.brand for channel in spec.channels.values()):
        raise SpecError(
            f"the data have the tracker {data.description.tracker!r}, and no channel is declared to build a brand",
            "the tracker measures a stock that nothing builds, and would be left out of the model without a word",
            'declare the brand channels, as in fit(data, brand=["tv"], ...), or leave tracker= out of the data',
        )


def _effect_prior(share: LogNormal, data: MarketingData) -> LogNormal:
    """Give the prior of each channel's effect per unit of spend under which all channels together have ``share``.

    The effect per unit of spend is alike for every channel, so that the share splits as the spend does. A sum of
    independent LogNormals has less spread and a higher median than its parts, so the parts are widened until the
    total has the stated median and 90% interval, whether media come in one column or in ten.
    """
    from scipy import optimize  # slow to import, and only outcomes without a money value come here

    spend = data.dataset[schema.SPEND].values[0].sum(axis=0)
    normal = np.random.default_rng(0).standard_normal((SHARE_DRAWS, len(spend)))

    def log_total(sigma: float) -> NDArray[np.float64]:
        return np.asarray(np.log(np.exp(sigma * normal) @ (spend / spend.sum())))

    def width(sigma: float) -> float:
        return float(np.diff(np.quantile(log_total(sigma), [0.05, 0.95])).item())

    wanted = 2 * NormalDist().inv_cdf(0.95) * share.sigma
    sigma = float(optimize.brentq(lambda s: width(s) - wanted, 0.5 * share.sigma, 20 * share.sigma))
    median = share.median / float(np.exp(np.median(log_total(sigma))))
    per_spend = float(data.dataset[schema.OUTCOME].values.sum() / spend.sum())
    return LogNormal(median=median * per_spend, sigma=sigma)


def _noise_prior(data: MarketingData) -> HalfNormal:
    per_period = max(1.0, (1 / data.weeks_per_period) ** 0.5)
    return HalfNormal(sigma=round(WEEKLY_NOISE * per_period, 3))
