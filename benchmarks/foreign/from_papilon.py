"""Worlds of papilon (Apache-2.0): a brand of four digital channels, one of which works late."""

from importlib.metadata import version

import numpy as np
import pandas as pd
from papilon import make_synthetic_mmm
from papilon.mmm import delayed_adstock, geometric_adstock, hill
from world import WEEKS, World

LAGS = 8
NOTE = (
    "Hill response with exponent 1 of an adstock of 8 weeks that adds up to one, online video with its peak later than "
    "the week of spend; search spend follows the season; no media before the data. Truth: the channel's term in the "
    "data's weeks, per spend."
)


def effect(spend, channel):
    """Give what a channel brings week by week, by the simulator's own transformations."""
    spend = spend.to_numpy(float)
    late = channel["adstock"] == "delayed"
    stock = (
        delayed_adstock(spend, channel["alpha"], channel["peak"], LAGS)
        if late
        else geometric_adstock(spend, channel["alpha"], LAGS)
    )
    return channel["beta"] * hill(stock, channel["half_sat"])


def as_given(seed):
    """Take the simulator's world as it is: its coefficients are fixed, spend and noise differ by seed."""
    data, truth = make_synthetic_mmm(WEEKS, seed, LAGS)
    channels = list(truth["channels"])
    brought = pd.Series({name: truth["summary"][name]["contribution_total"] for name in channels})
    roas = {name: truth["summary"][name]["roas"] for name in channels}
    return world("delayed", seed, data, brought, roas, NOTE, {"channels": truth["channels"]})


def other_channels(seed):
    """Put channels with other parameters in the place of the simulator's, in the same sales and with the same spend."""
    data, truth = make_synthetic_mmm(WEEKS, seed, LAGS)
    rng = np.random.default_rng([seed, 4])
    drawn = {}
    for name, given in truth["channels"].items():
        spend = data[name]
        drawn[name] = {
            "adstock": given["adstock"],
            "alpha": rng.uniform(0.1, 0.7),
            "half_sat": spend.mean() * np.exp(rng.uniform(np.log(0.5), np.log(3.0))),
            "beta": 1.0,
        }
        peak = rng.uniform(1.0, 4.0)
        if given["adstock"] == "delayed":
            drawn[name]["peak"] = peak
        roas = np.exp(rng.uniform(np.log(0.3), np.log(4.0)))
        drawn[name]["beta"] = roas * spend.sum() / effect(spend, drawn[name]).sum()
        data["sales"] += effect(spend, drawn[name]) - effect(spend, given)
    brought = pd.Series({name: effect(data[name], channel).sum() for name, channel in drawn.items()})
    return world(
        "delayed_other_channels", seed, data, brought, brought / data[list(drawn)].sum(),
        f"{NOTE} Channels' parameters drawn, in place of the simulator's.", {"channels": drawn},
    )  # fmt: skip


def world(kind, seed, data, brought, roas, note, parameters):
    return World(
        kind=kind,
        seed=seed,
        simulator=f"papilon {version('papilon')}",
        data=data,
        outcome="sales",
        channels={name: name for name in brought.index},
        controls=["price_index", "promo"],
        roas=dict(roas),
        media_share=brought.sum() / data["sales"].sum(),
        note=note,
        parameters=parameters,
    )


KINDS = {"delayed": as_given, "delayed_other_channels": other_channels}
