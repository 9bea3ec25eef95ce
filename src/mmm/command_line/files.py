"""Files that a config names: frames by their ending, and targets that are not overwritten."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmm.errors import DataError, StorageError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_target", "near_name", "read_frame"]


def read_frame(path: Path) -> pd.DataFrame:
    """Read a frame from a file, as it is: the door judges it.

    Parameters
    ----------
    path : Path
        Comma-separated text in UTF-8 (``.csv``), Parquet (``.parquet``) or the first sheet of a workbook (``.xlsx``).

    Returns
    -------
    DataFrame
        Numbers to their last digit; columns under the names they have in the file, also where two are alike.

    Raises
    ------
    DataError
        If there is no such file, it has another ending, or it cannot be read.
    """
    if not path.is_file():
        raise DataError(
            f"there is no file {str(path)!r}{near_name(path)}",
            fix="check the path; a path in a config begins in the folder of the config",
        )
    if path.suffix not in READERS:
        raise DataError(
            f"{path.name!r} ends in {path.suffix or 'nothing'!r}",
            why="how it is to be read would be guessed",
            fix=f"save the data as {', '.join(READERS)}",
        )
    try:
        return READERS[path.suffix](path)
    except ImportError as error:
        package = "openpyxl" if path.suffix == ".xlsx" else "pyarrow"
        raise DataError(
            f"{path.name!r} cannot be read: {package} is not installed",
            fix=f"pip install {package}, or save the data as .csv",
        ) from error
    except Exception as error:
        # pandas, pyarrow and openpyxl raise a dozen kinds on a damaged file; to a reader they mean one thing
        raise DataError(
            f"{str(path)!r} cannot be read: {error}",
            why="rows that cannot be read would be missing",
            fix=f"write the file again; {path.suffix} is what its name says it is",
        ) from error


def _read_csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    frame, text = pd.read_csv(path), pd.read_csv(path, dtype=str)
    if not frame.index.equals(pd.RangeIndex(len(frame))):
        raise ValueError("its rows have more cells than its header has names")
    # the parser of pandas 3.0 rounds the last digit of some numbers, the cast does not
    fractions = frame.select_dtypes("float64").columns
    frame[fractions] = text[fractions].astype("float64")
    return _named_as_in_file(frame, pd.read_csv, path)


def _read_xlsx(path: Path) -> pd.DataFrame:
    import pandas as pd

    return _named_as_in_file(pd.read_excel(path), pd.read_excel, path)


def _read_parquet(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(path, engine="pyarrow")


READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": _read_csv,
    ".parquet": _read_parquet,
    ".xlsx": _read_xlsx,
}


def _named_as_in_file(frame: pd.DataFrame, read: Callable[..., Any], path: Path) -> pd.DataFrame:
    """Undo pandas' renaming of columns that are named alike: the door refuses them, as which was meant is not known."""
    header = read(path, header=None, nrows=1, dtype=str).iloc[0].tolist()
    return frame.set_axis(header, axis=1) if len(set(header)) < len(header) else frame


def check_target(path: Path, *, overwrite: bool) -> Path:
    """Make the folder of a file that will be written, before anything is fitted that could be lost.

    Raises
    ------
    StorageError
        If the file is there already and is not to be overwritten, is a folder, or cannot be written.
    """
    if path.is_dir() or (path.exists() and not overwrite):
        raise StorageError(
            f"{str(path)!r} is {'a folder' if path.is_dir() else 'there already'}",
            "what it holds would be lost",
            "give another name" if path.is_dir() else "give another name, or replace it on purpose with --overwrite",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writable = os.access(path.parent, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise StorageError(
            f"{str(path)!r} cannot be written",
            "what is not written is lost when the command ends",
            "name a folder in which files can be made",
        )
    return path


def near_name(path: Path) -> str:
    """Say which file in the same folder has a name next to that of one that is not there."""
    beside = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, beside, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
