"""Draws summarised into plain tidy tables.

Tables are numeric DataFrames, never rounded. What their intervals are stands in their header (the name of the
columns axis, which pandas prints), and a table of a fit that failed its checks says so there and in a last column.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.horizon import periods
from mmm.posterior import Draws, Posterior
from mmm.returns import (
    LEDGER_PARTS,
    long_run_multiplier,
    media_share,
    per_spend,
    prior_reliance,
    prior_reliance_of_returns,
    slow_stock_baseline_correlation,
    weeks_until_half,
)
from mmm.returns.summary import SAMPLE_DIMS, summarise

__all__ = [
    "contribution_table",
    "evidence_table",
    "half_life_table",
    "ledger_table",
    "ltv_cac_table",
    "payback_table",
    "roi_table",
    "row_of",
    "summarise",
    "with_header",
]

Floats = NDArray[np.float64]

#: Points at which a prior is laid out to measure its spread.
PRIOR_GRID = 4000

#: Horizons within which the payback table says how likely it is.
PAYBACK_HORIZONS = (13, 26, 52, 104, 156)


def roi_table(returns: xr.Dataset, prior: xr.Dataset, marginal: xr.Dataset, *, prob: float) -> pd.DataFrame:
    """ROI by channel and horizon; see `docs/schema.md` for the columns.

    Parameters
    ----------
    returns, prior : Dataset
        From :func:`mmm.returns.returns_by_horizon`, of the posterior and of the prior.
    marginal : Dataset
        From :func:`mmm.returns.marginal_returns`. Where it holds no money, the outcome per unit of spend stands in
        place of ROI.
    prob : float
    """
    is_money = "money" in marginal
    variable = "money" if is_money else "incremental_outcome"
    ratio = per_spend(returns, variable)
    name, marginal_name = (schema.ROI, "mroi") if is_money else (schema.OUTCOME_PER_SPEND, "marginal_outcome_per_spend")
    landed = (returns["landed"] / returns["incremental_outcome"]).median(SAMPLE_DIMS)
    columns: dict[str, Any] = {"spend": np.broadcast_to(returns[schema.SPEND].values[:, None], landed.shape)}
    columns |= _interval_columns("incremental_outcome", returns["incremental_outcome"], prob)
    columns |= _interval_columns(name, ratio, prob)
    if is_money:
        # without spend there is no ROI, and no probability of one
        columns["prob_above_one"] = (ratio > 1).where(ratio.notnull()).mean(SAMPLE_DIMS).values
    columns["prior_reliance"] = prior_reliance_of_returns(returns, prior, variable=variable).values
    columns["share_landed"] = landed.values
    columns |= _interval_columns(marginal_name, per_spend(marginal, variable), prob)
    if is_money:
        columns |= _interval_columns("profit", returns["money"] - returns[schema.SPEND], prob)
    channels, horizons = returns[schema.CHANNEL].values, returns[schema.HORIZON].values
    if (horizons == horizons.astype(int)).all():
        horizons = horizons.astype(int)  # 13 and 13.0 are one horizon, and give one table whichever was asked for first
    return pd.DataFrame(
        {
            schema.CHANNEL: np.repeat(channels, len(horizons)),
            schema.HORIZON: np.tile(horizons, len(channels)),
            **{column: np.ravel(values) for column, values in columns.items()},
        }
    )


def payback_table(payback: xr.Dataset, *, weeks_per_period: float, prob: float) -> pd.DataFrame:
    """Payback and net present value by channel, from :func:`mmm.returns.payback_draws`.

    Quantiles of payback are order statistics: there is nothing halfway between a number of weeks and never.
    """
    weeks = payback["payback_weeks"]
    waited = np.sort(weeks.values.reshape(-1, weeks.sizes[schema.CHANNEL]), axis=0)  # draws that never pay back last
    edge = (1 - prob) / 2
    columns: dict[str, Any] = {schema.CHANNEL: payback[schema.CHANNEL].values}
    for name, quantile in {"payback_weeks": 0.5, "payback_lower": edge, "payback_upper": 1 - edge}.items():
        columns[name] = waited[max(0, int(np.ceil(quantile * len(waited) - 1e-9)) - 1)]
    for horizon in PAYBACK_HORIZONS:
        within = weeks <= periods(horizon, weeks_per_period) * weeks_per_period
        columns[f"prob_{horizon}w"] = within.where(weeks.notnull()).mean(SAMPLE_DIMS).values
    columns["prob_never"] = (weeks == np.inf).where(weeks.notnull()).mean(SAMPLE_DIMS).values
    return pd.DataFrame(columns | _interval_columns("npv", payback["npv"], prob))


def ledger_table(ledger: xr.Dataset, *, prob: float) -> pd.DataFrame:
    """The ledger by channel, from :func:`mmm.returns.ledger_draws`; points are means, so that the parts add up."""
    columns: dict[str, Any] = {schema.CHANNEL: ledger[schema.CHANNEL].values}
    columns |= {name: ledger[name].mean(SAMPLE_DIMS).values for name in LEDGER_PARTS}
    for name in LEDGER_PARTS:
        _, columns[f"{name}_lower"], columns[f"{name}_upper"] = summarise(ledger[name], prob=prob)
    columns[schema.SPEND] = ledger[schema.SPEND].values
    total = ledger["cohort_total"]
    columns["share_to_come"] = (ledger["to_come"] / total.where(total > 0)).mean(SAMPLE_DIMS, skipna=False).values
    return pd.DataFrame(columns)


def ltv_cac_table(found: xr.Dataset, *, prob: float) -> pd.DataFrame:
    """Lifetime value against cost by channel, from :func:`mmm.returns.acquisition_draws`."""
    columns: dict[str, Any] = {name: found[name].values for name in (schema.CHANNEL, schema.SPEND, "acquisition_cost")}
    for name in ("incremental_customers", "cac", "ltv", "ltv_cac", "break_even_cpa"):
        columns |= _interval_columns(name, found[name], prob)
    ratio = found["ltv_cac"]
    for name, target in {"prob_above_one": 1, "prob_above_three": 3}.items():
        columns[name] = (ratio > target).where(ratio.notnull()).mean(SAMPLE_DIMS).values
    return pd.DataFrame(columns)[list(schema.LTV_CAC_COLUMNS)]


def contribution_table(draws: Draws, *, rows: slice, prob: float, by_quarter: bool = False) -> pd.DataFrame:
    """Contribution of each channel, of all of them (``total``) and of the baseline, by period or by quarter.

    A period belongs to the quarter in which it begins; draws are added up and not their medians.
    """
    media = draws.contributions()[:, :, 0, rows]
    baseline = draws.baseline().sum(schema.PART)[:, :, 0, rows]
    if by_quarter:
        media, baseline = _added_by_quarter(media), _added_by_quarter(baseline)
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


def _added_by_quarter(draws: xr.DataArray) -> xr.DataArray:
    quarters = draws.indexes[schema.DATE].to_period("Q").start_time
    first = np.flatnonzero(np.append(True, quarters[1:] != quarters[:-1]))
    added = np.add.reduceat(draws.values, first, axis=draws.get_axis_num(schema.DATE))
    return draws.isel({schema.DATE: first}).copy(data=added).assign_coords({schema.DATE: quarters[first]})


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
    rows += _brand_rows(posterior, prob)
    tracked = spec.tracker.parameters() if spec.tracker else {}
    owner = str(posterior.data.description.tracker)
    rows += [_evidence_row(owner, name, draws.parameters[name], prior, prob) for name, prior in tracked.items()]
    for name, scale in {schema.SIGMA: spec.noise, schema.TAU: spec.trend.walk}.items():
        if scale is not None:
            rows.append(_evidence_row(schema.BASELINE, name, draws.parameters[name], scale, prob))
    shares = (media_share(posterior.prior), media_share(draws))
    rows.append(_derived_row(schema.TOTAL, schema.MEDIA_SHARE, *shares, prob, scale=np.log))
    return pd.DataFrame(rows, columns=list(schema.EVIDENCE_COLUMNS))


def half_life_table(posterior: Posterior, *, prob: float) -> pd.DataFrame:
    """Weeks until half of each channel's effect has landed, prior beside posterior; of brand channels by part, too."""
    draws, rows = posterior.draws, []
    for name, assumed in posterior.spec.channels.items():
        kernel, variables = assumed.carryover, draws.parameters
        if kernel.kind == "geometric":
            at = variables[schema.HALF_LIFE]
            rows.append(_evidence_row(name, "whole", at.sel({at.dims[-1]: name}), kernel.half_life, prob))
        elif kernel.has_memory:
            sides = (weeks_until_half(posterior.prior, name), weeks_until_half(draws, name))
            rows.append(_derived_row(name, "whole", *sides, prob, scale=np.log))
        else:
            rows.append((name, "whole", *[0.0] * 6, np.nan))
        if kernel.kind == "two_speed":
            speeds = {"fast": (schema.FAST_HALF_LIFE, kernel.fast_half_life),
                      "slow": (schema.SLOW_HALF_LIFE, kernel.slow_half_life)}  # fmt: skip
            for part, (variable, prior) in speeds.items():
                at = variables[variable]
                rows.append(_evidence_row(name, part, at.sel({at.dims[-1]: name}), prior, prob))
    return pd.DataFrame(rows, columns=list(schema.HALF_LIFE_COLUMNS))


def _brand_rows(posterior: Posterior, prob: float) -> list[tuple[Any, ...]]:
    """How much of the return is late, and whether the baseline moves like the stock it comes from."""
    draws, brand, rows = posterior.draws, posterior.spec.brand, []
    for channel in brand:
        sides = (long_run_multiplier(posterior.prior, channel), long_run_multiplier(draws, channel))
        # M - 1 is what comes late over what comes early: of that the logarithm is free to go anywhere
        rows.append(_derived_row(channel, schema.LONG_RUN_MULTIPLIER, *sides, prob, scale=lambda m: np.log(m - 1)))
    for channel in brand:
        found = xr.DataArray(slow_stock_baseline_correlation(draws, channel), dims=SAMPLE_DIMS)
        without = (channel, schema.BASELINE_CORRELATION, np.nan, np.nan, np.nan)
        rows.append((*without, *map(float, summarise(found, prob=prob)), np.nan))
    return rows


def row_of(table: pd.DataFrame, channel: str, **where: object) -> pd.Series:
    """Give the one row of a channel, of several horizons or quantities the one named.

    Examples
    --------
    >>> table = pd.DataFrame({"channel": ["tv", "tv"], "horizon_weeks": [13, 52], "roi": [0.6, 1.1]})
    >>> float(row_of(table, "tv", horizon_weeks=52)["roi"])
    1.1
    """
    chosen = table[schema.CHANNEL] == channel
    for column, value in where.items():
        chosen &= table[column] == value
    [(_, row)] = table[chosen].iterrows()
    return row


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
    median = float(prior.quantile(0.5))
    return (str(channel), quantity, median, lower, upper, *map(float, summarise(after, prob=prob)), reliance)


def _derived_row(
    channel: str, quantity: str, before: Floats, after: Floats, prob: float, *, scale: Callable[[Floats], Floats]
) -> tuple[Any, ...]:
    """Prior draws beside posterior draws; reliance is measured on ``scale``."""
    sides = (xr.DataArray(side, dims=SAMPLE_DIMS) for side in (before, after))
    numbers = [float(edge) for side in sides for edge in summarise(side, prob=prob)]
    return (channel, quantity, *numbers, prior_reliance(scale(after), scale(before)))
