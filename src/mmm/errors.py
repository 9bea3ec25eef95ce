"""Everything `mmm` raises or warns with, in one tree.

::

    MMMError
    ├── DataError (ValueError)            a frame was refused at the door
    │   └── ColumnError (LookupError)     a named column is not there
    ├── SpecError (ValueError)            a model specification makes no sense
    ├── FitError (RuntimeError)           sampling could not be done
    │   ├── FitInterrupted                sampling was stopped by hand
    │   └── ConvergenceError              a report was asked of a fit that failed its checks
    ├── StorageError (ValueError)         a saved file was refused
    ├── ReportError (ValueError)          a table or chart was asked for something it cannot say
    └── ConfigError (ValueError)          a config of the command line was refused

    MMMWarning (UserWarning)
    ├── DataWarning        the data can be used, but something about them will limit the answer
    ├── PriorWarning       the priors together claim something odd
    └── ConvergenceWarning the sampler did not get there

Every error says what came, why it breaks the statistics, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

__all__ = [
    "ColumnError",
    "ConfigError",
    "ConvergenceError",
    "ConvergenceWarning",
    "DataError",
    "DataWarning",
    "FitError",
    "FitInterrupted",
    "MMMError",
    "MMMWarning",
    "PriorWarning",
    "ReportError",
    "SpecError",
    "StorageError",
]


class MMMError(Exception):
    """Base of every error that `mmm` raises on purpose.

    Parameters
    ----------
    what : str
        What came, and where.
    why : str, optional
        Why it breaks the statistics.
    fix : str, optional
        What to do about it.

    Examples
    --------
    >>> print(MMMError("spend is negative", why="money spent cannot be", fix="book refunds elsewhere"))
    spend is negative
      Why it matters: money spent cannot be
      What to do: book refunds elsewhere
    """

    def __init__(self, what: str, why: str = "", fix: str = "") -> None:
        super().__init__(what, why, fix)
        self.what, self.why, self.fix = what, why, fix

    def __str__(self) -> str:
        lines = [self.what]
        if self.why:
            lines.append(f"  Why it matters: {self.why}")
        if self.fix:
            lines.append(f"  What to do: {self.fix}")
        return "\n".join(lines)


class DataError(MMMError, ValueError):
    """A frame was refused at the door."""


class ColumnError(DataError, LookupError):
    """A named column is not in the frame."""


class Problem(NamedTuple):
    """What is wrong with one field of a specification.

    Attributes
    ----------
    where : tuple of str
        The way to it, from the specification that was refused.
    said : str
        What is wrong, to be written after the place.
    known : bool
        Whether there is a field of this name; otherwise the place is what holds it.

    Examples
    --------
    >>> Problem(("tv", "level"), " = 7: at most 1").at("ModelSpec")
    'ModelSpec.tv.level = 7: at most 1'
    >>> Problem(("tv", "levle"), " has no field 'levle'", known=False).at("")
    "tv has no field 'levle'"
    """

    where: tuple[str, ...]
    said: str
    known: bool = True

    def at(self, root: str) -> str:
        """Say it with its place, from a root that has this name."""
        path = self.where if self.known else self.where[:-1]
        return ".".join(part for part in (root, *path) if part) + self.said


class SpecError(MMMError, ValueError):
    """A model specification is inconsistent, misspelt or does not fit the data.

    Attributes
    ----------
    problems : tuple of Problem
        Field by field, where single fields are at fault.
    """

    def __init__(self, what: str, why: str = "", fix: str = "", *, problems: Iterable[Problem] = ()) -> None:
        super().__init__(what, why, fix)
        self.problems = tuple(problems)


class FitError(MMMError, RuntimeError):
    """Sampling could not be done."""


class FitInterrupted(FitError):  # noqa: N818 - an interruption, like KeyboardInterrupt
    """Sampling was stopped by hand; partial draws are never returned."""


class ConvergenceError(FitError):
    """A report was asked of a fit that failed its convergence checks."""


class StorageError(MMMError, ValueError):
    """A saved file is truncated, altered, from a newer version or not ours."""


class ReportError(MMMError, ValueError):
    """A table or chart was asked for something it cannot say."""


class ConfigError(MMMError, ValueError):
    """A config of the command line is misspelt, or names files that are not there."""


class MMMWarning(UserWarning):
    """Base of every warning that `mmm` gives."""


class DataWarning(MMMWarning):
    """The data can be used, but something about them will limit the answer."""


class PriorWarning(MMMWarning):
    """The priors together claim something odd before any data are seen."""


class ConvergenceWarning(MMMWarning):
    """The sampler did not reach the standard that a report asks for."""
