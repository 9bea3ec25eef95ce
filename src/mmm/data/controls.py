"""Controls must each say something that the intercept, the others and the media do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mmm.data.checks import constant_over_time
from mmm.errors import DataError

__all__ = ["check_controls", "first_redundant"]

#: A column is a combination of others if less than this share of its movement is its own.
TOLERANCE = 1e-6


def check_controls(controls: np.ndarray, *, names: Sequence[str], media: Mapping[str, np.ndarray]) -> None:
    """Refuse controls that are constant, copies of media or of each other, or combinations of others.

    Parameters
    ----------
    controls : numpy.ndarray, shape (geo, date, control)
        As read.
    names : sequence of str, length control
        Their names.
    media : mapping of str to numpy.ndarray, shape (geo, date)
        Spend and exposure series by what they are called in messages.

    Raises
    ------
    DataError
        Naming the control and what explains it.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> check_controls(rng.normal(size=(1, 60, 2)), names=["price", "rain"], media={})
    """
    if not names:
        return
    for j, name in enumerate(names):
        if constant_over_time(controls[..., j]).all():
            raise DataError(
                f"the control {name!r} is constant throughout ({controls[0, 0, j]:.10g})",
                why="it says the same as the intercept, so the two cannot be told apart",
                fix="leave it out",
            )
    unit = _unit_movements(controls)
    for j, name in enumerate(names):
        _refuse_media_copy(unit[:, j], name=name, media=media)
        for i in range(j):
            if np.array_equal(controls[..., i], controls[..., j]):
                raise DataError(
                    f"the controls {names[i]!r} and {name!r} are identical",
                    why="one effect cannot be split between two copies",
                    fix="leave one of them out",
                )
    _refuse_collinear(controls, unit=unit, names=names)


def first_redundant(columns: np.ndarray) -> int | None:
    """Find the first column that is a combination of those before it.

    Parameters
    ----------
    columns : numpy.ndarray, shape (row, column)
        Centred, each of length one.

    Returns
    -------
    int or None
        Its position. The diagonal of R in a QR decomposition is the part of each column
        that those before it leave unexplained.

    Examples
    --------
    >>> first_redundant(np.array([[1.0, 0.6, 1.0], [0.0, 0.8, 0.0], [0.0, 0.0, 0.0]]))
    2
    """
    own = np.zeros(columns.shape[1])
    diagonal = np.abs(np.diag(np.linalg.qr(columns, mode="r")))
    own[: len(diagonal)] = diagonal
    redundant = np.flatnonzero(own < TOLERANCE)
    return int(redundant[0]) if redundant.size else None


def _unit_movements(values: np.ndarray) -> np.ndarray:
    """Columns (row, column) about their mean in each geo, of length one: what intercepts leave over."""
    centred = (values - values.mean(axis=1, keepdims=True)).reshape(-1, values.shape[-1])
    return centred / np.linalg.norm(centred, axis=0)


def _refuse_media_copy(unit: np.ndarray, *, name: str, media: Mapping[str, np.ndarray]) -> None:
    for what, series in media.items():
        if constant_over_time(series).all():
            continue
        other = _unit_movements(series[..., np.newaxis])[:, 0]
        # The distance between unit vectors keeps the digits that one minus their product loses.
        if min(np.linalg.norm(unit - other), np.linalg.norm(unit + other)) < TOLERANCE:
            raise DataError(
                f"the control {name!r} is perfectly correlated with the {what}",
                why="the control would take the channel's effect as its own",
                fix="leave the control out; a channel needs no control beside it",
            )


def _refuse_collinear(controls: np.ndarray, *, unit: np.ndarray, names: Sequence[str]) -> None:
    j = first_redundant(unit)
    if j is None:
        return
    if j >= len(unit):
        raise DataError(
            f"{len(names)} controls for {len(unit)} rows",
            why="as many controls as rows explain any outcome, and media nothing",
            fix="keep the few controls that matter",
        )
    weights, *_ = np.linalg.lstsq(unit[:, :j], unit[:, j], rcond=None)
    sizes = _sizes(controls)
    parts = [f"{weights[i] * sizes[j] / sizes[i]:+.4g} x {names[i]!r}" for i in range(j) if abs(weights[i]) > TOLERANCE]
    raise DataError(
        f"the control {names[j]!r} is a combination of others: a constant {' '.join(parts)}",
        why="controls that explain each other exactly have no effects of their own, only of their sum",
        fix=f"leave {names[j]!r} out (of a full set of dummies one is always left out)",
    )


def _sizes(values: np.ndarray) -> np.ndarray:
    centred = values - values.mean(axis=1, keepdims=True)
    return np.linalg.norm(centred.reshape(-1, values.shape[-1]), axis=0)
