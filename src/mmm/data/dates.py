"""Reading a date column: one midnight per row, and no guessing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from numbers import Number

import numpy as np
import pandas as pd

from mmm.data.listing import listed
from mmm.errors import DataError

__all__ = ["parse_dates"]

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_WITH_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_ONE_KIND = "one column that mixes kinds of date was put together from sources that may disagree about the day"


def parse_dates(values: Sequence[object], *, column: str, name: str) -> tuple[pd.DatetimeIndex, list[str]]:
    """Turn the raw values of a date column into naive midnights.

    Parameters
    ----------
    values : sequence, shape (row,)
        What the frame holds: dates, datetimes, timestamps or ISO text.
    column, name : str
        The column and what the frame is called, for messages.

    Returns
    -------
    dates : pandas.DatetimeIndex, shape (row,)
        datetime64[ns], in the order of the rows.
    notes : list of str
        What was assumed.

    Raises
    ------
    DataError
        If any value is missing, a number, a pandas Period, text that is not an ISO date, not midnight,
        or if kinds or time zones are mixed.

    Examples
    --------
    >>> dates, notes = parse_dates(["2024-03-04", "2024-03-11"], column="week", name="the data")
    >>> dates[1].date(), notes
    (datetime.date(2024, 3, 11), ["The dates in 'week' are text; they were read as ISO (year-month-day)."])
    """
    where = f"the date column {column!r} of {name}"
    _refuse_missing(values, where=where)
    _refuse_not_dates(values, where=where)
    texts = [isinstance(value, str) for value in values]
    if any(texts) and not all(texts):
        raise DataError(
            f"{where} mixes text and dates: {_rows(values, [not text for text in texts])}, the others are text",
            why=_ONE_KIND,
            fix="parse the whole column with one explicit format, as in pd.to_datetime(df[column], format=...)",
        )
    if all(texts):
        stamps = _parse_texts([str(value).strip() for value in values], where=where)
        notes = [f"The dates in {column!r} are text; they were read as ISO (year-month-day)."]
        return stamps, notes
    naive, notes = _drop_zone(values, column=column, where=where)
    return _to_midnights(naive, values=values, where=where), notes


def _rows(values: Sequence[object], bad: Sequence[bool]) -> str:
    shown = [f"{str(values[i])!r} (row {i}, counting from 0)" for i in range(len(values)) if bad[i]]
    return listed(shown, limit=3)


def _is_missing(value: object) -> bool:
    return (
        value is None
        or value is pd.NaT
        or value is pd.NA
        or (isinstance(value, (float, np.datetime64)) and value != value)
    )


def _refuse_missing(values: Sequence[object], *, where: str) -> None:
    bad = [_is_missing(value) or (isinstance(value, str) and not value.strip()) for value in values]
    if any(bad):
        raise DataError(
            f"{where} has {sum(bad)} missing date(s): {_rows(values, bad)}",
            why="a row without a date cannot be placed in time, and carry-over runs through time",
            fix="fill in the dates or remove these rows (a total row at the end, perhaps) before passing the frame",
        )


def _refuse_not_dates(values: Sequence[object], *, where: str) -> None:
    periods = [isinstance(value, pd.Period) for value in values]
    if any(periods):
        raise DataError(
            f"{where} holds pandas Periods: {_rows(values, periods)}",
            why="a period may be labelled by its start or its end, and joining the two shifts spend against outcome",
            fix="choose one, as in df[column] = df[column].dt.to_timestamp()",
        )
    numbers = [isinstance(value, (bool, np.bool_, Number, Decimal)) for value in values]
    if any(numbers):
        raise DataError(
            f"{where} holds numbers: {_rows(values, numbers)}",
            why="2024 may be a year, 20240304 a date, 45355 a spreadsheet's day count: a guess would shift time",
            fix='parse them explicitly, as in pd.to_datetime(df[column].astype(str), format="%Y%m%d")',
        )
    others = [not isinstance(value, (str, dt.date, np.datetime64)) for value in values]
    if any(others):
        raise DataError(
            f"{where} holds {type(values[others.index(True)]).__name__} values: {_rows(values, others)}",
            why="only dates can be put on a calendar",
            fix="pass a column of dates",
        )


def _parse_texts(texts: Sequence[str], *, where: str) -> pd.DatetimeIndex:
    """Read ISO dates; a midnight written out is fine, anything else is refused."""
    timed = [bool(_ISO_WITH_TIME.fullmatch(text)) for text in texts]
    not_iso = [not (_ISO.fullmatch(text) or time) for text, time in zip(texts, timed, strict=True)]
    if any(not_iso):
        raise DataError(
            f"{where} is text that is not an ISO date: {_rows(texts, not_iso)}",
            why='"03/04/2024" is March in one country and April in another; a wrong guess shuffles the weeks',
            fix='parse it with an explicit format, as in pd.to_datetime(df[column], format="%d/%m/%Y")',
        )
    zoned = [
        time and bool(re.search(r"(Z|[+-]\d{2}:?\d{2})$", text[11:])) for text, time in zip(texts, timed, strict=True)
    ]
    if any(zoned):
        raise DataError(
            f"{where} is text with a time zone: {_rows(texts, zoned)}",
            why="the day it falls on depends on whose midnight is meant",
            fix="convert to local time and to plain dates first",
        )
    days: list[dt.datetime | None] = []
    for text in texts:
        try:
            days.append(dt.datetime.fromisoformat(text))
        except ValueError:
            days.append(None)
    impossible = [day is None for day in days]
    if any(impossible):
        raise DataError(
            f"{where} has dates that no calendar has: {_rows(texts, impossible)}",
            why="a row that cannot be placed in time would shift all rows after it",
            fix="correct these dates",
        )
    return _to_midnights([pd.Timestamp(day) for day in days if day is not None], values=texts, where=where)


def _drop_zone(values: Sequence[object], *, column: str, where: str) -> tuple[list[pd.Timestamp], list[str]]:
    """Take the zone off, if there is exactly one; the wall clock is kept."""
    zones = [getattr(value, "tzinfo", None) for value in values]
    names = {str(zone) for zone in zones if zone is not None}
    zoned = [zone is not None for zone in zones]
    if names and not all(zoned):
        raise DataError(
            f"{where} mixes dates with and without a time zone: {_rows(values, zoned)} have one",
            why=_ONE_KIND,
            fix="give all of them the same time zone, or none",
        )
    if len(names) > 1:
        raise DataError(
            f"{where} mixes time zones: {listed(sorted(names))}",
            why=_ONE_KIND,
            fix="convert all to one zone, as in pd.to_datetime(df[column], utc=True).dt.tz_convert(zone)",
        )
    notes = []
    if names:
        notes.append(f"The dates in {column!r} carry the time zone {names.pop()}; it was dropped, the local day kept.")
    stamps = [pd.Timestamp(value) for value in values]  # type: ignore[arg-type]
    naive = [stamp if stamp.tzinfo is None else stamp.tz_localize(None) for stamp in stamps]
    return naive, notes


def _to_midnights(stamps: Sequence[pd.Timestamp], *, values: Sequence[object], where: str) -> pd.DatetimeIndex:
    far = [not _FIRST_YEAR <= stamp.year <= _LAST_YEAR for stamp in stamps]
    if any(far):
        raise DataError(
            f"{where} has dates outside {_FIRST_YEAR}-{_LAST_YEAR}: {_rows(values, far)}",
            why="such dates stand for missing ones in many systems",
            fix="correct these dates or remove the rows",
        )
    timed = [stamp != stamp.normalize() for stamp in stamps]
    if any(timed):
        steps = np.diff(np.unique(np.array([stamp.to_datetime64() for stamp in stamps]).astype("datetime64[s]")))
        hourly = bool(len(steps)) and float(np.median(steps.astype(int))) < 86_400
        kind = "is finer than daily (hourly?)" if hourly else "has times of day"
        raise DataError(
            f"{where} {kind}: {_rows(values, timed)}",
            why="a period is at least a whole day here, and a time other than midnight may belong to either day "
            "(local midnight written in UTC falls on the day before)",
            fix="sum to days or weeks first"
            if hourly
            else "convert to local time, then drop the time of day, as in df[column].dt.normalize()",
        )
    return pd.DatetimeIndex(list(stamps)).as_unit("ns")
