"""One channel of some draws, ready to be replayed: what every return here is computed from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmm.model.channel import Channel
from mmm.model.inputs import followed_by_zeros
from mmm.model.response import landing, response
from mmm.model.saturation import NoSaturation
from mmm.posterior import Draws

__all__ = ["ChannelDraws", "replay_blocks", "replay_channels"]

Floats = NDArray[np.float64]

#: Draws that are replayed together where a table of draws x rows would not fit in memory.
DRAWS_AT_ONCE = 500


def replay_channels[T](draws: Draws, function: Callable[[ChannelDraws], T]) -> list[T]:
    """Apply a function to each channel of some draws, several at a time: the arithmetic of arrays shares the cores."""
    _ = draws.inputs  # made once, before threads would each make them
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return list(pool.map(lambda name: function(ChannelDraws.of(draws, name)), draws.data.channels))


def replay_blocks(draws: Draws, function: Callable[[ChannelDraws], dict[str, Floats]]) -> list[dict[str, Floats]]:
    """Apply a function to each channel, a few hundred draws at a time.

    Parameters
    ----------
    draws : Draws
    function : callable
        Of draws in one row; gives arrays of shape (draw, ...).

    Returns
    -------
    list of dict of array, shape (chain, draw, ...)
        By channel.
    """

    def of_channel(at: ChannelDraws) -> dict[str, Floats]:
        blocks = [function(block) for block in at.in_blocks()]
        whole = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
        return {name: array.reshape(*at.size.shape, *array.shape[1:]) for name, array in whole.items()}

    return replay_channels(draws, of_channel)


@dataclass(frozen=True, eq=False)
class ChannelDraws:
    """Parameters of one channel with its driver; leading dims are draws, by chain or in one row.

    Attributes
    ----------
    name : str
    channel : Channel
    parameters : dict of array, shape (..., 1)
    size : array, shape (...)
        Outcome that all spend in the data brings in the end, or outcome per unit of response: see ``size_is_whole``.
    driver : array, shape (history + period, 1)
        In units of its mean.
    history : int
        Rows before the data.
    weeks_per_period : float
    size_is_whole : bool
        Whether ``size`` is the whole effect. Then the curve is not needed for it, and where the curve is needed it is
        evaluated once.
    """

    name: str
    channel: Channel
    parameters: dict[str, Any]
    size: Floats
    driver: Floats
    history: int
    weeks_per_period: float
    size_is_whole: bool

    @classmethod
    def of(cls, draws: Draws, name: str) -> ChannelDraws:
        """Take one channel out of all."""
        inputs, column = draws.inputs, draws.data.channels.index(name)
        whole = draws.whole_effect(name)
        return cls(
            name=name,
            channel=draws.spec.channels[name],
            parameters=draws.channel_parameters(name),
            size=draws.amplitude(name) if whole is None else whole,
            driver=inputs.driver[:, [column]],
            history=inputs.start,
            weeks_per_period=inputs.weeks_per_period,
            size_is_whole=whole is not None,
        )

    @cached_property
    def amplitude(self) -> Floats:
        """Outcome per unit of response, shape (...)."""
        return np.asarray(self.size / self.responses.sum(axis=-1)) if self.size_is_whole else self.size

    @cached_property
    def responses(self) -> Floats:
        """Curve of the driver itself in every period of the data, shape (..., period)."""
        return self.respond(self.driver[self.history :, 0])

    @property
    def saturates_first(self) -> bool:
        """Whether every period's spend has a return of its own."""
        return self.channel.order == "saturation_first"

    def driver_until(self, stop: int, *, rows: int) -> Floats:
        """Driver of history and of the data's rows up to ``stop``, then nothing; ``rows`` of the data in all."""
        return followed_by_zeros(self.driver[: self.history + stop], rows - stop)

    def within(self, lengths: Sequence[int]) -> Floats:
        """Share of a response that lands within some numbers of periods, shape (..., length)."""
        kernel, period = self.channel.carryover, self.weeks_per_period
        shares = [kernel.landed(length, self.parameters, weeks_per_period=period) for length in lengths]
        return np.concatenate([np.broadcast_to(share, (*self.size.shape, 1)) for share in shares], axis=-1)

    def weights(self, n_lags: int) -> Floats:
        """Share of a response that lands 0, 1, ... periods later, shape (..., lag): the kernel, digit by digit."""
        impulse = np.zeros((n_lags, 1))
        impulse[0] = 1.0
        carried = self.channel.carryover.carry(impulse, self.parameters, weeks_per_period=self.weeks_per_period)
        return np.asarray(carried)[..., 0]

    def still_to_land(self, n_periods: int) -> Floats:
        """Share of a response that lands 1, 2, ..., ``n_periods`` periods later or after that, shape (..., lag).

        The stock that steady spend since forever leaves is the sum of all older weights; so it takes no difference
        of nearly equal numbers, and is exactly zero where the kernel has ended.
        """
        tail = self.channel.carryover.tail(n_periods, self.parameters, weeks_per_period=self.weeks_per_period)
        return np.asarray(tail)[..., 0]

    def respond(self, x: Floats) -> Floats:
        """Curve of the channel, shape (..., row) in and out."""
        return np.asarray(self.channel.saturation.respond(x[..., None], self.parameters))[..., 0]

    def bend(self, x: Floats, response: Floats) -> Floats:
        """Derivative of the curve in the logarithm of its argument, ``x f'(x)``, shape (..., row) in and out."""
        bent = self.channel.saturation.bend(x[..., None], response[..., None], self.parameters)
        return np.asarray(bent)[..., 0]

    def stock(self, x: Floats) -> Floats:
        """Stock of the driver itself, carry-in included, shape (..., row): the response along a straight line."""
        straight = self.channel.model_copy(update={"saturation": NoSaturation()})
        return np.asarray(response(x, straight, self.parameters, weeks_per_period=self.weeks_per_period))[..., 0]

    def landing(self, *, start: int, stop: int, horizons: Sequence[int]) -> list[Floats]:
        """Return of a window's spend within each horizon by the row in which it lands, from ``start`` on.

        Returns
        -------
        list of array, shape (..., row)
            One for each horizon (periods); rows after the data's end are returns still to come.
        """
        unit = landing(
            self.driver_until(stop, rows=stop + max(horizons) - 1),
            self.channel,
            self.parameters,
            weeks_per_period=self.weeks_per_period,
            start=self.history + start,
            stop=self.history + stop,
            horizons=horizons,
        )
        return [np.asarray(self.amplitude[..., None] * by_row[..., 0]) for by_row in unit]

    def in_one_row(self) -> ChannelDraws:
        """Give the same draws without chains, shape (draw,)."""
        flat = {name: np.reshape(values, (-1, 1)) for name, values in self.parameters.items()}
        return replace(self, parameters=flat, size=self.size.reshape(-1))

    def take(self, draws: Any) -> ChannelDraws:
        """Some of the draws in one row."""
        some = {name: values[draws] for name, values in self.parameters.items()}
        return replace(self, parameters=some, size=self.size[draws])

    def in_blocks(self) -> Iterator[ChannelDraws]:
        """All draws in one row, a few hundred at a time."""
        flat = self.in_one_row()
        for first in range(0, len(flat.size), DRAWS_AT_ONCE):
            yield flat.take(slice(first, first + DRAWS_AT_ONCE))
