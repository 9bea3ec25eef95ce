"""Arguments, streams and exit codes."""

import importlib
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path

import pytest

import mmm
from mmm.command_line import commands, main
from mmm.errors import DataError, DataWarning, FitInterrupted


def raises(error):
    def command(_):
        raise error

    return command


def test_what_was_refused_is_printed_as_the_library_prints_it(monkeypatch, capsys):
    error = DataError("tv: -1 on 2024-03-04", why="spend cannot be negative", fix="book refunds elsewhere")
    monkeypatch.setattr(commands, "check", raises(error))
    assert main(["check", "config.yaml"]) == 2
    assert capsys.readouterr() == ("", f"{error}\n")


@pytest.mark.parametrize(
    ("error", "said"),
    [(FitInterrupted("sampling was stopped"), "sampling was stopped"), (KeyboardInterrupt(), "stopped by hand")],
)
def test_stopped_by_hand(monkeypatch, capsys, error, said):
    monkeypatch.setattr(commands, "fit", raises(error))
    assert main(["fit", "config.yaml"]) == 130
    assert said in capsys.readouterr().err


def test_a_bug_shows_where_it_is(monkeypatch, capsys):
    monkeypatch.setattr(commands, "fit", raises(ZeroDivisionError("oh")))
    assert main(["fit", "config.yaml"]) == 70
    assert "Traceback" in (said := capsys.readouterr().err)
    assert "ZeroDivisionError: oh" in said


@pytest.mark.parametrize(("converged", "code"), [(True, 0), (False, 1)])
def test_whether_the_fit_converged_is_the_exit_code(monkeypatch, converged, code):
    monkeypatch.setattr(commands, "fit", lambda _: converged)
    assert main(["fit", "config.yaml"]) == code


def test_warnings_are_a_line_each_without_files(monkeypatch, capsys):
    def check(_):
        for _ in range(2):  # a loop warns from the same line: nothing is left out
            warnings.warn("spend is\n  odd", DataWarning, stacklevel=2)
        return True

    monkeypatch.setattr(commands, "check", check)
    assert main(["check", "config.yaml"]) == 0
    assert capsys.readouterr() == ("", "Warning: spend is odd\n" * 2)
    with pytest.warns(DataWarning):  # and afterwards warnings are what they were
        warnings.warn("spend is odd", DataWarning, stacklevel=2)


@pytest.mark.parametrize(
    "arguments", [[], ["refrsh", "config.yaml"], ["fit"], ["fit", "a", "b"], ["report", "a.nc", "--prob", "much"]]
)
def test_a_wrong_call_is_2_as_well(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: mmm" in capsys.readouterr().err


def test_the_version(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert mmm.__version__ in capsys.readouterr().out


def test_help_lists_the_exit_codes_and_loads_nothing_of_the_library():
    code = """
        import sys, mmm
        loaded = set(sys.modules)
        from mmm.command_line import main
        try:
            main(["refresh", "--help"])
        finally:
            new = {name for name in set(sys.modules) - loaded if name.startswith("mmm.")}
            print(*sorted(new), *sorted({"yaml", "matplotlib", "pymc", "scipy"} & sys.modules.keys()))
    """
    program = "\n".join(line[8:] for line in code.splitlines())
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "exit codes: 0 fine; 1 the fit was saved but did not converge; 2 bad input" in " ".join(done.stdout.split())
    assert done.stdout.splitlines()[-1] == "mmm.command_line mmm.command_line.program"


def test_it_is_also_a_module():
    command = [sys.executable, "-m", "mmm", "check", "none.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no config 'none.yaml'" in done.stderr


def test_the_script_that_is_installed_is_this_one():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    module, name = project["scripts"]["mmm"].split(":")
    assert getattr(importlib.import_module(module), name) is main
