"""Checked data with some numbers exchanged, some periods cut off or some columns left out, for whoever refits.

What comes in has passed the door, so only what is new is checked. Each result carries a note of what was done to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from mmm.data.description import DataDescription
from mmm.data.marketing_data import MarketingData
from mmm.errors import DataError
from mmm.schema import (
    CHANNEL,
    CONTROL,
    DATE,
    DRIVER,
    GEO,
    HISTORY_DATE,
    HISTORY_DRIVER,
    HISTORY_SPEND,
    OUTCOME,
    SPEND,
    WAVE,
)

__all__ = ["between", "with_columns", "with_media", "with_outcome"]


def with_outcome(data: MarketingData, outcome: ArrayLike, *, note: str = "the outcome was exchanged") -> MarketingData:
    """Give the same data another outcome.

    Parameters
    ----------
    data : MarketingData
    outcome : array, shape (geo, date)
        In the units of the data's outcome. May be negative, as a simulated one may.
    note : str
        Why, for `MarketingData.notes`.

    Returns
    -------
    MarketingData

    Raises
    ------
    DataError
        If the shape is another one, or a number is missing or infinite.

    Examples
    --------
    >>> data = posterior.data
    >>> doubled = with_outcome(data, 2 * data.dataset["outcome"].values)
    >>> float(doubled.dataset["outcome"].sum() / data.dataset["outcome"].sum())
    2.0
    """
    return _exchanged(data, {OUTCOME: outcome}, note)


def with_media(
    data: MarketingData, *, spend: ArrayLike, driver: ArrayLike, note: str = "the media were exchanged"
) -> MarketingData:
    """Give the same data other media in its own periods; history stays.

    Parameters
    ----------
    data : MarketingData
    spend : array, shape (geo, date, channel)
        Money.
    driver : array, shape (geo, date, channel)
        What drives the response: exposure where the data have it, otherwise the same as ``spend``.
    note : str

    Returns
    -------
    MarketingData

    Raises
    ------
    DataError
        If the shape is another one, a number is negative, missing or infinite, or a channel has nothing left.

    Examples
    --------
    >>> arrays = posterior.data.dataset
    >>> backwards = with_media(posterior.data, spend=arrays["spend"][:, ::-1], driver=arrays["driver"][:, ::-1])
    >>> bool((backwards.dataset["spend"].values[0, 0] == arrays["spend"].values[0, -1]).all())
    True
    """
    changed = _exchanged(data, {SPEND: spend, DRIVER: driver}, note)
    for name in (SPEND, DRIVER):
        if (changed.dataset[name].values < 0).any():
            raise DataError(
                f"the exchanged {name} has negative values", "the response is not defined there", "use zero or more"
            )
    _refuse_empty(changed)
    return changed


def between(data: MarketingData, start: int, stop: int) -> MarketingData:
    """Cut the data to some of their periods; media before them become history, so that nothing known is lost.

    Parameters
    ----------
    data : MarketingData
    start, stop : int
        Rows ``start ... stop - 1`` are kept.

    Returns
    -------
    MarketingData
        Waves of the tracker are cut with the periods.

    Raises
    ------
    DataError
        If there are no such rows, or a channel has no spend in them.

    Examples
    --------
    >>> first_year = between(posterior.data, 0, 52)
    >>> first_year.n_periods, first_year.has_history, between(posterior.data, 13, 52).has_history
    (52, False, True)
    """
    if not 0 <= start < stop <= data.n_periods:
        raise DataError(
            f"rows {start} to {stop} of {data.n_periods} periods",
            "there are no such periods",
            f"use 0 <= start < stop <= {data.n_periods}",
        )
    whole = data.dataset
    dates = whole[DATE].values[start:stop]
    past = whole[DATE].values[:start]
    cut = whole.isel({DATE: slice(start, stop)}).drop_dims(HISTORY_DATE)
    cut = cut.sel({WAVE: np.isin(whole[WAVE].values, dates)})
    for history, now in ((HISTORY_SPEND, SPEND), (HISTORY_DRIVER, DRIVER)):
        before = np.concatenate([whole[history].values, whole[now].values[:, :start]], axis=1)
        cut[history] = ((GEO, HISTORY_DATE, CHANNEL), before)
    cut = cut.assign_coords({HISTORY_DATE: np.concatenate([whole[HISTORY_DATE].values, past])})
    note = f"cut to {stop - start} of {data.n_periods} periods, from row {start}"
    made = MarketingData.restore(cut, data.description, (*data.notes, note))
    _refuse_empty(made)
    return made


def with_columns(
    data: MarketingData,
    *,
    channels: Iterable[str] | None = None,
    controls: Iterable[str] | None = None,
    tracker: bool = True,
    silent: DataDescription | None = None,
    notes: Iterable[str] = (),
) -> MarketingData:
    """Choose columns of the data; what is said of them is chosen alike.

    Parameters
    ----------
    data : MarketingData
    channels, controls : iterable of str, optional
        In this order; all by default.
    tracker : bool
        Whether to keep it, where there is one.
    silent : DataDescription, optional
        Of data that have the channels which these lack: those come in without any spend.
    notes : iterable of str
        What is to be said of it, for `MarketingData.notes`.

    Returns
    -------
    MarketingData

    Raises
    ------
    DataError
        If the data have no such channel or control.

    Examples
    --------
    >>> fewer = with_columns(posterior.data, channels=["radio", "tv"], controls=["rain"])
    >>> fewer.channels, fewer.controls
    (('radio', 'tv'), ('rain',))
    >>> again = with_columns(fewer, channels=["tv", "video"], silent=posterior.data.description)
    >>> again.dataset["spend"].sum(("geo", "date")).values[1].item()
    0.0
    """
    said = data.description
    channels = data.channels if channels is None else tuple(channels)
    controls = data.controls if controls is None else tuple(controls)
    spend, exposure = said.spend, said.exposure
    if silent is not None:
        lost = [name for name in silent.spend if name not in spend]
        spend = {name: silent.spend[name] for name in lost} | spend
        exposure = {name: silent.exposure[name] for name in lost if name in silent.exposure} | exposure
    unknown = [name for name in channels if name not in spend] + [n for n in controls if n not in data.controls]
    if unknown:
        raise DataError(
            f"{', '.join(unknown)}: no such columns of these data",
            "what is not there cannot be chosen",
            f"choose of channels {', '.join(spend)} and controls {', '.join(data.controls) or '(none)'}",
        )
    dataset = data.dataset.reindex({CHANNEL: list(channels)}, fill_value=0.0).sel({CONTROL: list(controls)})
    update: dict[str, Any] = {
        "spend": {name: spend[name] for name in channels},
        "exposure": {name: exposure[name] for name in channels if name in exposure},
        "controls": controls,
    }
    if not tracker:
        dataset = dataset.isel({WAVE: slice(0, 0)})
        update |= {"tracker": None, "tracker_unit": None}
    return MarketingData.restore(dataset, said.model_copy(update=update), (*data.notes, *notes))


def _exchanged(data: MarketingData, arrays: dict[str, ArrayLike], note: str) -> MarketingData:
    dataset = data.dataset.copy()
    for name, values in arrays.items():
        dataset[name] = dataset[name].copy(data=_checked(name, values, dataset[name]))
    return MarketingData.restore(dataset, data.description, (*data.notes, note))


def _checked(name: str, values: ArrayLike, old: xr.DataArray) -> NDArray[np.float64]:
    new = np.asarray(values, dtype=float)
    if new.shape != old.shape or not np.isfinite(new).all():
        raise DataError(
            f"the exchanged {name} has shape {new.shape} where the data have {old.shape}, or is not finite throughout",
            "every period of the data needs one number",
            "give an array of the shape of the data, without missing values",
        )
    return new


def _refuse_empty(data: MarketingData) -> None:
    empty = [str(name) for name, sum_ in zip(data.channels, data.dataset[DRIVER].sum((GEO, DATE)).values, strict=True)
             if not sum_ > 0]  # fmt: skip
    if empty:
        raise DataError(
            f"no spend of {', '.join(empty)} in {data.n_periods} periods from {data.dates[0]:%Y-%m-%d}",
            "what a channel returns for each unit of its spend is not defined without any",
            "use a longer part of the data, or leave the channel out",
        )
