"""What a channel's spend returned, draw by draw: by horizon, and how much of it has landed."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.horizon import periods
from mmm.posterior import Draws
from mmm.returns.by_lag import cohorts_by_lag
from mmm.returns.replay import ChannelDraws, replay_channels
from mmm.returns.valuation import Valuation
from mmm.returns.window import Window

__all__ = ["per_spend", "returns_by_horizon", "with_total"]

Floats = NDArray[np.float64]


def returns_by_horizon(
    draws: Draws,
    *,
    horizons: tuple[float, ...],
    window: Window | None = None,
    valuation: Valuation | None = None,
    landed: bool = True,
) -> xr.Dataset:
    """Return of a window's spend within each horizon, for every draw.

    Parameters
    ----------
    draws : Draws
        From the posterior or from the prior.
    horizons : tuple of float
        Weeks counted after each period's spend, that period included.
    window : (start, stop), optional
        Rows of the data whose spend is judged; all of them by default.
    valuation : Valuation, optional
        That of the data by default.
    landed : bool
        Also say what has landed.

    Returns
    -------
    Dataset, dims (chain, draw, channel, horizon_weeks)
        ``incremental_outcome`` (outcome units), ``money`` (its value times margin; NaN where there is no money
        value), ``landed`` (the part of ``incremental_outcome`` that landed before the data ended) and ``spend``
        (channel). The channel ``total`` sums draws over channels.

    Notes
    -----
    ``money`` weighs each period's return with the value and margin of the period in which it lands; returns that land
    after the data get the mean of the last year. Saturation first: with the response ``r_s`` to each period's spend and
    the share ``F(n)`` of it that lands within n periods, the return within h periods is ``F(h) sum_s r_s``, and what of
    it has landed n periods after the first is ``sum_s r_s F(min(h, n - s))``. Adstock first: see
    :func:`mmm.model.response.landing`.
    """
    data = draws.data
    start, stop = window or (0, data.n_periods)
    lengths = [periods(weeks, data.weeks_per_period) for weeks in horizons]
    valuation = valuation or Valuation.of(draws)
    unit = 1.0 if valuation.is_money else np.nan

    def replay(at: ChannelDraws) -> dict[str, Floats]:
        found = _of_cohorts if at.saturates_first else _of_counterfactuals
        blocks = [found(block, start, stop, data.n_periods, lengths, valuation, landed) for block in at.in_blocks()]
        shape = (*at.size.shape, len(lengths))
        return {name: np.concatenate([block[name] for block in blocks]).reshape(shape) for name in blocks[0]}

    by_channel = replay_channels(draws, replay)
    worth = unit * valuation.by_draw[..., None]
    cells = {name: [found[name] for found in by_channel] for name in by_channel[0]}
    cells["money"] = [worth * amount for amount in cells["money"]]
    spend = data.dataset[schema.SPEND].values[0, start:stop].sum(axis=0)
    coords = {schema.CHANNEL: [*data.channels, schema.TOTAL], schema.HORIZON: list(horizons)}
    dims = (schema.CHAIN, schema.DRAW, schema.CHANNEL, schema.HORIZON)
    return xr.Dataset(
        {name: (dims, with_total(np.stack(arrays, axis=2))) for name, arrays in cells.items()}
        | {schema.SPEND: (schema.CHANNEL, np.append(spend, spend.sum()))},
        coords=coords,
    )


def _of_cohorts(
    at: ChannelDraws, start: int, stop: int, n_periods: int, lengths: list[int], valuation: Valuation, landed: bool
) -> dict[str, Floats]:
    """Saturation first: outcome, its money and what of it landed in the data, each of shape (draw, horizon)."""
    longest, ends = max(lengths), np.array(lengths) - 1
    weights = at.weights(longest)
    within = weights.cumsum(axis=-1)  # column n - 1: share that lands within n periods
    value = valuation.rows(start, stop + longest - 1)
    if at.size_is_whole and stop - start == n_periods and np.ptp(value) == 0 and not landed:
        responses = at.size[..., None]  # all at once: what lands when, and is worth what, is the same for each
    else:
        responses = at.amplitude[..., None] * at.responses[..., start:stop]
    money = cohorts_by_lag(responses, weights, value=value).cumsum(axis=-1)[..., ends]
    found = {"incremental_outcome": responses.sum(axis=-1, keepdims=True) * within[..., ends], "money": money}
    return found | {"landed": _landed(responses, within, lengths, after=n_periods - stop)} if landed else found


def _landed(responses: Floats, within: Floats, lengths: list[int], *, after: int) -> Floats:
    """What of the responses has landed when the data end, ``after`` periods after the last of them."""
    n, found = responses.shape[-1], []
    # the last period first: periods until the data end, and what of each has landed by then, added up once for all
    young = min(max(max(lengths) - after, 0), n)
    of_young = (np.flip(responses, axis=-1)[..., :young] * within[..., after : after + young]).cumsum(axis=-1)
    for length in lengths:
        cut = min(max(length - after, 0), young)
        of_old = responses[..., : n - cut].sum(axis=-1) * within[..., length - 1]
        found.append(of_old + of_young[..., cut - 1] if cut else of_old)
    return np.stack(found, axis=-1)


def _of_counterfactuals(
    at: ChannelDraws, start: int, stop: int, n_periods: int, lengths: list[int], valuation: Valuation, landed: bool
) -> dict[str, Floats]:
    """Adstock first: the same from what lands in every period with the window's spend and without it."""
    by_row = at.landing(start=start, stop=stop, horizons=lengths)
    value = valuation.rows(start, start + by_row[0].shape[-1])
    found = {"incremental_outcome": [rows.sum(axis=-1) for rows in by_row], "money": [rows @ value for rows in by_row]}
    if landed:
        found["landed"] = [rows[..., : n_periods - start].sum(axis=-1) for rows in by_row]
    return {name: np.stack(amounts, axis=-1) for name, amounts in found.items()}


def per_spend(returns: xr.Dataset, variable: str) -> xr.DataArray:
    """Return per unit of spend; NaN where nothing was spent, whatever came for free.

    Parameters
    ----------
    returns : Dataset
        From :func:`returns_by_horizon`.
    variable : {"money", "incremental_outcome"}
    """
    spend = returns[schema.SPEND]
    return returns[variable] / spend.where(spend > 0)


def with_total(by_channel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Append the sum over channels (axis 2), draw by draw."""
    return np.concatenate([by_channel, by_channel.sum(axis=2, keepdims=True)], axis=2)
