"""National worlds that follow the model's rules, with the truth computed by simulation.

Each part of a world (plans, parameters, ROI, base, noise, past, two speeds, tracker) has a random stream of its
own, so that changing one setting leaves everything else as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mmm import schema
from mmm.data import MarketingData, Tracker
from mmm.errors import SpecError
from mmm.simulate.base import base_shares
from mmm.simulate.media import simulate_media
from mmm.simulate.parameters import check_known, parameter_names, world_parameters
from mmm.simulate.plans import spend_plan
from mmm.simulate.rules import ChannelRules
from mmm.simulate.tracker import TrackerRules, awareness, survey
from mmm.simulate.truth import Truth, periods_of

__all__ = ["world", "world_frame"]

#: Columns of the frame besides the channels.
DATE, OUTCOME, CONTROL = "date", "revenue", "price"

#: Weeks per period and pandas offset, by frequency.
FREQUENCIES = {"weekly": (1.0, "7D"), "daily": (1 / 7, "D"), "monthly": (365.25 / 12 / 7, "MS")}
CHANNEL_NAMES = ("tv", "search", "social", "radio", "display", "print", "outdoor", "podcast")
DEFAULT_PLANS = ("flights", "always_on")
PASTS = ("steady", "same_plan")

#: Of a past that really ran, unless the world says otherwise.
PAST_WEEKS = 4 * 365.25 / 7


def world(*, seed: int, **settings: Any) -> tuple[MarketingData, Truth]:
    """Simulate a national world and take it through the door, its past and its tracker where it hands them over.

    Parameters
    ----------
    seed : int
    **settings
        Everything that :func:`world_frame` takes.

    Returns
    -------
    data : MarketingData
    truth : Truth

    Examples
    --------
    >>> data, truth = world(seed=1, n_channels=2)
    >>> data.channels == truth.channels
    True
    """
    frame, truth = world_frame(seed=seed, **settings)
    data = MarketingData.from_frame(
        frame,
        date=DATE,
        outcome=OUTCOME,
        spend=list(truth.channels),
        controls=[CONTROL],
        outcome_unit="GBP",
        history=truth.history,
        tracker=None if truth.tracker is None else _through_the_door(truth.tracker, settings["tracker"]),
    )
    return data, truth


def _through_the_door(waves: pd.DataFrame, rules: TrackerRules) -> Tracker:
    return Tracker.from_frame(
        waves,
        date="wave",
        value="awareness",
        sample_size="sample_size",
        design_effect=rules.design_effect,
        unit="share",
    )


def world_frame(
    *,
    seed: int,
    n_periods: int = 156,
    frequency: str = "weekly",
    n_channels: int = 4,
    channels: Sequence[str] | None = None,
    start: str = "2023-01-02",
    plans: Mapping[str, str] | None = None,
    past: str = "steady",
    n_past_periods: int | None = None,
    history: bool = False,
    brand: Sequence[str] = (),
    saturation: str = "hill",
    carryover: str = "geometric",
    order: str = "saturation_first",
    max_lag_weeks: float = 13.0,
    parameters: Mapping[str, Mapping[str, float]] | None = None,
    roi: Mapping[str, float] | None = None,
    roi_median: float = 1.0,
    roi_sigma: float = 0.85,
    roi_horizon_weeks: float = 104,
    horizons_weeks: Sequence[float] = schema.DEFAULT_HORIZONS,
    base: float = 1_000_000.0,
    spend_share: float = 0.03,
    trend: float = 0.02,
    season: float = 0.05,
    control: float = 0.03,
    walk: float = 0.003,
    noise: float = 0.04,
    tracker: TrackerRules | None = None,
) -> tuple[pd.DataFrame, Truth]:
    """Simulate a national world and give it as a plain frame, for writing files.

    Parameters
    ----------
    seed : int
    n_periods : int
    frequency : {"weekly", "daily", "monthly"}
        Monthly worlds start on the first of the month of ``start``.
    n_channels : int
        How many channels; ignored if ``channels`` names them.
    channels : sequence of str, optional
    start : str
        First date.
    plans : mapping, optional
        Channel to one of the plans of :func:`mmm.simulate.plans.spend_plan`: ``"always_on"``, ``"flights"``,
        ``"ramp"``, ``"dark_then_flights"`` or ``"long_flights"``. By default the first channel flies, the second is
        always on, and so in turn.
    past : {"steady", "same_plan"}
        What was spent before the data: ``carry_in_level`` times mean spend in every period since forever, or the same
        plan as in the data for ``n_past_periods``, and ``carry_in_level`` before those. The data are the same.
    n_past_periods : int, optional
        Four years by default.
    history : bool
        Hand the past of the same plan over with the data, as ``truth.history``.
    brand : sequence of str
        Channels of two speeds: carry-over ``"two_speed"`` instead of ``carryover``, one slow half-life for all.
    saturation, carryover, order, max_lag_weeks
        Rules of every channel, see :class:`mmm.simulate.ChannelRules`.
    parameters : mapping of mapping, optional
        Channel, then posterior name; what is not given is drawn from the model's default priors.
    roi : mapping, optional
        True ROI of channels; the others are drawn from ``LogNormal(roi_median, roi_sigma)``.
    roi_horizon_weeks : float
        Horizon at which ``roi`` is stated.
    horizons_weeks : sequence of float
        Horizons at which the truth is computed.
    base : float
        Money per period that comes in without media.
    spend_share : float
        Mean spend of a typical channel, as a share of ``base``; channels differ by a factor of about 1.5.
    trend, season, control, walk, noise : float
        As shares of mean outcome: growth a year, sd of the season, effect of one sd of the control, sd of the random
        walk per square root of a week, sd of the noise.
    tracker : TrackerRules, optional
        Survey of awareness, which follows the slow effect of the brand channels: ``truth.tracker``.

    Returns
    -------
    frame : DataFrame
        Columns ``date``, ``revenue``, one per channel (spend), ``price``.
    truth : Truth

    Raises
    ------
    SpecError
        If a setting makes no sense; the message lists what does.

    Examples
    --------
    >>> frame, truth = world_frame(seed=3, n_channels=2, n_periods=60)
    >>> list(frame.columns), len(frame)
    (['date', 'revenue', 'tv', 'search', 'price'], 60)
    """
    names = _channel_names(n_channels, channels)
    if frequency not in FREQUENCIES:
        raise SpecError(f"frequency={frequency!r} is not simulated", fix=f"use one of {', '.join(FREQUENCIES)}")
    weeks_per_period, offset = FREQUENCIES[frequency]
    plans, parameters, roi = dict(plans or {}), dict(parameters or {}), dict(roi or {})
    for role, given in (("plans", plans), ("parameters", parameters), ("roi", roi), ("brand", brand)):
        check_known(role, given, names)
    if tracker is not None and not brand:
        raise SpecError(
            "a tracker was asked of a world without brand channels",
            "it follows the slow effect, which only they have",
            'name some, as in brand=["tv"]',
        )
    n_past = _past_periods(past, n_past_periods, history=history, weeks_per_period=weeks_per_period)
    if frequency == "monthly":
        start = str(pd.Timestamp(start).to_period("M").start_time.date())
    dates = pd.date_range(start, periods=n_periods, freq=offset)
    past_dates = pd.date_range(end=dates[0], periods=n_past + 1, freq=offset)[:-1]
    plan_rng, parameter_rng, roi_rng, base_rng, noise_rng, past_rng, brand_rng, tracker_rng = (
        np.random.default_rng([seed, i]) for i in range(8)
    )

    whole = {}
    for i, name in enumerate(names):
        mean = base * spend_share * plan_rng.lognormal(0.0, 0.4)
        plan = spend_plan(
            plans.get(name, DEFAULT_PLANS[i % 2]),
            n_periods=n_periods,
            weeks_per_period=weeks_per_period,
            rng=plan_rng,
            n_past=n_past,
            past_rng=past_rng,
        )
        whole[name] = np.round(mean * plan, 2)
    spend = pd.DataFrame(whole, index=past_dates.append(dates).rename(schema.DATE))

    wanted = {name: parameter_names(saturation=saturation, carryover=carryover, brand=name in brand) for name in names}
    values = world_parameters(wanted, given=parameters, brand=brand, rng=parameter_rng, brand_rng=brand_rng)
    rules = {
        name: ChannelRules(
            saturation=saturation,
            carryover="two_speed" if name in brand else carryover,
            order=order,
            max_lag_weeks=max_lag_weeks,
            parameters=values[name],
        )
        for name in names
    }
    drawn_roi = {name: roi_median * roi_rng.lognormal(0.0, roi_sigma) for name in names}
    true_roi = {name: float(roi.get(name, drawn_roi[name])) for name in names}
    horizons = {weeks: periods_of(weeks, weeks_per_period) for weeks in horizons_weeks}
    media = simulate_media(
        spend,
        rules,
        n_past=n_past,
        weeks_per_period=weeks_per_period,
        true_roi=true_roi,
        roi_horizon=periods_of(roi_horizon_weeks, weeks_per_period),
        horizons=list(horizons.values()),
    )

    from_media = media.contributions.to_numpy().sum(axis=1)
    scale = base + float(from_media.mean())
    price, shares = base_shares(dates, base_rng, trend=trend, season=season, control=control, walk=walk)
    baseline, sigma = base + scale * shares, noise * scale
    revenue = baseline + from_media + sigma * noise_rng.standard_normal(n_periods)
    frame = pd.DataFrame(
        {DATE: dates, OUTCOME: revenue, **{name: whole[name][n_past:] for name in names}, CONTROL: price}
    )
    waves = None
    if tracker is not None:
        share = awareness(media.slow_stock, tracker, weeks_per_period=weeks_per_period, rng=tracker_rng)
        waves = survey(share, tracker, dates=dates, weeks_per_period=weeks_per_period, rng=tracker_rng)
    # the model knows the level before the first known period; of a past kept from it there is no such level
    hidden = () if history or not n_past else (schema.CARRY_IN_LEVEL,)
    truth = Truth(
        roi_by_horizon={weeks: media.roi[periods] for weeks, periods in horizons.items()},
        contributions=media.contributions,
        baseline=baseline,
        parameters={
            name: {key: value for key, value in values[name].items() if key not in hidden}
            | {"roi": true_roi[name], "amplitude": media.amplitudes[name], "driver_mean": media.driver_means[name]}
            for name in names
        },
        rules=rules,
        sigma=sigma,
        spend=spend,
        weeks_per_period=weeks_per_period,
        history=spend.iloc[:n_past].reset_index(names=DATE) if history else None,
        tracker=waves,
    )
    return frame, truth


def _past_periods(past: str, n_past_periods: int | None, *, history: bool, weeks_per_period: float) -> int:
    """Count the periods before the data in which the plan ran already."""
    if past not in PASTS:
        raise SpecError(f"past={past!r} is not simulated", fix=f"use one of {', '.join(PASTS)}")
    if past == "steady":
        if history or n_past_periods is not None:
            raise SpecError(
                "a steady past has no first period",
                "it goes back forever, so it can be neither counted nor handed over",
                'use past="same_plan", or leave history and n_past_periods out',
            )
        return 0
    n_past = round(PAST_WEEKS / weeks_per_period) if n_past_periods is None else n_past_periods
    if n_past < 1:
        raise SpecError(f"n_past_periods={n_past} is no past", fix='use 1 or more, or past="steady"')
    return n_past


def _channel_names(n_channels: int, channels: Sequence[str] | None) -> tuple[str, ...]:
    if channels is None:
        return tuple(CHANNEL_NAMES[i] if i < len(CHANNEL_NAMES) else f"channel_{i + 1}" for i in range(n_channels))
    taken = [name for i, name in enumerate(channels) if name in (DATE, OUTCOME, CONTROL, *channels[:i])]
    if taken:
        raise SpecError(f"channel {taken[0]!r} would be a second column of that name", fix="rename it")
    return tuple(channels)
