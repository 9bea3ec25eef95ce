"""Does drift cry wolf, does it see a wolf, and do last quarter's forecasts hold: refreshes of worlds with known truth.

    python benchmarks/refresh.py --kind stable --worlds 100 --workers 2
    python benchmarks/refresh.py --kind halved --worlds 500 --workers 2
    python benchmarks/refresh.py --kind longer --worlds 300 --workers 2
    python benchmarks/refresh_page.py                        # the rows as figures in docs/refresh.md

Each world has 156 weeks of four channels, and 13 more. *Stable*: nothing changes. *Halved*: from the first new week on
one channel brings half of what it brought. Which one was settled before any result was looked at: the channel with the
largest true contribution in the old weeks, which is what a board would want to know of; and, as a second and harder
case, one drawn at random by the number of the world. *Longer*: other worlds, of 156 weeks and 52 more, in which the
largest channel brings half from the first new week on; the same last fit is refreshed with 13, 26 and 52 of them.

Rows are added to `benchmarks/evidence/refresh.csv` after every world, and worlds that have rows are skipped, so a run
can be stopped anywhere and started again.
"""

import argparse
import csv
import multiprocessing
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np
import pandas as pd
from known_truth import factors_where_all_is_known

import mmm
from mmm.data.altered import between, with_outcome
from mmm.fitting.convergence import ess_bulk
from mmm.refreshing.drift import returns_of_window

ROWS = Path(__file__).parent / "evidence" / "refresh.csv"
N_OLD, N_CHANNELS = 156, 4
#: How many new weeks there are at a refresh, by kind.
NEW_WEEKS = {"stable": (13,), "halved": (13,), "longer": (13, 26, 52)}
#: Added to the number of a world for its seed, so that the longer ones are other worlds.
SEEDS = {"stable": 0, "halved": 0, "longer": 10_000}
#: New weeks after which a preview is asked for.
PREVIEWS = (1, 4, 13)
COLUMNS = (
    "kind", "case", "n_new", "world", "channel", "changed", "true_share", "share", "prior_reliance", "old", "new", "z",
    "flag", "step", "var_old", "var_new", "error", "z_new_weeks", "bayes_factor", "power", "bayes_factor_known",
    "times", "times_lower", "times_upper", "inside_50", "inside_80", "inside_90", "forecast_ok", "ok",
    *(f"preview_{what}_{n}" for n in PREVIEWS for what in ("k", "draws", "ok")),
)  # fmt: skip


def rows_of(kind, world):
    """Fit the old weeks, refresh with the new ones, and say what drift and forecast say, in every case of a kind."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        n_weeks, seed = N_OLD + max(NEW_WEEKS[kind]), world + SEEDS[kind]
        data, truth = mmm.simulate.world(n_periods=n_weeks, n_channels=N_CHANNELS, seed=seed)
        last = mmm.fit(between(data, 0, N_OLD), seed=seed, sampler=mmm.Sampler(cores=1), progress=False)
        brought = truth.contributions.iloc[:N_OLD].sum() / last.data.dataset["outcome"].values.sum()
        rows, known = [], {}
        for case, changed in cases_of(kind, world, truth).items():
            happened = with_half(data, truth, changed) if changed else data
            for n_new in NEW_WEEKS[kind]:
                if (changed, n_new) not in known:
                    known[changed, n_new] = found_in(between(happened, 0, N_OLD + n_new), last, truth)
                    if kind != "longer":
                        known[changed, n_new] = with_previews(known[changed, n_new], happened, last)
                rows += [
                    {"kind": kind, "case": case, "n_new": n_new, "world": world, "changed": row["channel"] == changed,
                     "true_share": brought.get(row["channel"], brought.sum()), **row}
                    for row in known[changed, n_new]
                ]  # fmt: skip
        return rows


def cases_of(kind, world, truth):
    """Channel that changes, by case; none in a stable world."""
    if kind == "stable":
        return {"": ""}
    brought = truth.contributions.iloc[:N_OLD].sum()
    largest = {"largest": str(brought.idxmax())}
    if kind == "longer":
        return largest
    drawn = np.random.default_rng([world, 20260101]).integers(len(brought))
    return largest | {"random": str(brought.index[drawn])}


def with_half(data, truth, channel):
    """Take half of what a channel brings out of the new weeks."""
    lost = 0.5 * truth.contributions[channel].to_numpy() * (np.arange(data.n_periods) >= N_OLD)
    return with_outcome(data, data.dataset["outcome"].values - lost)


def found_in(data, last, truth):
    """Refresh, and give what is said of each channel and of the total."""
    refreshed = mmm.refresh(last, data, sampler=mmm.Sampler(cores=1), progress=False, allow_unconverged=True)
    reliance = mmm.Report(last, allow_unconverged=True).roi(horizon_weeks=last.spec.horizon_weeks)
    reliance = reliance.set_index("channel")["prior_reliance"]
    check = refreshed.forecast_check()
    by_channel = check.by_channel().set_index("channel")
    known = factors_where_all_is_known(data, truth, n_old=N_OLD, spec=last.spec)
    whole = check.table()[["inside_50", "inside_80", "inside_90"]].sum().to_dict() | {
        "forecast_ok": check.ok, "ok": last.ok and refreshed.posterior.ok,
    }  # fmt: skip
    moments = moments_of(refreshed)
    rows = []
    for row in refreshed.drift().to_dict("records"):
        name = row["channel"]
        said = by_channel.loc[name] if name in by_channel.index else pd.Series(dtype=float)
        rows.append({
            **{column: row[column] for column in ("channel", "old", "new", "z", "flag")}, **moments[name], **whole,
            "prior_reliance": reliance[name], "share": said.get("expected", np.nan) / check.observed.sum(),
            "z_new_weeks": said.get("z", np.nan), "bayes_factor": said.get("bayes_factor", np.nan),
            "power": said.get("power", np.nan), "bayes_factor_known": known.get(name, np.nan),
            **{column: said.get(column, np.nan) for column in ("times", "times_lower", "times_upper")},
        })  # fmt: skip
    return rows


def moments_of(refreshed):
    """Step, variances and Monte Carlo error of the log returns that drift compares, by channel."""
    sides = [
        returns_of_window(fit.draws, window=refreshed.vintages.rows(fit.data), horizon_weeks=fit.spec.horizon_weeks)
        for fit in (refreshed.previous, refreshed.posterior)
    ]
    names = sides[0]["channel"].values
    old, new = (np.log(side.transpose("chain", "draw", ...).values) for side in sides)
    variances = [side.var(axis=(0, 1), ddof=1) for side in (old, new)]
    error = np.sqrt(variances[0] / ess_bulk(old) + variances[1] / ess_bulk(new))
    step = new.mean(axis=(0, 1)) - old.mean(axis=(0, 1))
    table = {"step": step, "var_old": variances[0], "var_new": variances[1], "error": error}
    return pd.DataFrame(table, index=names).to_dict("index")


def with_previews(rows, data, last):
    """Say beside rows whether a preview is allowed after some new weeks, and how good its weights are."""
    said = {}
    for n in PREVIEWS if last.ok else ():
        preview = mmm.preview_refresh(last, between(data, 0, N_OLD + n))
        found = {"k": preview.pareto_k, "draws": preview.effective_draws, "ok": preview.ok}
        said |= {f"preview_{what}_{n}": value for what, value in found.items()}
    return [row | said for row in rows]


def main():
    """Refresh all worlds that have no rows yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kind", choices=tuple(NEW_WEEKS), required=True)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    done = set()
    if ROWS.exists():
        table = pd.read_csv(ROWS)
        if tuple(table.columns) != COLUMNS:
            sys.exit(f"{ROWS.name} was written by another version, with other columns: move it away and start again")
        done = set(table.loc[table["kind"] == options.kind, "world"])
    asked = [world for world in range(1, options.worlds + 1) if world not in done]
    failed = 0
    context = multiprocessing.get_context("spawn")
    with ROWS.open("a", newline="") as file, ProcessPoolExecutor(options.workers, mp_context=context) as executor:
        writer = csv.DictWriter(file, COLUMNS)
        if file.tell() == 0:
            writer.writeheader()
        futures = {executor.submit(rows_of, options.kind, world): world for world in asked}
        for future in as_completed(futures):
            try:
                rows = future.result()
            except Exception as error:
                # the other worlds go on; this one has no rows, and is tried again the next time
                failed += 1
                print(f"{options.kind} {futures[future]} failed: {error}", flush=True)
                continue
            writer.writerows({k: round(v, 5) if isinstance(v, float) else v for k, v in row.items()} for row in rows)
            file.flush()
            print(f"{options.kind} {futures[future]}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
