"""What the checks have in common that give each channel one number that is N(0, 1) if the model holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ChannelScores"]

Floats = NDArray[np.float64]

#: Of a false alarm, over all channels together.
ALARM = 0.05


@dataclass(frozen=True, eq=False, kw_only=True)
class ChannelScores:
    """Scores of channels, and how probable they are, one by one and together.

    Parameters
    ----------
    channels : tuple of str
    z : array, shape (channel,)
        N(0, 1) if the model holds.
    probability : array, shape (channel,)
        Of a ``z`` at least as far out, as the check counts it.

    Examples
    --------
    >>> scores = ChannelScores(channels=("tv", "radio"), z=np.array([3.0, 0.0]), probability=np.array([0.003, 1.0]))
    >>> scores.alarming, scores.adjusted.round(3).tolist()
    (('tv',), [0.006, 1.0])
    """

    channels: tuple[str, ...]
    z: Floats
    probability: Floats

    @property
    def adjusted(self) -> Floats:
        """Probability that any of so many channels is as far out, shape (channel,) (Šidák 1967)."""
        return np.asarray(1 - (1 - self.probability) ** len(self.channels))

    @property
    def joint_probability(self) -> float:
        """Probability of the worst channel or a worse one, if the model holds for all of them."""
        return float(self.adjusted.min())

    @property
    def alarming(self) -> tuple[str, ...]:
        """Channels that are further out than chance allows, worst first."""
        order = np.argsort(self.probability)
        return tuple(self.channels[i] for i in order if self.adjusted[i] < ALARM)

    @property
    def ok(self) -> bool:
        """Whether no channel is."""
        return not self.alarming
