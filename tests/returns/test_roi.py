"""Returns by horizon against closed forms in the drawn parameters, and the money that they are worth."""

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.model.inputs import value_by_row
from mmm.returns import returns_by_horizon, window_rows
from mmm.returns.replay import ChannelDraws
from tests.conftest import N_WEEKS, build_data, build_frame, build_posterior, with_parameters

HORIZONS = (1.0, 4.0, 13.0, 104.0)
CHANNELS = ("tv", "video", "radio")


def hill(driver, level, slope):
    return np.where(driver > 0, driver**slope / ((1 - level) / level + driver**slope), 0.0)


def unit_responses(posterior, channel):
    """Each week's response per unit of amplitude, (chain, draw, date), from the formula of the docs."""
    p = posterior.draws.parameters.sel(channel=channel)
    spend = posterior.data.dataset["spend"].sel(channel=channel).values[0]
    return hill(spend / spend.mean(), p["saturation_level"].values[..., None], p["saturation_slope"].values[..., None])


def landed_share(posterior, channel, weeks):
    half_life = posterior.draws.parameters["half_life"].sel(channel=channel).values
    return 1 - 2.0 ** (-np.asarray(weeks) / half_life[..., None])


def roi_draws(posterior, channel):
    return posterior.draws.parameters["roi"].sel(channel=channel).values


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_drawn_roi_is_the_one_at_the_horizon_of_the_prior_and_others_follow_the_kernel(posterior, channel):
    returns = returns_by_horizon(posterior.draws, horizons=HORIZONS).sel(channel=channel)
    expected = roi_draws(posterior, channel)[..., None] * (
        landed_share(posterior, channel, HORIZONS) / landed_share(posterior, channel, [104])
    )
    np.testing.assert_allclose(returns["money"] / returns["spend"], expected, rtol=1e-9)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("window", [(0, N_WEEKS), (5, 21), (N_WEEKS - 1, N_WEEKS)])
def test_a_window_returns_its_share_of_the_responses_and_lands_by_the_kernel(posterior, channel, window):
    start, stop = window
    returns = returns_by_horizon(posterior.draws, horizons=HORIZONS, window=window).sel(channel=channel)
    spend = posterior.data.dataset["spend"].sel(channel=channel).values[0]
    unit = unit_responses(posterior, channel)
    amplitude = (
        roi_draws(posterior, channel)
        * spend.sum()
        / (unit.sum(axis=-1) * landed_share(posterior, channel, [104])[..., 0])
    )
    for horizon in HORIZONS:
        at = returns.sel(horizon_weeks=horizon)
        whole = landed_share(posterior, channel, np.full(stop - start, horizon))
        known = landed_share(posterior, channel, np.minimum(horizon, N_WEEKS - np.arange(start, stop)))
        for name, share in {"incremental_outcome": whole, "landed": known}.items():
            expected = amplitude * (unit[..., start:stop] * share).sum(axis=-1)
            np.testing.assert_allclose(at[name], expected, rtol=1e-9, atol=1e-9)
    assert float(returns["spend"]) == pytest.approx(spend[start:stop].sum())


@pytest.mark.parametrize("order", ["saturation_first", "adstock_first"])
def test_returns_are_the_sums_of_what_lands_and_of_channels(national_data, order):
    spec = mmm.ModelSpec(channels={name: mmm.Channel(order=order) for name in CHANNELS})
    draws = build_posterior(national_data, spec).draws
    returns = returns_by_horizon(draws, horizons=(4.0,), window=(50, 58)).sel(horizon_weeks=4.0)
    for channel in CHANNELS:
        landing = ChannelDraws.of(draws, channel).landing(start=50, stop=58, horizons=[4])[0]
        assert landing.shape == (2, 100, 8 + 4 - 1)
        at = returns.sel(channel=channel)
        np.testing.assert_allclose(at["incremental_outcome"], landing.sum(axis=-1))
        np.testing.assert_allclose(at["landed"], landing[..., : N_WEEKS - 50].sum(axis=-1))
        np.testing.assert_allclose(at["money"], landing.sum(axis=-1))  # an outcome in money, without a margin
    for name in ("incremental_outcome", "landed", "money"):
        by_channel = returns[name].sel(channel=list(CHANNELS))
        np.testing.assert_allclose(returns[name].sel(channel="total"), by_channel.sum("channel"))
    assert float(returns["spend"].sel(channel="total")) == pytest.approx(float(returns["spend"][:-1].sum()))


@pytest.mark.parametrize("order", ["saturation_first", "adstock_first"])
def test_over_all_data_the_roi_at_the_horizon_of_the_prior_is_the_parameter(national_data, order):
    spec = mmm.ModelSpec(channels={name: mmm.Channel(order=order) for name in CHANNELS}, horizon_weeks=26)
    posterior = build_posterior(national_data, spec)
    returns = returns_by_horizon(posterior.draws, horizons=(26.0,))
    roi = (returns["money"] / returns["spend"]).sel(channel=list(CHANNELS))[..., 0]
    np.testing.assert_allclose(roi, posterior.draws.parameters["roi"], rtol=1e-9)


def test_money_weighs_each_landing_period_and_what_lands_later_gets_the_last_year():
    data = build_data(margin="margin", outcome="orders", outcome_value=25.0)
    draws = build_posterior(data).draws
    margin = build_frame()["margin"].to_numpy()
    later = 25 * margin[-52:].mean()
    value = np.r_[25 * margin, np.full(12, later)]
    np.testing.assert_allclose(value_by_row(draws.data, N_WEEKS + 12), value)
    returns = returns_by_horizon(draws, horizons=(13.0,), window=(40, N_WEEKS))
    for channel in CHANNELS:
        landing = ChannelDraws.of(draws, channel).landing(start=40, stop=N_WEEKS, horizons=[13])[0]
        money = sum(landing[..., i] * value[40 + i] for i in range(landing.shape[-1]))
        np.testing.assert_allclose(returns["money"].sel(channel=channel)[..., 0], money)


def test_an_outcome_without_a_value_has_no_money():
    draws = build_posterior(build_data(outcome="orders")).draws
    returns = returns_by_horizon(draws, horizons=(13.0,))
    assert returns["money"].isnull().all()
    assert returns["incremental_outcome"].notnull().all()
    assert (value_by_row(draws.data, 3) == 1).all()


@pytest.mark.parametrize(
    ("first", "last", "rows"),
    [
        ("2023-01-02", "2024-02-19", (0, 60)),
        ("2023-01-03", "2023-01-16", (1, 3)),  # the week that began the day before is not in it
        ("2020-01-01", "2023-01-08", (0, 1)),
        ("2023-01-03", "2023-01-08", (1, 1)),
        ("2025-01-01", "2026-01-01", (60, 60)),
    ],
)
def test_a_window_holds_the_periods_that_begin_in_it(national_data, first, last, rows):
    assert window_rows(national_data.dates, pd.Timestamp(first), pd.Timestamp(last)) == rows


def test_what_was_spent_before_a_window_does_not_count_as_its_return(posterior):
    more = with_parameters(posterior, carry_in_level=lambda level: 10 * level)
    window, horizons = (5, 21), (13.0,)
    a, b = (returns_by_horizon(p.draws, horizons=horizons, window=window) for p in (posterior, more))
    np.testing.assert_array_equal(a["incremental_outcome"], b["incremental_outcome"])


@pytest.mark.parametrize("order", ["saturation_first", "adstock_first"])
def test_the_prior_is_on_the_roi_that_is_reported_also_where_margin_varies(order):
    frame = build_frame()
    frame["tv"] *= np.arange(N_WEEKS) > 40  # all of it late, where the margin is high
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(order=order)}, horizon_weeks=52)
    posterior = build_posterior(build_data(frame, margin="margin"), spec)
    returns = returns_by_horizon(posterior.draws, horizons=(52.0,)).sel(channel=list(CHANNELS))
    roi = (returns["money"] / returns["spend"])[..., 0]
    np.testing.assert_allclose(roi, posterior.draws.parameters["roi"], rtol=1e-9)


def test_without_spend_there_is_no_roi_whatever_exposure_came_for_free():
    frame = build_frame()
    frame.loc[50:, "tv"] = 0.0
    posterior = build_posterior(build_data(frame, exposure={"tv": "grps"}))
    row = (
        mmm.Report(posterior, window=("2023-12-25", "2024-02-19")).roi(horizon_weeks=13).set_index("channel").loc["tv"]
    )
    assert row["spend"] == 0
    assert row["incremental_outcome"] > 0
    assert row[["roi", "roi_lower", "roi_upper", "prob_above_one", "prior_reliance"]].isna().all()
