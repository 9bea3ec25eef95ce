"""Priors in units people can defend, and the scale on which a posterior is compared with each.

A prior here is a small frozen description: it can be drawn from, measured and written to
JSON without PyMC. `model/build.py` turns it into a random variable.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from statistics import NormalDist
from typing import Annotated, Any, Literal, final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from mmm.errors import SpecError
from mmm.model.frozen import Frozen

__all__ = ["Beta", "HalfNormal", "LogNormal", "Prior"]

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Prior(Frozen):
    """A distribution for one positive or bounded number."""

    @abstractmethod
    def distribution(self) -> Any:
        """Give the frozen `scipy.stats` distribution."""

    def standardise(self, values: ArrayLike) -> NDArray[np.float64]:
        """Map values to the scale on which this prior is a standard normal.

        There a posterior's spread says how much the data left of the prior's, for every family alike.
        """
        from scipy import special  # slow to import; most of this library never needs it

        probability = self.distribution().cdf(np.asarray(values, dtype=float))
        return np.asarray(special.ndtri(np.clip(probability, 1e-300, 1 - 1e-16)), dtype=float)

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """Draw ``size`` independent values, shape (size,)."""
        return np.asarray(self.distribution().rvs(size=size, random_state=rng), dtype=float)

    def quantile_grid(self, size: int) -> NDArray[np.float64]:
        """Give ``size`` equally probable values in order, shape (size,): the distribution itself, without noise."""
        return np.asarray(self.distribution().ppf((np.arange(size) + 0.5) / size), dtype=float)

    def interval(self, prob: float) -> tuple[float, float]:
        """Give the equal-tailed interval that holds ``prob``."""
        lower, upper = self.distribution().interval(prob)
        return float(lower), float(upper)


@final
class LogNormal(Prior):
    """``log(x) ~ Normal(log(median), sigma)``: for ROI, half-lives and slopes.

    Parameters
    ----------
    median : float
        Half of the prior lies below it; in the unit of the quantity.
    sigma : float
        Standard deviation of the logarithm; 0.7 is about "a factor of 2 either way, two times in three".

    Examples
    --------
    >>> prior = LogNormal(median=1.0, sigma=0.85)
    >>> [round(edge, 2) for edge in prior.interval(0.9)]
    [0.25, 4.05]
    """

    family: Literal["lognormal"] = "lognormal"
    median: Positive
    sigma: Positive

    @classmethod
    def from_interval(cls, lower: float, upper: float, *, prob: float = 0.9) -> LogNormal:
        """Find the LogNormal whose equal-tailed interval is what you can defend.

        Raises
        ------
        SpecError
            If ``0 < lower < upper`` or ``0 < prob < 1`` does not hold.

        Examples
        --------
        >>> LogNormal.from_interval(0.5, 2.0).median
        1.0
        """
        if not (0 < lower < upper and 0 < prob < 1):
            raise SpecError(
                f"from_interval got lower={lower}, upper={upper}, prob={prob}",
                "an interval of a positive quantity needs 0 < lower < upper and a probability between 0 and 1",
                "give for example LogNormal.from_interval(0.5, 3.0, prob=0.9)",
            )
        z = NormalDist().inv_cdf(0.5 + prob / 2)
        return cls(median=math.sqrt(lower * upper), sigma=math.log(upper / lower) / (2 * z))

    def standardise(self, values: ArrayLike) -> NDArray[np.float64]:
        """Take the logarithm, centred and scaled."""
        return np.asarray((np.log(np.asarray(values, dtype=float)) - math.log(self.median)) / self.sigma)

    def distribution(self) -> Any:
        """Give `scipy.stats.lognorm`."""
        from scipy import stats  # slow to import; most of this library never needs it

        return stats.lognorm(s=self.sigma, scale=self.median)


@final
class HalfNormal(Prior):
    """``|Normal(0, sigma)|``: for scales that may be close to zero.

    Examples
    --------
    >>> round(HalfNormal(sigma=0.1).interval(0.9)[1], 3)
    0.196
    """

    family: Literal["halfnormal"] = "halfnormal"
    sigma: Positive

    def distribution(self) -> Any:
        """Give `scipy.stats.halfnorm`."""
        from scipy import stats  # slow to import; most of this library never needs it

        return stats.halfnorm(scale=self.sigma)


@final
class Beta(Prior):
    """``Beta(alpha, beta)`` on (0, 1): for shares and saturation levels.

    Examples
    --------
    >>> Beta(alpha=2, beta=3).distribution().mean().item()
    0.4
    """

    family: Literal["beta"] = "beta"
    alpha: Positive
    beta: Positive

    def distribution(self) -> Any:
        """Give `scipy.stats.beta`."""
        from scipy import stats  # slow to import; most of this library never needs it

        return stats.beta(self.alpha, self.beta)
