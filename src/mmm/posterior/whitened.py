"""What the fit left unexplained, in coordinates in which the model says that it is noise of size one.

With the rotation of `model/collapse.py`, ``z = B (y - m) / sqrt(sigma^2 + tau^2 L)`` is N(0, I) at the true parameters.
At fitted ones it is smaller: media followed the noise. To first order the mean of ``z`` over the posterior's draws is
N(0, I - H), where ``H`` is the posterior covariance of the whitened media: for a normal prior of covariance ``P``,
``H = P (I + P)^-1``, and ``(I - H)(I + P)(I - H) = I - H``. So every regressor left out can be tested without a refit,
its media re-estimated in effect: a score test, its information by Louis (1982).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.posterior.draws import Draws

__all__ = ["ScoreTest", "Whitened", "thinned", "whiten"]

Floats = NDArray[np.float64]

#: Draws whose media are replayed: enough for a mean and a covariance.
ENOUGH_DRAWS = 400

#: Where media could have followed this share of the noise, what is left is no measurement of anything else: such
#: directions are taken out of every regressor. There the first-order argument is worst, too.
FOLLOWED = 0.1

#: Share of a regressor that has to be left after taking out baseline and media, for there to be a test.
LEFT_TO_TEST = 1e-6


@dataclass(frozen=True, eq=False)
class ScoreTest:
    """What regressors that the model lacks would explain.

    Attributes
    ----------
    z : array, shape (column,)
        Of each column by itself: N(0, 1) if the model holds; 0 where nothing of it is left to test.
    statistic : float
        Of all columns together.
    dof : int
        Of its chi-square distribution if the model holds.
    """

    z: Floats
    statistic: float
    dof: int

    @property
    def probability(self) -> float:
        """Probability of a statistic at least as large if the model holds."""
        from scipy import special  # slow to import

        return float(special.chdtrc(self.dof, self.statistic)) if self.dof else 1.0


@dataclass(frozen=True, eq=False)
class Whitened:
    """The whitened residual of a fit, and how much of it media could still have followed.

    Attributes
    ----------
    draws : Draws
        Those it was made from.
    contributions : array, shape (draw, time, channel)
        In mean outcomes.
    residual : array, shape (time - term,)
        Mean over draws of ``B (y - m) / scale``.
    scale : array, shape (time - term,)
        Square root of the mean over draws of ``sigma^2 + tau^2 L``.
    directions : array, shape (rank, time - term)
        Orthonormal rows: how whitened media vary over the draws.
    leverages : array, shape (rank,)
        Their variances, in [0, 1]: the share of the noise that media could have followed.
    """

    draws: Draws
    contributions: Floats
    residual: Floats
    scale: Floats
    directions: Floats
    leverages: Floats

    def score(self, columns: Floats) -> ScoreTest:
        """Test whether columns that the model lacks explain anything beyond baseline and media.

        Parameters
        ----------
        columns : array, shape (time, column)
            In any unit.
        """
        regressors, single, joint = self.regressors(columns)
        score = self.residual @ regressors
        return ScoreTest(score * single, float(((score @ joint) ** 2).sum()), joint.shape[1])

    def regressors(self, columns: Floats) -> tuple[Floats, Floats, Floats]:
        """Whiten columns, take out of them what media could have followed, and find the size of their scores.

        Parameters
        ----------
        columns : array, shape (time, column)

        Returns
        -------
        regressors : array, shape (time - term, column)
            Their scores are ``residual @ regressors``.
        single : array, shape (column,)
            What makes each score by itself a unit normal; 0 where nothing is left to test.
        joint : array, shape (column, rank)
            What makes all scores together independent unit normals.
        """
        rotated = (self.draws.inputs.rotation.matrix @ columns) / self.scale[:, None]
        followed = self.directions[self.leverages > FOLLOWED]
        regressors = rotated - followed.T @ (followed @ rotated)
        along = self.directions @ regressors
        information = regressors.T @ regressors - (self.leverages[:, None] * along).T @ along
        # against what the columns were before baseline and media were taken out of them
        whole = (columns**2).sum(axis=0) / (self.scale**2).mean()
        testable = np.diag(information) > LEFT_TO_TEST * np.maximum(whole, np.finfo(float).tiny)
        single = np.where(testable, 1 / np.sqrt(np.where(testable, np.diag(information), 1.0)), 0.0)
        values, vectors = np.linalg.eigh(information * np.outer(single, single))
        kept = values > LEFT_TO_TEST
        return regressors, single, single[:, None] * vectors[:, kept] / np.sqrt(values[kept])

    def replicas(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw residuals as the model would leave them after fitting media, shape (n, time - term)."""
        noise = rng.standard_normal((n, len(self.residual)))
        return np.asarray(noise + ((noise @ self.directions.T) * (np.sqrt(1 - self.leverages) - 1)) @ self.directions)


def whiten(draws: Draws, *, n_draws: int = ENOUGH_DRAWS) -> Whitened:
    """Whiten the residual of a fit.

    Parameters
    ----------
    draws : Draws
    n_draws : int
        How many of them are replayed, evenly spaced.

    Returns
    -------
    Whitened

    Examples
    --------
    >>> whitened = whiten(posterior.draws)
    >>> trend = np.arange(60.0)[:, None]  # which the baseline has already
    >>> whitened.score(trend).dof, whitened.score(trend**3).dof
    (0, 1)
    """
    draws = thinned(draws, n_draws)
    inputs = draws.inputs
    contributions = draws.contributions().values[:, :, 0] / draws.scales.outcome
    contributions = contributions.reshape(-1, *contributions.shape[2:])
    scale = np.sqrt(variances(draws).mean(axis=0))
    rotated = (inputs.outcome - contributions.sum(axis=-1)) @ inputs.rotation.matrix.T / scale
    residual = rotated.mean(axis=0)
    _, lengths, directions = np.linalg.svd((rotated - residual) / np.sqrt(len(rotated) - 1), full_matrices=False)
    return Whitened(
        draws=draws,
        contributions=contributions,
        residual=residual,
        scale=scale,
        directions=directions,
        leverages=np.clip(lengths**2, 0, 1),
    )


def variances(draws: Draws) -> Floats:
    """Variance of each rotated period in each draw, shape (draw, time - term)."""
    sigma = draws.parameters[schema.SIGMA].values.reshape(-1)
    tau = draws.parameters[schema.TAU].values.reshape(-1) if schema.TAU in draws.parameters else np.zeros_like(sigma)
    return np.asarray(sigma[:, None] ** 2 + tau[:, None] ** 2 * draws.inputs.rotation.walk_variances)


def thinned(draws: Draws, n_draws: int) -> Draws:
    """Keep about so many draws, evenly spaced in every chain.

    Examples
    --------
    >>> thinned(posterior.draws, 20).parameters.sizes["draw"]
    10
    """
    chains, length = (draws.parameters.sizes[dim] for dim in (schema.CHAIN, schema.DRAW))
    kept = np.unique(np.linspace(0, length - 1, min(length, -(-n_draws // chains))).round().astype(int))
    return replace(draws, parameters=draws.parameters.isel({schema.DRAW: kept}))
