"""What the examples in docstrings find without saying so: `mmm`, made-up fits, and a folder to write in.

The fits are `posterior`, `customers` (its outcome is new customers) and `tracked` (with a brand channel and a tracker).
"""

import sys
from functools import cache
from pathlib import Path

import matplotlib
import pytest

# before anything imports pyplot; and tests import one another's helpers as `tests.conftest`, however pytest is started
matplotlib.use("Agg")
sys.path.insert(0, str(Path(__file__).parent))

#: Only their examples are given a posterior: making one takes a moment.
NEED_A_POSTERIOR = ("mmm.data.altered.", "mmm.posterior.", "mmm.refreshing.", "mmm.reporting.", "mmm.validation.")


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no worker is left with it at the end (`--no-loadscope-reorder`)."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def _names_in_examples(request, doctest_namespace, monkeypatch, tmp_path_factory):
    if not isinstance(request.node, pytest.DoctestItem):
        return
    import mmm

    monkeypatch.chdir(tmp_path_factory.mktemp("example"))
    doctest_namespace["mmm"] = mmm
    if not request.node.name.startswith(NEED_A_POSTERIOR):
        return
    doctest_namespace["posterior"] = _fit_of("posterior")
    source = "".join(example.source for example in request.node.dtest.examples)
    for name in ("customers", "tracked"):
        if name in source:
            doctest_namespace[name] = _fit_of(name)


@cache
def _fit_of(name):
    """Make a fit up, once: nothing that an example does can change it."""
    import mmm
    from tests.conftest import build_data, build_posterior, build_tracker

    if name == "customers":
        return build_posterior(build_data(outcome="orders", outcome_unit="customers"))
    if name == "tracked":
        spec = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})
        return build_posterior(build_data(tracker=build_tracker()), spec)
    return build_posterior(build_data())
