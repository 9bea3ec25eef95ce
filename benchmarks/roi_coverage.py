"""Do 90% intervals of channel ROI hold in worlds whose rules are not the model's? One row per channel and horizon.

    python benchmarks/roi_coverage.py --worlds <folder> --output rows.csv             # folders as in world_files.py
    python benchmarks/roi_coverage.py --worlds <folder> --output rows.csv --order adstock_first

What the report warns of in each world goes beside them, to `rows.warnings.csv`. Resumable: worlds already in the output
are left alone. The peers of `peers/` write rows of the same columns for the
same folders; `score.py` makes tables of all.
"""

import argparse
import csv
import time
import traceback
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from world_files import read_world, worlds_in

import mmm
import mmm.fitting.program
from mmm.errors import MMMWarning
from mmm.returns import returns_by_horizon

#: All structures of a run stay compiled: worlds of all kinds come in turn.
mmm.fitting.program.KEPT_PROGRAMS = 24

COLUMNS = (
    "model", "version", "kind", "world", "channel", "horizon", "truth", "median", "lower", "upper", "ok",
    "divergences", "rhat_max", "seconds",
)  # fmt: skip
PROBABILITIES = (0.5, 0.05, 0.95)


def rows_of(world, *, sampler, order, model):
    """Fit one world; give a row for each channel and horizon, and the report's warnings."""
    started = time.perf_counter()
    data = world.data
    spec = None
    if order is not None:
        channels = {name: mmm.Channel(order=order) for name in data.channels if name not in world.brand}
        spec = mmm.ModelSpec(channels=channels)
    posterior = mmm.fit(data, spec, brand=world.brand, seed=1, sampler=sampler, progress=False)
    variable = "money" if data.has_money_value else "incremental_outcome"
    weeks = {horizon: float(horizon) if horizon != "window" else float(data.n_periods) for horizon in world.truth}
    returns = returns_by_horizon(posterior.draws, horizons=tuple(weeks.values()))
    seconds = time.perf_counter() - started
    divergences = posterior.diagnosis.divergences
    rhat = max(check.rhat for check in posterior.diagnosis.checks)
    rows = []
    for horizon, truth in world.truth.items():
        at = {"horizon_weeks": weeks[horizon]}
        part = returns["landed" if horizon == "window" else variable].sel(at) / returns["spend"]
        for channel, true in truth.items():
            summary = np.quantile(part.sel(channel=channel).values, PROBABILITIES)
            rows.append((
                model, mmm.__version__, world.kind, world.name, channel, horizon, true, *summary, posterior.ok,
                divergences, rhat, seconds,
            ))  # fmt: skip
    said = mmm.Report(posterior, allow_unconverged=True).warnings()
    return rows, [(model, world.kind, world.name, sentence) for sentence in said]


def failed_rows(world, *, model):
    """Rows of a world that gave no answer: it is counted, and its intervals are not."""
    unknown = (float("nan"),) * 3
    return [
        (model, mmm.__version__, world.kind, world.name, channel, horizon, true, *unknown, False, 0, np.nan, np.nan)
        for horizon, truth in world.truth.items()
        for channel, true in truth.items()
    ]


def run(folder, output, *, sampler, order=None, model="mmm", limit=None):
    output = Path(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    done = set()
    if output.exists():
        before = pd.read_csv(output, dtype={"world": str})
        done = set(zip(before["kind"], before["world"], strict=True))
    beside = output.with_suffix(".warnings.csv")
    with output.open("a", newline="") as file, beside.open("a", newline="") as warned:
        writer, warner = csv.writer(file), csv.writer(warned)
        if not file.tell():
            writer.writerow(COLUMNS)
            warner.writerow(("model", "kind", "world", "warning"))
        for path in worlds_in(folder)[:limit]:
            world = read_world(path)
            if (world.kind, world.name) in done:
                continue
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", MMMWarning)
                    rows, said = rows_of(world, sampler=sampler, order=order, model=model)
            except Exception:  # a world that fails is said and the others go on
                print(f"{path.name} failed:\n{traceback.format_exc(limit=3)}")
                rows, said = failed_rows(world, model=model), []
            warner.writerows(said)
            warned.flush()
            writer.writerows(rows)
            file.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--order", choices=["saturation_first", "adstock_first"])
    parser.add_argument("--model", default="mmm", help="what the rows are called")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--chains", type=int, default=4)
    chosen = parser.parse_args()
    run(
        chosen.worlds, chosen.output, order=chosen.order, model=chosen.model, limit=chosen.limit,
        sampler=mmm.Sampler(draws=chosen.draws, tune=500, chains=chosen.chains),
    )  # fmt: skip
