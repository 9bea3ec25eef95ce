"""Compiled models, kept: a second fit of the same structure starts sampling at once.

A program is compiled from structure alone and then given numbers (`model/structure.py`). Whether it was compiled just
now or taken from here, the same data, spec and seed give the same bits.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mmm.data import MarketingData
from mmm.model.inputs import ModelInputs, Scales
from mmm.model.spec import ModelSpec
from mmm.model.structure import model_numbers, model_structure

if TYPE_CHECKING:
    import pymc as pm

__all__ = ["Program", "compile_model", "forget_programs", "program_for"]

#: Programs that are kept; each holds about 100 MB of machine code and buffers.
KEPT_PROGRAMS = 6

_programs: OrderedDict[str, Program] = OrderedDict()


@dataclass(frozen=True)
class Program:
    """A compiled density with its numbers.

    Attributes
    ----------
    compiled
        What nutpie samples from.
    variables : tuple of str
        Names that the posterior keeps.
    """

    compiled: Any
    variables: tuple[str, ...]

    def with_numbers(self, numbers: dict[str, Any]) -> Program:
        """Give the same code other numbers; those it does not use are left out."""
        used = {variable.name for variable in self.compiled.shared_var_keys}
        return replace(self, compiled=self.compiled.with_data(**{k: v for k, v in numbers.items() if k in used}))


def program_for(data: MarketingData, spec: ModelSpec, scales: Scales) -> Program:
    """Compile the model of a resolved spec, or give the kept program of the same structure these numbers."""
    inputs = ModelInputs.prepare(data, spec, scales)
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


def compile_model(model: pm.Model) -> Program:
    """Compile any PyMC model for the sampler."""
    import nutpie
    import pytensor

    from mmm.model.variables import kept_variables

    # Without fast-math the order of every operation is fixed: code compiled now and code loaded from the cache give
    # the same bits. With it they do not, because what is compiled together is optimised together.
    with warnings.catch_warnings(), pytensor.config.change_flags(numba__fastmath=False):
        # numba warns of its own speed; there is nothing a reader could do about it
        warnings.filterwarnings("ignore", module="numba")
        compiled = nutpie.compile_pymc_model(model)
    return Program(compiled, tuple(variable.name for variable in kept_variables(model)))
