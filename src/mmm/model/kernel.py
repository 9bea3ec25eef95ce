"""What every carry-over kernel can do; the kernels themselves are in `carryover.py` and `finite_carryover.py`.

Every kernel has weights ``w_0, w_1, ...`` that sum to one, so an amplitude is the whole effect and
the carry-over only says when it lands. Parameters are in weeks whatever the period of the data.
Arrays are ``(..., time, channel)``, parameters ``(..., channel)``; the same methods take NumPy arrays
and PyTensor variables.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from mmm.model.frozen import Frozen
from mmm.model.priors import Prior

__all__ = ["CarryoverKernel"]


class CarryoverKernel(Frozen):
    """Base of every kernel: its priors by public parameter name, and what it does to a series."""

    @property
    def has_memory(self) -> bool:
        """Whether anything lands after the period of the spend."""
        return True

    @abstractmethod
    def parameters(self) -> dict[str, Prior]:
        """Priors by the name the parameter has in the posterior."""

    @abstractmethod
    def carry(self, x: Any, parameters: dict[str, Any], *, weeks_per_period: float, age: int = 0) -> Any:
        """Stock left by ``x``, counting only what is at least ``age`` periods old."""

    def carry_by_age(
        self, x: Any, parameters: dict[str, Any], *, weeks_per_period: float, ages: Sequence[int]
    ) -> list[Any]:
        """Stocks of several ages, sharing what they have in common."""
        return [self.carry(x, parameters, weeks_per_period=weeks_per_period, age=age) for age in ages]

    @abstractmethod
    def landed(self, periods: int, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Share of the effect that lands within ``periods``, the period of the spend included; (..., channel)."""

    @abstractmethod
    def tail(self, n_rows: int, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Stock in rows ``0, 1, ...`` left by one unit of spend in every period before row 0."""
