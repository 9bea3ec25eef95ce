"""Quantiles against SciPy's, from one end of the probabilities to the other."""

import numpy as np
import pytest
from scipy import special

from mmm.model.quantiles import beta_quantile, half_normal_quantile, normal_quantile

TINY = 10.0 ** -np.arange(1, 200, 7)  # SciPy's incomplete beta function loses its digits some way below
PROBABILITIES = np.concatenate([np.linspace(0.0005, 0.9995, 2000), TINY, 1 - 10.0 ** -np.arange(1, 16)])
SHAPES = [0.05, 0.3, 1.0, 2.0, 2.5, 4.0, 20.0, 60.0]


def test_normal_quantiles():
    np.testing.assert_allclose(normal_quantile(PROBABILITIES), special.ndtri(PROBABILITIES), rtol=2e-15, atol=1e-16)


def test_half_normal_quantiles_where_the_probability_is_tiny_and_where_it_is_next_to_one():
    expected = np.sqrt(2) * special.erfinv(PROBABILITIES)
    np.testing.assert_allclose(half_normal_quantile(PROBABILITIES), expected, rtol=2e-15)


@pytest.mark.parametrize("b", SHAPES)
@pytest.mark.parametrize("a", SHAPES)
def test_beta_quantiles(a, b):
    expected = special.betaincinv(a, b, PROBABILITIES)
    known = expected > 1e-290  # SciPy's own digits end where numbers do
    np.testing.assert_allclose(beta_quantile(PROBABILITIES, a, b)[known], expected[known], rtol=2e-12)


@pytest.mark.parametrize(("a", "b"), [(1e-3, 1e-3), (0.5, 3000.0), (3000.0, 2.0), (1e5, 2e5)])
def test_betas_that_nobody_believes_in_are_found_too(a, b):
    p = np.linspace(0.01, 0.99, 99)
    found = beta_quantile(p, a, b)
    assert (np.diff(found) >= 0).all()
    seen = (found > 1e-290) & (found < 1 - 1e-9)  # where a step of x is not a leap of p
    np.testing.assert_allclose(special.betainc(a, b, found)[seen], p[seen], rtol=1e-8)


def test_in_closed_form():
    p = np.linspace(0, 1, 21)
    np.testing.assert_allclose(beta_quantile(p, 1, 1), p, atol=1e-15)
    np.testing.assert_allclose(beta_quantile(p, 3, 1), p ** (1 / 3), rtol=1e-14)
    np.testing.assert_allclose(beta_quantile(p, 0.5, 0.5), np.sin(np.pi * p / 2) ** 2, rtol=1e-13)


@pytest.mark.parametrize(
    ("quantile", "lowest", "highest"),
    [
        (normal_quantile, -np.inf, np.inf),
        (half_normal_quantile, 0.0, np.inf),
        (lambda p: beta_quantile(p, 2.0, 3.0), 0.0, 1.0),
    ],
    ids=["normal", "half-normal", "beta"],
)
def test_ends_are_ends_shapes_are_kept_and_what_is_no_probability_has_no_quantile(quantile, lowest, highest):
    np.testing.assert_array_equal(quantile([0.0, 1.0]), [lowest, highest])
    assert np.isnan(quantile([-0.1, 1.1, np.nan, np.inf])).all()
    assert quantile(np.full((2, 3), 0.4)).shape == (2, 3)
    assert quantile(0.4).shape == ()
    assert quantile(np.empty(0)).shape == (0,)
    assert float(quantile(0.4)) == quantile([0.4])[0]
