"""What two ways of sampling the same model have in common: names and bounds of the coordinates it is sampled in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmm.model.priors import LogNormal

__all__ = ["SAMPLED", "cut_bounds"]

#: Beginning of the names of coordinates that are sampled and not kept.
SAMPLED = "sampled_"

#: Bounds that stand in for none, in prior standard deviations of the logarithm: no double lies beyond them.
NO_BOUND = 12.0


def cut_bounds(priors: Sequence[LogNormal]) -> tuple[list[float], list[float]] | None:
    """Lower and upper bounds of a vector of LogNormals of which at least one is cut; None if none is.

    Examples
    --------
    >>> cut_bounds([LogNormal(median=30, sigma=0.45, lower=10, upper=120)])
    ([10.0], [120.0])
    >>> cut_bounds([LogNormal(median=1, sigma=0.5)]) is None
    True
    """
    if not any(prior.is_bounded for prior in priors):
        return None
    reach = [float(np.exp(NO_BOUND * prior.sigma)) for prior in priors]
    lower = [prior.lower or prior.median / far for prior, far in zip(priors, reach, strict=True)]
    upper = [prior.upper or prior.median * far for prior, far in zip(priors, reach, strict=True)]
    return lower, upper
