"""What the examples in docstrings find without saying so: `mmm`, and in `Report`'s a `posterior`."""

import sys
from pathlib import Path

import matplotlib
import pytest

# before anything imports pyplot; and tests import one another's helpers as `tests.conftest`, however pytest is started
matplotlib.use("Agg")
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _names_in_examples(request, doctest_namespace):
    if not isinstance(request.node, pytest.DoctestItem):
        return
    import mmm

    doctest_namespace["mmm"] = mmm
    if request.node.name.startswith("mmm.reporting"):
        from tests.conftest import build_data, build_posterior

        doctest_namespace["posterior"] = build_posterior(build_data())
