"""Do the intervals of brand channels hold? Worlds with known truth, fitted one after the other by one compiled program.

    python benchmarks/brand_coverage.py --kind own --worlds 200        # writes benchmarks/results/brand_own.csv
    python benchmarks/brand_coverage.py --summary                       # coverage, bias and reliance of all kinds

Kinds: ``own`` follows the model's rules, parameters from its priors; ``no_slow`` has no slow effect and a base that
wanders; ``always_on``, ``long_flights``, ``ramp`` and ``dark_then_flights`` are plans of the brand channel, to see what
each tells of the long run; ``mid_flight`` has a past of the same plan that the model is not shown, ``history`` the
same worlds with the past shown; ``study_...`` are worlds of one brand channel of known size, by plan. Worlds can be
split over processes with ``--first``.
"""

import argparse
import csv
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

import mmm
from mmm.errors import MMMWarning
from mmm.returns import payback_draws, per_spend, prior_reliance, prior_reliance_of_returns, returns_by_horizon
from mmm.returns.long_run import long_run_multiplier

RESULTS = Path(__file__).parent / "results"
BRAND, HORIZONS = "tv", (13, 52, 104)
CHANNELS = ("tv", "search", "social")
NO_SLOW = {"parameters": {BRAND: {"slow_share": 0.0}}}
PAST = {"past": "same_plan", "plans": {BRAND: "flights"}}
KINDS = {
    "own": {},
    "no_slow": {**NO_SLOW, "walk": 0.003},
    "no_slow_restless": {**NO_SLOW, "walk": 0.01},
    "always_on": {"plans": {BRAND: "always_on"}},
    "long_flights": {"plans": {BRAND: "long_flights"}},
    "ramp": {"plans": {BRAND: "ramp"}},
    "dark_then_flights": {"plans": {BRAND: "dark_then_flights"}},
    "mid_flight": PAST,
    "history": {**PAST, "history": True},
} | {
    f"study_{plan}": {
        "channels": (BRAND,), "plans": {BRAND: plan}, "roi": {BRAND: 2.26},
        "parameters": {BRAND: {"fast_half_life": 1.5, "slow_half_life": 30.0, "slow_share": 0.736}},
    }
    for plan in ("always_on", "long_flights", "ramp", "dark_then_flights")
}  # fmt: skip
COLUMNS = (
    "kind", "world", "ok", "quantity", "truth", "median", "lower", "upper", "prior_lower", "prior_upper", "prior_tenth",
    "reliance", "rank_from", "rank_to",
)  # fmt: skip


def rows_of(kind, seed, sampler):
    """Fit one world and compare with its truth."""
    data, truth = mmm.simulate.world(seed=seed, **{"channels": CHANNELS, "brand": [BRAND], **KINDS[kind]})
    posterior = mmm.fit(data, brand=[BRAND], seed=seed, sampler=sampler, progress=False)
    sides = posterior.draws, posterior.prior
    returns, prior = (returns_by_horizon(side, horizons=HORIZONS) for side in sides)
    reliance = prior_reliance_of_returns(returns, prior, variable="money")
    quantities = []
    for channel in truth.channels:
        for weeks in HORIZONS:
            at = {"channel": channel, "horizon_weeks": weeks}
            after, before = (per_spend(side, "money").sel(at).values for side in (returns, prior))
            name = f"roi {'brand' if channel == BRAND else 'other'} {weeks}"
            quantities.append((name, truth.roi(channel, weeks), after, before, float(reliance.sel(at))))
    after, before = (long_run_multiplier(side, BRAND) for side in sides)
    log_excess = [np.log(side - 1) for side in (after, before)]
    quantities.append(("multiplier", truth.multiplier(BRAND), after, before, prior_reliance(*log_excess)))
    for name in ("slow_half_life", "slow_share"):
        after, before = (side.channel_parameters(BRAND)[name][..., 0] for side in sides)
        assumed = posterior.spec.channels[BRAND].parameters()[name]
        told = prior_reliance(*(assumed.standardise(side) for side in (after, before)))
        quantities.append((name, truth.parameters[BRAND][name], after, before, told))
    after, before = (
        payback_draws(side, horizon_weeks=104)["payback_weeks"].sel(channel=BRAND).values for side in sides
    )
    quantities.append(("payback", truth.payback_weeks(BRAND), after, before, float("nan")))
    for name, true, after, before, told in quantities:
        # order statistics: a payback that never comes is infinite, and nothing lies between it and a number
        median, lower, upper = np.quantile(after, (0.5, 0.05, 0.95), method="inverted_cdf")
        prior_low, *prior = np.quantile(before, (0.10, 0.05, 0.95), method="inverted_cdf")
        # where draws can equal the truth (whole weeks, never), its rank lies anywhere between these two
        ranks = float((after < true).mean()), float((after <= true).mean())
        yield kind, seed, posterior.ok, name, true, median, lower, upper, *prior, prior_low, told, *ranks


def run(kind, first, worlds):
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"brand_{kind}.csv"
    done = set(pd.read_csv(path)["world"]) if path.exists() else set()
    sampler = mmm.Sampler(draws=1000, tune=500, chains=2)
    with path.open("a", newline="") as file:
        writer = csv.writer(file)
        if not done:
            writer.writerow(COLUMNS)
        for seed in range(first, first + worlds):
            if seed not in done:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", MMMWarning)
                    writer.writerows(rows_of(kind, seed, sampler))
                file.flush()


def summary():
    """Coverage of the 90% interval, bias of the log median, and how much of the prior is left, by kind and quantity.

    ``held`` counts a truth at the very edge of an interval as inside; where draws are whole weeks or "never", that is
    more than the interval's probability by construction, and ``covered`` is the number to judge.
    """
    tables = [pd.read_csv(path) for path in sorted(RESULTS.glob("brand_*.csv"))]
    rows = pd.concat(tables)
    # a truth that draws can hit has no rank of its own: a number between the two, drawn once, is uniform if all is well
    anywhere = np.random.default_rng(0).uniform(size=len(rows))
    rank = rows["rank_from"] + anywhere * (rows["rank_to"] - rows["rank_from"])
    rows["covered"], rows["held"] = rank.between(0.05, 0.95), rows["truth"].between(rows["lower"], rows["upper"])
    with np.errstate(divide="ignore", invalid="ignore"):
        rows["log_error"] = np.log(rows["median"] / rows["truth"]).where(np.isfinite(rows["truth"]))
    table = rows.groupby(["kind", "quantity"]).agg(
        worlds=("world", "nunique"), ok=("ok", "mean"), covered=("covered", "mean"), held=("held", "mean"),
        bias=("log_error", "mean"),
        median_error=("log_error", "median"), reliance=("reliance", "median"),
    )  # fmt: skip
    none = rows[rows["kind"].str.startswith("no_slow") & (rows["quantity"] == "multiplier")]
    alarms = none.assign(alarm=none["lower"] > none["prior_tenth"]).groupby("kind")["alarm"].mean()
    return table, alarms


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=list(KINDS))
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--summary", action="store_true")
    chosen = parser.parse_args()
    if chosen.kind:
        run(chosen.kind, chosen.first, chosen.worlds)
    if chosen.summary:
        by_kind, alarms = summary()
        print(by_kind.round(3).to_string())
        print("\nNo slow effect, yet the 90% interval of the multiplier excludes the tenth of the prior nearest to 1:")
        print(alarms.round(3).to_string())
