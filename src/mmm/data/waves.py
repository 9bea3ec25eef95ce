"""Reading a tracker's waves, and tying each to the period of the data in which it was taken."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from numbers import Real
from typing import Any, get_args

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd

from mmm.data.calendar import period_rows
from mmm.data.checks import constant_over_time
from mmm.data.dates import parse_dates
from mmm.data.description import Frequency, TrackerUnit
from mmm.data.frames import index_names, open_frame, read_numbers, read_values
from mmm.data.layout import Layout, lay_out
from mmm.data.listing import listed
from mmm.data.roles import check_columns, column_name
from mmm.data.tracker import Tracker, sampling_error
from mmm.errors import DataError

__all__ = ["MIN_WAVES", "PlacedWaves", "place_waves", "read_waves"]

#: Fewer waves than this cannot tell the tracker's level, its own wandering and the brand's stock apart.
MIN_WAVES = 6

_NAME = "the tracker"
_GAP_FIX = "keep only rows in which something was measured, as in df.dropna(subset=[...]); gaps between waves are fine"


def read_waves(
    df: Any, *, date: object, value: object, unit: object, sample_size: object, design_effect: object, name: object
) -> Tracker:
    """Turn the arguments of `Tracker.from_frame` into a `Tracker`, or refuse them.

    Raises
    ------
    DataError
        For the first thing found that would break the statistics.
    """
    date_column, value_column = column_name(date, role="date"), column_name(value, role="value")
    label = value_column if name is None else column_name(name, role="name")
    checked_unit, effect = _check_error_model(unit, sample_size, design_effect)
    columns = [("date", date_column), ("value", value_column)]
    if isinstance(sample_size, str):
        columns.append(("sample_size", column_name(sample_size, role="sample_size")))
    frame = open_frame(df, name=_NAME)
    check_columns(columns, columns=frame.columns, name=_NAME, index_names=index_names(frame))
    dates, notes = parse_dates(read_values(frame, date_column), column=date_column, name=_NAME)
    _refuse_repeated(dates)
    layout = lay_out(dates, None, geo_column=None, name=_NAME)
    if not layout.sorted:
        notes.append(f"The waves were not in order of time; they were sorted by {date_column!r}.")
    _refuse_few(len(dates))

    values = _read(frame, column=value_column, role="value", layout=layout)
    if constant_over_time(values).all():
        raise DataError(
            f"column {value_column!r} (value) of {_NAME} is the same in every wave: {values[0, 0]:.10g}",
            why="what never moves says nothing of what moves it",
            fix="check the column, and that it was not filled forward",
        )
    if checked_unit != "index":
        values = _shares(values, unit=checked_unit, column=value_column, layout=layout)
    return Tracker(
        name=label,
        unit=checked_unit,
        dates=layout.dates,
        values=values[0],
        sample_size=_read_sample_size(frame, sample_size, layout=layout),
        design_effect=effect,
        notes=tuple(notes),
    )


@dataclass(frozen=True, eq=False)
class PlacedWaves:
    """A tracker on the calendar of the data: at most one wave in a period.

    Attributes
    ----------
    dates : pandas.DatetimeIndex, shape (wave,)
        Date of the period that holds the wave.
    value, error : numpy.ndarray, shape (wave,)
        The error is NaN where it is unknown.
    notes : tuple of str
        What has to be said aloud.
    """

    dates: pd.DatetimeIndex
    value: np.ndarray
    error: np.ndarray
    notes: tuple[str, ...]


def place_waves(tracker: object, *, dates: pd.DatetimeIndex, frequency: Frequency) -> PlacedWaves:
    """Tie each wave to the period that contains its date; surveys that share a period pool their respondents.

    Parameters
    ----------
    tracker : Tracker or None
        None gives no waves.
    dates : pandas.DatetimeIndex, shape (date,)
        Of the data.
    frequency : {"daily", "weekly", "monthly"}

    Raises
    ------
    DataError
        If it is no `Tracker`, has waves outside the data, an index with several waves in a period, or too few periods
        with a wave.
    """
    if tracker is None:
        return PlacedWaves(dates[:0], np.zeros(0), np.zeros(0), ())
    if not isinstance(tracker, Tracker):
        raise DataError(
            f"tracker must be an mmm.Tracker; got {type(tracker).__name__}",
            why="a column of numbers does not say whether it holds shares, and of how many respondents",
            fix='write tracker=mmm.Tracker.from_frame(df, date="wave", value="aware", unit="share", sample_size=400)',
        )
    rows = period_rows(tracker.dates, dates=dates, frequency=frequency)
    _refuse_outside(tracker, rows=rows, dates=dates, frequency=frequency)
    periods, wave_period, counts = np.unique(rows, return_inverse=True, return_counts=True)
    notes = [f"Tracker: {note}" for note in tracker.notes]
    notes.append(
        f"Tracker: each wave of {tracker.name!r} is tied to the one period that contains its date; "
        "date waves by the middle of their fieldwork."
    )
    if (shared := periods[counts > 1]).size == 0:
        return PlacedWaves(dates[periods], tracker.values, tracker.error, tuple(notes))

    where = listed([f"{date:%Y-%m-%d}" for date in dates[shared]])
    if tracker.sample_size is None:
        raise DataError(
            f"the tracker {tracker.name!r} has several waves in {shared.size} of the data's {frequency} periods, those "
            f"of {where}",
            why="a volume is summed, a score averaged, and a period of fewer waves would be noisier than the rest",
            fix="bring the index to the periods of the data first, one row for each whole period",
        )
    _refuse_few(len(periods), after=f" once they are tied to {frequency} periods")
    respondents = np.bincount(wave_period, weights=tracker.sample_size)
    share = np.bincount(wave_period, weights=tracker.sample_size * tracker.values) / respondents
    error = sampling_error(share, sample_size=respondents, design_effect=tracker.design_effect)
    notes.append(f"Tracker: respondents of waves in the same period were pooled, in the periods of {where}.")
    return PlacedWaves(dates[periods], share, error, tuple(notes))


def _read(frame: nw.DataFrame[Any], *, column: str, role: str, layout: Layout) -> np.ndarray:
    return read_numbers(frame, column=column, role=role, layout=layout, name=_NAME, gap_fix=_GAP_FIX)


def _check_error_model(unit: object, sample_size: object, design_effect: object) -> tuple[TrackerUnit, float]:
    """Refuse a unit that is not one, and an error that is neither known nor to be estimated."""
    if unit not in get_args(TrackerUnit):
        raise DataError(
            f"unit is {unit!r}; it must be one of {', '.join(map(repr, get_args(TrackerUnit)))}",
            why="0.4 of the respondents, 0.4 percent and an index of 0.4 have different errors and different meanings",
            fix='"share" for 0 to 1, "percent" for 0 to 100, "index" for volumes and scores',
        )
    if unit != "index" and sample_size is None:
        raise DataError(
            f"unit={unit!r} without sample_size",
            why="the sampling error of a survey follows from its respondents; without it noise would pass for movement "
            "of the brand",
            fix='pass the respondents per wave, a number or a column; if nobody asked respondents, pass unit="index"',
        )
    if not _is_positive(design_effect):
        raise DataError(
            f"design_effect is {design_effect!r}",
            why="it multiplies the sampling variance, which is positive",
            fix="pass 1 for a simple random sample, 1.3 to 2 where weighting is heavy",
        )
    if unit == "index" and (sample_size is not None or design_effect != 1):
        raise DataError(
            f"unit='index' with sample_size={sample_size!r} and design_effect={design_effect!r}",
            why="the error of an index is estimated from its own movement; respondents would be ignored",
            fix='pass unit="share" or "percent" if it is a share of respondents, else leave both out',
        )
    return unit, float(design_effect)  # type: ignore[return-value, arg-type]


def _is_positive(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and 0 < float(value) < math.inf


def _refuse_repeated(dates: pd.DatetimeIndex) -> None:
    again = dates[dates.duplicated()].unique().sort_values()
    if len(again):
        raise DataError(
            f"{_NAME} has several rows for the same date: {listed([f'{date:%Y-%m-%d}' for date in again])}",
            why="two brands, regions or questions in one column would be read as one brand that jumps",
            fix="keep the rows of one brand, one question and one region; drop copies",
        )


def _refuse_few(n_waves: int, *, after: str = "") -> None:
    if n_waves < MIN_WAVES:
        raise DataError(
            f"{_NAME} has {n_waves} waves{after}; at least {MIN_WAVES} are needed",
            why="with less, its level, its own wandering and what media built cannot be told apart",
            fix="add earlier waves, or leave the tracker out",
        )


def _shares(values: np.ndarray, *, unit: TrackerUnit, column: str, layout: Layout) -> np.ndarray:
    """Bring shares and percentages to shares, refusing one in the place of the other; shape (1, wave)."""
    refuse = partial(_refuse_unit, values, unit=unit, column=column, layout=layout)
    whole, word = (1, "a share") if unit == "share" else (100, "a percentage")
    refuse(values < 0, "negative", fix='check the column; a score that can be negative has unit="index"')
    fix = 'a volume or a score has unit="index"'
    if unit == "share" and values.max() <= 100:
        mixed = np.median(values) <= 1
        fix = "bring all rows to one unit: some are shares" if mixed else 'pass unit="percent"'
    refuse(values > whole, f"above {whole}, which {word} cannot be,", fix=fix)
    if unit == "percent":
        fix = 'pass unit="share"; if it really is below 1 percent, divide by 100 and pass unit="share"'
        refuse(np.full(values.shape, values.max() <= 1), "at most 1 throughout, as shares are,", fix=fix)
        # A tenfold fall between waves does not happen to a brand; 0.41 among 38 and 43 is 41 percent.
        as_share = (values <= 1) & (np.abs(np.log(np.maximum(values, 1e-9) * 100 / np.median(values))) < math.log(2))
        refuse(as_share & (np.median(values) > 10), "like a share", fix="bring all rows to percent")
    return values / whole


def _refuse_unit(
    values: np.ndarray, bad: np.ndarray, what: str, *, unit: str, column: str, layout: Layout, fix: str
) -> None:
    if bad.any():
        raise DataError(
            f"column {column!r} (value, unit={unit!r}) of {_NAME} is {what} in {int(bad.sum())} wave(s): "
            f"{layout.show(values, bad)}",
            why="0.41 read as 41 percent, or 41 as 0.41, changes the brand and its sampling error a hundredfold",
            fix=fix,
        )


def _read_sample_size(frame: nw.DataFrame[Any], given: object, *, layout: Layout) -> np.ndarray | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, (str, Real)):
        raise DataError(
            f"sample_size must be a number or a column name; got {given!r}",
            why="the error of every wave follows from it",
            fix="pass the respondents per wave, as in sample_size=400, or the name of a column",
        )
    if isinstance(given, str):
        sizes = _read(frame, column=given, role="sample_size", layout=layout)
        few = sizes < 1
        found = f"column {given!r} (sample_size) of {_NAME}: {layout.show(sizes, few)}"
    else:
        sizes = np.full(layout.rows.shape, float(given))
        few = ~((sizes >= 1) & np.isfinite(sizes))
        found = f"{given!r}"
    if few.any():
        raise DataError(
            f"sample_size must be at least 1; got {found}",
            why="a share of no respondents is no measurement, and its error would be infinite or undefined",
            fix="pass the respondents of each wave, and leave out rows in which nobody was asked",
        )
    respondents: np.ndarray = sizes[0]
    return respondents


def _refuse_outside(tracker: Tracker, *, rows: np.ndarray, dates: pd.DatetimeIndex, frequency: Frequency) -> None:
    outside = tracker.dates[rows < 0]
    if len(outside):
        raise DataError(
            f"the tracker {tracker.name!r} has {len(outside)} wave(s) outside the data, whose {frequency} periods are "
            f"dated {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}: {listed([f'{date:%Y-%m-%d}' for date in outside])}",
            why="what media had built by then is not known, so such a wave measures nothing that is in the model",
            fix="cut the waves to the periods of the data, or pass data that reach as far",
        )
