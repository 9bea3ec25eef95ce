"""Titles that are sentences: what a chart or a table shows, with its interval, for a slide or a section.

A reader who sees nothing else must not go wrong by them: they give the interval before the median, and name what it is.
"""

from __future__ import annotations

import math

import pandas as pd

from mmm import schema
from mmm.reporting.sentences.words import interval, money_interval, payback_interval, percent
from mmm.returns import Valuation

__all__ = ["ledger_headline", "media_headline", "payback_headline", "roi_headline"]


def roi_headline(row: pd.Series, *, valuation: Valuation, prob: float) -> str:
    """What a channel, or all together, returned per unit of spend within a horizon.

    Parameters
    ----------
    row : Series
        Of :meth:`mmm.Report.roi`.
    valuation : Valuation
    prob : float
        Of the interval.

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
    return f"{_subject(row)} returned {ends} {per} within {row[schema.HORIZON]:g} weeks ({100 * prob:g}%)"


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
    ends = money_interval(row["carry_out_lower"], row["carry_out_upper"], currency=valuation.unit)
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


def _everything(row: pd.Series) -> str:
    return "all channels together" if row[schema.CHANNEL] == schema.TOTAL else ""


def _subject(row: pd.Series) -> str:
    return _everything(row).capitalize() or str(row[schema.CHANNEL])
