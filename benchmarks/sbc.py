"""Is the model solved as it is stated? Simulation-based calibration over worlds drawn from the priors.

    python benchmarks/sbc.py --kind national --worlds 400 --workers 2    # those that evidence/sbc_national.csv lacks
    python benchmarks/sbc.py --summary                        # table, verdict and chart (.png) of all that was run
    python benchmarks/sbc.py --kind national --broken kernel  # what a faulty model looks like

Kinds: ``national`` has four channels, one of which builds a brand; ``brand`` has four of which three do, so that their
slow shares are pooled; ``plain`` has three and no brand. 156 weeks, two chains of 1000 draws.

Faults, of which the summary must say NOT CALIBRATED: ``kernel`` is fitted with carry-over whose first weight is one,
where their sum should be; in ``kernel_26`` only the weights of the first 26 weeks sum to one, a small fault of slow
channels; ``prior`` gives draws of the prior for the posterior, without looking at data.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import matplotlib as mpl
import pandas as pd

import mmm
from mmm.fitting import program
from mmm.model import build
from mmm.model.horizon import periods
from mmm.posterior import draw_prior
from mmm.validation.prior_worlds import prior_worlds
from mmm.validation.simulation_based import RANKED_DRAWS, rank_truth

mpl.use("Agg")

EVIDENCE, RESULTS = (Path(__file__).parent / name for name in ("evidence", "results"))
DESIGN_SEED, SEED = 2026, 1
CHANNELS = ("tv", "search", "social", "radio")
KINDS = {
    "national": {"channels": CHANNELS, "brand": ["tv"]},
    "brand": {"channels": CHANNELS, "brand": ["tv", "social", "radio"]},
    "plain": {"channels": CHANNELS[:3], "brand": []},
}
#: Weeks of the kernel that sum to one, by fault; the first week is the first weight.
KERNEL_FAULTS = {"kernel": 1, "kernel_26": 26}
FAULTS = (*KERNEL_FAULTS, "prior")
#: Columns of the file that are not ranks.
FITS = ["enough", "effective_draws", "rhat", "divergences"]
#: Worlds between two savings.
AT_ONCE = 20


def calibrate(kind, worlds, first, *, executor=None):
    """Run the verb on the design of a kind."""
    brand = KINDS[kind]["brand"]
    data, _ = mmm.simulate.world(seed=DESIGN_SEED, n_periods=156, **KINDS[kind])
    sampler = mmm.Sampler(chains=2, draws=1000)
    return mmm.simulation_based_calibration(
        data, brand=brand, worlds=worlds, seed=SEED, sampler=sampler, first=first, executor=executor, progress=False
    )


def with_wrong_kernel(kind, worlds, first, *, weeks):
    """The same, by a model in which what lands after some weeks comes on top of the stated return."""
    right = build.response

    def wrong(x, channel, parameters, *, weeks_per_period):
        within = channel.carryover.landed(
            periods(weeks, weeks_per_period), parameters, weeks_per_period=weeks_per_period
        )
        return right(x, channel, parameters, weeks_per_period=weeks_per_period) / within

    # the PyMC model has the fault, and is what has to be sampled; what is compiled within is kept by structure, of
    # which the fault is no part: this process fits no right model
    with patch.object(build, "response", wrong), patch.object(program, "covers", lambda *_: False):
        return calibrate(kind, worlds, first)


def with_prior_for_posterior(kind, worlds, first):
    """Rank among draws of the prior."""
    data, _ = mmm.simulate.world(seed=DESIGN_SEED, n_periods=156, **KINDS[kind])
    made = prior_worlds(data, None, brand=KINDS[kind]["brand"], worlds=worlds, seed=SEED, first=first)
    ranks = {}
    for world in made:
        truth = world.truth
        unseen = draw_prior(world.data, truth.spec, truth.scales, n_draws=RANKED_DRAWS, seed=10_000 + world.number)
        ranks[world.number] = rank_truth(world, unseen, seed=SEED)
    ranks = pd.DataFrame.from_dict(ranks, orient="index")
    fits = pd.DataFrame(
        {"enough": True, "effective_draws": RANKED_DRAWS, "rhat": 1.0, "divergences": 0}, index=ranks.index
    )
    return mmm.SimulationBasedCalibration(ranks=ranks, fits=fits, n_draws=RANKED_DRAWS)


def run(kind, worlds, first, broken, *, executor=None):
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"sbc_{kind}_broken_{broken}.csv" if broken else EVIDENCE / f"sbc_{kind}.csv"
    done = set(pd.read_csv(path)["world"]) if path.exists() else set()
    made_by = {None: partial(calibrate, executor=executor), "prior": with_prior_for_posterior} | {
        fault: partial(with_wrong_kernel, weeks=weeks) for fault, weeks in KERNEL_FAULTS.items()
    }
    missing = [number for number in range(first, first + worlds) if number not in done]
    while missing:
        several = 1
        while several < min(AT_ONCE, len(missing)) and missing[several] == missing[0] + several:
            several += 1
        part = made_by[broken](kind, several, missing[0])
        rows = pd.concat([part.fits, part.ranks], axis=1).rename_axis("world")
        rows.to_csv(path, mode="a", header=not path.exists())
        missing = missing[several:]
        print(f"{path.stem}: world {rows.index[-1]}, {len(missing)} to go", flush=True)


def result_of(path):
    """What a file of ranks says."""
    rows = pd.read_csv(path).set_index("world").sort_index()
    return mmm.SimulationBasedCalibration(ranks=rows.drop(columns=FITS), fits=rows[FITS], n_draws=RANKED_DRAWS)


def summary():
    """Tables and verdicts of every file, with a chart beside it."""
    for path in sorted([*EVIDENCE.glob("sbc_*.csv"), *RESULTS.glob("sbc_*.csv")]):
        result = result_of(path)
        result.plot().figure.savefig(RESULTS / f"{path.stem}.png", dpi=120)
        print(f"\n{path.stem}\n{result.table().round(3).to_string(index=False)}\n{result!r}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=list(KINDS))
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--broken", choices=FAULTS)
    parser.add_argument("--workers", type=int, default=1, help="processes that fit; one does what is broken")
    parser.add_argument("--summary", action="store_true")
    chosen = parser.parse_args()
    if chosen.kind and chosen.workers > 1:
        with ProcessPoolExecutor(chosen.workers, mp_context=get_context("spawn")) as processes:
            run(chosen.kind, chosen.worlds, chosen.first, chosen.broken, executor=processes)
    elif chosen.kind:
        run(chosen.kind, chosen.worlds, chosen.first, chosen.broken)
    if chosen.summary:
        summary()
