"""Titles that are sentences: what a chart or a table shows, with its interval, for a slide or a section.

A reader who sees nothing else must not go wrong by them: they give the interval before the median, and name what it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from mmm import schema
from mmm.refreshing.sentences import brought
from mmm.reporting.tables import row_of
from mmm.returns import Valuation
from mmm.words import interval, listed, money_interval, payback_interval, percent

__all__ = [
    "cases_headline",
    "customers_headline",
    "drift_headline",
    "evidence_headline",
    "forecast_headline",
    "ledger_headline",
    "media_headline",
    "parts_headline",
    "payback_headline",
    "roi_headline",
]

#: Prior reliance above which the data told little.
HARDLY_TOLD = 0.8


def roi_headline(row: pd.Series, *, valuation: Valuation, prob: float, known_as: str = "") -> str:
    """What a channel, or all together, returned per unit of spend within a horizon.

    Parameters
    ----------
    row : Series
        Of :meth:`mmm.Report.roi`.
    valuation : Valuation
    prob : float
        Of the interval.
    known_as : str
        What the channel is beside its name: "the largest spend".

    Examples
    --------
    >>> report = mmm.Report(posterior)
    >>> row = report.roi(horizon_weeks=52).iloc[0]
    >>> roi_headline(row, valuation=report.valuation, prob=0.9)
    'tv returned ... to ... per GBP spent within 52 weeks (90%)'
    """
    if not row["spend"] > 0:
        return f"Nothing was spent on {_everything(row) or row[schema.CHANNEL]}"
    name = schema.ROI if valuation.is_money else schema.OUTCOME_PER_SPEND
    ends = interval(row[f"{name}_lower"], row[f"{name}_upper"])
    per = f"per {valuation.unit} spent" if valuation.is_money else valuation.label
    who = f"{_subject(row)}, {known_as}," if known_as else _subject(row)
    return f"{who} returned {ends} {per} within {row[schema.HORIZON]:g} weeks ({100 * prob:g}%)"


def payback_headline(row: pd.Series, *, prob: float) -> str:
    """When the money spent on a channel, or on all, is back.

    Parameters
    ----------
    row : Series
        Of :meth:`mmm.Report.payback`.
    prob : float
        Of the interval.
    """
    who = _everything(row) or row[schema.CHANNEL]
    lower, upper = row["payback_lower"], row["payback_upper"]
    if math.isnan(lower):
        return f"Nothing was spent on {who}"
    if math.isinf(lower):
        return f"The money spent on {who} does not come back within ten years ({100 * prob:g}%)"
    if math.isinf(upper):
        soonest = payback_interval(lower, lower)
        return f"The money spent on {who} may be back after {soonest}, or never ({100 * prob:g}%)"
    return f"The money spent on {who} is back after {payback_interval(lower, upper)} ({100 * prob:g}%)"


def ledger_headline(row: pd.Series, *, valuation: Valuation, prob: float) -> str:
    """What of the return of the window's spend lands after the data.

    Parameters
    ----------
    row : Series
        Of :meth:`mmm.Report.ledger`.
    valuation : Valuation
    prob : float
        Of the interval.
    """
    lower, upper = row["carry_out_lower"], row["carry_out_upper"]
    if valuation.is_money:
        ends = money_interval(lower, upper, currency=valuation.unit)
    else:
        ends = f"{money_interval(lower, upper, currency='').strip()} {valuation.unit}"
    return f"{ends} of what this spend returns is still to come ({100 * prob:g}%)"


def media_headline(row: pd.Series, *, outcome: str, prob: float) -> str:
    """What share of the outcome media brought.

    Parameters
    ----------
    row : Series
        ``media_share`` of :meth:`mmm.Report.evidence`.
    outcome : str
        Its name.
    prob : float
        Of the interval.
    """
    ends = f"{percent(row['posterior_lower'])} to {percent(row['posterior_upper'])}"
    return f"Media brought {ends} of {outcome} ({100 * prob:g}%)"


def customers_headline(row: pd.Series, *, prob: float) -> str:
    """What the customers that a channel won, or all, are worth against what they cost.

    Parameters
    ----------
    row : Series
        Of :meth:`mmm.Report.ltv_cac`.
    prob : float
        Of the interval.
    """
    who = _everything(row) or row[schema.CHANNEL]
    if math.isnan(row["ltv_cac"]):
        return f"Nothing was spent on {who}"
    ends = interval(row["ltv_cac_lower"], row["ltv_cac_upper"])
    return f"The customers won by {who} are worth {ends} times what they cost ({100 * prob:g}%)"


def evidence_headline(rows: pd.DataFrame, *, prob: float) -> str:
    """Of which channel's return the data told most: what was assumed of it, and what remains.

    Parameters
    ----------
    rows : DataFrame
        Of :meth:`mmm.Report.evidence`: one quantity of every channel that has it.
    prob : float
        Of the intervals.
    """
    row = rows.sort_values("prior_reliance").iloc[0]
    before, after = (interval(row[f"{side}_lower"], row[f"{side}_upper"]) for side in ("prior", "posterior"))
    told = "The data told little of any return: of" if row["prior_reliance"] > HARDLY_TOLD else "The data told most of"
    return f"{told} {row[schema.CHANNEL]}, {before} was assumed and {after} remains ({100 * prob:g}%)"


def drift_headline(table: pd.DataFrame, channel: str, *, prob: float) -> str:
    """Which returns moved by more than new weeks explain, and what became of the answer.

    Parameters
    ----------
    table : DataFrame
        Of :meth:`mmm.Refresh.drift`.
    channel : str
        Whose return is the answer: ``total``, or the one channel.
    prob : float
        Of the intervals.
    """
    moved = [f"{_everything(row) or row[schema.CHANNEL]} ({row['flag']})" for _, row in table.iterrows()
             if row["flag"] in ("amber", "red")]  # fmt: skip
    row = row_of(table, channel)
    before, now = (interval(row[f"{side}_lower"], row[f"{side}_upper"]) for side in ("old", "new"))
    said = f"{listed(moved)} moved" if moved else "Nothing moved"
    return (
        f"{said} by more than new weeks explain; {_everything(row) or channel} returned {now}, where the last fit said "
        f"{before} ({100 * prob:g}%)"
    )


def forecast_headline(checked: pd.DataFrame, *, verdict: str) -> str:
    """Which channels changed in the new periods, where there is evidence; otherwise whether the forecast held.

    Parameters
    ----------
    checked : DataFrame
        Of :meth:`mmm.ForecastCheck.by_channel`.
    verdict : str
        Of the same check.

    Examples
    --------
    >>> checked = pd.DataFrame({"channel": ["tv"], "times": [0.45], "times_lower": [0.2], "times_upper": [0.7],
    ...     "flag": ["red"]})
    >>> verdict = "The 90% interval of the last forecast held 12 of 13 new periods; 12 were to be expected."
    >>> forecast_headline(checked, verdict=verdict)
    'tv brought 0.45 (90%: 0.20 to 0.70) times what the last fit expected of it'
    >>> forecast_headline(checked.assign(flag="amber"), verdict=verdict)
    'The 90% interval of the last forecast held 12 of 13 new periods'
    """
    changed = checked[checked["flag"] == "red"]
    if changed.empty:
        return verdict.split("; ")[0]
    if len(changed) > 1:
        return f"{listed(list(changed[schema.CHANNEL]))} did not bring what the last fit expected of them"
    [row] = changed.to_dict("records")
    return brought(row)


def parts_headline(parts: pd.DataFrame, channel: str, *, reasons: Mapping[str, str]) -> str:
    """By how much the answer moved, and why.

    Parameters
    ----------
    parts : DataFrame
        Of :func:`mmm.refreshing.sentences.signed_parts`.
    channel : str
        Whose return is the answer: ``total``, or the one channel.
    reasons : mapping
        How each part is spoken of, by its column.

    Examples
    --------
    >>> parts = pd.DataFrame({"channel": ["tv"], "restated": ["-0.14"], "new_weeks": ["+0.18"], "total": ["+0.05"]})
    >>> parts_headline(parts, "tv", reasons={"restated": "from restated history", "new_weeks": "from 13 new weeks"})
    'The median of tv moved by +0.05: -0.14 from restated history and +0.18 from 13 new weeks'
    """
    row = row_of(parts, channel)
    moved = f"moved by {row['total']}" if row["total"] else "stayed where it was"
    due = [f"{row[part]} {why}" for part, why in reasons.items() if row[part]]
    return f"The median of {_everything(row) or channel} {moved}{f': {listed(due)}' if due else ''}"


def cases_headline(table: pd.DataFrame, channel: str, *, valuation: Valuation, prob: float) -> str:
    """What the answer is under each case's assumption, within the longest horizon.

    Parameters
    ----------
    table : DataFrame
        Of :meth:`mmm.Comparison.table`.
    channel : str
        Whose return is the answer: ``total``, or the one channel.
    valuation : Valuation
    prob : float
        Of the intervals.
    """
    name = schema.ROI if valuation.is_money else schema.OUTCOME_PER_SPEND
    weeks = table[schema.HORIZON].max()
    rows = table[(table[schema.CHANNEL] == channel) & (table[schema.HORIZON] == weeks)]
    cases = [f"{row['case']} {interval(row[f'{name}_lower'], row[f'{name}_upper'])}" for _, row in rows.iterrows()]
    who = _subject(rows.iloc[0])
    return f"{who} within {weeks:g} weeks, by what is assumed: {listed(cases)} ({100 * prob:g}%)"


def _everything(row: pd.Series) -> str:
    return "all channels together" if row[schema.CHANNEL] == schema.TOTAL else ""


def _subject(row: pd.Series) -> str:
    return _everything(row).capitalize() or str(row[schema.CHANNEL])
