"""`MarketingData`: the one way for numbers into this library."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mmm.data import fingerprint as hashing
from mmm.data.calendar import WEEKS_PER_PERIOD
from mmm.data.dataset import build_dataset, freeze_dataset
from mmm.data.description import DataDescription, Frequency
from mmm.data.outcome import check_currency, outcome_meaning
from mmm.data.roles import resolve_roles
from mmm.data.tracker import Tracker
from mmm.errors import DataWarning
from mmm.schema import CHANNEL, CONTROL, DATE, GEO, HISTORY_DATE, OUTCOME_VALUE, WAVE

__all__ = ["MarketingData"]


@dataclass(frozen=True, eq=False, repr=False)
class MarketingData:
    """Marketing data that have passed the door: checked, in order, and frozen.

    Made by `from_frame`, or from stored parts by `restore`; not by calling the class.

    Attributes
    ----------
    dataset : xarray.Dataset
        Read-only float64 arrays: ``outcome`` (geo, date), ``spend`` and ``driver`` (geo, date, channel),
        ``controls`` (geo, date, control), ``outcome_value`` (geo, date; money per unit, NaN if unknown),
        ``margin`` (geo, date; 1 if not given), ``population`` (geo; 1 if not given),
        ``history_spend`` and ``history_driver`` (geo, history_date, channel),
        ``tracker`` and ``tracker_error`` (wave; shares, or an index and NaN; no waves without a tracker).
        National data have the one geo ``"national"``. ``driver`` is exposure where given, else spend.
    description : DataDescription
        What the user said about the columns and units.
    notes : tuple of str
        Everything that was assumed or done, in words.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"week": pd.date_range("2023-01-02", periods=104, freq="W-MON")})
    >>> frame["tv"], frame["search"] = rng.gamma(2, 500, 104), rng.gamma(2, 300, 104)
    >>> frame["revenue"] = 10_000 + 2 * frame["tv"] + rng.normal(0, 500, 104)
    >>> data = MarketingData.from_frame(frame, date="week", outcome="revenue", spend=["tv", "search"], margin=0.4)
    >>> data.channels, data.frequency, data.n_periods, data.roi_label
    (('tv', 'search'), 'weekly', 104, 'margin ROI')
    >>> data.dataset["spend"].dims
    ('geo', 'date', 'channel')
    """

    dataset: xr.Dataset
    description: DataDescription
    notes: tuple[str, ...] = ()

    @classmethod
    def from_frame(
        cls,
        df: Any,
        *,
        date: str,
        outcome: str,
        spend: Sequence[str] | Mapping[str, str],
        exposure: Mapping[str, str] | None = None,
        controls: Sequence[str] = (),
        geo: str | None = None,
        population: str | None = None,
        outcome_value: float | str | None = None,
        margin: float | str | None = None,
        outcome_unit: str | None = None,
        currency: str = "GBP",
        history: Any = None,
        tracker: Tracker | None = None,
    ) -> MarketingData:
        """Check a frame and take its numbers.

        Nothing is dropped, filled, clipped or guessed; rows out of order are sorted, with a warning.

        Parameters
        ----------
        df : data frame
            pandas, polars (eager), pyarrow, or any other eager frame that narwhals reads. Never changed.
        date : str
            Column of dates: daily, weekly on any weekday, or monthly.
        outcome : str
            Column of what media should move, in money or in units.
        spend : list of str, or mapping of str to str
            Columns of money, named like their channels, or channel -> column.
        exposure : mapping of str to str, optional
            Channel -> column of impressions or GRPs, which then drives the response.
        controls : list of str
            Columns of other causes: price, weather, distribution. True and False count as 1 and 0.
        geo : str, optional
            Column of regions; the data must then be a balanced panel.
        population : str, optional
            Column of people per region.
        outcome_value : float or str, optional
            Money per unit of outcome, a number or a column. Says that the outcome is in units.
        margin : float or str, optional
            Contribution margin per unit of value, in (0, 1], a number or a column.
        outcome_unit : str, optional
            Name of the outcome's unit; equal to ``currency`` if it is money. By default judged by the name.
        currency : str
            Currency of all money.
        history : data frame, optional
            The same date, spend, exposure and geo columns for the periods just before the first row.
        tracker : Tracker, optional
            Waves of awareness, consideration or branded search within the dates of the data: a noisy measurement of
            the brand. Waves are tied to the period of their date; surveys in one period pool their respondents.

        Returns
        -------
        MarketingData

        Raises
        ------
        ColumnError
            If a named column is not in the frame.
        DataError
            If anything else about the frame would break the statistics; see ``docs/data.md``.

        Warns
        -----
        DataWarning
            If the data can be used but will limit the answer.

        Examples
        --------
        >>> frame = pd.DataFrame({"week": ["2024-01-01"], "revenue": [1.0], "tv": [1.0]})
        >>> MarketingData.from_frame(frame, date="week", outcome="revenue", spend=["tvv"])
        Traceback (most recent call last):
            ...
        mmm.errors.ColumnError: the data has no column 'tvv' (spend of channel 'tvv'; did you mean 'tv'?). It has: 'week', 'revenue', 'tv'
          Why it matters: a column that is guessed at would be a model of something else
          What to do: correct the name
        """  # noqa: E501 - the message is one line
        roles = resolve_roles(
            date=date,
            outcome=outcome,
            spend=spend,
            exposure=exposure,
            controls=controls,
            geo=geo,
            population=population,
            outcome_value=outcome_value,
            margin=margin,
        )
        money = check_currency(currency)
        meaning = outcome_meaning(
            outcome=roles.outcome, outcome_unit=outcome_unit, outcome_value=roles.outcome_value, currency=money
        )
        from mmm.data.reading import read_everything  # brings in narwhals, which a saved fit does not need

        numbers = read_everything(df, history=history, tracker=tracker, roles=roles, meaning=meaning)
        description = DataDescription(
            **asdict(roles),
            outcome_unit=meaning.unit,
            currency=money,
            outcome_is_money=meaning.is_money,
            frequency=numbers.frequency,
            tracker=None if tracker is None else tracker.name,
            tracker_unit=None if tracker is None else tracker.unit,
        )
        for message in numbers.warnings:
            warnings.warn(message, DataWarning, stacklevel=2)
        dataset = build_dataset(numbers, channels=tuple(roles.spend), controls=roles.controls)
        return cls.restore(dataset, description, (*numbers.notes, *numbers.warnings))

    @classmethod
    def restore(cls, dataset: xr.Dataset, description: DataDescription, notes: Sequence[str]) -> MarketingData:
        """Rebuild from stored parts, which were checked when they came in.

        Parameters
        ----------
        dataset : xarray.Dataset
            All variables of `dataset`; copied, put in order of dims and frozen.
        description : DataDescription
            As stored.
        notes : sequence of str
            As stored.

        Returns
        -------
        MarketingData

        Raises
        ------
        DataError
            If a variable or a dim is missing.

        Examples
        --------
        >>> frame = pd.DataFrame({"day": pd.date_range("2023-01-02", periods=728), "tv": np.arange(728.0) % 9})
        >>> frame["revenue"] = 100 + 2 * frame["tv"]
        >>> data = MarketingData.from_frame(frame, date="day", outcome="revenue", spend=["tv"])
        >>> again = MarketingData.restore(data.dataset, data.description, data.notes)
        >>> again.fingerprint == data.fingerprint
        True
        """
        return cls(freeze_dataset(dataset), description, tuple(notes))

    def __reduce__(self) -> tuple[Any, ...]:
        # A pickled array forgets that it was read-only; restoring freezes it again.
        return type(self).restore, (self.dataset, self.description, self.notes)

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels, in the order given."""
        return tuple(map(str, self.dataset[CHANNEL].values))

    @property
    def controls(self) -> tuple[str, ...]:
        """Names of the controls, in the order given."""
        return tuple(map(str, self.dataset[CONTROL].values))

    @property
    def geos(self) -> tuple[str, ...]:
        """Names of the geos, sorted; ``("national",)`` for national data."""
        return tuple(map(str, self.dataset[GEO].values))

    @property
    def dates(self) -> pd.DatetimeIndex:
        """The date of each period, shape (date,)."""
        return pd.DatetimeIndex(self.dataset[DATE].values)

    @property
    def n_periods(self) -> int:
        """Number of periods, history not counted."""
        return int(self.dataset.sizes[DATE])

    @property
    def frequency(self) -> Frequency:
        """``"daily"``, ``"weekly"`` or ``"monthly"``."""
        return self.description.frequency

    @property
    def weeks_per_period(self) -> float:
        """Length of a period in weeks: 1/7, 1 or 365.25/12/7."""
        return WEEKS_PER_PERIOD[self.frequency]

    @property
    def has_money_value(self) -> bool:
        """Whether a unit of the outcome is worth a known amount of money in every period."""
        return bool(np.isfinite(self.dataset[OUTCOME_VALUE].values).all())

    @property
    def has_margin(self) -> bool:
        """Whether a margin was given."""
        return self.description.margin is not None

    @property
    def has_history(self) -> bool:
        """Whether spend before the first row was given."""
        return bool(self.dataset.sizes[HISTORY_DATE])

    @property
    def has_tracker(self) -> bool:
        """Whether a brand tracker was given."""
        return bool(self.dataset.sizes[WAVE])

    @property
    def roi_label(self) -> str:
        """What the return on spend is called: margin ROI, revenue ROI, or units per currency."""
        if not self.has_money_value:
            return f"{self.description.outcome_unit} per {self.description.currency}"
        return "margin ROI" if self.has_margin else "revenue ROI"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all arrays, names, dates and the description, in hexadecimal."""
        return hashing.fingerprint(dataset=self.dataset, description=self.description)

    def __repr__(self) -> str:
        said = self.description
        kind = "money" if said.outcome_is_money else "units"
        first, last = self.dates[0], self.dates[-1]
        lines = [
            "MarketingData",
            f"  outcome:  {said.outcome} ({kind}: {said.outcome_unit}), reported as {self.roi_label}",
            f"  periods:  {self.n_periods} {self.frequency}, {first:%Y-%m-%d} to {last:%Y-%m-%d}, "
            f"history of {self.dataset.sizes[HISTORY_DATE]}",
            f"  channels: {', '.join(self.channels)}",
            f"  controls: {', '.join(self.controls) or 'none'}",
            f"  geos:     {len(self.geos)} ({self.geos[0]}{', ...' if len(self.geos) > 1 else ''})",
            *([f"  tracker:  {said.tracker}, {self.dataset.sizes[WAVE]} waves"] if self.has_tracker else []),
            f"  notes:    {len(self.notes)}; fingerprint {self.fingerprint[:12]}",
        ]
        return "\n".join(lines)
