"""What a simulated world is asked to be: every setting, its default, and what makes no sense."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from mmm import schema
from mmm.errors import SpecError
from mmm.simulate.noise import NOISE_KINDS
from mmm.simulate.parameters import check_known
from mmm.simulate.paths import BASE_PATHS
from mmm.simulate.plans import DEMAND_CHASING
from mmm.simulate.synergy import Synergy
from mmm.simulate.tracker import TrackerRules

__all__ = ["CONTROL", "DATE", "DEMAND_INDEX", "OUTCOME", "WorldSettings"]

#: Columns of the frame besides the channels.
DATE, OUTCOME, CONTROL, DEMAND_INDEX = "date", "revenue", "price", "demand_index"

#: Weeks per period and pandas offset, by frequency.
FREQUENCIES = {"weekly": (1.0, "7D"), "daily": (1 / 7, "D"), "monthly": (365.25 / 12 / 7, "MS")}
CHANNEL_NAMES = ("tv", "search", "social", "radio", "display", "print", "outdoor", "podcast")
DEFAULT_PLANS = ("flights", "always_on")
DEFAULT_RULES = {"saturation": "hill", "carryover": "geometric", "order": "saturation_first"}
PASTS = ("steady", "same_plan")

#: Of a past that really ran, unless the world says otherwise.
PAST_WEEKS = 4 * 365.25 / 7
#: Sd of hidden demand as a share of mean outcome where a channel chases it, unless the world says otherwise.
CHASED_DEMAND = 0.05


@dataclass(frozen=True, kw_only=True)
class WorldSettings:
    """Settings of a simulated world; :func:`mmm.simulate.world_frame` takes each of them by name.

    Attributes
    ----------
    n_periods : int
    frequency : {"weekly", "daily", "monthly"}
        Monthly worlds start on the first of the month of ``start``.
    n_channels : int
        How many channels; ignored if ``channels`` names them.
    channels : sequence of str, optional
    start : str
        First date.
    plans : mapping, optional
        Channel to a plan: ``"always_on"``, ``"flights"``, ``"ramp"``, ``"dark_then_flights"``, ``"long_flights"`` or
        ``"demand_chasing"``. By default the first channel flies, the second is always on, and so in turn.
    plan_correlation : float
        Correlation between the spend of any two channels, from 0 to 1: each plan is mixed with one that all share,
        and at 1 all run in the same shape.
    past : {"steady", "same_plan"}
        What was spent before the data: ``carry_in_level`` times mean spend in every period since forever, or the same
        plan as in the data for ``n_past_periods``, and ``carry_in_level`` before those. The data are the same.
    n_past_periods : int, optional
        Four years by default.
    history : bool
        Hand the past of the same plan over with the data, as ``truth.history``.
    brand : sequence of str
        Channels with a slow effect: carry-over ``"two_speed"`` instead of ``carryover``, one slow half-life for all.
        A mapping in ``carryover`` may give each ``"two_slow"``, ``"fast_gamma"`` or ``"gamma"`` instead.
    saturation, carryover, order : str or mapping
        Rules of every channel, or of some by name while the others keep the default; see
        :class:`mmm.simulate.ChannelRules`.
    max_lag_weeks : float
        Where carry-over that ends does so.
    parameters : mapping of mapping, optional
        Channel, then name of the parameter; what is not given is drawn, where the model has it from its default priors.
    roi : mapping, optional
        True ROI of channels; the others are drawn from ``LogNormal(roi_median, roi_sigma)``. 0 is a channel without
        any effect.
    roi_median, roi_sigma : float
    roi_horizon_weeks : float
        Horizon at which ``roi`` is stated.
    horizons_weeks : sequence of float
        Horizons at which the truth is computed.
    synergy : float
        What two channels bring together and neither alone, as a multiple of the root of the product of what each
        brings alone. ``roi`` is then that of each alone, and the truth is more: what is lost without the channel.
    synergy_channels : pair of str, optional
        By default the first two.
    base : float
        Money per period that comes in without media.
    spend_share : float
        Mean spend of a typical channel, as a share of ``base``; channels differ by a factor of about 1.5.
    trend, season, control, walk, noise : float
        As shares of mean outcome: growth a year, sd of the season, effect of one sd of the control, sd of the random
        walk per square root of a week, sd of the noise.
    base_path : {"random_walk", "level_shift", "growth", "hostile_season"}
        What the base does besides: nothing; one or two steps; adoption that ends 40% above where it began; or, in
        place of the gentle season, one with sharp peaks whose size and date change from year to year. The random walk
        of size ``walk`` goes on under each.
    noise_kind : {"normal", "ar1", "heavy_tails"}
        Independent, with memory, or from a Student distribution of 3 degrees of freedom; the sd is the same.
    noise_correlation : float
        Of neighbouring periods where the noise has memory.
    demand : float, optional
        Sd of a hidden demand as a share of mean outcome. By default 0.05 where a channel chases it and 0 elsewhere.
    demand_weeks : float
        Half-life of demand's memory.
    chasing : float
        Growth in log spend of the channels that chase demand where it is one sd higher.
    demand_control : bool
        Hand over a noisy measurement of demand, the control ``demand_index``.
    demand_error : float
        Sd of that measurement's error, in sds of demand.
    tracker : TrackerRules, optional
        Survey of awareness, which follows the slow effect of the brand channels: ``truth.tracker``.

    Raises
    ------
    SpecError
        If a setting makes no sense; the message lists what does.

    Examples
    --------
    >>> WorldSettings(n_channels=3, carryover={"tv": "delayed"}).rule("carryover", "tv")
    'delayed'
    """

    n_periods: int = 156
    frequency: str = "weekly"
    n_channels: int = 4
    channels: Sequence[str] | None = None
    start: str = "2023-01-02"
    plans: Mapping[str, str] | None = None
    plan_correlation: float = 0.0
    past: str = "steady"
    n_past_periods: int | None = None
    history: bool = False
    brand: Sequence[str] = ()
    saturation: str | Mapping[str, str] = DEFAULT_RULES["saturation"]
    carryover: str | Mapping[str, str] = DEFAULT_RULES["carryover"]
    order: str | Mapping[str, str] = DEFAULT_RULES["order"]
    max_lag_weeks: float = 13.0
    parameters: Mapping[str, Mapping[str, float]] | None = None
    roi: Mapping[str, float] | None = None
    roi_median: float = 1.0
    roi_sigma: float = 0.85
    roi_horizon_weeks: float = 104
    horizons_weeks: Sequence[float] = schema.DEFAULT_HORIZONS
    synergy: float = 0.0
    synergy_channels: Sequence[str] | None = None
    base: float = 1_000_000.0
    spend_share: float = 0.03
    trend: float = 0.02
    season: float = 0.05
    control: float = 0.03
    walk: float = 0.003
    base_path: str = "random_walk"
    noise: float = 0.04
    noise_kind: str = "normal"
    noise_correlation: float = 0.5
    demand: float | None = None
    demand_weeks: float = 6.0
    chasing: float = 0.5
    demand_control: bool = False
    demand_error: float = 0.3
    tracker: TrackerRules | None = None

    def __post_init__(self) -> None:
        for role, chosen, known in (
            ("frequency", self.frequency, FREQUENCIES),
            ("past", self.past, PASTS),
            ("base_path", self.base_path, BASE_PATHS),
            ("noise_kind", self.noise_kind, NOISE_KINDS),
        ):
            if chosen not in known:
                raise SpecError(f"{role}={chosen!r} is not simulated", fix=f"use one of {', '.join(known)}")
        self._check_numbers()
        self._check_channels()
        if self.tracker is not None and not self.brand:
            raise SpecError(
                "a tracker was asked of a world without brand channels",
                "it follows the slow effect, which only they have",
                'name some, as in brand=["tv"]',
            )
        if self.demand_control and not self.has_demand:
            raise SpecError(
                "a demand index was asked of a world without demand",
                "it would measure something that moves neither the outcome nor the spend",
                'state demand=0.05, or let a channel chase it, as in plans={"search": "demand_chasing"}',
            )
        if self.past == "steady" and (self.history or self.n_past_periods is not None):
            raise SpecError(
                "a steady past has no first period",
                "it goes back forever, so it can be neither counted nor handed over",
                'use past="same_plan", or leave history and n_past_periods out',
            )
        if self.past == "same_plan" and self.n_past < 1:
            raise SpecError(f"n_past_periods={self.n_past} is no past", fix='use 1 or more, or past="steady"')

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> WorldSettings:
        """Take settings by name, and refuse names that are none.

        Examples
        --------
        >>> WorldSettings.of({"n_periods": 104}).n_periods
        104
        """
        known = [field.name for field in fields(cls)]
        for name in settings:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                raise SpecError(
                    f"a world has no setting {name!r}",
                    fix=f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known)}",
                )
        return cls(**settings)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the channels."""
        if self.channels is not None:
            return tuple(self.channels)
        return tuple(CHANNEL_NAMES[i] if i < len(CHANNEL_NAMES) else f"channel_{i + 1}" for i in range(self.n_channels))

    @property
    def controls(self) -> tuple[str, ...]:
        """Columns handed over as controls."""
        return (CONTROL, DEMAND_INDEX) if self.demand_control else (CONTROL,)

    @property
    def weeks_per_period(self) -> float:
        """Weeks from one row to the next."""
        return FREQUENCIES[self.frequency][0]

    @property
    def offset(self) -> str:
        """Step from one row to the next, as pandas calls it."""
        return FREQUENCIES[self.frequency][1]

    @property
    def n_past(self) -> int:
        """Periods before the data in which the plan ran already."""
        if self.past == "steady":
            return 0
        return round(PAST_WEEKS / self.weeks_per_period) if self.n_past_periods is None else self.n_past_periods

    @property
    def plan_by_channel(self) -> dict[str, str]:
        """Spend plan of every channel."""
        return {name: (self.plans or {}).get(name, DEFAULT_PLANS[i % 2]) for i, name in enumerate(self.names)}

    @property
    def demand_size(self) -> float:
        """Sd of demand as a share of mean outcome."""
        if self.demand is not None:
            return self.demand
        return CHASED_DEMAND if DEMAND_CHASING in self.plan_by_channel.values() else 0.0

    @property
    def has_demand(self) -> bool:
        """Whether demand moves anything."""
        return self.demand_size > 0 or DEMAND_CHASING in self.plan_by_channel.values()

    @property
    def joint(self) -> Synergy | None:
        """What two channels bring together."""
        if self.synergy == 0:
            return None
        pair = self.names[:2] if self.synergy_channels is None else self.synergy_channels
        return Synergy(strength=self.synergy, channels=tuple(pair))

    def rule(self, kind: str, channel: str) -> str:
        """Saturation, carry-over or order of a channel, as the settings have it."""
        stated: str | Mapping[str, str] = getattr(self, kind)
        if kind == "carryover" and channel in self.brand:
            return "two_speed" if isinstance(stated, str) else stated.get(channel, "two_speed")
        return stated if isinstance(stated, str) else stated.get(channel, DEFAULT_RULES[kind])

    def _check_numbers(self) -> None:
        for name, sensible, meaning in (
            ("n_periods", self.n_periods >= 2, "2 or more periods"),
            ("plan_correlation", 0 <= self.plan_correlation <= 1, "a correlation from 0 to 1"),
            ("synergy", self.synergy >= 0, "a strength, 0 or more"),
            ("noise_correlation", -1 < self.noise_correlation < 1, "a correlation between -1 and 1"),
            ("demand", self.demand is None or self.demand >= 0, "a standard deviation, 0 or more"),
            ("demand_weeks", self.demand_weeks > 0, "a positive number of weeks"),
            ("demand_error", self.demand_error >= 0, "a standard deviation, 0 or more"),
        ):
            if not sensible:
                raise SpecError(f"{name}={getattr(self, name)!r} of a world is not {meaning}", fix=f"use {meaning}")

    def _check_channels(self) -> None:
        names = self.names
        columns = (DATE, OUTCOME, CONTROL, DEMAND_INDEX)
        taken = [name for i, name in enumerate(names) if name in (*columns, *names[:i])]
        if taken:
            raise SpecError(f"channel {taken[0]!r} would be a second column of that name", fix="rename it")
        for role in ("plans", "parameters", "roi", "brand", "saturation", "carryover", "order"):
            given = getattr(self, role)
            if role in DEFAULT_RULES and isinstance(given, str):
                continue  # the rule of every channel
            check_known(role, given or (), names)
        check_known("synergy_channels", self.synergy_channels or (), names)
        pair = () if self.joint is None else self.joint.channels
        losing = [name for name in pair if (self.roi or {}).get(name, 0.0) < 0]
        if losing:
            raise SpecError(
                f"{losing[0]!r} has a negative ROI and a synergy",
                "their joint effect is the root of a product, which has to be positive",
                "use an ROI of 0 or more, or other channels",
            )
