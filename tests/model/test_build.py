"""The PyMC model: its variables are the posterior's, its priors are the spec's."""

import numpy as np
import pytest
from pytensor.compile.mode import Mode

import mmm
from mmm.model.build import build
from mmm.model.inputs import ModelInputs, Scales

EVALUATE = Mode(linker="py", optimizer="fast_compile")


@pytest.fixture(scope="module")
def data():
    return mmm.simulate.world(seed=2, n_periods=110, channels=["tv", "search"])[0]


def names(model):
    return {variable.name for variable in model.free_RVs}


def test_the_free_variables_are_the_posterior_s(data):
    expected = {"roi", "half_life", "saturation_level", "saturation_slope", "carry_in_level", "sigma", "tau"}
    assert names(build(data)) == expected
    assert names(build(data, mmm.ModelSpec(trend=mmm.Trend(walk=None)))) == expected - {"tau"}
    assert names(build(data, collapse=False)) == expected | {"orthonormal_coefficients", "walk_steps"}


def test_a_parameter_that_only_some_channels_have_has_a_dim_of_its_own(data):
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(carryover=mmm.Delayed()), "search": mmm.Channel()})
    model = build(data, spec)
    assert model.named_vars_to_dims["half_life"] == ("channel",)
    assert model.named_vars_to_dims["peak"] == ("channel_peak",)
    assert list(model.coords["channel_peak"]) == ["tv"]


def test_the_priors_have_the_density_of_scipy(data):
    spec = mmm.ModelSpec(
        channels={"tv": mmm.Channel(roi_prior=mmm.LogNormal(median=2, sigma=0.3), carryover=mmm.Delayed())}
    ).resolve(data)
    model = build(data, spec)
    rng, start = np.random.default_rng(1), model.initial_point()
    for variable in model.free_RVs:
        name = variable.name
        owners = [c.roi_prior if name == "roi" else c.parameters().get(name) for c in spec.channels.values()]
        priors = [p for p in owners if p is not None] or [spec.noise if name == "sigma" else spec.trend.walk]
        natural = np.array([prior.sample(rng, 1)[0] for prior in priors])
        # without the Jacobian of PyMC's transform the density is that of the quantity itself
        density = model.compile_logp(vars=variable, jacobian=False, mode=EVALUATE, on_unused_input="ignore")
        value = np.log(natural) if name != "saturation_level" else np.log(natural / (1 - natural))
        point = {**start, model.rvs_to_values[variable].name: value if variable.ndim else value[0]}
        expected = sum(prior.distribution().logpdf(x) for prior, x in zip(priors, natural, strict=True))
        assert float(density(point)) == pytest.approx(float(expected), rel=1e-9), name


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
    from mmm.model.build import _random

    with pytest.raises(TypeError, match="mixes families of priors"):
        _random("x", [mmm.HalfNormal(sigma=1), mmm.LogNormal(median=1, sigma=1)], dims="channel")
