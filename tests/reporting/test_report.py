"""What a report refuses, and what every table of one carries whatever it is of."""

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm import schema
from mmm.errors import ConvergenceError, ReportError
from tests.conftest import build_data, build_posterior

TABLES = {"roi": {"horizon_weeks": 13}, "payback": {}, "ledger": {}, "contributions": {}, "evidence": {}}
COLUMNS = {
    "roi": schema.ROI_COLUMNS,
    "payback": schema.PAYBACK_COLUMNS,
    "ledger": schema.LEDGER_COLUMNS,
    "contributions": schema.CONTRIBUTION_COLUMNS,
    "evidence": schema.EVIDENCE_COLUMNS,
}


def table_of(report, name):
    return getattr(report, name)(**TABLES[name])


# --- windows, horizons, probabilities ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "message"),
    [
        (("2030-01-01", "2030-12-31"), r"no period begins between 2030-01-01 and 2030-12-31(.|\n)*the data run from"),
        (("2023-01-03", "2023-01-08"), "no period begins between"),
        (("2023-12-31", "2023-01-01"), "no period begins between"),
        (("soon", "later"), "window=.'soon', 'later'."),
        (("2023-13-01", "2023-14-01"), "give two dates"),
        (("2023-01-02",), "give two dates"),
        (("2023-01-02", "2023-02-06", "2023-03-06"), "give two dates"),
        ((None, "2023-05-01"), "an edge is missing"),
        (("2023-01-02", float("nan")), "an edge is missing"),
        (("2023-01-02T00:00Z", "2023-05-01T00:00Z"), "tz"),
        (7, "give two dates"),
    ],
)
def test_a_window_that_cannot_be_meant_is_refused(posterior, window, message):
    with pytest.raises(ReportError, match=message):
        mmm.Report(posterior, window=window)


def test_a_window_may_be_given_as_timestamps(posterior):
    texts = mmm.Report(posterior, window=("2023-03-06", "2023-05-29"))
    stamps = mmm.Report(posterior, window=(pd.Timestamp("2023-03-06"), pd.Timestamp("2023-05-29")))
    pd.testing.assert_frame_equal(texts.roi(horizon_weeks=13), stamps.roi(horizon_weeks=13))
    assert "spend of 2023-03-06 to 2023-05-29" in repr(texts)


@pytest.mark.parametrize("horizon", [0, -4, 0.5, 521, np.nan, np.inf, "52", None, [[13]], [13, 0]])
def test_a_horizon_that_cannot_be_counted_is_refused(posterior, horizon):
    with pytest.raises(
        ReportError, match=r"horizon_weeks=(.|\n)*multiples of 1 weeks \(one period of these data\) up to 520"
    ):
        mmm.Report(posterior).roi(horizon_weeks=horizon)


def test_no_horizon_is_refused(posterior):
    with pytest.raises(ReportError, match="horizon_weeks is empty"):
        mmm.Report(posterior).roi(horizon_weeks=[])


@pytest.mark.parametrize("prob", [0, 1, -0.1, 90, np.nan, "0.9", None])
def test_a_probability_that_is_none_is_refused(posterior, prob):
    with pytest.raises(ReportError, match=r"prob=(.|\n)*use for example prob=0.9"):
        mmm.Report(posterior, prob=prob)


def test_by_default_horizons_and_interval_are_those_of_the_schema(posterior):
    table = mmm.Report(posterior).roi()
    assert table["horizon_weeks"].unique().tolist() == list(schema.DEFAULT_HORIZONS)
    assert schema.interval_header(schema.DEFAULT_PROB) in table.columns.name


# --- what every table carries -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize(("prob", "words"), [(0.9, "90%"), (0.5, "50%"), (0.975, "97.5%")])
def test_the_header_names_the_interval(posterior, name, prob, words):
    header = table_of(mmm.Report(posterior, prob=prob), name).columns.name
    assert f"{words} equal-tailed credible intervals" in header


@pytest.mark.parametrize(
    ("roles", "label"),
    [({}, "revenue ROI"), ({"margin": 0.4}, "margin ROI"), ({"outcome": "orders"}, "orders per GBP")],
)
def test_the_header_names_what_is_returned(roles, label):
    report = mmm.Report(build_posterior(build_data(**roles), n_draws=20))
    assert table_of(report, "roi").columns.name.startswith(f"{label}; ")
    assert label in repr(report)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_plain_and_the_callers_own(posterior, name):
    report = mmm.Report(posterior)
    first = table_of(report, name)
    assert type(first) is pd.DataFrame
    assert tuple(first.columns) == COLUMNS[name]
    assert schema.WARNING_COLUMN not in first
    assert first.index.equals(pd.RangeIndex(len(first)))
    kept = first.copy()
    first.iloc[:, -1] = -1.0
    pd.testing.assert_frame_equal(table_of(report, name), kept)


@pytest.mark.parametrize(
    ("roles", "economics", "label", "unit"),
    [
        ({}, mmm.Economics(margin=0.4), "margin ROI", "GBP"),
        ({"margin": 0.4}, mmm.Economics(discount_rate=0.08), "margin ROI", "GBP"),
        ({"outcome": "orders"}, mmm.Economics(customer_value=90.0), "customer value ROI", "GBP"),
        ({"outcome": "orders"}, mmm.Economics(), "orders per GBP", "orders"),
    ],
)
def test_economics_change_what_the_header_says(roles, economics, label, unit):
    report = mmm.Report(build_posterior(build_data(**roles), n_draws=20), economics=economics)
    assert report.roi(horizon_weeks=13).columns.name.startswith(f"{label}; ")
    assert label in repr(report)
    assert label in report.plot_roi(horizon_weeks=13).get_xlabel() or unit == "orders"
    header = f"ledger in {unit} ({label}), points are posterior means; 90%"
    assert report.ledger().columns.name.startswith(header)


def test_the_header_of_payback_names_rate_and_horizon(posterior):
    report = mmm.Report(posterior, economics=mmm.Economics(discount_rate=0.08))
    expected = "payback by revenue ROI, net present value in GBP within 52 weeks at 8% a year; 90%"
    assert report.payback(horizon_weeks=52).columns.name.startswith(expected)
    assert "within 104 weeks at 10% a year" in mmm.Report(posterior).payback().columns.name


@pytest.mark.parametrize("economics", [0.4, {"margin": 0.4}, "GBP"])
def test_economics_that_are_none_are_refused(posterior, economics):
    with pytest.raises(ReportError, match=r"economics=(.|\n)*use for example economics=mmm.Economics\(margin=0.4\)"):
        mmm.Report(posterior, economics=economics)


def test_economics_of_other_data_are_refused_before_any_table(posterior):
    with pytest.raises(ReportError, match="counted twice"):
        mmm.Report(posterior, economics=mmm.Economics(customer_value=100.0))


def test_without_money_there_is_no_payback_and_the_ledger_is_in_units():
    report = mmm.Report(build_posterior(build_data(outcome="orders"), n_draws=20))
    with pytest.raises(ReportError, match="payback was asked of an outcome without a money value"):
        report.payback()
    assert tuple(report.ledger().columns) == schema.LEDGER_COLUMNS


def test_ltv_to_cac_needs_the_value_of_a_customer(posterior):
    with pytest.raises(ReportError, match=r"without a customer_value(.|\n)*mmm.Economics\(customer_value="):
        mmm.Report(posterior).ltv_cac()


@pytest.mark.parametrize("table", ["payback", "ltv_cac"])
@pytest.mark.parametrize(("horizon", "message"), [((13, 52), "shows one horizon"), (6.5, "whole periods")])
def test_a_table_of_one_horizon_takes_one(table, horizon, message):
    report = mmm.Report(
        build_posterior(build_data(outcome="orders"), n_draws=5), economics=mmm.Economics(customer_value=9.0)
    )
    with pytest.raises(ReportError, match=message):
        getattr(report, table)(horizon_weeks=horizon)


# --- a fit that failed ------------------------------------------------------------------------------------------------


def test_a_fit_that_failed_is_refused_with_its_verdict(unconverged_posterior):
    with pytest.raises(ConvergenceError, match=r"NOT CONVERGED: (.|\n)*worst R-hat 1.200(.|\n)*allow_unconverged=True"):
        mmm.Report(unconverged_posterior)


def test_a_table_is_the_same_whatever_was_asked_for_before():
    posterior = build_posterior(build_data())
    first = mmm.Report(posterior).roi(horizon_weeks=(13.0, 26.0, 52.0, 104.0))
    pd.testing.assert_frame_equal(mmm.Report(posterior).roi(), first)
    assert first["horizon_weeks"].dtype == "int64"


@pytest.mark.parametrize("name", TABLES)
def test_if_allowed_every_table_says_so_last_and_first(unconverged_posterior, posterior, name):
    verdict = unconverged_posterior.diagnosis.verdict
    table = table_of(mmm.Report(unconverged_posterior, allow_unconverged=True), name)
    assert tuple(table.columns) == (*COLUMNS[name], schema.WARNING_COLUMN)
    assert (table[schema.WARNING_COLUMN] == verdict).all()
    assert table.columns.name.startswith("NOT CONVERGED, see the column 'warning'; ")
    sound = table_of(mmm.Report(posterior), name)
    pd.testing.assert_frame_equal(table.drop(columns=schema.WARNING_COLUMN), sound, check_names=False)


def test_allowing_it_says_nothing_of_a_sound_fit(posterior):
    table = mmm.Report(posterior, allow_unconverged=True).roi(horizon_weeks=13)
    assert tuple(table.columns) == schema.ROI_COLUMNS


def test_the_report_itself_says_so(unconverged_posterior):
    report = mmm.Report(unconverged_posterior, allow_unconverged=True)
    assert "NOT CONVERGED" in repr(report)
    assert report.warnings()[0] == unconverged_posterior.diagnosis.verdict


# --- charts that cannot be drawn --------------------------------------------------------------------------------------


def test_a_chart_of_an_unknown_channel_is_refused(posterior):
    with pytest.raises(ReportError, match=r"no channel 'telly'(.|\n)*'tv', 'video', 'radio'"):
        mmm.Report(posterior).plot_response("telly")


@pytest.mark.parametrize("quantity", ["peak", "sigma", "media_share", "nonsense"])
def test_a_chart_of_a_quantity_that_no_channel_has_is_refused(posterior, quantity):
    with pytest.raises(ReportError, match=rf"no channel has a quantity '{quantity}'(.|\n)*choose one of .*'half_life'"):
        mmm.Report(posterior).plot_prior_posterior(quantity=quantity)


@pytest.mark.parametrize("thing", ["2026q3.nc", None, {}])
def test_a_report_is_made_from_a_posterior_only(thing):
    with pytest.raises(ReportError, match="a Report is made from a Posterior, not from"):
        mmm.Report(thing)


@pytest.mark.parametrize("window", [("2023-03-06", "2024-12-31"), ("2022-01-01", "2023-12-31")])
def test_a_window_that_reaches_beyond_the_data_is_refused(posterior, window):
    with pytest.raises(ReportError, match="reaches beyond the data"):
        mmm.Report(posterior, window=window)


def test_a_report_does_not_change(posterior):
    report = mmm.Report(posterior)
    with pytest.raises(AttributeError):
        report.prob = 0.5


@pytest.mark.parametrize("weeks", [5, 6.5, 8])
def test_a_horizon_of_part_of_a_month_is_refused(weeks):
    monthly, _ = mmm.simulate.world(seed=1, n_periods=40, frequency="monthly", n_channels=1)
    with pytest.raises(ReportError, match="with monthly data"):
        mmm.Report(build_posterior(monthly)).roi(horizon_weeks=weeks)


def test_one_chart_shows_one_horizon(posterior):
    with pytest.raises(ReportError, match="one chart shows one horizon"):
        mmm.Report(posterior).plot_roi(horizon_weeks=(13, 52))
