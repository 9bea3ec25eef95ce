"""How far each return moves with the priors and with the data, one under the other."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mmm import schema
from mmm.errors import ReportError
from mmm.validation.chart_style import WARNING_COLOUR, write_warning

__all__ = ["plot_sensitivity"]

#: Channels own the colours of all charts; priors are light here, data dark.
DATA_COLOUR, PRIOR_COLOUR, INK = "#1F2933", "#9AA5B1", "#3E4C59"


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
    if ax is None:
        _, ax = plt.subplots(figsize=(9.5, 1.7 + 0.47 * len(rows)), layout="constrained")
    # all priors together or the strongest block, whichever moves it more: one of them is what the diagnosis rests on
    by_prior = rows[[name for name in rows if str(name).startswith("prior")]].max(axis=1)
    ax.barh(at + 0.17, by_prior, height=0.3, color=PRIOR_COLOUR, label="with the priors")
    ax.barh(at - 0.17, rows["likelihood"], height=0.3, color=DATA_COLOUR, label="with the data")
    ax.axvline(threshold, color=WARNING_COLOUR, linewidth=1.2, linestyle="--")
    ax.annotate(
        " from here on it moves", (threshold, len(rows) - 0.5), fontsize=10, color=WARNING_COLOUR, va="bottom",
        annotation_clip=False,
    )  # fmt: skip
    for position, diagnosis, block in zip(at, rows["diagnosis"], rows["strongest_block"], strict=True):
        said = "" if diagnosis == "-" else f"{diagnosis}: {str(block).replace('_', ' ')}"
        ax.annotate(
            said, (1.01, position), xycoords=("axes fraction", "data"), va="center", fontsize=10, color=INK,
            annotation_clip=False,
        )  # fmt: skip
    ax.set_yticks(at, names)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(0, max(2 * threshold, 1.08 * max(by_prior.max(), rows["likelihood"].max())))
    ax.set_xlabel("how far the answer moves when each counts a little more or less (power-scaling)", fontsize=11)
    what = "returned" if (rows["quantity"] != schema.OUTCOME_PER_SPEND).any() else "brought in"
    ax.set_title(
        f"What each channel {what} within {horizon:g} weeks: priors or data?", loc="left", fontsize=13,
        fontweight="bold", pad=42,
    )  # fmt: skip
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.03), ncols=2, frameon=False, fontsize=11, borderaxespad=0.2)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=11)
    write_warning(ax, warning)
    return ax
