"""The three filters: against SciPy, against each other, with draw dims, and compiled."""

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp
from pytensor.gradient import verify_grad
from scipy.signal import lfilter

from mmm.model.filters import convolve, delay, is_symbolic, recursion
from mmm.model.ops import Recursion, symbolic_convolve, symbolic_recursion
from tests.model.conftest import repeatable, spends

DECAYS = hnp.arrays(float, 2, elements=st.floats(0.0, 0.999))


@repeatable
@given(x=st.integers(1, 15).flatmap(lambda rows: spends((rows, 2))), decay=DECAYS)
def test_recursion_is_lfilter(x, decay):
    expected = np.column_stack([lfilter([1.0], [1.0, -decay[c]], x[:, c]) for c in range(2)])
    np.testing.assert_allclose(recursion(x, decay), expected, rtol=1e-13, atol=1e-13)


@repeatable
@given(
    x=st.integers(1, 15).flatmap(lambda rows: spends((rows, 2))),
    weights=hnp.arrays(float, (6, 2), elements=st.floats(0, 1)),
)
def test_convolve_is_numpy_convolve(x, weights):
    expected = np.column_stack([np.convolve(x[:, c], weights[:, c])[: len(x)] for c in range(2)])
    np.testing.assert_allclose(convolve(x, weights), expected, rtol=1e-13, atol=1e-13)


@repeatable
@given(x=spends((12, 2)), decay=DECAYS)
def test_recursion_is_convolution_with_powers_of_the_decay(x, decay):
    powers = decay ** np.arange(12.0)[:, None]
    np.testing.assert_allclose(recursion(x, decay), convolve(x, powers), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("periods", [0, 1, 4, 5, 9])
def test_delay_shifts_and_fills_with_zeros(periods):
    x = np.arange(1.0, 11.0).reshape(5, 2)
    expected = np.zeros((5, 2))
    expected[min(periods, 5) :] = x[: max(5 - periods, 0)]
    np.testing.assert_array_equal(delay(x, periods), expected)
    np.testing.assert_array_equal(delay(pt.constant(x), periods).eval(mode="FAST_COMPILE"), expected)


def test_leading_dims_are_draws_on_either_side():
    rng = np.random.default_rng(1)
    x, many = rng.gamma(2, size=(7, 2)), rng.gamma(2, size=(3, 4, 7, 2))
    decay, weights = rng.uniform(0, 0.9, size=(3, 4, 2)), rng.uniform(size=(3, 4, 5, 2))
    for chain, draw in np.ndindex(3, 4):
        one = (chain, draw)
        np.testing.assert_allclose(recursion(x, decay)[one], recursion(x, decay[one]))
        np.testing.assert_allclose(recursion(many, decay[0, 0])[one], recursion(many[one], decay[0, 0]))
        np.testing.assert_allclose(recursion(many, decay)[one], recursion(many[one], decay[one]))
        np.testing.assert_allclose(convolve(x, weights)[one], convolve(x, weights[one]))
        np.testing.assert_allclose(convolve(many, weights[0, 0])[one], convolve(many[one], weights[0, 0]))
        np.testing.assert_allclose(delay(many, 2)[one], delay(many[one], 2))


def test_which_arguments_are_symbolic():
    assert is_symbolic(np.ones(2), pt.vector())
    assert not is_symbolic(np.ones(2), 1.0)


def test_inputs_are_left_as_they_were():
    x, decay = np.ones((4, 1)), np.array([0.5])
    recursion(x, decay), convolve(x, np.ones((2, 1))), delay(x, 1)
    np.testing.assert_array_equal(x, 1.0)
    np.testing.assert_array_equal(decay, 0.5)


# --- PyTensor ---------------------------------------------------------------------------


def test_symbolic_filters_are_reached_through_the_same_calls():
    rng = np.random.default_rng(2)
    x, decay, weights = rng.gamma(2, size=(9, 3)), rng.uniform(0, 1, size=3), rng.uniform(size=(4, 3))
    np.testing.assert_allclose(recursion(pt.constant(x), decay).eval(mode="FAST_COMPILE"), recursion(x, decay))
    np.testing.assert_allclose(recursion(x, pt.constant(decay)).eval(mode="FAST_COMPILE"), recursion(x, decay))
    np.testing.assert_allclose(convolve(pt.constant(x), weights).eval(mode="FAST_COMPILE"), convolve(x, weights))
    np.testing.assert_allclose(convolve(x, pt.constant(weights)).eval(mode="FAST_COMPILE"), convolve(x, weights))


def test_kernel_longer_than_the_series():
    x, weights = np.array([[1.0], [2.0]]), np.array([[0.5], [0.3], [0.2]])
    expected = [[0.5], [1.3]]
    np.testing.assert_allclose(convolve(x, weights), expected)
    np.testing.assert_allclose(symbolic_convolve(x, weights).eval(mode="FAST_COMPILE"), expected)


@pytest.mark.parametrize("backwards", [False, True])
def test_gradient_of_the_recursion(backwards):
    rng = np.random.default_rng(3)
    at = [rng.normal(size=(6, 2)), rng.uniform(0.1, 0.9, size=2)]
    verify_grad(Recursion(backwards=backwards), at, rng=rng, mode="FAST_COMPILE")


def test_gradient_of_the_gradient():
    # the pull-back is built from the Op itself, so that Hessians come for free
    rng = np.random.default_rng(4)
    at = [rng.normal(size=(5, 2)), rng.uniform(0.1, 0.9, size=2)]

    def gradient_in_decay(x, decay):
        return pt.grad((symbolic_recursion(x, decay) ** 2).sum(), decay)

    verify_grad(gradient_in_decay, at, rng=rng, mode="FAST_COMPILE")


@pytest.mark.parametrize("backwards", [False, True])
def test_numba_agrees_with_numpy_in_value_and_gradient(backwards):
    rng = np.random.default_rng(5)
    x_at, decay_at, direction = rng.normal(size=(8, 2)), np.array([0.3, 0.95]), rng.normal(size=(8, 2))
    x, decay = pt.matrix("x", shape=(8, 2)), pt.vector("decay", shape=(2,))
    stock = Recursion(backwards=backwards)(x, decay)
    outputs = [stock, *pt.grad((stock * direction).sum(), [x, decay])]
    value, in_x, in_decay = pytensor.function([x, decay], outputs, mode="NUMBA")(x_at, decay_at)

    def plain(x, decay):
        return recursion(x[::-1], decay)[::-1] if backwards else recursion(x, decay)

    np.testing.assert_allclose(value, plain(x_at, decay_at), rtol=1e-13)
    step = 1e-6
    for c in range(2):
        shift = step * np.eye(2)[c]
        slope = (plain(x_at, decay_at + shift) - plain(x_at, decay_at - shift))[:, c] / (2 * step)
        assert in_decay[c] == pytest.approx((slope * direction[:, c]).sum(), rel=1e-7)
        for t in range(8):
            impulse = np.zeros((8, 2))
            impulse[t, c] = 1.0
            # linear in x: the gradient is what a unit impulse does
            assert in_x[t, c] == pytest.approx((plain(impulse, decay_at) * direction).sum(), rel=1e-12)


def test_shapes_that_are_not_time_by_channel_are_refused():
    with pytest.raises(TypeError, match=r"takes \(time, channel\) and \(channel,\), got 1 and 0 dims"):
        Recursion(backwards=False)(pt.vector(), pt.scalar())
