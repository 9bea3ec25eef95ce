"""Forecasts: the outcome of periods after the fitted ones, draw by draw, under what is spent and happens in them.

Given a draw of the parameters, media carry over into the new periods and all the rest is one joint Gaussian: the
coefficients, the level's way through old and new periods, and noise. A period still to come is in it as one whose
outcome is missing; it gets a column of its own in the design, which takes up whatever its outcome may be. The
likelihood of the rest stays as it was, and `recover` draws coefficients and level of all periods together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.model.baseline import BaselineDesign, baseline_design
from mmm.model.collapse import Rotation, recover
from mmm.model.response import response
from mmm.posterior.continuation import continued
from mmm.posterior.draws import Draws, random_stream

__all__ = ["Forecast", "draw_ahead", "extend_columns", "forecast", "media_of"]

Floats = NDArray[np.float64]

#: Part of a column, in units of its own length, below which the fitted periods are taken to say nothing of it.
NOTHING = 1e-8


@dataclass(frozen=True, eq=False)
class Forecast:
    """Draws of the outcome after the fitted periods.

    Attributes
    ----------
    expected : DataArray, dims (chain, draw, geo, date)
        Baseline plus media in the new periods, in units of the outcome.
    outcome : DataArray, dims (chain, draw, geo, date)
        The same with the noise of each period: what the outcome itself may be.
    media : DataArray, dims (chain, draw, geo, date, channel)
        What each channel brings in the new periods, in units of the outcome.
    notes : tuple of str
        What the fitted periods could not tell of the new ones, in words.
    """

    expected: xr.DataArray
    outcome: xr.DataArray
    media: xr.DataArray
    notes: tuple[str, ...]


def forecast(draws: Draws, data: MarketingData, *, seed: int | None = None) -> Forecast:
    """Forecast the outcome under the spend, controls and holidays of the periods after the fitted ones.

    Parameters
    ----------
    draws : Draws
        Of a posterior, or of the prior.
    data : MarketingData
        Goes on where the data of ``draws`` end; may contain those periods too. Of them, what was fitted counts, and
        not what ``data`` say of them now. Outcomes of the new periods are not looked at.
    seed : int, optional
        That of the draws by default.

    Returns
    -------
    Forecast
        One draw for each draw: uncertain in parameters, coefficients, level and noise together.

    Raises
    ------
    DataError
        If ``data`` have no period after the fitted ones, a gap before them, or other channels, controls, units or
        geos.

    Notes
    -----
    Exact given each draw: the level goes on as a random walk of the draw's size, or as the smooth path does, given all
    fitted periods. Seasons, trend and controls keep their origin and scales. A coefficient that the fitted periods
    cannot tell, as of a holiday that was in none of them, has a posterior as diffuse as its prior; it is taken to be
    zero, and the notes name it and the periods. Two holidays that always shared a period and no longer do get half of
    their joint effect each, with a note as well.

    Examples
    --------
    >>> from mmm.data.altered import between
    >>> from mmm.posterior import draw_prior
    >>> first = between(posterior.data, 0, 55)
    >>> draws = draw_prior(first, posterior.spec, posterior.scales, n_draws=100)
    >>> ahead = forecast(draws, posterior.data)
    >>> ahead.outcome.dims, ahead.outcome.sizes["date"]
    (('chain', 'draw', 'geo', 'date'), 5)
    """
    whole = continued(draws.data, data)
    inputs, n_old = draws.inputs, draws.data.n_periods
    design = baseline_design(
        whole,
        trend=draws.spec.trend,
        seasonality=draws.spec.seasonality,
        holidays=draws.spec.holidays,
        origin=pd.Timestamp(draws.scales.origin),
        control_means=np.array([draws.scales.control_means[name] for name in whole.controls]),
        control_scales=np.array([draws.scales.control_scales[name] for name in whole.controls]),
    )
    ahead, unknown = extend_columns(inputs.design.columns, columns=design.columns)
    media, by_channel = media_of(draws, whole, since=n_old)
    sampled = media.shape[:2]
    media = media.reshape(-1, media.shape[-1])
    sigma = draws.parameters[schema.SIGMA].values.reshape(-1)
    tau = draws.parameters[schema.TAU].values.reshape(-1) if schema.TAU in draws.parameters else np.zeros_like(sigma)
    rng = random_stream(draws.seed if seed is None else seed, "forecast")
    base = draw_ahead(
        inputs.outcome - media[:, :n_old],
        sigma=sigma,
        tau=tau,
        design=inputs.design,
        rotation=inputs.rotation,
        ahead=ahead,
        walk_covariance=design.walk_covariance,
        rng=rng,
    )
    expected = base + media[:, n_old:]
    outcome = expected + sigma[:, None] * rng.standard_normal(expected.shape)
    dates = whole.dates[n_old:]

    def labelled(values: Floats, name: str) -> xr.DataArray:
        return xr.DataArray(
            values.reshape(*sampled, 1, -1) * draws.scales.outcome,
            dims=(schema.CHAIN, schema.DRAW, schema.GEO, schema.DATE),
            coords={schema.GEO: list(whole.geos), schema.DATE: dates.values},
            name=name,
        )

    return Forecast(
        expected=labelled(expected, "expected"),
        outcome=labelled(outcome, schema.OUTCOME),
        media=xr.DataArray(
            by_channel[:, :, None] * draws.scales.outcome,
            dims=(schema.CHAIN, schema.DRAW, schema.GEO, schema.DATE, schema.CHANNEL),
            coords={schema.GEO: list(whole.geos), schema.DATE: dates.values, schema.CHANNEL: list(whole.channels)},
            name="media",
        ),
        notes=_notes(unknown, terms=design.terms, columns=design.columns[n_old:], dates=dates),
    )


def media_of(draws: Draws, whole: MarketingData, *, since: int) -> tuple[Floats, Floats]:
    """What media bring in every period of ``whole``, which begins as the fitted data do, and each channel in the last.

    The amplitudes are those of the fitted periods, in which the ROI was stated.

    Returns
    -------
    total : array, shape (chain, draw, time)
        Of all channels, in units of the mean outcome.
    by_channel : array, shape (chain, draw, time - since, channel)
        Of each channel, from period ``since`` on.
    """
    arrays = whole.dataset
    total, by_channel = 0.0, []
    driver = np.concatenate([arrays[schema.HISTORY_DRIVER].values[0], arrays[schema.DRIVER].values[0]])
    for column, name in enumerate(whole.channels):
        unit = response(
            driver[:, [column]] / draws.scales.drivers[name],
            draws.spec.channels[name],
            draws.channel_parameters(name),
            weeks_per_period=draws.inputs.weeks_per_period,
        )
        effect = draws.amplitude(name)[..., None] * unit[..., draws.inputs.start :, 0] / draws.scales.outcome
        total = total + effect
        by_channel.append(effect[..., since:].copy())  # a view would keep all periods of every channel
    return np.asarray(total), np.stack(by_channel, axis=-1)


def draw_ahead(
    residual: Floats,
    *,
    sigma: Floats,
    tau: Floats,
    design: BaselineDesign,
    rotation: Rotation,
    ahead: Floats,
    walk_covariance: Floats,
    rng: np.random.Generator,
) -> Floats:
    """Draw the baseline of new periods from its exact distribution given the old ones, one for each draw.

    Parameters
    ----------
    residual : array, shape (draw, time)
        Outcome of the old periods minus media, scaled by mean outcome.
    sigma, tau : array, shape (draw,)
    design, rotation
        Of the old periods.
    ahead : array, shape (new, term)
        The columns of ``design`` in the new periods.
    walk_covariance : array, shape (time + new, time + new)
        Of the level in old and new periods, per unit of its weekly variance.
    rng : Generator

    Returns
    -------
    array, shape (draw, new)
        Columns times coefficients plus level, without noise, in units of mean outcome.

    Examples
    --------
    A level seen without noise for three weeks goes on from where it was:

    >>> from mmm.model.collapse import rotate
    >>> weeks = np.arange(5.0)
    >>> covariance = np.minimum.outer(weeks, weeks)
    >>> design = BaselineDesign(("intercept",), ("intercept",), np.ones((3, 1)), covariance[:3, :3], True)
    >>> draws = draw_ahead(
    ...     np.tile([1.0, 1.2, 1.5], (20_000, 1)), sigma=np.full(20_000, 1e-6), tau=np.full(20_000, 0.1),
    ...     design=design, rotation=rotate(design), ahead=np.ones((2, 1)), walk_covariance=covariance,
    ...     rng=np.random.default_rng(1),
    ... )
    >>> draws.mean(axis=0).round(2), draws.std(axis=0).round(2)
    (array([1.5, 1.5]), array([0.1 , 0.14]))
    """
    n_old, n_terms = design.columns.shape
    n_new = len(ahead)
    # each new period has a column of its own, so that its outcome, put at zero here, says nothing of anything else
    missing = np.block([[design.columns, np.zeros((n_old, n_new))], [ahead, np.eye(n_new)]])
    own = tuple(f"period {i} ahead" for i in range(1, n_new + 1))
    coefficients, walk = recover(
        np.pad(residual, ((0, 0), (0, n_new))),
        sigma=sigma,
        tau=tau,
        design=BaselineDesign(
            (*design.terms, *own), design.kinds + design.kinds[:1] * n_new, missing, walk_covariance, design.has_walk
        ),
        rotation=Rotation(np.pad(rotation.matrix, ((0, 0), (0, n_new))), rotation.walk_variances),
        rng=rng,
    )
    return np.asarray(coefficients[:, :n_terms] @ ahead.T + walk[:, n_old:])


def extend_columns(fitted: Floats, *, columns: Floats) -> tuple[Floats, Floats]:
    """Continue the columns of a fitted design into new periods.

    Parameters
    ----------
    fitted : array, shape (time, term)
        Columns of the fitted periods, linearly independent.
    columns : array, shape (time + new, column)
        Columns made for all periods together. Over the fitted ones they span what ``fitted`` spans; a trend may be
        centred elsewhere, a holiday may be new, and what was one column may have become two.

    Returns
    -------
    ahead : array, shape (new, term)
        The fitted columns in the new periods.
    unknown : array, shape (new, column)
        By how much each new period departs from what the fitted ones could tell; zero where they tell all.

    Examples
    --------
    A holiday that the first three periods have not seen cannot be forecast:

    >>> columns = np.array([[1, 0, 0], [1, 1, 0], [1, 2, 0], [1, 3, 1], [1, 4, 0]], dtype=float)
    >>> ahead, unknown = extend_columns(columns[:3, :2], columns=columns)
    >>> ahead.round(9).tolist(), unknown.round(9).tolist()
    ([[1.0, 3.0], [1.0, 4.0]], [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    """
    old, new = columns[: len(fitted)], columns[len(fitted) :]
    lengths = np.linalg.norm(old, axis=0)
    lengths[lengths == 0] = 1.0
    inverse = np.linalg.pinv(old / lengths, rcond=1e-10)
    mixing = inverse @ fitted
    assert np.allclose(old / lengths @ mixing, fitted, atol=1e-6), "the fitted columns are not those of these dates"
    new = new / lengths
    unknown = new - new @ inverse @ (old / lengths)
    return new @ mixing, np.where(np.abs(unknown) > NOTHING, unknown, 0.0)


def _notes(unknown: Floats, *, terms: tuple[str, ...], columns: Floats, dates: pd.DatetimeIndex) -> tuple[str, ...]:
    """Name the terms that the fitted periods cannot tell, and the new periods that they matter in."""
    notes = []
    for row in np.flatnonzero(unknown.any(axis=1)).tolist():
        # terms that the period has, among those that are not told
        named = [terms[i] for i in np.flatnonzero((unknown[row] != 0) & (columns[row] != 0)).tolist()]
        notes.append(
            f"{dates[row]:%Y-%m-%d}: the fitted periods cannot tell the effect of {', '.join(named)} by itself; the "
            "forecast has none of it, or the share in what it always came with."
        )
    return tuple(notes)
