"""Replaying a fit in NumPy: plans, carry-in, the baseline's parts, noise and seeds; checked by hand-written sums."""

from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.errors import DataError
from mmm.model.inputs import Scales
from mmm.posterior import draw_prior, random_stream
from tests.conftest import N_WEEKS, build_data, build_frame, build_posterior, with_parameters

CHANNELS = ("tv", "video", "radio")
ORDERS = ("saturation_first", "adstock_first")


def history_frame(n_weeks=8):
    frame = build_frame(n_weeks, seed=9)
    return frame.assign(week=pd.date_range(end="2022-12-26", periods=n_weeks, freq="W-MON"))


DATA = {
    "spend": {},
    "exposure": {"exposure": {"tv": "grps"}},
    "history": {"history": history_frame()},
    "both": {"exposure": {"tv": "grps"}, "history": history_frame()},
}


def spend_of(data):
    return data.dataset["spend"].isel(geo=0).to_pandas()


def spec_of(order):
    return mmm.ModelSpec(channels={name: mmm.Channel(order=order) for name in CHANNELS})


# --- contributions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ORDERS)
def test_one_draw_of_one_channel_by_a_plain_loop(order):
    posterior = build_posterior(build_data(history=history_frame()), spec_of(order))
    p = {name: float(a.sel(channel="video")[1, 7]) for name, a in posterior.draws.parameters.items() if a.ndim == 3}
    spend = np.r_[history_frame()["video"], build_frame()["video"]]
    x = spend / build_frame()["video"].mean()
    decay, level, slope = 0.5 ** (1 / p["half_life"]), p["saturation_level"], p["saturation_slope"]

    def curve(value):
        return value**slope / ((1 - level) / level + value**slope)

    def replay(x, before):
        respond = curve if order == "saturation_first" else float
        stock, path = respond(before), []
        for value in x:
            stock = decay * stock + (1 - decay) * respond(value)
            path.append(stock if order == "saturation_first" else curve(stock))
        return np.array(path)

    # the ROI prior is on the 60 weeks of data within 104 weeks: what they would not have brought without their spend
    ahead = np.zeros(103)
    spent = replay(np.r_[x, ahead], p["carry_in_level"])
    if order == "saturation_first":
        unspent = replay(np.r_[x[:8], 0 * x[8:], ahead], p["carry_in_level"])
        brought = curve(x[8:]).sum() * (1 - decay**104)
        # the same, from the path: 104 weeks later nothing measurable is left to come
        assert (spent - unspent).sum() == pytest.approx(brought, rel=1e-6)
    else:
        # nothing is dropped for being older than 104 weeks: at these half-lives its stock is below double precision
        brought = (spent - replay(np.r_[x[:8], 0 * x[8:], ahead], p["carry_in_level"])).sum()
    amplitude = p["roi"] * spend[8:].sum() / brought
    expected = amplitude * spent[8 : 8 + N_WEEKS]
    replayed = posterior.contributions().sel(channel="video")[1, 7, 0]
    np.testing.assert_allclose(replayed, expected, rtol=1e-6)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("roles", DATA.values(), ids=DATA)
@pytest.mark.parametrize("columns", [list(CHANNELS), ["radio", "tv"], []], ids=["all", "two", "none"])
def test_a_plan_that_is_the_actual_spend_changes_nothing(roles, order, columns):
    posterior = build_posterior(build_data(**roles), spec_of(order), n_draws=20)
    plan = spend_of(posterior.data)[columns]
    np.testing.assert_allclose(posterior.contributions(plan), posterior.contributions(), rtol=1e-12)


def test_contributions_are_labelled(posterior):
    found = posterior.contributions()
    assert found.dims == ("chain", "draw", "geo", "date", "channel")
    assert found.sizes == {"chain": 2, "draw": 100, "geo": 1, "date": N_WEEKS, "channel": 3}
    assert list(found["channel"].values) == list(CHANNELS)
    assert (found["date"].values == posterior.data.dates).all()


def test_a_plan_moves_its_own_channel_only(posterior):
    plan = 2 * spend_of(posterior.data)[["tv"]]
    actual, planned = posterior.contributions(), posterior.contributions(plan)
    others = ["video", "radio"]
    np.testing.assert_array_equal(planned.sel(channel=others), actual.sel(channel=others))
    assert (planned.sel(channel="tv") >= actual.sel(channel="tv")).all()
    assert (planned.sel(channel="tv") > actual.sel(channel="tv")).any()


def test_exposure_follows_money_by_period_and_at_its_mean_cost_where_there_was_none():
    data = build_data(exposure={"tv": "grps"})
    posterior = build_posterior(data)
    frame = build_frame()
    dark = frame["tv"].to_numpy() == 0
    assert dark.any()
    planned = np.where(dark, 500.0, 3 * frame["tv"])
    expected = np.where(dark, 500.0 * frame["grps"].sum() / frame["tv"].sum(), 3 * frame["grps"])
    driver = posterior.draws.inputs.driver.copy()
    driver[:, 0] = expected / frame["grps"].mean()
    found = posterior.contributions(pd.DataFrame({"tv": planned}))
    np.testing.assert_allclose(found, posterior.draws.contributions(driver), rtol=1e-12)


def test_without_spend_only_the_carry_in_is_left(posterior):
    nothing = posterior.contributions(0 * spend_of(posterior.data))
    p = posterior.draws.parameters
    k = (1 - p["saturation_level"]) / p["saturation_level"]
    before = p["carry_in_level"] ** p["saturation_slope"]
    before = before / (k + before)
    weeks = np.arange(1, N_WEEKS + 1)
    for channel in CHANNELS:
        at = {"channel": channel}
        decayed = 2.0 ** (-weeks / p["half_life"].sel(at).values[..., None])
        start = posterior.draws.amplitude(channel) * before.sel(at).values
        np.testing.assert_allclose(nothing.sel(at)[:, :, 0], start[..., None] * decayed, rtol=1e-9, atol=1e-9)
    none_before = with_parameters(posterior, carry_in_level=lambda level: 0 * level)
    assert (none_before.contributions(0 * spend_of(posterior.data)) == 0).all()


def test_known_history_is_carried_in_whatever_the_plan():
    posterior = build_posterior(build_data(history=history_frame()))
    posterior = with_parameters(posterior, carry_in_level=lambda level: 0 * level)
    nothing = posterior.contributions(0 * spend_of(posterior.data))
    assert (nothing[..., 0, :] > 0).all()
    assert (nothing[..., 1:, :] <= nothing[..., :-1, :]).all()  # geometric: it only fades


SHORT = pd.DataFrame({"tv": np.ones(N_WEEKS - 1)})


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (pd.DataFrame({"telly": np.ones(N_WEEKS)}), "'telly', which is not a channel"),
        (pd.DataFrame({"price": np.ones(N_WEEKS)}), "use the channels of the fit"),
        (SHORT, f"has {N_WEEKS - 1} rows, the data have {N_WEEKS} periods"),
        (pd.DataFrame({"tv": np.r_[-1.0, np.ones(N_WEEKS - 1)]}), "'tv' under a plan has negative"),
        (pd.DataFrame({"radio": np.r_[np.nan, np.ones(N_WEEKS - 1)]}), "'radio' under a plan has negative, missing"),
        (pd.DataFrame({"radio": np.r_[np.inf, np.ones(N_WEEKS - 1)]}), "infinite values"),
        (pd.DataFrame({"tv": ["1,200"] * N_WEEKS}), "or text"),
        (pd.DataFrame(np.ones((N_WEEKS, 2)), columns=["tv", "tv"]), "one column for each channel"),
        (pd.Series(np.ones(N_WEEKS), name="tv"), "not a DataFrame"),
        ({"tv": np.ones(N_WEEKS)}, "not a DataFrame"),
    ],
)
def test_a_plan_that_cannot_be_replayed_is_refused(posterior, plan, message):
    with pytest.raises(DataError, match=message):
        posterior.contributions(plan)


# --- the baseline and what is left ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "parts"),
    [
        (mmm.ModelSpec(), ["intercept", "trend", "season", "control", "walk"]),
        (mmm.ModelSpec(trend=mmm.Trend(linear=False, walk=None)), ["intercept", "season", "control"]),
        (mmm.ModelSpec(seasonality=0, holidays="GB"), ["intercept", "trend", "holiday", "control", "walk"]),
    ],
    ids=["default", "no trend", "holidays"],
)
def test_the_baseline_is_the_sum_of_its_parts_and_its_coefficients(national_data, spec, parts):
    draws = build_posterior(national_data, spec).draws
    baseline, coefficients = draws.baseline(), draws.coefficients()
    assert list(baseline["part"].values) == parts
    assert list(coefficients["term"].values) == list(draws.inputs.design.terms)
    linear = coefficients.values @ draws.inputs.design.columns.T
    without_walk = [part for part in parts if part != "walk"]
    np.testing.assert_allclose(baseline.sel(part=without_walk).sum("part")[:, :, 0], linear, rtol=1e-9)
    if "walk" in parts:
        assert np.abs(baseline.sel(part="walk")[..., 0]).max() < 1e-9 * national_data.dataset["outcome"].mean()


def test_baseline_media_and_residuals_are_the_outcome_in_every_draw(posterior):
    draws = posterior.draws
    parts = draws.baseline().sum("part") + draws.contributions().sum("channel")
    np.testing.assert_allclose(draws.expected(), parts)
    outcome = posterior.data.dataset["outcome"].values
    assert draws.residuals().dims == ("chain", "draw", "geo", "date")
    np.testing.assert_allclose(draws.expected() + draws.residuals(), np.broadcast_to(outcome, parts.shape))


def test_a_control_costs_what_its_coefficient_says_per_standard_deviation(posterior):
    price = build_frame()["price"]
    column = posterior.draws.inputs.design.columns[:, list(posterior.draws.inputs.design.terms).index("price")]
    np.testing.assert_allclose(column, (price - price.mean()) / price.std(ddof=0))


def test_the_predictive_adds_the_noise_of_a_week():
    posterior = build_posterior(build_data(), n_draws=500)
    noise = posterior.draws.predictive() - posterior.draws.expected()
    assert noise.dims == ("chain", "draw", "geo", "date")
    sigma = posterior.draws.parameters["sigma"] * build_frame()["revenue"].mean()
    standard = (noise / sigma).values.ravel()
    # 60,000 standard normals: sd known to 1/sqrt(2n) = 0.3%, mean to 0.4%; four of each
    assert standard.std() == pytest.approx(1, abs=0.012)
    assert standard.mean() == pytest.approx(0, abs=0.017)


# --- seeds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("replayed", ["baseline", "predictive", "coefficients", "residuals", "contributions"])
def test_the_same_seed_gives_the_same_bits(national_data, replayed):
    first, second = (build_posterior(national_data, seed=5, n_draws=20).draws for _ in range(2))
    np.testing.assert_array_equal(getattr(first, replayed)(), getattr(second, replayed)())


def test_another_seed_gives_other_noise(posterior):
    other = type(posterior.draws)(
        posterior.draws.parameters, posterior.data, posterior.spec, posterior.scales, posterior.draws.seed + 1
    )
    assert not np.array_equal(other.baseline(), posterior.draws.baseline())
    np.testing.assert_array_equal(other.contributions(), posterior.draws.contributions())


def test_drawing_for_one_purpose_never_moves_another():
    a, b = random_stream(1, "baseline").random(4), random_stream(1, "predictive").random(4)
    assert not np.intersect1d(a, b).size
    np.testing.assert_array_equal(a, random_stream(1, "baseline").random(4))


# --- the prior --------------------------------------------------------------------------------------------------------


def test_prior_draws_follow_their_priors(posterior):
    prior = posterior.prior
    assert prior.parameters.sizes["chain"] == 1
    n = prior.parameters.sizes["draw"]
    assumed = posterior.spec.channels["tv"]
    priors = {"roi": assumed.roi_prior, **assumed.parameters()}
    scalars = {"sigma": posterior.spec.noise, "tau": posterior.spec.trend.walk}
    drawn = {name: prior.parameters[name].sel(channel="tv") for name in priors}
    drawn |= {name: prior.parameters[name] for name in scalars}
    assert set(drawn) == set(prior.parameters.data_vars)
    for name, distribution in (priors | scalars).items():
        below = float((drawn[name] < distribution.quantile(0.5)).mean())
        assert below == pytest.approx(0.5, abs=4 * 0.5 / n**0.5), name
        lower, upper = distribution.interval(0.9)
        inside = float(((drawn[name] > lower) & (drawn[name] < upper)).mean())
        assert inside == pytest.approx(0.9, abs=4 * (0.09 / n) ** 0.5), name


def test_a_parameter_that_only_some_channels_have_gets_a_dim_of_its_own(national_data):
    channels = {"tv": mmm.Channel(carryover=mmm.Delayed()), "radio": mmm.Channel(carryover=mmm.NoCarryover())}
    spec = mmm.ModelSpec(channels=channels).resolve(national_data)
    draws = draw_prior(national_data, spec, Scales.learn(national_data), n_draws=11)
    sizes = {name: array.sizes for name, array in draws.parameters.items()}
    assert sizes["peak"] == {"chain": 1, "draw": 11, "channel_peak": 1}
    assert sizes["half_life"] == {"chain": 1, "draw": 11, "channel_half_life": 2}
    assert sizes["saturation_level"] == {"chain": 1, "draw": 11, "channel": 3}
    assert list(draws.parameters["channel_peak"].values) == ["tv"]
    assert draws.contributions().sizes["channel"] == 3


# --- frozen -----------------------------------------------------------------------------------------------------------


def test_a_posterior_cannot_change(posterior):
    with pytest.raises(FrozenInstanceError):
        posterior.draws = None
    with pytest.raises(FrozenInstanceError):
        posterior.draws.seed = 2


def test_arviz_gets_a_copy(posterior):
    tree = posterior.datatree
    assert set(tree.children) == {"posterior", "sample_stats", "observed_data", "constant_data"}
    tree["posterior"]["roi"].values[:] = -1
    assert (posterior.draws.parameters["roi"] > 0).all()


def test_the_steady_response_at_mean_spend_is_the_saturation_level_of_the_ceiling(posterior):
    level = posterior.draws.parameters["saturation_level"].sel(channel="tv")
    at = posterior.draws.curve("tv", np.array([0.0, 1.0]))
    np.testing.assert_allclose(at[..., 0], 0)
    np.testing.assert_allclose(at[..., 1], posterior.draws.amplitude("tv") * level)


def test_an_unchanged_plan_changes_nothing_also_where_exposure_was_free():
    frame = build_frame()
    frame["grps"] += 5  # exposure in the dark weeks, which nobody paid for
    posterior = build_posterior(build_data(frame, exposure={"tv": "grps"}))
    same = posterior.contributions(pd.DataFrame({"tv": frame["tv"].to_numpy()}))
    np.testing.assert_allclose(same, posterior.contributions(), rtol=1e-12)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (["1200"] * N_WEEKS, "or text"),
        ([True] * N_WEEKS, "or text"),
        (pd.date_range("2023-01-02", periods=N_WEEKS), "or text"),
        ([1 + 2j] * N_WEEKS, "or text"),
    ],
)
def test_a_plan_of_other_things_than_money_is_refused(posterior, column, message):
    with pytest.raises(DataError, match=message):
        posterior.contributions(pd.DataFrame({"tv": column}))


def test_a_plan_with_other_dates_is_refused(posterior):
    dates = posterior.data.dates[::-1]
    with pytest.raises(DataError, match="other dates than the data"):
        posterior.contributions(pd.DataFrame({"tv": np.ones(N_WEEKS)}, index=dates))
