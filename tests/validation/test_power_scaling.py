"""Power-scaling against a model in which the scaled posterior is known: a normal mean with a normal prior."""

import numpy as np
import pytest
from scipy import stats

from mmm.validation.power_scaling import ALPHAS, power_scale


def distance(first, second, low, high):
    """Cumulative Jensen-Shannon distance of two distributions between two values, by quadrature."""
    grid = np.linspace(low, high, 20_001)
    p, q = np.clip(first.cdf(grid), 1e-12, 1), np.clip(second.cdf(grid), 1e-12, 1)
    middle = np.log2((p + q) / 2)
    spread = [
        np.trapezoid(a * (np.log2(a) - middle), grid) + 0.5 / np.log(2) * np.trapezoid(b - a, grid)
        for a, b in ((p, q), (q, p))
    ]
    return np.sqrt(max(sum(spread), 0) / np.trapezoid(p + q, grid))


def conjugate(observed, strength, *, prior_power=1.0, power=1.0):
    """Posterior of a mean: prior N(0, 1), likelihood N(observed, 1 / strength), each raised to a power."""
    precision = prior_power + power * strength
    return stats.norm(power * strength * observed / precision, precision**-0.5)


def exact(observed, strength, component, low, high):
    slopes = []
    for alpha in ALPHAS:
        scaled = conjugate(observed, strength, **{component: alpha})
        whole = conjugate(observed, strength)
        mirrored = [stats.norm(-found.mean(), found.std()) for found in (whole, scaled)]
        apart = max(distance(whole, scaled, low, high), distance(*mirrored, -high, -low))
        slopes.append(apart / abs(np.log2(alpha)))
    return np.mean(slopes)


@pytest.mark.parametrize(
    ("observed", "strength"), [(0.0, 1.0), (2.0, 1.0), (3.0, 100.0), (0.5, 0.02)],
    ids=["agree", "torn", "the data's", "the prior's"],
)  # fmt: skip
def test_the_sensitivity_is_that_of_the_exactly_scaled_posterior(observed, strength):
    rng = np.random.default_rng(3)
    draws = conjugate(observed, strength).rvs(size=(4, 5000), random_state=rng)
    components = {"prior": -0.5 * draws**2, "likelihood": -0.5 * strength * (draws - observed) ** 2}
    found = power_scale(draws[..., None], components, rng=rng)
    low, high = draws.min(), draws.max()
    expected = [exact(observed, strength, which, low, high) for which in ("prior_power", "power")]
    # 20,000 draws: the noise of a sensitivity is a few thousandths
    np.testing.assert_allclose(found.sensitivity[:, 0], expected, rtol=0.1, atol=0.005)
    assert found.components == ("prior", "likelihood")


def test_the_size_of_a_quantity_does_not_matter_and_its_mirror_image_is_as_sensitive():
    rng = np.random.default_rng(1)
    draws = rng.normal(1.0, 0.7, size=(2, 500))
    quantities = np.stack([draws, 1000 * draws + 7, -draws], axis=-1)
    found = power_scale(quantities, {"prior": -0.5 * draws**2}, rng=rng).sensitivity[0]
    np.testing.assert_allclose(found, found[0], rtol=1e-6)
    assert found[0] > 0.05


def test_what_a_component_has_nothing_to_do_with_shows_noise_and_no_more():
    rng = np.random.default_rng(1)
    draws, other = rng.normal(size=(2, 4, 1000))
    found = power_scale(np.stack([draws, other], axis=-1), {"prior": -0.5 * draws**2}, rng=rng)
    # one quantity's noise scatters about the mean of several
    assert found.sensitivity[0, 1] < 4 * found.noise[0] < found.sensitivity[0, 0]


def test_draws_that_hang_together_are_noisier():
    rng = np.random.default_rng(1)
    independent = rng.normal(size=(4, 1000))
    sticky = np.repeat(independent[:, ::10], 10, axis=1)
    free, stuck = (
        power_scale(draws[..., None], {"prior": -0.5 * draws**2}, rng=np.random.default_rng(2)).noise[0]
        for draws in (independent, sticky)
    )
    assert stuck > 2 * free


def test_weights_that_a_few_draws_decide_are_seen():
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(4, 1000))
    # at the power 1.01 the weights are a Pareto distribution's with shape 1
    heavy = 100 * np.log(rng.pareto(1.0, size=draws.shape) + 1)
    k = power_scale(draws[..., None], {"normal": -0.5 * draws**2, "heavy": heavy}, rng=rng).pareto_k
    assert k[0] < 0.5 < 0.7 < k[1]
