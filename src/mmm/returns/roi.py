"""What a channel's spend returned, draw by draw: by horizon, and how much of it has landed."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.posterior import Draws
from mmm.returns.by_lag import cohorts_by_lag
from mmm.returns.judged import Judged
from mmm.returns.replay import ChannelDraws, replay_blocks
from mmm.returns.valuation import Valuation
from mmm.returns.window import Window

__all__ = ["per_spend", "returns_by_horizon", "returns_of_block", "returns_of_blocks"]

Floats = NDArray[np.float64]
RETURNS = ("incremental_outcome", "money", "landed")


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
    judged = Judged.of(draws, horizons=horizons, window=window, valuation=valuation)
    return returns_of_blocks(replay_blocks(draws, lambda at: returns_of_block(at, judged, landed=landed)), judged)


def returns_of_block(at: ChannelDraws, judged: Judged, *, landed: bool) -> dict[str, Floats]:
    """Outcome, its money but for what differs by draw and what of it landed in the data, of shape (draw, horizon)."""
    found = _of_cohorts if at.saturates_first else _of_counterfactuals
    return found(at, judged, landed)


def returns_of_blocks(by_channel: list[dict[str, Floats]], judged: Judged) -> xr.Dataset:
    """Make of what was replayed of each channel what :func:`returns_by_horizon` gives."""
    worth = (1.0 if judged.valuation.is_money else np.nan) * judged.valuation.by_draw[..., None]
    cells = {name: [found[name] for found in by_channel] for name in RETURNS if name in by_channel[0]}
    cells["money"] = [worth * amount for amount in cells["money"]]
    return judged.dataset(cells)


def _of_cohorts(at: ChannelDraws, judged: Judged, landed: bool) -> dict[str, Floats]:
    """Saturation first: what lands of a response, and when, is the same for each."""
    window, value, lengths = slice(judged.start, judged.stop), judged.value, judged.lengths
    stands = np.ptp(value) == 0
    if stands and not landed:
        # no more of the kernel than at the horizons, and no curve where the whole is known without it
        whole = at.size_is_whole and judged.is_of_all_data
        total = at.size[..., None] if whole else at.amplitude[..., None] * _sum(at.responses[..., window])
        outcome = total * at.within(lengths)
        return {"incremental_outcome": outcome, "money": outcome * value[0]}
    responses, weights, ends = at.responses[..., window], at.weights(max(lengths)), np.array(lengths) - 1
    within, size = weights.cumsum(axis=-1), at.amplitude[..., None]
    found = {"incremental_outcome": size * _sum(responses) * within[..., ends]}
    if stands:
        found["money"] = found["incremental_outcome"] * value[0]
    else:
        found["money"] = size * cohorts_by_lag(responses, weights, value=value).cumsum(axis=-1)[..., ends]
    if landed:
        found["landed"] = size * _landed(responses, within, lengths, after=judged.n_periods - judged.stop)
    return found


def _sum(responses: Floats) -> Floats:
    return np.asarray(responses.sum(axis=-1, keepdims=True))


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


def _of_counterfactuals(at: ChannelDraws, judged: Judged, landed: bool) -> dict[str, Floats]:
    """Adstock first: the same from what lands in every period with the window's spend and without it."""
    by_row = at.landing(start=judged.start, stop=judged.stop, horizons=judged.lengths)
    value = judged.value[: by_row[0].shape[-1]]
    found = {"incremental_outcome": [rows.sum(axis=-1) for rows in by_row], "money": [rows @ value for rows in by_row]}
    if landed:
        found["landed"] = [rows[..., : judged.n_periods - judged.start].sum(axis=-1) for rows in by_row]
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
