"""What no peer is needed for: import, a report from a saved fit, a second fit, fifty fits.

    python benchmarks/speed/ours.py --repetitions 5

Run it with the Python of an environment that has mmm without its development extras. Rows are added to
`benchmarks/evidence/speed_ours.csv`, a repetition of everything at a time: a fast hour of the machine is fast for all.
"""

import argparse
import csv
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import mmm

ROWS = Path(__file__).parent.parent / "evidence" / "speed_ours.csv"
N_REFITS, CORES = 50, 2
REPORT = "import mmm; mmm.Report(mmm.load({path!r})).roi()"


def process(code):
    """Seconds of a fresh interpreter that runs the code."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - began


def second_fit_ready(data):
    """Seconds from the call of a second fit of the same shape to the sampler's first step."""
    from mmm.fitting.trace import import_nutpie

    nutpie, started = import_nutpie(), []
    plain = nutpie.sample
    mmm.fit(data, seed=1, progress=False)

    def sample(*arguments, **settings):
        started.append(time.perf_counter())
        return plain(*arguments, **settings)

    nutpie.sample = sample
    began = time.perf_counter()
    mmm.fit(data, seed=2, progress=False)
    nutpie.sample = plain
    return started[0] - began


def refits(datasets):
    """Seconds for all fits, each with its checks of convergence, in as many processes as there are cores."""
    began = time.perf_counter()
    with ProcessPoolExecutor(CORES) as executor:
        portfolio = mmm.fit_many(datasets, seed=1, executor=executor, progress=False)
    if len(portfolio.posteriors) != len(datasets):
        raise RuntimeError(f"only {len(portfolio.posteriors)} of {len(datasets)} were fitted")
    return time.perf_counter() - began


def main():
    """One repetition after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    shape = {"n_periods": 156, "n_channels": 4}
    data = mmm.simulate.world(seed=1, **shape)[0]
    datasets = {f"brand {seed}": mmm.simulate.world(seed=seed, **shape)[0] for seed in range(1, N_REFITS + 1)}
    with tempfile.TemporaryDirectory() as folder, ROWS.open("a", newline="") as file:
        path = str(Path(folder) / "fit.nc")
        mmm.fit(data, seed=1, progress=False).save(path)
        writer = csv.writer(file)
        if file.tell() == 0:
            writer.writerow(["measure", "repetition", "seconds"])
        for repetition in range(1, options.repetitions + 1):
            for measure, found in (
                ("import numpy, pandas, xarray", lambda: process("import numpy, pandas, xarray")),
                ("import mmm", lambda: process("import mmm")),
                ("ROI table from a saved fit", lambda: process(REPORT.format(path=path))),
                ("second fit: until it samples", lambda: second_fit_ready(data)),
                (f"{N_REFITS} fits", lambda: refits(datasets)),
            ):
                writer.writerow([measure, repetition, round(found(), 4)])
                file.flush()


if __name__ == "__main__":
    main()
