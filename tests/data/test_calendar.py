"""Frequencies: found, or refused by name."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from mmm.data.calendar import MIN_PERIODS, WEEKS_PER_PERIOD, check_length, detect_frequency, expected_dates
from mmm.errors import DataError


@pytest.mark.parametrize("weekday", ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"])
def test_weekly_on_any_weekday(weekday):
    assert detect_frequency(pd.date_range("2022", periods=60, freq=f"W-{weekday}"), name="x") == "weekly"


@pytest.mark.parametrize("start", ["2024-01-01", "2023-12-15", "2024-01-31", "2023-02-28"])
def test_monthly_starts_ends_and_any_constant_day(start):
    first = pd.Timestamp(start)
    freq = "ME" if first.is_month_end else pd.DateOffset(months=1)
    assert detect_frequency(pd.date_range(first, periods=30, freq=freq), name="x") == "monthly"


def test_the_thirtieth_has_a_stand_in_in_february():
    dates = [pd.Timestamp("2023-10-30") + pd.DateOffset(months=i) for i in range(24)]
    assert dates[4].day == 29
    assert detect_frequency(pd.DatetimeIndex(dates), name="x") == "monthly"


def test_daily():
    assert detect_frequency(pd.date_range("2024", periods=9), name="x") == "daily"


@given(
    frequency=st.sampled_from(["daily", "weekly", "monthly"]),
    n=st.integers(6, 60),
    day=st.integers(1, 31),
    drop=st.integers(1, 58),
)
def test_every_calendar_is_recognised_and_every_hole_in_it_found(frequency, n, day, drop):
    first = pd.Timestamp(2023, 1, day)
    dates = expected_dates(first, first + pd.Timedelta(days=31 * 80), frequency=frequency, day=day)[:n]
    assert detect_frequency(dates, name="x") == frequency
    hole = 1 + drop % (n - 2)
    with pytest.raises(DataError, match=f"{frequency} with 1 missing date.s.: {dates[hole]:%Y-%m-%d}"):
        detect_frequency(dates.delete(hole), name="x")


REFUSED = [
    ("fortnightly", pd.date_range("2022", periods=40, freq="14D"), "are fortnightly"),
    ("four-weekly", pd.date_range("2022-01-03", periods=40, freq="28D"), "are four-weekly"),
    ("quarterly", pd.date_range("2015", periods=40, freq="QE"), "are quarterly"),
    ("yearly", pd.date_range("1990", periods=30, freq="YS"), "are yearly"),
    ("business days", pd.bdate_range("2023", periods=200), "looks like business days only"),
    (
        "weekly then daily",
        pd.date_range("2022-01-03", periods=40, freq="7D").append(pd.date_range("2022-10-04", periods=60)),
        "mix frequencies: weekly from 2022-01-03 to 2022-10-03, daily from 2022-10-03",
    ),
    (
        "monthly then weekly",
        pd.date_range("2020", periods=24, freq="MS").append(pd.date_range("2022-01-03", periods=40, freq="7D")),
        "mix frequencies: monthly from",
    ),
    (
        "weekday changes",
        pd.date_range("2022-01-03", periods=40, freq="7D").append(pd.date_range("2022-10-09", periods=40, freq="7D")),
        "irregular: mostly 7 day.s. apart, but 6 days from 2022-10-03 to 2022-10-09",
    ),
    ("every other day", pd.date_range("2022", periods=90, freq="2D"), "irregular|every other day"),
    ("last working day", pd.date_range("2020", periods=40, freq="BME"), "irregular"),
]


@pytest.mark.parametrize(("dates", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refused_by_name(dates, message):
    with pytest.raises(DataError, match=message):
        detect_frequency(dates, name="the data")


@pytest.mark.parametrize("frequency", ["daily", "weekly", "monthly"])
def test_minimum_length(frequency):
    minimum = MIN_PERIODS[frequency]
    with pytest.raises(DataError, match=f"at least {minimum} are needed"):
        check_length(minimum - 1, frequency=frequency, name="x")
    short = check_length(minimum, frequency=frequency, name="x")
    assert ("not every season has been seen twice" in short) == (minimum * WEEKS_PER_PERIOD[frequency] < 104)


def test_two_years_are_long_enough_in_every_frequency():
    for frequency, n in (("daily", 728), ("weekly", 104), ("monthly", 24)):
        assert check_length(n, frequency=frequency, name="x") == ""


@pytest.mark.parametrize(("n", "freq", "found"), [(728, "D", "daily"), (24, "MS", "monthly"), (24, "ME", "monthly")])
def test_frequency_of_the_data(make_frame, load, n, freq, found):
    data = load(make_frame(n, freq=freq))
    assert data.frequency == found
    assert data.weeks_per_period == WEEKS_PER_PERIOD[found]
