"""The tracker's likelihood: what a survey or an index says of the brand's stock, in pure NumPy.

A wave ``w`` measures ``b_w = a + lambda g_w + r_w + e_w``: the brand's stock ``g`` in units of its mean, a random walk
``r ~ N(0, tau_b^2 K)`` for all that moves the brand besides media, and an error ``e_w ~ N(0, (s se_w)^2)``. A survey's
``se_w`` is known and ``s`` is 1; an index has ``se_w = 1`` and its ``s`` is estimated. The level ``a`` is diffuse.

Divided by ``se_w`` this has the form that `collapse.py` integrates out: noise of one size, one column ``1 / se_w`` and
a walk of covariance ``K_wv / (se_w se_v)``. With its rotation ``B`` and variances ``L``,

    B (b / se) ~ Normal(lambda B (g / se), s^2 + tau_b^2 L), independent,

up to a constant: a few dozen multiplications, linear in ``lambda``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from mmm import schema
from mmm.data import MarketingData
from mmm.errors import SpecError
from mmm.model.baseline import BaselineDesign
from mmm.model.collapse import Rotation, recover, rotate
from mmm.model.frozen import Frozen
from mmm.model.priors import HalfNormal, LogNormal, Normal, Prior

__all__ = ["TrackerInputs", "TrackerModel", "TrackerScale"]

Floats = NDArray[np.float64]
Size = Annotated[float, Field(gt=0, allow_inf_nan=False)]


@final
class TrackerModel(Frozen):
    """What is assumed of a brand tracker.

    Surveys are on the share scale, where 0.01 is a point; an index is in its own standard deviations. Fields that are
    None by default depend on which of the two it is, and are filled in by `resolve`.

    Parameters
    ----------
    loading : float, optional
        Standard deviation of the prior, Normal about 0, of what media build in the tracker on average: of ``lambda``.
        By default 0.10 (ten points) for a survey. 5 for an index: it is measured by its movements, and a stock that
        hardly moves about its mean has to stand for many of them.
    walk : HalfNormal, optional
        Prior of the standard deviation per square root of a week of whatever else moves the tracker. By default 0.003
        for a survey and 0.1 for an index. There is always such a walk: without it PR and product would be media.
    half_life_sigma : float
        The tracker's stock has a half-life of its own: log-normal about the slow half-life of the outcome, with this
        standard deviation of the logarithm.
    error : HalfNormal, optional
        Prior of the error of an index; by default 1. A survey has none: its error follows from its respondents.
    value_per_point : LogNormal, optional
        Prior of the outcome per period that a point (0.01) of a survey is worth. It ties the outcome's loading to the
        tracker's, so that what else moves the tracker can be read as media's doing: state it on purpose, and wide.

    Examples
    --------
    >>> TrackerModel(walk=HalfNormal(sigma=0.002)).walk.sigma
    0.002
    """

    loading: Size | None = None
    walk: HalfNormal | None = None
    half_life_sigma: Size = 0.25
    error: HalfNormal | None = None
    value_per_point: LogNormal | None = None

    def resolve(self, data: MarketingData) -> TrackerModel:
        """Fill in every default for ``data``, so that nothing is left unsaid.

        Raises
        ------
        SpecError
            If the data have no tracker, or one to which a stated prior does not apply.
        """
        if not data.has_tracker:
            raise SpecError(
                "the spec speaks of a tracker, and the data have none",
                "its parameters would only return their priors",
                "pass tracker=mmm.Tracker.from_frame(...) to MarketingData.from_frame",
            )
        is_index = data.description.tracker_unit == "index"
        if is_index and self.value_per_point is not None:
            raise SpecError(
                f"value_per_point was given, and the tracker {data.description.tracker!r} is an index",
                "a point is a hundredth of the respondents; a standard deviation of an index has no price to defend",
                "leave value_per_point out, or bring a survey",
            )
        if self.loading is not None and self.value_per_point is not None:
            raise SpecError(
                f"loading={self.loading:g} and value_per_point were both given",
                "what media build in the tracker follows from what a point is worth; one of the two would be ignored",
                "state the one that you can defend",
            )
        if not is_index and self.error is not None:
            raise SpecError(
                f"a prior of the error was given, and the tracker {data.description.tracker!r} is a survey",
                "its error is known from its respondents; a second one would let noise and brand trade places",
                "leave error out; say what weighting and clustering add by design_effect= of the tracker",
            )
        return self.model_copy(
            update={
                "loading": None if self.value_per_point else self.loading or (5.0 if is_index else 0.10),
                "walk": self.walk or HalfNormal(sigma=0.1 if is_index else 0.003),
                "error": (self.error or HalfNormal(sigma=1.0)) if is_index else None,
            }
        )

    def parameters(self) -> dict[str, Prior]:
        """Priors by posterior name; of a resolved model."""
        priors: dict[str, Prior] = {schema.TRACKER_STRETCH: LogNormal(median=1.0, sigma=self.half_life_sigma)}
        if self.value_per_point is not None:
            priors[schema.VALUE_PER_POINT] = self.value_per_point
        elif self.loading is not None:
            priors[schema.TRACKER_LOADING] = Normal(sigma=self.loading)
        if self.walk is not None:
            priors[schema.TRACKER_TAU] = self.walk
        if self.error is not None:
            priors[schema.TRACKER_SIGMA] = self.error
        return priors


@final
class TrackerScale(Frozen):
    """What was learnt from the waves to put an index on a common scale; kept, never re-learnt.

    Parameters
    ----------
    centre, spread : float
        Mean and standard deviation of an index; 0 and 1 for a survey, which stays a share.

    Examples
    --------
    >>> TrackerScale(centre=300.0, spread=40.0).original(np.array([0.0, 1.5]))
    array([300., 360.])
    """

    centre: float
    spread: Size

    @classmethod
    def learn(cls, data: MarketingData) -> TrackerScale:
        """Read the scale off the waves of one data set."""
        if data.description.tracker_unit != "index":
            return cls(centre=0.0, spread=1.0)
        values = data.dataset[schema.TRACKER].values
        return cls(centre=float(values.mean()), spread=float(values.std()))

    def original(self, scaled: Floats) -> Floats:
        """Bring values of the model back to shares, or to the unit of the index."""
        return self.centre + self.spread * scaled


@dataclass(frozen=True, eq=False)
class TrackerInputs:
    """The tracker's arrays for one data set.

    Attributes
    ----------
    n_periods : int
        Of the data.
    rows : int array, shape (wave,)
        Period of the data in which each wave was taken, 0 for the first (rows of history not counted).
    value : array, shape (wave,)
        ``b``: shares, or a standardised index.
    error : array, shape (wave,)
        ``se``: the sampling error of a survey, 1 for an index.
    is_index : bool
        Whether the error's scale ``s`` has to be estimated; it is 1 otherwise.
    scale : TrackerScale
    design, rotation
        Of the whitened waves ``b / se``: one diffuse column, and the tracker's own walk.
    """

    n_periods: int
    rows: NDArray[np.int64]
    value: Floats
    error: Floats
    is_index: bool
    scale: TrackerScale
    design: BaselineDesign
    rotation: Rotation

    @classmethod
    def prepare(cls, data: MarketingData, scale: TrackerScale | None = None) -> TrackerInputs:
        """Scale and whiten the waves of ``data``, which has a tracker; ``scale`` is that of the first fit, if any."""
        scale = scale or TrackerScale.learn(data)
        is_index = data.description.tracker_unit == "index"
        dates = pd.DatetimeIndex(data.dataset[schema.WAVE].values)
        value = (data.dataset[schema.TRACKER].values - scale.centre) / scale.spread
        error = np.ones(len(dates)) if is_index else data.dataset[schema.TRACKER_ERROR].values / scale.spread
        weeks = np.asarray((dates - dates[0]) / pd.Timedelta(weeks=1), dtype=float)
        design = BaselineDesign(
            terms=("level",),
            kinds=("intercept",),
            columns=1 / error[:, None],
            walk_covariance=np.minimum.outer(weeks, weeks) / np.multiply.outer(error, error),
            has_walk=True,
        )
        rows = data.dates.get_indexer(dates).astype(np.int64)
        return cls(data.n_periods, rows, value, error, is_index, scale, design, rotate(design))

    def __post_init__(self) -> None:
        for array in (self.rows, self.value, self.error, self.rotated, self.from_stock, self.rotation.walk_variances):
            array.setflags(write=False)

    @cached_property
    def rotated(self) -> Floats:
        """``B (b / se)``, shape (wave - 1,): the waves in coordinates in which they are independent."""
        return self.rotation.matrix @ (self.value / self.error)

    @cached_property
    def from_stock(self) -> Floats:
        """``B diag(1 / se)``, shape (wave - 1, wave): takes the stock at the waves to the mean of ``rotated``."""
        return np.ascontiguousarray(self.rotation.matrix / self.error)

    @cached_property
    def from_periods(self) -> Floats:
        """:attr:`from_stock` on the stock in every period, shape (wave - 1, period): zero where none was measured."""
        spread = np.zeros((len(self.rotated), self.n_periods))
        spread[:, self.rows] = self.from_stock  # no two waves share a period
        return spread

    def log_density(self, stock: Floats, *, loading: float, walk: float, error: float = 1.0) -> float:
        """Log likelihood of the waves up to a constant, the level integrated out.

        Parameters
        ----------
        stock : array, shape (wave,)
            ``g``: the brand's stock at the waves, in units of its mean.
        loading, walk : float
            ``lambda`` and ``tau_b``, in shares or in standard deviations of the index.
        error : float
            ``s``; 1 for a survey.
        """
        variance = error**2 + walk**2 * self.rotation.walk_variances
        surprise = self.rotated - loading * (self.from_stock @ stock)
        return float(-0.5 * np.sum(np.log(variance) + surprise**2 / variance))

    def recover(
        self, from_media: Floats, *, walk: Floats, error: Floats, rng: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """Draw level and walk from their exact conditional posterior, one for each draw.

        Parameters
        ----------
        from_media : array, shape (draw, wave)
            ``lambda g`` at the waves.
        walk, error : array, shape (draw,)
            ``tau_b`` and ``s``.
        rng : Generator

        Returns
        -------
        level : array, shape (draw,)
        path : array, shape (draw, wave)
            ``a`` and ``r``, on the scale of ``value``. The tracker without its error is ``level + from_media + path``;
            ``scale.original`` brings it back to the unit in which it came.
        """
        level, path = recover(
            (self.value - from_media) / self.error,
            sigma=error,
            tau=walk,
            design=self.design,
            rotation=self.rotation,
            rng=rng,
        )
        return level[:, 0], path * self.error
