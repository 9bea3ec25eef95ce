"""Does spend that was still to come explain the outcome? Causes cannot do that; spend that follows demand does.

What was new in each week's spend (given its own past, all media so far, the seasons and the controls) is set against
the outcome of the weeks *before* it, as a regressor that the model lacks (`posterior/whitened.py`). No refit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmm.errors import ReportError
from mmm.model.horizon import periods
from mmm.posterior.draws import Draws
from mmm.posterior.whitened import Whitened, whiten
from mmm.validation.channel_scores import ChannelScores

__all__ = ["LeadCheck", "lead_check"]

Floats = NDArray[np.float64]

#: Weeks of its own past from which spend is predicted.
OWN_PAST_WEEKS = 4

#: Weight of a lead against the one a week nearer: hidden demand fades. One weighted sum per channel finds spend that
#: chases demand four times as often as a chi-square over eight leads, which looks for patterns that nobody expects.
FADING = 0.7


@dataclass(frozen=True, eq=False, kw_only=True)
class LeadCheck(ChannelScores):
    """Whether what was new in spend still to come explains the outcome.

    Parameters
    ----------
    channels : tuple of str
    lead_weeks : tuple of int
    z : array, shape (channel,)
        Of the weighted sum of leads; N(0, 1) if spend does not follow the outcome. Positive: it rose after good weeks.
    z_by_lead : array, shape (channel, lead)
        Of each lead by itself; NaN where a period is longer than the lead.
    probability : array, shape (channel,)
        Of a ``z`` at least as far from 0, either side, if the model holds.

    Examples
    --------
    >>> from mmm.validation import lead_check
    >>> check = lead_check(posterior.draws)
    >>> check.channels, len(check.z), check.joint_probability <= 1
    (('tv', 'video', 'radio'), 3, True)
    """

    lead_weeks: tuple[int, ...]
    z_by_lead: Floats

    @property
    def suspects(self) -> tuple[str, ...]:
        """Channels whose spend to come explains the outcome, worst first."""
        return self.alarming

    @property
    def verdict(self) -> str:
        """What was found, with numbers."""
        last = self.lead_weeks[-1]
        weeks = f"{self.lead_weeks[0]} to {last} weeks" if len(self.lead_weeks) > 1 else f"{last} weeks"
        if self.ok:
            worst = int(np.argmin(self.probability))
            return (
                f"Spend {weeks} ahead is not seen to explain the outcome (largest z {self.z[worst]:.1f}, "
                f"{self.channels[worst]}; probability {self.joint_probability:.2g} over all channels)."
            )
        said = []
        for name in self.suspects:
            place = self.channels.index(name)
            how = "rises after good weeks" if self.z[place] > 0 else "rises after bad weeks"
            said.append(f"{name} {how} (z {self.z[place]:.1f}, probability {self.adjusted[place]:.2g})")
        return f"Spend {weeks} ahead explains the outcome, which no cause can do: {'; '.join(said)}."

    @property
    def recommendation(self) -> str:
        """What to do, empty if nothing."""
        over = [name for name in self.suspects if self.z[self.channels.index(name)] > 0]
        under = [name for name in self.suspects if name not in over]
        said = []
        if over:
            said.append(
                f"The ROI of {', '.join(over)} is probably too high: spend follows demand that media did not make."
            )
        if under:
            said.append(f"The ROI of {', '.join(under)} is probably too low: spend makes up for weak weeks.")
        if said:
            said.append(
                "Add what the budget reacts to as a control (category searches, traffic, promotions, targets), or "
                "test those channels with spend set by lot."
            )
        return " ".join(said)


def lead_check(
    draws: Draws, *, lead_weeks: Sequence[int] = tuple(range(1, 9)), whitened: Whitened | None = None
) -> LeadCheck:
    """Test whether spend that was still to come explains the outcome, without sampling.

    Parameters
    ----------
    draws : Draws
        Of a posterior.
    lead_weeks : sequence of int
        Weeks ahead, 1 or more, ascending.
    whitened : Whitened, optional
        Of the same draws, where it is at hand.

    Returns
    -------
    LeadCheck

    Raises
    ------
    ReportError
        If the weeks are not whole, positive and ascending.

    Notes
    -----
    Granger (1969) and Sims (1972) on leads; the score test of regressors left out is in `posterior/whitened.py`. Spend
    that follows demand of the *same* week shows only as far as spend measures that demand with error, and demand lasts.

    Examples
    --------
    >>> lead_check(posterior.draws, lead_weeks=(1, 2)).z_by_lead.shape
    (3, 2)
    """
    _check_weeks(lead_weeks)
    whitened = whitened or whiten(draws)
    inputs = whitened.draws.inputs
    new = innovations(
        inputs.driver[inputs.start :],
        media=whitened.contributions.mean(axis=0),
        columns=inputs.design.columns,
        n_lags=max(2, periods(OWN_PAST_WEEKS, inputs.weeks_per_period)),
    )
    z, z_by_lead = [], []
    for column in new.T:
        by_lead = [lead(column, week, weeks_per_period=inputs.weeks_per_period) for week in lead_weeks]
        weighted = sum(FADING ** (w - lead_weeks[0]) * led for w, led in zip(lead_weeks, by_lead, strict=True))
        tested = whitened.score(np.column_stack([weighted, *by_lead])).z
        z.append(tested[0])
        z_by_lead.append([value if led.any() else np.nan for value, led in zip(tested[1:], by_lead, strict=True)])
    from scipy import special  # slow to import

    return LeadCheck(
        channels=whitened.draws.data.channels,
        lead_weeks=tuple(lead_weeks),
        z=np.array(z),
        z_by_lead=np.array(z_by_lead),
        probability=2 * special.ndtr(-np.abs(z)),
    )


def innovations(driver: Floats, *, media: Floats, columns: Floats, n_lags: int) -> Floats:
    """Find what was new in each period's spend: the residual of its regression on what was known before.

    Parameters
    ----------
    driver : array, shape (time, channel)
    media : array, shape (time, channel)
        What each channel brought; its value a period ago stands for all earlier spend of all channels.
    columns : array, shape (time, term)
        Of the baseline: what of spend is seasonal is not new.
    n_lags : int
        Periods of the channel's own past.

    Returns
    -------
    array, shape (time, channel)
        Zero in the first ``n_lags`` periods, of which too little is known.

    Examples
    --------
    >>> steps = np.random.default_rng(1).standard_normal(300)
    >>> walk = np.cumsum(steps)[:, None]
    >>> new = innovations(walk, media=np.zeros((300, 1)), columns=np.ones((300, 1)), n_lags=2)
    >>> bool(np.corrcoef(new[2:, 0], steps[2:])[0, 1] > 0.98)
    True
    """
    new = np.zeros_like(driver)
    for place, column in enumerate(driver.T):
        own = [np.roll(column, k) for k in range(1, n_lags + 1)]
        known = np.column_stack([*own, np.roll(media, 1, axis=0), columns])[n_lags:]
        known = known / np.maximum(np.sqrt((known**2).mean(axis=0)), np.finfo(float).tiny)
        new[n_lags:, place] = column[n_lags:] - known @ np.linalg.lstsq(known, column[n_lags:], rcond=None)[0]
    return new


def lead(column: Floats, week: int, *, weeks_per_period: float) -> Floats:
    """Mean of a column over the periods of one week ahead; zero where that is after the data, or no period ends in it.

    Examples
    --------
    >>> lead(np.arange(4.0), 1, weeks_per_period=1.0), lead(np.arange(1.0, 5.0), 1, weeks_per_period=365.25 / 84)
    (array([1., 2., 3., 0.]), array([0., 0., 0., 0.]))
    """
    ahead = range(periods(week - 1, weeks_per_period) + 1, periods(week, weeks_per_period) + 1)
    led = np.zeros_like(column)
    for step in ahead:
        if step < len(column):
            led[:-step] += column[step:] / len(ahead)
    return led


def _check_weeks(lead_weeks: Any) -> None:
    whole = [int(w) for w in lead_weeks if not isinstance(w, bool) and isinstance(w, Integral) and int(w) >= 1]
    if not whole or list(lead_weeks) != sorted(set(whole)):
        raise ReportError(
            f"lead_weeks={tuple(lead_weeks)!r}",
            "a lead is spend of a week after the outcome, and nearer weeks weigh more",
            "use whole weeks, 1 or more, in ascending order, such as range(1, 9)",
        )
