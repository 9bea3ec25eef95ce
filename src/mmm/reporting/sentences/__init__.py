"""All prose of a report: the verdict in words, and what limits it.

Every number that a sentence names is read from the tables or the draws; every warning ends with something to do.
"""

from mmm.reporting.sentences.headlines import (
    cases_headline,
    customers_headline,
    drift_headline,
    evidence_headline,
    ledger_headline,
    media_headline,
    payback_headline,
    roi_headline,
)
from mmm.reporting.sentences.limits import warnings
from mmm.reporting.sentences.verdict import payback_words, verdict

__all__ = [
    "cases_headline",
    "customers_headline",
    "drift_headline",
    "evidence_headline",
    "ledger_headline",
    "media_headline",
    "payback_headline",
    "payback_words",
    "roi_headline",
    "verdict",
    "warnings",
]
