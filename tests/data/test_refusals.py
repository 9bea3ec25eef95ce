"""Everything the door refuses, each by the words it refuses it with."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mmm.errors import ColumnError, DataError


def put(column, value, row=3):
    """Write one value into a column, whatever its type."""

    def change(frame):
        frame[column] = frame[column].astype(object)
        frame.loc[row, column] = value
        return frame

    return change


def column(name, values):
    """Replace or add a column; values may be a function of the frame."""
    return lambda frame: frame.assign(**{name: values(frame) if callable(values) else values})


def same(frame):
    return frame


FRAMES = [
    ("empty", lambda f: f.iloc[:0], "the data is empty: 0 rows"),
    ("dict", lambda f: f.to_dict("list"), "must be a data frame; got dict"),
    ("array", lambda f: f.to_numpy(), "must be a data frame; got ndarray"),
    ("series", lambda f: f["tv"], "must be a data frame; got Series"),
    ("none", lambda _: None, "must be a data frame; got NoneType"),
    ("path", lambda _: "sales.csv", "must be a data frame; got str"),
    ("lazy", lambda f: pl.from_pandas(f).lazy(), r"lazy frame(.|\n)*\.collect\(\)"),
    ("repeated columns", lambda f: pd.concat([f, f[["tv"]]], axis=1), "several columns of the same name: 'tv'"),
    (
        "repeated arrow columns",
        lambda f: pa.table([pa.array(f["tv"]), pa.array(f["tv"])], names=["tv", "tv"]),
        "several columns of the same name: 'tv'",
    ),
    ("date in index", lambda f: f.set_index("week"), r"'week' is in the index: call \.reset_index"),
]

NAMES = [
    ("date", {"date": "weak"}, "no column 'weak' .date; did you mean 'week'"),
    ("outcome", {"outcome": "Revenue "}, "no column 'Revenue ' .outcome; did you mean 'revenue'"),
    ("spend", {"spend": ["tvv"]}, "'tvv' .spend of channel 'tvv'; did you mean 'tv'"),
    ("mapped spend", {"spend": {"television": "tv_gbp"}}, "'tv_gbp' .spend of channel 'television'"),
    ("exposure", {"exposure": {"tv": "grp"}}, "'grp' .exposure of channel 'tv'; did you mean 'grps'"),
    ("control", {"controls": ["prices"]}, "'prices' .control; did you mean 'price'"),
    ("geo", {"geo": "region"}, "'region' .geo"),
    ("population", {"geo": "week2", "population": "people"}, "'people' .population"),
    ("outcome_value", {"outcome_value": "prise"}, "'prise' .outcome_value; did you mean 'price'"),
    ("margin", {"margin": "margins"}, "'margins' .margin.*It has: 'week', 'tv'"),
    ("two at once", {"spend": ["tvv", "serch"]}, "no columns 'tvv'.*'serch'.*did you mean 'search'"),
]

ARGUMENTS = [
    ("outcome as spend", {"spend": ["tv", "revenue"]}, "'revenue' has two roles: outcome and spend"),
    ("one column, two channels", {"spend": {"a": "tv", "b": "tv"}}, "'tv' has two roles"),
    ("date as control", {"controls": ["week"]}, "'week' has two roles: date and control"),
    ("spend as exposure", {"exposure": {"tv": "tv"}}, "'tv' has two roles"),
    ("control twice", {"controls": ["price", "price"]}, "'price' has two roles: control and control"),
    ("channel twice", {"spend": ["tv", "tv"]}, "channel 'tv' is named twice"),
    ("no channels", {"spend": []}, "no channels"),
    ("spend as text", {"spend": "tv"}, r"spend must be a list(.|\n)*spend=\['tv'\]"),
    ("spend as None", {"spend": None}, "spend must be a list"),
    ("controls as text", {"controls": "price"}, "controls must be a list"),
    ("exposure as list", {"exposure": ["grps"]}, "exposure must map channels to columns; got list"),
    ("exposure without spend", {"exposure": {"organic": "grps"}}, r"no spend(.|\n)*enter organic .* as a control"),
    ("population without geo", {"population": "price"}, "given without geo"),
    ("channel not text", {"spend": {1: "tv"}}, "name given for channel is 1, a int"),
    ("blank channel", {"spend": {" ": "tv"}}, "name given for channel is blank"),
    ("blank control", {"controls": [""]}, "name given for controls is blank"),
    ("unreadable name", {"spend": {"!!": "tv"}}, "'!!' has no letter or digit"),
    ("reserved total", {"spend": {"Total": "tv"}}, "may not be named 'Total'"),
    ("reserved baseline", {"spend": {"baseline": "tv"}}, "may not be named 'baseline'"),
    ("colliding names", {"spend": {"TV ": "tv", "tv": "search"}}, "'TV ' and 'tv' are the same name"),
    ("channel like control", {"spend": {"Price": "tv"}, "controls": ["price"]}, "'Price' and 'price' are the same"),
    ("blank currency", {"currency": " "}, "currency is ' '"),
    ("currency not text", {"currency": None}, "currency is None"),
    ("blank unit", {"outcome_unit": ""}, "outcome_unit is ''"),
    ("unit and value", {"outcome_unit": "GBP", "outcome_value": 2}, "says the outcome is money, and"),
    ("other currency", {"outcome_unit": "USD"}, "outcome is in USD and the spend in GBP"),
    ("value zero", {"outcome_value": 0}, "outcome_value must be positive; got 0"),
    ("value negative", {"outcome_value": -1.5}, "outcome_value must be positive; got -1.5"),
    ("value infinite", {"outcome_value": np.inf}, "outcome_value is inf"),
    ("value a list", {"outcome_value": [1, 2]}, "must be a number or a column name"),
    ("value True", {"outcome_value": True}, "must be a number or a column name; got True"),
    ("margin percent", {"margin": 40}, r"margin must be above 0 .*got 40; did you mean 0\.40"),
    ("margin zero", {"margin": 0.0}, "margin must be above 0"),
    ("margin NaN", {"margin": float("nan")}, "margin is nan"),
    ("margin without value", {"outcome_unit": "signups", "margin": 0.4}, r"margin=0\.4 was given, but"),
]

TIME = [
    ("missing date", put("week", None), "1 missing date.*row 3"),
    ("missing timestamp", put("week", pd.NaT), "1 missing date"),
    ("year numbers", column("week", range(104)), "holds numbers: '0' .row 0"),
    ("date numbers", column("week", 20240304), "holds numbers: '20240304'"),
    ("slashes", column("week", lambda f: f["week"].dt.strftime("%d/%m/%Y")), "not an ISO date: '03/01/2022'"),
    ("words", put("week", "soon"), "mixes text and dates: .*"),
    (
        "no such day",
        column("week", lambda f: ["2024-02-30", *f["week"].astype(str)[1:]]),
        "no calendar has: '2024-02-30'",
    ),
    ("month only", column("week", lambda f: f["week"].dt.strftime("%Y-%m")), "not an ISO date: '2022-01'"),
    ("zoned text", column("week", lambda f: f["week"].dt.strftime("%Y-%m-%dT00:00:00Z")), "text with a time zone"),
    ("timed text", column("week", lambda f: f["week"].dt.strftime("%Y-%m-%d 09:30")), "has times of day"),
    ("periods", column("week", lambda f: f["week"].dt.to_period("W")), r"pandas Periods(.|\n)*to_timestamp"),
    ("other things", column("week", lambda f: [dt.time(9)] * len(f)), "holds time values"),
    ("time of day", column("week", lambda f: f["week"] + pd.Timedelta(hours=9)), "has times of day: '2022-01-03 09"),
    ("hourly", column("week", lambda f: pd.date_range("2024", periods=len(f), freq="h")), "finer than daily .hourly"),
    ("far future", put("week", dt.date(9999, 12, 31)), "outside 1900-2200"),
    (
        "not local midnight",
        column("week", lambda f: f["week"].dt.tz_localize("Europe/Paris").dt.tz_convert("UTC")),
        "times of day",
    ),
    ("zoned and naive", put("week", pd.Timestamp("2022-01-24", tz="UTC")), "mixes dates with and without a time zone"),
    (
        "several zones",
        column("week", lambda f: [t.tz_localize("UTC" if t.month < 5 else "Asia/Tokyo") for t in f["week"]]),
        "mixes time zones: Asia/Tokyo, UTC",
    ),
    ("duplicate period", lambda f: pd.concat([f, f.iloc[[5]]]), "several rows for the same date: 2022-02-07"),
    ("panel without geo", lambda f: pd.concat([f, f]), r"several rows for every date(.|\n)*pass geo="),
    (
        "panel with a candidate",
        lambda f: pd.concat([f.assign(area="a"), f.assign(area="b")]),
        r"several rows for every date(.|\n)*pass geo='area'",
    ),
    ("one row", lambda f: f.iloc[:1], "single period, 2022-01-03"),
    ("too short", lambda f: f.iloc[:51], "51 weeks; at least 52 are needed"),
]

NUMBERS = [
    ("thousands separators", put("tv", "1,200"), r"holds text: '1,200' on 2022-01-24(.|\n)*thousands separators"),
    ("currency signs", put("tv", "£5"), "holds text: '£5'"),
    ("number as text", column("tv", lambda f: f["tv"].astype(str)), r"holds text(.|\n)*pd.to_numeric\(df\[column\]\)"),
    ("blank text", put("tv", " "), r"holds text: ' '(.|\n)*blank text is a missing value"),
    ("words", put("revenue", "n/a"), r"column 'revenue' .outcome. of the data holds text(.|\n)*does not hold numbers"),
    ("booleans", column("tv", lambda f: f["tv"] > 500), "holds True and False"),
    ("complex", column("tv", lambda f: f["tv"] + 1j), "holds complex values"),
    ("dates", column("tv", lambda f: f["week"]), "holds Timestamp values"),
    ("lists", column("tv", lambda f: [[1.0]] * len(f)), "holds list values"),
    (
        "null",
        lambda f: f.astype({"tv": "Float64"}).pipe(put("tv", pd.NA)),
        "is missing in 1 row.s.: <NA> on 2022-01-24",
    ),
    ("None", put("tv", None), "is missing in 1 row"),
    ("NaN", put("revenue", np.nan), r"is NaN .not a number. in 1 row"),
    ("infinity", put("tv", -np.inf), "is infinite in 1 row.s.: -inf on 2022-01-24"),
    ("too big", put("tv", 10**400), "is infinite"),
    ("signalling NaN", put("tv", Decimal("sNaN")), "is NaN"),
    ("overflowing", put("tv", 1e308), r"is beyond 1e\+100"),
    ("negative spend", put("tv", -5.0), "'tv' .spend of channel 'tv'. of the data is negative in 1 row.s.: -5 on"),
    ("many negative", column("tv", -1.0), r"negative in 104 row.*on 2022-01-31 and 99 more"),
    ("outcome equal", column("revenue", 5.0), "outcome 'revenue' is the same in every period: 5"),
    ("outcome zero mean", column("revenue", lambda f: f["price"] - f["price"].mean() - 1), "has a mean of -1"),
    ("channel zero", column("tv", 0), "spend of channel 'tv' is zero in every row"),
    ("channel constant", column("tv", 100.0), "spend of channel 'tv' is constant throughout .100"),
]

CONTROLS = [
    ("text", column("price", ["low", "high"] * 52), r"holds text: 'low'(.|\n)*get_dummies"),
    ("text numbers", column("price", lambda f: f["price"].round(2).astype(str)), r"holds text(.|\n)*to_numeric"),
    ("missing", put("price", np.nan), "'price' .control. of the data is NaN"),
    ("constant", column("price", 1), "control 'price' is constant throughout .1"),
    ("identical", column("rain", lambda f: f["price"]), "controls 'price' and 'rain' are identical"),
    (
        "proportional",
        column("rain", lambda f: 3 - 2 * f["price"]),
        "'rain' is a combination of others: a constant -2 x 'price'",
    ),
    (
        "like spend",
        column("rain", lambda f: 7 + f["tv"] / 3),
        "'rain' is perfectly correlated with the spend of channel 'tv'",
    ),
]


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in FRAMES], ids=[case[0] for case in FRAMES])
def test_not_a_usable_frame(make_frame, load, change, message):
    with pytest.raises(DataError, match=message):
        load(change(make_frame()))


@pytest.mark.parametrize(("arguments", "message"), [case[1:] for case in NAMES], ids=[case[0] for case in NAMES])
def test_missing_column_in_each_role(make_frame, load, arguments, message):
    with pytest.raises(ColumnError, match=message):
        load(make_frame(), **arguments)


@pytest.mark.parametrize(
    ("arguments", "message"), [case[1:] for case in ARGUMENTS], ids=[case[0] for case in ARGUMENTS]
)
def test_arguments_that_make_no_sense(make_frame, load, arguments, message):
    with pytest.raises(DataError, match=message):
        load(make_frame(), **arguments)


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in TIME], ids=[case[0] for case in TIME])
def test_time(make_frame, load, change, message):
    with pytest.raises(DataError, match=message):
        load(change(make_frame()))


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in NUMBERS], ids=[case[0] for case in NUMBERS])
def test_numbers(make_frame, load, change, message):
    with pytest.raises(DataError, match=message):
        load(change(make_frame()))


@pytest.mark.parametrize(("change", "message"), [case[1:] for case in CONTROLS], ids=[case[0] for case in CONTROLS])
def test_controls(make_frame, load, change, message):
    with pytest.raises(DataError, match=message):
        load(change(make_frame()), controls=["price", "rain"])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (0.0, "exposure of channel 'tv' is zero in every row"),
        (3.0, "exposure of channel 'tv' is constant throughout"),
        (-1.0, "exposure of channel 'tv'. of the data is negative"),
    ],
)
def test_exposure(make_frame, load, values, message):
    with pytest.raises(DataError, match=message):
        load(make_frame().assign(grps=values), exposure={"tv": "grps"})


def test_exposure_without_any_spend_is_refused(make_frame, load):
    with pytest.raises(DataError, match="spend of channel 'tv' is zero in every row"):
        load(make_frame().assign(tv=0), exposure={"tv": "grps"})


def test_economics_columns_are_checked_row_by_row(make_frame, load):
    frame = make_frame().assign(value=2.0, share=0.5)
    frame.loc[4, "value"], frame.loc[5, "share"] = -1.0, 1.5
    with pytest.raises(DataError, match=r"'value' \(outcome_value\): -1 on 2022-01-31"):
        load(frame, outcome_value="value")
    with pytest.raises(DataError, match=r"'share' \(margin\): 1\.5 on 2022-02-07"):
        load(frame, margin="share")
    with pytest.raises(DataError, match=r"did you mean 0\.35"):
        load(frame.assign(share=35.0), margin="share")


def test_dummies_that_add_up_to_the_intercept_or_each_other_are_refused(make_frame, load):
    frame = make_frame()
    quarter = frame["week"].dt.quarter
    dummies = {f"q{q}": (quarter == q) for q in (1, 2, 3, 4)}
    with pytest.raises(DataError, match="'q4' is a combination of others: a constant -1 x 'q1' -1 x 'q2' -1 x 'q3'"):
        load(frame.assign(**dummies), controls=list(dummies))


def test_more_controls_than_rows_are_refused(make_frame, load):
    rng = np.random.default_rng(3)
    frame = make_frame()
    names = [f"noise{i}" for i in range(110)]
    frame = pd.concat([frame, pd.DataFrame(rng.normal(size=(104, 110)), columns=names)], axis=1)
    with pytest.raises(DataError, match=r"combination of others|110 controls for 104 rows"):
        load(frame, controls=names)


def test_every_refusal_says_what_why_and_what_to_do(make_frame, load):
    with pytest.raises(DataError) as caught:
        load(make_frame().assign(tv=Decimal("-1.5")))
    assert caught.value.what
    assert "Why it matters" in str(caught.value)
    assert "What to do" in str(caught.value)
