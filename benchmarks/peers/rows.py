"""What both fitting scripts share: worlds read from folders, rows written to a file, and the numbers of a row.

A world is a folder with `data.csv` (tidy, one row a period) and `world.json`::

    {"kind": "...", "world": "...", "date": "date", "outcome": "revenue", "channels": {"tv": "tv_spend"},
     "controls": ["price"], "truth": {"13": {"tv": 1.2}, "52": {"tv": 1.5}, "window": {"tv": 1.4}}}

`truth` is ROI by horizon in weeks, or over the data's own window. Only NumPy and pandas are needed here, so that the
file runs in the environment of either peer.
"""

import argparse
import csv
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

INTERVAL = 0.90
# The libraries' own advice differs (ArviZ: 1.01; Meridian's review passes below 1.2). The number itself is in the row.
RHAT_LIMIT = 1.05
COLUMNS = (
    "model", "version", "kind", "world", "channel", "horizon", "truth", "median", "lower", "upper", "ok",
    "divergences", "rhat_max", "seconds", "reason",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """One world: a frame sorted by date, what its columns are, and the true ROI by horizon and channel."""

    kind: str
    name: str
    frame: pd.DataFrame
    date: str
    outcome: str
    channels: dict[str, str]
    controls: list[str]
    truth: dict[str, dict[str, float]]

    @property
    def spend(self):
        """Spend by channel, in the order of the channels; shape (period, channel)."""
        return self.frame[list(self.channels.values())].to_numpy(float)


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """ROI draws of shape (sample, channel), in the order of the world's channels, and how the sampling went."""

    roi: np.ndarray
    divergences: int
    rhat_max: float


def read_world(folder):
    """Read a world; a control that never changes says nothing and breaks standardisation, so it is left out."""
    told = json.loads((folder / "world.json").read_text())
    frame = pd.read_csv(folder / "data.csv", parse_dates=[told["date"]]).sort_values(told["date"], ignore_index=True)
    return World(
        kind=str(told["kind"]),
        name=str(told["world"]),
        frame=frame,
        date=told["date"],
        outcome=told["outcome"],
        channels=dict(told["channels"]),
        controls=[name for name in told["controls"] if frame[name].nunique() > 1],
        truth=told["truth"],
    )


def rows_of(world, fit):
    """One row a channel and horizon of the truth; the ROI that the library reports is the same for every horizon."""
    tail = (1 - INTERVAL) / 2
    lower, median, upper = np.quantile(fit.roi, (tail, 0.5, 1 - tail), axis=0)
    ok = bool(np.isfinite(fit.roi).all() and fit.rhat_max <= RHAT_LIMIT)
    for horizon, truth in world.truth.items():
        for index, channel in enumerate(world.channels):
            if channel in truth:
                yield {
                    "channel": channel, "horizon": horizon, "truth": truth[channel], "median": median[index],
                    "lower": lower[index], "upper": upper[index], "ok": ok, "divergences": fit.divergences,
                    "rhat_max": fit.rhat_max,
                }  # fmt: skip


def rows_of_failure(world, error):
    """The rows of a world that could not be fitted: no numbers, and why."""
    lines = [line.strip() for line in f"{type(error).__name__}: {error}".splitlines() if line.strip()]
    for horizon, truth in world.truth.items():
        for channel in world.channels:
            if channel in truth:
                yield {
                    "channel": channel, "horizon": horizon, "truth": truth[channel], "ok": False,
                    "reason": " ".join(lines)[:300],
                }  # fmt: skip


def arguments(description):
    """The command line that both scripts have; a script adds its own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--worlds", type=Path, required=True, help="a folder of world folders")
    parser.add_argument("--output", type=Path, required=True, help="rows are added to this file")
    parser.add_argument("--limit", type=int, help="fit at most so many worlds in this run")
    parser.add_argument("--chains", type=int, default=4)
    parser.add_argument("--draws", type=int, default=1000, help="draws kept of each chain")
    parser.add_argument("--seed", type=int, default=0)
    return parser


def run(*, fit_world, model, version, options):
    """Fit every world that has no rows of this model yet; what is done is on disk, so a run can be stopped anywhere."""
    options.output.parent.mkdir(parents=True, exist_ok=True)
    new = not options.output.exists() or options.output.stat().st_size == 0
    done = set()
    if not new:
        table = pd.read_csv(options.output, dtype={"kind": str, "world": str})
        done = set(table.loc[table["model"] == model, ["kind", "world"]].itertuples(index=False, name=None))
    folders = sorted(path.parent for path in options.worlds.glob("*/world.json"))
    fitted = 0
    with options.output.open("a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        if new:
            writer.writeheader()
        for folder in folders:
            if options.limit is not None and fitted >= options.limit:
                break
            world = read_world(folder)
            if (world.kind, world.name) in done:
                continue
            began = time.process_time()  # of the processor: a wall clock would measure who else uses the machine
            try:
                rows = list(rows_of(world, fit_world(world, options)))
            except Exception as error:  # a world that a library refuses or fails on is a result, not an end of the run
                rows = list(rows_of_failure(world, error))
            same = {"model": model, "version": version, "kind": world.kind, "world": world.name}
            same["seconds"] = round(time.process_time() - began, 1)
            writer.writerows({**same, **row} for row in rows)
            file.flush()
            fitted += 1
            told = rows[0].get("reason") or f"rhat_max {rows[0]['rhat_max']:.3f}"
            print(f"{model} {world.kind} {world.name}: {same['seconds']} s, {told}", flush=True)
