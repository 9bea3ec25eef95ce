"""The part of the outcome that is not media: what its columns are, and how its level may wander.

Intercept, linear trend, Fourier seasons, holidays and controls are columns of one matrix ``Z`` with
diffuse coefficients; the random walk has a covariance known up to its variance. Both are integrated out
in `collapse.py`, so nothing here is sampled but the walk's scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal, Self, final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from mmm.data import MarketingData
from mmm.errors import SpecError
from mmm.model.frozen import Frozen
from mmm.model.priors import HalfNormal

__all__ = ["BaselineDesign", "Seasonality", "Trend", "baseline_design"]

#: Columns of the baseline by kind, in the order in which they stand in ``Z``.
KINDS = ("intercept", "trend", "season", "holiday", "control")

#: Residual periods the likelihood must keep after projecting the baseline out.
MIN_RESIDUAL_PERIODS = 20


@final
class Trend(Frozen):
    """How the level may move.

    Parameters
    ----------
    linear : bool
        A straight line, diffuse.
    walk : HalfNormal or None
        Prior of the random walk's standard deviation per square root of a week, as a share of mean outcome; its
        size is estimated. ``None`` leaves the walk out: slow channels then pick up whatever the base does.
    smooth_weeks : float, optional
        Give the level a smooth path, a Gaussian process of this length, instead of a random walk. Over a year it may
        move as much as the walk of the same size; within a month hardly. For comparison: what a smooth base cannot
        follow is given to media.

    Examples
    --------
    >>> Trend().walk.sigma
    0.006
    """

    linear: bool = True
    walk: HalfNormal | None = HalfNormal(sigma=0.006)
    smooth_weeks: Annotated[float, Field(gt=0, le=520)] | None = None

    @model_validator(mode="after")
    def _smooth_needs_a_size(self) -> Self:
        if self.smooth_weeks is not None and self.walk is None:
            raise ValueError("smooth_weeks with walk=None: a path of no size; leave walk at its default")
        return self


@final
class Seasonality(Frozen):
    """Fourier pairs over the calendar year; day-of-week dummies for daily data.

    Parameters
    ----------
    yearly : int
        Pairs of sine and cosine per year; 0 for none. 4 by default, 6 where peaks are sharp.
    weekly : bool
        Day-of-week dummies; used for daily data only.

    Examples
    --------
    >>> Seasonality(yearly=6).yearly
    6
    """

    yearly: Annotated[int, Field(ge=0, le=26)] = 4
    weekly: bool = True


@dataclass(frozen=True, eq=False)
class BaselineDesign:
    """The baseline's columns and its walk, for one data set.

    Attributes
    ----------
    terms : tuple of str
        Names of the columns.
    kinds : tuple of str
        Kind of each column, one of ``KINDS``.
    columns : array, shape (time, term)
        ``Z``; controls standardised.
    walk_covariance : array, shape (time, time)
        Covariance of the random walk per unit of its weekly variance; zero where there is no walk.
    has_walk : bool
    """

    terms: tuple[str, ...]
    kinds: tuple[Literal["intercept", "trend", "season", "holiday", "control"], ...]
    columns: NDArray[np.float64]
    walk_covariance: NDArray[np.float64]
    has_walk: bool

    @cached_property
    def walk_factor(self) -> NDArray[np.float64]:
        """Square root of the walk's covariance, shape (time, time): what turns unit normals into a walk."""
        variances, vectors = np.linalg.eigh(self.walk_covariance)
        return np.asarray(vectors * np.sqrt(np.clip(variances, 0, None)))


def baseline_design(
    data: MarketingData,
    *,
    trend: Trend,
    seasonality: Seasonality,
    holidays: str | None,
    origin: pd.Timestamp,
    control_means: NDArray[np.float64],
    control_scales: NDArray[np.float64],
) -> BaselineDesign:
    """Build the baseline's columns over the dates of ``data``.

    Parameters
    ----------
    data : MarketingData
        One geo.
    trend, seasonality, holidays
        From the spec.
    origin : Timestamp
        Calendar origin learnt at the first fit; seasons and trend keep their phase when data grow.
    control_means, control_scales : array, shape (control,)

    Returns
    -------
    BaselineDesign

    Raises
    ------
    SpecError
        If columns are linearly dependent or leave too few residual periods.
    """
    dates = data.dates
    weeks = np.asarray((dates - origin) / pd.Timedelta(weeks=1), dtype=float)
    blocks: list[tuple[str, dict[str, NDArray[np.float64]]]] = [("intercept", {"intercept": np.ones(len(dates))})]
    if trend.linear:
        blocks.append(("trend", {"trend": (weeks - weeks.mean()) / np.ptp(weeks)}))
    blocks.append(("season", season_columns(dates, origin=origin, seasonality=seasonality, frequency=data.frequency)))
    if holidays is not None:
        blocks.append(("holiday", holiday_columns(dates, country=holidays, frequency=data.frequency)))
    controls = (data.dataset["controls"].values[0] - control_means) / control_scales
    blocks.append(("control", {name: controls[:, i] for i, name in enumerate(data.controls)}))

    names = tuple(name for _, block in blocks for name in block)
    kinds = tuple(kind for kind, block in blocks for _ in block)
    columns = np.column_stack([column for _, block in blocks for column in block.values()])
    taken = sorted({name for name in names if names.count(name) > 1})
    if taken:
        raise SpecError(
            f"controls named {taken} share their name with a column of the baseline",
            "their coefficients could not be told apart",
            "rename those controls",
        )
    _check_rank(columns, names)
    walk_covariance = level_covariance(weeks - weeks[0], smooth_weeks=trend.smooth_weeks)
    if trend.walk is None:
        walk_covariance = np.zeros_like(walk_covariance)
    return BaselineDesign(names, kinds, columns, walk_covariance, trend.walk is not None)  # type: ignore[arg-type]


def level_covariance(weeks: NDArray[np.float64], *, smooth_weeks: float | None) -> NDArray[np.float64]:
    """Covariance of the level's way from its first period, per unit of weekly variance, shape (time, time).

    A random walk, or a squared-exponential process whose change over half a year and more has the variance that the
    walk's has over one year.

    Examples
    --------
    >>> level_covariance(np.array([0.0, 1.0, 2.0]), smooth_weeks=None)
    array([[0., 0., 0.],
           [0., 1., 1.],
           [0., 1., 2.]])
    """
    if smooth_weeks is None:
        return np.minimum.outer(weeks, weeks)
    process = 26.0 * np.exp(-0.5 * (np.subtract.outer(weeks, weeks) / smooth_weeks) ** 2)
    return np.asarray(process - process[:, [0]] - process[[0], :] + process[0, 0])


def season_columns(
    dates: pd.DatetimeIndex, *, origin: pd.Timestamp, seasonality: Seasonality, frequency: str
) -> dict[str, NDArray[np.float64]]:
    """Fourier pairs over 365.25 days and, for daily data, six day-of-week dummies.

    Examples
    --------
    >>> dates = pd.date_range("2024-01-01", periods=12, freq="MS")
    >>> list(season_columns(dates, origin=dates[0], seasonality=Seasonality(yearly=1), frequency="monthly"))
    ['season_sin_1', 'season_cos_1']
    """
    years = np.asarray((dates - origin) / pd.Timedelta(days=365.25), dtype=float)
    columns = {}
    for k in range(1, seasonality.yearly + 1):
        columns[f"season_sin_{k}"] = np.sin(2 * np.pi * k * years)
        columns[f"season_cos_{k}"] = np.cos(2 * np.pi * k * years)
    if frequency == "daily" and seasonality.weekly:
        for day in ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"):
            columns[f"season_{day}"] = np.asarray(dates.day_name().str.lower() == day, dtype=float)
    return columns


def holiday_columns(dates: pd.DatetimeIndex, *, country: str, frequency: str) -> dict[str, NDArray[np.float64]]:
    """Count each public holiday's days in each period; holidays that always share a period become one column.

    Parameters
    ----------
    dates : DatetimeIndex
        First (or only) day of each period; for month-end dates the month that ends there.
    country : str
        ISO code such as ``"GB"``, or with a subdivision: ``"US-CA"``.
    frequency : {"daily", "weekly", "monthly"}

    Raises
    ------
    SpecError
        If the country or subdivision is not known to the `holidays` package.

    Examples
    --------
    >>> dates = pd.date_range("2023-01-02", periods=52, freq="W-MON")
    >>> "Christmas Day + Boxing Day" in holiday_columns(dates, country="GB", frequency="weekly")
    True
    """
    import holidays as holiday_calendars  # slow to import, and only some models have holidays

    edges = _period_edges(dates, frequency)
    code, _, subdivision = country.partition("-")
    try:
        calendar = holiday_calendars.country_holidays(
            code, subdiv=subdivision or None, years=range(edges[0].year, edges[-1].year + 1), observed=False
        )
    except NotImplementedError as error:
        raise SpecError(
            f"holidays={country!r} is not a calendar that the `holidays` package knows",
            "a holiday left out shows up as noise, or as the return of whatever was spent that week",
            'give an ISO country code such as "GB" or "US", with a subdivision if needed ("US-CA"), or pass your own '
            f"holiday dummies as controls ({error})",
        ) from None
    counts: dict[str, NDArray[np.float64]] = {}
    for day, title in sorted(calendar.items()):
        row = int(np.searchsorted(edges.values, np.datetime64(day), side="right")) - 1
        if 0 <= row < len(dates):
            for name in title.split("; "):
                counts.setdefault(name, np.zeros(len(dates)))[row] += 1
    merged: dict[bytes, list[str]] = {}
    for name, column in counts.items():
        merged.setdefault(column.tobytes(), []).append(name)
    return {" + ".join(names): counts[names[0]] for names in merged.values()}


def _period_edges(dates: pd.DatetimeIndex, frequency: str) -> pd.DatetimeIndex:
    """First day of every period and, last, of the period after the data."""
    if frequency == "monthly":
        months = dates.to_period("M")
        return pd.period_range(months[0], months[-1] + 1, freq="M").to_timestamp()
    length = pd.Timedelta(days=1 if frequency == "daily" else 7)
    return pd.DatetimeIndex([*dates, dates[-1] + length])


def _check_rank(columns: NDArray[np.float64], names: tuple[str, ...]) -> None:
    n_rows, n_columns = columns.shape
    if n_rows - n_columns < MIN_RESIDUAL_PERIODS:
        raise SpecError(
            f"the baseline has {n_columns} columns for {n_rows} periods",
            f"fewer than {MIN_RESIDUAL_PERIODS} periods are left to tell media from the baseline",
            "use fewer controls, fewer Fourier pairs or no holidays, or bring more history",
        )
    scaled = columns / np.linalg.norm(columns, axis=0)
    if np.linalg.matrix_rank(scaled, tol=1e-8) < n_columns:
        # a column is lost if it adds nothing to those before it: the later of two copies is the one to name
        ranks = [np.linalg.matrix_rank(scaled[:, : i + 1], tol=1e-8) for i in range(n_columns)]
        lost = [names[i] for i in range(1, n_columns) if ranks[i] == ranks[i - 1]]
        raise SpecError(
            f"baseline columns {lost} are combinations of the others",
            "their coefficients are not identified: any split between them fits equally well",
            "drop those controls, or turn off the season or holidays that repeat them",
        )
