"""Where a backtest stands and looks ahead from: training windows of equal length, and what may be fitted in them."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np

from mmm import schema
from mmm.data import MarketingData
from mmm.data.altered import between, with_columns
from mmm.data.calendar import COMFORTABLE_WEEKS, MIN_PERIODS
from mmm.data.waves import MIN_WAVES
from mmm.errors import DataError, ReportError, SpecError
from mmm.model.horizon import whole_periods
from mmm.model.inputs import ModelInputs
from mmm.posterior import Posterior
from mmm.validation.naive import periods_per_year

__all__ = ["Window", "training_data", "windows_of"]

#: Weeks ahead that can be asked for: long enough for media to matter, and last year's same week is always known.
SHORTEST, LONGEST = 4, 52


@dataclass(frozen=True)
class Window:
    """Rows of the data: fitted are ``start ... stop - 1``, forecast ``stop ... end - 1``."""

    start: int
    stop: int
    end: int


def windows_of(data: MarketingData, *, weeks_ahead: Any, origins: Any) -> tuple[Window, ...]:
    """Lay forecasts end to end over the last periods of the data, each with as many periods to learn from.

    Raises
    ------
    ReportError
        If ``weeks_ahead`` or ``origins`` make no sense.
    DataError
        If the data are too short for them.

    Examples
    --------
    >>> windows_of(mmm.simulate.world(n_periods=120, seed=1)[0], weeks_ahead=13, origins=2)
    (Window(start=0, stop=94, end=107), Window(start=13, stop=107, end=120))
    """
    n_ahead = _periods_ahead(weeks_ahead, data)
    if isinstance(origins, bool) or not isinstance(origins, Integral) or origins < 1:
        raise ReportError(
            f"origins={origins!r}", "it is the number of forecasts to make", "use a whole number, such as 4"
        )
    n_origins = int(origins)
    n_fitted = data.n_periods - n_origins * n_ahead
    least = max(MIN_PERIODS[data.frequency], periods_per_year(data.weeks_per_period), 2 * n_ahead)
    if n_fitted < least:
        possible = max(0, (data.n_periods - least) // n_ahead)
        raise DataError(
            f"{origins} forecasts of {n_ahead} periods leave {max(n_fitted, 0)} of {data.n_periods} {data.frequency} "
            f"periods to learn from; at least {least} are needed",
            "with less, neither the model nor last year's weeks know enough to make a forecast worth scoring",
            f"use origins={possible} or fewer" if possible else "bring a longer history, or look fewer weeks ahead",
        )
    starts = [i * n_ahead for i in range(n_origins)]
    return tuple(Window(start, start + n_fitted, start + n_fitted + n_ahead) for start in starts)


def training_data(posterior: Posterior, window: Window) -> tuple[MarketingData, tuple[str, ...]]:
    """Cut a posterior's data to what an origin learns from, and check that its spec can be fitted to them.

    Returns
    -------
    data : MarketingData
        With as many rows of history as the whole has: the media just before the window.
    notes : tuple of str
        What had to be left out, and what is short.

    Raises
    ------
    DataError
        If a channel has no spend in the window, or the tracker too few waves.
    SpecError
        If the baseline has columns that the window cannot tell apart.
    """
    data = posterior.data
    until = f"{data.dates[window.stop - 1]:%Y-%m-%d}"
    try:
        cut = between(data, window.start, window.stop)
    except DataError as error:
        raise DataError(
            f"origin {until}: {error.what}",
            error.why,
            "ask for fewer origins or fewer weeks ahead, so that the window reaches its spend; or leave it out of "
            "the data and fit again",
        ) from None
    n_waves = cut.dataset.sizes[schema.WAVE]
    if data.has_tracker and n_waves < MIN_WAVES:
        raise DataError(
            f"origin {until}: the tracker has {n_waves} waves in the {cut.n_periods} periods to learn from; at least "
            f"{MIN_WAVES} are needed",
            "a tracker that is hardly known then would make this another model than the one to be tested",
            "ask for fewer origins, or leave tracker= out of the data and fit again",
        )
    values = cut.dataset[schema.CONTROLS].values[0]
    constant = [name for name, spread in zip(cut.controls, np.ptp(values, axis=0), strict=True) if spread == 0]
    trained = with_columns(cut, controls=[name for name in cut.controls if name not in constant])
    # as many rows of history as the whole data have
    recent = trained.dataset.isel({schema.HISTORY_DATE: slice(window.start, None)})
    trained = MarketingData.restore(recent, trained.description, trained.notes)
    notes = []
    if constant:
        notes.append(f"{until}: left out, as they had never changed by then: {', '.join(constant)}.")
    weeks = trained.n_periods * data.weeks_per_period
    if weeks < COMFORTABLE_WEEKS - 1e-6:
        notes.append(f"{until}: learns from {weeks:.0f} weeks, in which not every season was seen twice.")
    try:
        ModelInputs.prepare(trained, posterior.spec, posterior.scales)
    except SpecError as error:
        raise SpecError(f"origin {until}: {error.what}", error.why, f"ask for fewer origins; or {error.fix}") from None
    return trained, tuple(notes)


def _periods_ahead(weeks_ahead: Any, data: MarketingData) -> int:
    is_number = isinstance(weeks_ahead, Real) and not isinstance(weeks_ahead, bool)
    if not is_number or not SHORTEST <= float(weeks_ahead) <= LONGEST:
        raise ReportError(
            f"weeks_ahead={weeks_ahead!r}",
            f"below {SHORTEST} weeks a forecast only repeats the last level, above {LONGEST} the last year is no guide",
            "use a number of weeks between those, such as 13 or 26",
        )
    weeks = float(weeks_ahead)
    whole = whole_periods(weeks, data.weeks_per_period)
    if whole is None:
        raise ReportError(
            f"weeks_ahead={weeks:g} is {weeks / data.weeks_per_period:.2f} {data.frequency} periods",
            "a part of a period has no outcome to compare with",
            f"use a multiple of {data.weeks_per_period:.3g} weeks, such as 13 or 26",
        )
    return whole
