"""Worlds of graphsimulacrum (MIT): people meet advertising, remember it for a while and buy; no curve is written."""

import tempfile
from importlib.metadata import version
from pathlib import Path

import graphsimulacrum
import numpy as np
import pandas as pd
from world import WEEKS, World

CHANNELS = ("tv", "social", "display", "video", "search")
START = "2021-01-04"
AGENTS, PEOPLE = 5_000, 250_000  # an agent stands for fifty people
LIFT = 0.15  # of the log odds of buying, by one remembered contact
PER_PURCHASE = 45.0
NOTE = (
    "Agents: contacts are Poisson by spend and by person, memory of all channels adds up in the log odds of a "
    "purchase; at low odds returns do not fall with spend but grow a little. Truth: the simulator's leave-one-out "
    "knock-out with the same random draws, revenue difference in the data's weeks per spend; the channels' parts add "
    "up to a little more than all media together."
)


def plan(rng, mean):
    """Draw a weekly plan of spend: always on with bursts, flights, or following the year."""
    shape = rng.choice(["bursts", "flights", "year"])
    weeks = np.arange(WEEKS)
    if shape == "bursts":
        level = rng.lognormal(0.0, rng.uniform(0.3, 0.7), WEEKS)
    elif shape == "flights":
        length, pause = rng.integers(3, 8), rng.integers(3, 10)
        level = ((weeks + rng.integers(20)) % (length + pause) < length) * rng.lognormal(0.0, 0.4, WEEKS)
    else:
        year = 1 + rng.uniform(0.2, 0.6) * np.sin(2 * np.pi * (weeks + rng.integers(52)) / 52)
        level = year * rng.lognormal(0.0, 0.3, WEEKS)
    return 7 * mean * level / level.mean()


def draw(rng):
    """Draw who buys, and by channel how long it is remembered, what it lifts and what it returns, about."""
    rate = rng.uniform(0.010, 0.025)
    channels = {
        name: {
            "forgetting": np.exp(rng.uniform(np.log(0.04), np.log(0.6))),
            "lift": np.exp(rng.uniform(np.log(0.02), np.log(0.12))),
            "about": np.exp(rng.uniform(np.log(0.4), np.log(4.0))),
            "audience": [rng.uniform(1.5, 4.0), rng.uniform(2.0, 6.0)],
        }
        for name in CHANNELS
    }
    return {"base_rate": rate, "season": rng.uniform(0.05, 0.25), "channels": channels}


def specification(rng, drawn, folder):
    """Write the plans into files and give the specification, of the simulator's own mechanisms only."""
    dates = pd.date_range(START, periods=WEEKS, freq="W-MON").strftime("%Y-%m-%d")
    phase = float(rng.uniform(0, 365))
    nodes = {
        "season": {"class": "macro", "mechanism": "fourier_seasonal", "params": {"amplitude": 1.0, "phase": phase}},
        "price_sensitivity": {"class": "agent_trait", "distribution": {"beta": {"alpha": 2.0, "beta": 5.0}}},
    }
    series, observables = {}, {}
    for name, channel in drawn["channels"].items():
        contacts = channel["lift"] / LIFT * channel["forgetting"]  # a person and day, so that memory settles at lift
        spend = PEOPLE * drawn["base_rate"] * PER_PURCHASE * channel["lift"] / channel["about"]
        first, second = channel["audience"]
        path = Path(folder) / f"{name}.csv"
        pd.DataFrame({"date": dates, "spend": plan(rng, spend)}).to_csv(path, index=False)
        series[name] = {
            "source": str(path), "column": "spend", "frequency": "week", "align": {"upsample": "distribute"},
            "role": "intervention_plan",
        }  # fmt: skip
        nodes |= {
            f"spend_{name}": {"class": "intervention", "source": f"series.{name}"},
            f"audience_{name}": {"class": "agent_trait", "distribution": {"beta": {"alpha": first, "beta": second}}},
            f"met_{name}": {
                "class": "agent_flow", "mechanism": "poisson_exposure",
                "parents": [f"spend_{name}", f"audience_{name}"],
                "params": {"reach_efficiency": contacts / spend * (first + second) / first},
            },
            f"memory_{name}": {
                "class": "agent_state", "mechanism": "leaky_accumulator",
                "parents": [f"met_{name}", f"memory_{name}@t-1"], "params": {"decay": channel["forgetting"]},
            },
        }  # fmt: skip
        observables[f"contacts_{name}"] = {"sum_of": f"met_{name}"}
    # the purchase takes two memories: the first, and the sum of the others, from an accumulator that forgets nothing
    last = f"memory_{CHANNELS[1]}"
    for name in CHANNELS[2:]:
        nodes[f"sum_{name}"] = {
            "class": "agent_state", "mechanism": "leaky_accumulator", "parents": [f"memory_{name}", last],
            "params": {"decay": 0.0},
        }  # fmt: skip
        last = f"sum_{name}"
    nodes["purchase"] = {
        "class": "agent_flow", "mechanism": "logistic_purchase",
        "parents": [f"memory_{CHANNELS[0]}", last, "price_sensitivity", "season"],
        "params": {
            "beta_mem": LIFT, "beta_price": 1.0, "beta_season": drawn["season"], "base_rate": drawn["base_rate"],
        },
    }  # fmt: skip
    nodes["basket"] = {
        "class": "agent_flow", "mechanism": "basket_value", "parents": ["purchase"],
        "params": {"mean_value": PER_PURCHASE, "sigma": 0.4},
    }  # fmt: skip
    observables |= {"conversions": {"sum_of": "purchase"}, "revenue": {"sum_of": "basket"}}
    return graphsimulacrum.Spec.model_validate(
        {
            "meta": {"name": "agents"},
            "calendar": {"start_date": START, "ticks": 7 * WEEKS},
            "population": {"n_agents": AGENTS, "universe_size": PEOPLE},
            "series": series,
            "nodes": nodes,
            "observables": observables,
            "interventions": {"targets": [f"spend_{name}" for name in CHANNELS]},
        }
    )


def agents(seed):
    """Run the world and, with the same draws, the world without each channel and without all of them."""
    rng = np.random.default_rng([seed, 5])
    drawn = draw(rng)
    with tempfile.TemporaryDirectory() as folder:
        ready = graphsimulacrum.compile(specification(rng, drawn, folder))
    truth = graphsimulacrum.Runner(ready, seed=seed).run().ground_truth
    panel = truth.factual_panel
    revenue = panel["revenue"].sum()
    roas = {
        name: (revenue - truth.panels[f"knockout/spend_{name}"]["revenue"].sum()) / panel[f"spend_{name}"].sum()
        for name in CHANNELS
    }
    data = pd.DataFrame({name: panel[name].to_numpy() for name in panel.columns}).rename(columns={"period": "date"})
    data["date"] = pd.to_datetime(data["date"])
    return World(
        kind="agents",
        seed=seed,
        simulator=f"graphsimulacrum {version('graphsimulacrum')}",
        data=data.drop(columns="conversions"),
        outcome="revenue",
        channels={name: f"spend_{name}" for name in CHANNELS},
        exposures={name: f"contacts_{name}" for name in CHANNELS},
        controls=["season"],
        roas=roas,
        media_share=1 - truth.panels["baseline_none"]["revenue"].sum() / revenue,
        note=NOTE,
        parameters=drawn,
    )


KINDS = {"agents": agents}
