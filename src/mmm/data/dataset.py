"""The arrays of `MarketingData.dataset`: their names, dims and freezing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from mmm.errors import DataError
from mmm.schema import (
    CHANNEL,
    CONTROL,
    CONTROLS,
    DATE,
    DRIVER,
    GEO,
    HISTORY_DATE,
    HISTORY_DRIVER,
    HISTORY_SPEND,
    MARGIN,
    OUTCOME,
    OUTCOME_VALUE,
    POPULATION,
    SPEND,
    TRACKER,
    TRACKER_ERROR,
    WAVE,
)

if TYPE_CHECKING:
    from mmm.data.reading import Numbers

__all__ = ["VARIABLES", "build_dataset", "freeze_dataset"]

#: Dims of every variable, in order.
VARIABLES: dict[str, tuple[str, ...]] = {
    OUTCOME: (GEO, DATE),
    SPEND: (GEO, DATE, CHANNEL),
    DRIVER: (GEO, DATE, CHANNEL),
    CONTROLS: (GEO, DATE, CONTROL),
    OUTCOME_VALUE: (GEO, DATE),
    MARGIN: (GEO, DATE),
    POPULATION: (GEO,),
    HISTORY_SPEND: (GEO, HISTORY_DATE, CHANNEL),
    HISTORY_DRIVER: (GEO, HISTORY_DATE, CHANNEL),
    TRACKER: (WAVE,),
    TRACKER_ERROR: (WAVE,),
}
_DATES = (DATE, HISTORY_DATE, WAVE)
_COORDS = (GEO, DATE, CHANNEL, CONTROL, HISTORY_DATE, WAVE)


def build_dataset(numbers: Numbers, *, channels: Sequence[str], controls: Sequence[str]) -> xr.Dataset:
    """Name the arrays.

    Parameters
    ----------
    numbers : Numbers
        As read.
    channels, controls : sequence of str
        Their names.

    Returns
    -------
    xarray.Dataset
        Variables and dims as in `VARIABLES`.
    """
    past = numbers.history_layout
    coords = {
        GEO: np.array(numbers.layout.geos, dtype=str),
        DATE: numbers.layout.dates.to_numpy(),
        CHANNEL: np.array(channels, dtype=str),
        CONTROL: np.array(controls, dtype=str),
        HISTORY_DATE: np.array([], dtype="datetime64[ns]") if past is None else past.dates.to_numpy(),
        WAVE: numbers.wave_dates.to_numpy(),
    }
    arrays = {name: (dims, getattr(numbers, name)) for name, dims in VARIABLES.items()}
    return xr.Dataset(arrays, coords=coords)


def freeze_dataset(dataset: xr.Dataset) -> xr.Dataset:
    """Copy a data set into read-only float64 arrays with dims in order and plain coordinates.

    Parameters
    ----------
    dataset : xarray.Dataset
        With all of `VARIABLES`; other variables are left behind. Data stored before there were trackers may lack
        those of the tracker, and get empty ones.

    Returns
    -------
    xarray.Dataset
        Its arrays refuse to be written to.

    Raises
    ------
    DataError
        If a variable or a dim is missing, or a wave is outside the dates.

    Examples
    --------
    >>> freeze_dataset(xr.Dataset())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    mmm.errors.DataError: stored data lack outcome, spend, driver, controls, outcome_value, margin, population, ...
    """
    if not {WAVE, TRACKER, TRACKER_ERROR} & set(map(str, dataset.variables)):
        no_wave = {name: (WAVE, np.zeros(0)) for name in (TRACKER, TRACKER_ERROR)}
        dataset = dataset.assign(no_wave).assign_coords({WAVE: np.array([], dtype="datetime64[ns]")})
    lost = [name for name, dims in VARIABLES.items() if name not in dataset or set(dataset[name].dims) != set(dims)]
    lost += [name for name in _COORDS if name not in dataset.coords]
    if lost:
        raise DataError(
            f"stored data lack {', '.join(lost)}, or have other dims for them",
            why="they were altered after they were checked",
            fix="build the data again with MarketingData.from_frame",
        )
    if not np.isin(dataset[WAVE].values, dataset[DATE].values).all():
        raise DataError(
            "stored data have waves of the tracker outside their dates",
            why="what media had built by then is not in the data, so such a wave measures nothing",
            fix="cut the waves together with the dates",
        )
    coords: dict[str, np.ndarray] = {}
    for name in _COORDS:
        values = dataset[name].values
        if name in _DATES:
            coords[name] = pd.DatetimeIndex(values).as_unit("ns").to_numpy()
        else:
            coords[name] = np.array([str(value) for value in values], dtype=str)
    frozen = xr.Dataset(
        {
            name: (dims, np.array(dataset[name].transpose(*dims).values, dtype=np.float64, order="C"))
            for name, dims in VARIABLES.items()
        },
        coords=coords,
    )
    for name in VARIABLES:
        frozen[name].values.setflags(write=False)
    return frozen
