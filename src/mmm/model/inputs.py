"""Data and spec turned into the arrays of the model, once, for sampling and for replaying alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.model.baseline import BaselineDesign, baseline_design
from mmm.model.collapse import Rotation, rotate
from mmm.model.frozen import Frozen
from mmm.model.horizon import periods
from mmm.model.spec import ModelSpec
from mmm.model.tracker import TrackerInputs, TrackerScale

__all__ = ["ModelInputs", "Scales"]

Floats = NDArray[np.float64]


class Scales(Frozen):
    """What was learnt from the data to put priors on common scales; kept with the posterior, never re-learnt.

    Parameters
    ----------
    origin : datetime
        First period of the first fit: phase of the seasons.
    outcome : float
        Mean outcome per period.
    drivers : dict of float
        Mean of each channel's driver (spend or exposure) per period.
    control_means, control_scales : dict of float
    tracker : TrackerScale, optional
        Of the brand tracker, where there is one.
    """

    origin: datetime
    outcome: float
    drivers: dict[str, float]
    control_means: dict[str, float]
    control_scales: dict[str, float]
    tracker: TrackerScale | None = None

    @classmethod
    def learn(cls, data: MarketingData) -> Scales:
        """Read the scales off one national data set."""
        controls = data.dataset[schema.CONTROLS].values[0]
        return cls(
            origin=data.dates[0].to_pydatetime(),
            outcome=float(data.dataset[schema.OUTCOME].values[0].mean()),
            drivers=dict(zip(data.channels, data.dataset[schema.DRIVER].values[0].mean(axis=0).tolist(), strict=True)),
            control_means=dict(zip(data.controls, controls.mean(axis=0).tolist(), strict=True)),
            control_scales=dict(zip(data.controls, controls.std(axis=0).tolist(), strict=True)),
            tracker=TrackerScale.learn(data) if data.has_tracker else None,
        )


@dataclass(frozen=True, eq=False)
class ModelInputs:
    """The model's arrays for one national data set, outcome in units of its mean.

    Attributes
    ----------
    outcome : array, shape (time,)
    outcome_scale : float
        Mean outcome per period: what ``outcome`` was divided by.
    driver : array, shape (history + time, channel)
        In units of each channel's mean; history first.
    start : int
        Rows of history.
    break_even : array, shape (channel,)
        Incremental outcome of mean value, in mean outcomes, at which a channel's ROI over the data is exactly 1
        (where the outcome has no money value: at which it brings one unit of outcome per unit of spend).
    landing_value : array, shape (time + horizon - 1,), or None
        Value times margin of the period in which a return lands, in units of its mean; None where it is constant.
    horizon : int
        Periods within which the ROI prior is stated.
    weeks_per_period : float
    design, rotation
        Of the baseline.
    tracker : TrackerInputs or None
        The brand tracker's arrays, where there is one.
    """

    outcome: Floats
    outcome_scale: float
    driver: Floats
    start: int
    break_even: Floats
    landing_value: Floats | None
    horizon: int
    weeks_per_period: float
    design: BaselineDesign
    rotation: Rotation
    tracker: TrackerInputs | None = None

    @classmethod
    def prepare(cls, data: MarketingData, spec: ModelSpec, scales: Scales) -> ModelInputs:
        """Scale the data and build the baseline; ``spec`` is resolved."""
        arrays = data.dataset
        horizon = periods(spec.horizon_weeks, data.weeks_per_period)
        value = value_by_row(data, data.n_periods + horizon - 1)
        mean_value = value[: data.n_periods].mean()
        driver = np.concatenate([arrays[schema.HISTORY_DRIVER].values[0], arrays[schema.DRIVER].values[0]])
        design = baseline_design(
            data,
            trend=spec.trend,
            seasonality=spec.seasonality,
            holidays=spec.holidays,
            origin=pd.Timestamp(scales.origin),
            control_means=np.array([scales.control_means[name] for name in data.controls]),
            control_scales=np.array([scales.control_scales[name] for name in data.controls]),
        )
        return cls(
            outcome=arrays[schema.OUTCOME].values[0] / scales.outcome,
            outcome_scale=scales.outcome,
            driver=driver / np.array([scales.drivers[name] for name in data.channels]),
            start=arrays.sizes[schema.HISTORY_DATE],
            break_even=arrays[schema.SPEND].values[0].sum(axis=0) / (mean_value * scales.outcome),
            landing_value=None if np.ptp(value) == 0 else value / mean_value,
            horizon=horizon,
            weeks_per_period=data.weeks_per_period,
            design=design,
            rotation=rotate(design),
            tracker=TrackerInputs.prepare(data, scales.tracker) if data.has_tracker else None,
        )

    def __post_init__(self) -> None:
        for array in (self.outcome, self.driver, self.break_even, self.rotation.matrix, self.rotation.walk_variances):
            array.setflags(write=False)

    @property
    def extra(self) -> dict[str, int]:
        """Rows without spend that each order needs after the data to find its return within the horizon."""
        by_counterfactual = self.horizon - 1
        shares_suffice = self.landing_value is None
        return {"adstock_first": by_counterfactual, "saturation_first": 0 if shares_suffice else by_counterfactual}

    @property
    def stop(self) -> int:
        """Row after the last known one."""
        return int(self.driver.shape[0])


def value_by_row(data: MarketingData, n_rows: int) -> Floats:
    """Money per unit of outcome times margin, by row, shape (n_rows,); after the data the mean of their last year.

    One where the outcome has no money value.
    """
    if not data.has_money_value:
        return np.ones(n_rows)
    known = (data.dataset[schema.OUTCOME_VALUE] * data.dataset[schema.MARGIN]).values[0]
    recent = known[-min(len(known), periods(52, data.weeks_per_period)) :]
    # the mean of equal numbers may differ from them in the last bit, and a constant value is worth knowing
    later = recent[0] if np.ptp(recent) == 0 else recent.mean()
    return np.concatenate([known, np.full(max(0, n_rows - len(known)), later)])[:n_rows]


def followed_by_zeros(driver: Floats, rows: int) -> Floats:
    """Append ``rows`` periods without spend, for returns that land after the data.

    Examples
    --------
    >>> followed_by_zeros(np.ones((1, 2)), 1)
    array([[1., 1.],
           [0., 0.]])
    """
    return np.concatenate([driver, np.zeros((rows, driver.shape[1]))])
