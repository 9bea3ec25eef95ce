"""Payback, ledger and lifetime value, the other tables of `reporting/tables.py`, against the draws they are made of."""

import numpy as np
import pytest
import xarray as xr

import mmm
from mmm import schema
from mmm.reporting.tables import payback_table
from mmm.returns import acquisition_draws, ledger_draws, payback_draws
from tests.conftest import N_WEEKS, build_data, build_posterior

CHANNELS = ["tv", "video", "radio"]
ROWS = [*CHANNELS, "total"]
DIMS = ("chain", "draw")


# --- payback ----------------------------------------------------------------------------------------------------------


def waits(*weeks):
    """Payback draws of one channel."""
    draws = xr.DataArray(
        np.array(weeks, dtype=float)[None, :, None], dims=(*DIMS, "channel"), coords={"channel": ["tv"]}
    )
    return xr.Dataset({"payback_weeks": draws, "npv": 0 * draws.where(np.isfinite(draws), 0)})


@pytest.mark.parametrize(
    ("weeks", "median", "lower", "upper", "never"),
    [
        ((1, 2, 3, 4, 5), 3, 2, 4, 0.0),
        ((1, 2, 3, np.inf, np.inf), 3, 2, np.inf, 0.4),
        ((1, 2, np.inf, np.inf, np.inf), np.inf, 2, np.inf, 0.6),
        ((1, 2, np.inf, np.inf), 2, 1, np.inf, 0.5),  # as likely as not: the median is still a number of weeks
        ((np.inf,) * 4, np.inf, np.inf, np.inf, 1.0),
        ((np.nan,) * 4, np.nan, np.nan, np.nan, np.nan),
    ],
)
def test_quantiles_of_payback_are_draws_and_never_lies_beyond_them_all(weeks, median, lower, upper, never):
    row = payback_table(waits(*weeks), weeks_per_period=1.0, prob=0.5).iloc[0]
    found = row[["payback_weeks", "payback_lower", "payback_upper", "prob_never"]].tolist()
    np.testing.assert_array_equal(found, [median, lower, upper, never])


def test_probabilities_of_payback_count_draws(posterior):
    table = mmm.Report(posterior).payback().set_index("channel")
    draws = payback_draws(posterior.draws, horizon_weeks=104)["payback_weeks"]
    for name in ROWS:
        weeks = draws.sel(channel=name).values
        for horizon in (13, 26, 52, 104, 156):
            assert table.loc[name, f"prob_{horizon}w"] == np.mean(weeks <= horizon)
        assert table.loc[name, "prob_never"] == np.mean(np.isinf(weeks))
    roi = mmm.Report(posterior).roi().pivot(index="channel", columns="horizon_weeks", values="prob_above_one")
    np.testing.assert_allclose(table[["prob_13w", "prob_52w"]], roi.loc[table.index, [13, 52]])


def test_months_count_as_a_quarter_when_three_of_them_are_over():
    monthly, _ = mmm.simulate.world(seed=1, n_periods=40, frequency="monthly", n_channels=2)
    report = mmm.Report(build_posterior(monthly))
    table, roi = report.payback(), report.roi(horizon_weeks=(13, 26, 52, 104))
    by_horizon = roi.pivot(index="channel", columns="horizon_weeks", values="prob_above_one").loc[table["channel"]]
    np.testing.assert_allclose(table[["prob_13w", "prob_26w", "prob_52w", "prob_104w"]], by_horizon)


def test_npv_is_discounted_at_the_rate_of_the_economics(posterior):
    at = {rate: mmm.Report(posterior, economics=mmm.Economics(discount_rate=rate)) for rate in (0.0, 0.1)}
    roi = at[0.0].roi(horizon_weeks=52)
    np.testing.assert_allclose(at[0.0].payback(horizon_weeks=52)["npv"], roi["profit"], rtol=1e-9, atol=1e-6)
    draws = payback_draws(posterior.draws, horizon_weeks=52, discount_rate=0.1)["npv"]
    found = at[0.1].payback(horizon_weeks=52)
    np.testing.assert_allclose(found["npv"], draws.median(DIMS))
    np.testing.assert_allclose(found["npv_upper"], draws.quantile(0.95, DIMS))
    assert at[0.1].payback(horizon_weeks=52)["payback_weeks"].equals(at[0.0].payback()["payback_weeks"])


# --- ledger -----------------------------------------------------------------------------------------------------------


def test_the_ledger_adds_up_in_the_table_too(posterior):
    table = mmm.Report(posterior, window=("2023-12-04", "2024-02-19")).ledger().set_index("channel")
    np.testing.assert_allclose(table["in_window"] + table["carry_out"], table["cohort_total"], rtol=1e-12)
    parts = ["carry_in", "in_window", "carry_out", "cohort_total", "spend"]
    np.testing.assert_allclose(table.loc[CHANNELS, parts].sum(), table.loc["total", parts], rtol=1e-12)
    draws = ledger_draws(posterior.draws, window=(48, N_WEEKS))
    for name in ROWS:
        for part in parts[:-1]:
            values = draws[part].sel(channel=name).values
            found = table.loc[name, [part, f"{part}_lower", f"{part}_upper"]].tolist()
            assert found == pytest.approx([values.mean(), *np.quantile(values, [0.05, 0.95])], rel=1e-12)
        share = (draws["to_come"] / draws["cohort_total"]).sel(channel=name)
        assert table.loc[name, "share_to_come"] == pytest.approx(float(share.mean()), rel=1e-12)


def test_without_spend_only_what_came_before_lands(posterior):
    table = mmm.Report(posterior, window=("2023-02-13", "2023-03-06")).ledger().set_index("channel")
    assert table.loc["tv", ["in_window", "carry_out", "cohort_total", "spend"]].tolist() == [0, 0, 0, 0]
    assert table.loc["tv", "carry_in"] > 0
    assert np.isnan(table.loc["tv", "share_to_come"])


# --- lifetime value ---------------------------------------------------------------------------------------------------


def test_ltv_to_cac_is_quantiles_of_draws():
    posterior = build_posterior(build_data(outcome="orders"))
    economics = mmm.Economics(customer_value=60.0, customer_value_sd=20.0, acquisition_cost=0.25)
    report = mmm.Report(posterior, economics=economics, prob=0.8)
    table = report.ltv_cac(horizon_weeks=26)
    assert tuple(table.columns) == schema.LTV_CAC_COLUMNS
    assert table["channel"].tolist() == ROWS
    assert table.columns.name == "LTV to CAC in GBP, customers within 26 weeks; 80% equal-tailed credible intervals"
    draws = acquisition_draws(posterior.draws, economics=economics, horizon_weeks=26)
    for name, row in table.set_index("channel").iterrows():
        for column in ("incremental_customers", "cac", "ltv", "ltv_cac", "break_even_cpa"):
            values = draws[column].sel(channel=name).values
            found = row[[column, f"{column}_lower", f"{column}_upper"]].tolist()
            assert found == pytest.approx(np.quantile(values, [0.5, 0.1, 0.9]), rel=1e-12)
        ratio = draws["ltv_cac"].sel(channel=name).values
        assert row["prob_above_one"] == np.mean(ratio > 1)
        assert row["prob_above_three"] == np.mean(ratio > 3)
    np.testing.assert_allclose(table["acquisition_cost"], 1.25 * table["spend"])
