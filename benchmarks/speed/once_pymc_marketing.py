"""Fit one data set by PyMC-Marketing, from import to report, and print the seconds of each part as JSON.

What is chosen of the model, and why, stands in `benchmarks/peers/pymc_marketing_fit.py`.
"""

import time

BEGAN = time.perf_counter()

import argparse
import logging
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "peers"))

import numpy as np
import nutpie
import pymc_marketing
from once import finish
from pymc_marketing_fit import TARGET_ACCEPT, TUNE, build, roi_draws
from rows import read_world


def main():
    """Build, compile, sample, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    imported = time.perf_counter()
    world = read_world(options.world)
    mmm = build(world)
    program = nutpie.compile_pymc_model(mmm.model)
    compiled = time.perf_counter()
    trace = nutpie.sample(
        program,
        chains=4,
        draws=options.draws,
        tune=TUNE,
        target_accept=TARGET_ACCEPT,
        seed=options.seed,
        cores=2,
        progress_bar=False,
    )
    sampled = time.perf_counter()
    roi = roi_draws(trace["posterior"].to_dataset(), mmm, world).values
    np.quantile(roi, (0.05, 0.5, 0.95), axis=(0, 1))
    done = time.perf_counter()
    finish(
        version=pymc_marketing.__version__,
        roi=roi,
        diverging=int(trace["sample_stats"]["diverging"].sum()),
        seconds={
            "import": imported - BEGAN,
            "fit": sampled - imported,
            "sample": sampled - compiled,
            "report": done - sampled,
            "total": done - BEGAN,
        },
    )


if __name__ == "__main__":
    main()
