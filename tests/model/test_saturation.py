"""Curves: NumPy = PyTensor = oracle, and the properties that their parameters promise."""

from functools import cache

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from hypothesis import given, strategies as st

from mmm.errors import SpecError
from mmm.model.priors import Beta, LogNormal
from mmm.model.saturation import Hill, Logistic, MichaelisMenten, NoSaturation, Root, Tanh
from mmm.simulate.oracle import saturate
from tests.model.conftest import CURVES, channel_of, compiled, parameters_of, repeatable, rules_of, spends

ROWS, CHANNELS = 6, 2
WITH_LEVEL = ("hill", "michaelis_menten", "tanh", "logistic")


@cache
def graph_of(kind):
    curve = CURVES[kind]
    return compiled(lambda x, parameters: [curve.respond(x, parameters)], ROWS, CHANNELS, tuple(curve.parameters()))


@pytest.mark.parametrize("kind", CURVES)
@repeatable
@given(draws=st.data())
def test_numpy_pytensor_and_oracle_agree(kind, draws):
    curve = CURVES[kind]
    x = draws.draw(spends((ROWS, CHANNELS)))
    parameters = draws.draw(parameters_of(curve.parameters(), CHANNELS))
    numpy = curve.respond(x, parameters)
    (pytensor_,) = graph_of(kind)(x, parameters)
    rules = [rules_of(channel_of(kind, "none"), parameters, c) for c in range(CHANNELS)]
    oracle = [[saturate(float(x[t, c]), rules[c]) for c in range(CHANNELS)] for t in range(ROWS)]
    np.testing.assert_allclose(pytensor_, numpy, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(numpy, oracle, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("kind", CURVES)
@repeatable
@given(draws=st.data())
def test_zero_at_zero_and_never_falling(kind, draws):
    curve = CURVES[kind]
    parameters = draws.draw(parameters_of(curve.parameters(), 1))
    grid = np.concatenate([[0.0], np.geomspace(1e-6, 20.0, 60)])[:, None]
    y = curve.respond(grid, parameters)
    assert y[0, 0] == 0.0
    assert (np.diff(y[:, 0]) >= 0).all()
    below_ceiling = y < 1 - 1e-9
    assert (np.diff(y[:, 0])[below_ceiling[1:, 0]] > 0).all() or kind == "hill"
    if kind in WITH_LEVEL:
        assert y.max() <= 1.0


@pytest.mark.parametrize("kind", WITH_LEVEL)
@repeatable
@given(draws=st.data())
def test_level_is_the_value_at_mean_spend(kind, draws):
    curve = CURVES[kind]
    parameters = draws.draw(parameters_of(curve.parameters(), 3))
    at_mean = curve.respond(np.ones((1, 3)), parameters)[0]
    np.testing.assert_allclose(at_mean, parameters["saturation_level"], rtol=1e-12)


@repeatable
@given(draws=st.data())
def test_logistic_is_tanh(draws):
    x = draws.draw(spends((ROWS, CHANNELS)))
    parameters = draws.draw(parameters_of(["saturation_level"], CHANNELS))
    np.testing.assert_array_equal(Logistic().respond(x, parameters), Tanh().respond(x, parameters))


@repeatable
@given(draws=st.data())
def test_hill_of_slope_one_is_michaelis_menten(draws):
    x = draws.draw(spends((ROWS, CHANNELS)))
    parameters = draws.draw(parameters_of(["saturation_level"], CHANNELS))
    hill = Hill().respond(x, parameters | {"saturation_slope": np.ones(CHANNELS)})
    np.testing.assert_allclose(hill, MichaelisMenten().respond(x, parameters), rtol=1e-12)


def elasticity_at_mean(curve, parameters):
    """mROI / ROI at mean spend, by central differences in log spend; per channel."""
    step = 1e-5
    edges = np.exp(np.array([[step], [-step]]))
    up, down = np.log(curve.respond(edges * np.ones((2, len(next(iter(parameters.values()))))), parameters))
    return (up - down) / (2 * step)


@repeatable
@given(draws=st.data())
def test_elasticity_of_michaelis_menten_is_one_minus_level(draws):
    parameters = draws.draw(parameters_of(["saturation_level"], 3))
    elasticity = elasticity_at_mean(MichaelisMenten(), parameters)
    np.testing.assert_allclose(elasticity, 1 - parameters["saturation_level"], atol=1e-8)


@repeatable
@given(draws=st.data())
def test_elasticity_of_hill_is_slope_times_one_minus_level(draws):
    parameters = draws.draw(parameters_of(["saturation_level", "saturation_slope"], 3))
    expected = parameters["saturation_slope"] * (1 - parameters["saturation_level"])
    np.testing.assert_allclose(elasticity_at_mean(Hill(), parameters), expected, atol=1e-7)


@repeatable
@given(draws=st.data())
def test_elasticity_of_root_is_its_exponent(draws):
    parameters = draws.draw(parameters_of(["saturation_exponent"], 3))
    np.testing.assert_allclose(elasticity_at_mean(Root(), parameters), parameters["saturation_exponent"], atol=1e-8)


@pytest.mark.parametrize("kind", CURVES)
@repeatable
@given(draws=st.data())
def test_bend_is_the_derivative_in_the_logarithm_of_spend(kind, draws):
    curve = CURVES[kind]
    x = draws.draw(spends((ROWS, CHANNELS)))
    parameters = draws.draw(parameters_of(curve.parameters(), CHANNELS))
    step = 1e-5
    up, down = (curve.respond(x * np.exp(change), parameters) for change in (step, -step))
    bend = curve.bend(x, curve.respond(x, parameters), parameters)
    # both errors of a central difference are near 1e-10 of the curve
    np.testing.assert_allclose(bend, (up - down) / (2 * step), rtol=1e-7, atol=1e-8)


def test_hill_is_s_shaped_above_slope_one():
    x = np.linspace(0.0, 0.4, 9)[:, None]
    convex = Hill().respond(x, {"saturation_level": np.array([0.4]), "saturation_slope": np.array([3.0])})
    concave = Hill().respond(x, {"saturation_level": np.array([0.4]), "saturation_slope": np.array([0.8])})
    assert (np.diff(convex[:, 0], 2) > 0).all()
    assert (np.diff(concave[:, 0], 2) < 0).all()


@pytest.mark.parametrize("kind", [kind for kind in CURVES if kind != "none"])
def test_gradients_in_the_parameters_are_finite_at_zero_spend(kind):
    # NUTS sees every week at once: one 0 * inf in a dark week and there is no gradient at all
    curve = CURVES[kind]
    x = np.array([[0.0], [1e-8], [0.5], [2.0]])
    symbols = {name: pt.vector(name, shape=(1,)) for name in curve.parameters()}
    total = curve.respond(pt.constant(x), symbols).sum()
    gradient = pytensor.function(list(symbols.values()), pt.grad(total, list(symbols.values())), mode="FAST_COMPILE")
    at = {"saturation_level": 0.3, "saturation_slope": 1.7, "saturation_exponent": 0.4}
    for name, value in zip(symbols, gradient(*(np.array([at[name]]) for name in symbols)), strict=True):
        step = 1e-6
        sides = [
            curve.respond(x, {other: np.array([at[other] + side * (other == name)]) for other in symbols}).sum()
            for side in (step, -step)
        ]
        assert value[0] == pytest.approx((sides[0] - sides[1]) / (2 * step), rel=1e-6)


@pytest.mark.parametrize("kind", CURVES)
def test_draws_by_chain_are_the_loop_over_draws(kind):
    curve, rng = CURVES[kind], np.random.default_rng(6)
    x = rng.gamma(1.0, size=(ROWS, CHANNELS)) * (rng.random((ROWS, CHANNELS)) < 0.7)
    parameters = {
        name: prior.sample(rng, 3 * 4 * CHANNELS).reshape(3, 4, CHANNELS) for name, prior in curve.parameters().items()
    }
    whole = np.broadcast_to(curve.respond(x, parameters), (3, 4, ROWS, CHANNELS))
    for one in np.ndindex(3, 4):
        np.testing.assert_array_equal(whole[one], curve.respond(x, {name: v[one] for name, v in parameters.items()}))


@pytest.mark.parametrize("kind", CURVES)
def test_parameters_have_priors_inside_their_range(kind):
    for name, prior in CURVES[kind].parameters().items():
        lower, upper = prior.interval(0.999)
        assert 0 < lower < upper
        assert name == "saturation_slope" or upper < 1


def test_a_straight_line_has_no_parameters():
    assert NoSaturation().parameters() == {}
    assert NoSaturation().respond(2.5, {}) == 2.5


def test_a_prior_of_the_wrong_family_is_refused():
    with pytest.raises(SpecError, match=r"Hill\.level = .*instance of Beta"):
        Hill(level=LogNormal(median=0.3, sigma=0.5))
    with pytest.raises(SpecError, match=r"Root\.exponent = .*instance of Beta"):
        Root(exponent=0.5)


def test_the_kind_cannot_be_changed():
    with pytest.raises(SpecError, match=r"Hill\.kind = 'tanh': Input should be 'hill'"):
        Hill(kind="tanh")


def test_own_priors_are_kept():
    assert Tanh(level=Beta(alpha=1, beta=9)).parameters()["saturation_level"] == Beta(alpha=1, beta=9)
