"""Charts of a refresh: the last forecast against what came, and the answer's way through the vintages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import EngFormatter, FuncFormatter

from mmm import schema

if TYPE_CHECKING:
    from mmm.refreshing.forecast_check import ForecastCheck
    from mmm.refreshing.history import History

__all__ = ["plot_forecast_check", "plot_history"]

#: One hue for the model, so that channels keep their colours for themselves.
MODEL_COLOUR, ACTUAL_COLOUR, MISSED_COLOUR = "#0072B2", "#1F2933", "#D55E00"
#: The wider the lighter; bands lie on top of one another.
OPACITY = {90: 0.14, 80: 0.22, 50: 0.30}


def plot_forecast_check(check: ForecastCheck, *, ax: Axes | None = None) -> Axes:
    """Draw bands of 50%, 80% and 90%, the median, and what happened; what lies outside the widest is marked."""
    if ax is None:
        _, ax = plt.subplots(figsize=(9.5, 4.6), layout="constrained")
    table = check.table()
    dates = table["date"]
    for level, opacity in OPACITY.items():
        ax.fill_between(
            dates, table[f"lower_{level}"], table[f"upper_{level}"], color=MODEL_COLOUR, alpha=opacity, linewidth=0,
            label=f"forecast, {level}%",
        )  # fmt: skip
    ax.plot(dates, table["median"], color=MODEL_COLOUR, linewidth=1.6, label="median")
    ax.plot(dates, table["observed"], "o-", color=ACTUAL_COLOUR, markersize=4, linewidth=0.9, label="actual")
    missed = table[~table["inside_90"]]
    if len(missed):
        ax.plot(missed["date"], missed["observed"], "o", color=MISSED_COLOUR, markersize=7, label="outside 90%")
    ax.yaxis.set_major_formatter(EngFormatter(sep=""))
    locator = AutoDateLocator(maxticks=8)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    ax.set_ylabel(f"outcome, {check.unit}", fontsize=11)
    held = int(table["inside_90"].sum())
    ax.set_title(
        f"The last forecast held {held} of {len(table)} new periods (90% interval)", loc="left", fontsize=13,
        fontweight="bold", pad=30,
    )  # fmt: skip
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=6, frameon=False, fontsize=11, borderaxespad=0.2,
        columnspacing=1.4, handletextpad=0.5,
    )  # fmt: skip
    ax.margins(x=0.02)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=11)
    return ax


def plot_history(history: History, *, ax: Axes | None = None) -> Axes:
    """Draw each channel's return with its interval at every refresh, beside one another."""
    table = history.table()
    names, vintages = list(dict.fromkeys(table["channel"])), list(dict.fromkeys(table["vintage"]))
    channels = sorted(names, key=lambda name: name == schema.TOTAL)  # the total last, whoever came later
    if ax is None:
        _, ax = plt.subplots(figsize=(max(8.0, 1.1 * len(channels) * len(vintages) ** 0.6), 4.8), layout="constrained")
    width = 0.7 / len(vintages)
    shades = plt.get_cmap("Blues")(np.linspace(0.35, 0.95, len(vintages)))
    for place, vintage in enumerate(vintages):
        rows = table[table["vintage"] == vintage].drop_duplicates("channel", keep="last").set_index("channel")
        at = np.array([channels.index(name) for name in rows.index]) + (place - (len(vintages) - 1) / 2) * width
        ax.vlines(at, rows["roi_lower"], rows["roi_upper"], color=shades[place], linewidth=3.2)
        ax.plot(at, rows["roi"], "o", color=shades[place], markersize=6.5, label=f"to {vintage:%Y-%m-%d}")
    if table["prob_above_one"].notna().any():
        ax.axhline(1, color=ACTUAL_COLOUR, linewidth=1, linestyle=(0, (4, 3)), zorder=0)
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_minor_formatter(FuncFormatter(lambda value, _: f"{value:g}" if f"{value:e}"[0] in "25" else ""))
    ax.set_xticks(range(len(channels)), channels, fontsize=11)
    ax.set_ylabel(history.label, fontsize=11)
    ax.set_title("What each refresh said", loc="left", fontsize=13, fontweight="bold", pad=30)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=6, frameon=False, fontsize=11, borderaxespad=0.2,
        columnspacing=1.4, handletextpad=0.3,
    )  # fmt: skip
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=11, which="both")
    return ax
