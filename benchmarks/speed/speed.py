"""How long a person waits, against PyMC-Marketing and Meridian: the same files, turn by turn, one process a fit.

    python benchmarks/speed/speed.py --peers <envs> --repetitions 5
    python benchmarks/speed_page.py                                     # the rows as docs/speed.md

``--peers`` is the folder that `benchmarks/peers/environments.py` made; run this with the Python of an environment that
has mmm without its development extras. Rows are added to `benchmarks/evidence/speed.csv` after every fit, and fits that
have rows are skipped, so a run can be stopped anywhere and started again. *Cold* means that compiled code is kept
nowhere; *warm* is the same again. A long run of each library (``--reference``) says what its answer is, so that a fit
counts only if it agrees with it. Meridian compiles while it samples: ``--sampling`` times its sampling alone, by a
second fit with the compiled sampler of the first.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

import pandas as pd
from sizes import SIZES, write

HERE = Path(__file__).parent
ROWS = HERE.parent / "evidence" / "speed.csv"
COLUMNS = (
    "library", "version", "size", "caches", "repetition", "draws", "ess_bulk", "ess_tail", "rhat", "diverging",
    "peak_gb", "seconds_import", "seconds_fit", "seconds_sample", "seconds_report", "seconds_total", "file_mb",
    "log_roi_mean", "log_roi_sd",
)  # fmt: skip
LIBRARIES = ("mmm", "pymc-marketing", "meridian")
#: Draws of each chain of the long run, whose answer the others are held against.
LONG = {"mmm": 10_000, "pymc-marketing": 4_000, "meridian": 4_000}


def python_of(library, peers):
    """Give the interpreter that has a library."""
    return Path(sys.executable) if library == "mmm" else peers / library / "bin" / "python"


def fit(library, size, *, peers, worlds, caches, repetition, draws=1000, further=()):
    """Fit once in a process of its own, whose compiled code lives in the folder ``caches``."""
    kept = {
        "PYTENSOR_FLAGS": f"base_compiledir={caches}/pytensor",
        "NUMBA_CACHE_DIR": f"{caches}/numba",
        "JAX_COMPILATION_CACHE_DIR": f"{caches}/jax",
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "OMP_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    script = HERE / f"once_{library.replace('-', '_')}.py"
    world = worlds / size.replace(" ", "_")
    command = [python_of(library, peers), script, "--world", world, "--seed", str(repetition), "--draws", str(draws)]
    saved = worlds / "saved.nc"
    command += ["--save", saved] if library == "mmm" else list(further)
    done = subprocess.run(command, env=os.environ | kept, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{library} on {size}: {done.stderr.strip().splitlines()[-1]}")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    if library == "mmm":
        found["file_mb"] = saved.stat().st_size / 1e6
    lists = {name: " ".join(f"{value:.5f}" for value in found[name]) for name in ("log_roi_mean", "log_roi_sd")}
    return {**found, **lists, "library": library, "size": size, "repetition": repetition}


def add(row):
    """Put one row below the others."""
    new = not ROWS.exists()
    with ROWS.open("a", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        if new:
            writer.writeheader()
        writer.writerow({name: round(v, 4) if isinstance(v := row.get(name, ""), float) else v for name in COLUMNS})
    print({name: row[name] for name in ("library", "size", "caches", "repetition", "seconds_total")}, flush=True)


def main():
    """Every library in turn: a fast hour of the machine is fast for all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--libraries", nargs="+", choices=LIBRARIES, default=LIBRARIES)
    parser.add_argument("--reference", action="store_true", help="make the long runs, not the timed ones")
    parser.add_argument("--sampling", action="store_true", help="time Meridian's sampling alone, nothing else")
    parser.add_argument("--warm", action="store_true", help="warm fits alone; one that is not counted fills the caches")
    options = parser.parse_args()
    done = set()
    if ROWS.exists():
        table = pd.read_csv(ROWS)
        done = set(table[["library", "size", "caches", "repetition"]].itertuples(index=False, name=None))
    with tempfile.TemporaryDirectory() as folder:
        worlds = Path(folder)
        for size in options.sizes:
            write(worlds, size)
        at = {"peers": options.peers, "worlds": worlds}
        if options.reference:
            for size in options.sizes:
                for library in options.libraries:
                    if (library, size, "reference", 0) not in done:
                        row = fit(library, size, **at, caches=worlds / library, repetition=0, draws=LONG[library])
                        add({**row, "caches": "reference"})
            return
        if options.sampling:
            for size in options.sizes:
                for repetition in range(1, options.repetitions + 1):
                    if ("meridian", size, "sampling", repetition) not in done:
                        kept = worlds / "sampling"
                        row = fit("meridian", size, **at, caches=kept, repetition=repetition, further=["--sampling"])
                        add({**row, "caches": "sampling"})
            return
        for size, repetition, library in product(options.sizes, range(1, options.repetitions + 1), options.libraries):
            wanted = [c for c in ("cold", "warm") if (library, size, c, repetition) not in done]
            if options.warm:
                wanted = [c for c in wanted if c == "warm"]
            kept = worlds / f"{library}_{size}{'' if options.warm else f'_{repetition}'}".replace(" ", "_")
            if options.warm and wanted and not kept.exists():
                fit(library, size, **at, caches=kept, repetition=repetition)
                kept.mkdir(exist_ok=True)
            for caches in wanted:
                add({**fit(library, size, **at, caches=kept, repetition=repetition), "caches": caches})


if __name__ == "__main__":
    began = time.perf_counter()
    main()
    print(f"{time.perf_counter() - began:.0f} s")
