"""Worlds of mmm-framework (Apache-2.0): ten of its scenarios as given, and two of them with other budgets."""

from importlib.metadata import version

import numpy as np
from mmm_framework.synth import dgp
from world import WEEKS, World

SCENARIOS = (
    "clean", "confounding_controlled", "unobserved_confounding", "reverse_causality", "multicollinearity",
    "heavy_tailed_noise", "spend_outliers", "seasonality_misspec", "realistic",
)  # fmt: skip
OTHER_BUDGETS = ("clean", "confounding_controlled")
LEVELS = (0.3, 3.0)  # of the scenario's own spend, by channel
PRICES = (0.5, 2.0)  # of a unit of media, by channel: what is bought stays the same, its cost does not
PER_RECORDED = (
    "recorded spend holds one false week of fifteen times the maximum per channel; truth is per pound truly spent, "
    "per recorded pound it is less (see parameters)"
)
NO_MONEY = "sales of the funnel are not in the unit of spend: returns of 10 to 60 per unit"


def scenario(name, seed):
    """Build one scenario by the simulator's own door."""
    if name == "brand_funnel":
        return dgp.make_brand_funnel(seed, n_weeks=WEEKS)
    return dgp.build(name, seed, n_weeks=WEEKS)


def as_given(name, seed):
    """Take a scenario as it is; only its random draws differ from seed to seed."""
    made = scenario(name, seed)
    note, parameters = made.description, {}
    if name == "spend_outliers":
        note = f"{note} {PER_RECORDED}"
        recorded = made.true_contribution / made.spend.sum()
        parameters = {"spike_weeks": made.notes["spike_weeks"], "truth_per_recorded_spend": recorded.to_dict()}
    if name == "brand_funnel":
        note = f"{note} {NO_MONEY}"
    return world(name, seed, made, made.spend, made.y, made.true_contribution, made.true_roas, note, parameters)


def other_budgets(name, seed):
    """Spend more or less than the scenario does, at other prices, and let its own response function answer.

    The truth is the scenario's own definition: the noiseless mean, less the same with the channel's spend at zero.
    """
    made = scenario(name, seed)
    rng = np.random.default_rng([seed, 1])
    size = len(made.channels)
    levels, prices = (np.exp(rng.uniform(*np.log(ends), size)) for ends in (LEVELS, PRICES))
    bought = made.spend * levels
    mean = made.response_fn(bought.to_numpy(float))
    sales = (made.y - made.mu + mean).clip(lower=1.0)
    contribution = made.true_contribution.copy()
    for channel in made.channels:
        without = bought.assign(**{channel: 0.0}).to_numpy(float)
        contribution[channel] = (mean - made.response_fn(without)).sum()
    spend = bought * prices
    parameters = {
        "levels": dict(zip(made.channels, levels, strict=True)),
        "prices": dict(zip(made.channels, prices, strict=True)),
    }
    note = f"{made.description} Spend times a level of {LEVELS} and a price of {PRICES} per channel, log-uniform."
    return world(
        f"{name}_other_budgets", seed, made, spend, sales, contribution, contribution / spend.sum(), note, parameters
    )


def world(kind, seed, made, spend, sales, contribution, roas, note, parameters):
    """Put the parts of a scenario into one table."""
    data = spend.reset_index(drop=True).join(made.controls.reset_index(drop=True))
    data["date"], data["Sales"] = made.weeks, sales.to_numpy()
    return World(
        kind=kind,
        seed=seed,
        simulator=f"mmm-framework {version('mmm-framework')}",
        data=data,
        outcome="Sales",
        outcome_is_money=made.name != "brand_funnel",
        channels={channel.lower(): channel for channel in made.channels},
        controls=list(made.controls.columns),
        roas={channel.lower(): float(roas[channel]) for channel in made.channels},
        media_share=contribution.sum() / sales.sum(),
        note=note,
        parameters=parameters,
    )


KINDS = {name: lambda seed, name=name: as_given(name, seed) for name in (*SCENARIOS, "brand_funnel")} | {
    f"{name}_other_budgets": lambda seed, name=name: other_budgets(name, seed) for name in OTHER_BUDGETS
}
