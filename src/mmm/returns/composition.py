"""What the outcome of a window was made of: parts of the baseline, and what landed of each channel."""

from __future__ import annotations

import xarray as xr

from mmm import schema
from mmm.posterior import Draws
from mmm.returns.window import Window

__all__ = ["LEVEL", "composition_draws"]

#: Intercept, trend and walk together: where one ends and the next begins the data cannot tell.
LEVEL = "level"
_OF_LEVEL = ("intercept", "trend", schema.WALK)


def composition_draws(draws: Draws, *, window: Window | None = None) -> xr.Dataset:
    """Sum the parts of the modelled outcome over a window, draw by draw.

    Parameters
    ----------
    draws : Draws
    window : (start, stop), optional
        Rows of the data; all of them by default.

    Returns
    -------
    Dataset
        In units of the outcome: ``baseline`` (chain, draw, part) with the parts ``level``, ``season``, ``holiday`` and
        ``control`` that the model has, and ``media`` (chain, draw, channel): what landed in the window, whenever it
        was spent. Their sum over parts and channels is the expected outcome, summed over the window.

    Notes
    -----
    Seasons and controls count from their mean over the data, so that over all of the data they add nothing; of seasons
    that mean goes to the level. Holidays count from a period without one.
    """
    rows = slice(*(window or (0, draws.data.n_periods)))
    by_date = draws.baseline()[:, :, 0]
    by_part = _from_its_mean(by_date, "season")[:, :, rows].sum(schema.DATE)
    names = [LEVEL if str(name) in _OF_LEVEL else str(name) for name in by_part[schema.PART].values]
    groups = [
        by_part[..., [name == group for name in names]].sum(schema.PART).assign_coords({schema.PART: group})
        for group in dict.fromkeys(names)
    ]
    media = draws.contributions()[:, :, 0, rows].sum(schema.DATE)
    return xr.Dataset(
        {
            "baseline": xr.concat(groups, dim=schema.PART).transpose(schema.CHAIN, schema.DRAW, schema.PART),
            "media": media,
        }
    ).drop_vars(schema.GEO)


def _from_its_mean(baseline: xr.DataArray, part: str) -> xr.DataArray:
    """Move the mean of a part over all of the data into the intercept, dims (chain, draw, date, part)."""
    if part not in baseline[schema.PART]:
        return baseline
    mean = baseline.sel({schema.PART: part}).mean(schema.DATE)
    at = baseline[schema.PART]
    return baseline + mean * ((at == "intercept").astype(float) - (at == part).astype(float))
