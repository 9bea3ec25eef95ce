"""What limits the answer on brand channels: how much of their long run is assumed, and what would measure it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmm import schema
from mmm.data import MarketingData
from mmm.model.brand import MEASURED_WEEKS
from mmm.posterior import Posterior
from mmm.reporting.basis import Basis
from mmm.reporting.tables import evidence_table, row_of, summarise
from mmm.returns import per_spend
from mmm.words import listed, percent, with_interval

__all__ = ["of_brand"]

#: Prior reliance of multiplier, slow share or slow half-life above which the long run is an assumption.
LONG_RUN_ASSUMED = 0.8
#: Slow half-lives of history below which the slow effect was not seen to fade.
HALF_LIVES_SEEN = 3.0
#: Coefficient of variation of spend below which nothing in it stands out from a moving baseline.
STEADY_SPEND = 0.3
#: Weeks of pause within which a slow effect begins to show, and the share of mean spend that still is a pause.
PAUSE_WEEKS, PAUSED = 8.0, 0.05
#: Correlation of slow stock and baseline above which only the priors tell them apart.
MOVES_WITH_BASELINE = 0.7
#: Sd of what the baseline's level wanders in a year, as a share of mean outcome, that is more than a market drifts.
WANDERS = 0.10
WEEKS_OF_YEAR = 365.25 / 7

#: What the long run is made of, in words.
LONG_RUN = {
    schema.LONG_RUN_MULTIPLIER: "multiplier",
    schema.SLOW_SHARE: "slow share",
    schema.SLOW_HALF_LIFE: "slow half-life",
}


def of_brand(basis: Basis) -> list[str]:
    """Collect what applies to brand channels and to the tracker of their stock.

    Parameters
    ----------
    basis : Basis

    Returns
    -------
    list of str
    """
    posterior, brand = basis.posterior, list(basis.posterior.spec.brand)
    if not brand:
        return _undeclared(posterior, prob=basis.prob)
    data, spec = posterior.data, posterior.spec
    evidence = evidence_table(posterior, prob=basis.prob)
    found = []
    if assumed := [words for name in brand if (words := _assumed(basis, name, evidence))]:
        found.append(
            f"The long-run part is an assumption: {'; '.join(assumed)}. A 26-week dark test in half the regions would "
            "about halve its interval."
        )
    weeks = data.n_periods * data.weeks_per_period
    half_lives = [row_of(evidence, name, quantity=schema.SLOW_HALF_LIFE) for name in brand]
    if short := [row for row in half_lives if weeks < HALF_LIVES_SEEN * row["posterior"]]:
        found.append(
            f"{weeks:.0f} weeks of data are less than three slow half-lives, so that the slow effect was not seen to "
            f"fade; half-life in weeks: {_values(short, prob=basis.prob)}. Bring more history, or judge "
            "these channels at shorter horizons."
        )
    if not data.dataset.sizes[schema.HISTORY_DATE]:
        found.append(
            f"No spend before the data was given for {listed(brand)}: what still lands from it is assumed, and the "
            "baseline takes what is assumed wrongly. Give the spend of two slow half-lives before the data as history."
        )
    if steady := [f"{name} {reason}" for name in brand if (reason := _steady(data, name))]:
        found.append(
            "Without a pause in spend a slow effect looks like the baseline, and the long run rests on the prior: "
            f"{'; '.join(steady)}. Pause for a quarter, or in some regions, and the data will tell."
        )
    moves = [row_of(evidence, name, quantity=schema.BASELINE_CORRELATION) for name in brand]
    if alike := [row for row in moves if abs(row["posterior"]) > MOVES_WITH_BASELINE]:
        found.append(
            "The slow stock moves with the baseline's level, so that a slow effect and a drifting base explain the "
            f"same weeks and only the priors tell them apart; correlation: {_values(alike, prob=basis.prob)}. See with "
            "compare_baselines what is left under other ones."
        )
    if spec.tracker is not None and spec.tracker.value_per_point is not None:
        found.append(
            f"What a point of {data.description.tracker} sells was stated and not learnt, so that whatever moves it "
            "along with media, be it PR or product, is read as media's doing. Fit again without value_per_point and "
            "compare."
        )
    return found


def _undeclared(posterior: Posterior, *, prob: float) -> list[str]:
    """Say that a base that wanders may hold what media do over months, where no channel may have such an effect."""
    if schema.TAU not in posterior.draws.parameters:
        return []
    yearly = 100 * np.sqrt(WEEKS_OF_YEAR) * posterior.draws.parameters[schema.TAU]
    median, lower, upper = map(float, summarise(yearly, prob=prob))
    if median <= 100 * WANDERS:
        return []
    return [
        f"The baseline wanders by {with_interval(median, lower, upper, prob=prob)} percent of the outcome a year, for "
        "reasons that the model does not know, and no channel is declared as brand: what advertising does over months "
        "would be part of that, and of no ROI here. Declare the channels that build awareness with brand=, and give "
        "what else moves the base as a control."
    ]


def _assumed(basis: Basis, name: str, evidence: pd.DataFrame) -> str:
    """Say how much of a channel's return is its long-run part, where that is an assumption; else nothing."""
    horizon = basis.posterior.spec.horizon_weeks
    relied = {
        words: float(row_of(evidence, name, quantity=quantity)["prior_reliance"])
        for quantity, words in LONG_RUN.items()
    }
    if horizon <= MEASURED_WEEKS or max(relied.values()) <= LONG_RUN_ASSUMED:
        return ""
    money = basis.valuation.is_money
    returns, *_ = basis.returns((float(MEASURED_WEEKS), horizon))
    ratio = per_spend(returns, "money" if money else "incremental_outcome").sel({schema.CHANNEL: name})
    if ratio.isnull().any():  # nothing was spent in the window
        return ""
    whole = ratio.sel({schema.HORIZON: horizon})
    later = whole - ratio.sel({schema.HORIZON: MEASURED_WEEKS})
    part, of = (
        with_interval(*map(float, summarise(draws, prob=basis.prob)), prob=basis.prob) for draws in (later, whole)
    )
    unit = "ROI" if money else basis.valuation.label
    return (
        f"{part} of the {unit} of {of} that {name} has within {horizon:g} weeks comes after week {MEASURED_WEEKS} "
        f"(prior reliance: {', '.join(f'{words} {percent(share)}' for words, share in relied.items())})"
    )


def _values(rows: list[pd.Series], *, prob: float) -> str:
    """Posterior of one quantity for some channels, from their rows of the evidence."""
    edges = ("posterior", "posterior_lower", "posterior_upper")
    return "; ".join(f"{row['channel']} {with_interval(*(row[edge] for edge in edges), prob=prob)}" for row in rows)


def _steady(data: MarketingData, name: str) -> str:
    """Say why a channel's plan hides a slow effect; nothing where it does not."""
    driver = data.dataset[schema.DRIVER].sel({schema.CHANNEL: name}).values[0]
    variation = driver.std() / driver.mean()
    reasons = []
    if variation < STEADY_SPEND:
        reasons.append(f"hardly varied (coefficient of variation {variation:.2f})")
    if _longest_run(driver <= PAUSED * driver.mean()) * data.weeks_per_period < PAUSE_WEEKS:
        reasons.append(f"never paused for {PAUSE_WEEKS:g} weeks")
    return " and ".join(reasons)


def _longest_run(flags: np.ndarray) -> int:
    """Count the longest run of true values.

    Examples
    --------
    >>> _longest_run(np.array([True, False, True, True]))
    2
    """
    longest = current = 0
    for flag in flags:
        current = current + 1 if flag else 0
        longest = max(longest, current)
    return longest
