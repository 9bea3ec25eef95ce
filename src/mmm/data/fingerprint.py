"""A hash that changes when any number, date, name or stated meaning of the data changes."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import xarray as xr

from mmm.data.description import DataDescription
from mmm.schema import WAVE

__all__ = ["fingerprint"]


def fingerprint(*, dataset: xr.Dataset, description: DataDescription) -> str:
    """SHA-256 of all arrays, coordinates and the description.

    Parameters
    ----------
    dataset : xarray.Dataset
        Float variables over dims of dates and names.
    description : DataDescription
        What the data were said to be.

    Returns
    -------
    str
        64 hexadecimal digits, the same on every machine and in every run.
    """
    digest = hashlib.sha256()
    untracked = description.tracker is None
    if untracked:  # such data keep the fingerprint they had before there were trackers
        dataset = dataset.drop_dims(WAVE)
    words = description.model_dump_json(exclude={"tracker", "tracker_unit"} if untracked else None)

    def add(label: str, content: bytes) -> None:
        # Lengths are hashed too, so that no two different data sets can spell the same bytes.
        digest.update(f"{label}:{len(content)};".encode())
        digest.update(content)

    for name in sorted(map(str, dataset.coords)):
        values = dataset.coords[name].values
        if np.issubdtype(values.dtype, np.datetime64):
            add(name, values.astype("datetime64[ns]").astype("<i8").tobytes())
        else:
            add(name, json.dumps([str(value) for value in values]).encode())
    for name in sorted(map(str, dataset.data_vars)):
        values = np.asarray(dataset[name].values, dtype="<f8")
        add(f"{name}{dataset[name].dims}{values.shape}", np.ascontiguousarray(values + 0.0).tobytes())  # -0.0 is 0.0
    add("description", words.encode())
    return digest.hexdigest()
