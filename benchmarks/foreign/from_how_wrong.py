"""Worlds of how-wrong-is-your-mmm (MIT): channels that one planner moves together, or that demand moves."""

from importlib.metadata import version

import numpy as np
import pandas as pd
from how_wrong_is_your_mmm import simulate_demand, simulate_demand_proxy, simulate_sales, simulate_spend
from world import WEEKS, World

CHANNELS = ["tv", "meta", "search", "video", "display"]
# correlation of every two channels; range of the share of what they have in common that is demand, not the planner
TOGETHER = {
    "collinear_50": (0.5, (0.0, 0.0)),
    "collinear_70": (0.7, (0.0, 0.0)),
    "collinear_90": (0.9, (0.0, 0.0)),
    "demand_led": (0.7, (0.3, 0.8)),
}
NOTE = (
    "Power-law response of geometric adstock, the past before the data held at the first week's spend; demand (season "
    "and autocorrelated) is in sales, a proxy of it in the data. Truth: the channel's term in the data's weeks, per "
    "spend; marginal returns are smaller, by the exponent."
)


def draw(rng, spend):
    """Draw the response of every channel, and a base, demand and noise that fit its size."""
    exponent, decay = rng.uniform(0.4, 0.9, len(CHANNELS)), rng.uniform(0.0, 0.7, len(CHANNELS))
    average = np.exp(rng.uniform(np.log(0.3), np.log(4.0), len(CHANNELS)))  # returns, of which the last pound b times
    media = float((average * spend.mean()).sum())
    base = media * (1 / rng.uniform(0.10, 0.45) - 1)
    return {
        "marginal_returns": dict(zip(CHANNELS, average * exponent, strict=True)),
        "saturation": dict(zip(CHANNELS, exponent, strict=True)),
        "adstock": dict(zip(CHANNELS, decay, strict=True)),
        "base_sales": base,
        "noise_sd": base * rng.uniform(0.02, 0.05),
        "demand_coef": base * rng.uniform(0.03, 0.10),
    }


def simulate(spend, parameters, demand, seed):
    """Give weekly sales, and what each channel brought: the same call for it alone, without base and noise."""
    curve = {"saturation": parameters["saturation"], "adstock": parameters["adstock"]}
    returns = parameters["marginal_returns"]
    sales = simulate_sales(
        spend, returns, base_sales=parameters["base_sales"], revenue_noise_std=parameters["noise_sd"], seed=seed,
        demand=demand, demand_coef=parameters["demand_coef"], **curve,
    )  # fmt: skip
    alone = {
        name: simulate_sales(spend[[name]], returns, base_sales=0.0, revenue_noise_std=0.0, **curve).sum()
        for name in CHANNELS
    }
    return sales.to_numpy(), pd.Series(alone)


def world(kind, seed):
    """Draw spend by the simulator's rule, budgets and responses by ours, sales by its own again."""
    rng = np.random.default_rng([seed, 3])
    correlation, shares = TOGETHER[kind]
    share = rng.uniform(*shares)
    # every step of the simulator begins the same stream of numbers anew: with one seed, noise would echo demand
    of_demand, of_spend, of_sales, of_proxy = range(10 * seed, 10 * seed + 4)
    demand = simulate_demand(WEEKS, process="seasonal_ar1", seed=of_demand)
    spend = simulate_spend(
        WEEKS, correlation, CHANNELS, seed=of_spend, start_date="2021-01-04", demand=demand, demand_share=share
    )
    spend = (spend * np.exp(rng.uniform(np.log(0.3), np.log(2.0), len(CHANNELS)))).clip(lower=0.0)
    parameters = draw(rng, spend)
    sales, brought = simulate(spend, parameters, demand, of_sales)
    data = spend.add_suffix("_spend").rename_axis("date").reset_index()
    data["sales"], data["demand_proxy"] = sales, simulate_demand_proxy(demand, quality=0.9, seed=of_proxy)
    return World(
        kind=kind,
        seed=seed,
        simulator=f"how-wrong-is-your-mmm {version('how-wrong-is-your-mmm')}",
        data=data,
        outcome="sales",
        channels={name: f"{name}_spend" for name in CHANNELS},
        controls=["demand_proxy"],
        roas=(brought / spend.sum()).to_dict(),
        media_share=brought.sum() / sales.sum(),
        note=f"{NOTE} Correlation of spend {correlation}.",
        parameters={"correlation": correlation, "demand_share": share, **parameters},
    )


KINDS = {kind: lambda seed, kind=kind: world(kind, seed) for kind in TOGETHER}
