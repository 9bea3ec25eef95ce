"""The ledger: what landed in the window, what lands after it, and what came from before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm import schema
from mmm.charting import INK, TOTAL_COLOUR, amount, axes_of, finish, legend_above, name_axis, short_number, write_beside
from mmm.reporting.charts.context import ChartContext
from mmm.returns import Valuation

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["plot_ledger"]

BAR, BESIDE = 0.42, 0.16


def plot_ledger(table: pd.DataFrame, *, valuation: Valuation, context: ChartContext, ax: Axes | None = None) -> Axes:
    """Stack what landed in the window and what lands after it, with what came from earlier spend beside.

    Parameters
    ----------
    table : DataFrame
        From :meth:`mmm.Report.ledger`.
    valuation : Valuation
        Of the amounts; where they are money, spend is marked beside them.
    context : ChartContext
    ax : Axes, optional
    """
    from matplotlib.patches import Patch

    rows = table[table[schema.CHANNEL] != schema.TOTAL].sort_values("cohort_total").reset_index(drop=True)
    whole = table[table[schema.CHANNEL] == schema.TOTAL].iloc[0]
    ax = axes_of(ax, width=10.5, height=2.2 + 0.75 * len(rows))
    at = np.arange(len(rows)) + 0.1
    colours = [context.colours[name] for name in rows[schema.CHANNEL]]
    ax.barh(at, rows["in_window"], height=BAR, color=colours)
    ax.barh(at, rows["carry_out"], left=rows["in_window"], height=BAR, color=colours, alpha=0.4, hatch="///",
            edgecolor="white", linewidth=0)  # fmt: skip
    below = at - BAR / 2 - BESIDE / 2 - 0.05
    ax.barh(below, rows["carry_in"], height=BESIDE, color="white", edgecolor=colours, linewidth=1.4)
    above = at + BAR / 2 + 0.08
    edges = rows["cohort_total_lower"], rows["cohort_total_upper"]
    interval = ax.hlines(above, *edges, color=TOTAL_COLOUR, linewidth=1.8, label=f"{context.interval} interval of both")
    handles: list[Artist] = [
        Patch(color=INK, label="landed in the window"),
        Patch(facecolor=INK, alpha=0.4, hatch="///", edgecolor="white", label="lands after it"),
        interval,
        Patch(facecolor="white", edgecolor=INK, linewidth=1.4, label="landed in it from earlier spend"),
    ]
    if valuation.is_money:
        marks = at - BAR / 2 - 0.02, at + BAR / 2 + 0.02
        handles.append(ax.vlines(rows[schema.SPEND], *marks, color=TOTAL_COLOUR, linewidth=3, label="spend"))
    told = rows[["cohort_total", "cohort_total_lower", "cohort_total_upper", "share_to_come"]].to_numpy()
    for position, (total, lower, upper, to_come) in zip(at, told, strict=True):
        later = "nothing was spent" if np.isnan(to_come) else f"{to_come:.0%} still to come"
        write_beside(ax, position, f"{amount(total)}  ({amount(lower)} to {amount(upper)})\n{later}")
    name_axis(ax, rows[schema.CHANNEL], at=at - 0.1)
    ax.set_ylim(-0.55, len(rows) - 0.35)
    ax.set_xlim(left=0)
    ax.xaxis.set_major_formatter(short_number())
    in_window, later, before = (amount(whole[name]) for name in ("in_window", "carry_out", "carry_in"))
    ax.set_xlabel(
        f"{valuation.unit}: means; in brackets the {context.interval} interval of both parts\n"
        f"all channels: {in_window} landed, {later} lands later, {before} came from earlier spend"
    )
    legend_above(ax, handles=handles, ncols=3, fontsize=10)
    return finish(ax, title="Where the return is booked", warning=context.warning, pad=52)
