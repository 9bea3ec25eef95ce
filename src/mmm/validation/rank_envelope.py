"""How far ranks may stray from uniform by chance: a simultaneous envelope for their cumulative counts.

If a posterior is right, the rank of the true value among ``n`` independent draws of it is uniform on ``0 ... n``
(Talts et al. 2018). Over worlds, the number of ranks below ``j`` is then binomial, at every ``j`` with a probability of
its own; the envelope holds all of them at once with the stated probability (Säilynoja, Bürkner and Vehtari 2022, the
method by simulation, on the points at which discrete ranks can change the count).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmm.posterior import random_stream

__all__ = ["RankEnvelope"]

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

#: Sets of uniform ranks that are simulated: the level is known to 0.3 of a percent point.
SIMULATED = 20_000


@dataclass(frozen=True, kw_only=True)
class RankEnvelope:
    """What uniform ranks of some worlds look like.

    Parameters
    ----------
    n_worlds : int
        Ranks of one quantity.
    n_draws : int
        Draws among which each true value is ranked: ranks are ``0 ... n_draws``.
    prob : float
        With which all of a set of uniform ranks lies within the envelope.

    Examples
    --------
    >>> envelope = RankEnvelope(n_worlds=200, n_draws=99)
    >>> uniform, narrow = np.arange(200) // 2, 25 + np.arange(200) // 4
    >>> envelope.distance(uniform) <= 1, envelope.distance(narrow) <= 1
    (True, False)
    >>> bool(envelope.chance(uniform) > 0.99), bool(envelope.chance(narrow) < 0.001)
    (True, True)
    """

    n_worlds: int
    n_draws: int
    prob: float = 0.95

    @property
    def points(self) -> Floats:
        """Where ranks are counted, as shares of all ranks there are, shape (n_draws,)."""
        return np.arange(1, self.n_draws + 1) / (self.n_draws + 1)

    def counts(self, ranks: ArrayLike) -> Counts:
        """Ranks below 1, 2, ..., ``n_draws``, shape (n_draws,)."""
        by_rank = np.bincount(np.asarray(ranks, dtype=np.int64), minlength=self.n_draws + 1)
        return np.asarray(by_rank.cumsum()[:-1])

    @cached_property
    def _tails(self) -> tuple[Floats, Floats]:
        """Probabilities of a count that low, and of one that high, shape (point, 0 ... n_worlds)."""
        from scipy.special import bdtr  # slow to import, and only calibration comes here

        count = np.arange(self.n_worlds + 1)
        low = np.asarray(bdtr(count, self.n_worlds, self.points[:, None]), dtype=np.float64)
        # so many below a point are the others above its mirror image: by the same numbers, both ways equally unlikely
        return low, low[::-1, ::-1]

    def _smallest_tail(self, counts: Counts) -> Floats:
        """How unlikely the most unlikely count is, shape (...) of counts (..., point)."""
        return np.asarray(np.minimum(*self._tails)[np.arange(self.n_draws), counts].min(axis=-1))

    @cached_property
    def _by_chance(self) -> Floats:
        """The smallest tails of simulated uniform ranks, in order."""
        rng = random_stream(0, "rank envelope")
        even = np.full(self.n_draws + 1, 1 / (self.n_draws + 1))
        simulated = rng.multinomial(self.n_worlds, even, size=SIMULATED).cumsum(axis=1)[:, :-1]
        return np.sort(self._smallest_tail(simulated))

    @property
    def tail(self) -> float:
        """Probability at each point, on each side, that a count outside of the envelope has at most."""
        return float(self._by_chance[int((1 - self.prob) * SIMULATED)])

    @cached_property
    def bounds(self) -> tuple[Counts, Counts]:
        """Smallest and largest count within the envelope, each of shape (point,)."""
        low, high = self._tails
        within_low, within_high = low >= self.tail, high >= self.tail
        return within_low.argmax(axis=1), self.n_worlds - within_high[:, ::-1].argmax(axis=1)

    def distance(self, ranks: ArrayLike) -> float:
        """Largest distance of the counts from those expected, where the edge of the envelope is 1 away."""
        expected = self.n_worlds * self.points
        lower, upper = self.bounds
        away = self.counts(ranks) - expected
        return float(np.where(away > 0, away / (upper - expected), away / (lower - expected)).max())

    def chance(self, ranks: ArrayLike) -> float:
        """Share of uniform sets of ranks of which the most unlikely count is at least as unlikely as of these."""
        as_far = np.searchsorted(self._by_chance, self._smallest_tail(self.counts(ranks)), side="right")
        return float((1 + as_far) / (1 + SIMULATED))
