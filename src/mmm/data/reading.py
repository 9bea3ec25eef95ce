"""Everything that is read and checked between the arguments and the arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mmm.data.calendar import check_length
from mmm.data.checks import (
    Media,
    check_channels,
    check_margin,
    check_outcome,
    check_outcome_value,
    check_population,
    media_warnings,
)
from mmm.data.controls import check_controls, warn_of_mediators
from mmm.data.description import Frequency
from mmm.data.frames import read_numbers
from mmm.data.layout import Layout
from mmm.data.outcome import OutcomeMeaning
from mmm.data.roles import Roles, check_names
from mmm.data.sheet import Sheet, check_history, read_sheet
from mmm.data.waves import place_waves
from mmm.errors import DataError

__all__ = ["Numbers", "read_everything"]

_NAME = "the data"


@dataclass(frozen=True, eq=False)
class Numbers:
    """All numbers of a data set that has passed.

    Attributes
    ----------
    layout : Layout
        Geos and dates.
    history_layout : Layout or None
        Dates of the history.
    frequency : {"daily", "weekly", "monthly"}
        The calendar.
    outcome, outcome_value, margin : numpy.ndarray, shape (geo, date)
        Value is NaN where unknown, margin 1 where not given.
    spend, driver : numpy.ndarray, shape (geo, date, channel)
    controls : numpy.ndarray, shape (geo, date, control)
    population : numpy.ndarray, shape (geo,)
    history_spend, history_driver : numpy.ndarray, shape (geo, history_date, channel)
    wave_dates : pandas.DatetimeIndex, shape (wave,)
        Period of each wave of the tracker; empty without one.
    tracker, tracker_error : numpy.ndarray, shape (wave,)
        Error is NaN where unknown.
    notes, warnings : tuple of str
        What has to be said aloud.
    """

    layout: Layout
    history_layout: Layout | None
    frequency: Frequency
    outcome: np.ndarray
    outcome_value: np.ndarray
    margin: np.ndarray
    spend: np.ndarray
    driver: np.ndarray
    controls: np.ndarray
    population: np.ndarray
    history_spend: np.ndarray
    history_driver: np.ndarray
    wave_dates: pd.DatetimeIndex
    tracker: np.ndarray
    tracker_error: np.ndarray
    notes: tuple[str, ...]
    warnings: tuple[str, ...]


def read_everything(df: Any, *, history: Any, tracker: Any, roles: Roles, meaning: OutcomeMeaning) -> Numbers:
    """Read and check the data and their history.

    Parameters
    ----------
    df, history : any eager frame
        As the user passed them; history may be None.
    tracker : Tracker or None
        As the user passed it.
    roles : Roles
        Which column is what.
    meaning : OutcomeMeaning
        What the outcome is.

    Returns
    -------
    Numbers

    Raises
    ------
    DataError
        For the first thing found that would break the statistics.
    """
    _refuse_useless_margin(roles, meaning=meaning)
    sheet = read_sheet(df, roles=roles, columns=roles.all, name=_NAME)
    layout = sheet.layout
    if sheet.frequency is None:
        raise DataError(
            f"{_NAME} has a single period, {layout.dates[0]:%Y-%m-%d}",
            why="an effect shows only as a difference between periods",
            fix="pass all periods, one row each",
        )
    short = check_length(len(layout.dates), frequency=sheet.frequency, name=_NAME)

    outcome = _read(sheet, column=roles.outcome, role="outcome")
    losses = check_outcome(outcome, column=roles.outcome, layout=layout)
    media = Media(sheet.spend, sheet.driver, channels=tuple(roles.spend), exposed=tuple(roles.exposure))
    check_channels(media)
    controls = _read_controls(sheet, roles=roles)
    value, margin = _read_economics(sheet, roles=roles, meaning=meaning)
    population = np.ones(len(layout.geos))
    if roles.population is not None:
        people = _read(sheet, column=roles.population, role="population")
        population = check_population(people, column=roles.population, layout=layout)
    past = _read_history(history, roles=roles, data=sheet)
    waves = place_waves(tracker, dates=layout.dates, frequency=sheet.frequency)
    if tracker is not None:
        check_names(
            channels=(*roles.spend, tracker.name), controls=roles.controls, what="channels, controls and the tracker"
        )

    notes, warned = [*sheet.notes, *waves.notes], list(sheet.warnings)
    if meaning.note:
        (warned if meaning.warn else notes).append(meaning.note)
    warned += [text for text in (short, losses) if text]
    warned += media_warnings(media, layout=layout)
    warned += warn_of_mediators(roles.controls)
    if past is not None:
        notes += [f"History: {note}" for note in past.notes]
        warned += past.warnings
    nothing = np.zeros((len(layout.geos), 0, len(roles.spend)))
    return Numbers(
        layout=layout,
        history_layout=None if past is None else past.layout,
        frequency=sheet.frequency,
        outcome=outcome,
        outcome_value=value,
        margin=margin,
        spend=sheet.spend,
        driver=sheet.driver,
        controls=controls,
        population=population,
        history_spend=nothing if past is None else past.spend,
        history_driver=nothing if past is None else past.driver,
        wave_dates=waves.dates,
        tracker=waves.value,
        tracker_error=waves.error,
        notes=tuple(notes),
        warnings=tuple(warned),
    )


def _read(sheet: Sheet, *, column: str, role: str, allow_bool: bool = False) -> np.ndarray:
    return read_numbers(sheet.frame, column=column, role=role, layout=sheet.layout, name=_NAME, allow_bool=allow_bool)


def _read_controls(sheet: Sheet, *, roles: Roles) -> np.ndarray:
    columns = [_read(sheet, column=column, role="control", allow_bool=True) for column in roles.controls]
    if not columns:
        return np.zeros((*sheet.layout.rows.shape, 0))
    controls = np.stack(columns, axis=-1)
    media = {}
    for c, channel in enumerate(roles.spend):
        media[f"spend of channel {channel!r}"] = sheet.spend[..., c]
        media[f"exposure of channel {channel!r}"] = sheet.driver[..., c]
    check_controls(controls, names=roles.controls, media=media)
    return controls


def _read_economics(sheet: Sheet, *, roles: Roles, meaning: OutcomeMeaning) -> tuple[np.ndarray, np.ndarray]:
    """Value of a unit and margin on it, each of shape (geo, date)."""

    def broadcast(given: float | str, role: str) -> tuple[np.ndarray, str | None]:
        if isinstance(given, str):
            return _read(sheet, column=given, role=role), given
        return np.full(sheet.layout.rows.shape, given), None

    value = np.full(sheet.layout.rows.shape, 1.0 if meaning.is_money else np.nan)
    if roles.outcome_value is not None:
        value, column = broadcast(roles.outcome_value, "outcome_value")
        check_outcome_value(value, column=column, layout=sheet.layout)
    margin = np.ones(sheet.layout.rows.shape)
    if roles.margin is not None:
        margin, column = broadcast(roles.margin, "margin")
        check_margin(margin, column=column, layout=sheet.layout)
    return value, margin


def _read_history(history: Any, *, roles: Roles, data: Sheet) -> Sheet | None:
    if history is None:
        return None
    past = read_sheet(history, roles=roles, columns=roles.shared, name="history")
    check_history(past, data=data)
    return past


def _refuse_useless_margin(roles: Roles, *, meaning: OutcomeMeaning) -> None:
    if roles.margin is not None and not meaning.has_value:
        raise DataError(
            f"margin={roles.margin!r} was given, but the outcome {roles.outcome!r} ({meaning.unit}) has no money value",
            why="a margin is a share of money; without a value it would be dropped, or taken as money per unit",
            fix="pass outcome_value= as well (the money one unit brings), or leave margin out",
        )
