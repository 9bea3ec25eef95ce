"""Columns of the baseline: calendar phase, holidays in the right period, and what is refused."""

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.errors import SpecError
from mmm.model.baseline import holiday_columns, season_columns
from mmm.model.inputs import ModelInputs, Scales


def design_of(data, **settings):
    spec = mmm.ModelSpec(**settings).resolve(data)
    return ModelInputs.prepare(data, spec, Scales.learn(data)).design


@pytest.fixture(scope="module")
def weekly():
    return mmm.simulate.world(seed=1, n_periods=110, n_channels=1)[0]


def test_columns_come_in_their_order_with_their_kinds(weekly):
    design = design_of(weekly, seasonality=1, holidays="GB")
    assert design.terms[:4] == ("intercept", "trend", "season_sin_1", "season_cos_1")
    assert design.terms[-1] == "price"
    assert list(dict.fromkeys(design.kinds)) == ["intercept", "trend", "season", "holiday", "control"]
    assert design.columns.shape == (110, len(design.terms))
    np.testing.assert_allclose(design.columns[:, -1].mean(), 0, atol=1e-12)
    np.testing.assert_allclose(design.columns[:, -1].std(), 1)


def test_walk_covariance_is_the_smaller_elapsed_time_in_weeks():
    monthly = mmm.simulate.world(seed=1, n_periods=40, frequency="monthly", n_channels=1)[0]
    design = design_of(monthly, seasonality=1)
    weeks = (monthly.dates - monthly.dates[0]) / pd.Timedelta(weeks=1)
    assert design.walk_covariance[7, 20] == pytest.approx(weeks[7])
    assert design.walk_covariance[0].tolist() == [0.0] * 40


def test_without_a_walk_the_covariance_is_zero(weekly):
    design = design_of(weekly, trend=mmm.Trend(walk=None))
    assert not design.has_walk
    assert not design.walk_covariance.any()


def test_seasons_repeat_after_a_year_and_keep_their_phase_when_data_grow():
    dates = pd.date_range("2020-01-01", periods=4 * 365 + 1 + 10, freq="D")
    columns = season_columns(
        dates, origin=dates[0], seasonality=mmm.Seasonality(yearly=2, weekly=False), frequency="daily"
    )
    for column in columns.values():
        np.testing.assert_allclose(column[:10], column[4 * 365 + 1 :][:10], atol=1e-9)
    later = season_columns(
        dates[100:], origin=dates[0], seasonality=mmm.Seasonality(yearly=2, weekly=False), frequency="daily"
    )
    np.testing.assert_array_equal(later["season_sin_2"], columns["season_sin_2"][100:])


def test_daily_data_have_six_dummies_of_the_week_and_weekly_data_none():
    dates = pd.date_range("2024-01-01", periods=14, freq="D")  # a Monday
    columns = season_columns(dates, origin=dates[0], seasonality=mmm.Seasonality(yearly=0), frequency="daily")
    assert list(columns) == [f"season_{d}day" for d in ("tues", "wednes", "thurs", "fri", "satur", "sun")]
    assert np.flatnonzero(columns["season_tuesday"]).tolist() == [1, 8]
    assert season_columns(dates, origin=dates[0], seasonality=mmm.Seasonality(yearly=0), frequency="weekly") == {}


@pytest.mark.parametrize(
    ("dates", "frequency", "row"),
    [
        (pd.date_range("2023-12-18", periods=4, freq="W-MON"), "weekly", 1),  # the week of Monday the 25th
        (pd.date_range("2023-12-10", periods=4, freq="W-SUN"), "weekly", 2),  # the week of Sunday the 24th
        (pd.date_range("2023-12-24", periods=4, freq="D"), "daily", 1),
        (pd.date_range("2023-10-01", periods=4, freq="MS"), "monthly", 2),
        (pd.date_range("2023-10-31", periods=4, freq="ME"), "monthly", 2),
        (pd.date_range("2023-10-15", periods=4, freq=pd.DateOffset(months=1)), "monthly", 2),
    ],
)
def test_a_holiday_falls_in_its_period(dates, frequency, row):
    columns = holiday_columns(dates, country="GB", frequency=frequency)
    [name] = [name for name in columns if "Christmas Day" in name]
    assert np.flatnonzero(columns[name]).tolist() == [row]


def test_holidays_that_share_every_period_become_one_column(weekly):
    design = design_of(weekly, holidays="GB")
    names = [term for term, kind in zip(design.terms, design.kinds, strict=True) if kind == "holiday"]
    assert any("Christmas Day + Boxing Day" in name for name in names)
    assert len(names) == len(set(names))


def test_a_subdivision_adds_its_own_holidays():
    dates = pd.date_range("2023-01-02", periods=52, freq="W-MON")
    scotland = " ".join(holiday_columns(dates, country="GB-SCT", frequency="weekly"))
    assert "Saint Andrew" in scotland
    assert "Saint Andrew" not in " ".join(holiday_columns(dates, country="GB", frequency="weekly"))


@pytest.mark.parametrize("country", ["XX", "Britain", "US-ZZ"])
def test_an_unknown_calendar_is_refused(weekly, country):
    with pytest.raises(SpecError, match=f"holidays='{country}' is not a calendar"):
        design_of(weekly, holidays=country)


def test_a_control_that_repeats_the_trend_is_refused():
    frame, _ = mmm.simulate.world_frame(seed=1, n_periods=110, n_channels=1)
    frame["counter"] = np.arange(110) * 2.0 + 5
    roles = {"date": "date", "outcome": "revenue", "spend": ["tv"], "controls": ["price", "counter"]}
    data = mmm.MarketingData.from_frame(frame, **roles)
    with pytest.raises(SpecError, match=r"baseline columns \['counter'\] are combinations of the others"):
        design_of(data)


def test_too_many_columns_are_refused(weekly):
    short = mmm.MarketingData.restore(weekly.dataset.isel(date=slice(0, 60)), weekly.description, ())
    with pytest.raises(SpecError, match="fewer than 20 periods are left") as caught:
        design_of(short, seasonality=26)
    assert "the baseline has 55 columns for 60 periods" in str(caught.value)
