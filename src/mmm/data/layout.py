"""Where each row goes: the grid of geos and dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mmm.data.listing import listed, quoted
from mmm.errors import DataError
from mmm.schema import NATIONAL

__all__ = ["Layout", "lay_out", "refuse_duplicates"]


@dataclass(frozen=True, eq=False)
class Layout:
    """Which row of the frame fills which cell.

    Attributes
    ----------
    geos : tuple of str, length geo
        Sorted, so that the order of rows does not matter.
    dates : pandas.DatetimeIndex, shape (date,)
        Sorted.
    rows : numpy.ndarray of int, shape (geo, date)
        Row number of each cell.
    """

    geos: tuple[str, ...]
    dates: pd.DatetimeIndex
    rows: np.ndarray

    @property
    def sorted(self) -> bool:
        """Whether the rows of every geo came in order of time."""
        return bool((np.diff(self.rows, axis=1) > 0).all())

    def label(self, geo: int, date: int) -> str:
        """Name a cell by its date, and its geo if there are several."""
        day = f"{self.dates[date]:%Y-%m-%d}"
        return day if self.geos == (NATIONAL,) else f"{day} in {self.geos[geo]}"

    def show(self, values: np.ndarray, bad: np.ndarray) -> str:
        """List the first bad cells with their values; both arrays have shape (geo, date)."""
        cells = sorted(zip(*np.nonzero(bad), strict=True), key=lambda cell: (cell[1], cell[0]))
        shown = [f"{_plain(values[cell])} on {self.label(*cell)}" for cell in cells[:5]]
        return listed([*shown, *[""] * (len(cells) - len(shown))])


def _plain(value: object) -> str:
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, (float, np.floating)):
        return f"{value:.10g}"
    return str(value)


def refuse_duplicates(
    dates: pd.DatetimeIndex, geos: Sequence[str] | None, *, geo_column: str | None, candidates: Sequence[str], name: str
) -> None:
    """Refuse several rows for one cell.

    Parameters
    ----------
    dates : pandas.DatetimeIndex, shape (row,)
        Date of each row.
    geos : sequence of str, shape (row,), or None
        Geo of each row; None for national data.
    geo_column : str or None
        Name of the geo column.
    candidates : sequence of str
        Columns that would make the rows unique, for the hint.
    name : str
        What the frame is called.

    Raises
    ------
    DataError
        Listing the first duplicated periods.
    """
    keys = pd.DataFrame({"date": dates, "geo": list(geos) if geos is not None else NATIONAL})
    repeated = keys.duplicated()
    if not repeated.any():
        return
    again = keys[repeated].drop_duplicates().sort_values(["date", "geo"])
    shown = [
        f"{date:%Y-%m-%d}" if geos is None else f"{date:%Y-%m-%d} in {geo}"
        for date, geo in zip(again["date"], again["geo"], strict=True)
    ]
    if geos is not None:
        what = f"{name} has several rows for the same date and {geo_column!r}: {listed(shown)}"
        fix = "sum the rows of each date and geo, or drop the copies"
    elif len(again) == keys["date"].nunique():
        what = f"{name} has several rows for every date: {listed(shown)}"
        column = f"geo={candidates[0]!r}" if candidates else "geo="
        fix = f"if these are regions, pass {column}; otherwise sum them to one row per date"
    else:
        what = f"{name} has several rows for the same date: {listed(shown)}"
        fix = "drop the copies, or sum the rows of each date"
    raise DataError(
        what,
        why="a period that appears twice counts its money and its outcome twice",
        fix=fix,
    )


def lay_out(dates: pd.DatetimeIndex, geos: Sequence[str] | None, *, geo_column: str | None, name: str) -> Layout:
    """Arrange rows, already known to be unique, in a full grid.

    Parameters
    ----------
    dates : pandas.DatetimeIndex, shape (row,)
        Date of each row.
    geos : sequence of str, shape (row,), or None
        Geo of each row; None for national data.
    geo_column, name : str
        For messages.

    Returns
    -------
    Layout
        Sorted by geo and date.

    Raises
    ------
    DataError
        If a geo lacks a date that another has.

    Examples
    --------
    >>> days = pd.DatetimeIndex(["2024-01-08", "2024-01-01"])
    >>> lay_out(days, None, geo_column=None, name="the data").rows
    array([[1, 0]])
    """
    labels = [NATIONAL] * len(dates) if geos is None else list(geos)
    names, geo_codes = np.unique(np.array(labels, dtype=str), return_inverse=True)
    days, date_codes = np.unique(dates.to_numpy(), return_inverse=True)
    rows = np.full((len(names), len(days)), -1)
    rows[geo_codes, date_codes] = np.arange(len(dates))
    layout = Layout(geos=tuple(map(str, names)), dates=pd.DatetimeIndex(days).as_unit("ns"), rows=rows)
    empty = rows < 0
    if empty.any():
        short = [layout.geos[g] for g in np.flatnonzero(empty.any(axis=1))]
        cells = [layout.label(g, t) for g, t in zip(*np.nonzero(empty), strict=True)]
        raise DataError(
            f"{name} is a panel with {len(cells)} missing cell(s): {listed(cells)} (column {geo_column!r}: "
            f"{quoted(short)})",
            why="a geo without a period would lend its share of the outcome to the others, or be taken as zero",
            fix="add the missing rows, start all geos at the same date, or leave incomplete geos out",
        )
    return layout
