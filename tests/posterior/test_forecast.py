"""Forecasts against dense linear algebra, against plain loops, and what they say they cannot know."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.data.altered import between
from mmm.model.baseline import baseline_design
from mmm.model.inputs import ModelInputs, Scales
from mmm.posterior.continuation import continued
from mmm.posterior.forecast import draw_ahead, extend_columns, forecast, media_of
from tests.conftest import build_data, build_frame, build_posterior, with_parameters

N_OLD, N_NEW = 60, 13

SPECS = {
    "walk": mmm.ModelSpec(),
    "smooth": mmm.ModelSpec(trend=mmm.Trend(smooth_weeks=13)),
    "line": mmm.ModelSpec(trend=mmm.Trend(walk=None)),
    "no trend, holidays": mmm.ModelSpec(trend=mmm.Trend(linear=False), holidays="GB", seasonality=2),
}


def whole_data(**roles):
    return build_data(build_frame(N_OLD + N_NEW), **roles)


def designs(spec, whole):
    """Baseline of the fitted periods with its rotation, and the design of all periods."""
    first = between(whole, 0, N_OLD)
    spec, scales = spec.resolve(first), Scales.learn(first)
    inputs = ModelInputs.prepare(first, spec, scales)
    every = baseline_design(
        whole,
        trend=spec.trend,
        seasonality=spec.seasonality,
        holidays=spec.holidays,
        origin=pd.Timestamp(scales.origin),
        control_means=np.array(list(scales.control_means.values())),
        control_scales=np.array(list(scales.control_scales.values())),
    )
    return inputs, every


class UnitNormals:
    """In place of random numbers: nothing in draw 0, and in each other draw one of the normals, which is 1."""

    def __init__(self, n_rows, *, has_walk):
        self.n_rows, self.calls, self.n_blocks = n_rows, 0, 1 + has_walk

    @property
    def n_draws(self):
        return 1 + self.n_blocks * self.n_rows

    def standard_normal(self, shape):
        assert shape == (self.n_draws, self.n_rows)
        normals = np.zeros(shape)
        normals[1 + self.calls * self.n_rows : 1 + (self.calls + 1) * self.n_rows] = np.eye(self.n_rows)
        self.calls += 1
        return normals


def dense(residual, *, old, new, covariance, noise):
    """Mean and covariance of new rows given old ones: the joint Gaussian, coefficients diffuse, by the textbook."""
    n = len(old)
    inverse = np.linalg.inv(covariance[:n, :n] + noise * np.eye(n))
    spread = np.linalg.inv(old.T @ inverse @ old)
    g = spread @ old.T @ inverse @ residual
    gain = covariance[n:, :n] @ inverse
    lever = new - gain @ old
    mean = new @ g + gain @ (residual - old @ g)
    return mean, covariance[n:, n:] - gain @ covariance[:n, n:] + lever @ spread @ lever.T


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_mean_and_covariance_are_those_of_the_dense_gaussian(spec):
    inputs, every = designs(spec, whole_data())
    ahead, _ = extend_columns(inputs.design.columns, columns=every.columns)
    sigma, tau = 0.03, 0.012 if inputs.design.has_walk else 0.0
    rng = UnitNormals(N_OLD + N_NEW, has_walk=inputs.design.has_walk)
    drawn = draw_ahead(
        np.tile(inputs.outcome, (rng.n_draws, 1)),
        sigma=np.full(rng.n_draws, sigma),
        tau=np.full(rng.n_draws, tau),
        design=inputs.design,
        rotation=inputs.rotation,
        ahead=ahead,
        walk_covariance=every.walk_covariance,
        rng=rng,
    )
    assert rng.calls == rng.n_blocks
    mean, covariance = dense(
        inputs.outcome,
        old=inputs.design.columns,
        new=ahead,
        covariance=tau**2 * every.walk_covariance,
        noise=sigma**2,
    )
    # a draw is linear in its normals: one with none is the mean, and the others are the factor of the covariance
    np.testing.assert_allclose(drawn[0], mean, atol=1e-8)
    factor = drawn[1:] - drawn[0]
    np.testing.assert_allclose(factor.T @ factor, covariance, atol=1e-8)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_columns_go_on_as_they_would_have_been_made(spec):
    """The trend is centred on other dates in the whole; over all rows the old columns still span the same paths."""
    inputs, every = designs(spec, whole_data())
    ahead, _ = extend_columns(inputs.design.columns, columns=every.columns)
    terms, all_terms = inputs.design.terms, every.terms
    for i, name in enumerate(terms):
        if name == "trend":
            line = np.r_[inputs.design.columns[:, i], ahead[:, i]]
            np.testing.assert_allclose(np.diff(line), np.diff(line)[0], atol=1e-9)
        elif name in all_terms:
            np.testing.assert_allclose(ahead[:, i], every.columns[N_OLD:, all_terms.index(name)], atol=1e-9)
        else:
            assert " + " in name, "only holidays are merged"


# --- what the fitted periods cannot tell ------------------------------------------------------------


def test_a_holiday_that_was_never_seen_is_left_out_and_named():
    # the jubilee of 2 June 2022, a Thursday, and nothing like it before
    frame = build_frame(N_OLD + N_NEW).assign(week=pd.date_range("2021-02-01", periods=N_OLD + N_NEW, freq="W-MON"))
    whole = build_data(frame)
    spec = mmm.ModelSpec(holidays="GB", seasonality=2)
    posterior = build_posterior(between(whole, 0, N_OLD), spec)
    notes = forecast(posterior.draws, whole).notes
    assert len(notes) == 1
    assert notes[0].startswith("2022-05-30: the fitted periods cannot tell the effect of Platinum Jubilee")
    ahead, unknown = extend_columns(posterior.draws.inputs.design.columns, columns=designs(spec, whole)[1].columns)
    week = (pd.Timestamp("2022-05-30") - whole.dates[N_OLD]).days // 7
    assert list(np.flatnonzero(unknown.any(axis=1))) == [week]
    assert np.isfinite(ahead).all()


def test_two_holidays_that_part_share_what_they_had():
    both = np.array([0.0, 1.0, 0.0, 1.0, 0.0, 0.0])
    columns = np.column_stack([np.ones(9), np.r_[both, 1, 1, 0], np.r_[both, 1, 0, 1]])
    ahead, unknown = extend_columns(columns[:6, :2], columns=columns)
    np.testing.assert_allclose(ahead[:, 1], [1.0, 0.5, 0.5], atol=1e-12)
    # together they are as known as ever
    assert list(unknown.any(axis=1)) == [False, True, True]


def test_without_anything_new_there_is_nothing_to_note():
    whole = whole_data()
    assert forecast(build_posterior(between(whole, 0, N_OLD)).draws, whole).notes == ()


# --- media ------------------------------------------------------------------------------------------


def plain_stock(x, *, half_life, level, slope, before):
    decay, path = 0.5 ** (1 / half_life), []
    curve = [value**slope / ((1 - level) / level + value**slope) for value in x]
    stock = before**slope / ((1 - level) / level + before**slope)
    for value in curve:
        stock = decay * stock + (1 - decay) * value
        path.append(stock)
    return np.array(path)


def test_media_go_on_from_the_stocks_of_the_fitted_periods_by_a_plain_loop():
    history = build_frame(8, seed=9).assign(week=pd.date_range(end="2022-12-26", periods=8, freq="W-MON"))
    whole = whole_data(history=history)
    first = between(whole, 0, N_OLD)
    posterior = build_posterior(first, n_draws=3)
    media, each = (array * posterior.scales.outcome for array in media_of(posterior.draws, whole, since=0))
    np.testing.assert_allclose(media[..., :N_OLD], posterior.contributions().sum("channel").values[:, :, 0], rtol=1e-12)
    expected = 0.0
    for name in whole.channels:
        p = {key: float(value[1, 2, 0]) for key, value in posterior.draws.channel_parameters(name).items()}
        spend = np.r_[history[name], build_frame(N_OLD + N_NEW)[name]]
        stock = plain_stock(
            spend / spend[8 : 8 + N_OLD].mean(),
            half_life=p["half_life"],
            level=p["saturation_level"],
            slope=p["saturation_slope"],
            before=p["carry_in_level"],
        )
        # a pound of the fitted periods keeps what it brought there, however much is spent later
        expected = expected + posterior.draws.amplitude(name)[1, 2] * stock[8:]
    np.testing.assert_allclose(media[1, 2], expected, rtol=1e-9)
    np.testing.assert_allclose(each.sum(axis=-1), media)
    contributions = posterior.contributions().transpose("chain", "draw", "geo", "date", "channel").values[:, :, 0]
    np.testing.assert_allclose(each[:, :, :N_OLD], contributions, rtol=1e-12)
    ahead = forecast(posterior.draws, whole).media.sel(channel="tv").values[:, :, 0]
    np.testing.assert_allclose(ahead, each[:, :, N_OLD:, whole.channels.index("tv")])


def test_a_world_without_noise_is_forecast_exactly():
    frame = build_frame(N_OLD + N_NEW)
    weeks = np.arange(len(frame))
    base = 9000 + 12 * weeks + 800 * np.sin(2 * np.pi * weeks * 7 / 365.25) - 300 * (frame["price"] - 10)
    posterior = build_posterior(between(build_data(frame), 0, N_OLD), n_draws=4)
    posterior = with_parameters(posterior, **{name: (lambda p: 0 * p + p[0, 0]) for name in posterior.draws.parameters})
    posterior = with_parameters(posterior, sigma=lambda p: 0 * p + 1e-9, tau=lambda p: 0 * p + 1e-12)
    truth = base.to_numpy() + media_of(posterior.draws, build_data(frame), since=0)[0][0, 0] * posterior.scales.outcome
    whole = build_data(frame.assign(revenue=truth))
    draws = replace(posterior.draws, data=between(whole, 0, N_OLD))
    ahead = forecast(draws, whole)
    np.testing.assert_allclose(ahead.outcome.values[..., 0, :], np.tile(truth[N_OLD:], (2, 4, 1)), rtol=1e-6)
    assert list(ahead.outcome["date"].values) == list(whole.dates[N_OLD:])


# --- draws ------------------------------------------------------------------------------------------


def test_the_outcome_is_the_expectation_and_the_noise_of_its_draw():
    whole = whole_data()
    posterior = build_posterior(between(whole, 0, N_OLD), n_draws=2000)
    ahead = forecast(posterior.draws, whole)
    noise = ((ahead.outcome - ahead.expected) / posterior.draws.parameters["sigma"]).values / posterior.scales.outcome
    # 52,000 unit normals: their variance is known to 0.6%
    assert noise.var() == pytest.approx(1.0, abs=0.04)
    assert abs(noise.mean()) < 0.02


def test_the_outcomes_to_come_are_not_looked_at_and_what_was_fitted_counts():
    frame = build_frame(N_OLD + N_NEW)
    posterior = build_posterior(between(build_data(frame), 0, N_OLD))
    ahead = forecast(posterior.draws, build_data(frame)).outcome
    restated = frame.copy()
    restated.loc[: N_OLD - 1, ["tv", "price"]] *= 1.5
    restated.loc[N_OLD:, "revenue"] = 1.0
    np.testing.assert_array_equal(forecast(posterior.draws, build_data(restated)).outcome, ahead)
    later = between(build_data(frame), N_OLD, N_OLD + N_NEW)
    np.testing.assert_array_equal(forecast(posterior.draws, later).outcome, ahead)
    frame.loc[N_OLD:, "tv"] *= 1.5
    assert (forecast(posterior.draws, build_data(frame)).outcome != ahead).any()


def test_the_same_seed_gives_the_same_draws_and_another_one_others():
    whole = whole_data()
    draws = build_posterior(between(whole, 0, N_OLD)).draws
    first, again, other = (forecast(draws, whole, seed=seed).outcome for seed in (None, draws.seed, 99))
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


def test_days_and_months_go_on_too():
    for freq, n, ahead in (("D", 240, 28), ("MS", 48, 6)):
        frame = build_frame(n + ahead).assign(week=pd.date_range("2020-01-01", periods=n + ahead, freq=freq))
        whole = build_data(frame)
        spec = mmm.ModelSpec(seasonality=1, horizon_weeks=52)
        draws = build_posterior(between(whole, 0, n), spec, n_draws=20).draws
        made = forecast(draws, whole)
        assert made.outcome.sizes["date"] == ahead
        # the base alone is 16,000 or so a period: a forecast of the right size, whatever prior draws say of media
        assert np.isfinite(made.outcome.values).all()
        joined = continued(between(whole, 0, n), whole)
        np.testing.assert_array_equal(joined.dataset["driver"].values, whole.dataset["driver"].values)
