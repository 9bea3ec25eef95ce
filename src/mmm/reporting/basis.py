"""What every table, chart and sentence of one report rests on: one fit, one window, one kind of money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.model.horizon import periods
from mmm.posterior import Draws, Posterior
from mmm.reporting.charts import ChartContext
from mmm.returns import (
    Economics,
    Valuation,
    Window,
    acquisition_draws,
    composition_draws,
    cumulative_return,
    kernel_weights,
    ledger_draws,
    payback_draws,
    returns_and_marginal,
    returns_by_horizon,
    share_landed,
)

__all__ = ["Basis"]


@dataclass(frozen=True, eq=False)
class Basis:
    """A posterior, the rows whose spend is judged, and what a return is worth.

    Attributes
    ----------
    posterior : Posterior
    rows : (start, stop)
        Rows of the data.
    economics : Economics or None
        As it was given to the report.
    prob : float
        Of the intervals.
    """

    posterior: Posterior
    rows: Window
    economics: Economics | None
    prob: float

    @property
    def _draws(self) -> Draws:
        return self.posterior.draws

    @property
    def discount_rate(self) -> float:
        """A year."""
        return (self.economics or Economics()).discount_rate

    @property
    def edges(self) -> tuple[float, float]:
        """Probabilities below the two ends of the interval."""
        return (1 - self.prob) / 2, (1 + self.prob) / 2

    @cached_property
    def valuation(self) -> Valuation:
        """Money per unit of outcome; refuses economics of other data."""
        return Valuation.of(self._draws, self.economics)

    @cached_property
    def context(self) -> ChartContext:
        """What charts must know to label themselves."""
        context = ChartContext.of(self.posterior.data, prob=self.prob, warning=self.warning)
        return replace(context, roi_label=self.valuation.label)

    @property
    def warning(self) -> str:
        """Verdict on a fit that failed its checks; empty for a sound one."""
        return "" if self.posterior.ok else self.posterior.diagnosis.verdict

    @property
    def outcome(self) -> pd.Series:
        """The outcome in the window, by date."""
        data, rows = self.posterior.data, slice(*self.rows)
        values = data.dataset[schema.OUTCOME].values[0, rows]
        return pd.Series(values, index=data.dates[rows], name=data.description.outcome)

    @cached_property
    def _replayed(self) -> dict[tuple[object, ...], xr.Dataset]:
        """What was asked for once: tables, charts, sentences and documents ask for the same again."""
        return {}

    @cached_property
    def _returned(self) -> dict[tuple[float, ...], tuple[xr.Dataset, xr.Dataset, xr.Dataset]]:
        return {}

    def _once(self, key: tuple[object, ...], replay: Callable[[], xr.Dataset]) -> xr.Dataset:
        if key not in self._replayed:
            self._replayed[key] = replay()
        return self._replayed[key]

    def returns(self, horizons: tuple[float, ...]) -> tuple[xr.Dataset, xr.Dataset, xr.Dataset]:
        """Returns of the window by horizon, of the posterior and of the prior, and of one more unit of spend.

        Replayed once; horizons among others that were replayed are taken from there, as each is by itself.
        """
        for known, found in self._returned.items():
            if set(horizons) <= set(known):
                after, before, marginal = (one.sel({schema.HORIZON: list(horizons)}) for one in found)
                return after, before, marginal
        prior, window = self.posterior.prior, self.rows
        of_data = self.economics is None  # what the fit's checks rest on too
        after, marginal = returns_and_marginal(
            self._draws, horizons=horizons, window=window, valuation=None if of_data else self.valuation
        )
        money = Valuation.of(prior, self.economics)
        before = returns_by_horizon(prior, horizons=horizons, window=window, valuation=money, landed=False)
        self._returned[horizons] = after, before, marginal
        return after, before, marginal

    def payback(self, horizon: float) -> xr.Dataset:
        """Weeks until the money is back, and net present value within a horizon."""
        return self._once(
            ("payback", horizon),
            lambda: payback_draws(
                self._draws,
                horizon_weeks=horizon,
                discount_rate=self.discount_rate,
                window=self.rows,
                valuation=self.valuation,
            ),
        )

    def ledger(self) -> xr.Dataset:
        """Return by where it is booked."""
        return self._once(("ledger",), lambda: ledger_draws(self._draws, window=self.rows, valuation=self.valuation))

    def composition(self) -> xr.Dataset:
        """Modelled outcome of the window by part."""
        return composition_draws(self._draws, window=self.rows)

    def customers(self, economics: Economics, horizon: float) -> xr.Dataset:
        """What customers are worth and what they cost; ``economics`` says the first."""
        return acquisition_draws(self._draws, economics=economics, horizon_weeks=horizon, window=self.rows)

    def roi_by_week(self, channel: str, *, weeks: float) -> xr.DataArray:
        """ROI of a channel, or of all (``total``), within every horizon up to ``weeks``; NaN where nothing was spent.

        Returns
        -------
        DataArray, dims (chain, draw, horizon_weeks)
        """
        data, (start, stop) = self.posterior.data, self.rows
        names = data.channels if channel == schema.TOTAL else (channel,)
        money = cumulative_return(
            self._draws,
            names,
            n_periods=periods(weeks, data.weeks_per_period),
            window=self.rows,
            valuation=self.valuation,
        )
        spend = float(data.dataset[schema.SPEND].sel({schema.CHANNEL: list(names)}).values[0, start:stop].sum())
        return self._by_week(money / spend if spend > 0 else np.full_like(money, np.nan))

    def landed_by_week(self, channel: str, *, weeks: float) -> tuple[xr.DataArray, xr.DataArray]:
        """Share of a channel's effect that has landed within every horizon, of the posterior and of the prior."""
        n_periods = periods(weeks, self.posterior.data.weeks_per_period)
        after, before = (
            self._by_week(share_landed(draws, channel, n_periods=n_periods))
            for draws in (self._draws, self.posterior.prior)
        )
        return after, before

    def kernel_by_week(self, channel: str, *, weeks: float) -> tuple[xr.DataArray, xr.DataArray]:
        """Share of a channel's effect that lands in each period, of the posterior and of the prior.

        Returns
        -------
        DataArray, dims (chain, draw, weeks)
            ``weeks`` since the spend: 0 is the period of the spend.
        """
        period = self.posterior.data.weeks_per_period
        at = np.arange(periods(weeks, period)) * period
        dims = (schema.CHAIN, schema.DRAW, "weeks")
        after, before = (
            xr.DataArray(kernel_weights(draws, channel, n_lags=len(at)), dims=dims, coords={"weeks": at})
            for draws in (self._draws, self.posterior.prior)
        )
        return after, before

    def seen_weeks(self, channel: str) -> float:
        """Weeks from the spend to the data's end for the middle unit of spend of a channel, or of all."""
        data, (start, stop) = self.posterior.data, self.rows
        names = list(data.channels) if channel == schema.TOTAL else [channel]
        spend = data.dataset[schema.SPEND].sel({schema.CHANNEL: names}).values[0, start:stop].sum(axis=-1)
        middle = int(np.searchsorted(spend.cumsum(), spend.sum() / 2))
        return (data.n_periods - start - middle) * data.weeks_per_period

    def _by_week(self, draws: NDArray[np.float64]) -> xr.DataArray:
        weeks = np.arange(1, draws.shape[-1] + 1) * self.posterior.data.weeks_per_period
        dims = (schema.CHAIN, schema.DRAW, schema.HORIZON)
        return xr.DataArray(draws, dims=dims, coords={schema.HORIZON: weeks})
