"""What is true in a simulated world."""

from __future__ import annotations

import difflib
import math
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm.errors import SpecError
from mmm.simulate.oracle import Effect, ledger, never_after, response, unit_returns
from mmm.simulate.rules import ChannelRules
from mmm.simulate.synergy import Synergy

__all__ = ["Truth", "periods_of"]

#: Money that is not back by then counts as never back.
LATEST_PAYBACK_WEEKS = 520


class _Window(TypedDict):
    """Where the data lie in a channel's driver."""

    weeks_per_period: float
    start: int
    stop: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Truth:
    """The answers that a fit of a simulated world should find.

    Attributes
    ----------
    roi_by_horizon : dict of dict of float
        Horizon in weeks, then channel: what one unit of all the spend in the data brings within so many weeks of
        being spent, landings after the last period included; found by simulation without the spend, and with
        everything else as it was: the other channels' spend, and demand where that moved the spend.
    contributions : DataFrame, date by channel
        What each channel brought in each period, in units of the outcome; what spend before the data still
        brings is included. What channels bring together is in the contribution of each.
    baseline : array, shape (time,)
        Outcome without media and noise; hidden demand is in it.
    parameters : dict of dict of float
        Channel, then posterior name; ``amplitude`` (outcome per unit of response) and ``driver_mean`` (mean spend
        per period) besides. ``carry_in_level`` is there where it is a parameter of the model of these data: the spend
        before the first known period. It is not where a real past is kept from the data.
    rules : dict of ChannelRules
        What the oracle needs to simulate a channel again.
    sigma : float
        Standard deviation of the noise, in units of the outcome.
    spend : DataFrame, date by channel
        All of a world's spend: its past, where that was a plan, and the data.
    weeks_per_period : float
    history : DataFrame, optional
        The past as handed over with the data: ``date`` and one column per channel.
    tracker : DataFrame, optional
        Survey waves: ``wave``, ``awareness``, ``sample_size``.
    demand : array, shape (time,), optional
        What hidden demand adds to the outcome.
    synergy : Synergy, optional
        What two channels bring together and neither alone.
    together : array, shape (time,), optional
        How much that is: the contributions count it twice.

    Examples
    --------
    >>> from mmm.simulate import world_frame
    >>> frame, truth = world_frame(seed=1, roi={"tv": 1.3}, brand=["tv"])
    >>> round(truth.roi("tv", 104), 6)
    1.3
    >>> truth.roi("tv", 13) < 1 < truth.roi("tv", truth.payback_weeks("tv")) <= truth.roi("tv", 104)
    True
    >>> books = truth.ledger("tv")
    >>> round((books["in_window"] + books["carry_out"]) / books["cohort_total"], 12)
    1.0
    """

    roi_by_horizon: dict[float, dict[str, float]]
    contributions: pd.DataFrame
    baseline: NDArray[np.float64]
    parameters: dict[str, dict[str, float]]
    rules: dict[str, ChannelRules]
    sigma: float
    spend: pd.DataFrame
    weeks_per_period: float
    history: pd.DataFrame | None = None
    tracker: pd.DataFrame | None = None
    demand: NDArray[np.float64] | None = None
    synergy: Synergy | None = None
    together: NDArray[np.float64] | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels, in the order of the data."""
        return tuple(self.rules)

    def roi(self, channel: str, horizon_weeks: float) -> float:
        """Give the true ROI of all the data's spend within so many weeks, to the nearest whole period.

        ``math.inf`` counts what lands however late.

        Raises
        ------
        SpecError
            If the world has no such channel, or the horizon is shorter than one period.
        """
        self._check_known(channel)
        if horizon_weeks in self.roi_by_horizon:
            return self.roi_by_horizon[horizon_weeks][channel]
        return self._money_back(channel) * self._unit_within(channel, horizon_weeks)

    def payback_weeks(self, channel: str) -> float:
        """Weeks, in whole periods, until all the data's spend has come back: the first horizon with an ROI of 1.

        Infinite if that takes more than ten years.
        """
        self._check_known(channel)
        latest = math.floor(LATEST_PAYBACK_WEEKS / self.weeks_per_period)
        horizons = [periods * self.weeks_per_period for periods in range(1, latest + 1)]
        money_back = self._money_back(channel)
        # what has landed never leaves again, so ROI grows with the horizon and the crossing can be bisected
        first = bisect_left(horizons, 1.0, key=lambda weeks: money_back * self._unit_within(channel, weeks))
        return horizons[first] if first < latest else math.inf

    def ledger(self, channel: str) -> dict[str, float]:
        """Book when the effect of all the data's spend lands, in units of the outcome.

        Returns
        -------
        dict of float
            ``carry_in`` (spent before the data, lands in them), ``in_window`` (spent and lands in them),
            ``carry_out`` (spent in them, lands later, however late), and ``cohort_total``, the sum of the last two.
        """
        self._check_known(channel)
        scale = self._scale(channel)
        return {entry: scale * effect for entry, effect in self._unit_ledger(channel).items()}

    def roi_in_data(self, channel: str) -> float:
        """Give what of the return of all the data's spend lands in the data, per unit of money."""
        return self.ledger(channel)["in_window"] / self._spent(channel)

    def multiplier(self, channel: str) -> float:
        """Give the long-run multiplier: ROI however late over ROI within 13 weeks; nan where there is no effect."""
        self._check_known(channel)
        if self.parameters[channel]["amplitude"] == 0.0:
            return math.nan
        return self._unit_within(channel, math.inf) / self._unit_within(channel, 13)

    def simulated_again(self) -> Truth:
        """Give the same truth with returns by horizon from a simulation of each channel beside the others."""
        alone = replace(self, roi_by_horizon={})
        by_horizon = {weeks: {name: alone.roi(name, weeks) for name in self.rules} for weeks in self.roi_by_horizon}
        return replace(self, roi_by_horizon=by_horizon)

    @property
    def _window(self) -> _Window:
        stop = len(self.spend)
        return {"weeks_per_period": self.weeks_per_period, "start": stop - len(self.contributions), "stop": stop}

    def _driver(self, channel: str) -> list[float]:
        return [float(spent) / self.parameters[channel]["driver_mean"] for spent in self.spend[channel]]

    def _money_back(self, channel: str) -> float:
        """Outcome per unit of money, where the data's spend has a return of one in the units of the simulation."""
        return self._scale(channel) / self._spent(channel)

    def _spent(self, channel: str) -> float:
        return float(self.spend[channel].iloc[self._window["start"] :].sum())

    def _scale(self, channel: str) -> float:
        """Outcome per unit of what is simulated: of amplitude, or of outcome where channels work together."""
        return 1.0 if self._partner(channel) else self.parameters[channel]["amplitude"]

    def _partner(self, channel: str) -> str | None:
        return None if self.synergy is None else self.synergy.partner(channel)

    def _effect(self, channel: str, n_rows: int) -> Effect | None:
        """What a channel's response brings, with its partner's spend as it was; none after the data."""
        partner = self._partner(channel)
        if self.synergy is None or partner is None:
            return None
        beside = response(
            self._driver(partner), self.rules[partner], weeks_per_period=self.weeks_per_period, n_rows=n_rows
        )
        own, other = (self.parameters[name]["amplitude"] for name in (channel, partner))
        return self.synergy.effect([other * one for one in beside], amplitude=own)

    def _unit_within(self, channel: str, horizon_weeks: float) -> float:
        """Return of all the data's spend, in the units of the simulation."""
        if horizon_weeks == math.inf:
            return self._unit_ledger(channel)["cohort_total"]
        horizons = [periods_of(horizon_weeks, self.weeks_per_period)]
        effect = self._effect(channel, len(self.spend) + horizons[0])
        return unit_returns(
            self._driver(channel), self.rules[channel], **self._window, horizons=horizons, effect=effect
        )[0]

    def _unit_ledger(self, channel: str) -> dict[str, float]:
        rules = self.rules[channel]
        never = never_after(rules, weeks_per_period=self.weeks_per_period)
        effect = self._effect(channel, len(self.spend) + never)
        return ledger(self._driver(channel), rules, **self._window, effect=effect)

    def _check_known(self, channel: str) -> None:
        if channel not in self.rules:
            near = difflib.get_close_matches(channel, self.channels, n=1)
            raise SpecError(
                f"this world has no channel {channel!r}; it has {', '.join(self.channels)}",
                fix=f"did you mean {near[0]!r}?" if near else "use one of its channels",
            )


def periods_of(weeks: float, weeks_per_period: float) -> int:
    """Whole periods nearest to a horizon in weeks.

    Examples
    --------
    >>> periods_of(13, 365.25 / 12 / 7)
    3
    """
    periods = round(weeks / weeks_per_period)
    if periods < 1:
        raise SpecError(
            f"a horizon of {weeks:g} weeks is shorter than one period", fix=f"use at least {weeks_per_period:.3g} weeks"
        )
    return periods
