"""The retailer's weeks are the source's, digit for digit, under plain names."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from mmm.datasets import load_retail_weekly

#: SHA-256 of every number but the dates, as little-endian doubles row by row, taken from the source file.
SOURCE_DIGEST = "c671160a3dbbba12373478f248224a1f1b75cf47f2953daa5509b06f1f3ffd49"

#: Column sums of the source file, added up in decimal arithmetic.
SOURCE_SUMS = {
    "sales": 22583339975.10,
    "direct_mail_spend": 158373363.44,
    "inserts_spend": 16610245.52,
    "newspaper_spend": 53203626.56,
    "digital_audio_spend": 803465.03,
    "radio_spend": 25624716.36,
    "tv_spend": 35145152.07,
    "digital_video_spend": 3865647.98,
    "social_spend": 21320203.80,
    "display_spend": 45115575.59,
    "search_spend": 130861971.62,
    "direct_mail_impressions": 1994802591,
    "inserts_impressions": 2607728906,
    "newspaper_impressions": 337944026,
    "digital_audio_impressions": 209588636,
    "radio_impressions": 4796765756,
    "tv_impressions": 2057815384,
    "digital_video_impressions": 229139149,
    "social_impressions": 2888439564,
    "display_impressions": 991096519,
    "search_impressions": 45352502,
    "email_impressions": 749375267,
    "sms_impressions": 17588477,
    "affiliates_impressions": 60771866,
    "consumer_sentiment": 19618.0,
    "petrol_price": 537.171,
    "store_count": 137726.8571428571,
    "markdown_value_add": 72.7526487728571,
    "markdown_pdm": 70.5267379211429,
    "value_add_15": 24,
    "value_add_20": 182,
    "value_add_25": 33,
    "value_add_30": 17,
}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return load_retail_weekly()


def test_weeks_are_sundays_without_gaps(frame):
    assert frame["week"].dtype == "datetime64[ns]"
    assert list(frame["week"]) == list(pd.date_range("2014-08-03", periods=209, freq="W-SUN"))


def test_every_number_is_the_source_s(frame):
    numbers = frame.drop(columns="week").to_numpy(dtype="<f8")
    assert hashlib.sha256(np.ascontiguousarray(numbers).tobytes()).hexdigest() == SOURCE_DIGEST


@pytest.mark.parametrize(("column", "total"), SOURCE_SUMS.items())
def test_column_sums_are_the_source_s(frame, column, total):
    assert frame[column].sum() == pytest.approx(total, rel=1e-13)


def test_columns_are_tidy(frame):
    assert not frame.isna().any().any()
    assert all(name.isidentifier() and name == name.lower() for name in frame.columns)
    assert sum(name.endswith("_spend") for name in frame) == 10
    assert sum(name.endswith("_impressions") for name in frame) == 13
    assert (frame.filter(regex="_spend$|_impressions$") >= 0).all(axis=None)
    dummies = frame.filter(regex="^(holiday|season|value_add)_")
    assert dummies.shape[1] == 22 + 19 + 4
    assert dummies.isin([0, 1]).all(axis=None)


def test_seasons_partition_the_weeks(frame):
    assert (frame.filter(regex="^season_").sum(axis=1) == 1).all()


def test_each_call_gives_a_new_frame(frame):
    other = load_retail_weekly()
    other.loc[0, "sales"] = 0.0
    assert frame.loc[0, "sales"] != 0.0
