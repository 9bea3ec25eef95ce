"""The verdict in words: what each channel returned and when, what of it is assumed, and what it is worth.

Every number comes from the report's own tables, so that a sentence can never say something else than they do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from mmm import schema
from mmm.model.brand import MEASURED_WEEKS
from mmm.reporting.tables import row_of
from mmm.returns import Economics, Valuation
from mmm.words import chance, money, payback_weeks, percent, with_interval

if TYPE_CHECKING:
    from mmm.reporting.report_tables import ReportTables

__all__ = ["by_channel", "how_to_read", "payback_words", "verdict"]

#: Weeks by which the chance of having paid back is said.
BY_WEEKS = 52

#: Share from which all of a return has landed, in whole percent.
ALL_LANDED = 0.995


@dataclass(frozen=True)
class _Pronoun:
    """How a channel, or all of them, are spoken of."""

    name: str
    it: str = "it"
    its: str = "its"
    pays: str = "pays"
    has: str = "has"
    wins: str = "wins"


_TOGETHER = _Pronoun("All channels together", it="they", its="their", pays="pay", has="have", wins="win")


def verdict(report: ReportTables, *, valuation: Valuation) -> tuple[str, ...]:
    """Say what a report's tables say: brand channels first, then the others, then all together.

    Parameters
    ----------
    report : ReportTables
    valuation : Valuation
        In which the report counts.

    Returns
    -------
    tuple of str
        One paragraph per channel, one for all channels together, and one on how to read them; before them what is
        wrong with a fit that failed its checks.
    """
    failed = () if report.posterior.ok else (report.posterior.diagnosis.verdict,)
    return (*failed, *by_channel(report, valuation=valuation).values(), how_to_read(report, valuation=valuation))


def by_channel(report: ReportTables, *, valuation: Valuation) -> dict[str, str]:
    """The paragraphs of the verdict by channel, ``total`` last where there are several.

    Parameters
    ----------
    report : ReportTables
    valuation : Valuation
        In which the report counts.
    """
    spec, stated = report.posterior.spec, report.economics
    horizons = tuple(sorted({min(MEASURED_WEEKS, spec.horizon_weeks), spec.horizon_weeks}))
    roi, evidence = report.roi(horizon_weeks=horizons), report.evidence()
    payback = report.payback() if valuation.is_money else None
    customers = report.ltv_cac() if stated and stated.customer_value is not None else None
    channels = [*spec.brand, *(name for name in spec.channels if name not in spec.brand)]
    paragraphs = {}
    for name in [*channels, schema.TOTAL] if len(channels) > 1 else channels:
        rows = [row_of(roi, name, horizon_weeks=weeks) for weeks in horizons]
        if not rows[0]["spend"] > 0:
            paragraphs[name] = f"Nothing was spent on {'any channel' if name == schema.TOTAL else name}."
            continue
        who = _TOGETHER if name == schema.TOTAL else _Pronoun(name)
        said = [_returned(who.name, rows if name in spec.brand else rows[-1:], valuation=valuation, prob=report.prob)]
        if name in spec.brand and spec.horizon_weeks > MEASURED_WEEKS:
            relied = row_of(evidence, name, quantity=schema.LONG_RUN_MULTIPLIER)["prior_reliance"]
            assumed = round(100 * relied)
            said.append(f"; of the long-run part, {assumed}% is assumption and {100 - assumed}% is evidence")
        said.append(".")
        if payback is not None:
            row = row_of(payback, name)
            said.append(f" {payback_words(row, who=who, valuation=valuation, prob=report.prob)}")
            if stated is not None:
                said.append(_worth(rows[-1], row, who, valuation=valuation, prob=report.prob, stated=stated))
        if customers is not None:
            said.append(_customers(row_of(customers, name), who, prob=report.prob))
        paragraphs[name] = "".join(said)
    return paragraphs


def how_to_read(report: ReportTables, *, valuation: Valuation) -> str:
    """Which spend was judged, in what money, and what an interval means."""
    start, stop = report.posterior.data.dates[[0, -1]] if report.window is None else map(pd.Timestamp, report.window)
    what = f"{valuation.label}, 1 being break-even" if valuation.is_money else valuation.label
    if valuation.label == "revenue ROI":
        what = "revenue ROI: no margin was stated, so that 1 is money taken and not money earned"
    return (
        f"Returns of the spend of {start:%Y-%m-%d} to {stop:%Y-%m-%d}, {what}; ({100 * report.prob:g}%: a to b) means "
        f"that, given model and priors, it lies between a and b with {100 * report.prob:g}% probability."
    )


def payback_words(row: pd.Series, *, valuation: Valuation, prob: float, who: _Pronoun = _Pronoun("")) -> str:
    """Say when the money is back, and how likely it is back within a year.

    Parameters
    ----------
    row : Series
        Of :meth:`mmm.Report.payback`.
    valuation : Valuation
    prob : float
        Of the interval.
    who
        How the channel is spoken of; "it" by default.
    """
    weeks = payback_weeks(row["payback_weeks"], row["payback_lower"], row["payback_upper"], prob=prob)
    # without a margin it is sales that come back, not money that was earned
    start = f"In revenue {who.it} {who.pays}" if valuation.label == "revenue ROI" else f"{who.it} {who.pays}"
    start = start[0].upper() + start[1:]
    by_then = f"the probability that {who.it} {who.has} by {BY_WEEKS} weeks is {chance(row['prob_52w'])}."
    if math.isinf(row["payback_weeks"]):
        within = chance(1 - row["prob_never"])
        return f"{start} back within ten years in {within} of draws only: the median payback is {weeks}; {by_then}"
    return f"{start} back after {weeks}; {by_then}"


def _returned(subject: str, rows: list[pd.Series], *, valuation: Valuation, prob: float) -> str:
    """What the spend returned within each horizon, and how much of the last has landed."""
    name = schema.ROI if valuation.is_money else schema.OUTCOME_PER_SPEND
    parts = []
    for i, row in enumerate(rows):
        number = with_interval(
            row[name],
            row[f"{name}_lower"],
            row[f"{name}_upper"],
            prob=None if i else prob,
            unit="" if valuation.is_money or i else valuation.label,
            reliance=row["prior_reliance"],
        )
        parts.append(f"{number} within {row[schema.HORIZON]:g}{'' if i else ' weeks'}")
    landed = rows[-1]["share_landed"]
    if math.isnan(landed):  # spend without exposure in the window: it bought nothing that could land
        return f"{subject} returned {' and '.join(parts)}"
    share = "all" if landed >= ALL_LANDED else percent(landed)
    return f"{subject} returned {' and '.join(parts)}, of which {share} has landed"


def _worth(
    row: pd.Series, payback: pd.Series, who: _Pronoun, *, valuation: Valuation, prob: float, stated: Economics
) -> str:
    """What is left of the return after its cost, as it lands and in today's money."""
    profit, worth = (
        money(at[name], at[f"{name}_lower"], at[f"{name}_upper"], prob=label, currency=valuation.unit)
        for at, name, label in ((row, "profit", prob), (payback, "npv", None))
    )
    what = "revenue less cost" if valuation.label == "revenue ROI" else "profit"
    return (
        f" {who.its.capitalize()} {what} within {row[schema.HORIZON]:g} weeks is {profit}, a net present value of "
        f"{worth} at {100 * stated.discount_rate:g}% a year."
    )


def _customers(row: pd.Series, who: _Pronoun, *, prob: float) -> str:
    ratio = with_interval(row["ltv_cac"], row["ltv_cac_lower"], row["ltv_cac_upper"], prob=prob)
    return (
        f" The customers {who.it} {who.wins} are worth {ratio} times what they cost (LTV to CAC, all costs loaded); "
        f"the probability that it is 3 or more is {chance(row['prob_above_three'])}."
    )
