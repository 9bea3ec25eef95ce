"""The published seconds are those of the rows that are kept with the source, and ratios are what they say."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import speed_page  # noqa: E402 - benchmarks are scripts, not a package


def row(library, seconds, ess, *, caches="warm", repetition=1, sample=1.0, mean="0.0 0.0"):
    return {
        "library": library, "version": "1", "size": "156x4", "caches": caches, "repetition": repetition, "draws": 4000,
        "ess_bulk": 2 * ess, "ess_tail": ess, "rhat": 1.001, "diverging": 0, "peak_gb": 0.5, "seconds_import": 1.0,
        "seconds_fit": seconds - 1.5, "seconds_sample": sample, "seconds_report": 0.5, "seconds_total": seconds,
        "file_mb": 1.0, "log_roi_mean": mean, "log_roi_sd": "1.0 2.0",
    }  # fmt: skip


def test_the_page_is_what_the_rows_say():
    assert speed_page.page(*speed_page.evidence()) == (ROOT / "docs" / "speed.md").read_text()


def test_a_ratio_is_ours_over_the_better_peer_by_medians():
    rows = [row("mmm", seconds, 1000, repetition=i) for i, seconds in enumerate((4.0, 5.0, 100.0), 1)]
    rows += [row("pymc-marketing", 50.0, 500), row("meridian", 100.0, 4000)]
    medians = speed_page.medians_of(pd.DataFrame(rows))
    assert speed_page.against(medians, "156x4", "warm", "rate") == pytest.approx((1000 / 5) / (4000 / 100))


def test_sampling_that_was_timed_apart_is_used():
    rows = [row("mmm", 5.0, 1000), row("meridian", 100.0, 1000, sample=np.nan)]
    rows.append(row("meridian", 150.0, 1000, caches="sampling", sample=20.0))
    medians = speed_page.medians_of(pd.DataFrame(rows)).set_index("library")
    assert medians.loc["meridian", "sampling_rate"] == pytest.approx(50.0)
    assert medians.loc["meridian", "fits"] == 1


def test_a_fit_away_from_the_long_run_is_seen():
    long = row("mmm", 60.0, 1e12, caches="reference", repetition=0)
    medians = speed_page.medians_of(pd.DataFrame([row("mmm", 5.0, 200, mean="0.5 0.1"), long]))
    # bulk effective draws are 400: standard errors of 1 / 20 and 2 / 20
    assert medians["away"].item() == pytest.approx(10.0)
