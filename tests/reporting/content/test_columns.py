"""Every column that leaves the library is of a kind that documents know, and has a name people use."""

import pandas as pd
import pytest

from mmm import schema
from mmm.reporting.content import Kind, heading, kind_of

NUMBERS = pd.Series([0.5])


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("roi_upper", Kind.RATIO),
        ("spend", Kind.MONEY),
        ("carry_out_lower", Kind.WORTH),
        ("incremental_outcome", Kind.AMOUNT),
        ("prob_never", Kind.SHARE),
        ("payback_lower", Kind.WEEKS),
        ("prior_reliance", Kind.SHARE),
        ("effect_share_lower", Kind.SHARE),
        ("prob_above_spend_share", Kind.SHARE),
        ("amount_upper", Kind.AMOUNT),
        ("expected", Kind.AMOUNT),
        ("expected_lower", Kind.SHARE),  # of the coverage that is due
        ("z", Kind.NUMBER),
    ],
)
def test_kinds_go_by_name(column, kind):
    assert kind_of(column, NUMBERS) is kind


def test_text_flags_and_dates_go_by_type():
    assert kind_of("roi", pd.Series(["a"])) is Kind.TEXT
    assert kind_of("ok", pd.Series([True])) is Kind.TEXT
    assert kind_of("date", pd.Series(pd.to_datetime(["2025-01-06"]))) is Kind.DATE


@pytest.mark.parametrize(
    "columns", [schema.ROI_COLUMNS, schema.PAYBACK_COLUMNS, schema.LEDGER_COLUMNS, schema.LTV_CAC_COLUMNS]
)
def test_no_column_of_the_money_tables_is_of_unknown_kind(columns):
    assert [name for name in columns[1:] if kind_of(name, NUMBERS) is Kind.NUMBER] == []


def test_headings_differ_within_a_table():
    for columns in (schema.ROI_COLUMNS, schema.PAYBACK_COLUMNS, schema.LEDGER_COLUMNS, schema.DRIFT_COLUMNS):
        assert len({heading(name) for name in columns}) == len(columns)
