"""The tracker's likelihood against dense algebra, and what it recovers against the analytic posterior."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import mmm
from mmm.errors import SpecError
from mmm.model.tracker import TrackerInputs, TrackerModel, TrackerScale
from tests.conftest import build_data, build_frame
from tests.model.conftest import repeatable

#: Weeks of the data in which something was measured: gaps of one week to thirteen.
WEEKS = np.array([0, 1, 5, 9, 13, 26, 27, 40, 52, 59])


def waves(weeks=WEEKS):
    rng = np.random.default_rng(11)
    frame = pd.DataFrame({"wave": pd.Timestamp("2023-01-04") + pd.to_timedelta(7 * weeks, unit="D")})
    frame["aware"] = np.clip(0.35 + 0.02 * rng.standard_normal(len(weeks)).cumsum(), 0.05, 0.95)
    frame["n"] = rng.integers(100, 1500, len(weeks))
    frame["searches"] = 900 + 60 * rng.standard_normal(len(weeks)).cumsum()
    return frame


def survey(**changes):
    given = {"value": "aware", "unit": "share", "sample_size": "n", "design_effect": 1.3} | changes
    return mmm.Tracker.from_frame(waves(), date="wave", **given)


def index():
    return survey(value="searches", unit="index", sample_size=None, design_effect=1.0)


TRACKERS = {"survey": survey, "index": index}


@pytest.fixture(scope="module", params=TRACKERS, ids=list(TRACKERS))
def case(request):
    data = build_data(tracker=TRACKERS[request.param]())
    return data, TrackerInputs.prepare(data)


def dense_parts(inputs, *, walk, error):
    """Covariance of the waves as they came, not whitened, and their one diffuse column."""
    covariance = np.diag((error * inputs.error) ** 2) + walk**2 * np.minimum.outer(WEEKS, WEEKS).astype(float)
    return covariance, np.ones((len(WEEKS), 1))


def dense_log_density(inputs, stock, *, loading, walk, error):
    covariance, column = dense_parts(inputs, walk=walk, error=error)
    inverse = np.linalg.inv(covariance)
    information = column.T @ inverse @ column
    projected = inverse - inverse @ column @ np.linalg.solve(information, column.T @ inverse)
    residual = inputs.value - loading * stock
    log_determinants = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
    return -0.5 * (log_determinants + residual @ projected @ residual)


def test_shapes_and_units(case):
    data, inputs = case
    n = len(WEEKS)
    np.testing.assert_array_equal(inputs.rows, WEEKS)
    assert inputs.rotated.shape == inputs.rotation.walk_variances.shape == (n - 1,)
    assert inputs.from_stock.shape == (n - 1, n)
    np.testing.assert_allclose(inputs.from_stock @ np.ones(n), 0, atol=1e-10)  # the level has vanished
    np.testing.assert_allclose(inputs.scale.original(inputs.value), data.dataset["tracker"], rtol=1e-13)
    for array in (inputs.rows, inputs.rotated, inputs.from_stock):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_a_survey_stays_a_share_and_an_index_is_standardised():
    by_survey = TrackerInputs.prepare(build_data(tracker=survey()))
    assert not by_survey.is_index
    assert by_survey.scale == TrackerScale(centre=0.0, spread=1.0)
    np.testing.assert_array_equal(by_survey.error, survey().error)
    by_index = TrackerInputs.prepare(build_data(tracker=index()))
    assert by_index.is_index
    assert by_index.value.mean() == pytest.approx(0, abs=1e-12)
    assert by_index.value.std() == pytest.approx(1)
    np.testing.assert_array_equal(by_index.error, np.ones(len(WEEKS)))


@repeatable
@given(
    seed=st.integers(0, 2**32 - 1),
    kind=st.sampled_from(sorted(TRACKERS)),
    walk=st.just(0.0) | st.floats(1e-4, 0.5),
    error=st.floats(0.2, 3.0),
    loading=st.floats(-1.0, 1.0),
)
def test_the_likelihood_is_the_dense_restricted_one_up_to_one_constant(seed, kind, walk, error, loading):
    inputs = TrackerInputs.prepare(build_data(tracker=TRACKERS[kind]()))
    stock = np.random.default_rng(seed).gamma(4.0, 0.25, len(WEEKS))

    def gap(**at):
        fast, dense = inputs.log_density(stock, **at), dense_log_density(inputs, stock, **at)
        return fast - dense, abs(fast) + abs(dense) + 1

    found, size = gap(loading=loading, walk=walk, error=error)
    constant, _ = gap(loading=0.0, walk=0.05, error=1.0)
    assert abs(found - constant) < 1e-8 * max(size, 1.0)


def test_the_likelihood_does_not_know_the_level(case):
    data, inputs = case
    at = {"loading": 0.1, "walk": 0.02, "error": 1.2}
    stock = np.linspace(0.5, 1.5, len(WEEKS))
    # a constant added to the stock is a change of level
    assert inputs.log_density(stock + 7.0, **at) == pytest.approx(inputs.log_density(stock, **at), rel=1e-9)
    shifted = data.dataset.assign(tracker=data.dataset["tracker"] + 0.1)
    again = TrackerInputs.prepare(mmm.MarketingData.restore(shifted, data.description, ()), inputs.scale)
    assert again.log_density(stock, **at) == pytest.approx(inputs.log_density(stock, **at), rel=1e-9)


def test_a_scale_once_learnt_is_applied_to_more_waves():
    data = build_data(tracker=index())
    scale = TrackerScale.learn(build_data(build_frame().iloc[:53], tracker=mmm.Tracker.from_frame(
        waves().iloc[:9], date="wave", value="searches", unit="index"
    )))  # fmt: skip
    inputs = TrackerInputs.prepare(data, scale)
    np.testing.assert_allclose(inputs.value[:9].mean(), 0, atol=1e-12)
    np.testing.assert_allclose(scale.original(inputs.value), data.dataset["tracker"], rtol=1e-13)
    assert TrackerScale.model_validate_json(scale.model_dump_json()) == scale


def test_waves_count_from_the_first_row_of_the_data_not_of_its_history():
    history = build_frame(9, seed=4).assign(week=pd.date_range(end="2022-12-26", periods=9, freq="W-MON"))
    data = build_data(tracker=survey(), history=history)
    np.testing.assert_array_equal(TrackerInputs.prepare(data).rows, WEEKS)


def test_level_and_walk_are_drawn_from_their_exact_posterior(case):
    """Against the Gaussian posterior by dense algebra, the diffuse level as the limit of a wide prior."""
    _, inputs = case
    n_draws, walk, error, loading = 40_000, 0.08 if inputs.is_index else 0.006, 0.6 if inputs.is_index else 1.0, 0.03
    stock = np.random.default_rng(3).gamma(4.0, 0.25, len(WEEKS))
    level, path = inputs.recover(
        np.tile(loading * stock, (n_draws, 1)),
        walk=np.full(n_draws, walk),
        error=np.full(n_draws, error),
        rng=np.random.default_rng(5),
    )
    assert (level.shape, path.shape) == ((n_draws,), (n_draws, len(WEEKS)))

    covariance, column = dense_parts(inputs, walk=walk, error=error)
    inverse = np.linalg.inv(covariance)
    residual = inputs.value - loading * stock
    variance = 1 / (column.T @ inverse @ column).item()
    mean = variance * (column.T @ inverse @ residual).item()
    prior = walk**2 * np.minimum.outer(WEEKS, WEEKS)
    projected = inverse - variance * inverse @ column @ column.T @ inverse
    path_mean, path_covariance = prior @ projected @ residual, prior - prior @ projected @ prior

    # 40,000 draws: means within 5 standard errors, standard deviations within 3% (standard error 0.35%)
    assert abs(level.mean() - mean) < 5 * np.sqrt(variance / n_draws)
    assert level.std() == pytest.approx(np.sqrt(variance), rel=0.03)
    sd = np.sqrt(np.diag(path_covariance)[1:])
    assert (np.abs(path.mean(axis=0) - path_mean)[1:] < 5 * sd / np.sqrt(n_draws)).all()
    np.testing.assert_allclose(path.std(axis=0)[1:], sd, rtol=0.03)
    np.testing.assert_allclose(path[:, 0], 0, atol=1e-12)  # the walk starts at the first wave; the level is free
    np.testing.assert_allclose(np.cov(path.T)[1:, 1:], path_covariance[1:, 1:], atol=0.05 * sd.max() ** 2)


def test_defaults_follow_from_the_kind_of_tracker():
    by_survey = TrackerModel().resolve(build_data(tracker=survey()))
    assert (by_survey.loading, by_survey.walk.sigma, by_survey.error) == (0.10, 0.003, None)
    by_index = TrackerModel().resolve(build_data(tracker=index()))
    assert (by_index.loading, by_index.walk.sigma, by_index.error.sigma) == (5.0, 0.1, 1.0)
    assert by_survey.half_life_sigma == by_index.half_life_sigma == 0.25
    stated = TrackerModel(loading=0.05, walk=mmm.HalfNormal(sigma=0.01))
    priced = TrackerModel(walk=mmm.HalfNormal(sigma=0.01), value_per_point=mmm.LogNormal(median=9, sigma=0.7))
    for model in (by_survey, stated, priced):  # what is resolved stays as it is
        assert model.resolve(build_data(tracker=survey())) == model
    for model in (by_survey, by_index, stated, priced):
        assert TrackerModel.model_validate_json(model.model_dump_json()) == model


REFUSED = [
    ("none in the data", {}, {}, "speaks of a tracker, and the data have none"),
    ("a priced index", {"value_per_point": mmm.LogNormal(median=9, sigma=0.7)}, {"tracker": index()}, "is an index"),
    (
        "two sizes of one thing",
        {"loading": 0.1, "value_per_point": mmm.LogNormal(median=9, sigma=0.7)},
        {"tracker": survey()},
        "one of the two would be ignored",
    ),
    ("a second error", {"error": mmm.HalfNormal(sigma=1)}, {"tracker": survey()}, r"is a survey(.|\n)*design_effect"),
]


@pytest.mark.parametrize(("fields", "roles", "message"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED])
def test_a_prior_that_does_not_apply_is_refused(fields, roles, message):
    with pytest.raises(SpecError, match=message):
        TrackerModel(**fields).resolve(build_data(**roles))


@pytest.mark.parametrize(
    "fields", [{"loading": 0.0}, {"loading": float("nan")}, {"half_life_sigma": -1}, {"lodaing": 1}]
)
def test_fields_that_make_no_sense_are_refused(fields):
    with pytest.raises(SpecError, match="TrackerModel"):
        TrackerModel(**fields)
