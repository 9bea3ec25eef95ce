"""What the sampler hands over, as arrays: nutpie's own way needs all of ArviZ, which takes seconds to import."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

import numpy as np
import xarray as xr

from mmm import schema

__all__ = ["KEPT_STATISTICS", "import_nutpie", "read_trace"]

#: Sampler statistics that are kept with the draws.
KEPT_STATISTICS = ("diverging", "energy", "logp", "step_size", "n_steps", "depth")


class _ImportedWhenAsked(ModuleType):
    """Stands for a module until something is asked of it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


def import_nutpie() -> Any:
    """Import nutpie, but ArviZ, which nutpie imports for its own way of reading draws, only if that is used."""
    if "arviz" not in sys.modules:
        sys.modules["arviz"] = _ImportedWhenAsked("arviz")
        try:
            import nutpie
        finally:
            del sys.modules["arviz"]  # whoever else imports it gets it
    import nutpie

    return nutpie


def read_trace(trace: Any, coords: dict[str, Any]) -> tuple[xr.Dataset, xr.Dataset]:
    """Read the kept draws of all chains, as many as the shortest chain has.

    Parameters
    ----------
    trace
        What nutpie returns for ``return_raw_trace=True``: by chain, one table of draws and one of statistics.
    coords : dict
        Labels by dim; dims without any get none.

    Returns
    -------
    draws, sample_stats : Dataset, dims (chain, draw, ...)
    """
    draws, stats = trace.get_arrow_trace()
    tuning = [int(np.sum(_column(table, "tuning"))) for table in stats]
    kept = min(table.num_rows - n for table, n in zip(draws, tuning, strict=True))

    def stacked(tables: list[Any], name: str) -> np.ndarray[Any, Any]:
        return np.stack([_column(table, name)[n : n + kept] for table, n in zip(tables, tuning, strict=True)])

    variables = {}
    for name in draws[0].column_names:
        dims = draws[0].column(name).field.metadata.get(b"dims", b"").decode()
        values = stacked(draws, name)
        own = dims.split(",") if dims else [f"{name}_dim_{i}" for i in range(values.ndim - 2)]
        variables[name] = ((schema.CHAIN, schema.DRAW, *own), values)
    labels: dict[str, Any] = {schema.CHAIN: np.arange(len(draws)), schema.DRAW: np.arange(kept)}
    used = {dim for dims, _ in variables.values() for dim in dims}
    labels |= {dim: np.asarray(values) for dim, values in coords.items() if dim in used}
    found = [name for name in KEPT_STATISTICS if name in stats[0].column_names]
    statistics = {name: ((schema.CHAIN, schema.DRAW), stacked(stats, name)) for name in found}
    return xr.Dataset(variables, labels), xr.Dataset(
        statistics, {dim: labels[dim] for dim in labels if dim not in coords}
    )


def _column(table: Any, name: str) -> np.ndarray[Any, Any]:
    """One column of a table as an array, shape (row, ...)."""
    import pyarrow

    column = table.column(name)
    shape = column.field.metadata.get(b"shape", b"").decode()
    array = pyarrow.array(column)
    flat = array.flatten() if hasattr(array, "flatten") else array
    values = flat.to_numpy(zero_copy_only=False)
    return np.asarray(values.reshape(table.num_rows, *[int(size) for size in shape.split(",") if size]))
