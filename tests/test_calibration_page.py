"""The published figures are those of the rows that are kept with the source."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import calibration_page  # noqa: E402 - benchmarks are scripts, not a package
from score import interval_score, scored, table  # noqa: E402


def rows_of(truth, median, lower, upper, **columns):
    given = {"model": "mmm", "kind": "k", "world": "1", "horizon": "13", "ok": True, "seconds": 1.0} | columns
    return pd.DataFrame({"truth": truth, "median": median, "lower": lower, "upper": upper, **given})


def test_the_page_is_what_the_rows_say():
    assert calibration_page.page(*calibration_page.evidence()) == (ROOT / "docs" / "calibration.md").read_text()


def test_a_miss_costs_twenty_times_its_distance():
    lower, upper = np.array([1.0, 1.0, 1.0]), np.array([2.0, 2.0, 2.0])
    score = interval_score(truth=np.array([1.5, 0.9, 2.5]), lower=lower, upper=upper)
    assert score == pytest.approx([1.0, 3.0, 11.0])


def test_the_log_score_favours_nobody_where_the_one_over_truth_favours_low_answers():
    """Intervals that are right against the same shifted down, for log-normal truths about 1."""
    truth = np.exp(0.6 * np.random.default_rng(1).standard_normal(20_000))
    edge = 0.6 * 1.6449
    right, low = (scored(rows_of(truth, np.exp(m), np.exp(m - edge), np.exp(m + edge))) for m in (0.0, -0.36))
    assert low["score"].mean() < right["score"].mean()
    assert right["log_score"].mean() < low["log_score"].mean()
    assert right["covered"].mean() == pytest.approx(0.9, abs=0.01)


def test_a_world_without_an_answer_is_counted_and_not_scored():
    rows = pd.concat([rows_of([1.0], [1.0], [0.5], [2.0]), rows_of([1.0], [np.nan], [np.nan], [np.nan], world="2")])
    found = table(rows, ["kind"]).loc["k"]
    assert found["intervals"] == 1
    assert found["covered"] == 1
    assert found["failed"] == 1


def test_an_effect_of_zero_counts_for_coverage_and_not_for_errors():
    found = table(rows_of([0.0, 1.0], [0.2, 1.0], [0.1, 0.5], [0.4, 2.0]), ["kind"]).loc["k"]
    assert found["covered"] == 0.5
    assert found["error"] == 0
