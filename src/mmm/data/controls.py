"""Controls must each say something that the intercept, the others and the media do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mmm.data.checks import constant_over_time
from mmm.data.listing import quoted
from mmm.data.outcome import name_words
from mmm.errors import DataError

__all__ = ["check_controls", "first_redundant", "warn_of_mediators"]

#: A column is a combination of others if less than this share of its movement is its own.
TOLERANCE = 1e-6

#: Words that by themselves name a state of the brand in people's minds.
_BRAND_METRICS = frozenset({"awareness", "consideration", "salience"})
#: Words that name one beside "brand", "branded" or "branding".
_OF_BRAND = frozenset(
    word
    for line in (
        "buzz equity familiarity favorability favourability health index liking love preference querie query recall",
        "recognition search searche sentiment strength tracker tracking trust",
    )
    for word in line.split()
)
#: Words that say it is somebody else's brand, or money or media of one's own.
_NOT_OURS = frozenset(
    word
    for line in (
        "category click competition competitor cost cpc cpm generic impression industry market media nonbrand",
        "nonbranded paid ppc price rival sem spend",
    )
    for word in line.split()
)


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


def warn_of_mediators(names: Sequence[str]) -> list[str]:
    """Warn of controls that, by their names, measure the brand: something that media move.

    Parameters
    ----------
    names : sequence of str
        Of the controls.

    Returns
    -------
    list of str
        One warning, or none. Names are judged by their words, and conservatively.

    Examples
    --------
    >>> warn_of_mediators(["price", "consumer_sentiment", "competitor_awareness"])
    []
    >>> len(warn_of_mediators(["brandSearches"]))
    1
    """
    found = [name for name in names if _measures_the_brand(name_words(name))]
    if not found:
        return []
    return [
        f"By their names, these controls measure the brand: {quoted(found)}. What media move cannot be held constant: "
        "such a control takes the part of their effect that goes through the brand away from them, and under-credits "
        "brand spend. Pass one as tracker=mmm.Tracker.from_frame(...) instead, and leave the others out, unless "
        "media cannot move them."
    ]


def _measures_the_brand(words: set[str]) -> bool:
    of_brand = bool(words & {"brand", "branded", "branding"} and words & _OF_BRAND)
    direct_visits = "direct" in words and bool(words & {"session", "traffic", "visit"})
    return bool(words & _BRAND_METRICS or of_brand or direct_visits) and not words & _NOT_OURS


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
