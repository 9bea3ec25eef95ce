"""The PyMC model: its variables are the posterior's, its priors are the spec's."""

import numpy as np
import pytest
from pytensor.compile.mode import Mode
from scipy import stats

import mmm
from mmm.model.build import build
from mmm.model.inputs import ModelInputs, Scales
from mmm.model.variables import kept_variables

EVALUATE = Mode(linker="py", optimizer="fast_compile")


@pytest.fixture(scope="module")
def data():
    return mmm.simulate.world(seed=2, n_periods=110, channels=["tv", "search"])[0]


def names(model):
    return {variable.name for variable in kept_variables(model)}


def test_the_kept_variables_are_the_posterior_s(data):
    expected = {"roi", "half_life", "saturation_level", "saturation_slope", "carry_in_level", "sigma", "tau"}
    assert names(build(data)) == expected
    assert names(build(data, mmm.ModelSpec(trend=mmm.Trend(walk=None)))) == expected - {"tau"}
    assert names(build(data, collapse=False)) == expected | {"orthonormal_coefficients", "walk_normals"}
    brand = mmm.ModelSpec().with_brand(["tv"], data)
    assert names(build(data, brand)) == expected | {"fast_half_life", "slow_half_life", "slow_share"}


def test_a_parameter_that_only_some_channels_have_has_a_dim_of_its_own(data):
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(carryover=mmm.Delayed()), "search": mmm.Channel()})
    model = build(data, spec)
    assert model.named_vars_to_dims["half_life"] == ("channel",)
    assert model.named_vars_to_dims["peak"] == ("channel_peak",)
    assert list(model.coords["channel_peak"]) == ["tv"]


def log_density(prior, value):
    """Of a prior by SciPy, up to a constant."""
    if isinstance(prior, mmm.LogNormal):
        return stats.lognorm(s=prior.sigma, scale=prior.median).logpdf(value)
    if isinstance(prior, mmm.HalfNormal):
        return stats.halfnorm(scale=prior.sigma).logpdf(value)
    return stats.beta(prior.alpha, prior.beta).logpdf(value)


def log_prior(spec, natural):
    """Log density of everything natural under the spec, up to a constant, straight from its definition."""
    total = log_density(spec.noise, natural["sigma"]) + log_density(spec.trend.walk, natural["tau"])
    channels = list(spec.channels.values())
    for name, values in natural.items():
        if name in ("sigma", "tau"):
            continue
        priors = [c.roi_prior if name == "roi" else c.parameters().get(name) for c in channels]
        priors = [prior for prior in priors if prior is not None]
        if name == "slow_half_life" and spec.shared_slow_half_life:
            priors, values = priors[:1], values[:1]
        if name == "slow_share":
            shares = np.asarray(values)
            odds = np.array([(np.log(v / (1 - v)) - p.location) / p.sigma for p, v in zip(priors, shares, strict=True)])
            apart = 1 - 0.5**2 / 0.9**2 if len(odds) >= 3 else 0.0
            covariance = np.full((len(odds), len(odds)), apart) + (1 - apart) * np.eye(len(odds))
            total += stats.multivariate_normal(cov=covariance).logpdf(odds) - np.log(shares * (1 - shares)).sum()
        else:
            total += sum(log_density(prior, value) for prior, value in zip(priors, values, strict=True))
    return total


SPECS = {
    "short memory": mmm.ModelSpec(
        channels={"tv": mmm.Channel(roi_prior=mmm.LogNormal(median=2, sigma=0.3), carryover=mmm.Delayed())}
    ),
    "one brand": mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True, roi_prior=mmm.LogNormal(median=2, sigma=0.3))}),
    "three brands": mmm.ModelSpec(
        channels={name: mmm.Channel(brand=True) for name in ("tv", "search", "radio")}, horizon_weeks=52
    ),
    "brands apart": mmm.ModelSpec(
        channels={
            "tv": mmm.Channel(brand=True),
            "radio": mmm.Channel(carryover=mmm.TwoSpeed(slow_share=mmm.LogitNormal(median=0.4, sigma=0.3))),
        },
        shared_slow_half_life=False,
    ),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_what_is_sampled_has_the_density_that_the_spec_states(spec):
    """In whatever coordinates: density of the coordinates = density of the natural values x |Jacobian|."""
    data = mmm.simulate.world(seed=2, n_periods=110, channels=["tv", "search", "radio"])[0]
    spec = spec.resolve(data)
    model = build(data, spec)
    kept = kept_variables(model)
    density = model.compile_logp(vars=model.free_RVs, mode=EVALUATE)
    naturally = model.compile_fn(
        model.replace_rvs_by_values(kept), inputs=model.value_vars, mode=EVALUATE, point_fn=True
    )
    start, rng = model.initial_point(random_seed=1), np.random.default_rng(1)

    def natural_at(flat):
        point, used = {}, 0
        for name, value in start.items():
            point[name] = flat[used : used + value.size].reshape(value.shape)
            used += value.size
        return point, dict(zip([v.name for v in kept], naturally(point), strict=True))

    def free_values(flat):
        """The natural values as a vector, one number that is shared counted once."""
        _, natural = natural_at(flat)
        if spec.brand and spec.shared_slow_half_life:
            assert np.ptp(natural["slow_half_life"]) == 0
            natural["slow_half_life"] = natural["slow_half_life"][:1]
        return np.concatenate([np.ravel(value) for value in natural.values()])

    differences = []
    for _ in range(4):
        flat = rng.normal(scale=0.7, size=sum(value.size for value in start.values()))
        point, natural = natural_at(flat)
        steps = 1e-5 * np.eye(len(flat))
        jacobian = np.array([(free_values(flat + step) - free_values(flat - step)) / 2e-5 for step in steps])
        expected = log_prior(spec, natural) + np.linalg.slogdet(jacobian)[1]
        differences.append(float(density(point)) - expected)
    # a constant may be lost (where a prior is cut), and central differences of size 1e-5 are good to about 1e-8
    np.testing.assert_allclose(differences, differences[0], atol=1e-5)


def test_scales_of_an_earlier_fit_are_applied_and_not_learnt_again(data):
    scales = Scales.learn(data)
    doubled = scales.model_copy(update={"outcome": 2 * scales.outcome})
    spec = mmm.ModelSpec().resolve(data)
    own, other = (ModelInputs.prepare(data, spec, s) for s in (scales, doubled))
    np.testing.assert_allclose(own.outcome.mean(), 1)
    np.testing.assert_allclose(other.outcome, own.outcome / 2)
    # the money at which ROI is 1 does not depend on the scale of the outcome
    np.testing.assert_allclose(other.break_even * doubled.outcome, own.break_even * scales.outcome)


def test_break_even_is_the_spend_in_mean_outcomes_worth_of_margin():
    frame, _ = mmm.simulate.world_frame(seed=2, n_periods=110, channels=["tv", "search"])
    roles = {"date": "date", "outcome": "revenue", "spend": ["tv", "search"]}
    data = mmm.MarketingData.from_frame(frame, **roles, margin=0.4)
    inputs = ModelInputs.prepare(data, mmm.ModelSpec().resolve(data), Scales.learn(data))
    expected = frame[["tv", "search"]].sum() / 0.4 / frame["revenue"].mean()
    np.testing.assert_allclose(inputs.break_even, expected)


def test_history_comes_before_the_data_and_is_not_part_of_the_outcome():
    frame, _ = mmm.simulate.world_frame(seed=2, n_periods=130, channels=["tv"])
    data = mmm.MarketingData.from_frame(
        frame.iloc[20:], date="date", outcome="revenue", spend=["tv"], history=frame.iloc[:20]
    )
    inputs = ModelInputs.prepare(data, mmm.ModelSpec().resolve(data), Scales.learn(data))
    assert (inputs.start, inputs.stop, len(inputs.outcome)) == (20, 130, 110)
    np.testing.assert_allclose(inputs.driver[:, 0] * frame["tv"].iloc[20:].mean(), frame["tv"])
    assert inputs.rotation.matrix.shape == (110 - inputs.design.columns.shape[1], 110)


def test_mixed_families_are_a_bug_and_not_a_guess():
    from mmm.model.variables import _random

    with pytest.raises(TypeError, match="mixes families of priors"):
        _random("x", [mmm.HalfNormal(sigma=1), mmm.LogNormal(median=1, sigma=1)], dims="channel")
