"""The waterfall: from the parts of the baseline over the channels to the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm import schema
from mmm.charting import (
    BASELINE_COLOUR,
    INK,
    PRIOR_INK,
    TOTAL_COLOUR,
    amount,
    axes_of,
    finish,
    name_axis,
    short_number,
    write_beside,
)
from mmm.reporting.charts.context import ChartContext
from mmm.reporting.part_tables import ACTUAL, MEDIA, MODELLED, UNEXPLAINED
from mmm.returns import LEVEL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_waterfall"]

BAR, ABOVE = 0.5, 0.09

READABLE_PARTS = {
    LEVEL: "level (base and its drift)",
    "season": "seasons",
    "holiday": "holidays",
    "control": "controls",
    UNEXPLAINED: "not explained",
}

MINUS = "\N{MINUS SIGN}"

#: Of amounts: with two, what was modelled and what came could differ by rounding alone.
DIGITS = 3

#: Share of the outcome below which a part is the rounding of its numbers.
NOTHING = 1e-9


def plot_waterfall(
    table: pd.DataFrame, *, dates: pd.DatetimeIndex, outcome: str, context: ChartContext, ax: Axes | None = None
) -> Axes:
    """Draw each part from where the last one ended: baseline, channels, their sum, what is not explained, the outcome.

    Parameters
    ----------
    table : DataFrame
        From :meth:`mmm.Report.composition`.
    dates : DatetimeIndex
        Of the window.
    outcome : str
        Its name.
    context : ChartContext
    ax : Axes, optional
    """
    rows = in_order(table)
    ax = axes_of(ax, width=10.5, height=1.9 + 0.46 * len(rows))
    at = np.arange(len(rows))[::-1].astype(float)
    starts = starts_of(rows)
    ends = starts + rows["amount"].to_numpy()
    colours = [_colour(part, kind, context) for part, kind in zip(rows["part"], rows["kind"], strict=True)]
    bars = ax.barh(at, rows["amount"], left=starts, height=BAR, color=colours)
    for bar, kind in zip(bars, rows["kind"], strict=True):
        if kind == UNEXPLAINED:
            bar.set(facecolor="white", edgecolor=INK, linewidth=1.2, hatch="////")
    ax.vlines(ends[:-1], at[1:] - BAR / 2, at[:-1] + BAR / 2, color=INK, linewidth=0.8, zorder=0)
    uncertain = (rows["kind"] != ACTUAL).to_numpy()
    lower, upper = (starts + rows[f"amount_{end}"].to_numpy() for end in ("lower", "upper"))
    ax.hlines(at[uncertain] + BAR / 2 + ABOVE, lower[uncertain], upper[uncertain], color=TOTAL_COLOUR, linewidth=1.6)
    for position, (_, row) in zip(at, rows.iterrows(), strict=True):
        write_beside(ax, float(position), _told(row))
    name_axis(ax, [READABLE_PARTS.get(part, part) if kind != MEDIA else part
                   for part, kind in zip(rows["part"], rows["kind"], strict=True)], at=at)  # fmt: skip
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(left=min(0.0, 1.05 * float(np.minimum(starts, ends).min())))
    ax.xaxis.set_major_formatter(short_number())
    ax.set_xlabel(
        f"{outcome} ({context.unit}), {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}: means, so that the parts add up\n"
        f"lines and brackets: {context.interval} interval of each; channels: what landed, whenever it was spent"
    )
    return finish(ax, title=f"What makes up {outcome}", warning=context.warning)


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Baseline as it comes, then channels from the largest to the smallest, then the sums."""
    is_media = table["kind"] == MEDIA
    is_baseline = table["kind"] == schema.BASELINE
    parts = [table[is_baseline], table[is_media].sort_values("amount", ascending=False)]
    return pd.concat([*parts, table[~is_media & ~is_baseline]], ignore_index=True)


def starts_of(rows: pd.DataFrame) -> np.ndarray:
    """Where each bar begins: a part where the one before it ended, a sum at zero."""
    starts, reached = [], 0.0
    for kind, part in zip(rows["kind"], rows["amount"], strict=True):
        is_sum = kind in (MODELLED, ACTUAL)
        starts.append(0.0 if is_sum else reached)
        reached = part if is_sum else reached + part
    return np.array(starts)


def _colour(part: str, kind: str, context: ChartContext) -> str:
    if kind == MEDIA:
        return context.colours[part]
    return {MODELLED: PRIOR_INK, ACTUAL: TOTAL_COLOUR}.get(kind, BASELINE_COLOUR)


def _told(row: pd.Series) -> str:
    """Amount, its interval, and what share of the outcome it is."""
    if row["kind"] == ACTUAL:
        return amount(row["amount"], digits=DIGITS)
    if abs(row["share"]) < NOTHING:
        return "0: counted from the mean of the data"
    mean, lower, upper = (amount(row[name], digits=DIGITS) for name in ("amount", "amount_lower", "amount_upper"))
    share = round(row["share"], 3) + 0.0  # there is no minus nothing
    return f"{mean}  ({lower} to {upper})  {share:.1%}".replace("-", MINUS)
