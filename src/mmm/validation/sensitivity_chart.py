"""How far each return moves with the priors and with the data, one under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm import schema
from mmm.charting import (
    PRIOR_COLOUR,
    TOTAL_COLOUR,
    WARNING_COLOUR,
    axes_of,
    finish,
    legend_above,
    name_axis,
    write_beside,
)
from mmm.errors import ReportError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_sensitivity"]


def plot_sensitivity(
    table: pd.DataFrame,
    *,
    horizon: float | None,
    threshold: float,
    warning: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw one horizon of the table, and the long-run multipliers.

    Parameters
    ----------
    table : DataFrame
        From :meth:`mmm.PriorSensitivity.table`.
    horizon : float, optional
        Its longest by default.
    threshold : float
        From where on an answer is said to move.
    warning : str
        Of a fit that failed its checks.
    ax : Axes, optional

    Raises
    ------
    ReportError
        If the horizon is not in the table.
    """
    known = sorted(table[schema.HORIZON].dropna().unique())
    horizon = known[-1] if horizon is None else horizon
    if horizon not in known:
        raise ReportError(
            f"horizon_weeks={horizon!r}",
            "the sensitivity was not found there",
            f"use one of {', '.join(f'{weeks:g}' for weeks in known)}, or ask "
            f"mmm.prior_sensitivity(posterior, horizon_weeks={horizon!r})",
        )
    is_multiplier = table["quantity"] == schema.LONG_RUN_MULTIPLIER
    rows = table[(table[schema.HORIZON] == horizon) | is_multiplier].iloc[::-1]
    names = [
        f"{channel}, multiplier" if quantity == schema.LONG_RUN_MULTIPLIER else str(channel)
        for channel, quantity in zip(rows["channel"], rows["quantity"], strict=True)
    ]
    at = np.arange(len(rows))
    ax = axes_of(ax, width=9.5, height=1.7 + 0.47 * len(rows))
    # all priors together or the strongest block, whichever moves it more: one of them is what the diagnosis rests on
    by_prior = rows[[name for name in rows if str(name).startswith("prior")]].max(axis=1)
    ax.barh(at + 0.17, by_prior, height=0.3, color=PRIOR_COLOUR, label="with the priors")
    ax.barh(at - 0.17, rows["likelihood"], height=0.3, color=TOTAL_COLOUR, label="with the data")
    ax.axvline(threshold, color=WARNING_COLOUR, linewidth=1.2, linestyle="--", label="from here on it moves")
    for position, diagnosis, block in zip(range(len(rows)), rows["diagnosis"], rows["strongest_block"], strict=True):
        said = "" if diagnosis == "-" else f"{diagnosis}: {str(block).replace('_', ' ')}"
        write_beside(ax, position, said)
    name_axis(ax, names, at=at)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(0, max(2 * threshold, 1.08 * max(by_prior.max(), rows["likelihood"].max())))
    ax.set_xlabel("how far the answer moves when each counts a little more or less (power-scaling)")
    what = "returned" if (rows["quantity"] != schema.OUTCOME_PER_SPEND).any() else "brought in"
    legend_above(ax, ncols=3)
    title = f"What each channel {what} within {horizon:g} weeks: priors or data?"
    return finish(ax, title=title, warning=warning, pad=30)
