"""What stands beside a fit in a document must be of that fit."""

import pytest

import mmm
from mmm.errors import ConvergenceError, ReportError
from mmm.reporting.content import Companions
from tests.conftest import build_data, build_frame, build_posterior
from tests.reporting.companions import comparison_of, parts_of, refresh_of


def test_what_belongs_to_the_fit_passes(posterior):
    Companions(refresh=refresh_of(posterior), priors=comparison_of(posterior)).check(posterior)
    Companions().check(posterior)


@pytest.mark.parametrize("name", ["refresh", "backtest", "priors"])
def test_what_cannot_be_read_is_refused(posterior, name):
    with pytest.raises(ReportError, match=rf"{name}=str(.|\n)*leave {name} out"):
        Companions(**{name: "last quarter"}).check(posterior)


@pytest.mark.parametrize(("name", "make"), [("refresh", refresh_of), ("priors", comparison_of)])
def test_numbers_of_another_fit_are_refused(posterior, name, make):
    other = build_posterior(build_data(), seed=8)
    with pytest.raises(ReportError, match=rf"{name}= belongs to a fit of(.|\n)*two fits as if they were one"):
        Companions(**{name: make(other)}).check(posterior)


def test_drift_says_what_it_is(posterior, unconverged_posterior):
    drift = Companions(refresh=refresh_of(posterior)).drift(prob=0.8)
    assert drift.columns.name == (
        "revenue ROI within 104 weeks of the spend of 2023-01-02 to 2024-02-19; 80% equal-tailed credible intervals"
    )
    failed = Companions(refresh=refresh_of(posterior, unconverged_posterior)).drift(prob=0.9)
    assert failed.columns.name.startswith("NOT CONVERGED")
    assert failed["warning"].str.startswith("last fit: NOT CONVERGED: ").all()
    assert Companions().drift(prob=0.9) is None


def test_parts_say_what_they_are_parts_of(posterior):
    longer = build_posterior(build_data(build_frame(73)))
    refreshed = refresh_of(longer, posterior)
    companions = Companions(refresh=refreshed, decomposition=parts_of(refreshed).assign(order="restated first"))
    companions.check(longer)
    assert companions.parts.columns.tolist() == list(mmm.schema.DECOMPOSITION_COLUMNS)
    assert companions.parts.columns.name == (
        "parts of the movement of the median revenue ROI within 104 weeks of the spend of 2023-01-02 to 2024-02-19"
    )
    said = companions.movements(prob=0.8)
    assert len(said) == len(refreshed.drift())
    assert all("(80%: " in sentence and "13 new weeks alone would explain" in sentence for sentence in said)
    assert Companions(refresh=refreshed).parts is None
    assert Companions().movements(prob=0.8) == ()


def test_parts_without_their_movement_or_of_another_are_refused(posterior):
    longer = build_posterior(build_data(build_frame(73)))
    refreshed = refresh_of(longer, posterior)
    parts = parts_of(refreshed)
    with pytest.raises(ReportError, match=r"decomposition= without refresh=(.|\n)*pass the refresh"):
        Companions(decomposition=parts).check(longer)
    with pytest.raises(ReportError, match="does not add up to the movements of this refresh"):
        Companions(refresh=refresh_of(longer), decomposition=parts).check(longer)


def test_a_forecast_needs_new_periods_and_their_controls(posterior):
    assert Companions().forecast is None
    assert Companions(refresh=refresh_of(posterior)).forecast is None
    longer = build_posterior(build_data(build_frame(73)))
    assert len(Companions(refresh=refresh_of(longer, posterior)).forecast.table()) == 13
    without_rain = build_posterior(build_data(build_frame(73), controls=["price"]))
    assert Companions(refresh=refresh_of(without_rain, posterior)).forecast is None


def test_cases_are_of_the_spend_and_interval_of_the_report(posterior, unconverged_posterior):
    report = mmm.Report(posterior, window=("2023-03-06", "2023-05-29"), prob=0.5)
    cases = Companions(priors=comparison_of(posterior)).prior_cases(report)
    expected = report.roi(horizon_weeks=(13, 104))["roi_lower"].tolist()
    assert cases.loc[cases["case"] == "default", "roi_lower"].tolist() == expected
    assert Companions().prior_cases(report) is None
    with pytest.raises(ConvergenceError, match="allow_unconverged=True shows the numbers"):
        Companions(priors=comparison_of(unconverged_posterior)).prior_cases(report)
