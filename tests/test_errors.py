"""One tree of errors, each also a builtin, each saying what, why and what to do."""

import pickle

import pytest

from mmm import errors

BUILTIN = {
    "DataError": ValueError,
    "ColumnError": LookupError,
    "SpecError": ValueError,
    "FitError": RuntimeError,
    "FitInterrupted": RuntimeError,
    "ConvergenceError": RuntimeError,
    "StorageError": ValueError,
    "ReportError": ValueError,
    "ConfigError": ValueError,
}


def test_the_tree_in_the_docstring_is_the_tree():
    for name in errors.__all__:
        assert name in errors.__doc__ or name == "MMMError"
        kind = getattr(errors, name)
        assert issubclass(kind, errors.MMMError | errors.MMMWarning)


@pytest.mark.parametrize(("name", "builtin"), BUILTIN.items())
def test_each_error_is_also_a_builtin_and_survives_pickling(name, builtin):
    error = getattr(errors, name)("what came", "why it matters", "what to do")
    assert isinstance(error, builtin)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.what, again.why, again.fix) == (type(error), error.what, error.why, error.fix)


def test_the_fields_at_fault_survive_pickling():
    error = errors.SpecError("what came", problems=[errors.Problem(("tv", "level"), " = 7: at most 1")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems == ((("tv", "level"), " = 7: at most 1", True),)


def test_the_message_has_three_lines_and_no_empty_one():
    assert str(errors.DataError("a gap", "carry-over", "fill it")).splitlines() == [
        "a gap",
        "  Why it matters: carry-over",
        "  What to do: fill it",
    ]
    assert str(errors.DataError("a gap")) == "a gap"
    assert str(errors.DataError("a gap", fix="fill it")).splitlines() == ["a gap", "  What to do: fill it"]


def test_warnings_are_user_warnings():
    for name in ("DataWarning", "PriorWarning", "ConvergenceWarning"):
        assert issubclass(getattr(errors, name), UserWarning)
