"""What a backtest found: scores by origin, a verdict on the intervals, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mmm import schema
from mmm.data.calendar import PERIODS
from mmm.data.description import Frequency
from mmm.errors import ConvergenceError, ReportError
from mmm.posterior import random_stream
from mmm.posterior.scoring import equal_tailed
from mmm.validation.outlook import LEVELS, Outlook, expected_coverage, inside, scores

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Backtest"]

#: In the row of all origins.
ALL = "all"

#: Of the range in which the coverage of a model that is right would lie.
RANGE_PROB = 0.95

#: Periods named as the worst.
N_WORST = 3

NOT_CAUSAL = (
    "A forecast that holds shows that season, trend and base are understood. It does not show that the returns are "
    "right: a model that gives the effect of media to the base forecasts as well, and neither R2 nor MAPE tells the "
    "two apart. For that see mmm.compare_baselines and mmm.recovery, and test in the market."
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Backtest:
    """Forecasts from the past, and what happened; from :func:`mmm.backtest`.

    Parameters
    ----------
    outlooks : tuple of Outlook
        One for each origin, in order of time; those that failed their checks as well.
    weeks_ahead : float
    outcome : Series
        The outcome of all periods, by date.
    unit : str
        Of the outcome.
    frequency : {"daily", "weekly", "monthly"}
    seed : int
    allow_unconverged : bool
        Count forecasts that failed their checks; table and chart then say so.

    Raises
    ------
    ReportError
        If there is no forecast.
    ConvergenceError
        If all of them failed and ``allow_unconverged`` is not set.

    Examples
    --------
    Made of two forecasts that somebody else made:

    >>> from mmm.validation.outlook import Outlook
    >>> rng, sales = np.random.default_rng(1), posterior.data.dataset["outcome"].isel(geo=0).to_series()
    >>> outlooks = tuple(
    ...     Outlook(
    ...         origin=sales.index[first - 1],
    ...         dates=sales.index[first : first + 13],
    ...         observed=sales.to_numpy()[first : first + 13],
    ...         draws=rng.normal(sales.mean(), sales.std(), size=(500, 13)),
    ...         naive=rng.normal(sales.mean(), 2 * sales.std(), size=(50, 13)),
    ...         is_seasonal=True,
    ...         diagnosis=posterior.diagnosis,
    ...     )
    ...     for first in (34, 47)
    ... )
    >>> tested = Backtest(
    ...     outlooks=outlooks, weeks_ahead=13, outcome=sales, unit="GBP", frequency="weekly", seed=1
    ... )
    >>> tested.table()["origin"].tolist(), tested.ok
    (['2023-08-21', '2023-11-20', 'all'], True)
    >>> tested.coverage()["prob"].tolist(), tested.plot().get_ylabel()
    ([0.5, 0.8, 0.95], 'outcome per week (GBP)')
    """

    outlooks: tuple[Outlook, ...]
    weeks_ahead: float
    outcome: pd.Series[float]
    unit: str
    frequency: Frequency
    seed: int
    allow_unconverged: bool = False

    def __post_init__(self) -> None:
        if not self.outlooks:
            raise ReportError("there is no forecast", "nothing can be scored", "use mmm.backtest(posterior)")
        if not self._counted:
            raise ConvergenceError(
                f"none of the {len(self.outlooks)} forecasts converged; the first: "
                f"{self.outlooks[0].diagnosis.verdict}",
                "chains that disagree give intervals that mean nothing, and their coverage neither",
                "give sampler=mmm.Sampler(tune=2000, target_accept=0.98); allow_unconverged=True counts them and "
                "says so",
            )

    def table(self) -> pd.DataFrame:
        """Score each origin, and all together.

        Returns
        -------
        DataFrame
            One row per origin, and one with the origin ``"all"``. ``origin`` (date of the last period that was known),
            ``weeks_ahead``, ``periods``; ``coverage_50``, ``coverage_80``, ``coverage_95``: share of periods in their
            predictive interval; ``crps`` and ``crps_naive``: mean score of the model's and of the naive forecast, in
            units of the outcome, less is better; ``skill``: 1 minus their ratio; ``bias``: mean forecast minus mean
            outcome, as a share of the mean outcome; ``mape``: mean absolute error of the predictive median as a share
            of the outcome. If a forecast failed its checks there is a last column ``warning``, and unless
            ``allow_unconverged`` it has no scores and is not in the row of all.
        """
        rows: list[dict[str, Any]] = []
        for outlook in self.outlooks:
            counted = scores([outlook]) if outlook in self._counted else {"periods": len(outlook.dates)}
            rows.append({"origin": f"{outlook.origin:%Y-%m-%d}", **counted, schema.WARNING_COLUMN: _warning(outlook)})
        rows.append({"origin": ALL, **scores(self._counted), schema.WARNING_COLUMN: self._failed_in_words})
        table = pd.DataFrame(rows).assign(weeks_ahead=self.weeks_ahead)
        columns = [*schema.BACKTEST_COLUMNS, *([schema.WARNING_COLUMN] if self._failed else [])]
        header = f"CRPS in {self.unit}; equal-tailed predictive intervals"
        if self._failed:
            header = f"NOT CONVERGED, see the column {schema.WARNING_COLUMN!r}; {header}"
        return table[columns].rename_axis(columns=header)

    def coverage(self) -> pd.DataFrame:
        """Compare the coverage of all forecasts together with what it would be if the model were right.

        Returns
        -------
        DataFrame
            One row per probability: ``prob, periods, coverage, expected_lower, expected_upper, effective_periods``. The
            range holds the coverage with a probability of 95% when each draw in turn is taken as what happens, with all
            the dependence between periods that draws have; it is wider than the binomial one.
            ``effective_periods`` are independent periods that would leave coverage as uncertain.
        """
        forecasts = [outlook.draws for outlook in self._counted]
        rows = []
        for level in LEVELS:
            rng = random_stream(self.seed, f"backtest {level:g}")
            expected = expected_coverage(forecasts, level=level, rng=rng)
            lower, upper = equal_tailed(draws=expected, prob=RANGE_PROB)
            held = inside(self._counted, level)
            binomial = level * (1 - level)
            spread = float(expected.var())
            rows.append((level, len(held), held.mean(), lower, upper, binomial / spread if spread > 0 else np.nan))
        return pd.DataFrame(rows, columns=list(schema.BACKTEST_COVERAGE_COLUMNS)).astype({"expected_lower": float})

    @property
    def ok(self) -> bool:
        """Whether all forecasts converged, no coverage is below its range, and the naive forecast scores worse."""
        return not self._failed and not self._too_sure and self._skill > 0

    @cached_property
    def verdict(self) -> str:
        """Whether the intervals held what they should, over how many periods, and how the score compares."""
        found, total = self.coverage(), scores(self._counted)
        at = found.set_index("prob").loc[0.80]
        n, many = len(self._counted), PERIODS[self.frequency]
        others = " and ".join(
            f"the {row.prob:.0%} ones {row.coverage:.0%} ({row.expected_lower:.0%} to {row.expected_upper:.0%})"
            for row in found[found["prob"] != 0.80].itertuples()
        )
        counts = ""
        if np.isfinite(at["effective_periods"]):
            counts = f", so that they count for about {min(at['effective_periods'], at['periods']):.0f}"
        seasonal = all(outlook.is_seasonal for outlook in self._counted)
        naive = "last year's outcome" if seasonal else "last year's outcome or, where it is not known, the last one's"
        better = "lower" if total["skill"] > 0 else "higher"
        said = (
            f"{self._judgement} {n} forecast{'s' if n > 1 else ''} of {self.weeks_ahead:g} weeks: the 80% intervals "
            f"held {at['coverage']:.0%} of the outcomes, where {at['expected_lower']:.0%} to "
            f"{at['expected_upper']:.0%} is to be expected of a model that is right; {others}. This rests on "
            f"{total['periods']} {many}, and those after one origin go wrong together{counts}. The CRPS is "
            f"{abs(total['skill']):.0%} {better} than that of {naive}, with its errors. For information, bias "
            f"{total['bias']:+.1%} and MAPE {total['mape']:.1%} of the outcome."
        )
        return f"{self._failed_in_words} {said}" if self._failed else said

    @cached_property
    def recommendation(self) -> str:
        """What to do about it, and what this is no evidence of."""
        advice = []
        if self._failed:
            advice.append("Test again with sampler=mmm.Sampler(tune=2000, target_accept=0.98).")
        if self._too_sure:
            worst = ", ".join(f"{date:%Y-%m-%d}" for date in self._worst)
            advice.append(
                f"Look at what happened around {worst}, which missed by most, and bring it as a control or a holiday; "
                "if nothing did, let the base move more, as in mmm.Trend(walk=mmm.HalfNormal(sigma=0.012)). Until then "
                "take intervals of this model as too narrow."
            )
        if self._skill <= 0:
            advice.append(
                "The naive forecast knows something that the model does not: more seasons "
                "(mmm.Seasonality(yearly=6)), holidays, or the controls that moved the outcome."
            )
        if not advice:
            advice.append("Nothing about the forecasts asks for a change.")
        return " ".join([*advice, NOT_CAUSAL])

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be left out or taken on trust, origin by origin."""
        return tuple(note for outlook in self.outlooks for note in outlook.notes)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the outcome with the predictive bands from each origin, and the naive forecast.

        Parameters
        ----------
        ax : Axes, optional
            A new figure by default.
        """
        from mmm.validation.backtest_chart import plot_backtest

        return plot_backtest(
            self._counted,
            outcome=self.outcome,
            label=f"{self.outcome.name} per {self.frequency.replace('dai', 'day').removesuffix('ly')} ({self.unit})",
            warning=self._failed_in_words,
            ax=ax,
        )

    @cached_property
    def _counted(self) -> list[Outlook]:
        return [outlook for outlook in self.outlooks if outlook.diagnosis.ok or self.allow_unconverged]

    @property
    def _failed(self) -> list[Outlook]:
        return [outlook for outlook in self.outlooks if not outlook.diagnosis.ok]

    @property
    def _failed_in_words(self) -> str:
        if not self._failed:
            return ""
        what = "counted all the same" if self.allow_unconverged else "left out"
        return (
            f"NOT CONVERGED, {what}: the forecasts from "
            + ", ".join(f"{o.origin:%Y-%m-%d}" for o in self._failed)
            + "."
        )

    @cached_property
    def _skill(self) -> float:
        return float(scores(self._counted)["skill"])

    @cached_property
    def _too_sure(self) -> bool:
        found = self.coverage()
        return bool((found["coverage"] < found["expected_lower"]).any())

    @property
    def _judgement(self) -> str:
        found = self.coverage()
        if self._too_sure:
            said = "The forecasts were too sure of themselves."
        elif (found["coverage"] > found["expected_upper"]).any():
            said = "The forecasts hold, and were less sure than they could be."
        else:
            said = "The forecasts hold."
        return said if self._skill > 0 else f"{said} They were no better than a naive forecast."

    @property
    def _worst(self) -> list[pd.Timestamp]:
        """Periods furthest outside of their 50% intervals, in widths of those, the worst first."""
        missed: dict[pd.Timestamp, float] = {}
        for outlook in self._counted:
            lower, upper = equal_tailed(draws=outlook.draws, prob=0.5)
            beyond = np.maximum(lower - outlook.observed, outlook.observed - upper) / (upper - lower)
            missed |= dict(zip(outlook.dates, beyond.tolist(), strict=True))
        return sorted(missed, key=lambda date: -missed[date])[:N_WORST]

    def __repr__(self) -> str:
        lines = [f"<Backtest: {self.verdict}", self.recommendation, *self.notes]
        return "\n ".join(lines) + ">"


def _warning(outlook: Outlook) -> str:
    return "" if outlook.diagnosis.ok else outlook.diagnosis.verdict
