"""How long a person waits for a fit: import, compile, sample and report, with cold and with warm caches.

    python benchmarks/fit_time.py [--runs 3]

156 weeks, 4 channels, 2 controls (Meridian's simulated national data), 4 chains x 1,000 draws, one process a run.
Cold means empty PyTensor and numba caches. Prints a row per run and the medians. Comparison with other libraries
belongs beside this, in one run, so that a ratio and not a second is quoted.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path(__file__).parent / "data" / "meridian_national_media.csv"
COLUMNS = ("import", "compile", "sample", "report", "total", "min_ess", "ess_per_second", "divergences")


def one_fit() -> dict[str, float]:
    """Fit once in this process and time the parts."""
    start = time.perf_counter()
    import nutpie
    import pandas as pd

    import mmm
    from mmm.fitting import diagnostics, sampler
    from mmm.model.build import build
    from mmm.posterior import Draws

    frame = pd.read_csv(DATA, parse_dates=["time"])
    frame["revenue"] = frame["conversions"] * frame["revenue_per_conversion"]
    imported = time.perf_counter()
    data = mmm.MarketingData.from_frame(
        frame,
        date="time",
        outcome="revenue",
        spend={f"channel_{i}": f"Channel{i}_spend" for i in range(4)},
        controls=["competitor_activity_score_control", "sentiment_score_control"],
        currency="USD",
    )
    spec = mmm.ModelSpec().resolve(data)
    scales = mmm.model.Scales.learn(data)
    compile_model = nutpie.compile_pymc_model
    compiled = [0.0]

    def timed(model):  # the sampler compiles and samples in one call; this looks between the two
        before = time.perf_counter()
        result = compile_model(model)
        compiled[0] = time.perf_counter() - before
        return result

    nutpie.compile_pymc_model = timed
    before = time.perf_counter()
    parameters, stats = sampler.sample(build(data, spec, scales=scales), mmm.Sampler(), seed=1, progress=False)
    sampled = time.perf_counter()
    draws = Draws(parameters, data, spec, scales, 1)
    diagnosis = diagnostics.diagnose(draws, stats)
    returns = [check for check in diagnosis.checks if check.quantity.startswith("return")]
    done = time.perf_counter()
    min_ess = min(min(check.ess_bulk, check.ess_tail) for check in returns)
    return {
        "import": imported - start,
        "compile": compiled[0],
        "sample": sampled - before - compiled[0],
        "report": done - sampled,
        "total": done - start,
        "min_ess": min_ess,
        "ess_per_second": min_ess / (done - start),
        "divergences": diagnosis.divergences,
    }


def run(cache: Path) -> dict[str, float]:
    """Fit once in a process of its own whose compiled code lives in ``cache``."""
    environment = {
        **os.environ,
        "PYTENSOR_FLAGS": f"base_compiledir={cache}",
        "NUMBA_CACHE_DIR": str(cache / "numba"),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, __file__, "--once"]
    shown = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return json.loads(shown.splitlines()[-1])


def main() -> None:
    """Print cold and warm runs, then medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--once", action="store_true")
    arguments = parser.parse_args()
    if arguments.once:
        print(json.dumps(one_fit()))
        return
    rows = []
    for _ in range(arguments.runs):
        with tempfile.TemporaryDirectory() as folder:
            for caches in ("cold", "warm"):
                rows.append({"caches": caches, **run(Path(folder))})
                print(rows[-1], flush=True)
    import pandas as pd

    print(pd.DataFrame(rows).groupby("caches")[list(COLUMNS)].median().round(2).to_string())


if __name__ == "__main__":
    main()
