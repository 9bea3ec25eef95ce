"""Spend that cannot have worked: the real one, cut into blocks and put together in another order.

Within a block everything is as it was, so a placebo has the flights, the spikes and the autocorrelation of the real
thing. What it lacks is the connection to the outcome of its weeks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.model.horizon import periods
from mmm.model.response import response
from mmm.posterior import Posterior
from mmm.posterior.draws import Draws
from mmm.posterior.whitened import thinned, variances

__all__ = ["Strengths", "block_orders", "strength_of_regressors", "strengths"]

Floats = NDArray[np.float64]

#: With fewer blocks there are too few orders that differ.
FEWEST_BLOCKS = 8

#: Orders that are tried to find one in which no block keeps its season.
TRIES = 256

#: Draws of the curves and kernels of the channel in question, and of all else.
SHAPES = 20


@dataclass(frozen=True, eq=False)
class Strengths:
    """How well spend explains the outcome, beyond baseline and the other channels, in standard deviations.

    Attributes
    ----------
    channels : tuple of str
    real : array, shape (channel,)
    placebo : array, shape (channel, permutation)
    """

    channels: tuple[str, ...]
    real: Floats
    placebo: Floats

    @property
    def share_as_strong(self) -> Floats:
        """Share of placebos that explain at least as much as the real spend, itself counted, shape (channel,).

        Counting it keeps the share a probability under exchangeability (Phipson and Smyth 2010).
        """
        return np.asarray((1 + (self.placebo >= self.real[:, None]).sum(axis=1)) / (1 + self.placebo.shape[1]))


def block_orders(
    n_periods: int, *, block_weeks: float, weeks_per_period: float, n_orders: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw orders of the periods in which whole blocks have changed places.

    Parameters
    ----------
    n_periods : int
    block_weeks : float
        Length of a block; shorter where the data would have fewer than eight of them.
    weeks_per_period : float
    n_orders : int
    rng : Generator

    Returns
    -------
    array of int, shape (n_orders, n_periods)
        Each a permutation of the periods. Blocks begin at a random period, and go round the end of the data. As few
        of them as can be had in 256 tries stay in their season, where a plan that repeats every year would be itself
        again. Daily data move by whole weeks, so that a Monday stays a Monday.

    Examples
    --------
    >>> order = block_orders(104, block_weeks=13, weeks_per_period=1.0, n_orders=1, rng=np.random.default_rng(1))[0]
    >>> sorted(order.tolist()) == list(range(104)), int((np.diff(order) % 104 != 1).sum()) <= 8
    (True, True)
    """
    step = max(1, periods(1, weeks_per_period))
    n_steps = n_periods // step
    n_blocks = max(FEWEST_BLOCKS, round(n_steps * step * weeks_per_period / block_weeks))
    n_blocks = min(n_blocks, n_steps)
    year = 365.25 / 7 / (step * weeks_per_period)
    length = n_steps / n_blocks
    orders = []
    for _ in range(n_orders):
        start = rng.integers(n_steps)
        begins = (start + np.arange(n_blocks) * length) % n_steps
        tried = rng.permuted(np.tile(np.arange(n_blocks), (TRIES, 1)), axis=1)
        out_of_season = np.abs((begins[tried] - begins + year / 2) % year - year / 2)
        best = tried[np.argmin((out_of_season < length / 2).sum(axis=1))]
        blocks = np.array_split(np.roll(np.arange(n_steps), -start), n_blocks)
        steps = np.roll(np.concatenate([blocks[block] for block in best]), start)
        rows = (steps[:, None] * step + np.arange(step)).ravel()
        orders.append(np.concatenate([rows, np.arange(n_steps * step, n_periods)]))
    return np.array(orders)


def strengths(posterior: Posterior, orders: NDArray[np.int64]) -> Strengths:
    """Compare how well each channel's real spend explains the outcome with what its placebos would.

    The channel is taken out of the model and its spend, real or reordered, put back as a regressor, under curves and
    kernels from their *prior*: those of the posterior were shaped by the real spend. The other channels stay with
    their real spend and are estimated anew beside every placebo, under the mean and sd of the prior of their return.

    Parameters
    ----------
    posterior : Posterior
    orders : array of int, shape (permutation, time)
        From :func:`block_orders`.

    Returns
    -------
    Strengths
        Means over draws.
    """
    draws = thinned(posterior.draws, SHAPES)
    inputs, channels = draws.inputs, draws.data.channels
    scale = np.sqrt(variances(draws))
    shapes = thinned(posterior.prior, len(scale))
    believed = posterior.prior.parameters[draws.roi_name]
    mean, spread = (np.ravel(moment((schema.CHAIN, schema.DRAW)).values) for moment in (believed.mean, believed.std))
    per_return = draws.contributions().values[:, :, 0] / draws.parameters[draws.roi_name].values[:, :, None]
    per_return = per_return.reshape(len(scale), -1, len(channels)) / draws.scales.outcome

    rotation = inputs.rotation.matrix
    outcomes = (rotation @ inputs.outcome) / scale
    media = (rotation @ per_return) / scale[..., None]
    rows = np.vstack([np.arange(len(inputs.outcome)), orders]).T
    found = np.empty((len(channels), rows.shape[1]))
    for place, name in enumerate(channels):
        others = np.arange(len(channels)) != place
        by_draw = [
            strength_of_regressors(
                (rotation @ stock) / scale[i][:, None],
                outcome=outcomes[i],
                others=media[i][:, others],
                mean=mean[others],
                spread=spread[others],
            )
            for i, stock in enumerate(_stocks(shapes, name, rows))
        ]
        found[place] = np.mean(by_draw, axis=0)
    return Strengths(channels, found[:, 0], found[:, 1:])


def _stocks(shapes: Draws, channel: str, rows: NDArray[np.int64]) -> Floats:
    """Response to a channel's spend in several orders, shape (draw, time, order), per unit of amplitude."""
    inputs = shapes.inputs
    driver = inputs.driver[:, shapes.data.channels.index(channel)]
    before = np.repeat(driver[: inputs.start, None], rows.shape[1], axis=1)
    parameters = {name: values.reshape(-1, 1) for name, values in shapes.channel_parameters(channel).items()}
    reordered = np.concatenate([before, driver[inputs.start :][rows]])
    stocks = response(reordered, shapes.spec.channels[channel], parameters, weeks_per_period=inputs.weeks_per_period)
    return np.asarray(stocks[:, inputs.start :])


def strength_of_regressors(
    regressors: Floats, *, outcome: Floats, others: Floats, mean: Floats, spread: Floats
) -> Floats:
    """Estimate of each regressor's coefficient over its sd, one regressor at a time, shape (regressor,).

    ``outcome ~ N(others a + x b, I)`` with ``a ~ N(mean, spread^2)``, independent, and flat ``b``: generalised least
    squares under the covariance ``I + others diag(spread^2) others'``, inverted by Woodbury's identity.

    Parameters
    ----------
    regressors : array, shape (row, regressor)
    outcome : array, shape (row,)
    others : array, shape (row, other)
    mean, spread : array, shape (other,)

    Examples
    --------
    >>> alone = {"others": np.zeros((2, 0)), "mean": np.zeros(0), "spread": np.zeros(0)}
    >>> strength_of_regressors(np.array([[3.0], [4.0]]), outcome=np.array([1.0, 2.0]), **alone)
    array([2.2])
    """
    scaled = others * spread
    inner = np.linalg.inv(np.eye(scaled.shape[1]) + scaled.T @ scaled)
    solved = regressors - scaled @ (inner @ (scaled.T @ regressors))
    length = np.sqrt(np.maximum((solved * regressors).sum(axis=0), np.finfo(float).tiny))
    return np.asarray((outcome - others @ mean) @ solved / length)
