"""Where a document goes: a name that says what it is, in a folder that exists, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path

from mmm.errors import ReportError

__all__ = ["destination", "needs_the_report_extra", "write_whole"]


def destination(path: str | PathLike[str], *, ending: str) -> Path:
    """Give the path of a document, refusing one that cannot be written or that other programs would misread.

    Raises
    ------
    ReportError
        If the name has another ending, or the folder does not exist.

    Examples
    --------
    >>> destination("q3.xlsx", ending=".xlsx").name
    'q3.xlsx'
    """
    target = Path(path)
    if target.suffix.lower() != ending:
        raise ReportError(
            f"{str(target)!r} does not end in {ending}",
            "other programs choose by the ending how to read a file, and would refuse this one",
            f"use a name such as {str(target.with_suffix(ending))!r}"
            if target.name
            else f"use a name ending in {ending}",
        )
    if not target.parent.is_dir() or target.is_dir():
        raise ReportError(
            f"{str(target)!r} is a folder" if target.is_dir() else f"the folder of {str(target)!r} does not exist",
            "a document that is written nowhere is lost",
            "give a file name in a folder that exists",
        )
    return target


def write_whole(target: Path, content: bytes) -> None:
    """Write a file atomically: the old one stays until the new one is complete."""
    # a name of our own and not `tempfile`, whose files only their owner may read, also once they are moved
    temporary = target.parent / f".{target.name}.{secrets.token_hex(8)}.part"
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def needs_the_report_extra(what: str) -> Iterator[None]:
    """Say which extra is missing where the import of a document library fails.

    Raises
    ------
    ReportError
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise ReportError(
            f"{what} was asked for, and {error.name} is not installed",
            "documents are written with libraries that tables and charts do not need",
            "run pip install 'payback-mmm[report]'",
        ) from error
