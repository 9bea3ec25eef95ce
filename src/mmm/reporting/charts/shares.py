"""Share of spend against share of effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm import schema
from mmm.charting import INK, TOTAL_COLOUR, axes_of, finish, legend_above, name_axis, write_beside
from mmm.reporting.charts.context import ChartContext

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_shares"]

SPEND_COLOUR = "#D5D9DE"
BAR, APART = 0.34, 0.36


def plot_shares(table: pd.DataFrame, *, horizon: float, context: ChartContext, ax: Axes | None = None) -> Axes:
    """Draw for each channel its share of spend above its share of effect, the largest spender on top.

    Parameters
    ----------
    table : DataFrame
        From :meth:`mmm.Report.shares`.
    horizon : float
        Weeks within which the effect is counted.
    context : ChartContext
    ax : Axes, optional
    """
    from matplotlib.patches import Patch
    from matplotlib.ticker import PercentFormatter

    rows = table.sort_values("spend_share", ascending=True)
    ax = axes_of(ax, height=2.0 + 0.62 * len(rows))
    at = np.arange(len(rows))
    colours = [context.colours[name] for name in rows[schema.CHANNEL]]
    ax.barh(at + APART / 2, rows["spend_share"], height=BAR, color=SPEND_COLOUR)
    ax.barh(at - APART / 2, rows["effect_share"], height=BAR, color=colours)
    ends = rows["effect_share_lower"], rows["effect_share_upper"]
    ax.hlines(at - APART / 2, *ends, color="white", linewidth=4, alpha=0.7)  # on dark colours, too
    interval = ax.hlines(
        at - APART / 2, *ends, color=TOTAL_COLOUR, linewidth=1.8,
        label=f"{context.interval} interval of it",
    )  # fmt: skip
    told = rows[["spend_share", "effect_share", "effect_share_lower", "effect_share_upper"]].to_numpy()
    for position, (spend, effect, lower, upper) in enumerate(told):
        write_beside(
            ax, position, f"{spend:.0%} of spend\n{effect:.0%} of effect ({lower:.0%} to {upper:.0%})"
        )  # fmt: skip
    name_axis(ax, rows[schema.CHANNEL], at=at)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(left=0)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set_xlabel(f"share of all channels; effect within {horizon:g} weeks: means, which sum to 100%")
    handles = [Patch(color=SPEND_COLOUR, label="share of spend"), Patch(color=INK, label="share of effect"), interval]
    legend_above(ax, handles=handles, ncols=3)
    return finish(ax, title="Share of spend against share of effect", warning=context.warning, pad=32)
