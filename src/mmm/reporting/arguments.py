"""What a report is asked for, checked: horizons, windows, probabilities, and what it is made from."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from mmm import schema
from mmm.errors import ConvergenceError, ReportError
from mmm.posterior import Posterior
from mmm.returns import Economics
from mmm.returns.asked import check_prob, horizons, is_number, window_of

__all__ = [
    "check_channel",
    "check_economics",
    "check_posterior",
    "check_prob",
    "check_shares",
    "check_spend",
    "check_tracker",
    "horizon",
    "horizons",
    "is_number",
    "rows_of",
    "window_of",
    "with_customer_value",
]


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


def check_shares(table: pd.DataFrame) -> None:
    """Refuse shares of nothing."""
    if table["spend_share"].isna().any():
        raise ReportError(
            "nothing was spent on any channel in the window",
            "there is nothing to share out",
            "choose a window in which some channel was on air",
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


def horizon(posterior: Posterior, asked: Any) -> float:
    """Give one horizon in weeks, refusing several and what cannot be counted in whole periods."""
    if not is_number(asked):
        raise ReportError(
            f"horizon_weeks={asked!r}",
            "one table or one chart shows one horizon",
            "use a number, such as horizon_weeks=52",
        )
    [weeks] = horizons(posterior.data, asked)
    return weeks
