"""Charts of a refresh: the last forecast against what came, and the answer's way through the vintages."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from mmm import schema
from mmm.charting import (
    MISSED_COLOUR,
    MODEL_COLOUR,
    TOTAL_COLOUR,
    axes_of,
    date_axis,
    finish,
    legend_above,
    short_number,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from mmm.refreshing.forecast_check import ForecastCheck
    from mmm.refreshing.history import History

__all__ = ["plot_forecast_check", "plot_history"]

#: Longest line of a channel's name, in letters.
NAME_WIDTH = 16

#: The wider the lighter; bands lie on top of one another.
OPACITY = {90: 0.14, 80: 0.22, 50: 0.30}


def plot_forecast_check(check: ForecastCheck, *, ax: Axes | None = None) -> Axes:
    """Draw bands of 50%, 80% and 90%, the median, and what happened; what lies outside the widest is marked."""
    ax = axes_of(ax, width=9.5, height=4.6)
    table = check.table()
    dates = table["date"]
    for level, opacity in OPACITY.items():
        ax.fill_between(
            dates, table[f"lower_{level}"], table[f"upper_{level}"], color=MODEL_COLOUR, alpha=opacity, linewidth=0,
            label=f"forecast, {level}%",
        )  # fmt: skip
    ax.plot(dates, table["median"], color=MODEL_COLOUR, linewidth=1.6, label="median")
    ax.plot(dates, table["observed"], "o-", color=TOTAL_COLOUR, markersize=4, linewidth=0.9, label="actual")
    missed = table[~table["inside_90"]]
    if len(missed):
        ax.plot(missed["date"], missed["observed"], "o", color=MISSED_COLOUR, markersize=7, label="outside 90%")
    ax.yaxis.set_major_formatter(short_number())
    date_axis(ax, maxticks=8)
    ax.set_ylabel(f"outcome, {check.unit}")
    held = int(table["inside_90"].sum())
    legend_above(ax, ncols=6)
    ax.margins(x=0.02)
    return finish(ax, title=f"The last forecast held {held} of {len(table)} new periods (90% interval)", pad=30)


def plot_history(history: History, *, ax: Axes | None = None) -> Axes:
    """Draw each channel's return with its interval at every refresh, beside one another."""
    from matplotlib import colormaps
    from matplotlib.ticker import FuncFormatter

    table = history.table()
    names, vintages = list(dict.fromkeys(table["channel"])), list(dict.fromkeys(table["vintage"]))
    channels = sorted(names, key=lambda name: name == schema.TOTAL)  # the total last, whoever came later
    ax = axes_of(ax, width=max(8.0, 1.1 * len(channels) * len(vintages) ** 0.6), height=4.8)
    width = 0.7 / len(vintages)
    shades = colormaps["Greys"](np.linspace(0.4, 0.95, len(vintages)))
    for place, vintage in enumerate(vintages):
        rows = table[table["vintage"] == vintage].drop_duplicates("channel", keep="last").set_index("channel")
        at = np.array([channels.index(name) for name in rows.index]) + (place - (len(vintages) - 1) / 2) * width
        ax.vlines(at, rows["roi_lower"], rows["roi_upper"], color=shades[place], linewidth=3.2)
        ax.plot(at, rows["roi"], "o", color=shades[place], markersize=6.5, label=f"to {vintage:%Y-%m-%d}")
    if table["prob_above_one"].notna().any():
        ax.axhline(1, color=TOTAL_COLOUR, linewidth=1, linestyle=(0, (4, 3)), zorder=0)
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_minor_formatter(FuncFormatter(lambda value, _: f"{value:g}" if f"{value:e}"[0] in "25" else ""))
    ax.set_xticks(range(len(channels)), [textwrap.fill(name, NAME_WIDTH) for name in channels])
    ax.set_ylabel(history.label)
    legend_above(ax, ncols=6)
    return finish(ax, title="What each refresh said", pad=30)
