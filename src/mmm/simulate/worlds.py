"""National worlds that follow the model's rules, or break them one by one, with the truth computed by simulation.

Each part of a world (plans, parameters, ROI, base, noise, past, two speeds, tracker, demand, and what breaks the rules)
has a random stream of its own, so that changing one setting leaves everything else as it was.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData, Tracker
from mmm.simulate.base import base_shares
from mmm.simulate.demand import demand_index
from mmm.simulate.media import simulate_media
from mmm.simulate.noise import unit_noise
from mmm.simulate.parameters import parameter_names, world_parameters
from mmm.simulate.rules import ChannelRules
from mmm.simulate.settings import CONTROL, DATE, DEMAND_INDEX, OUTCOME, WorldSettings
from mmm.simulate.spending import SpendStreams, world_demand, world_spend
from mmm.simulate.synergy import add_together
from mmm.simulate.tracker import TrackerRules, awareness, survey
from mmm.simulate.truth import Truth, periods_of

__all__ = ["simulate", "world", "world_frame"]

#: Random streams, in an order that never changes: a new one goes at the end.
STREAMS = (
    "plan", "parameter", "roi", "base", "noise", "past", "brand", "tracker",
    "demand", "demand_past", "demand_index", "path", "shared_plan", "shared_past",
)  # fmt: skip


def world(*, seed: int, **settings: Any) -> tuple[MarketingData, Truth]:
    """Simulate a national world and take it through the door, its past and its tracker where it hands them over.

    Parameters
    ----------
    seed : int
    **settings
        The fields of :class:`mmm.simulate.WorldSettings`.

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
    chosen = WorldSettings.of(settings)
    frame, truth = simulate(chosen, seed=seed)
    data = MarketingData.from_frame(
        frame,
        date=DATE,
        outcome=OUTCOME,
        spend=list(truth.channels),
        controls=list(chosen.controls),
        outcome_unit="GBP",
        history=truth.history,
        tracker=None
        if truth.tracker is None or chosen.tracker is None
        else _through_the_door(truth.tracker, chosen.tracker),
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


def world_frame(*, seed: int, **settings: Any) -> tuple[pd.DataFrame, Truth]:
    """Simulate a national world and give it as a plain frame.

    Parameters
    ----------
    seed : int
    **settings
        The fields of :class:`mmm.simulate.WorldSettings`, each with its default.

    Returns
    -------
    frame : DataFrame
        Columns ``date``, ``revenue``, one per channel (spend), ``price``, and ``demand_index`` where
        demand is measured.
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
    return simulate(WorldSettings.of(settings), seed=seed)


def simulate(chosen: WorldSettings, *, seed: int) -> tuple[pd.DataFrame, Truth]:
    """Simulate the world of these settings; see :func:`world_frame`.

    Examples
    --------
    >>> frame, truth = simulate(WorldSettings(n_channels=2, n_periods=60), seed=3)
    >>> len(frame), truth.channels
    (60, ('tv', 'search'))
    """
    rngs = {name: np.random.default_rng([seed, i]) for i, name in enumerate(STREAMS)}
    n_past, weeks_per_period = chosen.n_past, chosen.weeks_per_period
    dates, past_dates = _dates(chosen)
    demand = world_demand(chosen, rng=rngs["demand"], past_rng=rngs["demand_past"])
    streams = SpendStreams(
        plan=rngs["plan"], past=rngs["past"], shared=rngs["shared_plan"], shared_past=rngs["shared_past"]
    )
    spend = world_spend(chosen, dates=past_dates.union(dates), demand=demand, streams=streams)
    rules = _rules(chosen, rng=rngs["parameter"], brand_rng=rngs["brand"])
    true_roi = _true_roi(chosen, rngs["roi"])
    horizons = {weeks: periods_of(weeks, weeks_per_period) for weeks in chosen.horizons_weeks}
    media = simulate_media(
        spend,
        rules,
        n_past=n_past,
        weeks_per_period=weeks_per_period,
        true_roi=true_roi,
        roi_horizon=periods_of(chosen.roi_horizon_weeks, weeks_per_period),
        horizons=list(horizons.values()),
        brand=chosen.brand,
    )

    contributions, from_media, together = media.contributions, media.contributions.to_numpy().sum(axis=1), None
    if chosen.joint is not None:
        contributions, together = add_together(contributions, chosen.joint)
        from_media = from_media + together
    scale = chosen.base + float(from_media.mean())
    price, shares = base_shares(
        dates,
        rngs["base"],
        trend=chosen.trend,
        season=chosen.season,
        control=chosen.control,
        walk=chosen.walk,
        weeks_per_period=weeks_per_period,
        path=chosen.base_path,
        path_rng=rngs["path"],
    )
    baseline, sigma = chosen.base + scale * shares, chosen.noise * scale
    from_demand = scale * chosen.demand_size * demand[n_past:] if chosen.has_demand else None
    if from_demand is not None:
        baseline = baseline + from_demand
    noise = unit_noise(
        chosen.noise_kind, n_periods=chosen.n_periods, correlation=chosen.noise_correlation, rng=rngs["noise"]
    )
    revenue = baseline + from_media + sigma * noise
    frame = pd.DataFrame(
        {DATE: dates, OUTCOME: revenue, **{name: spend[name].to_numpy()[n_past:] for name in rules}, CONTROL: price}
    )
    if chosen.demand_control:
        frame[DEMAND_INDEX] = demand_index(demand[n_past:], error=chosen.demand_error, rng=rngs["demand_index"])
    # the model knows the level before the first known period; of a past kept from it there is no such level
    hidden = () if chosen.history or not n_past else (schema.CARRY_IN_LEVEL,)
    truth = Truth(
        roi_by_horizon={weeks: media.roi[periods] for weeks, periods in horizons.items()},
        contributions=contributions,
        baseline=baseline,
        parameters={
            name: {key: value for key, value in rule.parameters.items() if key not in hidden}
            | {"roi": true_roi[name], "amplitude": media.amplitudes[name], "driver_mean": media.driver_means[name]}
            for name, rule in rules.items()
        },
        rules=rules,
        sigma=sigma,
        spend=spend,
        weeks_per_period=weeks_per_period,
        history=spend.iloc[:n_past].reset_index(names=DATE) if chosen.history else None,
        tracker=_waves(chosen, media.slow_stock, dates, rngs["tracker"]),
        demand=from_demand,
        synergy=chosen.joint,
        together=together,
    )
    # media know no more than the returns of each channel alone
    return frame, truth if chosen.joint is None else truth.simulated_again()


def _dates(settings: WorldSettings) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """Dates of the data, and of the past."""
    start = settings.start
    if settings.frequency == "monthly":
        start = str(pd.Timestamp(start).to_period("M").start_time.date())
    dates = pd.date_range(start, periods=settings.n_periods, freq=settings.offset)
    return dates, pd.date_range(end=dates[0], periods=settings.n_past + 1, freq=settings.offset)[:-1]


def _rules(
    settings: WorldSettings, *, rng: np.random.Generator, brand_rng: np.random.Generator
) -> dict[str, ChannelRules]:
    """Rules of every channel, with their parameters."""
    stated = {
        name: {kind: settings.rule(kind, name) for kind in ("saturation", "carryover", "order")}
        for name in settings.names
    }
    wanted = {
        name: parameter_names(saturation=rule["saturation"], carryover=rule["carryover"], brand=name in settings.brand)
        for name, rule in stated.items()
    }
    values = world_parameters(
        wanted, given=settings.parameters or {}, brand=settings.brand, rng=rng, brand_rng=brand_rng
    )
    return {
        name: ChannelRules(**rule, max_lag_weeks=settings.max_lag_weeks, parameters=values[name])
        for name, rule in stated.items()
    }


def _true_roi(settings: WorldSettings, rng: np.random.Generator) -> dict[str, float]:
    drawn = {name: settings.roi_median * rng.lognormal(0.0, settings.roi_sigma) for name in settings.names}
    return {name: float((settings.roi or {}).get(name, value)) for name, value in drawn.items()}


def _waves(
    settings: WorldSettings, slow_stock: NDArray[np.float64], dates: pd.DatetimeIndex, rng: np.random.Generator
) -> pd.DataFrame | None:
    if settings.tracker is None:
        return None
    share = awareness(slow_stock, settings.tracker, weeks_per_period=settings.weeks_per_period, rng=rng)
    return survey(share, settings.tracker, dates=dates, weeks_per_period=settings.weeks_per_period, rng=rng)
