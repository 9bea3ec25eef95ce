"""The collapsed likelihood against the dense one, and the recovered baseline against its analytic posterior."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from pytensor.compile.mode import Mode
from scipy import stats

import mmm
from mmm.model.build import build
from mmm.model.collapse import recover, rotate
from mmm.model.inputs import ModelInputs, Scales
from mmm.model.variables import kept_variables
from mmm.posterior import Draws, log_likelihood
from mmm.simulate import oracle
from mmm.simulate.oracle import ChannelRules

SPECS = {
    "default": mmm.ModelSpec(),
    "adstock first, no walk": mmm.ModelSpec(
        channels={"tv": mmm.Channel(order="adstock_first"), "search": mmm.Channel(saturation=mmm.Root())},
        trend=mmm.Trend(walk=None),
        seasonality=2,
    ),
    "margin over time": mmm.ModelSpec(channels={"radio": mmm.Channel(order="adstock_first")}, seasonality=2),
    "mixed forms, holidays": mmm.ModelSpec(
        channels={
            "tv": mmm.Channel(carryover=mmm.Delayed(max_lag_weeks=6)),
            "search": mmm.Channel(saturation=mmm.NoSaturation(), carryover=mmm.NoCarryover()),
        },
        holidays="GB",
    ),
    "two brands, tracker": mmm.ModelSpec(channels={name: mmm.Channel(brand=True) for name in ("tv", "radio")}),
    "brand, value per point, smooth base": mmm.ModelSpec(
        channels={"tv": mmm.Channel(brand=True, saturation=mmm.Root())},
        tracker=mmm.TrackerModel(value_per_point=mmm.LogNormal(median=9000, sigma=0.7)),
        trend=mmm.Trend(smooth_weeks=13),
    ),
    "brand, index as tracker": mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)}, seasonality=2),
}


def waves_of(case, frame):
    """A survey every four weeks, or a weekly index, where the case speaks of one."""
    rng, waves = np.random.default_rng(3), frame[["date"]].iloc[2 :: 1 if "index" in case else 4].copy()
    if "index" in case:
        waves["value"] = 300 + 40 * rng.standard_normal(len(waves))
        return mmm.Tracker.from_frame(waves, date="date", value="value", unit="index", name="brand searches")
    waves["value"], waves["n"] = 0.4 + 0.03 * rng.standard_normal(len(waves)), rng.integers(300, 900, len(waves))
    return mmm.Tracker.from_frame(waves, date="date", value="value", sample_size="n", unit="share", name="awareness")


@pytest.fixture(scope="module", params=SPECS, ids=list(SPECS))
def case(request):
    frame, _ = mmm.simulate.world_frame(seed=5, n_periods=104, channels=["tv", "search", "radio"])
    frame["margin"] = np.linspace(0.2, 0.6, len(frame))
    data = mmm.MarketingData.from_frame(
        frame, date="date", outcome="revenue", spend=["tv", "search", "radio"], controls=["price"],
        margin="margin" if "margin" in request.param else None,
        tracker=waves_of(request.param, frame) if "brand" in request.param else None,
    )  # fmt: skip
    spec = SPECS[request.param].resolve(data)
    return data, spec, build(data, spec)


def dense_log_marginal(residual, *, columns, covariance):
    """Restricted likelihood of ``residual`` by dense linear algebra, up to a constant."""
    inverse = np.linalg.inv(covariance)
    information = columns.T @ inverse @ columns
    projected = inverse - inverse @ columns @ np.linalg.solve(information, columns.T @ inverse)
    log_determinants = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(information)[1]
    return -0.5 * (log_determinants + residual @ projected @ residual)


def draws_at(model, data, spec, points):
    """The parameters of many unconstrained points, as draws of one chain."""
    constrain = model_functions(model)["constrain"]
    by_point = [[np.asarray(value) for value in constrain(point)] for point in points]
    variables = {
        variable.name: (
            ("chain", "draw", *model.named_vars_to_dims.get(variable.name, ())),
            np.stack(values)[None],
        )
        for variable, values in zip(kept_variables(model), zip(*by_point, strict=True), strict=True)
    }
    parameters = xr.Dataset(variables, {k: list(v) for k, v in model.coords.items()})
    return Draws(parameters, data, spec, Scales.learn(data), 0)


_FUNCTIONS = {}


def model_functions(model):
    if model not in _FUNCTIONS:
        mode = Mode(linker="py", optimizer="fast_compile")  # the densities are evaluated, not sampled: no compiling
        likelihood = [model["rotated"]]
        constrained = model.replace_rvs_by_values(kept_variables(model))
        _FUNCTIONS[model] = {
            "constrain": model.compile_fn(constrained, inputs=model.value_vars, mode=mode, point_fn=True),
            "logp": model.compile_logp(vars=likelihood, mode=mode, on_unused_input="ignore"),
            "tracked": "tracked" in model.named_vars
            and model.compile_logp(vars=[model["tracked"]], mode=mode, on_unused_input="ignore"),
            "dlogp": model.compile_dlogp(mode=mode),
            "prior": model.compile_logp(vars=model.free_RVs, mode=mode),
        }
    return _FUNCTIONS[model]


def random_point(model, rng):
    start = model.initial_point(random_seed=1)
    return {name: value + rng.normal(scale=0.7, size=np.shape(value)) for name, value in start.items()}


def dense_at(model, data, spec, points):
    """Dense log marginal likelihood at each point, from media replayed in NumPy."""
    draws = draws_at(model, data, spec, points)
    inputs = draws.inputs
    media = draws.contributions().sum("channel").values[0, :, 0] / draws.scales.outcome
    sigma = draws.parameters["sigma"].values[0]
    tau = draws.parameters["tau"].values[0] if "tau" in draws.parameters else np.zeros_like(sigma)
    noise, kernel = np.eye(data.n_periods), inputs.design.walk_covariance
    return np.array(
        [
            dense_log_marginal(
                inputs.outcome - m, columns=inputs.design.columns, covariance=s**2 * noise + t**2 * kernel
            )
            for m, s, t in zip(media, sigma, tau, strict=True)
        ]
    )


def test_collapsed_density_equals_the_dense_marginal_up_to_one_constant(case):
    data, spec, model = case
    rng = np.random.default_rng(1)
    # evaluated without compiling, which takes a tenth of a second: fewer where brand and tracker make the graph larger
    points = [random_point(model, rng) for _ in range(20 if spec.brand else 100)]
    collapsed = np.array([float(model_functions(model)["logp"](point)) for point in points])
    dense = dense_at(model, data, spec, points)
    constant = collapsed[0] - dense[0]
    np.testing.assert_allclose(collapsed, dense + constant, rtol=1e-8)


def tracked_at(model, data, spec, points):
    """Log density of the waves at each point, from the stock replayed in NumPy; 0 without a tracker."""
    if not data.has_tracker:
        return np.zeros(len(points))
    draws = draws_at(model, data, spec, points)
    parameters = {
        name: draws.parameters[name].values[0] for name in draws.parameters if draws.parameters[name].ndim == 2
    }
    waves, stock = draws.inputs.tracker, 0.0
    for name in spec.brand:
        own = draws.channel_parameters(name)
        amplitude = draws.amplitude(name)[0] * own["slow_share"][0, :, 0]
        column, stretch = data.channels.index(name), parameters["tracker_stretch"]
        rules = ChannelRules(saturation=spec.channels[name].saturation.kind, carryover="geometric", parameters={})
        for_each = []
        for i in range(len(points)):
            at = {key: float(value[0, i, 0]) for key, value in own.items()}
            at["half_life"] = at["slow_half_life"] * float(stretch[i])
            for_each.append(
                oracle.response(
                    draws.inputs.driver[:, column].tolist(), replace(rules, parameters=at), weeks_per_period=1.0
                )
            )
        stock = stock + amplitude[:, None] * np.array(for_each)
    relative = stock / stock.mean(axis=1, keepdims=True)
    if spec.tracker.value_per_point is None:
        loading = parameters["tracker_loading"]
    else:
        loading = 0.01 * stock.mean(axis=1) / parameters["value_per_point"]
    errors = parameters.get("tracker_sigma", np.ones(len(points)))
    return np.array(
        [
            waves.log_density(g[waves.rows], loading=lam, walk=walk, error=error)
            for g, lam, walk, error in zip(relative, loading, parameters["tracker_tau"], errors, strict=True)
        ]
    )


def test_the_tracker_has_the_density_of_the_stock_that_the_oracle_builds(case):
    data, spec, model = case
    if not data.has_tracker:
        assert "tracked" not in model.named_vars
        return
    rng = np.random.default_rng(4)
    points = [random_point(model, rng) for _ in range(12)]
    in_graph = np.array([float(model_functions(model)["tracked"](point)) for point in points])
    direct = tracked_at(model, data, spec, points)
    np.testing.assert_allclose(in_graph - in_graph[0], direct - direct[0], rtol=1e-8, atol=1e-8)


def test_the_log_likelihood_of_draws_is_the_density_that_is_sampled(case):
    data, spec, model = case
    rng = np.random.default_rng(6)
    points = [random_point(model, rng) for _ in range(8)]
    functions = model_functions(model)
    in_graph = [float(functions["logp"](p)) + float(functions["tracked"](p) if data.has_tracker else 0) for p in points]
    replayed = log_likelihood(draws_at(model, data, spec, points))
    assert replayed.dims == ("chain", "draw")
    np.testing.assert_allclose(replayed.values[0], in_graph, rtol=1e-9)


def test_gradient_equals_finite_differences_of_the_dense_marginal(case):
    data, spec, model = case
    functions = model_functions(model)
    rng = np.random.default_rng(2)
    for _ in range(3):
        point = random_point(model, rng)
        # fourth-order central differences: at this step their error is far below the tolerance
        step, stencil = 1e-4, np.array([1, -8, 8, -1]) / 12
        moved = [
            moved_point(point, variable.name, i, offset * step)
            for variable in model.value_vars
            for i in range(np.size(point[variable.name]))
            for offset in (-2, -1, 1, 2)
        ]
        prior = np.array([float(functions["prior"](p)) for p in moved])
        likelihood = dense_at(model, data, spec, moved) + tracked_at(model, data, spec, moved)
        numeric = (likelihood + prior).reshape(-1, 4) @ stencil / step
        np.testing.assert_allclose(functions["dlogp"](point), numeric, rtol=1e-5, atol=1e-5)


def moved_point(point, name, i, offset):
    moved = {key: np.array(value, dtype=float) for key, value in point.items()}
    moved[name].reshape(-1)[i] += offset
    return moved


def test_rotation_is_orthonormal_and_blind_to_the_baseline(case):
    data, spec, _ = case
    inputs = ModelInputs.prepare(data, spec, Scales.learn(data))
    matrix, variances = inputs.rotation.matrix, inputs.rotation.walk_variances
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(len(matrix)), atol=1e-10)
    np.testing.assert_allclose(matrix @ inputs.design.columns, 0, atol=1e-8)
    np.testing.assert_allclose(matrix @ inputs.design.walk_covariance @ matrix.T, np.diag(variances), atol=1e-7)


@pytest.mark.parametrize("tau", [0.0, 0.004, 0.05])
def test_recovered_baseline_has_the_analytic_mean_and_covariance(tau):
    data, _ = mmm.simulate.world(seed=6, n_periods=60 * 2, n_channels=1)
    spec = mmm.ModelSpec(seasonality=1).resolve(data)
    inputs = ModelInputs.prepare(data, spec, Scales.learn(data))
    sigma, n_draws = 0.05, 20_000
    columns, kernel = inputs.design.columns, inputs.design.walk_covariance
    coefficients, walk = recover(
        np.broadcast_to(inputs.outcome, (n_draws, data.n_periods)),
        sigma=np.full(n_draws, sigma),
        tau=np.full(n_draws, tau),
        design=inputs.design,
        rotation=inputs.rotation,
        rng=np.random.default_rng(3),
    )
    inverse = np.linalg.inv(sigma**2 * np.eye(data.n_periods) + tau**2 * kernel)
    covariance = np.linalg.inv(columns.T @ inverse @ columns)
    mean = covariance @ columns.T @ inverse @ inputs.outcome
    # joint over coefficients: Mahalanobis distances are chi-squared; mean within 5 standard errors
    error = (coefficients.mean(axis=0) - mean) / np.sqrt(np.diag(covariance) / n_draws)
    assert np.abs(error).max() < 5
    deviations = coefficients - mean
    distance = np.einsum("ij,jk,ik->i", deviations, np.linalg.inv(covariance), deviations)
    assert stats.kstest(distance, stats.chi2(columns.shape[1]).cdf).pvalue > 1e-3
    # an empirical covariance of 20,000 draws is within 5% of the truth (relative sd of a variance: 1%)
    np.testing.assert_allclose(
        np.cov(coefficients.T) / np.sqrt(np.outer(*[np.diag(covariance)] * 2)),
        covariance / np.sqrt(np.outer(*[np.diag(covariance)] * 2)),
        atol=0.05,
    )
    # the walk given the data: its marginal mean and variance, by conditioning the dense joint Gaussian
    cross = tau**2 * kernel @ inverse
    projector = np.eye(data.n_periods) - columns @ covariance @ columns.T @ inverse
    walk_mean = cross @ projector @ inputs.outcome
    walk_covariance = tau**2 * kernel - cross @ projector @ (tau**2 * kernel)
    spread = np.sqrt(np.clip(np.diag(walk_covariance), 0, None))
    np.testing.assert_array_less(np.abs(walk.mean(axis=0) - walk_mean), 5 * spread / np.sqrt(n_draws) + 1e-12)
    np.testing.assert_allclose(walk.std(axis=0), spread, rtol=0.05, atol=1e-12)


def test_recovery_without_noise_returns_the_outcome_itself():
    data, _ = mmm.simulate.world(seed=7, n_periods=104, n_channels=1)
    inputs = ModelInputs.prepare(data, mmm.ModelSpec().resolve(data), Scales.learn(data))
    tiny = np.full(3, 1e-9)
    coefficients, walk = recover(
        np.broadcast_to(inputs.outcome, (3, data.n_periods)),
        sigma=tiny,
        tau=np.full(3, 0.01),
        design=inputs.design,
        rotation=inputs.rotation,
        rng=np.random.default_rng(0),
    )
    np.testing.assert_allclose(
        coefficients @ inputs.design.columns.T + walk, inputs.outcome[None].repeat(3, 0), atol=1e-6
    )


def test_rotate_without_columns_to_spare_is_refused_by_the_design():
    data, _ = mmm.simulate.world(seed=8, n_periods=104, n_channels=1)
    with pytest.raises(mmm.errors.SpecError, match="periods are left to tell media from the baseline"):
        ModelInputs.prepare(
            data.__class__.restore(data.dataset.isel(date=slice(0, 52)), data.description, ()),
            mmm.ModelSpec(seasonality=26).resolve(data),
            Scales.learn(data),
        )


def test_rotate_is_deterministic():
    data, _ = mmm.simulate.world(seed=8, n_periods=104, n_channels=1)
    inputs = ModelInputs.prepare(data, mmm.ModelSpec().resolve(data), Scales.learn(data))
    np.testing.assert_array_equal(rotate(inputs.design).matrix, inputs.rotation.matrix)
