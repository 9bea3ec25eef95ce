"""How documents reach the disk: under a name that says what they are, whole or not at all."""

from __future__ import annotations

import os
import secrets
from importlib import import_module
from os import PathLike
from pathlib import Path

from mmm.errors import ReportError

__all__ = ["need", "target_of", "write_whole"]


def need(*modules: str, method: str) -> None:
    """Refuse to begin where what a document is written with is not installed.

    Raises
    ------
    ReportError
    """
    for module in modules:
        try:
            import_module(module)
        except ImportError as error:
            raise ReportError(
                f"{method} needs the package {module.replace('_', '-')}, which is not installed",
                "tables and charts do without it, documents do not",
                "pip install 'payback-mmm[report]'",
            ) from error


def target_of(path: str | PathLike[str], *, ending: str) -> Path:
    """Give the path of a document, before anything is computed for it.

    Raises
    ------
    ReportError
        If the name has another ending, the folder does not exist, or the path is a folder.

    Examples
    --------
    >>> target_of("q3.html", ending=".html").name
    'q3.html'
    """
    target = Path(path)
    if target.suffix.lower() != ending:
        raise ReportError(
            f"{str(target)!r} does not end in {ending}",
            "a file whose name says something else than what it holds is opened by the wrong program",
            f"use for example {str(target.with_suffix(ending))!r}" if target.name else f"give a file name in {ending}",
        )
    if not target.parent.is_dir() or target.is_dir():
        raise ReportError(
            f"{str(target)!r} is a folder" if target.is_dir() else f"the folder of {str(target)!r} does not exist",
            "there is nowhere to write to",
            "give a file name in a folder that exists",
        )
    return target


def write_whole(target: Path, content: bytes) -> None:
    """Write a file under a temporary name and move it, so that the old one stays until the new one is complete."""
    # a name of our own and not `tempfile`, whose files only their owner may read, also once they are moved
    temporary = target.parent / f".{target.name}.{secrets.token_hex(8)}.part"
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
