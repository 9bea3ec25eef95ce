"""What the sampler is given: the fused density where it covers the spec, else the PyMC model, compiled.

Compiled models are kept: a second fit of the same structure starts sampling at once. Such a program is compiled from
structure alone and then given numbers (`model/structure.py`). Whether it was compiled just now or taken from here, the
same data, spec and seed give the same bits.
"""

from __future__ import annotations

import math
import warnings
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import xarray as xr

from mmm import schema
from mmm.data import MarketingData
from mmm.fitting.fused.coverage import covers
from mmm.model.inputs import ModelInputs, Scales
from mmm.model.spec import ModelSpec
from mmm.model.structure import model_numbers, model_structure

if TYPE_CHECKING:
    import pymc as pm

__all__ = ["CompiledModel", "Program", "compile_model", "forget_programs", "program_for"]

#: Programs that are kept; each holds about 100 MB of machine code and buffers.
KEPT_PROGRAMS = 6

_programs: OrderedDict[str, CompiledModel] = OrderedDict()


class Program(Protocol):
    """A density with its numbers, ready to be sampled."""

    @property
    def compiled(self) -> Any:
        """What nutpie samples from."""

    @property
    def coordinates(self) -> tuple[tuple[str, int], ...]:
        """Name and number of the coordinates of each parameter that is sampled, in their order."""

    def parameters(self, sampled: xr.Dataset) -> xr.Dataset:
        """Turn what was sampled into the posterior's variables, dims (chain, draw, ...)."""


@dataclass(frozen=True)
class CompiledModel:
    """A compiled PyMC model with its numbers.

    Attributes
    ----------
    compiled
        What nutpie samples from.
    variables : tuple of str
        Names that the posterior keeps.
    sampled : dict of str
        What the sampler calls the coordinates of each parameter, in its order.
    """

    compiled: Any
    variables: tuple[str, ...]
    sampled: dict[str, str] = field(default_factory=dict)

    @property
    def coordinates(self) -> tuple[tuple[str, int], ...]:
        """Name and number of the coordinates of each parameter, in their order."""
        return tuple((name, math.prod(self.compiled.shapes[theirs])) for name, theirs in self.sampled.items())

    def with_numbers(self, numbers: dict[str, Any]) -> CompiledModel:
        """Give the same code other numbers; those it does not use are left out."""
        used = {variable.name for variable in self.compiled.shared_var_keys}
        return replace(self, compiled=self.compiled.with_data(**{k: v for k, v in numbers.items() if k in used}))

    def parameters(self, sampled: xr.Dataset) -> xr.Dataset:
        """Keep the posterior's variables."""
        return sampled[list(self.variables)]


def program_for(data: MarketingData, spec: ModelSpec, scales: Scales) -> Program:
    """Give the numbers of a resolved spec to the fused density, or to the model compiled for this structure."""
    inputs = ModelInputs.prepare(data, spec, scales)
    if covers(spec, inputs):
        from mmm.fitting.fused.program import FusedProgram  # compiled, or read from disk, when it is first needed

        return FusedProgram.of(spec, inputs, roi_name=schema.ROI if data.has_money_value else schema.OUTCOME_PER_SPEND)
    key = f"{data.has_money_value}{model_structure(spec, inputs)}"
    if key not in _programs:
        from mmm.model.build import build

        _programs[key] = compile_model(build(data, spec, scales=scales))
    _programs.move_to_end(key)
    while len(_programs) > KEPT_PROGRAMS:
        _programs.popitem(last=False)
    return _programs[key].with_numbers(model_numbers(spec, inputs))


def forget_programs() -> None:
    """Free the memory of all kept programs."""
    _programs.clear()


def compile_model(model: pm.Model) -> CompiledModel:
    """Compile any PyMC model for the sampler."""
    import nutpie
    import pytensor

    from mmm.model.variables import kept_variables, sampled_variables

    # Without fast-math the order of every operation is fixed: code compiled now and code loaded from the cache give
    # the same bits. With it they do not, because what is compiled together is optimised together.
    with warnings.catch_warnings(), pytensor.config.change_flags(numba__fastmath=False):
        # numba warns of its own speed; there is nothing a reader could do about it
        warnings.filterwarnings("ignore", module="numba")
        compiled = nutpie.compile_pymc_model(model)
    kept = tuple(variable.name for variable in kept_variables(model))
    return CompiledModel(compiled, kept, sampled_variables(model))
