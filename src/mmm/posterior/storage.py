"""One fit, one file: netCDF with JSON attributes; whole, unaltered and not from the future, or refused.

No pickle and no evaluated text: arrays are HDF5, everything else is JSON that the frozen models validate. The
file carries a digest of all it holds, so that an altered number is found and not reported.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from pydantic import TypeAdapter, ValidationError

from mmm import schema
from mmm.data import MarketingData
from mmm.data.description import DataDescription
from mmm.errors import StorageError
from mmm.model.inputs import Scales
from mmm.model.spec import ModelSpec
from mmm.posterior.diagnosis import Diagnosis
from mmm.posterior.draws import Draws
from mmm.posterior.posterior import Posterior, Provenance

__all__ = ["load", "save"]

FORMAT = "mmm posterior"

#: Attributes of a stored array that say what its numbers mean.
DECODED = ("units", "calendar", "dtype")
#: What the netCDF format calls a dim that has no coordinate.
DIM_WITHOUT_VALUES = b"This is a netCDF dimension but not a netCDF variable"


def save(posterior: Posterior, path: str | PathLike[str]) -> None:
    """Write a posterior to one file, atomically: the old file stays until the new one is complete.

    Raises
    ------
    StorageError
        If the folder does not exist, or the path is a folder.
    """
    target = Path(path)
    if not target.parent.is_dir() or target.is_dir():
        raise StorageError(
            f"{str(target)!r} is a folder" if target.is_dir() else f"the folder of {str(target)!r} does not exist",
            "a fit that is not written is lost when the notebook closes",
            "give a file name in a folder that exists",
        )
    groups = _groups(posterior)
    texts = {
        "format": FORMAT,
        "file_version": str(schema.FILE_VERSION),
        "spec": posterior.spec.model_dump_json(),
        "scales": posterior.scales.model_dump_json(),
        "provenance": posterior.provenance.model_dump_json(),
        "diagnosis": posterior.diagnosis.model_dump_json(),
        "description": posterior.data.description.model_dump_json(),
        "notes": json.dumps(posterior.data.notes),
    }
    tree = xr.DataTree.from_dict({"/": xr.Dataset(attrs={**texts, "digest": digest(groups, texts)}), **groups})
    # a name of our own and not `tempfile`, whose files only their owner may read, also once they are moved
    temporary = target.parent / f".{target.name}.{secrets.token_hex(8)}.part"
    try:
        tree.to_netcdf(temporary, engine="h5netcdf")
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def load(path: str | PathLike[str]) -> Posterior:
    """Read a posterior that :meth:`mmm.Posterior.save` wrote. Neither PyMC nor a sampler is needed.

    Parameters
    ----------
    path : path

    Returns
    -------
    Posterior
        Tables made from it equal those of the posterior that was saved, to the last bit.

    Raises
    ------
    StorageError
        If the file is missing, truncated, altered, written by a newer version, or not a saved fit.

    Examples
    --------
    >>> posterior.save("2026q3.nc")
    >>> mmm.load("2026q3.nc").spec == posterior.spec
    True
    """
    source = Path(path)
    if not source.is_file():
        raise StorageError(f"there is no file {str(source)!r}", "", "check the path; posterior.save(path) writes one")
    groups, texts = _read(source)
    if texts.get("format") != FORMAT:
        raise StorageError(
            f"{str(source)!r} is not a fit that mmm saved",
            "its draws would be read under names and units they do not have",
            "give a file written by posterior.save()",
        )
    version = texts.get("file_version", "")
    if version.isdecimal() and int(version) > schema.FILE_VERSION:
        raise StorageError(
            f"{str(source)!r} has file version {version}, this mmm reads up to {schema.FILE_VERSION}",
            "a newer version may mean other things by the same names",
            "update mmm, or load it with the version that wrote it",
        )
    if texts.pop("digest", "") != digest(groups, texts):
        raise StorageError(
            f"{str(source)!r} was altered after it was saved: its digest does not match its contents",
            "numbers in it are no longer those that were fitted",
            "restore the file from a backup, or fit again",
        )
    try:
        return _restore(groups, texts)
    except (ValidationError, KeyError, ValueError) as error:
        raise StorageError(
            f"{str(source)!r} does not describe a fit that this version understands: {error}",
            "a half-read specification would replay other contributions than were fitted",
            "load it with the version of mmm that wrote it",
        ) from error


def _groups(posterior: Posterior) -> dict[str, xr.Dataset]:
    tree = posterior.datatree
    groups = {name: tree[name].to_dataset() for name in ("posterior", "sample_stats", "observed_data", "constant_data")}
    for group in groups.values():
        group.attrs = {}
    return groups


def _read(source: Path) -> tuple[dict[str, xr.Dataset], dict[str, str]]:
    import h5py

    try:
        with h5py.File(source) as file:
            groups = {name: _read_group(group) for name, group in file.items() if isinstance(group, h5py.Group)}
            # netCDF adds a note of its own, `_NCProperties`
            return groups, {name: str(text) for name, text in file.attrs.items() if not name.startswith("_")}
    except Exception as error:
        # h5py, h5netcdf and xarray raise a dozen kinds on a damaged file; to a reader they mean one thing
        raise StorageError(
            f"{str(source)!r} cannot be read: {type(error).__name__}: {error}",
            "the file is truncated, damaged or not netCDF, and part of the draws would be missing",
            "restore the file from a backup, or fit again",
        ) from error


def _read_group(group: Any) -> xr.Dataset:
    """Read one group of a netCDF file: what xarray does with it, without asking for every dim in every group again.

    That nothing is read under a wrong name or dim is seen by the digest.
    """
    variables = {}
    for name, stored in group.items():
        if stored.attrs.get("NAME", b"").startswith(DIM_WITHOUT_VALUES):
            continue
        dims = [name] if stored.is_scale else [scales[0].name.rsplit("/", 1)[-1] for scales in stored.dims]
        values = stored.asstr()[()] if stored.dtype == object else stored[()]
        variables[name] = xr.Variable(dims, values, {key: stored.attrs[key] for key in DECODED if key in stored.attrs})
    return xr.decode_cf(xr.Dataset(variables))


def _restore(groups: dict[str, xr.Dataset], texts: dict[str, str]) -> Posterior:
    data = MarketingData.restore(
        groups["observed_data"].merge(groups["constant_data"]),
        DataDescription.model_validate_json(texts["description"]),
        tuple(TypeAdapter(list[str]).validate_json(texts["notes"])),
    )
    provenance = Provenance.model_validate_json(texts["provenance"])
    draws = Draws(
        parameters=groups["posterior"],
        data=data,
        spec=ModelSpec.model_validate_json(texts["spec"]),
        scales=Scales.model_validate_json(texts["scales"]),
        seed=provenance.seed,
    )
    return Posterior(draws, groups["sample_stats"], Diagnosis.model_validate_json(texts["diagnosis"]), provenance)


def digest(groups: dict[str, xr.Dataset], texts: dict[str, str]) -> str:
    """SHA-256 of every array and text, whatever order or encoding the file keeps them in."""
    found = hashlib.sha256(json.dumps(dict(sorted(texts.items()))).encode())
    for name in sorted(groups):
        for variable in sorted(groups[name].variables, key=str):
            array = groups[name][variable]
            found.update(json.dumps([name, str(variable), [str(dim) for dim in array.dims], array.shape]).encode())
            found.update(_bytes(array.values))
    return found.hexdigest()


def _bytes(values: np.ndarray[Any, Any]) -> bytes:
    if values.dtype.kind == "M":
        return values.astype("datetime64[ns]").astype(np.int64).tobytes()
    if values.dtype.kind in "UOT":
        return json.dumps([str(value) for value in values.ravel()]).encode()
    return np.ascontiguousarray(values, dtype=np.float64).tobytes()
