"""Integrate the baseline out exactly, and draw it back exactly.

Given media, the outcome is ``r = y - m = Z g + mu + e`` with a diffuse ``g``, a random walk
``mu ~ N(0, tau^2 K)`` and noise ``e ~ N(0, sigma^2 I)``. Let ``N`` span what ``Z`` cannot explain and
``N'KN = Q diag(L) Q'``; with ``B = Q'N'``

    B r ~ Normal(0, sigma^2 + tau^2 L), independent,

whatever ``g`` was: the marginal likelihood up to a constant (restricted maximum likelihood; Patterson and
Thompson 1971). ``B`` and ``L`` depend on the design alone, so they are computed once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmm.model.baseline import BaselineDesign

__all__ = ["Rotation", "log_density", "recover", "rotate"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rotation:
    """The constant change of coordinates in which the baseline vanishes.

    Attributes
    ----------
    matrix : array, shape (time - term, time)
        ``B``; orthonormal rows, ``B Z = 0``.
    walk_variances : array, shape (time - term,)
        ``L``; variance of each rotated period per unit of the walk's weekly variance.
    """

    matrix: Floats
    walk_variances: Floats


def rotate(design: BaselineDesign) -> Rotation:
    """Find the rotation of a baseline design.

    Examples
    --------
    >>> design = BaselineDesign(("intercept",), ("intercept",), np.ones((3, 1)), np.zeros((3, 3)), False)
    >>> bool(np.allclose(rotate(design).matrix @ design.columns, 0))
    True
    """
    n_terms = design.columns.shape[1]
    null = np.linalg.qr(design.columns, mode="complete").Q[:, n_terms:]
    if not design.has_walk:
        return Rotation(np.ascontiguousarray(null.T), np.zeros(null.shape[1]))
    variances, vectors = np.linalg.eigh(null.T @ design.walk_covariance @ null)
    return Rotation(np.ascontiguousarray(vectors.T @ null.T), np.clip(variances, 0, None))


def log_density(residual: Floats, *, sigma: Floats, tau: Floats, rotation: Rotation) -> Floats:
    """Log density of the rotated residual, one for each draw: what the likelihood is once the baseline is out.

    Parameters
    ----------
    residual : array, shape (..., time)
        Outcome minus media, scaled by mean outcome.
    sigma, tau : array, shape (...)
        Of the noise, and of the walk for each square root of a week; 0 where there is no walk.
    rotation : Rotation

    Returns
    -------
    array, shape (...)
        Normalised as a density of ``time - term`` numbers.

    Examples
    --------
    >>> only_noise = Rotation(np.eye(2), np.zeros(2))
    >>> at_zero = log_density(np.zeros((1, 2)), sigma=np.ones(1), tau=np.zeros(1), rotation=only_noise)
    >>> bool(np.isclose(at_zero[0], -np.log(2 * np.pi)))
    True
    """
    variance = sigma[..., None] ** 2 + tau[..., None] ** 2 * rotation.walk_variances
    surprise = residual @ rotation.matrix.T
    return np.asarray(-0.5 * (np.log(2 * np.pi * variance) + surprise**2 / variance).sum(axis=-1))


def recover(
    residual: Floats,
    *,
    sigma: Floats,
    tau: Floats,
    design: BaselineDesign,
    rotation: Rotation,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Draw coefficients and random walk from their exact conditional posterior, one for each draw.

    A draw from the prior is corrected by what its own data would have told of it (Matheron's rule; Durbin and
    Koopman 2002), so that no covariance is ever factored per draw.

    Parameters
    ----------
    residual : array, shape (draw, time)
        Outcome minus media, scaled by mean outcome.
    sigma, tau : array, shape (draw,)
    design, rotation
        Of the same data.
    rng : Generator

    Returns
    -------
    coefficients : array, shape (draw, term)
    walk : array, shape (draw, time)
        Both in units of mean outcome.
    """
    n_draws, n_rows = residual.shape
    walk_prior = np.zeros((n_draws, n_rows))
    if design.has_walk:
        walk_prior = tau[:, None] * (rng.standard_normal((n_draws, n_rows)) @ design.walk_factor.T)
    noise_prior = sigma[:, None] * rng.standard_normal((n_draws, n_rows))

    surprise = residual - walk_prior - noise_prior
    variance = sigma[:, None] ** 2 + tau[:, None] ** 2 * rotation.walk_variances
    weights = (surprise @ rotation.matrix.T) / variance @ rotation.matrix
    walk_update = tau[:, None] ** 2 * (weights @ design.walk_covariance)
    explained = surprise - walk_update - sigma[:, None] ** 2 * weights
    coefficients = np.linalg.lstsq(design.columns, explained.T, rcond=None)[0].T
    return coefficients, walk_prior + walk_update
