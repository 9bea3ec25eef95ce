"""The share of the outcome that media bring in: what the priors claim together, before and after the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.posterior import Draws

__all__ = ["PLAUSIBLE_MEDIA_SHARE", "PriorMediaShare", "media_share", "prior_media_share"]

#: Share of the outcome within which priors on media should put about 95% of their mass.
PLAUSIBLE_MEDIA_SHARE = (0.02, 0.60)


@dataclass(frozen=True)
class PriorMediaShare:
    """What the priors together say of media, before any outcome is seen.

    Attributes
    ----------
    median, lower, upper : float
        Of the share of the outcome that the spend in the data brings within the priors' horizon; 90% interval.
    plausible : float
        Prior probability that the share lies within 2-60%.
    """

    median: float
    lower: float
    upper: float
    plausible: float

    @property
    def ok(self) -> bool:
        """Whether 95% of the prior lies within the plausible range."""
        return self.plausible >= 0.95


def media_share(draws: Draws) -> NDArray[np.float64]:
    """Share of the outcome that the data's spend brings within the priors' horizon, shape (chain, draw)."""
    inputs = draws.inputs
    per_channel = draws.parameters[draws.roi_name].values * inputs.break_even
    return np.asarray(per_channel.sum(axis=-1) / inputs.outcome.sum())


def prior_media_share(prior: Draws) -> PriorMediaShare:
    """Summarise :func:`media_share` of prior draws.

    Parameters
    ----------
    prior : Draws
        From :func:`mmm.posterior.draw_prior`.
    """
    share = media_share(prior)
    edge = (1 - schema.DEFAULT_PROB) / 2
    lower, median, upper = np.quantile(share, [edge, 0.5, 1 - edge])
    low, high = PLAUSIBLE_MEDIA_SHARE
    return PriorMediaShare(
        median=float(median),
        lower=float(lower),
        upper=float(upper),
        plausible=float(((share >= low) & (share <= high)).mean()),
    )
