"""A fused density with its numbers, as the sampler takes it."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm.fitting.fused import density
from mmm.fitting.fused.layout import POSITION, Layout
from mmm.fitting.fused.numbers import numbers_of
from mmm.fitting.trace import import_nutpie
from mmm.model.inputs import ModelInputs
from mmm.model.spec import ModelSpec

__all__ = ["FusedProgram"]

Floats = NDArray[np.float64]
DOUBLES = ctypes.POINTER(ctypes.c_double)


@dataclass(frozen=True, eq=False)
class FusedProgram:
    """The density of one covered spec and data set.

    Attributes
    ----------
    layout : Layout
    numbers : array, shape (number,)
    weeks_per_period : float
    """

    layout: Layout
    numbers: Floats
    weeks_per_period: float

    @classmethod
    def of(cls, spec: ModelSpec, inputs: ModelInputs, *, roi_name: str) -> FusedProgram:
        """Lay out a covered spec; nothing is compiled."""
        layout = Layout.of(spec, roi_name=roi_name)
        return cls(layout, numbers_of(layout, inputs), inputs.weeks_per_period)

    @property
    def compiled(self) -> Any:
        """What nutpie samples from."""
        n = self.layout.n_coordinates
        # nutpie takes addresses of functions and of whatever they are to be handed, and asks nothing else of them
        return import_nutpie().compile_pymc.CompiledPyMCModel(
            dims={},
            reparameterized_names=None,
            compiled_logp_func=density.log_density,
            compiled_expand_func=density.copy_position,
            initial_point_func=self.layout.start,
            shared_data={},
            shared_var_keys={},
            user_data=self.numbers,
            n_expanded=n,
            shape_info=([POSITION], [slice(0, n)], [(n,)]),
            logp_func=None,
            expand_func=None,
            _n_dim=n,
            _shapes={POSITION: (n,)},
            _coords={},
        )

    @property
    def coordinates(self) -> tuple[tuple[str, int], ...]:
        """Name and number of the coordinates of each parameter, in their order."""
        return tuple((name, block.size) for name, block in self.layout.blocks.items())

    def log_density(self, position: Floats) -> tuple[float, Floats]:
        """Evaluate at one position: log density and gradient, shape (coordinate,); both NaN where it is not finite."""
        gradient, found = np.empty(len(position)), np.empty(1)
        pointers = [array.ctypes.data_as(DOUBLES) for array in (np.ascontiguousarray(position), gradient, found)]
        failed = density.log_density.ctypes(len(position), *pointers, self.numbers.ctypes.data)
        return (np.nan, np.full_like(gradient, np.nan)) if failed else (float(found[0]), gradient)

    def parameters(self, sampled: xr.Dataset) -> xr.Dataset:
        """Turn what was sampled into the posterior's variables."""
        return self.layout.parameters(sampled[POSITION].values, weeks_per_period=self.weeks_per_period)
