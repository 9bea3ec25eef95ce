"""The tables of a report and its words: what its charts and documents are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from mmm import schema
from mmm.posterior import Posterior
from mmm.reporting import arguments, part_tables, sentences, tables
from mmm.reporting.basis import Basis
from mmm.returns import Economics, Valuation

__all__ = ["ReportTables"]


@dataclass(frozen=True, eq=False, repr=False)
class ReportTables:
    """One posterior, one window, one kind of money, as tables and sentences; see :class:`mmm.Report`."""

    posterior: Posterior
    window: tuple[str | pd.Timestamp, str | pd.Timestamp] | None = field(default=None, kw_only=True)
    prob: float = field(default=schema.DEFAULT_PROB, kw_only=True)
    economics: Economics | None = field(default=None, kw_only=True)
    allow_unconverged: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        arguments.check_posterior(self.posterior, allow_unconverged=self.allow_unconverged)
        arguments.check_prob(self.prob)
        arguments.check_economics(self.economics)
        _ = self._basis.valuation  # refuses a window that holds no period, and economics of other data

    def roi(self, *, horizon_weeks: float | Iterable[float] = schema.DEFAULT_HORIZONS) -> pd.DataFrame:
        """ROI of each channel's spend within each horizon.

        Parameters
        ----------
        horizon_weeks : float or iterable of float
            Weeks counted after each period's spend, the period of the spend included.

        Returns
        -------
        DataFrame
            One row per channel and horizon, then ``total``: ``channel, horizon_weeks, spend, incremental_outcome,
            roi, roi_lower, roi_upper, prob_above_one, prior_reliance, share_landed``, the interval of the incremental
            outcome, and mROI (one more unit of spend, spread as the plan is) and incremental profit with theirs.
            Points are posterior medians; nothing is rounded. Where the outcome has no money value,
            ``outcome_per_spend`` and ``marginal_outcome_per_spend`` stand in place of ROI and mROI.

        Raises
        ------
        ReportError
            If a horizon is shorter than a period or longer than ten years.

        Examples
        --------
        >>> table = mmm.Report(posterior).roi(horizon_weeks=[13, 52])
        >>> table.columns.name, len(table)
        ('revenue ROI; 90% equal-tailed credible intervals', 8)
        """
        horizons = arguments.horizons(self.posterior.data, horizon_weeks)
        return self._kept(("roi", *horizons), lambda: self._roi(horizons))

    def payback(self, *, horizon_weeks: float | None = None) -> pd.DataFrame:
        """When the spend of each channel has come back, and what it is worth then.

        Parameters
        ----------
        horizon_weeks : float, optional
            Of the net present value; that of the ROI priors by default.

        Returns
        -------
        DataFrame
            ``channel, payback_weeks, payback_lower, payback_upper, prob_13w, prob_26w, prob_52w, prob_104w,
            prob_156w, prob_never, npv, npv_lower, npv_upper``. Payback is the first horizon, in whole periods, at
            which ROI is at least 1: undiscounted, and infinite where that is not within ten years. Net present value
            discounts every return to the period of its spend. NaN where nothing was spent.

        Raises
        ------
        ReportError
            If the outcome has no money value, or the horizon is not a number of whole periods.

        Examples
        --------
        >>> report = mmm.Report(posterior, economics=mmm.Economics(margin=0.4))
        >>> report.payback()[["channel", "payback_weeks", "prob_52w", "prob_never"]].shape
        (4, 4)
        """
        horizon = self._horizon(horizon_weeks)
        return self._kept(("payback", horizon), lambda: self._payback(horizon))

    def ledger(self) -> pd.DataFrame:
        """Where the return of the window's spend is booked, and what landed in the window from before.

        Returns
        -------
        DataFrame
            ``channel, carry_in, in_window, carry_out, cohort_total``, their intervals, ``spend`` and
            ``share_to_come``, the share of ``cohort_total`` that lands after the data. Points are posterior means, in
            this table alone, so that the parts add up: ``cohort_total = in_window + carry_out``, and all that landed
            in the window is ``carry_in + in_window``. Money, or units where the outcome has no money value.

        Examples
        --------
        >>> ledger = mmm.Report(posterior, window=("2023-10-01", "2023-12-31")).ledger()
        >>> parts = ledger["in_window"] + ledger["carry_out"]
        >>> bool((parts / ledger["cohort_total"] - 1).abs().max() < 1e-9)
        True
        """
        return self._kept(("ledger",), self._ledger)

    def ltv_cac(self, *, horizon_weeks: float | None = None) -> pd.DataFrame:
        """Lifetime value of an incremental customer against the fully loaded cost of winning one.

        Parameters
        ----------
        horizon_weeks : float, optional
            Within which customers are counted; that of the ROI priors by default.

        Returns
        -------
        DataFrame
            ``channel, spend, acquisition_cost, incremental_customers, cac, ltv, ltv_cac, prob_above_one,
            prob_above_three, break_even_cpa`` with their intervals. ``acquisition_cost`` is media and all other cost;
            ``break_even_cpa`` is the media cost per incremental customer at which LTV to CAC is 1.

        Raises
        ------
        ReportError
            If there is no ``customer_value``, or the horizon is not a number of whole periods.

        Examples
        --------
        >>> economics = mmm.Economics(customer_value=120, acquisition_cost=0.1)
        >>> table = mmm.Report(customers, economics=economics).ltv_cac()
        >>> table.columns.name
        'LTV to CAC in GBP, customers within 104 weeks; 90% equal-tailed credible intervals'
        """
        horizon = self._horizon(horizon_weeks)
        found = self._basis.customers(arguments.with_customer_value(self.economics), horizon)
        about = f"LTV to CAC in {self._basis.valuation.unit}, customers within {horizon:g} weeks"
        return self._finish(tables.ltv_cac_table(found, prob=self.prob), about=about)

    def shares(self, *, horizon_weeks: float | None = None) -> pd.DataFrame:
        """Each channel's share of spend against its share of what media bring.

        Parameters
        ----------
        horizon_weeks : float, optional
            Within which the effect of the window's spend is counted; that of the ROI priors by default.

        Returns
        -------
        DataFrame
            ``channel, spend, spend_share, effect_share, effect_share_lower, effect_share_upper,
            prob_above_spend_share``. The effect share is the channel's return over that of all channels, taken draw by
            draw; points are posterior means, so that they sum to one. Divided by the spend share it is the channel's
            ROI over the ROI of all. NaN where nothing was spent at all.

        Raises
        ------
        ReportError
            If the horizon is not a number of whole periods.

        Examples
        --------
        >>> shares = mmm.Report(posterior).shares()
        >>> shares["effect_share"].sum().round(9).item()
        1.0
        """
        horizon, valuation = self._horizon(horizon_weeks), self._basis.valuation
        variable = "money" if valuation.is_money else "incremental_outcome"
        table = part_tables.shares_table(self._basis.returns((horizon,))[0], variable=variable, prob=self.prob)
        about = f"shares of spend and of effect within {horizon:g} weeks ({valuation.label}), points are means"
        return self._finish(table, about=about)

    def composition(self) -> pd.DataFrame:
        """What the outcome of the window was made of: baseline by part, channels, and what is not explained.

        Returns
        -------
        DataFrame
            ``part, kind, amount, amount_lower, amount_upper, share`` in units of the outcome. First the parts of the
            baseline (kind ``baseline``): ``level`` (intercept, trend and walk together), ``season``, ``holiday`` and
            ``control``, as far as the model has them. Seasons and controls count from their mean over the data and
            holidays from a period without one. Then the channels (``media``): what landed in the window, whenever it
            was spent. Then ``modelled``, the sum of all these; ``unexplained``; and ``actual``, the sum of the two.
            Points are posterior means, so that the parts add up; ``share`` is of the actual outcome.

        Examples
        --------
        >>> composition = mmm.Report(posterior).composition()
        >>> composition["part"].tolist()
        ['level', 'season', 'control', 'tv', 'video', 'radio', 'modelled', 'unexplained', 'actual']
        """
        words = self.posterior.data.description
        actual = float(self._basis.outcome.sum())
        table = part_tables.composition_table(self._basis.composition(), actual=actual, prob=self.prob)
        about = f"composition of {words.outcome} ({words.outcome_unit}), points are posterior means"
        return self._finish(table, about=about)

    def contributions(self) -> pd.DataFrame:
        """Contribution of each channel, of all channels (``total``) and of the baseline, by period.

        Returns
        -------
        DataFrame
            ``date, channel, contribution, contribution_lower, contribution_upper``, in units of the outcome.
            What was spent before the data and still lands in them is part of the channel's contribution.

        Examples
        --------
        >>> contributions = mmm.Report(posterior).contributions()
        >>> contributions["channel"].unique().tolist()
        ['tv', 'video', 'radio', 'total', 'baseline']
        """
        return self._kept(("contributions",), self._contributions)

    def evidence(self) -> pd.DataFrame:
        """What was assumed beside what was learnt.

        Returns
        -------
        DataFrame
            ``channel, quantity, prior, prior_lower, prior_upper, posterior, posterior_lower, posterior_upper,
            prior_reliance``: every parameter of every channel; of brand channels their ``long_run_multiplier`` (whole
            return over that of 13 weeks) and the ``baseline_correlation`` of their slow stock, which has no prior;
            what is assumed of a brand tracker, under its name; noise and walk of the ``baseline``; the share of the
            outcome that media bring (``total``). A prior reliance of 1 means that the data said nothing.

        Examples
        --------
        >>> evidence = mmm.Report(posterior).evidence().query("channel == 'tv'")
        >>> evidence["quantity"].tolist()
        ['roi', 'half_life', 'saturation_level', 'saturation_slope', 'carry_in_level']
        """
        return self._kept(
            ("evidence",),
            lambda: self._finish(tables.evidence_table(self.posterior, prob=self.prob), about="prior and posterior"),
        )

    def half_lives(self) -> pd.DataFrame:
        """Weeks until half of each channel's effect has landed: what was assumed beside what was learnt.

        Returns
        -------
        DataFrame
            ``channel, part, prior, prior_lower, prior_upper, posterior, posterior_lower, posterior_upper,
            prior_reliance``. Part ``whole`` of every channel: of a geometric kernel its parameter, of others found
            from the kernel (``mmm.returns.weeks_until_half``), 0 where everything lands at once. Of brand channels
            also ``fast`` and ``slow``.

        Examples
        --------
        >>> mmm.Report(posterior).half_lives()[["channel", "part"]].to_numpy().tolist()
        [['tv', 'whole'], ['video', 'whole'], ['radio', 'whole']]
        """
        about = "weeks until half of the effect has landed, prior and posterior"
        return self._finish(tables.half_life_table(self.posterior, prob=self.prob), about=about)

    def sentences(self) -> tuple[str, ...]:
        """Give the verdict in words: the tables' numbers, to two digits, never without their interval.

        Returns
        -------
        tuple of str
            A paragraph for each brand channel, for each other channel and for all together: what came back within 13
            weeks (brand) and within the horizon of the ROI priors, what of it is assumed, when it pays back, its worth
            where economics were given; then how to read them. Prior reliance is said where it is above a half.

        Examples
        --------
        >>> print(mmm.Report(posterior).sentences()[0])
        tv returned ... (90%: ...; ...% prior) within 104 weeks, of which all has landed. In revenue it pays back ...
        """
        return sentences.verdict(self, valuation=self.valuation)

    def warnings(self) -> tuple[str, ...]:
        """What limits the answer, and what would help; a sentence or two each, empty if nothing was found.

        Examples
        --------
        >>> for warning in mmm.Report(posterior).warnings():
        ...     print(warning)
        Autocorrelation: residuals of neighbouring periods go together ...
        """
        return self._warnings

    @property
    def valuation(self) -> Valuation:
        """What a return is counted in: money, or units of the outcome."""
        return self._basis.valuation

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Dates of the periods whose spend is judged."""
        return self.posterior.data.dates[slice(*self._basis.rows)]

    # --- behind them ----------------------------------------------------------------------------

    @cached_property
    def _basis(self) -> Basis:
        rows = arguments.window_of(self.posterior.data, self.window)
        return Basis(self.posterior, rows=rows, economics=self.economics, prob=self.prob)

    def _kept(self, key: tuple[Any, ...], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Make a table once: charts, sentences and documents of one report ask for it again and again."""
        if key not in self._tables:
            self._tables[key] = make()
        return self._tables[key].copy()

    @cached_property
    def _tables(self) -> dict[tuple[Any, ...], pd.DataFrame]:
        return {}

    @cached_property
    def _warnings(self) -> tuple[str, ...]:
        return sentences.warnings(self._basis)

    def _roi(self, horizons: tuple[float, ...]) -> pd.DataFrame:
        table = tables.roi_table(*self._basis.returns(horizons), prob=self.prob)
        return self._finish(table, about=self._basis.valuation.label)

    def _payback(self, horizon: float) -> pd.DataFrame:
        basis = self._basis
        period = self.posterior.data.weeks_per_period
        table = tables.payback_table(basis.payback(horizon), weeks_per_period=period, prob=self.prob)
        rate = f"{100 * basis.discount_rate:g}% a year"
        worth = f"net present value in {basis.valuation.unit} within {horizon:g} weeks at {rate}"
        return self._finish(table, about=f"payback by {basis.valuation.label}, {worth}")

    def _ledger(self) -> pd.DataFrame:
        valuation = self._basis.valuation
        about = f"ledger in {valuation.unit} ({valuation.label}), points are posterior means"
        return self._finish(tables.ledger_table(self._basis.ledger(), prob=self.prob), about=about)

    def _contributions(self) -> pd.DataFrame:
        table = tables.contribution_table(self.posterior.draws, rows=slice(*self._basis.rows), prob=self.prob)
        words = self.posterior.data.description
        return self._finish(table, about=f"contributions to {words.outcome} ({words.outcome_unit})")

    def _horizon(self, asked: float | None) -> float:
        return arguments.horizon(self.posterior, self.posterior.spec.horizon_weeks if asked is None else asked)

    def _finish(self, table: pd.DataFrame, *, about: str) -> pd.DataFrame:
        return tables.with_header(table, prob=self.prob, about=about, warning=self._basis.warning)
