"""Kernels that end: one final class each, normalised over the lags they have."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any, Literal, final

import numpy as np
from pydantic import Field

from mmm import schema
from mmm.model.filters import convolve
from mmm.model.kernel import CarryoverKernel
from mmm.model.priors import Beta, HalfNormal, LogNormal, Prior

__all__ = ["Binomial", "Delayed", "Weibull"]


class FiniteKernel(CarryoverKernel):
    """Base of the kernels that end after ``max_lag_weeks``; their weights are normalised over that support."""

    max_lag_weeks: Annotated[float, Field(gt=0, le=520)]

    @abstractmethod
    def shape_at(self, lag_weeks: Any, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Weights before normalisation at ``lag_weeks``, shape (lag, 1) in, (..., lag, channel) out."""

    def weights(self, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Kernel over lags ``0 ... max_lag``, shape (..., lag, channel), summing to one."""
        lags = np.arange(float(self._n_lags(weeks_per_period)))[:, None] * weeks_per_period
        shape = self.shape_at(
            lags, {name: value[..., None, :] for name, value in parameters.items()}, weeks_per_period=weeks_per_period
        )
        return shape / shape.sum(axis=-2, keepdims=True)

    def carry(self, x: Any, parameters: dict[str, Any], *, weeks_per_period: float, age: int = 0) -> Any:
        """Weighted sum of past rows."""
        return convolve(x, self._from_age(parameters, weeks_per_period, age))

    def landed(self, periods: int, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Sum of the first ``periods`` weights."""
        return 1 - self._from_age(parameters, weeks_per_period, periods).sum(axis=-2)

    def tail(self, n_rows: int, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Weights of the lags that reach back before row 0; exactly zero once the kernel has ended."""
        weights = self.weights(parameters, weeks_per_period=weeks_per_period)
        n_lags = self._n_lags(weeks_per_period)
        before = np.concatenate([np.ones((n_lags, 1)), np.zeros((n_rows, 1))])
        return convolve(before, weights)[..., n_lags:, :]

    def _from_age(self, parameters: dict[str, Any], weeks_per_period: float, age: int) -> Any:
        weights = self.weights(parameters, weeks_per_period=weeks_per_period)
        return weights * (np.arange(self._n_lags(weeks_per_period)) >= age)[:, None]

    def _n_lags(self, weeks_per_period: float) -> int:
        return round(self.max_lag_weeks / weeks_per_period) + 1


@final
class Delayed(FiniteKernel):
    """``w_k`` proportional to ``2^(-((k - peak) / half_life)^2)``: the effect peaks some weeks after the spend.

    The delayed adstock of Jin et al. (2017) with retention ``a = 2^(-1 / half_life^2)``. Weekly data
    inform the peak only weakly: have a reason.

    Parameters
    ----------
    half_life : LogNormal
        Weeks from the peak until the weekly effect has halved.
    peak : HalfNormal
        Weeks from the spend to the strongest week.
    max_lag_weeks : float
        The kernel ends here.

    Examples
    --------
    >>> import numpy as np
    >>> at = {"half_life": np.array([2.0]), "peak": np.array([1.0])}
    >>> int(Delayed().weights(at, weeks_per_period=1.0).argmax())
    1
    """

    kind: Literal["delayed"] = "delayed"
    half_life: LogNormal = LogNormal(median=1.5, sigma=0.6)
    peak: HalfNormal = HalfNormal(sigma=2.0)
    max_lag_weeks: Annotated[float, Field(gt=0, le=520)] = 13

    def parameters(self) -> dict[str, Prior]:
        """Half-life around the peak and the peak, in weeks."""
        return {schema.HALF_LIFE: self.half_life, schema.PEAK: self.peak}

    def shape_at(self, lag_weeks: Any, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Bell around the peak, as a share of its highest lag: a peak far outside the support is no 0 / 0."""
        distance = ((lag_weeks - parameters[schema.PEAK]) / parameters[schema.HALF_LIFE]) ** 2
        return 2.0 ** (distance.min(axis=-2, keepdims=True) - distance)


@final
class Weibull(FiniteKernel):
    """``w_k = S(k) - S(k + 1)`` with the Weibull survival ``S(t) = 2^(-(t / half_life)^shape)``.

    Shape 1 is the geometric kernel; above 1 the effect builds up first, below 1 it starts fast and lingers.

    Parameters
    ----------
    half_life : LogNormal
        Weeks until half of the effect has landed (before the kernel is ended).
    shape : LogNormal
    max_lag_weeks : float
        The kernel ends here.

    Examples
    --------
    >>> import numpy as np
    >>> at = {"half_life": np.array([1.0]), "shape": np.array([1.0])}
    >>> Weibull().weights(at, weeks_per_period=1.0)[:3].round(3).ravel()
    array([0.5  , 0.25 , 0.125])
    """

    kind: Literal["weibull"] = "weibull"
    half_life: LogNormal = LogNormal(median=1.5, sigma=0.6)
    shape: LogNormal = LogNormal(median=1.0, sigma=0.3)
    max_lag_weeks: Annotated[float, Field(gt=0, le=520)] = 26

    def parameters(self) -> dict[str, Prior]:
        """Half-life in weeks and shape."""
        return {schema.HALF_LIFE: self.half_life, schema.SHAPE: self.shape}

    def shape_at(self, lag_weeks: Any, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Probability of each period."""
        half_life, shape = parameters[schema.HALF_LIFE], parameters[schema.SHAPE]
        positive = lag_weeks > 0
        # 0^shape has no finite gradient in the shape: at lag 0 nothing has landed, whatever the shape
        elapsed = positive * ((lag_weeks + (1 - 1 * positive)) / half_life) ** shape
        return 2.0**-elapsed - 2.0 ** -(((lag_weeks + weeks_per_period) / half_life) ** shape)


@final
class Binomial(FiniteKernel):
    """``w_k`` proportional to ``(1 - k / (L + 1))^(1 / retention - 1)``: Meridian's binomial adstock.

    Parameters
    ----------
    retention : Beta
        Between 0 (only the week of the spend) and 1 (flat over the whole support); 0.5 falls in a straight line.
    max_lag_weeks : float
        The kernel ends here.

    Examples
    --------
    >>> import numpy as np
    >>> Binomial(max_lag_weeks=3).weights({"retention": np.array([0.5])}, weeks_per_period=1.0).ravel()
    array([0.4, 0.3, 0.2, 0.1])
    """

    kind: Literal["binomial"] = "binomial"
    retention: Beta = Beta(alpha=2, beta=2)
    max_lag_weeks: Annotated[float, Field(gt=0, le=520)] = 8

    def parameters(self) -> dict[str, Prior]:
        """Retention."""
        return {schema.RETENTION: self.retention}

    def shape_at(self, lag_weeks: Any, parameters: dict[str, Any], *, weeks_per_period: float) -> Any:
        """Power of what is left of the support."""
        support = self._n_lags(weeks_per_period)
        return (1 - lag_weeks / weeks_per_period / support) ** (1 / parameters[schema.RETENTION] - 1)
