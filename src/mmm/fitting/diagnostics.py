"""Convergence of what is reported: parameters, and every derived number that a table shows."""

from __future__ import annotations

import numpy as np
import xarray as xr

from mmm import schema
from mmm.fitting.convergence import bfmi, convergence
from mmm.posterior import Diagnosis, Draws, QuantityCheck
from mmm.returns import long_run_multiplier, media_share, returns_and_marginal

__all__ = ["diagnose", "reported_quantities"]


def reported_quantities(draws: Draws) -> xr.Dataset:
    """Every quantity that a report shows, dims (chain, draw, ...).

    ROI is spend times a constant of the incremental outcome where the outcome has a constant value, so the return by
    horizon stands for both; the baseline is checked through the media's total, of which it is the complement.
    """
    horizons = tuple(sorted({*schema.DEFAULT_HORIZONS, draws.spec.horizon_weeks}))
    variable = "money" if draws.data.has_money_value else "incremental_outcome"
    returns, marginal = (
        found[variable].rename({schema.CHANNEL: "of"}) for found in returns_and_marginal(draws, horizons=horizons)
    )
    dims = (schema.CHAIN, schema.DRAW)
    derived = {
        "return": returns,
        # at one horizon only: between horizons the marginal return moves as the return does
        "marginal return": marginal.sel({schema.HORIZON: draws.spec.horizon_weeks}, drop=True),
        "media share": xr.DataArray(media_share(draws), dims=dims),
    }
    if brand := list(draws.spec.brand):
        by_channel = np.stack([long_run_multiplier(draws, name) for name in brand], axis=-1)
        derived["multiplier"] = xr.DataArray(by_channel, dims=(*dims, "brand"), coords={"brand": brand})
    return draws.parameters.rename({name: f"parameter {name}" for name in draws.parameters.data_vars}).assign(derived)


def diagnose(draws: Draws, sample_stats: xr.Dataset) -> Diagnosis:
    """Check R-hat, bulk and tail ESS of every reported quantity, divergences and E-BFMI.

    Parameters
    ----------
    draws : Draws
    sample_stats : Dataset
        With ``diverging`` and ``energy``, dims (chain, draw).

    Returns
    -------
    Diagnosis

    Notes
    -----
    Rank-normalised split R-hat and ESS of Vehtari et al. (2021) and E-BFMI of Betancourt (2016).
    """
    labels, columns = [], []
    for name, array in reported_quantities(draws).data_vars.items():
        own = array.transpose(schema.CHAIN, schema.DRAW, ...)
        for index in np.ndindex(own.shape[2:]):
            labels.append(
                " ".join([str(name), *(_label(own, dim, i) for dim, i in zip(own.dims[2:], index, strict=True))])
            )
            columns.append(own.values[:, :, *index])
    quantities = np.stack(columns, axis=-1)
    found = zip(labels, *convergence(quantities), strict=True)
    checks = [
        QuantityCheck(quantity=label, rhat=float(r), ess_bulk=float(bulk), ess_tail=float(tail))
        for label, r, bulk, tail in found
    ]
    return Diagnosis(
        checks=tuple(checks),
        divergences=int(sample_stats["diverging"].sum()),
        draws=int(sample_stats["diverging"].size),
        ebfmi=tuple(bfmi(sample_stats["energy"].values).tolist()),
    )


def _label(array: xr.DataArray, dim: object, index: int) -> str:
    value = array[dim].values[index] if dim in array.coords else index
    return f"{value:g}w" if dim == schema.HORIZON else str(value)
