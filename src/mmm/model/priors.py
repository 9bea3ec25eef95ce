"""Priors in units people can defend, and the scale on which a posterior is compared with each.

A prior here is a small frozen description: it can be drawn from, measured and written to
JSON without PyMC. `model/variables.py` turns it into a random variable.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from statistics import NormalDist
from typing import Annotated, Any, Literal, Self, final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from mmm.errors import SpecError
from mmm.model.frozen import Frozen
from mmm.model.quantiles import beta_quantile, half_normal_quantile, logistic, normal_quantile

__all__ = ["Beta", "HalfNormal", "LogNormal", "LogitNormal", "Normal", "Prior"]

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, lt=1)]
Floats = NDArray[np.float64]


class Prior(Frozen):
    """A distribution for one positive or bounded number."""

    @abstractmethod
    def quantile(self, probability: ArrayLike) -> Floats:
        """Give the value below which the prior has ``probability``."""

    @abstractmethod
    def cumulative(self, values: ArrayLike) -> Floats:
        """Give the prior probability below ``values``."""

    @abstractmethod
    def log_density(self, values: ArrayLike) -> Floats:
        """Give the log density on the scale on which the family is written down; minus infinity where it is impossible.

        For :class:`LogNormal` that is the density of the logarithm, for :class:`LogitNormal` that of the log odds, for
        the others that of the value. There a prior raised to a power is wider or narrower about the same median, and
        says nothing else than before.
        """

    def standardise(self, values: ArrayLike) -> Floats:
        """Map values to the scale on which this prior is a standard normal.

        There a posterior's spread says how much the data left of the prior's, for every family alike.
        """
        probability = self.cumulative(np.asarray(values, dtype=float))
        return np.asarray(_special().ndtri(np.clip(probability, 1e-300, 1 - 1e-16)), dtype=float)

    def sample(self, rng: np.random.Generator, size: int) -> Floats:
        """Draw ``size`` independent values, shape (size,)."""
        return self.quantile(rng.uniform(size=size))

    def quantile_grid(self, size: int) -> Floats:
        """Give ``size`` equally probable values in order, shape (size,): the distribution itself, without noise."""
        return self.quantile((np.arange(size) + 0.5) / size)

    def interval(self, prob: float) -> tuple[float, float]:
        """Give the equal-tailed interval that holds ``prob``."""
        lower, upper = self.quantile([0.5 - prob / 2, 0.5 + prob / 2])
        return float(lower), float(upper)


@final
class LogNormal(Prior):
    """``log(x) ~ Normal(log(median), sigma)``, cut at bounds where it has any: for ROI, half-lives and slopes.

    Parameters
    ----------
    median : float
        Half of the prior lies below it (before it is cut at the bounds); in the unit of the quantity.
    sigma : float
        Standard deviation of the logarithm; 0.7 is about "a factor of 2 either way, two times in three".
    lower, upper : float, optional
        Values beyond are impossible.

    Examples
    --------
    >>> prior = LogNormal(median=1.0, sigma=0.85)
    >>> [round(edge, 2) for edge in prior.interval(0.9)]
    [0.25, 4.05]
    >>> [round(edge, 1) for edge in LogNormal(median=30, sigma=0.45, lower=10, upper=120).interval(0.9)]
    [14.7, 62.7]
    """

    family: Literal["lognormal"] = "lognormal"
    median: Positive
    sigma: Positive
    lower: Positive | None = None
    upper: Positive | None = None

    @model_validator(mode="after")
    def _bounds_hold_the_median(self) -> Self:
        if not (self.lower or 0.0) < self.median < (self.upper or math.inf):
            raise ValueError(
                f"the median {self.median:g} is not between the bounds "
                f"{self.lower or 0:g} and {self.upper or math.inf:g}"
            )
        return self

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

    @property
    def is_bounded(self) -> bool:
        """Whether it is cut anywhere."""
        return self.lower is not None or self.upper is not None

    def standardise(self, values: ArrayLike) -> Floats:
        """Take the logarithm, centred and scaled; where the prior is cut, by its own quantiles."""
        return super().standardise(values) if self.is_bounded else self._z(np.asarray(values, dtype=float))

    def quantile(self, probability: ArrayLike) -> Floats:
        """Exponential of a normal quantile between the bounds."""
        below, inside = self._mass()
        z = normal_quantile(below + inside * np.asarray(probability, dtype=float))
        return np.asarray(self.median * np.exp(self.sigma * z), dtype=float)

    def cumulative(self, values: ArrayLike) -> Floats:
        """Normal probability of the logarithm, rescaled to what lies between the bounds."""
        below, inside = self._mass()
        return np.asarray(np.clip((_special().ndtr(self._z(np.asarray(values, dtype=float))) - below) / inside, 0, 1))

    def log_density(self, values: ArrayLike) -> Floats:
        """Normal density of the logarithm, rescaled to what lies between the bounds."""
        values = np.asarray(values, dtype=float)
        inside = (values >= (self.lower or 0.0)) & (values <= (self.upper or math.inf)) & (values > 0)
        density = _normal_log_density(self._z(np.where(inside, values, self.median)), self.sigma)
        return np.where(inside, density - math.log(self._mass()[1]), -math.inf)

    def _z(self, values: Floats) -> Floats:
        return np.asarray((np.log(values) - math.log(self.median)) / self.sigma)

    def _mass(self) -> tuple[float, float]:
        """Mass below the lower bound and between both, before cutting."""
        normal = NormalDist()
        below = 0.0 if self.lower is None else normal.cdf(float(self._z(np.array(self.lower))))
        above = 1.0 if self.upper is None else normal.cdf(float(self._z(np.array(self.upper))))
        return below, above - below


@final
class LogitNormal(Prior):
    """``log(x / (1 - x)) ~ Normal(log(median / (1 - median)), sigma)``: for shares that the data hardly inform.

    Parameters
    ----------
    median : float
        Between 0 and 1.
    sigma : float
        Standard deviation of the log odds.

    Examples
    --------
    >>> [round(edge, 2) for edge in LogitNormal(median=0.73, sigma=0.9).interval(0.9)]
    [0.38, 0.92]
    """

    family: Literal["logitnormal"] = "logitnormal"
    median: Share
    sigma: Positive

    @property
    def location(self) -> float:
        """Log odds of the median."""
        return math.log(self.median / (1 - self.median))

    def standardise(self, values: ArrayLike) -> Floats:
        """Take the log odds, centred and scaled."""
        return np.asarray((_special().logit(np.asarray(values, dtype=float)) - self.location) / self.sigma)

    def quantile(self, probability: ArrayLike) -> Floats:
        """Logistic function of a normal quantile."""
        odds = self.location + self.sigma * normal_quantile(probability)
        return logistic(odds)

    def cumulative(self, values: ArrayLike) -> Floats:
        """Normal probability of the log odds."""
        return np.asarray(_special().ndtr(self.standardise(values)), dtype=float)

    def log_density(self, values: ArrayLike) -> Floats:
        """Normal density of the log odds."""
        return _normal_log_density(self.standardise(values), self.sigma)


@final
class Normal(Prior):
    """``Normal(mean, sigma)``: for what may be negative.

    Examples
    --------
    >>> [round(edge, 3) for edge in Normal(sigma=0.1).interval(0.9)]
    [-0.164, 0.164]
    """

    family: Literal["normal"] = "normal"
    mean: Annotated[float, Field(allow_inf_nan=False)] = 0.0
    sigma: Positive

    def standardise(self, values: ArrayLike) -> Floats:
        """Centre and scale."""
        return np.asarray((np.asarray(values, dtype=float) - self.mean) / self.sigma)

    def quantile(self, probability: ArrayLike) -> Floats:
        """Normal quantile."""
        return np.asarray(self.mean + self.sigma * normal_quantile(probability))

    def cumulative(self, values: ArrayLike) -> Floats:
        """Normal probability."""
        return np.asarray(_special().ndtr(self.standardise(values)), dtype=float)

    def log_density(self, values: ArrayLike) -> Floats:
        """Normal density."""
        return _normal_log_density(self.standardise(values), self.sigma)


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

    def quantile(self, probability: ArrayLike) -> Floats:
        """Upper half of a normal."""
        return np.asarray(self.sigma * half_normal_quantile(probability))

    def cumulative(self, values: ArrayLike) -> Floats:
        """Error function."""
        return np.asarray(_special().erf(np.asarray(values, dtype=float) / (self.sigma * math.sqrt(2))))

    def log_density(self, values: ArrayLike) -> Floats:
        """Twice the density of a normal, from 0 on."""
        values = np.asarray(values, dtype=float)
        return np.where(values >= 0, math.log(2) + _normal_log_density(values / self.sigma, self.sigma), -math.inf)


@final
class Beta(Prior):
    """``Beta(alpha, beta)`` on (0, 1): for shares and saturation levels.

    Examples
    --------
    >>> round(float(Beta(alpha=2, beta=3).quantile(0.5)), 3)
    0.386
    """

    family: Literal["beta"] = "beta"
    alpha: Positive
    beta: Positive

    def quantile(self, probability: ArrayLike) -> Floats:
        """Inverse of the incomplete beta function."""
        return beta_quantile(probability, self.alpha, self.beta)

    def cumulative(self, values: ArrayLike) -> Floats:
        """Incomplete beta function."""
        return np.asarray(_special().betainc(self.alpha, self.beta, np.asarray(values, dtype=float)))

    def log_density(self, values: ArrayLike) -> Floats:
        """Powers of the share and of what it leaves."""
        special, values = _special(), np.asarray(values, dtype=float)
        inside = (values >= 0) & (values <= 1)
        share = np.where(inside, values, 0.5)
        density = special.xlogy(self.alpha - 1, share) + special.xlog1py(self.beta - 1, -share)
        return np.where(inside, density - special.betaln(self.alpha, self.beta), -math.inf)


def _normal_log_density(z: Floats, sigma: float) -> Floats:
    return np.asarray(-0.5 * z**2 - math.log(sigma * math.sqrt(2 * math.pi)))


def _special() -> Any:
    from scipy import special  # slow to import; most of this library never needs it

    return special
