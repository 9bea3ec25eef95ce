"""The part that the data and their history have in common: dates, geos, spend and exposure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from mmm.data.calendar import detect_frequency, expected_dates
from mmm.data.checks import check_not_negative
from mmm.data.dates import parse_dates
from mmm.data.description import Frequency
from mmm.data.frames import index_names, label_candidates, open_frame, read_labels, read_numbers, read_values
from mmm.data.layout import Layout, lay_out, refuse_duplicates
from mmm.data.listing import listed, quoted
from mmm.data.roles import Roles, check_columns
from mmm.errors import DataError

__all__ = ["Sheet", "check_history", "read_sheet"]


@dataclass(frozen=True, eq=False)
class Sheet:
    """A frame whose calendar and media have passed.

    Attributes
    ----------
    frame : narwhals.DataFrame
        Where more columns can be read.
    layout : Layout
        Where each row goes.
    frequency : {"daily", "weekly", "monthly"} or None
        None only for a history of a single period.
    spend, driver : numpy.ndarray, shape (geo, date, channel)
        Money, and what drives the response.
    notes, warnings : list of str
        What has to be said aloud.
    """

    frame: nw.DataFrame[Any]
    layout: Layout
    frequency: Frequency | None
    spend: np.ndarray
    driver: np.ndarray
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_sheet(df: Any, *, roles: Roles, columns: list[tuple[str, str]], name: str) -> Sheet:
    """Open a frame and read its calendar and media.

    Parameters
    ----------
    df : any eager frame
        What the user passed.
    roles : Roles
        Which column is what.
    columns : list of (role, column)
        The columns it must have.
    name : str
        What it is called in messages.

    Returns
    -------
    Sheet
        In order of geo and date.

    Raises
    ------
    DataError
        If the frame, its calendar, its panel, its spend or its exposure is not fit for use.
    """
    frame = open_frame(df, name=name)
    check_columns(columns, columns=frame.columns, name=name, index_names=index_names(frame))
    dates, notes = parse_dates(read_values(frame, roles.date), column=roles.date, name=name)
    geos = None if roles.geo is None else read_labels(frame, column=roles.geo, name=name)
    taken = [column for _, column in columns]
    repeated = bool(dates.has_duplicates) and geos is None
    candidates = label_candidates(frame, dates=list(dates), taken=taken) if repeated else []
    refuse_duplicates(dates, geos, geo_column=roles.geo, candidates=candidates, name=name)
    days = dates.unique().sort_values()
    frequency = detect_frequency(days, name=name) if len(days) > 1 else None
    layout = lay_out(dates, geos, geo_column=roles.geo, name=name)
    warnings = []
    if not layout.sorted:
        warnings.append(f"The rows of {name} were not in order of time; they were sorted by {roles.date!r}.")

    def read(role: str, column: str) -> np.ndarray:
        values = read_numbers(frame, column=column, role=role, layout=layout, name=name)
        check_not_negative(values, column=column, role=role, layout=layout, name=name)
        return values

    spend = np.stack([read(f"spend of channel {ch!r}", column) for ch, column in roles.spend.items()], axis=-1)
    driver = spend.copy()
    for c, channel in enumerate(roles.spend):
        if channel in roles.exposure:
            driver[..., c] = read(f"exposure of channel {channel!r}", roles.exposure[channel])
    return Sheet(frame, layout, frequency, spend, driver, notes, warnings)


def check_history(history: Sheet, *, data: Sheet) -> None:
    """Refuse a history that does not end exactly one period before the data begin.

    Parameters
    ----------
    history, data : Sheet
        Both already read.

    Raises
    ------
    DataError
        If geos or frequency differ, or there is an overlap or a gap.
    """
    if history.layout.geos != data.layout.geos:
        differ = sorted(set(history.layout.geos) ^ set(data.layout.geos))
        raise DataError(
            f"history and data do not have the same geos: {quoted(differ)} in only one of them",
            why="carry-over from before the first row would be lost in some geos and orphaned in others",
            fix="pass the same geos in both",
        )
    first, past = data.layout.dates[0], history.layout.dates
    overlap = past[past >= first]
    if len(overlap):
        raise DataError(
            f"history overlaps the data, which begin on {first:%Y-%m-%d}: "
            + listed([f"{date:%Y-%m-%d}" for date in overlap]),
            why="spend in both would be counted twice",
            fix=f"keep only rows before {first:%Y-%m-%d} in history",
        )
    assert data.frequency is not None
    if history.frequency not in (None, data.frequency):
        raise DataError(
            f"history is {history.frequency} and the data are {data.frequency}",
            why="carry-over is counted in periods, so all periods must be equally long",
            fix="bring both to the same frequency",
        )
    all_dates = past.append(data.layout.dates)
    wanted = expected_dates(past[0], first, frequency=data.frequency, day=int(max(date.day for date in all_dates)))
    missing = [date for date in wanted if date not in all_dates]
    if missing:
        raise DataError(
            f"there is a gap between history, which ends on {past[-1]:%Y-%m-%d}, and the data, which begin on "
            f"{first:%Y-%m-%d}; missing: " + listed([f"{date:%Y-%m-%d}" for date in missing]),
            why="spend in the gap would be taken as zero and its carry-over given to other channels",
            fix="pass every period up to the one before the first row",
        )
    if first not in wanted or any(date not in wanted for date in past):
        raise DataError(
            f"history ends on {past[-1]:%A %Y-%m-%d} and the data begin on {first:%A %Y-%m-%d}: "
            f"not {data.frequency} periods of one calendar",
            why="carry-over is counted in periods, so all periods must be equally long",
            fix="label the periods of both by the same weekday or day of the month",
        )
