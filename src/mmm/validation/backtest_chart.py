"""The outcome with what had been forecast of it, from each origin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm.charting import (
    COMPARED_COLOUR,
    MODEL_COLOUR,
    TOTAL_COLOUR,
    axes_of,
    date_axis,
    finish,
    legend_above,
    short_number,
)
from mmm.posterior.scoring import equal_tailed
from mmm.validation.outlook import LEVELS, Outlook

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_backtest"]

#: The wider the lighter; bands lie on top of one another.
OPACITY = {0.50: 0.30, 0.80: 0.22, 0.95: 0.14}

#: Periods shown before the first origin, as a share of those that were forecast.
RUN_UP = 0.6


def plot_backtest(
    outlooks: Sequence[Outlook],
    *,
    outcome: pd.Series[float],
    label: str,
    warning: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw bands of 50%, 80% and 95%, medians, naive medians and what happened.

    Parameters
    ----------
    outlooks : sequence of Outlook
    outcome : Series
        Of all periods, by date.
    label : str
        Of the outcome.
    warning : str
        Of forecasts that failed their checks.
    ax : Axes, optional
    """
    ax = axes_of(ax, width=11.0, height=5.2)
    for place, outlook in enumerate(outlooks):
        named = place == 0
        for level in reversed(LEVELS):
            lower, upper = equal_tailed(draws=outlook.draws, prob=level)
            ax.fill_between(
                outlook.dates, lower, upper, color=MODEL_COLOUR, alpha=OPACITY[level], linewidth=0,
                label=f"forecast, {level:.0%}" if named else None,
            )  # fmt: skip
        median, naive = np.median(outlook.draws, axis=0), np.median(outlook.naive, axis=0)
        ax.plot(outlook.dates, median, color=MODEL_COLOUR, linewidth=1.6, label="median" if named else None)
        ax.plot(
            outlook.dates, naive, color=COMPARED_COLOUR, linewidth=1.3, linestyle=(0, (4, 2)),
            label="naive forecast" if named else None,
        )  # fmt: skip
        ax.axvline(outlook.origin, color=TOTAL_COLOUR, linewidth=0.8, alpha=0.45, zorder=0)  # type: ignore[arg-type]
    first, last = outlooks[0].dates[0], outlooks[-1].dates[-1]
    n_before = round(RUN_UP * sum(len(outlook.dates) for outlook in outlooks))
    shown = outcome[outcome.index <= last]
    shown = shown.iloc[max(0, int((shown.index < first).sum()) - n_before) :]
    ax.plot(shown.index, shown.to_numpy(), "o-", color=TOTAL_COLOUR, markersize=3.2, linewidth=0.9, label="actual")
    ax.yaxis.set_major_formatter(short_number())
    date_axis(ax)
    ax.set_ylabel(label)
    ax.margins(x=0.01)
    legend_above(ax, first="actual", ncols=6)
    return finish(ax, title="What would have been forecast, and what happened", warning=warning, pad=30)
