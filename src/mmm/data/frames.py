"""Reading columns of any frame that narwhals knows into NumPy, without changing the frame."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from numbers import Real
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd

from mmm.data.layout import Layout
from mmm.data.listing import listed, quoted
from mmm.data.roles import check_distinct
from mmm.errors import DataError

__all__ = ["index_names", "label_candidates", "open_frame", "read_labels", "read_numbers"]

#: Squares of larger numbers overflow.
_LARGEST = 1e100
_GAP_FIX = "find out what the value was; write 0 only where it really was zero"
_NUMBERS_WHY = "the model multiplies and adds these; text or gaps read as numbers would be numbers nobody booked"


def open_frame(frame: Any, *, name: str) -> nw.DataFrame[Any]:
    """Look at a frame through narwhals.

    Parameters
    ----------
    frame : any eager frame
        pandas, polars, pyarrow or another one that narwhals reads.
    name : str
        What the frame is called in messages.

    Returns
    -------
    narwhals.DataFrame
        A view; nothing is copied.

    Raises
    ------
    DataError
        If it is no frame, is lazy, empty, or names two columns alike.

    Examples
    --------
    >>> open_frame(pd.DataFrame({"tv": [1.0]}), name="the data").columns
    ['tv']
    """
    opened: nw.DataFrame[Any] | nw.LazyFrame[Any]
    try:
        opened = nw.from_native(frame)
    except TypeError:
        raise DataError(
            f"{name} must be a data frame; got {type(frame).__name__}",
            why="columns are found by name and rows by date",
            fix="pass a pandas or polars frame or a pyarrow table (pd.DataFrame(...) makes one)",
        ) from None
    except ValueError as error:  # narwhals' own error for pandas; its class has moved between versions
        # A pyarrow table's `columns` are its arrays; its names are elsewhere.
        names = getattr(frame, "column_names", None)
        columns = list(getattr(frame, "columns", []) if names is None else names)
        _refuse_repeated_columns(columns, name=name, cause=error)
        raise
    if isinstance(opened, nw.LazyFrame):
        raise DataError(
            f"{name} is a lazy frame ({type(frame).__name__})",
            why="every value is checked here, so it must have been computed",
            fix="call .collect() first",
        )
    _refuse_repeated_columns(list(opened.columns), name=name)
    if len(opened) == 0 or not opened.columns:
        raise DataError(
            f"{name} is empty: {len(opened)} rows, {len(opened.columns)} columns",
            why="there is nothing to learn from",
            fix="leave history out" if name == "history" else "check the query or filter that made it",
        )
    return opened


def _refuse_repeated_columns(columns: Sequence[object], *, name: str, cause: Exception | None = None) -> None:
    repeated = sorted({str(column) for column in columns if columns.count(column) > 1})
    if repeated:
        raise DataError(
            f"{name} has several columns of the same name: {quoted(repeated)}",
            why="which of them was meant cannot be known",
            fix="rename or drop the copies",
        ) from cause


def index_names(frame: nw.DataFrame[Any]) -> list[object]:
    """Names of a pandas index, to which a date column is easily lost."""
    index = nw.maybe_get_index(frame)
    return [] if index is None else list(index.names)


def read_values(frame: nw.DataFrame[Any], column: str) -> list[object]:
    """Values of a column as Python objects: the one form that all libraries share."""
    return frame[column].to_list()


def label_candidates(frame: nw.DataFrame[Any], *, dates: Sequence[object], taken: Sequence[str]) -> list[str]:
    """Text columns that, together with the date, make every row unique: forgotten geos."""
    found = []
    for column in frame.columns:
        values = [] if column in taken else read_values(frame, column)
        is_text = bool(values) and all(isinstance(value, str) for value in values)
        if is_text and len(set(zip(dates, values, strict=True))) == len(values):
            found.append(column)
    return found


def read_labels(frame: nw.DataFrame[Any], *, column: str, name: str) -> list[str]:
    """Read the geo of each row.

    Returns
    -------
    list of str, length row
        Integers, such as market codes, become text.

    Raises
    ------
    DataError
        If labels are missing, blank, not text or integers, or differ only in case or punctuation.
    """
    values = read_values(frame, column)
    where = f"the geo column {column!r} of {name}"
    blank = [
        i for i, value in enumerate(values) if _is_missing(value) or (isinstance(value, str) and not value.strip())
    ]
    if blank:
        raise DataError(
            f"{where} has {len(blank)} missing value(s), in rows {listed(blank)} (counting from 0)",
            why="a row of no region belongs to no series",
            fix="fill in the regions or remove these rows",
        )
    odd = [value for value in values if not isinstance(value, (str, int, np.integer)) or isinstance(value, bool)]
    if odd:
        raise DataError(
            f"{where} holds {type(odd[0]).__name__} values: {quoted(odd)}",
            why="regions are names; 1 and 1.0 would be one region in one frame and two in another",
            fix="make it text, as in df[column].astype(str)",
        )
    labels = [str(value) for value in values]
    check_distinct(sorted(set(labels)), what=where)
    return labels


def read_numbers(
    frame: nw.DataFrame[Any],
    *,
    column: str,
    role: str,
    layout: Layout,
    name: str,
    allow_bool: bool = False,
    gap_fix: str = _GAP_FIX,
) -> np.ndarray:
    """Read a column as finite numbers in the order of the grid.

    Parameters
    ----------
    frame : narwhals.DataFrame
        The frame.
    column, role, name : str
        The column, what it stands for, and what the frame is called.
    layout : Layout
        Where each row goes.
    allow_bool : bool
        Whether True and False may stand for 1 and 0.
    gap_fix : str
        What to do about a value that is not there.

    Returns
    -------
    numpy.ndarray of float64, shape (geo, date)
        Finite throughout.

    Raises
    ------
    DataError
        If a value is missing, NaN, infinite, text, complex or anything else but a real number.
    """
    where = f"column {column!r} ({role}) of {name}"
    refuse = partial(_refuse, where=where, layout=layout, fix=gap_fix)
    series = frame[column]
    if series.dtype.is_numeric() and not series.dtype.is_decimal() and not series.is_null().any():
        flat = np.asarray(series.to_numpy(), dtype=np.float64)
        numbers: np.ndarray = flat[layout.rows]
    else:
        objects = np.empty(len(frame), dtype=object)
        objects[:] = read_values(frame, column)
        cells = objects[layout.rows]
        refuse(_mask(cells, _is_null), "missing", cells=cells)
        numbers = _from_objects(cells, where=where, role=role, layout=layout, allow_bool=allow_bool)
    refuse(np.isnan(numbers), "NaN (not a number)", cells=numbers)
    refuse(np.isinf(numbers), "infinite", cells=numbers)
    refuse(np.abs(numbers) > _LARGEST, f"beyond {_LARGEST:g}", cells=numbers)
    return numbers


def _from_objects(cells: np.ndarray, *, where: str, role: str, layout: Layout, allow_bool: bool) -> np.ndarray:
    text = _mask(cells, lambda value: isinstance(value, str))
    if text.any():
        raise DataError(
            f"{where} holds text: {layout.show(cells, text)}",
            why=_NUMBERS_WHY,
            fix=_control_fix(cells[text]) if role == "control" else _text_fix(str(cells[text][0])),
        )
    booleans = _mask(cells, lambda value: isinstance(value, (bool, np.bool_)))
    if booleans.any() and not allow_bool:
        raise DataError(
            f"{where} holds True and False: {layout.show(cells, booleans)}",
            why="a yes or no is not an amount",
            fix="pass the column of amounts; a yes-or-no column can be a control",
        )
    real = _mask(cells, lambda value: isinstance(value, (Real, Decimal, np.bool_)))
    if not real.all():
        kind = type(cells[~real][0]).__name__
        raise DataError(
            f"{where} holds {kind} values: {layout.show(cells, ~real)}",
            why="only real numbers can be modelled",
            fix="convert the column to numbers",
        )
    numbers: np.ndarray = np.vectorize(_to_float, otypes=[np.float64])(cells)
    return numbers


def _mask(cells: np.ndarray, test: Any) -> np.ndarray:
    mask: np.ndarray = np.vectorize(test, otypes=[bool])(cells)
    return mask


def _to_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
    except ValueError:  # a decimal's signalling NaN
        return math.nan


def _is_null(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT


def _is_missing(value: object) -> bool:
    return _is_null(value) or (isinstance(value, float) and math.isnan(value))


def _refuse(bad: np.ndarray, kind: str, *, cells: np.ndarray, where: str, layout: Layout, fix: str) -> None:
    if bad.any():
        raise DataError(
            f"{where} is {kind} in {int(bad.sum())} row(s): {layout.show(cells, bad)}",
            why="a gap filled in silently, with zero or a mean, would be taken as something that happened",
            fix=fix,
        )


def _text_fix(example: str) -> str:
    text = example.strip()
    if not text:
        return "blank text is a missing value: find out what it was, then convert with pd.to_numeric"
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        return "convert the column, as in pd.to_numeric(df[column])"
    if re.search(r"\d", text):
        return (
            "take away thousands separators, currency and percent signs, then convert, as in "
            'pd.to_numeric(df[column].str.replace(",", ""))'
        )
    return "check that this is the column you meant; it does not hold numbers"


def _control_fix(values: np.ndarray) -> str:
    if all(re.fullmatch(r"\s*[+-]?[\d.,]+\s*", str(value)) for value in values):
        return _text_fix(str(values[0]))
    return "turn it into one 0/1 column per category but one, as in pd.get_dummies(df[column], drop_first=True)"
