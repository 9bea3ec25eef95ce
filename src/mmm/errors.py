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
    └── ReportError (ValueError)          a table or chart was asked for something it cannot say

    MMMWarning (UserWarning)
    ├── DataWarning        the data can be used, but something about them will limit the answer
    ├── PriorWarning       the priors together claim something odd
    └── ConvergenceWarning the sampler did not get there

Every error says what came, why it breaks the statistics, and what to do about it.
"""

from __future__ import annotations

__all__ = [
    "ColumnError",
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


class SpecError(MMMError, ValueError):
    """A model specification is inconsistent, misspelt or does not fit the data."""


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


class MMMWarning(UserWarning):
    """Base of every warning that `mmm` gives."""


class DataWarning(MMMWarning):
    """The data can be used, but something about them will limit the answer."""


class PriorWarning(MMMWarning):
    """The priors together claim something odd before any data are seen."""


class ConvergenceWarning(MMMWarning):
    """The sampler did not reach the standard that a report asks for."""
