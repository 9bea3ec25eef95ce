"""Data, specs, saved fits and reports work without PyMC; each check runs in a fresh interpreter.

`lint-imports` checks the import direction in the source; this file checks what is really loaded.
"""

import subprocess
import sys
import textwrap

import pytest

HEAVY = ("pymc", "pytensor", "nutpie")

#: Only these may import PyMC, PyTensor or nutpie when they are imported themselves.
MAY_NEED_PYMC = ("mmm.model.build", "mmm.model.ops", "mmm.model.variables", "mmm.fitting")


def run_python(code: str) -> str:
    """Run code in a fresh interpreter and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


IMPORT_ONLY = "import mmm"
DATA_AND_SPEC = """
    import mmm

    frame = mmm.datasets.load_retail_weekly()
    spend = {"tv": "tv_spend", "search": "search_spend"}
    data = mmm.MarketingData.from_frame(frame, date="week", outcome="sales", spend=spend, currency="USD")
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(saturation=mmm.Hill())}, seasonality=4, holidays="US")
    assert mmm.ModelSpec.model_validate_json(spec.model_dump_json()) == spec
    assert spec.resolve(data).channels.keys() == {"tv", "search"}
"""


@pytest.mark.parametrize("code", [IMPORT_ONLY, DATA_AND_SPEC], ids=["import", "data and spec"])
def test_the_sampler_is_not_loaded(code):
    code = f"{textwrap.dedent(code)}\nimport sys\nprint(*sorted({set(HEAVY)!r} & sys.modules.keys()))"
    assert run_python(code) == ""


def test_every_other_room_imports_where_pymc_is_missing():
    code = f"""
    import importlib, pkgutil, sys

    for name in {HEAVY!r}:
        sys.modules[name] = None  # an import of it now raises ImportError
    import mmm

    count = 0
    for module in pkgutil.walk_packages(mmm.__path__, "mmm."):
        if not any(module.name == room or module.name.startswith(room + ".") for room in {MAY_NEED_PYMC!r}):
            importlib.import_module(module.name)
            count += 1
    print(count)
    """
    assert int(run_python(code)) > 10
