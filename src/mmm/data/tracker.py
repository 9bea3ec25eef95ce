"""`Tracker`: waves of awareness, consideration or branded search, with what is known of their error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mmm.data.description import TrackerUnit

__all__ = ["Tracker", "sampling_error"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Tracker:
    """A noisy measurement of the brand, wave by wave, checked and frozen.

    Made by `from_frame`; not by calling the class. Given to `MarketingData.from_frame(..., tracker=)`, it measures the
    stock that brand channels build, beside whatever else moves it. It is not a control: as one it would take the part
    of the effect that goes through the brand away from the channels.

    Attributes
    ----------
    name : str
        What it is called in messages and tables.
    unit : {"share", "percent", "index"}
        As it came.
    dates : pandas.DatetimeIndex, shape (wave,)
        Date of each wave, in order.
    values : numpy.ndarray, shape (wave,)
        Shares between 0 and 1; an index as it came.
    sample_size : numpy.ndarray, shape (wave,), or None
        Respondents of each wave; None for an index.
    design_effect : float
        Variance of the survey over that of a simple random sample of the same size.
    notes : tuple of str
        What was assumed or done, in words.

    Examples
    --------
    >>> waves = pd.DataFrame({"wave": pd.date_range("2024-01-15", periods=8, freq="QS-JAN")})
    >>> waves["aware"] = [41, 43, 42, 46, 45, 44, 47, 48]
    >>> tracker = Tracker.from_frame(waves, date="wave", value="aware", unit="percent", sample_size=400)
    >>> tracker
    <Tracker 'aware': 8 waves (percent), 2024-04-01 to 2026-01-01>
    >>> tracker.error[:2].round(4)
    array([0.0246, 0.0248])
    """

    name: str
    unit: TrackerUnit
    dates: pd.DatetimeIndex
    values: np.ndarray
    sample_size: np.ndarray | None
    design_effect: float
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for array in (self.values, self.sample_size):
            if array is not None:
                array.setflags(write=False)

    @classmethod
    def from_frame(
        cls,
        df: Any,
        *,
        date: str,
        value: str,
        unit: TrackerUnit,
        sample_size: float | str | None = None,
        design_effect: float = 1.0,
        name: str | None = None,
    ) -> Tracker:
        """Check a frame of waves and take its numbers.

        Waves may be weekly, monthly, quarterly or irregular: one row where something was measured, none where nothing
        was. Nothing is dropped, filled or interpolated.

        Parameters
        ----------
        df : data frame
            pandas, polars (eager), pyarrow, or any other eager frame that narwhals reads. Never changed.
        date : str
            Column of dates: the middle of each wave's fieldwork. A wave says nothing of weeks it did not ask about.
        value : str
            Column of what was measured.
        unit : {"share", "percent", "index"}
            Share (0 to 1) or percent (0 to 100) of respondents of a survey, whose sampling error is known; or an
            index, such as the volume of branded search, whose error will be estimated.
        sample_size : float or str, optional
            Respondents per wave, a number or a column; for shares and percent only, and needed there. Of the wave
            alone: a rolling average repeats respondents, and is not a wave.
        design_effect : float
            How many times the sampling variance is that of a simple random sample; 1.3 to 2 where weighting is heavy.
        name : str, optional
            By default the column of values.

        Returns
        -------
        Tracker

        Raises
        ------
        ColumnError
            If a named column is not in the frame.
        DataError
            If anything else about the waves would break the statistics; see ``docs/data.md``.

        Examples
        --------
        >>> months = pd.DataFrame({"month": pd.date_range("2024-01-15", periods=12, freq="30D")})
        >>> months["searches"] = [310.0, 325, 300, 340, 360, 355, 350, 370, 365, 390, 380, 400]
        >>> tracker = Tracker.from_frame(months, date="month", value="searches", unit="index", name="branded search")
        >>> tracker.name, bool(np.isnan(tracker.error).all())
        ('branded search', True)
        """
        from mmm.data.waves import read_waves  # brings in narwhals, which a saved fit does not need

        return read_waves(
            df, date=date, value=value, unit=unit, sample_size=sample_size, design_effect=design_effect, name=name
        )

    @property
    def error(self) -> np.ndarray:
        """Standard deviation of each wave's sampling error, shape (wave,), as a share; NaN for an index: unknown."""
        if self.sample_size is None:
            return np.full(len(self.values), np.nan)
        return sampling_error(self.values, sample_size=self.sample_size, design_effect=self.design_effect)

    def __repr__(self) -> str:
        return (
            f"<Tracker {self.name!r}: {len(self.values)} waves ({self.unit}), "
            f"{self.dates[0]:%Y-%m-%d} to {self.dates[-1]:%Y-%m-%d}>"
        )


def sampling_error(shares: np.ndarray, *, sample_size: np.ndarray, design_effect: float) -> np.ndarray:
    """Standard deviation of a survey's shares: ``sqrt(design_effect p (1 - p) / n)``.

    Parameters
    ----------
    shares, sample_size : numpy.ndarray, shape (wave,)
        Between 0 and 1; at least 1.
    design_effect : float

    Returns
    -------
    numpy.ndarray, shape (wave,)
        Above zero: a share within half a respondent of nobody (or of everybody) is not known without error, and is
        given the error of half a respondent.

    Examples
    --------
    >>> sampling_error(np.array([0.4, 0.0]), sample_size=np.array([400.0, 400.0]), design_effect=1.0).round(4)
    array([0.0245, 0.0018])
    """
    half = 0.5 / sample_size
    p = np.clip(shares, half, 1 - half)
    error: np.ndarray = np.sqrt(design_effect * p * (1 - p) / sample_size)
    return error
