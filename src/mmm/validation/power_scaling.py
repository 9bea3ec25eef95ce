"""How far a distribution moves when a prior, or the likelihood, is raised to a power: without fitting again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ALPHAS", "PowerScaling", "power_scale"]

Floats = NDArray[np.float64]

#: Powers between which the gradient is taken.
ALPHAS = (0.99, 1.01)


@dataclass(frozen=True, eq=False)
class PowerScaling:
    """How sensitive quantities are to components of the density, and how well that is known.

    Attributes
    ----------
    components : tuple of str
    sensitivity : array, shape (component, quantity)
        Gradient of the cumulative Jensen-Shannon distance with respect to the logarithm, base 2, of the power.
    noise : array, shape (component,)
        What a component of the same spread shows, in these draws, for quantities that it has nothing to do with.
    pareto_k : array, shape (component,)
        Shape of the importance weights' tail, the worse of both powers.
    """

    components: tuple[str, ...]
    sensitivity: Floats
    noise: Floats
    pareto_k: Floats


def power_scale(
    quantities: Floats,
    components: Mapping[str, Floats],
    *,
    rng: np.random.Generator,
    alphas: tuple[float, float] = ALPHAS,
) -> PowerScaling:
    """Sensitivity of quantities to each component of the log density.

    Parameters
    ----------
    quantities : array, shape (chain, draw, quantity)
    components : dict of array, shape (chain, draw)
        Log densities of blocks of priors, or of the likelihood.
    rng : Generator
        For the shuffled draws that show the noise.
    alphas : (below 1, above 1)

    Returns
    -------
    PowerScaling

    Notes
    -----
    Raising a component to a power multiplies each draw's weight by ``exp((power - 1) * log density)``; the weights are
    Pareto smoothed. Weights, distance and gradient are ArviZ's (Kallioinen, Paananen, Bürkner and Vehtari 2024,
    Statistics and Computing 34, 57). The distance of finitely many draws is never zero, so the same component is
    laid over the draws in random order: that is the noise, raised for chains whose draws are not independent.

    Examples
    --------
    A normal prior about 0 with one observation: a likelihood of the same strength pulls as much as the prior.

    >>> rng = np.random.default_rng(1)
    >>> theta = rng.normal(1.0, 0.5**0.5, size=(4, 1000))
    >>> prior, likelihood = -0.5 * theta**2, -0.5 * (theta - 2.0) ** 2
    >>> found = power_scale(theta[..., None], {"prior": prior, "likelihood": likelihood}, rng=rng)
    >>> bool((found.sensitivity > 0.05).all()), bool((found.noise < 0.02).all())
    (True, True)
    """
    from arviz_stats.base import array_stats  # slow to import, and only this verb needs it

    shuffled = rng.permutation(quantities.reshape(-1, quantities.shape[-1])).reshape(quantities.shape)
    both = np.moveaxis(np.concatenate([quantities, shuffled], axis=-1), -1, 0)
    n_quantities = quantities.shape[-1]
    rows, noise, tails = [], [], []
    for density in components.values():
        weights, shapes = [], []
        for alpha in alphas:
            log_weights = array_stats.power_scale_lw(density, alpha=alpha, axis=(-2, -1))
            weight = np.exp(log_weights - log_weights.max())
            weights.append(np.broadcast_to(weight / weight.sum(), both.shape))
            # its convention is minus the log weight
            shapes.append(float(array_stats.psislw(-(alpha - 1) * density, axis=(-2, -1))[1]))
        moved = array_stats.power_scale_sense(both, *weights, lower_alpha=alphas[0], upper_alpha=alphas[1])
        rows.append(moved[:n_quantities])
        effective = float(array_stats.ess(density, chain_axis=0, draw_axis=1))
        noise.append(moved[n_quantities:].mean() * max(1.0, density.size / effective) ** 0.5)
        tails.append(max(shapes))
    return PowerScaling(tuple(components), np.array(rows), np.array(noise), np.array(tails))
