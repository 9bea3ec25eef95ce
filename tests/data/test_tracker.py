"""The tracker's door: every form that is taken, every refusal by its words, and its place in the data."""

from __future__ import annotations

import copy
import pickle

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

import mmm
from mmm.data.calendar import expected_dates, period_rows
from mmm.data.tracker import sampling_error
from mmm.data.waves import MIN_WAVES
from mmm.errors import ColumnError, DataError, DataWarning

N_WAVES = 8
SURVEY = {"value": "aware", "unit": "share", "sample_size": 400}
INDEX = {"value": "searches", "unit": "index"}


def waves(n=N_WAVES, *, start="2022-01-19", freq="91D"):
    """Quarters by default, on a Wednesday, within the frames of `make_frame`."""
    frame = pd.DataFrame({"wave": pd.date_range(start, periods=n, freq=freq)})
    steps = np.arange(n)
    frame["aware"] = 0.40 + 0.02 * np.sin(steps)
    frame["percent"] = 100 * frame["aware"]
    frame["n"] = 300 + 50 * (steps % 3)
    frame["searches"] = 1000.0 + 70 * np.cos(steps)
    return frame


def take(frame=None, **changes):
    given = SURVEY | changes
    return mmm.Tracker.from_frame(waves() if frame is None else frame, **{"date": "wave", **given})


# --- what is taken ----------------------------------------------------------------------------------------------------


def test_a_survey_has_the_error_of_its_respondents():
    tracker = take(sample_size="n", design_effect=1.5)
    frame = waves()
    expected = np.sqrt(1.5 * frame["aware"] * (1 - frame["aware"]) / frame["n"])
    np.testing.assert_allclose(tracker.error, expected, rtol=1e-14)
    np.testing.assert_array_equal(tracker.values, frame["aware"])
    np.testing.assert_array_equal(tracker.sample_size, frame["n"])
    np.testing.assert_array_equal(tracker.dates, frame["wave"])
    assert (tracker.name, tracker.unit, tracker.design_effect) == ("aware", "share", 1.5)
    # n = 400 and p = .4 is the textbook's 2.4 points
    assert sampling_error(np.array([0.4]), sample_size=np.array([400]), design_effect=1.0)[0] == pytest.approx(
        0.0245, 2e-3
    )


def test_percent_is_a_hundred_times_share():
    share, percent = take(), take(value="percent", unit="percent")
    np.testing.assert_allclose(percent.values, share.values, rtol=1e-14)
    np.testing.assert_allclose(percent.error, share.error, rtol=1e-14)
    assert percent.unit == "percent"


def test_an_index_is_left_as_it_came_with_an_unknown_error():
    frame = waves().assign(searches=lambda f: f["searches"] - 1000)  # below zero at times, as a score may be
    tracker = mmm.Tracker.from_frame(frame, date="wave", name="branded search", **INDEX)
    np.testing.assert_array_equal(tracker.values, frame["searches"])
    assert np.isnan(tracker.error).all()
    assert tracker.sample_size is None
    assert tracker.name == "branded search"


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_nobody_still_has_an_error(share):
    frame = waves()
    frame.loc[2, "aware"] = share
    assert take(frame).error[2] == pytest.approx(np.sqrt(0.5 / 400 * (1 - 0.5 / 400) / 400))


CONVERSIONS = {
    "polars": pl.from_pandas,
    "pyarrow": lambda f: pa.Table.from_pandas(f, preserve_index=False),
    "narwhals": nw.from_native,
    "nullable": lambda f: f.convert_dtypes(dtype_backend="numpy_nullable"),
    "iso text": lambda f: f.assign(wave=f["wave"].dt.strftime("%Y-%m-%d")),
    "objects": lambda f: f.astype(object),
    "backwards": lambda f: f.iloc[::-1],
}


@pytest.mark.parametrize("convert", CONVERSIONS.values(), ids=CONVERSIONS)
def test_every_library_gives_the_same_tracker(convert):
    tracker, expected = take(convert(waves()), sample_size="n"), take(sample_size="n")
    np.testing.assert_array_equal(tracker.dates, expected.dates)
    np.testing.assert_array_equal(tracker.values, expected.values)
    np.testing.assert_array_equal(tracker.error, expected.error)


def test_what_was_done_is_noted_and_stays_with_the_data(make_frame, load):
    tracker = take(waves().iloc[::-1].assign(wave=lambda f: f["wave"].dt.strftime("%Y-%m-%d")))
    assert any("sorted by 'wave'" in note for note in tracker.notes)
    notes = " ".join(load(make_frame(), tracker=tracker).notes)
    for words in (
        "Tracker: The waves were not in order",
        "Tracker: The dates in 'wave' are text",
        "middle of their field",
    ):
        assert words in notes


def test_it_is_frozen():
    tracker = take(sample_size="n")
    for array in (tracker.values, tracker.sample_size):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(AttributeError):
        tracker.name = "other"


def test_it_says_what_it_is():
    assert repr(take()) == "<Tracker 'aware': 8 waves (share), 2022-01-19 to 2023-10-18>"


# --- what is refused --------------------------------------------------------------------------------------------------


def put(column, value, row=3):
    def change(frame):
        frame[column] = frame[column].astype(object)
        frame.loc[row, column] = value
        return frame

    return change


def same(frame):
    return frame


REFUSED = [
    ("no frame", lambda f: f["aware"].tolist(), {}, r"the tracker must be a data frame; got list"),
    ("empty", lambda f: f.iloc[:0], {}, r"the tracker is empty(.|\n)*check the query"),
    ("lazy", lambda f: pl.from_pandas(f).lazy(), {}, "the tracker is a lazy frame"),
    ("missing column", same, {"value": "awar"}, r"the tracker has no column 'awar' \(value; did you mean 'aware'"),
    ("missing sample size", same, {"sample_size": "m"}, r"no column 'm' \(sample_size"),
    ("missing date column", same, {"date": "week"}, r"no column 'week' \(date"),
    ("name not text", same, {"name": 3}, "the name given for name is 3"),
    ("blank name", same, {"name": " "}, "the name given for name is blank"),
    (
        "gap in values",
        put("aware", None),
        {},
        r"'aware' \(value\) of the tracker is missing(.|\n)*gaps between waves are",
    ),
    ("NaN", lambda f: f.assign(aware=f["aware"].where(f.index != 3)), {}, r"is NaN(.|\n)*dropna"),
    ("infinite", lambda f: f.assign(aware=np.inf), {}, "is infinite in 8 row"),
    ("text", put("percent", "41%"), {"value": "percent", "unit": "percent"}, r"holds text: '41%'(.|\n)*percent signs"),
    ("truth values", lambda f: f.assign(aware=f.index > 3), {}, "holds True and False"),
    ("gap in sizes", put("n", None), {"sample_size": "n"}, r"'n' \(sample_size\) of the tracker is missing"),
    ("missing date", put("wave", None), {}, "has 1 missing date"),
    ("time of day", lambda f: f.assign(wave=f["wave"] + pd.Timedelta(hours=9)), {}, "has times of day"),
    (
        "duplicate",
        lambda f: pd.concat([f, f.iloc[[2]]]),
        {},
        r"several rows for the same date: 2022-07-20(.|\n)*one brand, one question and one region",
    ),
    ("too few", lambda f: f.iloc[: MIN_WAVES - 1], {}, r"has 5 waves; at least 6 are needed"),
    ("constant", lambda f: f.assign(aware=0.4), {}, r"'aware' \(value\) of the tracker is the same in every wave: 0.4"),
    ("no unit", same, {"unit": None}, r"unit is None(.|\n)*\"share\" for 0 to 1"),
    ("odd unit", same, {"unit": "pct"}, "unit is 'pct'; it must be one of 'share', 'percent', 'index'"),
    ("percent as share", same, {"value": "percent"}, r"above 1, which a share cannot be(.|\n)*pass unit=\"percent\""),
    ("volume as share", same, {"value": "searches"}, r"above 1, which a share cannot be(.|\n)*unit=\"index\""),
    (
        "one percent among shares",
        put("aware", 41.0),
        {},
        r"is above 1.* in 1 wave\(s\): 41 on 2022-10-19(.|\n)*one unit",
    ),
    ("share as percent", same, {"unit": "percent"}, r"at most 1 throughout, as shares are(.|\n)*pass unit=\"share\""),
    (
        "one share among percents",
        put("percent", 0.41),
        {"value": "percent", "unit": "percent"},
        r"is like a share in 1 wave\(s\): 0.41 on 2022-10-19(.|\n)*bring all rows to percent",
    ),
    ("volume as percent", same, {"value": "searches", "unit": "percent"}, r"above 100(.|\n)*unit=\"index\""),
    ("negative share", put("aware", -0.1), {}, r"is negative in 1 wave\(s\): -0.1 on 2022-10-19"),
    (
        "survey without size",
        same,
        {"sample_size": None},
        r"unit='share' without sample_size(.|\n)*respondents per wave",
    ),
    ("index with size", same, {"unit": "index"}, r"unit='index' with sample_size=400(.|\n)*leave both out"),
    ("index with effect", same, {**INDEX, "sample_size": None, "design_effect": 2.0}, "and design_effect=2.0"),
    ("zero size", same, {"sample_size": 0}, "sample_size must be at least 1; got 0"),
    ("negative size", same, {"sample_size": -400}, "sample_size must be at least 1; got -400"),
    ("infinite size", same, {"sample_size": float("inf")}, "sample_size must be at least 1; got inf"),
    ("zero size in a wave", put("n", 0), {"sample_size": "n"}, r"column 'n' \(sample_size\).*: 0 on 2022-10-19"),
    ("size of another kind", same, {"sample_size": [400]}, r"must be a number or a column name; got \[400\]"),
    ("size as truth", same, {"sample_size": True}, "must be a number or a column name; got True"),
    ("zero effect", same, {"design_effect": 0}, "design_effect is 0"),
    ("effect as text", same, {"design_effect": "1.5"}, "design_effect is '1.5'"),
]


@pytest.mark.parametrize(("change", "arguments", "message"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_refused(change, arguments, message):
    with pytest.raises(DataError, match=message) as caught:
        take(change(waves()), **arguments)
    assert caught.value.why
    assert caught.value.fix
    assert isinstance(caught.value, ColumnError) == ("no column" in message)


def test_low_percentages_are_percentages():
    frame = waves().assign(percent=[0.8, 1.2, 0.9, 1.1, 1.3, 1.6, 0.7, 1.0])
    assert take(frame, value="percent", unit="percent").values[1] == pytest.approx(0.012)


# --- its place in the data --------------------------------------------------------------------------------------------


def test_waves_are_tied_to_the_week_that_holds_them(make_frame, load):
    tracker = take(sample_size="n")
    data = load(make_frame(), tracker=tracker)
    assert data.has_tracker
    assert data.dataset["tracker"].dims == data.dataset["tracker_error"].dims == ("wave",)
    np.testing.assert_array_equal(data.dataset["wave"], tracker.dates - pd.Timedelta(days=2))  # Wednesday to Monday
    np.testing.assert_array_equal(data.dataset["tracker"], tracker.values)
    np.testing.assert_array_equal(data.dataset["tracker_error"], tracker.error)
    assert (data.description.tracker, data.description.tracker_unit) == ("aware", "share")
    assert "tracker:  aware, 8 waves" in repr(data)


def test_without_a_tracker_there_are_no_waves(make_frame, load):
    data = load(make_frame())
    assert not data.has_tracker
    assert data.dataset.sizes["wave"] == 0
    assert data.dataset["wave"].dtype == "datetime64[ns]"
    assert data.description.tracker is None
    assert "tracker" not in repr(data)


@pytest.mark.parametrize(
    ("start", "n", "freq"), [("2022-01-03", 104, "W-MON"), ("2005-01-31", 60, "ME"), ("2005-01-15", 400, "D")]
)
def test_calendars_of_every_frequency(make_frame, load_quietly, start, n, freq):
    frame = make_frame(n, freq=freq, start=start)
    irregular = np.sort(np.random.default_rng(2).choice(n, 9, replace=False))
    at = frame["week"].iloc[irregular]
    data = load_quietly(frame, tracker=take(waves(9).assign(wave=at.to_numpy())))
    np.testing.assert_array_equal(data.dataset["wave"], at)


def test_a_month_is_the_calendar_month_whatever_day_labels_it(make_frame, load):
    frame = make_frame(36, freq="ME", start="2022-01-31")
    tracker = take(waves(8, start="2022-02-01", freq="MS"))
    months = load(frame, tracker=tracker).dataset["wave"].values
    np.testing.assert_array_equal(months, frame["week"][1:9])


@settings(max_examples=30, deadline=None)
@given(
    frequency=st.sampled_from(["daily", "weekly", "monthly"]), n=st.integers(2, 40), step=st.integers(-60, 400),
    day=st.sampled_from([1, 15, 31]),
)  # fmt: skip
def test_a_day_is_in_the_period_that_has_begun_and_not_ended(frequency, n, step, day):
    first = pd.Timestamp(2023, 1, day)
    last = first + pd.Timedelta(days={"daily": n - 1, "weekly": 7 * (n - 1), "monthly": 0}[frequency])
    last = last if frequency != "monthly" else first + pd.DateOffset(months=n - 1)
    dates = expected_dates(first, last, frequency=frequency, day=day)
    edges = pd.period_range("2023-01", periods=n + 1, freq="M").to_timestamp() if frequency == "monthly" else None
    if edges is None:
        edges = dates.append(dates[-1:] + (dates[1] - dates[0]))
    when = first + pd.Timedelta(days=step)
    holds = np.flatnonzero((edges[:-1] <= when) & (when < edges[1:]))
    assert period_rows(pd.DatetimeIndex([when]), dates=dates, frequency=frequency).tolist() == (holds.tolist() or [-1])


def test_surveys_in_one_period_pool_their_respondents(make_frame, load):
    weekly = waves(24, start="2022-02-02", freq="7D")
    data = load(make_frame(36, freq="MS", start="2022-01-01"), tracker=take(weekly, sample_size="n", design_effect=1.4))
    by_month = weekly.assign(yes=weekly["aware"] * weekly["n"]).groupby(weekly["wave"].dt.to_period("M"))
    n, share = by_month["n"].sum(), by_month["yes"].sum() / by_month["n"].sum()
    np.testing.assert_array_equal(data.dataset["wave"], n.index.to_timestamp())
    np.testing.assert_allclose(data.dataset["tracker"], share, rtol=1e-13)
    np.testing.assert_allclose(data.dataset["tracker_error"], np.sqrt(1.4 * share * (1 - share) / n), rtol=1e-13)
    assert any("pooled, in the periods of 2022-02-01" in note for note in data.notes)


PLACES = [
    ("frame", lambda: waves(), r"tracker must be an mmm.Tracker; got DataFrame(.|\n)*Tracker.from_frame"),
    ("column name", lambda: "aware", "tracker must be an mmm.Tracker; got str"),
    (
        "early",
        lambda: take(waves(start="2021-12-29")),
        r"'aware' has 1 wave\(s\) outside the data, whose weekly periods .* 2022-01-03 to 2023-12-25: 2021-12-29"
        r"(.|\n)*cut the waves",
    ),
    ("late", lambda: take(waves(start="2022-05-04")), r"has 1 wave\(s\) outside the data.*: 2024-01-31"),
    (
        "an index twice in a week",
        lambda: take(waves(start="2022-01-05", freq="4D"), sample_size=None, **INDEX),
        r"'searches' has several waves in \d of the data's weekly periods(.|\n)*one row for each whole period",
    ),
    (
        "too few once pooled",
        lambda: take(waves(start="2022-01-05", freq="4D")),
        "has 5 waves once they are tied to weekly periods; at least 6",
    ),
    ("named as a row of tables", lambda: take(name="total"), "may not be named 'total'"),
    ("named as a channel", lambda: take(name="TV"), "channels, controls and the tracker: 'tv' and 'TV' are the same"),
]


@pytest.mark.parametrize(("tracker", "message"), [case[1:] for case in PLACES], ids=[case[0] for case in PLACES])
def test_refused_with_the_data(make_frame, load, tracker, message):
    with pytest.raises(DataError, match=message):
        load(make_frame(), tracker=tracker())


def test_the_last_days_of_the_last_week_are_inside(make_frame, load):
    frame = waves()
    frame.loc[N_WAVES - 1, "wave"] = pd.Timestamp("2023-12-31")
    data = load(make_frame(), tracker=take(frame))
    assert data.dataset["wave"].values[-1] == data.dates[-1] == pd.Timestamp("2023-12-25")


def test_a_tracker_and_all_of_it_are_in_the_fingerprint(make_frame, load):
    frame = make_frame()
    trackers = [
        None,
        take(),
        take(sample_size=500),
        take(design_effect=1.2),
        take(name="awareness"),
        take(value="percent", unit="percent"),
        take(waves().assign(wave=lambda f: f["wave"] + pd.Timedelta(days=7))),
        take(waves().iloc[1:]),
        take(sample_size=None, **INDEX),
    ]
    prints = [load(frame, tracker=tracker).fingerprint for tracker in trackers]
    assert len(set(prints)) == len(prints)


def test_data_without_a_tracker_keep_the_fingerprint_they_always_had():
    frame = pd.DataFrame({"week": pd.date_range("2022-01-03", periods=104, freq="W-MON"), "tv": np.arange(104.0) % 9})
    frame["revenue"] = 100 + 2 * frame["tv"]
    data = mmm.MarketingData.from_frame(frame, date="week", outcome="revenue", spend=["tv"])
    # computed by the version before there were trackers: fits saved by it name their data by this
    assert data.fingerprint == "98ee2988df9812a668d9cb18e8e74d9da85c68c555088eab862e07153ba0ddfb"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda data: pickle.loads(pickle.dumps(data))])
def test_copies_keep_it(make_frame, load, again):
    data = load(make_frame(), tracker=take())
    other = again(data)
    assert other.fingerprint == data.fingerprint
    assert other.dataset.identical(data.dataset)
    assert not other.dataset["tracker"].values.flags.writeable


def test_parts_stored_before_there_were_trackers_are_restored(make_frame, load):
    data = load(make_frame())
    words = data.description.model_dump(exclude={"tracker", "tracker_unit"})
    old = mmm.MarketingData.restore(data.dataset.drop_dims("wave"), type(data.description)(**words), data.notes)
    assert old.fingerprint == data.fingerprint
    assert not old.has_tracker


def test_half_a_tracker_and_waves_beyond_the_dates_are_not_restored(make_frame, load):
    data = load(make_frame(), tracker=take())
    with pytest.raises(DataError, match="lack tracker_error"):
        mmm.MarketingData.restore(data.dataset.drop_vars("tracker_error"), data.description, ())
    with pytest.raises(DataError, match=r"waves of the tracker outside their dates(.|\n)*cut the waves together"):
        mmm.MarketingData.restore(data.dataset.isel(date=slice(0, 60)), data.description, ())


def test_panels_pass_with_one_national_tracker(make_panel, load):
    assert load(make_panel(), geo="region", tracker=take()).dataset["tracker"].shape == (N_WAVES,)


# --- a tracker as a control -------------------------------------------------------------------------------------------

MEDIATORS = [
    "awareness", "aided_awareness", "Brand Consideration", "salience", "brand_search", "brandSearches",
    "branded_queries", "brand_query_volume", "BRAND-SENTIMENT", "brand_health", "branded search index",
    "direct_traffic",
]  # fmt: skip
NOT_MEDIATORS = [
    "consumer_sentiment", "consumer_confidence", "competitor_awareness", "rival_brand_search", "category_searches",
    "brand_price", "own_brand_distribution", "brand_search_spend", "nonbrand_search", "brand", "direct_mail",
    "stock_market_sentiment", "branded_competitor_price", "new_brand_launch", "rain",
]  # fmt: skip


@pytest.mark.parametrize("name", MEDIATORS)
def test_a_tracker_among_the_controls_is_warned_of(make_frame, load, name):
    with pytest.warns(DataWarning, match=r"measure the brand: .*under-credits brand spend.*tracker=mmm\.Tracker"):
        data = load(make_frame().rename(columns={"rain": name}), controls=["price", name])
    assert any(name in note for note in data.notes)


@pytest.mark.parametrize("name", NOT_MEDIATORS)
def test_other_controls_are_not(make_frame, load, recwarn, name):
    load(make_frame().rename(columns={"rain": name}), controls=["price", name])
    assert not recwarn.list
