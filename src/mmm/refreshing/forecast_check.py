"""Was the last fit's forecast right: its predictive for the new periods, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.data.altered import with_columns
from mmm.errors import DataError
from mmm.posterior import Posterior
from mmm.posterior.forecast import forecast
from mmm.posterior.scoring import covered, crps, equal_tailed
from mmm.refreshing.channel_changes import bayes_factors, changes, power_to_find
from mmm.refreshing.sentences import what_channels_brought

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ForecastCheck", "check_forecast", "flags_of"]

Floats = NDArray[np.float64]

#: Probabilities of the intervals that are checked.
LEVELS = (0.5, 0.8, 0.9)
#: Bayes factors beyond which a channel is flagged. Positive evidence begins at 3 (Kass and Raftery 1995); amber is as
#: low as it can be with well below one channel of ten flagged that did not change (docs/refresh.md).
AMBER, RED = 1.3, 3.0
#: Power from which it means something that a channel is not flagged: had it lost half, it would be more often than not.
TELLS = 0.5


@dataclass(frozen=True, eq=False, repr=False)
class ForecastCheck:
    """What the last fit expected of the new periods under the spend that really happened, and what came.

    Parameters
    ----------
    dates : DatetimeIndex, shape (period,)
    observed : array, shape (period,)
    draws : array, shape (draw, period)
        Of the outcome, noise included.
    media : DataArray, dims (draw, date, channel)
        What each channel brings in them in each draw.
    unit : str
        Of the outcome.
    notes : tuple of str
        What the last fit could not know of these periods.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> dates = pd.date_range("2026-01-05", periods=13, freq="W-MON")
    >>> observed, draws = rng.normal(100, 5, 13), rng.normal(100, 5, (4000, 13))
    >>> media = rng.gamma(4, 2, (4000, 13, 1))
    >>> media = xr.DataArray(media, dims=("draw", "date", "channel"), coords={"channel": ["tv"]})
    >>> check = ForecastCheck(dates, observed, draws, media, "GBP", ())
    >>> check.verdict
    'The 90% interval of the last forecast held 13 of 13 new periods; 12 were to be expected.'
    >>> len(check.table()), check.coverage()["prob"].tolist()
    (13, [0.5, 0.8, 0.9])
    >>> check.sentences()[1]
    'tv (86%) is not flagged; in brackets how probable a flag would have been, had it brought half.'
    >>> check.by_channel()["channel"].tolist(), check.plot().get_ylabel()
    (['tv'], 'outcome, GBP')
    """

    dates: pd.DatetimeIndex
    observed: Floats
    draws: Floats
    media: xr.DataArray
    unit: str
    notes: tuple[str, ...]

    def table(self) -> pd.DataFrame:
        """Each new period.

        Returns
        -------
        DataFrame
            ``date, observed, median``; ``lower_50, upper_50, inside_50`` and the same for 80 and 90; ``crps``, the
            continuous ranked probability score in units of the outcome.
        """
        columns = {"date": self.dates, "observed": self.observed, "median": np.median(self.draws, axis=0)}
        for level in LEVELS:
            lower, upper = equal_tailed(draws=self.draws, prob=level)
            name = f"{100 * level:g}"
            columns |= {f"lower_{name}": lower, f"upper_{name}": upper}
            columns[f"inside_{name}"] = covered(lower=lower, upper=upper, observed=self.observed)
        columns["crps"] = crps(draws=self.draws, observed=self.observed)
        return pd.DataFrame(columns).rename_axis(columns=f"outcome in {self.unit}; equal-tailed predictive intervals")

    def coverage(self) -> pd.DataFrame:
        """Share of the new periods that each interval held.

        Returns
        -------
        DataFrame
            One row per probability: ``prob, periods, coverage, expected_lower, expected_upper``: the last two hold the
            coverage with 90% probability if the model is right. Periods go wrong together, so the range is wide; it
            comes from the draws themselves, each in turn taken as what happened.
        """
        rows = []
        for level in LEVELS:
            lower, upper = equal_tailed(draws=self.draws, prob=level)
            held = covered(lower=lower, upper=upper, observed=self.observed)
            due = np.quantile(covered(lower=lower, upper=upper, observed=self.draws).mean(axis=1), (0.05, 0.95))
            rows.append((level, len(held), held.mean(), due[0], due[1]))
        return pd.DataFrame(rows, columns=["prob", "periods", "coverage", "expected_lower", "expected_upper"])

    def by_channel(self) -> pd.DataFrame:
        """Whether each channel brought in the new periods what the last fit expects of it.

        What a channel brings enters the last fit as one number for all periods. Where it changed only now, a refit
        hardly moves, since most of its periods are old ones; the error of the forecast, held against the spend of each
        channel, is where it shows first.

        Returns
        -------
        DataFrame
            ``channel``, ``expected`` (in the new periods, in units of the outcome), ``times`` (what came as a multiple
            of it), ``times_lower, times_upper`` (90%), ``z`` (near standard normal while nothing changes),
            ``bayes_factor`` (how many times likelier than before it is that this channel changed, in odds), ``power``
            (probability that it would be flagged if it brought half) and ``flag``: amber beyond a Bayes factor of 1.3,
            red beyond 3; otherwise ``ok`` from a power of one half, and ``cannot tell`` below, where it says little
            that there is no flag.

        Notes
        -----
        With the error ``r`` of the mean forecast, its covariance ``S`` over the draws (noise, base, what is not known
        of the returns), the expected media ``X`` and changes ``d ~ N(0, 0.5^2)`` of all channels at once,
        ``r ~ N(X d, S)``: ``d`` has the posterior mean ``m = V X' S^-1 r`` with ``V = (X' S^-1 X + 4)^-1``, and without
        any change ``m ~ N(0, V X' S^-1 X V)``, which gives ``z``. Where one channel changed, others whose media are
        alike get a part of its error, and their ``z`` with it. The Bayes factor lets them compete: it
        averages over none of the others having changed as well, or any of them
        (``mmm.refreshing.channel_changes.bayes_factors``).

        A channel that brings less than a twentieth of the outcome is rarely seen to change within a quarter. Its power
        says so: each draw of the forecast is taken in turn as what happens, less half of what the channel brings in
        that draw, and the flags that are raised are counted (``mmm.refreshing.channel_changes.power_to_find``).
        """
        return self._by_channel.copy()

    @cached_property
    def _by_channel(self) -> pd.DataFrame:
        media = self.media.transpose(schema.DRAW, schema.DATE, schema.CHANNEL).values
        X, middle = media.mean(axis=0), self.draws.mean(axis=0)
        covariance = np.atleast_2d(np.cov(self.draws.T))
        error = self.observed - middle
        found, spread, z = changes(error, covariance, X)
        factor = bayes_factors(error, covariance, X)
        reach = NormalDist().inv_cdf(0.95) * spread
        times = (1 + found, 1 + found - reach, 1 + found + reach)
        power = power_to_find(self.draws - middle, covariance, media, limit=AMBER)
        columns = (self.media[schema.CHANNEL].values, X.sum(axis=0), *times, z, factor, power, flags_of(factor, power))
        return pd.DataFrame(dict(zip(schema.CHANNEL_CHECK_COLUMNS, columns, strict=True)))

    @property
    def ok(self) -> bool:
        """Whether the coverage of every interval is within what a right model may have."""
        found = self.coverage()
        return bool(found["coverage"].between(found["expected_lower"], found["expected_upper"]).all())

    @property
    def verdict(self) -> str:
        """How many of the new periods the 90% interval held, in words."""
        level = LEVELS[-1]
        held = int(self.table()[f"inside_{100 * level:g}"].sum())
        said = (
            f"The {level:.0%} interval of the last forecast held {held} of {len(self.dates)} new periods; "
            f"{level * len(self.dates):.0f} were to be expected."
        )
        return said if self.ok else f"{said} That is less, or more, than chance explains: see coverage()."

    def sentences(self) -> tuple[str, ...]:
        """Say whether the forecast held, which channels changed, and of which that cannot be told.

        Returns
        -------
        tuple of str
            The verdict first, then what :meth:`by_channel` says.
        """
        return (self.verdict, *what_channels_brought(self.by_channel()))

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Forecast and outcome of the new periods; the numbers of :meth:`table`."""
        from mmm.refreshing.charts import plot_forecast_check

        return plot_forecast_check(self, ax=ax)

    def __repr__(self) -> str:
        return f"<ForecastCheck: {self.verdict}>"


def check_forecast(previous: Posterior, data: MarketingData) -> ForecastCheck:
    """Forecast the periods after a fit from that fit alone, under what was then spent, and compare.

    Parameters
    ----------
    previous : Posterior
    data : MarketingData
        Goes on where the fitted data end. Channels that the fit does not know are left out with a note; those that are
        gone spent nothing.

    Raises
    ------
    DataError
        If there are no new periods, or a control of the fit is missing in them.
    """
    known, notes = _as_fitted(previous.data, data)
    ahead = forecast(previous.draws, known)
    new = data.dates[data.dates > previous.data.dates[-1]]
    observed = data.dataset[schema.OUTCOME].isel({schema.GEO: 0}).sel({schema.DATE: new}).values
    channels = list(previous.data.channels)
    media = xr.DataArray(
        ahead.media.values.reshape(-1, len(new), len(channels)),
        dims=(schema.DRAW, schema.DATE, schema.CHANNEL),
        coords={schema.DATE: new, schema.CHANNEL: channels},
    )
    return ForecastCheck(
        dates=new,
        observed=np.asarray(observed),
        draws=ahead.outcome.values.reshape(-1, len(new)),
        media=media,
        unit=data.description.outcome_unit,
        notes=(*notes, *ahead.notes),
    )


def flags_of(bayes_factors: Floats, power: Floats) -> list[str]:
    """What is evidence, what is worth a look, and where silence means something.

    Parameters
    ----------
    bayes_factors, power : array, shape (channel,)

    Examples
    --------
    >>> flags_of(np.array([20.0, 1.6, 0.8, 0.8]), np.array([0.9, 0.2, 0.9, 0.2]))
    ['red', 'amber', 'ok', 'cannot tell']
    """
    flags = np.select(
        [bayes_factors > RED, bayes_factors > AMBER, power >= TELLS], ["red", "amber", "ok"], default="cannot tell"
    )
    return [str(flag) for flag in flags]


def _as_fitted(fitted: MarketingData, data: MarketingData) -> tuple[MarketingData, tuple[str, ...]]:
    """Give the new data the channels of the fit."""
    gained = [name for name in data.channels if name not in fitted.channels]
    lost = [name for name in fitted.channels if name not in data.channels]
    missing = [name for name in fitted.controls if name not in data.controls]
    if missing:
        raise DataError(
            f"the new data lack {', '.join(missing)}, controls of the last fit",
            "what the last fit expects of the new periods depends on them",
            "bring them for the new periods, or check the forecast without them by a fit without them",
        )
    if not gained and not lost:
        return data, ()
    notes = [f"Without {', '.join(gained)}, which the last fit does not know."] * bool(gained)
    notes += [f"As if nothing had been spent on {', '.join(lost)}, which the new data do not have."] * bool(lost)
    known = with_columns(data, channels=fitted.channels, silent=fitted.description, notes=notes)
    return known, tuple(notes)
