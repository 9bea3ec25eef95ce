"""The command `mmm`: its arguments, its streams and its exit codes.

Results go to stdout, progress, warnings and errors to stderr. Exit codes: 0 fine; 1 a fit was made and saved, and did
not converge; 2 bad input, or a wrong call; 130 stopped by hand; 70 a bug, with its traceback.
"""

from __future__ import annotations

import argparse
import sys
import traceback
import warnings
from collections.abc import Sequence
from pathlib import Path

import mmm
from mmm.errors import FitInterrupted, MMMError, MMMWarning

__all__ = ["main"]

FINE, UNCONVERGED, REFUSED, BUG, STOPPED = 0, 1, 2, 70, 130

DESCRIPTION = "Bayesian marketing mix on a schedule: what each channel returned, with credible intervals."
EPILOG = (
    "exit codes: 0 fine; 1 the fit was saved but did not converge; 2 bad input or a wrong call; "
    "70 a bug; 130 stopped by hand"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Its arguments; those of the process by default.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    SystemExit
        With 2 if the arguments are wrong, with 0 after ``--help``.

    Examples
    --------
    >>> main(["check", "no-such-config.yaml"])  # and on stderr: there is no config 'no-such-config.yaml'
    2
    """
    asked = _parser().parse_args(argv)
    with warnings.catch_warnings():
        warnings.simplefilter("always", MMMWarning)
        warnings.showwarning = _show_warning
        try:
            from mmm.command_line import commands  # `mmm --help` does without them

            return FINE if getattr(commands, asked.command)(asked) else UNCONVERGED
        except (FitInterrupted, KeyboardInterrupt) as error:
            print(str(error) or "stopped by hand", file=sys.stderr)
            return STOPPED
        except MMMError as error:
            print(error, file=sys.stderr)
            return REFUSED
        except Exception:
            traceback.print_exc()
            return BUG


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mmm", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument("--version", action="version", version=f"payback-mmm {mmm.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    def command(name: str, what: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=what, description=what, epilog=EPILOG)
        added.add_argument("--quiet", action="store_true", help="no progress on stderr")
        return added

    check = command("check", "Say what would be fitted: data, spec and what the priors claim. Samples nothing.")
    fit = command("fit", "Fit and save; print the verdict and what each channel returned.")
    refresh = command("refresh", "Fit all data again with the spec of the last fit; print what moved since, and why.")
    report = command("report", "Write a saved fit as a page, a deck or a workbook, or print what it says.")

    for each in (check, fit, refresh):
        each.add_argument("config", type=Path, help="the config, a YAML file")
    for each in (fit, refresh):
        each.add_argument("--save", type=Path, metavar="FILE", help="save the fit here and not where the config says")
    refresh.add_argument("--previous", type=Path, metavar="FIT", help="the last fit; by default the newest saved one")

    report.add_argument("fit", type=Path, nargs="?", help="a saved fit; by default the newest one of the config")
    report.add_argument("--config", type=Path, help="a config, for its report entries and its saved fits")
    report.add_argument("--previous", type=Path, metavar="FIT", help="also say what moved since this fit")
    report.add_argument("--window", nargs=2, metavar=("FIRST", "LAST"), help="dates between which spend is judged")
    report.add_argument("--prob", type=float, help="of the intervals, such as 0.9")
    for kind, what in (("html", "a page"), ("pptx", "a deck"), ("xlsx", "a workbook")):
        report.add_argument(f"--{kind}", type=Path, metavar="FILE", help=f"write {what}")
    for each in (fit, refresh, report):
        each.add_argument("--overwrite", action="store_true", help="replace files that are there already")
    for each in (refresh, report):
        each.add_argument("--decompose", action="store_true", help="also say why returns moved, by some more fits")
        each.add_argument("--allow-unconverged", action="store_true", help="go on with a fit that failed its checks")
    return parser


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    print(f"Warning: {' '.join(str(message).split())}", file=sys.stderr)
