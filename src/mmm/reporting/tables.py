"""Draws summarised into plain tidy tables: the one place where a median or an interval is taken.

Tables are numeric DataFrames, never rounded. What their intervals are stands in their header (the name of the
columns axis, which pandas prints), and a table of a fit that failed its checks says so there and in a last column.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.posterior import Draws, Posterior
from mmm.returns import media_share, per_spend, prior_reliance, prior_reliance_of_returns

__all__ = ["contribution_table", "evidence_table", "roi_table", "summarise", "with_header"]

Floats = NDArray[np.float64]
SAMPLE_DIMS = (schema.CHAIN, schema.DRAW)

#: Points at which a prior is laid out to measure its spread.
PRIOR_GRID = 4000


def summarise(draws: xr.DataArray, *, prob: float) -> tuple[Floats, Floats, Floats]:
    """Median and equal-tailed interval over chains and draws.

    Parameters
    ----------
    draws : DataArray, dims (chain, draw, ...)
    prob : float

    Returns
    -------
    median, lower, upper : array, shape (...)

    Examples
    --------
    >>> draws = xr.DataArray(np.arange(101.0).reshape(1, 101), dims=("chain", "draw"))
    >>> [round(float(value), 9) for value in summarise(draws, prob=0.9)]
    [50.0, 5.0, 95.0]
    """
    edge = (1 - prob) / 2
    # a draw that is not a number makes the summary not a number: skipping it would be a summary of other draws
    quantiles = draws.quantile([0.5, edge, 1 - edge], dim=SAMPLE_DIMS, skipna=False).values
    return quantiles[0], quantiles[1], quantiles[2]


def roi_table(returns: xr.Dataset, prior: xr.Dataset, *, has_money_value: bool, prob: float) -> pd.DataFrame:
    """ROI by channel and horizon; see `docs/schema.md` for the columns.

    Parameters
    ----------
    returns, prior : Dataset
        From :func:`mmm.returns.returns_by_horizon`, of the posterior and of the prior.
    has_money_value : bool
        Otherwise the outcome per unit of spend stands in place of ROI.
    prob : float
    """
    variable = "money" if has_money_value else "incremental_outcome"
    ratio = per_spend(returns, variable)
    name = schema.ROI if has_money_value else schema.OUTCOME_PER_SPEND
    landed = (returns["landed"] / returns["incremental_outcome"]).median(SAMPLE_DIMS)
    columns: dict[str, Any] = {"spend": np.broadcast_to(returns[schema.SPEND].values[:, None], landed.shape)}
    columns |= _interval_columns("incremental_outcome", returns["incremental_outcome"], prob)
    columns |= _interval_columns(name, ratio, prob)
    if has_money_value:
        # without spend there is no ROI, and no probability of one
        columns["prob_above_one"] = (ratio > 1).where(ratio.notnull()).mean(SAMPLE_DIMS).values
    columns["prior_reliance"] = prior_reliance_of_returns(returns, prior, variable=variable).values
    columns["share_landed"] = landed.values
    channels, horizons = returns[schema.CHANNEL].values, returns[schema.HORIZON].values
    return pd.DataFrame(
        {
            schema.CHANNEL: np.repeat(channels, len(horizons)),
            schema.HORIZON: np.tile(horizons, len(channels)),
            **{column: np.ravel(values) for column, values in columns.items()},
        }
    )


def contribution_table(draws: Draws, *, rows: slice, prob: float) -> pd.DataFrame:
    """Contribution of each channel, of all of them (``total``) and of the baseline, by period."""
    media = draws.contributions()[:, :, 0, rows]
    baseline = draws.baseline().sum(schema.PART)[:, :, 0, rows]
    parts = [(str(name), media.sel({schema.CHANNEL: name})) for name in media[schema.CHANNEL].values]
    parts += [(schema.TOTAL, media.sum(schema.CHANNEL)), (schema.BASELINE, baseline)]
    frames = [
        pd.DataFrame(
            {
                schema.DATE: part[schema.DATE].values,
                schema.CHANNEL: name,
                **_interval_columns("contribution", part, prob),
            }
        )
        for name, part in parts
    ]
    return pd.concat(frames, ignore_index=True)[list(schema.CONTRIBUTION_COLUMNS)]


def evidence_table(posterior: Posterior, *, prob: float) -> pd.DataFrame:
    """Prior beside posterior for every parameter, with the share of the prior's spread that the data left."""
    draws, spec = posterior.draws, posterior.spec
    rows = []
    for name in [draws.roi_name, *schema.CHANNEL_PARAMETERS]:
        if name not in draws.parameters:
            continue
        variable = draws.parameters[name]
        for channel in variable[variable.dims[-1]].values:
            assumed = spec.channels[channel]
            prior = assumed.roi_prior if name == draws.roi_name else assumed.parameters()[name]
            rows.append(_evidence_row(channel, name, variable.sel({variable.dims[-1]: channel}), prior, prob))
    for name, scale in {schema.SIGMA: spec.noise, schema.TAU: spec.trend.walk}.items():
        if scale is not None:
            rows.append(_evidence_row(schema.BASELINE, name, draws.parameters[name], scale, prob))
    before, after = (xr.DataArray(media_share(side), dims=SAMPLE_DIMS) for side in (posterior.prior, draws))
    reliance = prior_reliance(np.log(after.values), np.log(before.values))
    shares = (*summarise(before, prob=prob), *summarise(after, prob=prob))
    rows.append((schema.TOTAL, "media_share", *map(float, shares), reliance))
    return pd.DataFrame(rows, columns=list(schema.EVIDENCE_COLUMNS))


def with_header(table: pd.DataFrame, *, prob: float, about: str, warning: str) -> pd.DataFrame:
    """Write what the intervals are, and that a fit failed if it did, where it cannot be overlooked."""
    header = f"{about}; {schema.interval_header(prob)}"
    if warning:
        table = table.assign(**{schema.WARNING_COLUMN: warning})
        header = f"NOT CONVERGED, see the column {schema.WARNING_COLUMN!r}; {header}"
    return table.rename_axis(columns=header)


def _interval_columns(name: str, draws: xr.DataArray, prob: float) -> dict[str, Floats]:
    median, lower, upper = summarise(draws, prob=prob)
    return {name: median, f"{name}_lower": lower, f"{name}_upper": upper}


def _evidence_row(channel: str, quantity: str, after: xr.DataArray, prior: Any, prob: float) -> tuple[Any, ...]:
    grid = prior.quantile_grid(PRIOR_GRID)
    reliance = prior_reliance(prior.standardise(after.values), prior.standardise(grid))
    lower, upper = prior.interval(prob)
    median = float(prior.distribution().median())
    return (str(channel), quantity, median, lower, upper, *map(float, summarise(after, prob=prob)), reliance)
