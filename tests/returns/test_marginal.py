"""What one more unit of spend brings: closed forms, and the response with and without it."""

import pickle

import numpy as np
import pytest

import mmm
from mmm.model.response import response
from mmm.returns import (
    Economics,
    Valuation,
    marginal,
    marginal_returns,
    per_spend,
    returns_and_marginal,
    returns_by_horizon,
)
from mmm.returns.replay import ChannelDraws
from mmm.simulate import oracle
from tests.conftest import build_data, build_frame, build_posterior
from tests.returns.conftest import CHANNELS, FORMS, MARGINS, WINDOWS, margin_by_row, oracle_of, posterior_of

STEP = 1e-4


def test_for_michaelis_menten_it_is_the_derivative_of_the_curve():
    draws = posterior_of("geometric", "saturation_first", "still", mmm.MichaelisMenten).draws
    marginal = marginal_returns(draws, horizons=(13.0,), window=(11, 24)).sel(channel="video")
    returns = returns_by_horizon(draws, horizons=(13.0,), window=(11, 24)).sel(channel="video")
    x = draws.inputs.driver[11:24, 1]
    level = draws.parameters["saturation_level"].sel(channel="video").values[..., None]
    half = (1 - level) / level
    # u = x / (k + x) and x u' = k x / (k + x)^2
    ratio = (half * x / (half + x) ** 2).sum(axis=-1) / (x / (half + x)).sum(axis=-1)
    np.testing.assert_allclose(marginal["money"][..., 0], ratio * returns["money"][..., 0], rtol=1e-8)
    np.testing.assert_allclose(per_spend(marginal, "money"), marginal["money"] / returns["spend"])


@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize("horizon", [1.0, 52.0])
def test_the_elasticity_of_a_root_is_its_exponent_and_a_line_returns_what_it_returned(margin, horizon):
    draws = posterior_of("delayed", "saturation_first", margin, mmm.Root).draws
    ratio = (
        marginal_returns(draws, horizons=(horizon,))["money"] / returns_by_horizon(draws, horizons=(horizon,))["money"]
    )
    np.testing.assert_allclose(ratio[:, :, :3, 0], draws.parameters["saturation_exponent"], rtol=1e-8)
    for order in ("saturation_first", "adstock_first"):
        draws = posterior_of("geometric", order, margin, mmm.NoSaturation).draws
        marginal, returns = (
            function(draws, horizons=(horizon,), window=(11, 24))["money"]
            for function in (marginal_returns, returns_by_horizon)
        )
        np.testing.assert_allclose(marginal, returns, rtol=1e-8)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize(("kind", "order"), FORMS)
def test_at_a_long_horizon_it_is_all_that_a_little_more_spend_changes(kind, order, margin, window):
    draws = posterior_of(kind, order, margin).draws
    start, stop = WINDOWS[window]
    marginal = marginal_returns(draws, horizons=(520.0,), window=(start, stop))["money"]
    value = margin_by_row(margin, stop + 519)[start:]
    for channel in CHANNELS:
        at = ChannelDraws.of(draws, channel)
        both = []
        for factor in (1 + STEP, 1 - STEP):
            x = at.driver_until(stop, rows=stop + 519)
            x[at.history + start : at.history + stop] *= factor
            moved = response(x, at.channel, at.parameters, weeks_per_period=1.0)[..., at.history + start :, 0]
            both.append((moved * value).sum(axis=-1))
        brute = draws.amplitude(channel) * (both[0] - both[1]) / (2 * STEP)
        # the slow part of a brand kernel has not quite ended after ten years
        near = 0.06 if kind == "two_speed" else 1e-6
        np.testing.assert_allclose(marginal.sel(channel=channel)[..., 0], brute, rtol=near)


@pytest.mark.parametrize(("kind", "order"), FORMS)
def test_within_a_horizon_only_what_the_addition_of_the_last_periods_brings_counts(kind, order):
    draws = posterior_of(kind, order, "still").draws
    start, stop, horizon = 50, 55, 4
    found = marginal_returns(draws, horizons=(float(horizon),), window=(start, stop))["money"].sel(channel="video")
    for chain, draw in ((0, 2), (1, 3)):
        rules, driver, amplitude = oracle_of(draws, "video", chain, draw)
        driver = driver[:stop] + [0.0] * (horizon - 1)
        total = 0.0
        for t in range(start, stop + horizon - 1):
            both = []
            for step in (STEP, -STEP):
                fresh = range(max(start, t - horizon + 1), min(stop, t + 1))
                moved = [x * (1 + step) if row in fresh else x for row, x in enumerate(driver)]
                both.append(oracle.response(moved, rules, weeks_per_period=1.0)[t])
            total += (both[0] - both[1]) / (2 * STEP)
        assert float(found[chain, draw, 0]) == pytest.approx(0.4 * amplitude * total, rel=1e-6)


def test_all_plans_grow_alike_in_the_total(posterior):
    marginal = marginal_returns(posterior.draws, horizons=(13.0, 104.0))
    by_channel = marginal["money"].sel(channel=list(CHANNELS))
    np.testing.assert_allclose(marginal["money"].sel(channel="total"), by_channel.sum("channel"))
    assert (marginal["money"] >= 0).all()


def test_exposure_grows_where_it_was_paid_for_and_not_where_it_was_free():
    frame = build_frame()
    frame.loc[50:, "tv"] = 0.0
    data = build_data(frame, exposure={"tv": "grps"})
    for order in ("saturation_first", "adstock_first"):
        spec = mmm.ModelSpec(channels={"tv": mmm.Channel(saturation=mmm.NoSaturation(), order=order)})
        draws = build_posterior(data, spec, n_draws=5).draws
        marginal = marginal_returns(draws, horizons=(13.0,)).sel(channel="tv")["money"]
        of_window = {
            name: returns_by_horizon(draws, horizons=(13.0,), window=rows).sel(channel="tv")["money"]
            for name, rows in {"all": (0, 60), "paid": (0, 50)}.items()
        }
        np.testing.assert_allclose(marginal, of_window["paid"], rtol=1e-8)
        assert (of_window["all"] > of_window["paid"]).all()


def test_without_money_it_is_in_units_and_customers_are_worth_their_value():
    draws = build_posterior(build_data(outcome="orders"), n_draws=20).draws
    units = marginal_returns(draws, horizons=(26.0,))
    assert "money" not in units
    valuation = Valuation.of(draws, Economics(customer_value=40.0))
    money = marginal_returns(draws, horizons=(26.0,), valuation=valuation)["money"]
    np.testing.assert_allclose(money, units["incremental_outcome"] * valuation.by_draw[..., None, None])


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("margin", MARGINS)
@pytest.mark.parametrize(("kind", "order"), FORMS)
def test_one_replay_finds_what_two_find(kind, order, margin, window):
    draws, asked = posterior_of(kind, order, margin).draws, {"horizons": (4.0, 52.0), "window": WINDOWS[window]}
    both = returns_and_marginal(draws, **asked, valuation=Valuation.of(draws))
    for found, expected in zip(
        both, (returns_by_horizon(draws, **asked), marginal_returns(draws, **asked)), strict=True
    ):
        assert set(found) == set(expected)
        for name in expected:
            np.testing.assert_allclose(found[name], expected[name], rtol=1e-12, atol=1e-300)
    # without what has landed it is found with less of the kernel, and often without the curve
    short = returns_by_horizon(draws, **asked, landed=False)
    assert set(short) == set(both[0]) - {"landed"}
    for name in short:
        np.testing.assert_allclose(short[name], both[0][name], rtol=1e-11, atol=1e-300)


def test_what_is_asked_of_all_data_is_replayed_once_and_any_of_its_horizons_taken_from_it(national_data, monkeypatch):
    draws, replays = build_posterior(national_data, n_draws=10).draws, []
    replay = marginal.replay_blocks
    monkeypatch.setattr(marginal, "replay_blocks", lambda *asked: replays.append(asked) or replay(*asked))
    returns, margins = returns_and_marginal(draws, horizons=(4.0, 13.0, 52.0))
    some = returns_and_marginal(draws, horizons=(52.0, 4.0), window=(0, draws.data.n_periods))
    assert len(replays) == 1
    for found, kept in zip(some, (returns, margins), strict=True):
        assert found.identical(kept.sel(horizon_weeks=[52.0, 4.0]))
    for other in ({"horizons": (26.0,)}, {"horizons": (4.0,), "window": (3, 9)}):
        returns_and_marginal(draws, **other)
    returns_and_marginal(draws, horizons=(4.0,), valuation=Valuation.of(draws, Economics(margin=0.5)))
    assert len(replays) == 4
    assert set(draws.replayed) == {(4.0, 13.0, 52.0), (26.0,)}


def test_what_was_replayed_is_not_pickled(national_data):
    draws = build_posterior(national_data, n_draws=10).draws
    returns_and_marginal(draws, horizons=(4.0,))
    again = pickle.loads(pickle.dumps(draws))
    assert again.replayed == {}
    assert again.parameters.identical(draws.parameters)
