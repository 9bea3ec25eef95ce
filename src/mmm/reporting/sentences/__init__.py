"""All prose of a report: the verdict in words, and what limits it.

Every number that a sentence names is read from the tables or the draws; every warning ends with something to do.
"""

from mmm.reporting.sentences.absent import NO_BACKTEST, NO_DECOMPOSITION, NO_PRIORS
from mmm.reporting.sentences.headlines import (
    cases_headline,
    customers_headline,
    drift_headline,
    evidence_headline,
    forecast_headline,
    ledger_headline,
    media_headline,
    parts_headline,
    payback_headline,
    roi_headline,
)
from mmm.reporting.sentences.limits import warnings
from mmm.reporting.sentences.verdict import by_channel, how_to_read, payback_words, verdict

__all__ = [
    "NO_BACKTEST",
    "NO_DECOMPOSITION",
    "NO_PRIORS",
    "by_channel",
    "cases_headline",
    "customers_headline",
    "drift_headline",
    "evidence_headline",
    "forecast_headline",
    "how_to_read",
    "ledger_headline",
    "media_headline",
    "parts_headline",
    "payback_headline",
    "payback_words",
    "roi_headline",
    "verdict",
    "warnings",
]
