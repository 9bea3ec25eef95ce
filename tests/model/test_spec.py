"""The specification: what it fills in, what it refuses, and that it can be written down."""

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.errors import SpecError
from mmm.model.spec import DEFAULT_ROI_PRIOR


@pytest.fixture(scope="module")
def frame():
    return mmm.simulate.world_frame(seed=1, n_periods=110, channels=["tv", "search"])[0]


def data_of(frame, **roles):
    return mmm.MarketingData.from_frame(frame, date="date", spend=["tv", "search"], **{"outcome": "revenue", **roles})


def test_resolving_leaves_nothing_to_default(frame):
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(order="adstock_first")}).resolve(data_of(frame))
    assert list(spec.channels) == ["tv", "search"]
    assert spec.channels["tv"].order == "adstock_first"
    assert spec.channels["search"].roi_prior == DEFAULT_ROI_PRIOR
    assert spec.noise == mmm.HalfNormal(sigma=0.1)
    assert spec.resolve(data_of(frame)) == spec


def test_the_default_prior_is_break_even_with_ninety_percent_between_a_quarter_and_four():
    lower, upper = DEFAULT_ROI_PRIOR.interval(0.9)
    assert DEFAULT_ROI_PRIOR.median == 1.0
    assert (round(lower, 2), round(upper, 1)) == (0.25, 4.0)


def test_daily_noise_is_weekly_noise_spread_over_days():
    data, _ = mmm.simulate.world(seed=1, n_periods=728, frequency="daily", n_channels=1)
    assert mmm.ModelSpec().resolve(data).noise.sigma == pytest.approx(0.1 * 7**0.5, abs=1e-3)


def test_an_outcome_without_money_value_gets_a_media_share_split_by_spend(frame):
    orders = frame.rename(columns={"revenue": "orders"})
    with pytest.warns(mmm.errors.DataWarning, match="taken as a count"):
        data = data_of(orders, outcome="orders")
    share = mmm.LogNormal(median=0.2, sigma=0.5)
    spec = mmm.ModelSpec(media_share_prior=share).resolve(data)
    totals = frame[["tv", "search"]].sum()
    priors = [spec.channels[name].roi_prior for name in data.channels]
    assert priors[0] == priors[1]  # the same effect per unit of spend
    rng = np.random.default_rng(5)
    brought = sum(prior.sample(rng, 100_000) * total for prior, total in zip(priors, totals, strict=True))
    quantiles = np.quantile(brought / frame["revenue"].sum(), [0.05, 0.5, 0.95])
    # 20,000 draws set the prior and 100,000 judge it: edges of an interval agree within a few percent
    np.testing.assert_allclose(quantiles, [share.interval(0.9)[0], 0.2, share.interval(0.9)[1]], rtol=0.04)


def test_an_integer_is_a_number_of_fourier_pairs():
    assert mmm.ModelSpec(seasonality=6).seasonality == mmm.Seasonality(yearly=6)


def test_it_can_be_written_down_and_read_back(frame):
    spec = mmm.ModelSpec(
        channels={
            "tv": mmm.Channel(saturation=mmm.Root(), carryover=mmm.Delayed(max_lag_weeks=8)),
            "search": mmm.Channel(roi_prior=mmm.LogNormal(median=2, sigma=0.3), carryover=mmm.NoCarryover()),
        },
        trend=mmm.Trend(walk=None),
        holidays="GB",
        seasonality=2,
    ).resolve(data_of(frame))
    assert mmm.ModelSpec.model_validate_json(spec.model_dump_json()) == spec


def test_channels_of_one_form_are_computed_together(frame):
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(saturation=mmm.Root())}).resolve(data_of(frame))
    assert sorted(spec.forms().values()) == [("search",), ("tv",)]
    assert list(mmm.ModelSpec().resolve(data_of(frame)).forms().values()) == [("tv", "search")]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"channels": {"tvv": mmm.Channel()}}, r"names channels \['tvv'\].*\n.*\n.*did you mean 'tv'"),
        ({"horizon_weeks": 0}, "horizon_weeks = 0: Input should be greater than or equal to 1"),
        ({"horizon_weeks": 6.5}, "horizon_weeks=6.5 is 6.50 weekly periods"),
        ({"horizon_weeks": "52"}, "a number is needed here, not text"),
        ({"horizon": 52}, "no field 'horizon'; did you mean 'horizon_weeks'"),
        ({"seasonality": 40}, "less than or equal to 26"),
        ({"seasonality": True}, "seasonality"),
        (
            {"channels": {"tv": mmm.Channel(carryover=mmm.Delayed(max_lag_weeks=0.5))}},
            "ends after 0.5 weeks, within one",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(frame, fields, message):
    with pytest.raises(SpecError, match=message):
        mmm.ModelSpec(**fields).resolve(data_of(frame))


def test_a_horizon_shorter_than_a_period_is_refused():
    data, _ = mmm.simulate.world(seed=1, n_periods=40, frequency="monthly", n_channels=1)
    with pytest.raises(SpecError, match=r"horizon_weeks=2 is 0\.46 monthly periods"):
        mmm.ModelSpec(horizon_weeks=2).resolve(data)


def test_a_panel_is_refused_for_now(frame):
    panel = pd.concat([frame.assign(geo="north"), frame.assign(geo="south", tv=frame["tv"] * 2)])
    data = data_of(panel, geo="geo")
    with pytest.raises(SpecError, match="the data are a panel of 2 geos"):
        mmm.ModelSpec().resolve(data)


def test_brand_channels_are_named_in_short(national_data):
    spec = mmm.ModelSpec().with_brand(["tv"], national_data).resolve(national_data)
    assert spec.brand == ("tv",)
    assert not spec.channels["video"].brand


@pytest.mark.parametrize(
    ("spec", "brand", "message"),
    [
        (mmm.ModelSpec(), "tv", "brand='tv'"),
        (mmm.ModelSpec(), ["tvv"], "did you mean 'tv'"),
        (mmm.ModelSpec(trend=mmm.Trend(walk=None)), ["tv"], "paid for whatever the base does"),
        (mmm.ModelSpec(tracker=mmm.TrackerModel()), ["tv"], "the data have none"),
        (
            mmm.ModelSpec(
                channels={
                    "tv": mmm.Channel(
                        carryover=mmm.TwoSpeed(slow_half_life=mmm.LogNormal(median=40, sigma=0.4, lower=10, upper=120))
                    )
                }
            ),
            ["video"],
            "priors of it differ",
        ),
    ],
)
def test_brand_that_cannot_be_measured_is_refused(national_data, spec, brand, message):
    with pytest.raises(SpecError, match=message):
        spec.with_brand(brand, national_data).resolve(national_data)


def test_a_smooth_base_of_no_size_is_refused():
    with pytest.raises(SpecError, match="a path of no size"):
        mmm.Trend(walk=None, smooth_weeks=26)
