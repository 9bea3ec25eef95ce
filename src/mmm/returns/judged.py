"""What is judged: the spend of which periods, within which horizons, and what its returns are worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.horizon import periods
from mmm.posterior import Draws
from mmm.returns.valuation import Valuation
from mmm.returns.window import Window

__all__ = ["Judged", "with_total"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Judged:
    """A window's spend, and horizons within which its return is counted.

    Attributes
    ----------
    draws : Draws
    start, stop : int
        Rows of the data.
    horizons : tuple of float
        Weeks.
    valuation : Valuation
    """

    draws: Draws
    start: int
    stop: int
    horizons: tuple[float, ...]
    valuation: Valuation

    @classmethod
    def of(
        cls, draws: Draws, *, horizons: tuple[float, ...], window: Window | None, valuation: Valuation | None
    ) -> Judged:
        """Fill in what was not asked for: all of the data, and their own valuation."""
        return cls(draws, *(window or (0, draws.data.n_periods)), horizons, valuation or Valuation.of(draws))

    @property
    def n_periods(self) -> int:
        """Of the data."""
        return self.draws.data.n_periods

    @property
    def is_of_all_data(self) -> bool:
        """Whether the spend of every period of the data is judged."""
        return (self.start, self.stop) == (0, self.n_periods)

    @cached_property
    def lengths(self) -> list[int]:
        """Horizons in periods."""
        return [periods(weeks, self.draws.data.weeks_per_period) for weeks in self.horizons]

    @cached_property
    def value(self) -> Floats:
        """Money per unit by landing period, from the window's first to the last that the longest horizon reaches."""
        return self.valuation.rows(self.start, self.stop + max(self.lengths) - 1)

    @cached_property
    def spend(self) -> Floats:
        """Of each period and channel, shape (period, channel)."""
        return np.asarray(self.draws.data.dataset[schema.SPEND].values[0, self.start : self.stop])

    def paid(self, channel: str) -> NDArray[np.bool_]:
        """Periods in which something was spent on a channel."""
        return np.asarray(self.spend[:, self.draws.data.channels.index(channel)] > 0)

    def dataset(self, cells: Mapping[str, Sequence[Floats]]) -> xr.Dataset:
        """Put channels side by side and their sum after them, with their spend.

        Parameters
        ----------
        cells : dict of sequence of array
            By variable, of each channel, shape (chain, draw, horizon).
        """
        dims = (schema.CHAIN, schema.DRAW, schema.CHANNEL, schema.HORIZON)
        spend = self.spend.sum(axis=0)
        variables = {name: (dims, with_total(np.stack(arrays, axis=2))) for name, arrays in cells.items()}
        return xr.Dataset(
            variables | {schema.SPEND: (schema.CHANNEL, np.append(spend, spend.sum()))},
            coords={
                schema.CHANNEL: [*self.draws.data.channels, schema.TOTAL],
                schema.HORIZON: list(self.horizons),
            },
        )


def with_total(by_channel: Floats) -> Floats:
    """Append the sum over channels (axis 2), draw by draw."""
    return np.concatenate([by_channel, by_channel.sum(axis=2, keepdims=True)], axis=2)
