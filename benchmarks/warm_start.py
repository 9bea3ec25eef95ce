"""Does it save anything that the chains of a refresh start at draws of the last fit: leapfrog steps and seconds.

    python benchmarks/warm_start.py --worlds 10
    python benchmarks/refresh_page.py                        # the rows as figures in docs/refresh.md

Each world has 156 weeks of four channels, one of them brand in every other world, and 13 weeks more. The refit of all
weeks is sampled from the middle of the priors and from draws of the fit to the first 156, with the same seed. Rows are
added to `benchmarks/evidence/warm_start.csv` after every world; worlds that have rows are skipped.
"""

import argparse
import csv
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow

import mmm
from mmm.data.altered import between
from mmm.fitting.program import program_for
from mmm.fitting.start import laid_out, starting_at, starting_positions
from mmm.fitting.trace import import_nutpie

ROWS = Path(__file__).parent / "evidence" / "warm_start.csv"
N_OLD, N_NEW, N_CHANNELS = 156, 13, 4
SAMPLER = mmm.Sampler()
#: Tuning draws after which it is asked how far the chains have come.
EARLY = 50
COLUMNS = ("world", "brand", "start", "leapfrogs_early", "leapfrogs_tuning", "leapfrogs", "seconds")


def sampled(compiled, *, seed):
    """Sample, and count."""
    begun = time.perf_counter()
    trace = import_nutpie().sample(
        compiled, draws=SAMPLER.draws, tune=SAMPLER.tune, chains=SAMPLER.chains, cores=1, seed=seed, save_warmup=True,
        target_accept=SAMPLER.target_accept, return_raw_trace=True, progress_bar=False,
    )  # fmt: skip
    seconds = time.perf_counter() - begun
    _, stats = trace.get_arrow_trace()
    steps = np.stack([np.asarray(pyarrow.array(table.column("n_steps"))) for table in stats])
    return {
        "leapfrogs_early": steps[:, :EARLY].sum(), "leapfrogs_tuning": steps[:, : SAMPLER.tune].sum(),
        "leapfrogs": steps.sum(), "seconds": seconds,
    }  # fmt: skip


def rows_of(world):
    """Sample one refit from both starts."""
    brand = ["tv"] if world % 2 == 0 else []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data, _ = mmm.simulate.world(n_periods=N_OLD + N_NEW, n_channels=N_CHANNELS, brand=brand, seed=world)
        last = mmm.fit(between(data, 0, N_OLD), brand=brand, seed=world, progress=False)
    program = program_for(data, last.spec, last.scales)
    cold = program.compiled
    known = laid_out(starting_positions(last.draws, last.spec), program.coordinates)
    warm = replace(cold, initial_point_func=starting_at(known, cold.initial_point_func))
    return [
        {"world": world, "brand": bool(brand), "start": start, **sampled(compiled, seed=world + 1)}
        for start, compiled in (("cold", cold), ("warm", warm))
    ]


def main():
    """Sample all worlds that have no rows yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=10)
    options = parser.parse_args()
    done = set(pd.read_csv(ROWS)["world"]) if ROWS.exists() else set()
    with ROWS.open("a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if file.tell() == 0:
            writer.writeheader()
        for world in sorted(set(range(1, options.worlds + 1)) - done):
            rows = rows_of(world)
            writer.writerows({k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()} for row in rows)
            file.flush()
            print(*rows, sep="\n", flush=True)


if __name__ == "__main__":
    main()
