"""How long a person waits for a fit: import, compile, sample and report, with cold and with warm caches.

    python benchmarks/fit_time.py [--runs 3] [--brand]

156 weeks, 4 channels, 2 controls (Meridian's simulated national data), 4 chains x 1,000 draws, one process a run.
Cold means empty PyTensor and numba caches. Prints a row per run and the medians. Comparison with other libraries
belongs beside this, in one run, so that a ratio and not a second is quoted. With ``--brand``
every fit is also made with one brand channel, in turn, and the ratio of the totals is printed. ``again`` is a second
fit in the same process, which uses the program of the first.
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
COLUMNS = ("import", "compile", "sample", "report", "total", "again", "min_ess", "ess_per_second", "divergences")


def one_fit(brand: list[str]) -> dict[str, float]:
    """Fit once in this process and time the parts."""
    start = time.perf_counter()
    import pandas as pd

    import mmm
    from mmm.fitting import diagnostics, program, sampler
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
    spec = mmm.ModelSpec().with_brand(brand, data).resolve(data)
    scales = mmm.model.Scales.learn(data)
    before = time.perf_counter()
    ready = program.program_for(data, spec, scales)
    compiled = time.perf_counter()
    parameters, stats = sampler.sample(ready, mmm.Sampler(), seed=1, progress=False)
    sampled = time.perf_counter()
    draws = Draws(parameters, data, spec, scales, 1)
    diagnosis = diagnostics.diagnose(draws, stats)
    returns = [check for check in diagnosis.checks if check.quantity.startswith("return")]
    done = time.perf_counter()
    sampler.sample(program.program_for(data, spec, scales), mmm.Sampler(), seed=2, progress=False)
    again = time.perf_counter() - done
    min_ess = min(min(check.ess_bulk, check.ess_tail) for check in returns)
    return {
        "import": imported - start,
        "compile": compiled - before,
        "sample": sampled - compiled,
        "report": done - sampled,
        "total": done - start,
        "again": again,
        "min_ess": min_ess,
        "ess_per_second": min_ess / (done - start),
        "divergences": diagnosis.divergences,
    }


def run(cache: Path, *, brand: bool) -> dict[str, float]:
    """Fit once in a process of its own whose compiled code lives in ``cache``."""
    environment = {
        **os.environ,
        "PYTENSOR_FLAGS": f"base_compiledir={cache}",
        "NUMBA_CACHE_DIR": str(cache / "numba"),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, __file__, "--once", *(["--brand"] if brand else [])]
    shown = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return json.loads(shown.splitlines()[-1])


def main() -> None:
    """Print cold and warm runs, then medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--brand", action="store_true")
    parser.add_argument("--once", action="store_true")
    arguments = parser.parse_args()
    if arguments.once:
        print(json.dumps(one_fit(["channel_0"] if arguments.brand else [])))
        return
    rows = []
    for _ in range(arguments.runs):
        for brand in (False, True) if arguments.brand else (False,):
            with tempfile.TemporaryDirectory() as folder:
                for caches in ("cold", "warm"):
                    rows.append({"caches": caches, "brand": brand, **run(Path(folder), brand=brand)})
                    print(rows[-1], flush=True)
    import pandas as pd

    medians = pd.DataFrame(rows).groupby(["caches", "brand"])[list(COLUMNS)].median()
    print(medians.round(2).to_string())
    if arguments.brand:
        total = medians["total"].unstack()
        print("with one brand channel / without:", (total[True] / total[False]).round(2).to_dict())


if __name__ == "__main__":
    main()
