"""Fit one data set by Meridian, from import to report, and print the seconds of each part as JSON.

What is chosen of the model, and why, stands in `benchmarks/peers/meridian_fit.py`. With ``--sampling`` the fit is made
once more with the compiled sampler of the first, to time sampling alone.
"""

import time

BEGAN = time.perf_counter()

import argparse
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "peers"))

import numpy as np
from meridian_fit import BURN_IN, Meridian, ModelSpec, input_data, version
from meridian_programs import Programs
from once import finish
from rows import read_world

ADAPT = 1000


def main():
    """Build, sample (which compiles), report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sampling", action="store_true", help="time sampling alone, by a second fit")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    imported = time.perf_counter()
    world = read_world(options.world)
    programs = Programs()
    if options.sampling:
        programs.install()

    def sample():
        model = Meridian(input_data=input_data(world), model_spec=ModelSpec())
        programs.context = model.model_context
        model.sample_posterior(n_chains=4, n_adapt=ADAPT, n_burnin=BURN_IN, n_keep=options.draws, seed=options.seed)
        return model.inference_data

    trace = sample()
    fitted = time.perf_counter()
    # the library's parameter, which is what its analyzer reports as ROI
    roi = trace.posterior["roi_m"].transpose("chain", "draw", "media_channel").values
    np.quantile(roi, (0.05, 0.5, 0.95), axis=(0, 1))
    done = time.perf_counter()
    alone = np.nan
    if options.sampling:
        began = time.perf_counter()
        sample()
        alone = time.perf_counter() - began
    finish(
        version=version.__version__,
        roi=roi,
        diverging=int(trace.sample_stats["diverging"].sum()),
        seconds={
            "import": imported - BEGAN,
            "fit": fitted - imported,
            "sample": alone,
            "report": done - fitted,
            "total": done - BEGAN,
        },
    )


if __name__ == "__main__":
    main()
