"""What the columns of tables hold, and what people call them: one owner for page, deck and workbook."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import pandas as pd

from mmm import schema

__all__ = ["Kind", "base_of", "heading", "kind_of", "without_ends"]


class Kind(StrEnum):
    """What the numbers of a column are.

    ``WORTH`` is money where the outcome has a money value and units of the outcome where it has none; ``AMOUNT`` is
    always in units of the outcome.
    """

    MONEY = "money"
    WORTH = "worth"
    AMOUNT = "amount"
    RATIO = "ratio"
    SHARE = "share"
    WEEKS = "weeks"
    COUNT = "count"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


_KINDS: dict[Kind, tuple[str, ...]] = {
    Kind.MONEY: ("spend", "profit", "npv", "acquisition_cost", "cac", "ltv", "break_even_cpa"),
    Kind.WORTH: ("carry_in", "in_window", "carry_out", "cohort_total"),
    Kind.AMOUNT: ("incremental_outcome", "incremental_customers", "contribution", "amount", "expected"),
    Kind.RATIO: (
        *("roi", "mroi", "outcome_per_spend", "marginal_outcome_per_spend", "ltv_cac", "times", "bayes_factor"),
        *(schema.DRIFT_COLUMNS[1], schema.DRIFT_COLUMNS[4], *schema.DECOMPOSITION_COLUMNS[1:]),
    ),
    Kind.SHARE: (
        "prior_reliance",
        "share_landed",
        "share_to_come",
        "overlap",
        "coverage",
        "expected_lower",
        "expected_upper",
        "share",
        "covered",
        "largest_change",
        "bias",
        "mape",
        "skill",
        "spend_share",
        "effect_share",
        "power",
    ),
    Kind.WEEKS: ("horizon_weeks", "payback_weeks", "payback", "weeks_ahead"),
    Kind.COUNT: ("periods", "worlds"),
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names}

_HEADINGS = {
    "roi": "ROI",
    "mroi": "mROI",
    "npv": "net present value",
    "cac": "CAC",
    "ltv": "LTV",
    "ltv_cac": "LTV to CAC",
    "break_even_cpa": "break-even CPA",
    "horizon_weeks": "within weeks",
    "payback_weeks": "payback (weeks)",
    "prob_above_one": "P(ROI > 1)",
    "prob_above_one_old": "P(ROI > 1) before",
    "prob_above_spend_share": "P(above spend share)",
    "prob_above_three": "P(LTV to CAC > 3)",
    "prob_never": "P(never)",
    "spend_share": "share of spend",
    "effect_share": "share of effect",
    "share_landed": "landed",
    "share_to_come": "still to come",
    "cohort_total": "whole return",
    "in_window": "in the window",
    "old": "last fit",
    "new": "this fit",
    "new_weeks": "new weeks",
    "monte_carlo": "Monte Carlo",
    "bayes_factor": "Bayes factor",
    "crps": "CRPS",
    "crps_naive": "CRPS of the naive forecast",
    "mape": "MAPE",
}


def base_of(column: str) -> str:
    """Name of the column whose interval a column is an end of; of any other column its own.

    Examples
    --------
    >>> base_of("roi_lower"), base_of("roi")
    ('roi', 'roi')
    """
    return column.removesuffix("_lower").removesuffix("_upper")


def without_ends(columns: Sequence[str]) -> list[str]:
    """Leave out the ends of intervals, which stand in the cell of what they belong to.

    Examples
    --------
    >>> without_ends(["channel", "roi", "roi_lower", "roi_upper", "payback_weeks", "payback_lower", "payback_upper"])
    ['channel', 'roi', 'payback_weeks']
    """
    owners = {owner for name in columns for owner in (name, name.removesuffix("_weeks"))}
    return [name for name in columns if base_of(name) == name or base_of(name) not in owners]


def kind_of(column: str, values: pd.Series) -> Kind:
    """What a column holds: by its name where the name says it, else by its type.

    Examples
    --------
    >>> kind_of("roi_lower", pd.Series([0.1])).value, kind_of("prob_52w", pd.Series([0.3])).value
    ('ratio', 'share')
    >>> kind_of("flag", pd.Series(["red"])).value
    'text'
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return Kind.DATE
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return Kind.TEXT
    base = base_of(column)
    if base.startswith(("prob_", "coverage_", "covered_")):
        return Kind.SHARE
    return _KIND_OF.get(column, _KIND_OF.get(base, Kind.NUMBER))


def heading(column: str) -> str:
    """What people call a column.

    Examples
    --------
    >>> heading("roi"), heading("prob_52w"), heading("carry_out"), heading("roi_lower")
    ('ROI', 'P(by week 52)', 'carry out', 'ROI, lower')
    """
    base = base_of(column)
    if base != column:
        return f"{heading(base)}, {column.rsplit('_', 1)[1]}"
    if column.startswith("prob_") and column.endswith("w"):
        return f"P(by week {column[5:-1]})"
    return _HEADINGS.get(column, column.replace("_", " "))
