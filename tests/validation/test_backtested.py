"""What a backtest says of its forecasts: table, range of coverage, verdict, advice, chart. Forecasts are made up."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import mmm
from mmm.errors import ConvergenceError, ReportError
from mmm.posterior import Diagnosis, QuantityCheck
from mmm.posterior.scoring import equal_tailed
from mmm.schema import BACKTEST_COLUMNS, BACKTEST_COVERAGE_COLUMNS
from mmm.validation.outlook import Outlook, scores

MEAN = 1000.0
FAILED = Diagnosis(
    checks=(QuantityCheck(quantity="forecast 2024-01-08", rhat=1.3, ess_bulk=20.0, ess_tail=20.0),),
    divergences=0,
    draws=1000,
    ebfmi=(0.9, 0.9),
)
FINE = Diagnosis(
    checks=(QuantityCheck(quantity="forecast 2024-01-08", rhat=1.0, ess_bulk=900.0, ess_tail=900.0),),
    divergences=0,
    draws=1000,
    ebfmi=(0.9, 0.9),
)


def outcome_of(*, said_sd=50.0, said_bias=0.0, naive_sd=120.0, failed=(), n_origins=4, seed=3, **given):
    """Outcomes of 1000 with an sd of 50, independent; forecasts that say what they are told to say."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2022-01-03", periods=104 + 13 * n_origins, freq="W-MON")
    sales = pd.Series(rng.normal(MEAN, 50.0, len(dates)), index=dates, name="sales")
    outlooks = []
    for i in range(n_origins):
        rows = slice(104 + 13 * i, 117 + 13 * i)
        outlooks.append(
            Outlook(
                origin=dates[103 + 13 * i],
                dates=dates[rows],
                observed=sales.to_numpy()[rows],
                draws=rng.normal(MEAN + said_bias, said_sd, (1000, 13)),
                naive=rng.normal(MEAN, naive_sd, (100, 13)),
                is_seasonal=True,
                diagnosis=FAILED if i in failed else FINE,
                notes=("short",) if i == 0 else (),
            )
        )
    settings = {"weeks_ahead": 13.0, "unit": "GBP", "frequency": "weekly", "seed": 1}
    return mmm.Backtest(outlooks=tuple(outlooks), outcome=sales, **settings | given)


@pytest.fixture(scope="module")
def right():
    return outcome_of()


def test_the_table_has_the_scores_of_each_origin_and_of_all(right):
    table = right.table()
    assert tuple(table.columns) == BACKTEST_COLUMNS
    assert table.columns.name == "CRPS in GBP; equal-tailed predictive intervals"
    assert list(table["origin"]) == ["2023-12-25", "2024-03-25", "2024-06-24", "2024-09-23", "all"]
    assert (table["weeks_ahead"] == 13).all()
    for (_, row), outlooks in zip(
        table.iterrows(), [*([o] for o in right.outlooks), list(right.outlooks)], strict=True
    ):
        for name, value in scores(outlooks).items():
            assert row[name] == value, name
    assert table.drop(columns="origin").dtypes.map(lambda kind: kind.kind in "if").all()


def test_the_range_of_coverage_is_that_of_the_binomial_where_periods_are_independent(right):
    found = right.coverage()
    assert tuple(found.columns) == BACKTEST_COVERAGE_COLUMNS
    for row in found.itertuples():
        lower, upper = stats.binom(52, row.prob).ppf([0.025, 0.975]) / 52
        # one period more or less: the ends are quantiles of a thousand draws
        assert row.expected_lower == pytest.approx(lower, abs=1.01 / 52)
        assert row.expected_upper == pytest.approx(upper, abs=1.01 / 52)
        assert row.effective_periods == pytest.approx(52, rel=0.2)


def test_forecasts_that_are_right_are_ok(right):
    assert right.ok
    total = right.table().iloc[-1]
    assert right.verdict.startswith("The forecasts hold. 4 forecasts of 13 weeks: the 80% intervals held ")
    assert f"held {total['coverage_80']:.0%} of the outcomes" in right.verdict
    assert f"The CRPS is {total['skill']:.0%} lower than that of last year's outcome" in right.verdict
    assert "This rests on 52 weeks" in right.verdict
    assert right.recommendation.startswith("Nothing about the forecasts asks for a change.")
    assert right.notes == ("short",)


@pytest.mark.parametrize("tested", [outcome_of(), outcome_of(said_sd=15.0), outcome_of(naive_sd=50.0, said_sd=200.0)])
def test_whatever_comes_out_is_no_evidence_of_returns(tested):
    assert "It does not show that the returns are right" in tested.recommendation
    assert "neither R2 nor MAPE" in tested.recommendation
    for name in ("compare_baselines", "recovery"):
        assert f"mmm.{name}" in tested.recommendation
        assert hasattr(mmm, name)


def test_forecasts_that_are_too_sure_are_found_and_the_worst_periods_named():
    tested = outcome_of(said_sd=15.0)
    assert not tested.ok
    assert tested.verdict.startswith("The forecasts were too sure of themselves.")
    missed = pd.concat([pd.Series(np.abs(o.observed - MEAN), index=o.dates) for o in tested.outlooks])
    assert f"{missed.idxmax():%Y-%m-%d}" in tested.recommendation
    assert "let the base move more" in tested.recommendation


def test_forecasts_that_are_biased_are_found():
    tested = outcome_of(said_bias=120.0)
    assert not tested.ok
    assert tested.table().iloc[-1]["bias"] == pytest.approx(0.12, abs=0.02)


def test_forecasts_that_are_too_wide_are_said_to_be_and_are_no_failure():
    tested = outcome_of(said_sd=110.0, naive_sd=400.0)
    assert tested.ok
    assert tested.verdict.startswith("The forecasts hold, and were less sure than they could be.")


def test_where_last_year_forecasts_better_it_is_said():
    tested = outcome_of(said_sd=50.0, naive_sd=45.0, said_bias=15.0)
    assert tested.table().iloc[-1]["skill"] < 0
    assert not tested.ok
    assert "They were no better than a naive forecast." in tested.verdict
    assert "higher than that of last year's outcome" in tested.verdict
    assert "The naive forecast knows something" in tested.recommendation


def test_right_forecasts_are_called_too_sure_no_more_often_than_they_should():
    called = [outcome_of(seed=seed)._too_sure for seed in range(100)]
    # three levels, each below its 95% range in at most 2.5% of cases; 100 cases have a standard error of 2.5%
    assert np.mean(called) < 0.14


# --- forecasts that failed --------------------------------------------------------------------------


def test_one_that_failed_has_no_scores_and_is_not_among_all():
    tested, without = outcome_of(failed=(3,)), outcome_of()
    table = tested.table()
    assert list(table.columns) == [*BACKTEST_COLUMNS, "warning"]
    assert table["warning"].tolist()[:3] == ["", "", ""]
    assert table["warning"][3].startswith("NOT CONVERGED: 1 of 1")
    assert table.columns.name.startswith("NOT CONVERGED, see the column 'warning'")
    assert table.loc[3, list(BACKTEST_COLUMNS[3:])].isna().all()
    assert table.loc[4, "crps"] == pytest.approx(without.table()["crps"][:3].mean())
    assert (table.loc[3, "periods"], table.loc[4, "periods"]) == (13, 39)
    assert tested.verdict.startswith("NOT CONVERGED, left out: the forecasts from 2024-09-23. The forecasts hold. 3 ")
    assert tested.recommendation.startswith("Test again with sampler=")
    assert not tested.ok


def test_it_is_counted_with_a_warning_where_that_is_asked_for():
    tested = outcome_of(failed=(3,), allow_unconverged=True)
    pd.testing.assert_frame_equal(
        tested.table()[list(BACKTEST_COLUMNS)], outcome_of().table(), check_names=False, check_column_type=False
    )
    assert tested.verdict.startswith("NOT CONVERGED, counted all the same: the forecasts from 2024-09-23.")
    assert "NOT CONVERGED, counted" in tested.plot().texts[-1].get_text()
    assert not tested.ok


def test_without_any_forecast_there_is_nothing_to_say():
    with pytest.raises(ConvergenceError, match="none of the 2 forecasts converged; the first: NOT CONVERGED"):
        outcome_of(n_origins=2, failed=(0, 1))
    with pytest.raises(ReportError, match="there is no forecast"):
        outcome_of(n_origins=0)


# --- what is seen -----------------------------------------------------------------------------------


def test_the_chart_draws_the_quantiles_of_the_draws_and_what_happened(right):
    ax = right.plot()
    _, labels = ax.get_legend_handles_labels()
    assert sorted(labels) == sorted(
        ["actual", "forecast, 95%", "forecast, 80%", "forecast, 50%", "median", "naive forecast"]
    )
    assert len(ax.collections) == 12
    bands = iter(ax.collections)
    for outlook in right.outlooks:
        for level in (0.95, 0.80, 0.50):
            lower, upper = equal_tailed(draws=outlook.draws, prob=level)
            drawn = next(bands).get_paths()[0].vertices[:, 1]
            assert {*np.round(lower, 6), *np.round(upper, 6)} <= {*np.round(drawn, 6)}
    lines = {line.get_label(): line for line in ax.get_lines()}
    np.testing.assert_array_equal(lines["median"].get_ydata(), np.median(right.outlooks[0].draws, axis=0))
    np.testing.assert_array_equal(lines["naive forecast"].get_ydata(), np.median(right.outlooks[0].naive, axis=0))
    actual = lines["actual"].get_ydata()
    np.testing.assert_array_equal(actual, right.outcome.to_numpy()[-len(actual) :])
    assert len(actual) == 52 + 31
    assert ax.get_ylabel() == "sales per week (GBP)"


def test_it_draws_where_it_is_told(right):
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    assert right.plot(ax=ax) is ax


@pytest.mark.parametrize(("frequency", "word"), [("daily", "day"), ("monthly", "month")])
def test_days_and_months_have_their_names(frequency, word):
    tested = outcome_of(frequency=frequency)
    assert f"rests on 52 {word}s" in tested.verdict
    assert tested.plot().get_ylabel() == f"sales per {word} (GBP)"


def test_it_prints_verdict_advice_and_notes(right):
    assert repr(right) == f"<Backtest: {right.verdict}\n {right.recommendation}\n short>"
