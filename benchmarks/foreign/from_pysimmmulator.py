"""Worlds of pySiMMMulator (MIT): daily campaigns, costs and conversion rates, given by the week."""

import logging
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
from pysimmmulator import Simulate
from pysimmmulator.load_parameters import create_all_parameters
from world import WEEKS, World

START = "2021/01/04"  # a Monday, as the simulator's weeks begin on one
CPM = {"TV": 12.0, "Facebook": 7.5, "Display": 3.0, "Video": 9.0, "Search": 30.0, "Shopping": 12.0}
CPC = {"Search": 1.2, "Shopping": 0.8}
REVENUE = 40.0  # of one conversion
NOTE = (
    "Daily: geometric adstock of impressions or clicks, times a logistic share of its level, so that returns grow with "
    "spend before they level off; black Friday, Christmas and an outage are in sales and not in the data; the past "
    "before the data has no media. Truth: conversions by channel in the data's weeks times revenue, per spend."
)


def config(rng):
    """Draw what the simulator's configuration takes.

    Campaigns last one day, as in the simulator's example: with longer ones, this version gives day 1, 2, ... of the
    baseline to campaign 1, 2, ..., and loses its season and trend.
    """
    cost = {name: value * rng.uniform(0.6, 1.6) for name, value in CPM.items()}
    click = {name: value * rng.uniform(0.6, 1.6) for name, value in CPC.items()}
    decay = {name: rng.uniform(0.0, 0.93) for name in CPM}
    ceiling = {name: np.exp(rng.uniform(np.log(0.4), np.log(5.0))) for name in CPM}
    price = {name: click.get(name, cost[name] / 1000) for name in CPM}
    base = rng.uniform(3000, 9000)
    daily = base * REVENUE * rng.uniform(0.05, 0.25)
    shares = dict(zip(CPM, rng.dirichlet([5.0] * len(CPM)), strict=True))
    year = {"Black Friday": ["2021-11-26", "2022-11-25", "2023-11-24"]}
    return {
        "basic_params": {
            "years": 3,
            "channels_impressions": [name for name in CPM if name not in CPC],
            "channels_clicks": list(CPC),
            "frequency_of_campaigns": 1,
            "start_date": START,
            # of one unit of spend, were there no saturation, comes `ceiling` of revenue, all its carry-over counted
            "true_cvr": {name: ceiling[name] * price[name] * (1 - decay[name]) / REVENUE for name in CPM},
            "revenue_per_conv": REVENUE,
        },
        "baseline_params": {
            "base_p": base,
            "trend_p": base * rng.uniform(-0.1, 0.5),
            "temp_var": 8,
            "temp_coef_mean": base * rng.uniform(0.005, 0.025),
            "temp_coef_sd": base * 0.003,
            "error_std": base * rng.uniform(0.03, 0.08),
            "exogenous_factors": [
                {"name": "Black Friday", "dates": year["Black Friday"], "impact": rng.uniform(1.5, 3.0)},
                {"name": "Christmas", "start_date": "2022-12-18", "end_date": "2022-12-24",
                 "impact": rng.uniform(1.1, 1.8)},
                {"name": "Outage", "start_date": "2023-05-08", "end_date": "2023-05-10",
                 "impact": -base * rng.uniform(0.2, 0.5), "type": "additive"},
            ],
        },
        "ad_spend_params": {
            "campaign_spend_mean": daily,
            "campaign_spend_std": daily * rng.uniform(0.3, 0.9),
            "max_min_proportion_on_each_channel": {
                name: {"min": 0.2 * share, "max": 1.8 * share} for name, share in list(shares.items())[:-1]
            },
        },
        "media_params": {
            "true_cpm": cost,
            "true_cpc": click,
            "noisy_cpm_cpc": {
                name: {"loc": 0.0, "scale": 0.06 * click.get(name, cost[name])} for name in CPM
            },
        },
        "cvr_params": {"noisy_cvr": {name: {"loc": 0.0, "scale": 0.01} for name in CPM}},
        "adstock_params": {
            "adstock": {name: {"type": "geometric", "params": {"lambda": decay[name]}} for name in CPM},
            "saturation": {
                name: {"type": "scurve",
                       "params": {"alpha": rng.uniform(1.0, 2.5), "gamma": rng.uniform(0.1, 0.45)}}
                for name in CPM
            },
        },
        "output_params": {"aggregation_level": "weekly"},
    }  # fmt: skip


def simulate(settings, seed):
    """Run the stages one by one, as the run does in one go, and keep the days: they say what each channel brought."""
    logging.getLogger("pysimmmulator").setLevel(logging.ERROR)
    taken = create_all_parameters(settings)
    run = Simulate(taken["basic_params"], random_seed=seed)
    baseline = run.simulate_baseline(taken["baseline_params"])
    spend = run.simulate_ad_spend(baseline_sales_df=baseline, params=taken["ad_spend_params"])
    spend = run.simulate_media(spend_df=spend, params=taken["media_params"])
    spend = run.simulate_cvr(spend_df=spend, params=taken["cvr_params"])
    days = run.simulate_decay_returns(spend_df=spend, params=taken["adstock_params"])
    days = run.consolidate_dataframe(mmm_df=run.calculate_conversions(mmm_df=days), baseline_sales_df=baseline)
    return days, run.finalize_output(mmm_df=days.copy(), params=taken["output_params"])


def world(seed, settings=None):
    """Draw a configuration and run it, or run the one that is given."""
    settings = settings or config(np.random.default_rng([seed, 2]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the simulator writes into slices of a table; pandas says so at length
        days, weeks = simulate(settings, seed)
    data = weeks.reset_index().rename(columns={"week_start": "date"}).iloc[:WEEKS]
    data["date"] = pd.to_datetime(data["date"])
    within = days[
        (days["date"] >= data["date"].iloc[0]) & (days["date"] < data["date"].iloc[-1] + pd.Timedelta(days=7))
    ]
    revenue = settings["basic_params"]["revenue_per_conv"]
    brought = {name: within[f"{name}_conversions"].sum() * revenue for name in CPM}
    unit = {name: "clicks" if name in CPC else "impressions" for name in CPM}
    kept = ["date", "total_revenue", *(f"{name}_spend" for name in CPM), *(f"{n}_{u}" for n, u in unit.items())]
    return World(
        kind="s_curve",
        seed=seed,
        simulator=f"pysimmmulator {version('pysimmmulator')}",
        data=data[kept],
        outcome="total_revenue",
        channels={name.lower(): f"{name}_spend" for name in CPM},
        exposures={name.lower(): f"{name}_{unit[name]}" for name in CPM},
        controls=[],
        roas={name.lower(): brought[name] / within[f"{name}_spend"].sum() for name in CPM},
        media_share=sum(brought.values()) / within["total_revenue"].sum(),
        note=NOTE,
        parameters=settings,
    )


KINDS = {"s_curve": world}
