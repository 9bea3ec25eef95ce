"""What is another since the last time: two fits of the same model, and their data."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd
import xarray as xr

from mmm.charting import channel_colours
from mmm.posterior import Posterior
from mmm.posterior.display import card
from mmm.refreshing.decomposition import chain_of, decompose, fit_links
from mmm.refreshing.drift import drift_table, returns_of_window
from mmm.refreshing.forecast_check import ForecastCheck, check_forecast
from mmm.refreshing.sentences import check_decomposition, why_it_moved
from mmm.refreshing.vintages import Vintages

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Refresh"]


@dataclass(frozen=True, eq=False, repr=False)
class Refresh:
    """The last fit, the new one, and what is another between the two; from :func:`mmm.refresh`.

    Attributes
    ----------
    previous, posterior : Posterior
    vintages : Vintages
        The data of both.

    Examples
    --------
    Nothing is another if nothing changed:

    >>> from mmm.refreshing.vintages import Vintages
    >>> again = mmm.Refresh(posterior, posterior, Vintages(posterior.data, posterior.data))
    >>> again.drift()["z"].tolist(), again.restatements().empty, again.notes
    ([0.0, 0.0, 0.0, 0.0], True, ('Nothing is another than at the last fit.',))
    >>> again.warning, again.plot_drift().get_xlabel().split(":")[0]
    ('', 'revenue ROI within 104 weeks')
    >>> again.has_forecast, len(again.movements()), again.sentences() == again.movements()
    (False, 4, True)
    """

    previous: Posterior
    posterior: Posterior
    vintages: Vintages

    @property
    def notes(self) -> tuple[str, ...]:
        """What is another in the data, in words."""
        return self.vintages.notes

    def restatements(self) -> pd.DataFrame:
        """Every number of the past that is another now, and every column that came or went.

        Returns
        -------
        DataFrame
            ``what`` (changed, lost or new), ``variable`` (outcome, spend, driver, controls, outcome_value, margin,
            tracker), ``name`` (of the channel, control or tracker), ``date`` (of the period; missing for a column),
            ``old``, ``new``, ``change`` and ``share`` (change over old; missing where old is 0).
        """
        return self.vintages.table()

    def drift(self, *, horizon_weeks: float | None = None, prob: float = 0.9) -> pd.DataFrame:
        """Whether returns moved by more than new weeks explain.

        Both fits are asked for the same: what the spend of the periods that both have returned within the horizon.

        Parameters
        ----------
        horizon_weeks : float, optional
            That of the ROI priors by default.
        prob : float
            Of the intervals.

        Returns
        -------
        DataFrame
            One row for each channel of both fits, then ``total``: ``channel, old, old_lower, old_upper, new, new_lower,
            new_upper`` (medians and equal-tailed intervals), ``z`` (the step of the mean log return over what was due:
            near standard normal while model and world stay as they are), ``overlap`` (area the two posteriors share),
            ``flag`` (amber beyond 2, red beyond 3 or where the variance grew by a quarter although nothing was
            restated), and where returns are money ``prob_above_one_old, prob_above_one``.

        Notes
        -----
        What is due follows from how much the old fit had learnt in how many periods
        (``mmm.refreshing.drift.steps``). Where the past was restated or the model is another, ``z`` also shows
        that: see :meth:`decomposition`.
        """
        vintages = self.vintages
        old, new, prior = self._returns_within(self._horizon(horizon_weeks))
        return drift_table(
            old,
            new,
            prior,
            growth=(vintages.n_new + vintages.n_dropped + vintages.n_earlier) / vintages.old.n_periods,
            prob=prob,
            restated=vintages.restated,
            is_money=self.posterior.data.has_money_value,
        )

    def decomposition(
        self,
        *,
        horizon_weeks: float | None = None,
        both_orders: bool = False,
        progress: bool = False,
        executor: Executor | None = None,
    ) -> pd.DataFrame:
        """Split each channel's movement into what it is due to, by refits between the last fit and the new one.

        Parameters
        ----------
        horizon_weeks : float, optional
            That of the ROI priors by default.
        both_orders : bool
            Also with the new weeks before the restated past: where the two interact, the parts differ.
        progress : bool
            Say what is fitted.
        executor : concurrent.futures.Executor, optional
            Who fits; in this process by default.

        Returns
        -------
        DataFrame
            ``channel, restated, new_weeks, model, experiments, monte_carlo, total``: differences of posterior medians
            of the return of the periods that both have; the parts sum to ``total``. ``restated`` includes columns that
            are gone, ``new_weeks`` periods that are left out at the beginning, ``model`` another spec and new columns.
            ``monte_carlo`` is the last fit made again with another seed. With ``both_orders`` a column ``order`` more.

        Raises
        ------
        FitError
            If one of the fits cannot be made.
        """
        horizon = self._horizon(horizon_weeks)
        orders = ("restated first", "new weeks first") if both_orders else ("restated first",)
        chains = [
            chain_of(
                self.vintages,
                old_spec=self.previous.spec,
                new_spec=self.posterior.spec,
                new_weeks_first=order == "new weeks first",
            )
            for order in orders
        ]
        fitted = fit_links(chains, last=self.posterior, progress=progress, executor=executor)
        tables = [
            decompose(self.previous, links, fits, dates=self.vintages.dates, horizon_weeks=horizon)
            for links, fits in zip(chains, fitted, strict=True)
        ]
        if not both_orders:
            return tables[0]
        named = [table.assign(order=order) for order, table in zip(orders, tables, strict=True)]
        return pd.concat(named, ignore_index=True)

    def sentences(
        self, *, decomposition: pd.DataFrame | None = None, horizon_weeks: float | None = None, prob: float = 0.9
    ) -> tuple[str, ...]:
        """Say what became of each answer since the last fit, and whether that fit's forecast was right.

        Parameters
        ----------
        decomposition, horizon_weeks, prob
            As :meth:`movements` takes them.

        Returns
        -------
        tuple of str
            Those of :meth:`movements`, then those of :meth:`ForecastCheck.sentences` if there is a forecast.

        Raises
        ------
        ReportError
            If ``decomposition`` does not add up to the movements of this refresh.
        """
        moved = self.movements(decomposition=decomposition, horizon_weeks=horizon_weeks, prob=prob)
        return (*moved, *self.forecast_check().sentences()) if self.has_forecast else moved

    def movements(
        self, *, decomposition: pd.DataFrame | None = None, horizon_weeks: float | None = None, prob: float = 0.9
    ) -> tuple[str, ...]:
        """Say from where to where each answer moved, why, and whether that is more than chance explains.

        Parameters
        ----------
        decomposition : DataFrame, optional
            From :meth:`decomposition`, for the same horizon: what each movement is due to.
        horizon_weeks : float, optional
            That of the ROI priors by default.
        prob : float
            Of the intervals.

        Returns
        -------
        tuple of str
            One for each channel with spend, one for all together.

        Raises
        ------
        ReportError
            If ``decomposition`` does not add up to the movements of this refresh.
        """
        horizon = self._horizon(horizon_weeks)
        drift = self.drift(horizon_weeks=horizon, prob=prob)
        if decomposition is not None:
            check_decomposition(decomposition, drift)
        return why_it_moved(
            drift,
            decomposition,
            vintages=self.vintages,
            label=self.posterior.data.roi_label,
            horizon_weeks=horizon,
            prob=prob,
        )

    def plot_drift(self, *, horizon_weeks: float | None = None, prob: float = 0.9, ax: Axes | None = None) -> Axes:
        """Both answers of each channel side by side; the numbers of :meth:`drift`.

        Parameters
        ----------
        horizon_weeks, prob
            As :meth:`drift` takes them.
        ax : Axes, optional
        """
        from mmm.refreshing.movement_charts import plot_drift

        return plot_drift(
            self.drift(horizon_weeks=horizon_weeks, prob=prob),
            colours=channel_colours(self.posterior.data.channels),
            label=self._label(horizon_weeks),
            prob=prob,
            is_money=self.posterior.data.has_money_value,
            warning=self.warning,
            ax=ax,
        )

    def plot_decomposition(
        self, decomposition: pd.DataFrame, *, horizon_weeks: float | None = None, ax: Axes | None = None
    ) -> Axes:
        """What each movement is due to: the parts of :meth:`decomposition`, from zero outwards, and their sum.

        Parameters
        ----------
        decomposition : DataFrame
            From :meth:`decomposition`, for the same horizon and in one order.
        horizon_weeks : float, optional
            That of the ROI priors by default.
        ax : Axes, optional

        Raises
        ------
        ReportError
            If ``decomposition`` does not add up to the movements of this refresh.
        """
        from mmm.refreshing.movement_charts import plot_decomposition

        check_decomposition(decomposition, self.drift(horizon_weeks=horizon_weeks))
        return plot_decomposition(decomposition, label=self._label(horizon_weeks), warning=self.warning, ax=ax)

    def _label(self, horizon_weeks: float | None) -> str:
        return f"{self.posterior.data.roi_label} within {self._horizon(horizon_weeks):g} weeks"

    @property
    def warning(self) -> str:
        """Say of each fit that failed its checks how; empty if none did."""
        fits = {"last": self.previous, "new": self.posterior}
        return " ".join(f"{which} fit: {fit.diagnosis.verdict}" for which, fit in fits.items() if not fit.ok)

    @property
    def has_forecast(self) -> bool:
        """Whether there are new periods, with all controls that the last fit forecasts them by."""
        lost = set(self.previous.data.controls) - set(self.posterior.data.controls)
        return bool(self.vintages.n_new) and not lost

    def forecast_check(self) -> ForecastCheck:
        """Hold the last fit's forecast of the new periods, under what was then spent, against what happened.

        Raises
        ------
        DataError
            If there are no new periods, or a control of the last fit is missing in them.
        """
        return self._forecast_check

    @cached_property
    def _forecast_check(self) -> ForecastCheck:
        return check_forecast(self.previous, self.posterior.data)

    def _horizon(self, asked: float | None) -> float:
        return self.posterior.spec.horizon_weeks if asked is None else asked

    @cached_property
    def _returned(self) -> dict[float, tuple[xr.DataArray, ...]]:
        return {}

    def _returns_within(self, horizon_weeks: float) -> tuple[xr.DataArray, ...]:
        """By the last fit, by this one and by the prior; once, since every sentence and document asks again."""
        if horizon_weeks not in self._returned:
            self._returned[horizon_weeks] = tuple(
                returns_of_window(draws, window=self.vintages.rows(draws.data), horizon_weeks=horizon_weeks)
                for draws in (self.previous.draws, self.posterior.draws, self.previous.prior)
            )
        return self._returned[horizon_weeks]

    def __repr__(self) -> str:
        said = chr(10).join(self._said).replace(chr(10), chr(10) + " ")
        return f"<Refresh\n {said}\n {self.posterior.diagnosis.verdict}>"

    def _repr_html_(self) -> str:
        diagnosis = self.posterior.diagnosis
        return card("Refresh", {}, ok=diagnosis.ok, verdict=diagnosis.verdict, notes=self._said)

    @cached_property
    def _said(self) -> tuple[str, ...]:
        flags = self.drift().set_index("channel")["flag"]
        moved = [f"{name} {flag}" for name, flag in flags.items() if flag in ("amber", "red")]
        said = [*self.notes, f"Drift: {', '.join(moved)}." if moved else "No drift beyond what new weeks explain."]
        if self.has_forecast:
            checked = self.forecast_check().by_channel()
            changed = checked.loc[checked["flag"] == "red", "channel"].tolist()
            said.append(self.forecast_check().verdict)
            said += [f"Evidence of a change in the new periods: {', '.join(changed)}."] if changed else []
        return tuple(said)
