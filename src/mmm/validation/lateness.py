"""Does what a channel brings come later than its kernel says? A geometric kernel pays most in the first week.

What the fit ascribes to a channel, moved some weeks later, less the same unmoved, is a regressor that the model lacks
(`posterior/whitened.py`). No refit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmm.model.horizon import periods
from mmm.posterior.draws import Draws
from mmm.posterior.whitened import Whitened, whiten
from mmm.validation.channel_scores import ChannelScores

__all__ = ["LatenessCheck", "lateness_check"]

Floats = NDArray[np.float64]

#: Weeks by which the effect is moved: where effects that build up peak, after TV in weekly data.
WEEKS_LATER = (1, 2)


@dataclass(frozen=True, eq=False, kw_only=True)
class LatenessCheck(ChannelScores):
    """Whether what channels bring comes later than their kernels say.

    Parameters
    ----------
    channels : tuple of str
    z : array, shape (channel,)
        N(0, 1) if the model holds; positive: the effect comes later.
    probability : array, shape (channel,)
        Of a ``z`` at least as large if the model holds; one-sided, as nothing comes before it is paid for.

    Examples
    --------
    >>> from mmm.validation import lateness_check
    >>> check = lateness_check(posterior.draws)
    >>> check.channels, len(check.z), check.joint_probability <= 1
    (('tv', 'video', 'radio'), 3, True)
    """

    @property
    def late(self) -> tuple[str, ...]:
        """Channels whose effect comes later than their kernels say, surest first."""
        return self.alarming

    @property
    def verdict(self) -> str:
        """What was found, with numbers."""
        if self.ok:
            worst = int(np.argmin(self.probability))
            return (
                f"No effect is seen to come later than its kernel says (largest z {self.z[worst]:.1f}, "
                f"{self.channels[worst]}; probability {self.joint_probability:.2g} over all channels)."
            )
        places = [self.channels.index(name) for name in self.late]
        said = [f"{self.channels[i]} (z {self.z[i]:.1f}, probability {self.adjusted[i]:.2g})" for i in places]
        return f"What these bring comes a week or two later than their kernels say: {'; '.join(said)}."

    @property
    def recommendation(self) -> str:
        """What to do, empty if nothing."""
        if self.ok:
            return ""
        return (
            "A kernel that pays too early has to stretch to reach the weeks that count, and books what it expects of "
            "all the others as well: ROI and half-life may be several times too high, for other channels too low. Fit "
            f"again with carryover=Delayed() or Weibull() for {', '.join(self.late)}, and believe neither answer "
            "before they are compared."
        )


def lateness_check(draws: Draws, *, whitened: Whitened | None = None) -> LatenessCheck:
    """Test whether what channels bring comes a week or two later than their kernels say, without sampling.

    Parameters
    ----------
    draws : Draws
        Of a posterior.
    whitened : Whitened, optional
        Of the same draws, where it is at hand.

    Returns
    -------
    LatenessCheck

    Notes
    -----
    A score test with one degree of freedom for each channel (Rao 1948; information by Louis 1982), aimed at the one
    misfit of kernels that moves ROI most. ``check_residuals`` looks in more directions, and sees less in each.

    Examples
    --------
    >>> lateness_check(posterior.draws).z.shape
    (3,)
    """
    whitened = whitened or whiten(draws)
    inputs = whitened.draws.inputs
    steps = sorted({max(1, periods(week, inputs.weeks_per_period)) for week in WEEKS_LATER})
    z = [whitened.score(later(column, steps)[:, None]).z[0] for column in whitened.contributions.mean(axis=0).T]
    from scipy import special  # slow to import

    return LatenessCheck(channels=whitened.draws.data.channels, z=np.array(z), probability=special.ndtr(-np.array(z)))


def later(column: Floats, steps: list[int]) -> Floats:
    """Mean of a column moved later by each of some steps, less the column; before it, its first value is repeated.

    Examples
    --------
    >>> later(np.array([0.0, 6.0, 0.0, 0.0]), [1, 2])
    array([ 0., -6.,  3.,  3.])
    """
    known = np.concatenate([np.full(max(steps), column[0]), column])
    return np.asarray(np.mean([known[max(steps) - step : len(known) - step] for step in steps], axis=0) - column)
