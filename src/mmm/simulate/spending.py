"""What the channels of a world spend, and the demand that some of them chase."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm import schema
from mmm.simulate.demand import demand_path, pull_on_spend
from mmm.simulate.plans import alike, spend_plan
from mmm.simulate.settings import WorldSettings

__all__ = ["SpendStreams", "world_demand", "world_spend"]


@dataclass(frozen=True, kw_only=True)
class SpendStreams:
    """Random streams of what is spent.

    Attributes
    ----------
    plan, past : Generator
        Of each channel's own plan, in the data and before them.
    shared, shared_past : Generator
        Of the plan that all share.
    """

    plan: np.random.Generator
    past: np.random.Generator
    shared: np.random.Generator
    shared_past: np.random.Generator


def world_demand(
    settings: WorldSettings, *, rng: np.random.Generator, past_rng: np.random.Generator
) -> NDArray[np.float64]:
    """Demand in its standard deviations, past first; shape (n_past + n_periods,).

    Examples
    --------
    >>> rngs = {"rng": np.random.default_rng(1), "past_rng": np.random.default_rng(2)}
    >>> world_demand(WorldSettings(n_periods=30), **rngs).shape
    (30,)
    """
    return demand_path(
        settings.n_periods,
        n_past=settings.n_past,
        weeks_per_period=settings.weeks_per_period,
        half_life_weeks=settings.demand_weeks,
        rng=rng,
        past_rng=past_rng,
    )


def world_spend(
    settings: WorldSettings, *, dates: pd.DatetimeIndex, demand: NDArray[np.float64], streams: SpendStreams
) -> pd.DataFrame:
    """Spend of every channel, its past first.

    Parameters
    ----------
    settings : WorldSettings
    dates : DatetimeIndex, length (n_past + n_periods,)
    demand : array, shape (n_past + n_periods,)
        In its standard deviations.
    streams : SpendStreams

    Returns
    -------
    DataFrame, date by channel
        In money, to the penny.

    Examples
    --------
    >>> rngs = [np.random.default_rng(i) for i in range(4)]
    >>> streams = SpendStreams(plan=rngs[0], past=rngs[1], shared=rngs[2], shared_past=rngs[3])
    >>> settings, dates = WorldSettings(n_periods=30, n_channels=1), pd.date_range("2024-01-01", periods=30, freq="7D")
    >>> world_spend(settings, dates=dates, demand=np.zeros(30), streams=streams).shape
    (30, 1)
    """
    pull = pull_on_spend(demand, chasing=settings.chasing)

    def planned(plan: str, rng: np.random.Generator, past_rng: np.random.Generator) -> NDArray[np.float64]:
        return spend_plan(
            plan,
            n_periods=settings.n_periods,
            weeks_per_period=settings.weeks_per_period,
            rng=rng,
            n_past=settings.n_past,
            past_rng=past_rng,
            pull=pull,
        )

    plans, spend = settings.plan_by_channel, {}
    # what all share runs like the first channel's plan
    shared = planned(plans[settings.names[0]], streams.shared, streams.shared_past)
    for name, plan in plans.items():
        mean = settings.base * settings.spend_share * streams.plan.lognormal(0.0, 0.4)
        shape = planned(plan, streams.plan, streams.past)
        if settings.plan_correlation > 0:
            shape = alike(shape, shared, correlation=settings.plan_correlation, n_past=settings.n_past)
        spend[name] = np.round(mean * shape, 2)
    return pd.DataFrame(spend, index=dates.rename(schema.DATE))
