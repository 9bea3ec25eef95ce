"""Draws out of the sampler's tables: tuning cut off, shapes and labels back, nothing of a longer chain made up."""

import subprocess
import sys

import numpy as np

from mmm.fitting.trace import read_trace
from tests.fitting.conftest import Table, Trace

RNG = np.random.default_rng(1)


def chain(n_tuning, n_kept):
    rows = n_tuning + n_kept
    draws = Table(dims={"roi": "channel"}, roi=RNG.normal(size=(rows, 3)), grid=RNG.normal(size=(rows, 2, 2)))
    stats = Table(tuning=np.arange(rows) < n_tuning, energy=RNG.normal(size=rows), diverging=np.arange(rows) % 2 == 0)
    return draws, stats


def traced(*sizes):
    draws, stats = zip(*(chain(*size) for size in sizes), strict=True)
    return Trace(draws, stats)


def test_what_was_kept_comes_back_in_its_shape_with_its_labels():
    trace = traced((5, 10), (7, 10))
    draws, stats = read_trace(trace, {"channel": ["a", "b", "c"], "other": ["x"]})
    assert draws["roi"].dims == ("chain", "draw", "channel")
    assert draws["grid"].dims == ("chain", "draw", "grid_dim_0", "grid_dim_1")
    assert draws["channel"].values.tolist() == ["a", "b", "c"]
    assert "other" not in draws.coords
    for i, (table, statistics) in enumerate(zip(*trace.tables, strict=True)):
        for name in ("roi", "grid"):
            np.testing.assert_array_equal(draws[name][i], table.column(name).values[-10:])
        np.testing.assert_array_equal(stats["energy"][i], statistics.column("energy").values[-10:])
        np.testing.assert_array_equal(stats["diverging"][i], statistics.column("diverging").values[-10:])
    assert set(stats) == {"energy", "diverging"}


def test_of_chains_that_differ_in_length_only_what_all_have_is_read():
    draws, stats = read_trace(traced((5, 10), (5, 8)), {})
    assert draws.sizes["draw"] == stats.sizes["draw"] == 8


def test_arviz_is_imported_when_it_is_asked_for_and_not_before():
    code = """
import sys
from mmm.fitting.trace import import_nutpie

nutpie = import_nutpie()
print("arviz" in sys.modules, "arviz_plots" in sys.modules)
import arviz
print(nutpie.sample.__globals__["arviz"].from_dict is arviz.from_dict, callable(arviz.plot_trace_dist))
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.split() == ["False", "False", "True", "True"]
