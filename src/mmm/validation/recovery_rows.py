"""How well returns were found again over worlds: the numbers of the table, and what is made of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["CLEAR", "judge", "ranks_agree", "recovered"]

Floats = NDArray[np.float64]

#: Interval of the refits over that of the prior, on the log scale, up to which a return is measured; beyond the second
#: it is left to the prior. Half of the default prior's is a factor of two either way.
MEASURED, NARROWED = 0.5, 0.8

#: Standard errors of a share by which coverage must fall short to be no bad luck, with a dozen channels to look at.
BAD_LUCK = 3.0

#: Factor from 1 beyond which a truth clearly pays or clearly does not.
CLEAR = 1.25


def recovered(
    *, truth: Floats, estimate: Floats, prior: Floats, prob: float, has_break_even: bool
) -> dict[str, NDArray[Any]]:
    """Hold refits against the truths of their worlds.

    Parameters
    ----------
    truth : array, shape (world, ...)
    estimate : array, shape (world, sample, ...)
    prior : array, shape (sample, ...)
        All of them logarithms.
    prob : float
        Of the equal-tailed intervals.
    has_break_even : bool
        Whether 0 is where a channel begins to pay.

    Returns
    -------
    dict of array, shape (...)
        The columns of :meth:`mmm.Recovery.table` from ``worlds`` on.
    """
    edges = [0.5 - prob / 2, 0.5, 0.5 + prob / 2]
    lower, median, upper = np.quantile(estimate, edges, axis=1)
    prior_lower, prior_median, prior_upper = np.quantile(prior, edges, axis=0)
    error, prior_error = (np.abs(guess - truth).mean(axis=0) for guess in (median, prior_median))
    columns: dict[str, Floats] = {
        "worlds": np.full(truth.shape[1:], len(truth)),
        "truth_median": np.exp(np.median(truth, axis=0)),
        "covered": ((lower <= truth) & (truth <= upper)).mean(axis=0),
        "error": error,
        "bias": (median - truth).mean(axis=0),
        "width": (upper - lower).mean(axis=0),
        "prior_width": prior_upper - prior_lower,
        "told": 1 - error / prior_error,
        "rank_correlation": ranks_agree(truth, median),
    }
    if has_break_even:
        right, clear = (median > 0) == (truth > 0), np.abs(truth) >= np.log(CLEAR)
        columns["right_side"] = right.mean(axis=0)
        columns["clear_worlds"] = clear.sum(axis=0)
        columns["right_side_clear"] = np.where(
            clear.any(axis=0), (right & clear).sum(axis=0) / np.maximum(clear.sum(axis=0), 1), np.nan
        )
    return columns


def judge(rows: pd.DataFrame, prob: float) -> NDArray[np.str_]:
    """Say of each row whether its return is ``measured``, ``narrowed``, left to the ``prior``, or ``missed``.

    Parameters
    ----------
    rows : DataFrame
        With ``worlds``, ``covered``, ``width`` and ``prior_width``.
    prob : float
        Of the intervals.

    Examples
    --------
    >>> rows = {"worlds": 12, "covered": [1.0, 0.9, 0.9, 0.3], "width": [0.4, 0.7, 0.9, 0.1], "prior_width": 1.0}
    >>> judge(pd.DataFrame(rows), 0.9).tolist()
    ['measured', 'narrowed', 'prior', 'missed']
    """
    missed = rows["covered"] < prob - BAD_LUCK * np.sqrt(prob * (1 - prob) / rows["worlds"])
    ratio = rows["width"] / rows["prior_width"]
    return np.asarray(
        np.select([missed, ratio <= MEASURED, ratio <= NARROWED], ["missed", "measured", "narrowed"], "prior")
    )


def ranks_agree(first: Floats, second: Floats) -> Floats:
    """Spearman's rank correlation along the first axis; NaN where either does not vary.

    Parameters
    ----------
    first, second : array, shape (case, ...)

    Returns
    -------
    array, shape (...)

    Examples
    --------
    >>> ranks_agree(np.array([[1.0], [2.0], [9.0]]), np.array([[0.1], [0.2], [0.3]]))
    array([1.])
    """
    ranked = [pd.DataFrame(values.reshape(len(values), -1)).rank() for values in (first, second)]
    return np.asarray(ranked[0].corrwith(ranked[1]).to_numpy().reshape(first.shape[1:]))
