"""What a report is asked for, checked: horizons, windows, probabilities, and what it is made from."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Real
from typing import Any

import pandas as pd

from mmm import schema
from mmm.errors import ConvergenceError, ReportError
from mmm.model.horizon import whole_periods
from mmm.posterior import Posterior
from mmm.returns import Economics, Window, window_rows

__all__ = [
    "check_channel",
    "check_economics",
    "check_posterior",
    "check_prob",
    "check_spend",
    "check_tracker",
    "horizon",
    "horizons",
    "is_number",
    "rows_of",
    "window_of",
    "with_customer_value",
]

#: Longest horizon that a report may be asked for.
MAX_HORIZON_WEEKS = 520

#: Longest month.
_MONTH = pd.Timedelta(days=31)


def check_posterior(posterior: Any, *, allow_unconverged: bool) -> None:
    """Refuse what is no posterior, and one that failed its checks."""
    if not isinstance(posterior, Posterior):
        raise ReportError(
            f"a Report is made from a Posterior, not from {type(posterior).__name__}",
            "only a posterior knows its data, its spec and whether it converged",
            "use mmm.fit(data, seed=...) or mmm.load(path) first",
        )
    if not posterior.ok and not allow_unconverged:
        raise ConvergenceError(
            posterior.diagnosis.verdict,
            "chains that disagree, or have few effective draws, give intervals that mean nothing",
            "fit again with mmm.Sampler(tune=2000, target_accept=0.98), or with fewer channels or tighter priors; "
            "Report(posterior, allow_unconverged=True) shows the numbers with this warning on every table",
        )


def check_prob(prob: Any) -> None:
    """Refuse what is no probability."""
    if not (is_number(prob) and 0 < prob < 1):
        raise ReportError(
            f"prob={prob!r}", "an interval holds a probability between 0 and 1", "use for example prob=0.9"
        )


def check_economics(economics: Any) -> None:
    """Refuse what is no Economics; whether they fit the data shows when the money is counted."""
    if not isinstance(economics, Economics | None):
        raise ReportError(
            f"economics={economics!r}",
            "which of its numbers is a margin and which a rate would be guessed",
            "use for example economics=mmm.Economics(margin=0.4)",
        )


def with_customer_value(economics: Economics | None) -> Economics:
    """Give the economics, refusing them without a customer value."""
    if economics is None or economics.customer_value is None:
        raise ReportError(
            "LTV to CAC was asked for without a customer_value",
            "what a customer is worth is not in the data of a marketing mix",
            "give Report economics=mmm.Economics(customer_value=..., acquisition_cost=...)",
        )
    return economics


def check_channel(posterior: Posterior, channel: str, *, or_total: bool = False) -> None:
    """Refuse a channel that is not in the data."""
    known = [*posterior.data.channels, schema.TOTAL] if or_total else list(posterior.data.channels)
    if channel not in known:
        raise ReportError(f"there is no channel {channel!r}", "there is nothing to draw", f"choose one of {known}")


def check_spend(row: pd.Series) -> None:
    """Refuse the payback of nothing."""
    if math.isnan(row["payback_weeks"]):
        raise ReportError(
            f"nothing was spent on {row[schema.CHANNEL]!r} in the window",
            "there is nothing to pay back",
            "choose another channel, or a window in which it was on air",
        )


def check_tracker(posterior: Posterior) -> None:
    """Refuse data without a brand tracker."""
    if not posterior.data.has_tracker:
        raise ReportError(
            "the data have no brand tracker",
            "there is nothing to draw",
            "pass tracker=mmm.Tracker.from_frame(...) to MarketingData.from_frame, and fit again",
        )


def rows_of(evidence: pd.DataFrame, quantity: str, *, channels: tuple[str, ...]) -> pd.DataFrame:
    """Give the rows of one quantity of channels, refusing one that no channel has."""
    of_channels = evidence["channel"].isin(channels)
    rows = evidence[(evidence["quantity"] == quantity) & of_channels]
    if rows.empty:
        known = evidence.loc[of_channels, "quantity"].unique().tolist()
        raise ReportError(
            f"no channel has a quantity {quantity!r}", "there is nothing to draw", f"choose one of {known}"
        )
    return rows


def is_number(value: object) -> bool:
    """Whether it is a real number and no truth value."""
    return isinstance(value, Real) and not isinstance(value, bool)


def horizon(posterior: Posterior, asked: Any) -> float:
    """Give one horizon in weeks, refusing several and what cannot be counted in whole periods."""
    if not is_number(asked):
        raise ReportError(
            f"horizon_weeks={asked!r}",
            "one table or one chart shows one horizon",
            "use a number, such as horizon_weeks=52",
        )
    [weeks] = horizons(posterior, asked)
    return weeks


def horizons(posterior: Posterior, asked: Any) -> tuple[float, ...]:
    """Give the horizons in weeks, refusing what cannot be counted in whole periods."""
    found = tuple(asked) if isinstance(asked, Iterable) and not isinstance(asked, str) else (asked,)
    period = posterior.data.weeks_per_period
    for weeks in found:
        if not (is_number(weeks) and 0 < weeks <= MAX_HORIZON_WEEKS and whole_periods(weeks, period)):
            raise ReportError(
                f"horizon_weeks={weeks!r} with {posterior.data.frequency} data",
                "returns are counted in whole periods after the spend; under another label they would mislead",
                f"use multiples of {period:.3g} weeks (one period of these data) up to {MAX_HORIZON_WEEKS}",
            )
    if not found:
        raise ReportError(
            "horizon_weeks is empty", "a return has no meaning without a horizon", "name one, such as horizon_weeks=52"
        )
    return found


def window_of(posterior: Posterior, window: tuple[Any, Any] | None) -> Window:
    """Give the rows of a window of dates, refusing one that holds no period or reaches beyond the data."""
    dates = posterior.data.dates
    if window is None:
        return 0, len(dates)
    try:
        first, last = (pd.Timestamp(edge) for edge in window)
        if pd.isna(first) or pd.isna(last):
            raise ValueError("an edge is missing")
        start, stop = window_rows(dates, first, last)
    except (TypeError, ValueError) as error:
        raise ReportError(
            f"window={window!r}: {error}",
            "the spend to judge is not defined",
            'give two dates, window=("2026-07-01", "2026-09-30")',
        ) from None
    if stop <= start:
        raise ReportError(
            f"no period begins between {first:%Y-%m-%d} and {last:%Y-%m-%d}",
            "there is no spend to judge",
            f"the data run from {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}",
        )
    length = pd.Timedelta(weeks=posterior.data.weeks_per_period) if posterior.data.frequency != "monthly" else _MONTH
    if first <= dates[0] - length or last >= dates[-1] + length:
        raise ReportError(
            f"the window {first:%Y-%m-%d} to {last:%Y-%m-%d} reaches beyond the data, whose periods begin from "
            f"{dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}",
            "part of the spend would be left out, and the rest reported under the window's name",
            "cut the window to the data, or bring the data up to date",
        )
    return start, stop
