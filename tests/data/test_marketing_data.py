"""The door as a whole: what comes out, from every library, and that it stays as it is."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import narwhals as nw
import narwhals.stable.v2 as nw_stable
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings, strategies as st

from mmm.data import DataDescription, MarketingData
from mmm.data.dataset import VARIABLES
from mmm.errors import DataError, DataWarning

ALL = {"controls": ["price", "rain"], "exposure": {"tv": "grps"}, "margin": 0.4}


def test_shapes_names_and_types(make_frame, load):
    frame = make_frame()
    data = load(frame, **ALL)
    assert data.channels == ("tv", "search")
    assert data.controls == ("price", "rain")
    assert data.geos == ("national",)
    assert data.n_periods == 104
    assert data.dates.dtype == "datetime64[ns]"
    for name, dims in VARIABLES.items():
        assert data.dataset[name].dims == dims
        assert data.dataset[name].dtype == np.float64
    np.testing.assert_array_equal(data.dataset["driver"].sel(channel="tv")[0], frame["grps"])
    np.testing.assert_array_equal(data.dataset["driver"].sel(channel="search")[0], frame["search"])
    np.testing.assert_array_equal(data.dataset["spend"].sel(channel="tv")[0], frame["tv"])
    np.testing.assert_array_equal(data.dataset["controls"].sel(control="rain")[0], frame["rain"])
    assert load(frame).dataset["controls"].shape == (1, 104, 0)


def test_mapping_renames_channels(make_frame, load):
    data = load(make_frame(), spend={"television": "tv"})
    assert data.channels == ("television",)
    assert data.description.spend == {"television": "tv"}


CONVERSIONS = {
    "polars": lambda f: pl.from_pandas(f),
    "polars date": lambda f: pl.from_pandas(f).with_columns(pl.col("week").cast(pl.Date)),
    "pyarrow": lambda f: pa.Table.from_pandas(f, preserve_index=False),
    "pyarrow date32": lambda f: pa.Table.from_pandas(f.assign(week=f["week"].dt.date), preserve_index=False),
    "pandas arrow types": lambda f: f.convert_dtypes(dtype_backend="pyarrow"),
    "pandas nullable": lambda f: f.convert_dtypes(dtype_backend="numpy_nullable"),
    "pandas objects": lambda f: f.astype(object),
    "python dates": lambda f: f.assign(week=f["week"].dt.date),
    "one time zone": lambda f: f.assign(week=f["week"].dt.tz_localize("Europe/London")),
    "polars time zone": lambda f: pl.from_pandas(f).with_columns(pl.col("week").dt.replace_time_zone("Asia/Tokyo")),
    "iso text": lambda f: f.assign(week=f["week"].dt.strftime("%Y-%m-%d")),
    "iso categories": lambda f: f.assign(week=f["week"].dt.strftime("%Y-%m-%d").astype("category")),
    "iso text with midnight": lambda f: f.assign(week=f["week"].dt.strftime("%Y-%m-%dT00:00:00")),
    "narwhals": lambda f: nw.from_native(f),
    "narwhals stable": lambda f: nw_stable.from_native(pl.from_pandas(f)),
    "other index": lambda f: f.set_index(pd.Index(range(900, 900 + len(f)))),
}


@pytest.mark.parametrize("convert", CONVERSIONS.values(), ids=CONVERSIONS)
def test_every_library_gives_the_same_data(make_frame, load, convert):
    frame = make_frame()
    data, expected = load(convert(frame), **ALL), load(frame, **ALL)
    assert data.dataset.identical(expected.dataset)
    assert data.fingerprint == expected.fingerprint


@pytest.mark.parametrize("library", ["pandas", "polars", "arrow", "pandas arrow"])
def test_integers_and_decimals_are_numbers(make_frame, load, library):
    frame = make_frame()
    frame["revenue"] = frame["revenue"].round(2)
    frame["tv"] = frame["tv"].astype("int64")
    expected = load(frame)
    exact = frame.assign(revenue=[Decimal(f"{value:.2f}") for value in frame["revenue"]])
    if library == "polars":
        exact = pl.from_pandas(exact).with_columns(
            pl.col("revenue").cast(pl.Decimal(20, 2)), pl.col("tv").cast(pl.UInt16)
        )
    elif library == "arrow":
        exact = pa.Table.from_pandas(exact, preserve_index=False)
    elif library == "pandas arrow":
        exact["revenue"] = pd.array(exact["revenue"], dtype=pd.ArrowDtype(pa.decimal128(20, 2)))
        exact["tv"] = exact["tv"].astype("Int64")
    assert load(exact).fingerprint == expected.fingerprint


def test_boolean_controls_are_zero_and_one(make_frame, load):
    frame = make_frame()
    data = load(frame.assign(rain=frame["rain"] > 50), controls=["rain"])
    assert set(np.unique(data.dataset["controls"])) == {0.0, 1.0}


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_matter(make_panel, load_quietly, seed):
    frame = make_panel(60)
    shuffled = frame.sample(frac=1.0, random_state=np.random.default_rng(seed))
    arguments = {"geo": "region", "population": "people", **ALL}
    data, expected = load_quietly(shuffled, **arguments), load_quietly(frame, **arguments)
    assert data.dataset.identical(expected.dataset)
    assert data.fingerprint == expected.fingerprint


def test_sorting_is_said(make_frame, load):
    with pytest.warns(DataWarning, match="not in order of time; they were sorted by 'week'"):
        data = load(make_frame().iloc[::-1])
    assert any("sorted" in note for note in data.notes)
    assert data.dates.is_monotonic_increasing


def test_the_frame_is_never_changed(make_frame, load_quietly):
    frame = make_frame().iloc[::-1]
    before = frame.copy(deep=True)
    load_quietly(frame, **ALL)
    pd.testing.assert_frame_equal(frame, before)


def test_arrays_are_frozen_and_not_shared_with_the_frame(make_frame, load):
    frame = make_frame()
    data = load(frame)
    with pytest.raises(ValueError, match="read-only"):
        data.dataset["spend"].values[0, 0, 0] = 1.0
    first = float(data.dataset["spend"][0, 0, 0])
    frame.loc[0, "tv"] = 99.0
    assert float(data.dataset["spend"][0, 0, 0]) == first
    with pytest.raises(AttributeError):
        data.notes = ()


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda data: pickle.loads(pickle.dumps(data))])
def test_copies_are_equal_and_frozen_too(make_frame, load, again):
    data = load(make_frame(), **ALL)
    other = again(data)
    assert other.fingerprint == data.fingerprint
    assert other.notes == data.notes
    assert not any(other.dataset[name].values.flags.writeable for name in VARIABLES)


def test_restore_from_stored_parts(make_frame, load):
    data = load(make_frame(), **ALL)
    said = DataDescription.model_validate_json(data.description.model_dump_json())
    stored = data.dataset.copy(deep=True).transpose(..., "geo")
    stored["channel"] = stored["channel"].astype(object)  # as text comes back from files
    back = MarketingData.restore(stored, said, list(data.notes))
    assert back.fingerprint == data.fingerprint
    assert back.description == data.description
    with pytest.raises(DataError, match="lack margin"):
        MarketingData.restore(data.dataset.drop_vars("margin"), said, ())


@settings(max_examples=10, deadline=None)
@given(
    row=st.integers(0, 103), name=st.sampled_from(["tv", "grps", "price", "revenue"]), share=st.floats(0.5, 0.999999)
)
def test_any_changed_number_changes_the_fingerprint(make_frame, load, row, name, share):
    frame = make_frame()
    before = load(frame, **ALL).fingerprint
    frame.loc[row, name] *= share
    assert load(frame, **ALL).fingerprint != before


def test_a_changed_meaning_changes_the_fingerprint(make_frame, load):
    frame = make_frame()
    prints = [
        load(frame).fingerprint,
        load(frame, currency="EUR").fingerprint,
        load(frame, margin=0.4).fingerprint,
        load(frame, margin=0.5).fingerprint,
        load(frame, spend=["search", "tv"]).fingerprint,
        load(frame.assign(week=frame["week"] + pd.Timedelta(days=7))).fingerprint,
    ]
    assert len(set(prints)) == len(prints)
    assert load(frame).fingerprint == prints[0]


def test_repr_is_a_few_plain_lines(make_panel, load):
    text = repr(load(make_panel(), geo="region", **ALL))
    assert 5 <= len(text.splitlines()) <= 8
    for word in ("revenue", "GBP", "104 weekly", "2022-01-03", "tv, search", "price, rain", "margin ROI"):
        assert word in text


def test_description_is_frozen_and_round_trips(make_panel, load):
    said = load(make_panel(), geo="region", population="people", outcome_value="price", **ALL).description
    assert DataDescription.model_validate_json(said.model_dump_json()) == said
    with pytest.raises(ValueError, match="frozen"):
        said.currency = "EUR"


WARNED = [
    ("short", lambda f: f.iloc[:60], {}, "Only 60 weeks"),
    ("negative outcome", lambda f: f.assign(revenue=f["revenue"].where(f.index != 3, -7.0)), {}, "-7 on 2022-01-24"),
    (
        "money without exposure",
        lambda f: f.assign(grps=f["grps"].where(f.index > 20, 0.0)),
        {"exposure": {"tv": "grps"}},
        "of the money of channel 'tv' was spent where its exposure is zero",
    ),
    ("one plan", lambda f: f.assign(search=f["tv"] * 2), {}, "'tv' and 'search' move together"),
]


@pytest.mark.parametrize(("change", "arguments", "message"), [c[1:] for c in WARNED], ids=[c[0] for c in WARNED])
def test_warned_and_noted(make_frame, load, change, arguments, message):
    with pytest.warns(DataWarning, match=message):
        data = load(change(make_frame()), **arguments)
    assert any(message.split()[-1] in note for note in data.notes)


def test_good_data_pass_without_a_warning(make_frame, load, recwarn):
    load(make_frame(), **ALL)
    assert not recwarn.list


def test_a_flat_fee_is_fine_where_exposure_varies(make_frame, load):
    data = load(make_frame().assign(tv=100.0), exposure={"tv": "grps"})
    assert float(data.dataset["spend"].sel(channel="tv").std()) == 0.0


def test_zone_and_text_dates_are_noted(make_frame, load):
    frame = make_frame()
    zoned = load(frame.assign(week=frame["week"].dt.tz_localize("Europe/London")))
    assert any("Europe/London" in note for note in zoned.notes)
    text = load(frame.assign(week=frame["week"].dt.strftime("%Y-%m-%d")))
    assert any("read as ISO" in note for note in text.notes)
