"""Where the return is booked: what came from spend before the window, what landed in it, and what comes after."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.horizon import periods
from mmm.posterior import Draws
from mmm.returns.judged import with_total
from mmm.returns.replay import ChannelDraws
from mmm.returns.valuation import Valuation
from mmm.returns.window import Window

__all__ = ["LEDGER_PARTS", "ledger_draws"]

Floats = NDArray[np.float64]

#: Amounts of the ledger, in order.
LEDGER_PARTS = ("carry_in", "in_window", "carry_out", "cohort_total")
#: Adstock first has no closed form for what is still to come: so many weeks after the data are simulated.
FOLLOWED_WEEKS = 520


def ledger_draws(draws: Draws, *, window: Window | None = None, valuation: Valuation | None = None) -> xr.Dataset:
    """Return of a window's spend by where it lands, and what landed there from before, for every draw.

    Parameters
    ----------
    draws : Draws
    window : (start, stop), optional
        Rows of the data whose spend is judged; all of them by default.
    valuation : Valuation, optional
        That of the data by default.

    Returns
    -------
    Dataset, dims (chain, draw, channel)
        ``carry_in`` lands in the window from spend before it, history and carry-in level included; ``in_window``
        lands in the window from its own spend; ``carry_out`` lands after the window's last period from its spend,
        forever; ``cohort_total = in_window + carry_out``; ``to_come`` is the part of ``carry_out`` that lands after
        the data. ``carry_in + in_window`` is all that landed in the window. Money by landing period, or units where
        the outcome has no money value. ``spend`` (channel). The channel ``total`` sums draws over channels.

    Notes
    -----
    Forever is exact for saturation first: after the data a unit is worth the same in every period, and the weights of
    the kernel sum to one. For adstock first it is ten years after the data.
    """
    data = draws.data
    valuation = valuation or Valuation.of(draws)
    start, stop = window or (0, data.n_periods)
    first = draws.inputs.start
    without = np.array(draws.inputs.driver)
    without[first + start : first + stop] = 0.0
    from_before = draws.contributions(without).values[:, :, 0, start:stop]
    cells = {name: [] for name in (*LEDGER_PARTS, "to_come")}  # type: dict[str, list[Floats]]
    for column, name in enumerate(data.channels):
        landed, later = _landed(ChannelDraws.of(draws, name), start=start, stop=stop, n_periods=data.n_periods)
        before_end = landed[..., : stop - start]
        to_come = valuation.by_draw * valuation.later * later
        cells["carry_in"].append(valuation.total(from_before[..., column], start=start))
        cells["in_window"].append(valuation.total(before_end, start=start))
        cells["carry_out"].append(valuation.total(landed[..., stop - start :], start=stop) + to_come)
        cells["cohort_total"].append(cells["in_window"][-1] + cells["carry_out"][-1])
        cells["to_come"].append(to_come)
    dims = (schema.CHAIN, schema.DRAW, schema.CHANNEL)
    spend = data.dataset[schema.SPEND].values[0, start:stop].sum(axis=0)
    return xr.Dataset(
        {name: (dims, with_total(np.stack(arrays, axis=-1))) for name, arrays in cells.items()}
        | {schema.SPEND: (schema.CHANNEL, np.append(spend, spend.sum()))},
        coords={schema.CHANNEL: [*data.channels, schema.TOTAL]},
    )


def _landed(at: ChannelDraws, *, start: int, stop: int, n_periods: int) -> tuple[Floats, Floats]:
    """What the window's spend brings by row up to the data's end (..., row), and all that it brings after (...)."""
    known = n_periods - start
    if at.saturates_first:
        left = at.still_to_land(known)[..., known - (stop - start) :][..., ::-1]  # the last period is the youngest
        later = at.amplitude * (at.responses[..., start:stop] * left).sum(axis=-1)
        return at.landing(start=start, stop=stop, horizons=[known])[0][..., :known], later
    followed = known + periods(FOLLOWED_WEEKS, at.weeks_per_period)
    rows, sums = [], []
    for block in at.in_blocks():
        [by_row] = block.landing(start=start, stop=stop, horizons=[followed])
        rows.append(by_row[:, :known])
        sums.append(by_row[:, known:].sum(axis=-1))
    shape = at.size.shape
    return np.concatenate(rows).reshape(*shape, known), np.concatenate(sums).reshape(shape)
