"""What two channels bring together and neither of them alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm.errors import SpecError
from mmm.simulate.oracle import Effect

__all__ = ["Synergy", "add_together"]


@dataclass(frozen=True, kw_only=True)
class Synergy:
    """Joint effect: strength times the geometric mean of what each of two channels brings alone in a period.

    Attributes
    ----------
    strength : float
    channels : pair of str

    Raises
    ------
    SpecError
        If these are not two channels.

    Examples
    --------
    >>> synergy = Synergy(strength=0.5, channels=("tv", "search"))
    >>> synergy.together(4.0, 9.0), synergy.partner("tv"), synergy.partner("radio")
    (3.0, 'search', None)
    """

    strength: float
    channels: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.channels) != 2 or len(set(self.channels)) != 2:
            raise SpecError(
                f"synergy_channels={list(self.channels)} are not two channels",
                "what is brought together takes two",
                'name two, as in synergy_channels=["tv", "search"]',
            )

    def partner(self, channel: str) -> str | None:
        """Give the other channel, if this is one of the two."""
        if channel not in self.channels:
            return None
        return self.channels[1 - self.channels.index(channel)]

    def together(self, one: float, other: float) -> float:
        """Give the joint effect of what two channels bring alone, in the same units."""
        return self.strength * math.sqrt(one * other)

    def effect(self, beside: Sequence[float], *, amplitude: float) -> Effect:
        """Give what a channel's response in a row brings, alone and with a partner that brings ``beside`` there.

        Examples
        --------
        >>> Synergy(strength=0.5, channels=("tv", "search")).effect([9.0], amplitude=2.0)(2.0, 0)
        7.0
        """

        def brought(response: float, row: int) -> float:
            alone = amplitude * response
            return alone + self.together(alone, beside[row])

        return brought


def add_together(contributions: pd.DataFrame, synergy: Synergy) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Add what two channels bring together to what each brings alone: it is lost without either.

    Parameters
    ----------
    contributions : DataFrame, date by channel
        Of each channel alone.
    synergy : Synergy

    Returns
    -------
    contributions : DataFrame, date by channel
    together : array, shape (time,)

    Examples
    --------
    >>> alone = pd.DataFrame({"tv": [4.0], "search": [9.0], "radio": [1.0]})
    >>> both, together = add_together(alone, Synergy(strength=0.5, channels=("tv", "search")))
    >>> both.iloc[0].tolist(), together.tolist()
    ([7.0, 12.0, 1.0], [3.0])
    """
    one, other = (contributions[name] for name in synergy.channels)
    together = np.array([synergy.together(*pair) for pair in zip(one, other, strict=True)])
    return contributions.assign(**{name: contributions[name] + together for name in synergy.channels}), together
