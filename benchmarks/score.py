"""From rows of intervals to tables: coverage, width, bias, error and interval score, by model, kind and horizon.

    python benchmarks/score.py rows_of_mmm.csv rows_of_a_peer.csv

Several models are compared on the worlds that all of them were asked, and no others; a world that a model failed on
counts for none, and is counted.
"""

import argparse

import numpy as np
import pandas as pd

#: Of the intervals in the rows: nominal probability of missing.
MISSED = 0.10


def interval_score(*, truth, lower, upper):
    """Width plus, for a miss, 2 / 0.10 times the distance: small is good (Gneiting and Raftery 2007, eq. 43)."""
    return (upper - lower) + 2 / MISSED * (np.maximum(lower - truth, 0) + np.maximum(truth - upper, 0))


def scored(rows):
    """Add what each interval is worth; errors on the log scale only where there is an effect to be wrong about."""
    rows = rows[rows["median"].notna()]
    there_is = rows["truth"] > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        log_error = np.log(rows["median"] / rows["truth"]).where(there_is & (rows["median"] > 0))
        log_width = np.log(rows["upper"] / rows["lower"]).where(rows["lower"] > 0)
        score = interval_score(truth=rows["truth"], lower=rows["lower"], upper=rows["upper"])
        # divided by the truth, a score favours answers that are too low; on the log scale it favours nobody
        logs = {name: np.log(rows[name].where(there_is)) for name in ("truth", "lower", "upper")}
        log_score = interval_score(**logs)
        return rows.assign(
            covered=rows["truth"].between(rows["lower"], rows["upper"]),
            truth_below=rows["truth"] < rows["lower"],
            truth_above=rows["truth"] > rows["upper"],
            log_error=log_error,
            abs_log_error=log_error.abs(),
            log_width=log_width,
            score=(score / rows["truth"]).where(there_is),
            log_score=log_score.where(np.isfinite(log_score)),
        )


def shared(rows):
    """Rows of the worlds that every model has, channel by channel and horizon by horizon."""
    key = ["kind", "world", "channel", "horizon"]
    models = rows["model"].nunique()
    return rows[rows.groupby(key)["model"].transform("nunique") == models]


def table(rows, by):
    """One row per group."""
    groups = scored(rows).groupby(by, sort=False)
    made = groups.agg(
        worlds=("world", "nunique"), intervals=("truth", "size"), covered=("covered", "mean"),
        truth_below=("truth_below", "mean"), truth_above=("truth_above", "mean"), bias=("log_error", "mean"),
        error=("abs_log_error", "mean"), width=("log_width", "median"), log_score=("log_score", "mean"),
        score_median=("score", "median"), score_mean=("score", "mean"), ok=("ok", "mean"),
        seconds=("seconds", "median"),
    )  # fmt: skip
    if "kind" not in by:  # a world's number is its own only within its kind
        made["worlds"] = groups.apply(lambda group: len(group[["kind", "world"]].drop_duplicates()))
    # intervals of one world are wrong together: the world is the unit of the standard error
    worlds = scored(rows).groupby([*dict.fromkeys([*by, "kind", "world"])])["covered"].mean()
    # few worlds may agree by chance: never less than what independent intervals would have
    independent = np.sqrt(made["covered"] * (1 - made["covered"]) / made["intervals"])
    unanswered = rows[rows["median"].isna()].groupby(by, sort=False).size()
    made["failed"] = unanswered.reindex(made.index, fill_value=0)
    made["se"] = np.fmax(worlds.groupby(by, sort=False).sem(), independent)
    return made


def read(paths):
    return pd.concat([pd.read_csv(path, dtype={"world": str, "horizon": str}) for path in paths], ignore_index=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="+")
    parser.add_argument("--by", nargs="+", default=["kind", "model", "horizon"])
    chosen = parser.parse_args()
    compared = shared(read(chosen.rows))
    with pd.option_context("display.width", 220, "display.max_rows", 500, "display.max_columns", 30):
        print(table(compared, chosen.by).round(2).sort_index().to_string())
        print(table(compared, ["model", "horizon"]).round(3).to_string())
