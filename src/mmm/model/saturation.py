"""How the response bends with spend: one small final class per curve.

Every curve maps driver units (1 = the channel's mean over the data) to a response, is 0 at 0,
and is written with plain operators, so that the same method takes NumPy arrays and PyTensor
variables. Arrays are ``(..., time, channel)``, parameters ``(..., channel)``.

Curves with a ceiling are parameterised by the *saturation level at mean spend*: the share of the
ceiling reached when one spends as usual. People can argue about that number; nobody can about a
half-saturation point in thousands of pounds of adstock.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any, Literal, final

import numpy as np
from pydantic import Field

from mmm import schema
from mmm.model.filters import is_symbolic
from mmm.model.frozen import Frozen
from mmm.model.priors import Beta, LogNormal, Prior

__all__ = ["Hill", "Logistic", "MichaelisMenten", "NoSaturation", "Root", "Saturation", "Tanh"]


class SaturationCurve(Frozen):
    """Base of every saturation: its priors by public parameter name, and its formula."""

    @abstractmethod
    def parameters(self) -> dict[str, Prior]:
        """Priors by the name the parameter has in the posterior."""

    @abstractmethod
    def respond(self, x: Any, parameters: dict[str, Any]) -> Any:
        """Response to ``x``, both ``(..., time, channel)``; unit-free."""

    @abstractmethod
    def bend(self, x: Any, response: Any, parameters: dict[str, Any]) -> Any:
        """Derivative of the response in the logarithm of ``x``, ``x f'(x)``, given ``f(x)``; all of one shape."""


@final
class Hill(SaturationCurve):
    """``x^s / (k + x^s)`` with ``k = (1 - level) / level``: concave for ``s <= 1``, S-shaped above.

    The default, with an uncertain slope: always-on data do not show the curve near zero spend, and a
    curve that is concave by assumption overstates average ROI wherever the truth is S-shaped.

    Examples
    --------
    >>> import numpy as np
    >>> Hill().respond(np.ones((1, 1)), {"saturation_level": np.array([0.4]), "saturation_slope": np.array([2.0])})
    array([[0.4]])
    """

    kind: Literal["hill"] = "hill"
    level: Beta = Beta(alpha=2, beta=3)
    slope: LogNormal = LogNormal(median=1.0, sigma=0.4)

    def parameters(self) -> dict[str, Prior]:
        """Level at mean spend and slope."""
        return {schema.LEVEL: self.level, schema.SLOPE: self.slope}

    def respond(self, x: Any, parameters: dict[str, Any]) -> Any:
        """Hill equation in the level at mean spend."""
        level = parameters[schema.LEVEL][..., None, :]
        positive, power = _power(x, parameters[schema.SLOPE][..., None, :])
        return positive * power / ((1 - level) / level + power)

    def bend(self, x: Any, response: Any, parameters: dict[str, Any]) -> Any:
        """``s f (1 - f)``."""
        return parameters[schema.SLOPE][..., None, :] * response * (1 - response)


class LevelCurve(SaturationCurve):
    """Base of the curves with a ceiling that the level at mean spend describes fully."""

    level: Beta = Beta(alpha=2, beta=3)

    def parameters(self) -> dict[str, Prior]:
        """Level at mean spend."""
        return {schema.LEVEL: self.level}


@final
class MichaelisMenten(LevelCurve):
    """``x / (k + x)`` with ``k = (1 - level) / level``: concave throughout.

    The prior on the level is the mirror image of ``mROI / ROI ~ Beta(4, 2.5)`` at mean spend.

    Examples
    --------
    >>> import numpy as np
    >>> MichaelisMenten().respond(np.ones((1, 1)), {"saturation_level": np.array([0.25])})
    array([[0.25]])
    """

    kind: Literal["michaelis_menten"] = "michaelis_menten"
    level: Beta = Beta(alpha=2.5, beta=4)

    def respond(self, x: Any, parameters: dict[str, Any]) -> Any:
        """Michaelis-Menten equation in the level at mean spend."""
        level = parameters[schema.LEVEL][..., None, :]
        return x / ((1 - level) / level + x)

    def bend(self, x: Any, response: Any, parameters: dict[str, Any]) -> Any:
        """``f (1 - f)``."""
        return response * (1 - response)


@final
class Tanh(LevelCurve):
    """``tanh(a x)`` with ``tanh(a) = level``, written as ``(1 - q^x) / (1 + q^x)``.

    Examples
    --------
    >>> import numpy as np
    >>> Tanh().respond(np.ones((1, 1)), {"saturation_level": np.array([0.5])}).round(12)
    array([[0.5]])
    """

    kind: Literal["tanh"] = "tanh"

    def respond(self, x: Any, parameters: dict[str, Any]) -> Any:
        """Hyperbolic tangent in the level at mean spend."""
        return _tanh(x, parameters[schema.LEVEL][..., None, :])

    def bend(self, x: Any, response: Any, parameters: dict[str, Any]) -> Any:
        """``a x (1 - f^2)``."""
        return _tanh_bend(x, response, parameters[schema.LEVEL][..., None, :])


@final
class Logistic(LevelCurve):
    """``(1 - e^{-l x}) / (1 + e^{-l x})``, the logistic of other libraries.

    It equals ``tanh(l x / 2)``: in the level at mean spend it is the same curve as :class:`Tanh`. Both names
    are kept because people look for both.

    Examples
    --------
    >>> import numpy as np
    >>> Logistic().respond(np.ones((1, 1)), {"saturation_level": np.array([0.5])}).round(12)
    array([[0.5]])
    """

    kind: Literal["logistic"] = "logistic"

    def respond(self, x: Any, parameters: dict[str, Any]) -> Any:
        """Logistic saturation in the level at mean spend."""
        return _tanh(x, parameters[schema.LEVEL][..., None, :])

    def bend(self, x: Any, response: Any, parameters: dict[str, Any]) -> Any:
        """``l x (1 - f^2) / 2``."""
        return _tanh_bend(x, response, parameters[schema.LEVEL][..., None, :])


@final
class Root(SaturationCurve):
    """``x^p`` with ``0 < p < 1``: no ceiling, and an infinite slope at zero spend.

    ``p`` is the elasticity and equals mROI / ROI at any spend.

    Examples
    --------
    >>> import numpy as np
    >>> Root().respond(np.array([[4.0]]), {"saturation_exponent": np.array([0.5])})
    array([[2.]])
    """

    kind: Literal["root"] = "root"
    exponent: Beta = Beta(alpha=4, beta=2.5)

    def parameters(self) -> dict[str, Prior]:
        """Elasticity."""
        return {schema.EXPONENT: self.exponent}

    def respond(self, x: Any, parameters: dict[str, Any]) -> Any:
        """Power law."""
        positive, power = _power(x, parameters[schema.EXPONENT][..., None, :])
        return positive * power

    def bend(self, x: Any, response: Any, parameters: dict[str, Any]) -> Any:
        """``p f``."""
        return parameters[schema.EXPONENT][..., None, :] * response


@final
class NoSaturation(SaturationCurve):
    """A straight line: twice the spend, twice the response.

    Examples
    --------
    >>> NoSaturation().respond(3.0, {})
    3.0
    """

    kind: Literal["none"] = "none"

    def parameters(self) -> dict[str, Prior]:
        """None."""
        return {}

    def respond(self, x: Any, parameters: dict[str, Any]) -> Any:
        """Return the driver itself."""
        return x

    def bend(self, x: Any, response: Any, parameters: dict[str, Any]) -> Any:
        """Return the driver itself."""
        return x


def _power(x: Any, exponent: Any) -> tuple[Any, Any]:
    """Give (x > 0) and x^exponent, kept at 1 where x is 0: there the gradient of 0^s is not finite."""
    # not x + (1 - positive): a graph is free to compute (x + 1) - positive, which is 0 for a stock below 1e-16
    base = x + (x <= 0)
    if is_symbolic(base, exponent):
        return x > 0, base**exponent
    # of numbers in half the time: a driver has far fewer logarithms than powers
    return x > 0, np.exp(exponent * np.log(base))


def _tanh(x: Any, level: Any) -> Any:
    q = ((1 - level) / (1 + level)) ** x
    return (1 - q) / (1 + q)


def _tanh_bend(x: Any, response: Any, level: Any) -> Any:
    return np.arctanh(level) * x * (1 - response**2)


Saturation = Annotated[
    Hill | MichaelisMenten | Logistic | Tanh | Root | NoSaturation,
    Field(discriminator="kind"),
]
