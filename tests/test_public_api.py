"""What `import mmm` offers: complete, sorted, documented with examples, and no more than that."""

import doctest
import inspect
import re
import subprocess
import sys
import types

import pytest

import mmm

#: Short enough to say all in one sentence, or a namespace whose members have the examples.
NO_EXAMPLE_NEEDED = {"datasets", "errors", "schema", "simulate"}


def test_all_is_sorted_and_without_repeats():
    assert list(mmm.__all__) == sorted(set(mmm.__all__))


def test_all_is_what_is_there():
    # rooms show up as attributes once they are imported; they are exported only where `__all__` says so
    rooms = {name for name, value in vars(mmm).items() if isinstance(value, types.ModuleType)} - set(mmm.__all__)
    loaded = {name for name in vars(mmm) if not name.startswith("_")} - rooms
    assert loaded <= set(mmm.__all__)
    assert all(hasattr(mmm, name) for name in mmm.__all__)


def test_nothing_that_costs_time_is_imported_before_it_is_used():
    slow = {"arviz", "holidays", "matplotlib", "numba", "pymc", "scipy"}
    code = f"import sys, mmm; print(*sorted({slow} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_star_import_works():
    namespace = {}
    exec("from mmm import *", namespace)
    assert set(mmm.__all__) <= set(namespace)


@pytest.mark.parametrize("name", mmm.__all__)
def test_every_public_name_says_what_it_is(name):
    thing = getattr(mmm, name)
    assert inspect.getdoc(thing)
    if not isinstance(thing, types.ModuleType):
        assert thing.__module__.startswith("mmm.")
        assert thing.__doc__, "a docstring of its own, not an inherited one"


@pytest.mark.parametrize("name", sorted(set(mmm.__all__) - NO_EXAMPLE_NEEDED))
def test_every_public_name_has_an_example(name):
    assert examples_of(getattr(mmm, name)), f"{name} has no Examples section that runs"


@pytest.mark.parametrize("module", [mmm.datasets, mmm.simulate], ids=lambda module: module.__name__)
def test_every_public_function_of_a_namespace_has_an_example(module):
    for name in module.__all__:
        thing = getattr(module, name)
        assert inspect.getdoc(thing)
        if inspect.isfunction(thing):
            assert examples_of(thing), f"{module.__name__}.{name} has no Examples section that runs"


@pytest.mark.parametrize("name", mmm.errors.__all__)
def test_every_error_is_one_of_ours_and_one_of_pythons(name):
    error = getattr(mmm.errors, name)
    assert error.__doc__
    if issubclass(error, Warning):
        assert issubclass(error, mmm.errors.MMMWarning)
    else:
        assert issubclass(error, mmm.errors.MMMError)
        builtins = (ValueError, RuntimeError, LookupError)
        assert name == "MMMError" or issubclass(error, builtins)
    assert name in mmm.errors.__doc__


@pytest.mark.parametrize("name", [name for name in mmm.__all__ if inspect.isclass(getattr(mmm, name))])
def test_public_members_say_what_they_are(name):
    for member, value in vars(getattr(mmm, name)).items():
        if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, (property, classmethod))):
            assert inspect.getdoc(getattr(getattr(mmm, name), member)), f"{name}.{member}"


#: What is assumed is shown where it is made; what came out is shown method by method.
RESULTS = [
    name for name in mmm.__all__ if inspect.isclass(thing := getattr(mmm, name)) and not hasattr(thing, "model_fields")
]


@pytest.mark.parametrize("name", RESULTS)
def test_every_method_of_a_result_is_called_in_an_example(name):
    thing = getattr(mmm, name)
    verb = getattr(mmm, name.casefold(), None)  # that makes it: of `Refresh` it is `refresh`
    shown = "".join(example.source for each in (thing, verb) for example in examples_of(each) or ())
    for method, value in inspect.getmembers_static(thing):
        value = getattr(value, "__func__", value)
        if method.startswith("_") or not inspect.isfunction(value) or not value.__module__.startswith("mmm."):
            continue
        own = "".join(example.source for example in examples_of(value) or ())
        assert re.search(rf"\.{method}\(", shown + own), f"{name}.{method} is called in no example"


@pytest.mark.parametrize("name", ["fit", "load", "check_prior"])
def test_after_the_first_every_argument_has_a_name(name):
    parameters = list(inspect.signature(getattr(mmm, name)).parameters.values())
    free = [p.name for p in parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    assert free in (["data", "spec"], ["path"])


def test_reports_are_asked_by_name():
    for name, method in inspect.getmembers(mmm.Report, inspect.isfunction):
        of_one_channel = name in ("plot_carryover", "plot_payback", "plot_response")
        if name.startswith(("_", "to_")) or of_one_channel:  # documents are asked for by their path
            continue
        kinds = [p.kind for p in list(inspect.signature(method).parameters.values())[1:]]
        assert set(kinds) <= {inspect.Parameter.KEYWORD_ONLY}, name


def examples_of(thing):
    doc = inspect.getdoc(thing) or ""
    return "Examples\n--------" in doc and doctest.DocTestParser().get_examples(doc)
