"""Does drift cry wolf, does it see a wolf, and do last quarter's forecasts hold: refreshes of worlds with known truth.

    python benchmarks/refresh.py --kind stable --worlds 100 --workers 2
    python benchmarks/refresh.py --kind halved --worlds 100 --workers 2
    python benchmarks/refresh_page.py                        # the rows as figures in docs/refresh.md

Each world has 156 weeks and 13 more. *Stable*: nothing changes. *Halved*: from the first new week on one channel
brings half of what it brought, another one in each world in turn. Rows are added to `benchmarks/evidence/refresh.csv`
after every world, and worlds that have rows are skipped, so a run can be stopped anywhere and started again.
"""

import argparse
import csv
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np
import pandas as pd

import mmm
from mmm.data.altered import between, with_outcome

ROWS = Path(__file__).parent / "evidence" / "refresh.csv"
N_OLD, N_NEW, N_CHANNELS = 156, 13, 4
COLUMNS = (
    "kind", "world", "channel", "changed", "old", "new", "z", "flag", "z_new_weeks", "share", "prior_reliance", "ok",
    "inside_50", "inside_80", "inside_90",
)  # fmt: skip


def rows_of(kind, world):
    """Fit, refresh, and say what drift and forecast say."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data, truth = mmm.simulate.world(n_periods=N_OLD + N_NEW, n_channels=N_CHANNELS, seed=world)
        changed = data.channels[world % N_CHANNELS] if kind == "halved" else ""
        if changed:
            lost = truth.contributions[changed].to_numpy() * 0.5 * (np.arange(data.n_periods) >= N_OLD)
            data = with_outcome(data, data.dataset["outcome"].values - lost)
        last = mmm.fit(between(data, 0, N_OLD), seed=world, progress=False)
        refreshed = mmm.refresh(last, data, progress=False)
        horizon = last.spec.horizon_weeks
        reliance = mmm.Report(last, allow_unconverged=True).roi(horizon_weeks=horizon).set_index("channel")
        check = refreshed.forecast_check()
        inside = check.table()[["inside_50", "inside_80", "inside_90"]].sum().to_dict()
        by_channel = check.by_channel().set_index("channel").reindex([*data.channels, "total"])
        return [
            {"kind": kind, "world": world, "channel": row["channel"], "changed": row["channel"] == changed,
             "old": row["old"], "new": row["new"], "z": row["z"], "flag": row["flag"],
             "z_new_weeks": by_channel.loc[row["channel"], "z"],
             "share": by_channel.loc[row["channel"], "expected"] / check.observed.sum(),
             "prior_reliance": reliance.loc[row["channel"], "prior_reliance"],
             "ok": last.ok and refreshed.posterior.ok, **inside}
            for row in refreshed.drift().to_dict("records")
        ]  # fmt: skip


def main():
    """Refresh all worlds that have no rows yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kind", choices=("stable", "halved"), required=True)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    done = set()
    if ROWS.exists():
        table = pd.read_csv(ROWS)
        done = set(table.loc[table["kind"] == options.kind, "world"])
    asked = [world for world in range(1, options.worlds + 1) if world not in done]
    with ROWS.open("a", newline="") as file, ProcessPoolExecutor(options.workers) as executor:
        writer = csv.DictWriter(file, COLUMNS)
        if file.tell() == 0:
            writer.writeheader()
        for future in as_completed([executor.submit(rows_of, options.kind, world) for world in asked]):
            rows = future.result()
            writer.writerows({k: round(v, 5) if isinstance(v, float) else v for k, v in row.items()} for row in rows)
            file.flush()
            print(f"{options.kind} {rows[0]['world']}", flush=True)


if __name__ == "__main__":
    main()
