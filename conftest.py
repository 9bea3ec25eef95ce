"""What the examples in docstrings find without saying so: `mmm`, made-up fits, and a folder to write in.

The fits are `posterior`, `customers` (its outcome is new customers) and `tracked` (with a brand channel and a tracker).
"""

import sys
from pathlib import Path

import matplotlib
import pytest

# before anything imports pyplot; and tests import one another's helpers as `tests.conftest`, however pytest is started
matplotlib.use("Agg")
sys.path.insert(0, str(Path(__file__).parent))

#: Only their examples are given a posterior: making one takes a moment.
NEED_A_POSTERIOR = ("mmm.data.altered.", "mmm.posterior.", "mmm.refreshing.", "mmm.reporting.", "mmm.validation.")


@pytest.fixture(autouse=True)
def _names_in_examples(request, doctest_namespace, monkeypatch, tmp_path_factory):
    if not isinstance(request.node, pytest.DoctestItem):
        return
    import mmm

    monkeypatch.chdir(tmp_path_factory.mktemp("example"))
    doctest_namespace["mmm"] = mmm
    if not request.node.name.startswith(NEED_A_POSTERIOR):
        return
    from tests.conftest import build_data, build_posterior, build_tracker

    doctest_namespace["posterior"] = build_posterior(build_data())
    source = "".join(example.source for example in request.node.dtest.examples)
    if "customers" in source:
        data = build_data(outcome="orders", outcome_unit="customers")
        doctest_namespace["customers"] = build_posterior(data)
    if "tracked" in source:
        spec = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})
        doctest_namespace["tracked"] = build_posterior(build_data(tracker=build_tracker()), spec)
