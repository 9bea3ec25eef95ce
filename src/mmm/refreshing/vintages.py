"""Two vintages of the same data, cell by cell: what was restated, what came, what went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from mmm import schema
from mmm.data import MarketingData
from mmm.data.altered import with_columns
from mmm.errors import DataError, SpecError
from mmm.posterior.continuation import continued

__all__ = ["Vintages", "check_new_data"]

#: Numbers closer than this share of themselves are the same number, written by another program.
SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Vintages:
    """The data of the last fit and those of this one.

    Parameters
    ----------
    old, new : MarketingData

    Raises
    ------
    DataError
        If the two cannot be held against one another: another frequency, currency, outcome or unit, no period in
        common, or data that end before the fit did.
    """

    old: MarketingData
    new: MarketingData

    def __post_init__(self) -> None:
        self._refuse_another_meaning()
        self._refuse_other_periods()

    @cached_property
    def dates(self) -> pd.DatetimeIndex:
        """Periods that both have."""
        return self.old.dates[self.old.dates.isin(self.new.dates)]

    @property
    def n_new(self) -> int:
        """Periods after those of the last fit."""
        return int((self.new.dates > self.old.dates[-1]).sum())

    @property
    def n_dropped(self) -> int:
        """Periods of the last fit, at its beginning, that are not judged any more."""
        return int((self.old.dates < self.new.dates[0]).sum())

    @property
    def n_earlier(self) -> int:
        """Periods before those of the last fit."""
        return int((self.new.dates < self.old.dates[0]).sum())

    def rows(self, data: MarketingData) -> tuple[int, int]:
        """First row of the common periods in one of the two, and the one after the last."""
        first = int(data.dates.searchsorted(self.dates[0]))
        return first, first + len(self.dates)

    @property
    def lost_channels(self) -> tuple[str, ...]:
        """Channels of the last fit that the new data do not have."""
        return tuple(name for name in self.old.channels if name not in self.new.channels)

    @property
    def gained_channels(self) -> tuple[str, ...]:
        """Channels that the last fit did not have."""
        return tuple(name for name in self.new.channels if name not in self.old.channels)

    @cached_property
    def restated(self) -> bool:
        """Whether any number of the past is another one now, or a column of it is gone."""
        return bool(self._changes["what"].isin(["changed", "lost"]).any())

    def table(self) -> pd.DataFrame:
        """Every cell that changed, and every column that came or went.

        Returns
        -------
        DataFrame
            ``what`` (changed, lost or new), ``variable`` (outcome, spend, driver, controls, outcome_value, margin,
            tracker), ``name`` (of the channel, control or tracker), ``date`` (of the period; missing for a column),
            ``old``, ``new``, ``change`` and ``share`` (change over old; missing where old is 0). Numbers within a
            billionth of one another count as the same.
        """
        return self._changes.copy()

    @cached_property
    def _changes(self) -> pd.DataFrame:
        frame = pd.DataFrame([*self._columns(), *self._cells()], columns=list(schema.RESTATEMENT_COLUMNS))
        frame["date"] = pd.to_datetime(frame["date"])
        numbers = ["old", "new", "change", "share"]
        return frame.astype(dict.fromkeys(numbers, float)).reset_index(drop=True)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What is another now, in words."""
        said = [f"{self.n_new} new {self.new.frequency} periods, to {self.new.dates[-1]:%Y-%m-%d}."] * (self.n_new > 0)
        if self.n_dropped:
            said.append(
                f"The first {self.n_dropped} periods of the last fit are left out: the window begins on "
                f"{self.new.dates[0]:%Y-%m-%d}. Slow effects are known from long windows; keep them if you can."
            )
        if self.n_earlier:
            said.append(f"{self.n_earlier} periods before those of the last fit were added.")
        for what, names in (("gone", self.lost_channels), ("new", self.gained_channels)):
            said += [f"These channels are {what}: {', '.join(names)}."] * bool(names)
        lost, gained = self._controls
        for what, names in (("gone", lost), ("new", gained)):
            said += [f"These controls are {what}: {', '.join(names)}."] * bool(names)
        changed = self._changes.query("what == 'changed'")
        if len(changed):
            where = ", ".join(f"{name} ({count})" for name, count in changed["name"].value_counts().items())
            how_many = "1 number of the past was" if len(changed) == 1 else f"{len(changed)} numbers of the past were"
            said.append(f"{how_many} restated: {where}.")
        return tuple(said) or ("Nothing is another than at the last fit.",)

    @property
    def _controls(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        old, new = self.old.controls, self.new.controls
        return tuple(n for n in old if n not in new), tuple(n for n in new if n not in old)

    def old_restated(self) -> MarketingData:
        """The periods of the last fit with the numbers that the new data have for them, without what is gone."""
        data = self._with_common_columns(self.old)
        new = self._with_common_columns(self.new).dataset
        dataset = data.dataset.copy(deep=True)
        for dim in (schema.DATE, schema.HISTORY_DATE, schema.WAVE):
            both = dataset.indexes[dim].intersection(new.indexes[dim])
            for name in [str(name) for name, array in dataset.data_vars.items() if dim in array.dims]:
                dataset[name].loc[{dim: both}] = new[name].sel({dim: both}).transpose(*dataset[name].dims)
        return MarketingData.restore(dataset, data.description, (*data.notes, "restated as of the new data"))

    def old_continued(self) -> MarketingData:
        """The periods of the last fit as they were fitted, and after them the new ones, in the columns of both."""
        return continued(self._with_common_columns(self.old), self._with_common_columns(self.new))

    def new_without_gains(self) -> MarketingData:
        """The new data without the columns that the last fit did not have."""
        return self._with_common_columns(self.new)

    def _with_common_columns(self, data: MarketingData) -> MarketingData:
        return with_columns(
            data,
            channels=[name for name in self.old.channels if name in self.new.channels],
            controls=[name for name in self.old.controls if name in self.new.controls],
            tracker=self.old.has_tracker and self.new.has_tracker,
        )

    def _columns(self) -> Iterator[dict[str, Any]]:
        lost, gained = self._controls
        for what, variable, names in (
            ("lost", schema.SPEND, self.lost_channels),
            ("new", schema.SPEND, self.gained_channels),
            ("lost", schema.CONTROLS, lost),
            ("new", schema.CONTROLS, gained),
        ):
            yield from ({"what": what, "variable": variable, "name": name} for name in names)
        if self.old.has_tracker != self.new.has_tracker:
            data = self.old if self.old.has_tracker else self.new
            what = "lost" if self.old.has_tracker else "new"
            yield {"what": what, "variable": schema.TRACKER, "name": data.description.tracker}

    def _cells(self) -> Iterator[dict[str, Any]]:
        for variable, name, old, new in self._common_columns():
            both = old.index.intersection(new.index)
            before, after = old[both].to_numpy(), new[both].to_numpy()
            for i in np.flatnonzero(~np.isclose(after, before, rtol=SAME, atol=0.0, equal_nan=True)).tolist():
                change = after[i] - before[i]
                share = change / before[i] if before[i] else np.nan
                yield {"what": "changed", "variable": variable, "name": name, "date": both[i], "old": before[i],
                       "new": after[i], "change": change, "share": share}  # fmt: skip

    def _common_columns(self) -> Iterator[tuple[str, str, pd.Series[float], pd.Series[float]]]:
        """Series by date of every column that both have; media with their history."""
        said = self.new.description
        exposed = {*self.old.description.exposure, *said.exposure}
        for variable in (schema.OUTCOME, schema.OUTCOME_VALUE, schema.MARGIN):
            name = said.outcome if variable == schema.OUTCOME else variable
            yield variable, name, _series(self.old, variable), _series(self.new, variable)
        for name in (n for n in self.old.channels if n in self.new.channels):
            for variable in (schema.SPEND, schema.DRIVER) if name in exposed else (schema.SPEND,):
                yield variable, name, _media(self.old, variable, name), _media(self.new, variable, name)
        for name in (n for n in self.old.controls if n in self.new.controls):
            old, new = (_series(data, schema.CONTROLS, **{schema.CONTROL: name}) for data in (self.old, self.new))
            yield schema.CONTROLS, name, old, new
        if self.old.has_tracker and self.new.has_tracker:
            waves = [data.dataset[schema.TRACKER].to_series() for data in (self.old, self.new)]
            yield schema.TRACKER, str(said.tracker), waves[0], waves[1]

    def _refuse_another_meaning(self) -> None:
        was, now = self.old.description, self.new.description
        facts = {
            "frequency": (was.frequency, now.frequency),
            "currency": (was.currency, now.currency),
            "unit of the outcome": (was.outcome_unit, now.outcome_unit),
            "outcome": (was.outcome, now.outcome),
            "geos": (self.old.geos, self.new.geos),
            "money value of the outcome": tuple(
                "stated" if data.has_money_value else "none" for data in (self.old, self.new)
            ),
        }
        for name, (before, after) in facts.items():
            if before != after:
                raise DataError(
                    f"the {name} of the last fit is {before!r}, that of the new data {after!r}",
                    "what moved between the two would be the meaning of the numbers and not what media returned",
                    "bring the data in the units of the last fit, or begin a new series with mmm.fit",
                )

    def _refuse_other_periods(self) -> None:
        old, new = self.old.dates, self.new.dates
        if new[-1] < old[-1]:
            raise DataError(
                f"the new data end on {new[-1]:%Y-%m-%d}, the last fit saw periods to {old[-1]:%Y-%m-%d}",
                "the answer would move because weeks were forgotten that nobody doubts",
                "bring all periods to the last of that fit or later; to leave some out on purpose, use mmm.fit",
            )
        if not old.isin(new).any():
            raise DataError(
                f"no period of the last fit ({old[0]:%Y-%m-%d} to {old[-1]:%Y-%m-%d}) is in the new data, which begin "
                f"on {new[0]:%Y-%m-%d}",
                "without a period in common, what returned then cannot be held against what returns now",
                "bring the past with the new periods, on the same weekday; or begin a new series with mmm.fit",
            )


def check_new_data(new_data: Any) -> None:
    """Refuse what has not come through the door."""
    if not isinstance(new_data, MarketingData):
        raise SpecError(
            f"new_data is a {type(new_data).__name__}",
            "what was checked on the way in is what the statistics rest on",
            "make it with MarketingData.from_frame(df, ...), as at the last fit",
        )


def _series(data: MarketingData, variable: str, **at: Any) -> pd.Series[float]:
    return data.dataset[variable].isel({schema.GEO: 0}).sel(at).to_series()


def _media(data: MarketingData, variable: str, channel: str) -> pd.Series[float]:
    """Spend or driver of a channel by date, history before the data."""
    history = schema.HISTORY_SPEND if variable == schema.SPEND else schema.HISTORY_DRIVER
    at = {schema.CHANNEL: channel}
    return pd.concat([_series(data, history, **at), _series(data, variable, **at)])
