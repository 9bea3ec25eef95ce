"""Fit one data set by mmm, from import to report, and print the seconds of each part as JSON."""

import time

BEGAN = time.perf_counter()

import argparse
import contextlib
import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from once import finish

import mmm


def main():
    """Do what a notebook does: read, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    imported = time.perf_counter()
    about = json.loads((options.world / "world.json").read_text())
    warnings.simplefilter("ignore")
    data = mmm.MarketingData.from_frame(
        pd.read_csv(options.world / "data.csv", parse_dates=[about["date"]]),
        date=about["date"],
        outcome=about["outcome"],
        spend=about["channels"],
        controls=about["controls"],
        outcome_unit="GBP",
    )
    with timed_sampling() as sampling:
        posterior = mmm.fit(
            data, brand=about["brand"], seed=options.seed, sampler=mmm.Sampler(draws=options.draws), progress=False
        )
    fitted = time.perf_counter()
    report = mmm.Report(posterior, allow_unconverged=True)
    report.roi()
    done = time.perf_counter()
    if options.save:
        posterior.save(options.save)
    from mmm.returns import per_spend, returns_by_horizon

    returns = returns_by_horizon(posterior.draws, horizons=mmm.schema.DEFAULT_HORIZONS)
    roi = per_spend(returns, "money").drop_sel(channel="total").stack(quantity=["channel", "horizon_weeks"]).values
    finish(
        version=mmm.__version__,
        roi=roi,
        diverging=int(posterior.sample_stats["diverging"].sum()),
        seconds={
            "import": imported - BEGAN,
            "fit": fitted - imported,
            "sample": sampling[0],
            "report": done - fitted,
            "total": done - BEGAN,
        },
    )


@contextlib.contextmanager
def timed_sampling():
    """Time nutpie alone, with its adaptation: the same as is timed of the peer that samples with nutpie."""
    from mmm.fitting.trace import import_nutpie

    nutpie, seconds = import_nutpie(), []
    plain = nutpie.sample

    def sample(*arguments, **settings):
        running, began = plain(*arguments, **settings), time.perf_counter()
        wait = running.wait

        def timed_wait():
            found = wait()
            seconds.append(time.perf_counter() - began)
            return found

        running.wait = timed_wait
        return running

    nutpie.sample = sample
    try:
        yield seconds
    finally:
        nutpie.sample = plain


if __name__ == "__main__":
    np.seterr(all="ignore")
    main()
