"""Which fits a backtest asks for, and what it forecasts from them. The fits are played by draws from the prior."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import mmm
from mmm.data.altered import between
from mmm.errors import ConvergenceError, ConvergenceWarning, DataError, ReportError
from mmm.fitting import refits
from mmm.posterior.forecast import Forecast, forecast
from mmm.validation.backtest import REFIT_SAMPLER, diagnose_forecast
from mmm.validation.naive import naive_forecast
from tests.conftest import build_data, build_frame, build_posterior

N = 143
ORIGINS = ("2023-12-25", "2024-03-25", "2024-06-24")


@pytest.fixture(scope="module")
def posterior():
    frame = build_frame(N).assign(week=pd.date_range("2022-01-03", periods=N, freq="W-MON"))
    return build_posterior(build_data(frame), n_draws=5)


@pytest.fixture
def fits(monkeypatch):
    """Record what is asked of the fit, and answer with draws from the prior; those of some origins diverged."""
    asked, diverged = [], set()

    def fit(data, spec, **settings):
        made = build_posterior(data, spec, n_draws=400, seed=len(asked))
        if f"{data.dates[-1]:%Y-%m-%d}" in diverged:
            stats = made.sample_stats.assign(diverging=made.sample_stats["diverging"] | True)
            made = replace(made, sample_stats=stats)
        asked.append((data, spec, settings, made))
        return made

    monkeypatch.setattr(refits, "fit", fit)
    return {"asked": asked, "diverged": diverged}


def test_each_origin_is_fitted_to_what_was_known_with_the_spec_and_scales_of_the_posterior(fits, posterior):
    tested = mmm.backtest(posterior, origins=3, progress=False)
    assert [f"{data.dates[-1]:%Y-%m-%d}" for data, *_ in fits["asked"]] == list(ORIGINS)
    for data, spec, settings, _ in fits["asked"]:
        assert data.n_periods == N - 39
        assert spec is posterior.spec
        assert settings["scales"] is posterior.scales
        assert settings["seed"] == posterior.provenance.seed
        assert settings["sampler"] is REFIT_SAMPLER
    assert tested.table()["origin"].tolist() == [*ORIGINS, "all"]
    assert tested.table()["periods"].tolist() == [13, 13, 13, 39]


def test_seed_and_sampler_can_be_given_and_what_is_fitted_is_said(fits, posterior, capsys):
    sampler = mmm.Sampler(draws=300)
    mmm.backtest(posterior, weeks_ahead=26, origins=2, seed=5, sampler=sampler)
    assert all(settings["seed"] == 5 and settings["sampler"] is sampler for *_, settings, _ in fits["asked"])
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "until 2023-09-25: done (1 of 2)."
    assert len(said) == 2


def test_an_outlook_is_the_forecast_of_its_fit_and_the_naive_one_knows_all_outcomes_before(fits, posterior):
    tested = mmm.backtest(posterior, origins=3, progress=False)
    outcome = posterior.data.dataset["outcome"].values[0]
    for i, (outlook, (*_, fitted)) in enumerate(zip(tested.outlooks, fits["asked"], strict=True)):
        first = N - 39 + 13 * i
        ahead = forecast(fitted.draws, between(posterior.data, 0, first + 13))
        np.testing.assert_array_equal(outlook.draws, ahead.outcome.values.reshape(-1, 13))
        np.testing.assert_array_equal(outlook.observed, outcome[first : first + 13])
        assert outlook.dates.equals(posterior.data.dates[first : first + 13])
        assert outlook.origin == posterior.data.dates[first - 1]
        np.testing.assert_array_equal(outlook.naive, naive_forecast(outcome[:first], n_ahead=13, year=52)[0])
        assert outlook.is_seasonal
        assert outlook.notes == ()


@pytest.mark.usefixtures("fits")
def test_short_histories_are_said_to_be_short(posterior):
    tested = mmm.backtest(posterior, origins=5, progress=False)
    assert tested.notes[:2] == (
        "2023-06-26: learns from 78 weeks, in which not every season was seen twice.",
        "2023-06-26: less than two years are known; the naive forecast is the last outcome.",
    )
    # the last origins know more than the first ones of outcomes, and as many to fit
    assert [outlook.is_seasonal for outlook in tested.outlooks] == [False, False, True, True, True]
    assert "that of last year's outcome or, where it is not known, the last one's, with its errors" in tested.verdict


def test_forecasts_that_failed_are_named_and_left_out_and_the_rest_is_kept(fits, posterior):
    fits["diverged"].add(ORIGINS[1])
    with pytest.warns(ConvergenceWarning, match=f"did not converge: {ORIGINS[1]}. They are left out") as caught:
        tested = mmm.backtest(posterior, origins=3, progress=False)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    table = tested.table().set_index("origin")
    assert table.loc["all", "periods"] == 26
    assert table["crps"].isna().tolist() == [False, True, False, False]
    assert not tested.ok


def test_they_are_counted_where_that_is_asked_for(fits, posterior):
    fits["diverged"].update(ORIGINS)
    with pytest.warns(ConvergenceWarning, match=", ".join(ORIGINS)):
        tested = mmm.backtest(posterior, origins=3, progress=False, allow_unconverged=True)
    assert tested.table()["crps"].notna().all()
    with pytest.raises(ConvergenceError, match="none of the 3 forecasts converged"):
        mmm.backtest(posterior, origins=3, progress=False)


def test_what_cannot_be_tested_is_refused_before_anything_is_fitted(fits, posterior, unconverged_posterior):
    with pytest.raises(ReportError, match="a Posterior is needed, not MarketingData"):
        mmm.backtest(posterior.data)
    with pytest.raises(ConvergenceError, match="NOT CONVERGED"):
        mmm.backtest(unconverged_posterior)
    with pytest.raises(DataError, match="8 forecasts of 13 periods leave 39"):
        mmm.backtest(posterior, origins=8)
    with pytest.raises(ReportError, match="weeks_ahead=2"):
        mmm.backtest(posterior, weeks_ahead=2)
    # a channel that came late is in the last windows only, and the first refuses
    late = build_frame(N).assign(week=posterior.data.dates)
    late.loc[:110, "tv"] = 0.0
    with pytest.raises(DataError, match=f"origin {ORIGINS[0]}: no spend of tv"):
        mmm.backtest(build_posterior(build_data(late), n_draws=5), origins=3)
    assert not fits["asked"]


def test_a_forecast_whose_chains_disagree_has_not_converged():
    rng = np.random.default_rng(1)
    dates = pd.date_range("2024-01-01", periods=2, freq="W-MON")
    values = rng.normal(size=(2, 500, 1, 2))
    values[1, ..., 1] += 0.5
    expected = xr.DataArray(values, dims=("chain", "draw", "geo", "date"), coords={"date": dates})
    stats = xr.Dataset(
        {
            "diverging": (("chain", "draw"), np.zeros((2, 500), dtype=bool)),
            "energy": (("chain", "draw"), rng.normal(size=(2, 500))),
        }
    )
    diagnosis = diagnose_forecast(Forecast(expected, expected, expected, ()), stats)
    assert [check.quantity for check in diagnosis.checks] == ["forecast 2024-01-01", "forecast 2024-01-08"]
    assert [check.ok for check in diagnosis.checks] == [True, False]
    assert (diagnosis.draws, diagnosis.divergences, len(diagnosis.ebfmi)) == (1000, 0, 2)
