"""The log prior of each draw, block by block, against PyMC's and against what the blocks are made of."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from pytensor.compile.mode import Mode
from scipy import stats

import mmm
from mmm import schema
from mmm.model.build import build
from mmm.model.inputs import Scales
from mmm.model.variables import kept_variables
from mmm.posterior import Draws
from mmm.posterior.log_prior import PRIOR_BLOCKS, log_prior
from tests.conftest import build_data, build_posterior, build_tracker

EVALUATE = Mode(linker="py", optimizer="fast_compile")
ALL_BRAND = {name: mmm.Channel(brand=True) for name in ("tv", "video", "radio")}
CASES = {
    "plain": ({}, mmm.ModelSpec(channels={"tv": mmm.Channel(roi_prior=mmm.LogNormal(median=2, sigma=0.3))})),
    "other curves": (
        {},
        mmm.ModelSpec(
            channels={
                "tv": mmm.Channel(carryover=mmm.Delayed(), saturation=mmm.Root()),
                "video": mmm.Channel(carryover=mmm.Weibull(), saturation=mmm.MichaelisMenten()),
                "radio": mmm.Channel(carryover=mmm.NoCarryover()),
            },
            trend=mmm.Trend(walk=None),
        ),
    ),
    "one brand": ({}, mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})),
    "pooled brands": ({}, mmm.ModelSpec(channels=ALL_BRAND, horizon_weeks=52)),
    "half-lives apart": ({}, mmm.ModelSpec(channels=ALL_BRAND, shared_slow_half_life=False)),
    "survey": ({"tracker": build_tracker()}, mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})),
    "index": ({"tracker": build_tracker(unit="index")}, mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})),
    "no money": ({"outcome": "orders"}, mmm.ModelSpec()),
}


def draws_at_random(data, spec, model, rng, n=5):
    """Natural values and PyMC's log prior, without Jacobians of its transforms, at random points."""
    density = model.compile_logp(vars=model.free_RVs, jacobian=False, mode=EVALUATE)
    kept = kept_variables(model)
    naturally = model.compile_fn(
        model.replace_rvs_by_values(kept), inputs=model.value_vars, mode=EVALUATE, point_fn=True
    )
    start, values, densities = model.initial_point(random_seed=1), [], []
    for _ in range(n):
        point = {name: rng.normal(scale=0.7, size=value.shape) for name, value in start.items()}
        values.append(naturally(point))
        densities.append(float(density(point)))
    by_name = {v.name: np.stack(column)[None] for v, column in zip(kept, zip(*values, strict=True), strict=True)}
    dims = {name: model.named_vars_to_dims.get(name, ()) for name in by_name}
    parameters = xr.Dataset(
        {name: (("chain", "draw", *dims[name]), value) for name, value in by_name.items()},
        {dim: list(model.coords[dim]) for found in dims.values() for dim in found},
    )
    return Draws(parameters, data, spec, Scales.learn(data), 1), np.array(densities)


def logarithms(draws):
    """Sum of logarithms of what PyMC has on its own scale and the blocks on the logarithm's: the Jacobian."""
    names = [schema.HALF_LIFE, schema.FAST_HALF_LIFE, schema.PEAK, schema.SHAPE, schema.SLOPE]
    total = np.zeros(draws.parameters.sizes["draw"])
    for name in names:
        owners = [c for c, ch in draws.spec.channels.items() if isinstance(ch.parameters().get(name), mmm.LogNormal)]
        if owners:
            variable = draws.parameters[name]
            total += np.log(variable.sel({variable.dims[-1]: owners}).values[0]).sum(axis=-1)
    if schema.SLOW_HALF_LIFE in draws.parameters:
        slow = np.log(draws.parameters[schema.SLOW_HALF_LIFE].values[0])
        total += slow[:, 0] if draws.spec.shared_slow_half_life else slow.sum(axis=-1)
    if schema.TRACKER_STRETCH in draws.parameters:
        total += np.log(draws.parameters[schema.TRACKER_STRETCH].values[0])
    return total


@pytest.mark.parametrize("case", CASES)
def test_the_blocks_sum_to_what_pymc_samples_up_to_a_constant_and_the_logarithms(case):
    roles, spec = CASES[case]
    data = build_data(**roles)
    spec = spec.resolve(data)
    draws, expected = draws_at_random(data, spec, build(data, spec), np.random.default_rng(4))
    found = log_prior(draws).to_dataarray().sum("variable").values[0]
    differences = expected + logarithms(draws) - found
    assert np.ptp(found) > 1
    np.testing.assert_allclose(differences, differences[0], atol=1e-8)


def test_a_block_is_there_where_the_model_has_it(national_data):
    plain = log_prior(build_posterior(national_data).draws)
    assert list(plain) == ["return", "carry_over", "saturation", "baseline"]
    tracked = build_data(tracker=build_tracker())
    brand = log_prior(build_posterior(tracked, mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})).draws)
    assert list(brand) == list(PRIOR_BLOCKS)
    assert all(block.dims == ("chain", "draw") for block in brand.values())


def test_returns_have_independent_priors_at_the_horizon_whatever_the_kernel(national_data):
    posterior = build_posterior(national_data, mmm.ModelSpec(channels=ALL_BRAND))
    roi = posterior.draws.parameters["roi"].values
    expected = stats.norm(0, 0.85).logpdf(np.log(roi)).sum(axis=-1)
    np.testing.assert_allclose(log_prior(posterior.draws)["return"].values, expected)


def test_pooled_slow_shares_have_one_joint_density(national_data):
    posterior = build_posterior(national_data, mmm.ModelSpec(channels=ALL_BRAND))
    parameters = posterior.draws.parameters
    shares = parameters["slow_share"].values
    location, common = np.log(0.731 / 0.269), 0.9**2 - 0.5**2
    covariance = np.full((3, 3), common) + 0.5**2 * np.eye(3)
    joint = stats.multivariate_normal(np.full(3, location), covariance).logpdf(np.log(shares / (1 - shares)))
    half_life = posterior.spec.channels["tv"].carryover.slow_half_life
    once = half_life.log_density(parameters["slow_half_life"].values[..., 0])
    np.testing.assert_allclose(log_prior(posterior.draws)["long_run"].values, joint + once)


def test_draws_that_are_impossible_are_impossible(posterior):
    parameters = posterior.draws.parameters
    impossible = replace(posterior.draws, parameters=parameters.assign(sigma=-parameters["sigma"]))
    assert (log_prior(impossible)["baseline"] == -np.inf).all()
