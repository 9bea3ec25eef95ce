"""The PyTensor side of the filters: an exact recursion with its adjoint, compiled by numba.

The pull-back of a recursion is the same recursion run backwards in time, so one Op is its
own gradient: no scan, no truncation, and a graph of a single node.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.graph import Apply, Op
from pytensor.link.numba.dispatch.basic import numba_njit, register_funcify_default_op_cache_key

from mmm.model import filters

__all__ = ["Recursion", "symbolic_convolve", "symbolic_recursion"]


class Recursion(Op):  # type: ignore[misc]
    """``S_t = decay * S_{t-1} + x_t`` over the rows of ``x`` (time, channel), or backwards."""

    __props__ = ("backwards",)

    def __init__(self, *, backwards: bool) -> None:
        self.backwards = backwards

    def make_node(self, x: Any, decay: Any) -> Apply:
        """Take a matrix and a vector of doubles, give a matrix."""
        x, decay = pt.as_tensor(x, dtype="float64"), pt.as_tensor(decay, dtype="float64")
        if (x.ndim, decay.ndim) != (2, 1):
            raise TypeError(f"Recursion takes (time, channel) and (channel,), got {x.ndim} and {decay.ndim} dims")
        return Apply(self, [x, decay], [pt.matrix(shape=x.type.shape, dtype="float64")])

    def perform(self, node: Apply, inputs: list[Any], outputs: list[Any]) -> None:
        """Run the NumPy filter; used where nothing is compiled."""
        x, decay = inputs
        step = -1 if self.backwards else 1
        outputs[0][0] = np.ascontiguousarray(filters.recursion(x[::step], decay)[::step])

    def infer_shape(self, node: Apply, shapes: list[Any]) -> list[Any]:
        """Give the shape of the input."""
        return [shapes[0]]

    def pullback(self, inputs: list[Any], outputs: list[Any], cotangents: list[Any]) -> list[Any]:
        """Run the recursion the other way round over the incoming gradient."""
        _, decay = inputs
        (stock,), (gradient,) = outputs, cotangents
        adjoint = Recursion(backwards=not self.backwards)(gradient, decay)
        if self.backwards:
            return [adjoint, (adjoint[:-1] * stock[1:]).sum(axis=0)]
        return [adjoint, (adjoint[1:] * stock[:-1]).sum(axis=0)]


@register_funcify_default_op_cache_key(Recursion)  # type: ignore[untyped-decorator]
def _compile_recursion(op: Recursion, **_: Any) -> Any:
    backwards = op.backwards

    @numba_njit  # type: ignore[untyped-decorator]
    def run(x: Any, decay: Any) -> Any:
        n_rows, n_channels = x.shape
        stock = np.empty((n_rows, n_channels))
        for c in range(n_channels):
            carried = 0.0
            for i in range(n_rows):
                t = n_rows - 1 - i if backwards else i
                carried = decay[c] * carried + x[t, c]
                stock[t, c] = carried
        return stock

    return run


def symbolic_recursion(x: Any, decay: Any) -> Any:
    """Apply :class:`Recursion` forwards."""
    return Recursion(backwards=False)(x, decay)


def symbolic_convolve(x: Any, weights: Any) -> Any:
    """Sum a stack of lagged rows; ``x`` is (time, channel), ``weights`` (lag, channel)."""
    x, weights = pt.as_tensor(x), pt.as_tensor(weights)
    lagged = np.arange(x.type.shape[0])[:, None] - np.arange(weights.type.shape[0])[None, :]
    stack = x[np.maximum(lagged, 0)] * (lagged >= 0)[:, :, None]
    return (stack * weights[None, :, :]).sum(axis=1)
