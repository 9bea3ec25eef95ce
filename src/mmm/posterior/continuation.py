"""The fitted periods and those that came after them, as one data set."""

from __future__ import annotations

import xarray as xr

from mmm import schema
from mmm.data import MarketingData
from mmm.data.calendar import expected_dates
from mmm.errors import DataError

__all__ = ["continued"]


def continued(fitted: MarketingData, data: MarketingData) -> MarketingData:
    """Join the fitted periods, as they were fitted, with those of ``data`` that come after them.

    Returns
    -------
    MarketingData
        Channels and controls in the order of the fitted ones; controls that were not fitted are left out.

    Raises
    ------
    DataError
        If ``data`` have no period after the fitted ones, a gap before them, or other channels, controls, units or
        geos.

    Examples
    --------
    >>> from mmm.data.altered import between
    >>> first, last = between(posterior.data, 0, 55), between(posterior.data, 55, 60)
    >>> continued(first, last).n_periods, continued(first, posterior.data).n_periods
    (60, 60)
    """
    _check_same(fitted, data)
    before, after = fitted.dates[-1], data.dates[data.dates > fitted.dates[-1]]
    if after.empty:
        raise DataError(
            f"the data end on {data.dates[-1]:%Y-%m-%d}, the fitted ones on {before:%Y-%m-%d}",
            "there is nothing to forecast",
            "give data with periods after the fitted ones",
        )
    day = int(max(fitted.dates.day.max(), data.dates.day.max()))
    gap = expected_dates(before, after[0], frequency=fitted.frequency, day=day)
    if len(gap) != 2 or gap[-1] != after[0]:
        raise DataError(
            f"the fitted periods end on {before:%Y-%m-%d}, those to forecast begin on {after[0]:%Y-%m-%d}",
            "what was spent in between carries over, and would be missing",
            "give all periods from the first after the fit on",
        )
    new = data.dataset.sel({schema.DATE: after, schema.CHANNEL: list(fitted.channels)})
    new = new.sel({schema.CONTROL: list(fitted.controls)})
    old = fitted.dataset
    timed = [str(name) for name, array in old.data_vars.items() if schema.DATE in array.dims]
    joined = xr.concat([old[timed], new[timed]], dim=schema.DATE, join="exact", coords="minimal", compat="override")
    rest = old.drop_vars(timed).drop_vars(schema.DATE)
    return MarketingData.restore(
        rest.merge(joined),
        fitted.description,
        (*fitted.notes, f"continued by {len(after)} periods from {after[0]:%Y-%m-%d}"),
    )


def _check_same(fitted: MarketingData, data: MarketingData) -> None:
    """Refuse data whose numbers mean something else than those that were fitted."""
    said, says = fitted.description, data.description
    missing = [name for name in fitted.controls if name not in data.controls]
    # a control more is left out, a channel more would be money without effect
    facts = {
        "geos": (fitted.geos, data.geos),
        "frequency": (said.frequency, says.frequency),
        "channels": (sorted(fitted.channels), sorted(data.channels)),
        "channels with exposure": (sorted(said.exposure), sorted(says.exposure)),
        "controls": (sorted(fitted.controls), sorted(set(fitted.controls) - set(missing))),
        "unit of the outcome": (said.outcome_unit, says.outcome_unit),
        "currency": (said.currency, says.currency),
    }
    for name, (was, now) in facts.items():
        if was != now:
            raise DataError(
                f"{name}: {was} when fitted, {now} in the data to forecast",
                "the fitted parameters would be applied to numbers of another kind",
                "give data made by the same call of MarketingData.from_frame",
            )
