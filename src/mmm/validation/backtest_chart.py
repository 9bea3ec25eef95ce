"""The outcome with what had been forecast of it, from each origin."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import EngFormatter

from mmm.posterior.scoring import equal_tailed
from mmm.validation.chart_style import write_warning
from mmm.validation.outlook import LEVELS, Outlook

__all__ = ["plot_backtest"]

#: One hue for the model, so that channels keep their colours for themselves.
MODEL_COLOUR, NAIVE_COLOUR, ACTUAL_COLOUR = "#0072B2", "#B45F06", "#1F2933"

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
    if ax is None:
        _, ax = plt.subplots(figsize=(11.0, 5.2), layout="constrained")
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
            outlook.dates, naive, color=NAIVE_COLOUR, linewidth=1.3, linestyle=(0, (4, 2)),
            label="naive forecast" if named else None,
        )  # fmt: skip
        ax.axvline(outlook.origin, color=ACTUAL_COLOUR, linewidth=0.8, alpha=0.45, zorder=0)  # type: ignore[arg-type]
    first, last = outlooks[0].dates[0], outlooks[-1].dates[-1]
    n_before = round(RUN_UP * sum(len(outlook.dates) for outlook in outlooks))
    shown = outcome[outcome.index <= last]
    shown = shown.iloc[max(0, int((shown.index < first).sum()) - n_before) :]
    ax.plot(shown.index, shown.to_numpy(), "o-", color=ACTUAL_COLOUR, markersize=3.2, linewidth=0.9, label="actual")
    ax.yaxis.set_major_formatter(EngFormatter(sep=""))
    locator = AutoDateLocator(maxticks=9)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    ax.set_ylabel(label, fontsize=11)
    ax.margins(x=0.01)
    ax.set_title("What would have been forecast, and what happened", loc="left", fontsize=13, fontweight="bold", pad=30)
    handles, labels = ax.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda i: labels[i] != "actual")
    ax.legend(
        [handles[i] for i in order], [labels[i] for i in order], loc="lower left", bbox_to_anchor=(0, 1.0),
        ncols=len(labels), frameon=False, fontsize=11, borderaxespad=0.2, columnspacing=1.4, handletextpad=0.5,
    )  # fmt: skip
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=11)
    write_warning(ax, warning)
    return ax
