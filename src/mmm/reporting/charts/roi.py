"""ROI by channel, and how far the data moved the prior."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm import schema
from mmm.charting import PRIOR_COLOUR, PRIOR_INK, TOTAL_COLOUR, axes_of, finish, name_axis, with_ends, write_beside
from mmm.reporting.charts.context import ChartContext
from mmm.reporting.quantities import quantity_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_both", "plot_prior_posterior", "plot_roi"]


def plot_roi(table: pd.DataFrame, *, context: ChartContext, ax: Axes | None = None) -> Axes:
    """Draw the ROI table of one horizon, the largest spender on top.

    Parameters
    ----------
    table : DataFrame
        From :meth:`mmm.Report.roi` with one horizon.
    context : ChartContext
    ax : Axes, optional
    """
    name = schema.ROI if schema.ROI in table else schema.OUTCOME_PER_SPEND
    horizon = table[schema.HORIZON].iloc[0]
    by_spend = table[table["channel"] != schema.TOTAL].sort_values("spend", ascending=False)
    rows = pd.concat([by_spend, table[table["channel"] == schema.TOTAL]]).iloc[::-1]
    ax = axes_of(ax, height=1.6 + 0.42 * len(rows))
    positions = np.arange(len(rows))
    colours = [context.colours.get(channel, TOTAL_COLOUR) for channel in rows["channel"]]
    ax.hlines(positions, rows[f"{name}_lower"], rows[f"{name}_upper"], color=colours, linewidth=5, alpha=0.55)
    ax.scatter(rows[name], positions, color=colours, s=64, zorder=3)
    name_axis(ax, rows["channel"], at=positions)
    ax.set_xlim(left=0)
    for position, (median, lower, upper) in enumerate(rows[[name, f"{name}_lower", f"{name}_upper"]].to_numpy()):
        write_beside(ax, position, "no spend" if np.isnan(median) else with_ends(median, lower, upper))
    if name == schema.ROI:
        ax.axvline(1, color=TOTAL_COLOUR, linewidth=1, linestyle="--")
        ax.annotate("break-even", (1, len(rows) - 0.45), fontsize=10, ha="center", va="bottom", annotation_clip=False)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlabel(f"{context.roi_label} within {horizon:g} weeks: median and {context.interval} credible interval")
    return finish(ax, title="What each channel returned", warning=context.warning, pad=24)


def plot_prior_posterior(rows: pd.DataFrame, *, context: ChartContext, ax: Axes | None = None) -> Axes:
    """Draw prior and posterior intervals of one quantity, channel by channel.

    Parameters
    ----------
    rows : DataFrame
        Rows of :meth:`mmm.Report.evidence` for one quantity.
    context : ChartContext
    ax : Axes, optional
    """
    rows = rows.iloc[::-1]
    quantity = str(rows["quantity"].iloc[0])
    ax = axes_of(ax, height=1.6 + 0.5 * len(rows))
    draw_both(ax, rows, names=list(rows[schema.CHANNEL]), context=context)
    for position, reliance in enumerate(rows["prior_reliance"]):
        write_beside(ax, position, "no prior" if np.isnan(reliance) else f"{reliance:.0%} prior")
    ax.set_xlabel(
        f"{quantity_name(quantity)}: median and {context.interval} interval, prior (grey) above posterior (colour)"
    )
    return finish(ax, title="What the data added to the prior", warning=context.warning)


def draw_both(ax: Axes, rows: pd.DataFrame, *, names: list[str], context: ChartContext) -> None:
    """Draw medians and intervals of prior and posterior in pairs, from the bottom up; those that are NaN are left out.

    Parameters
    ----------
    ax : Axes
    rows : DataFrame
        ``channel, prior, prior_lower, prior_upper, posterior, posterior_lower, posterior_upper``.
    names : list of str
        What each row is called.
    context : ChartContext
    """
    at = np.arange(len(rows))
    colours = [context.colours[channel] for channel in rows[schema.CHANNEL]]
    ax.hlines(at + 0.17, rows["prior_lower"], rows["prior_upper"], color=PRIOR_COLOUR, linewidth=5, label="prior")
    ax.scatter(rows["prior"], at + 0.17, color=PRIOR_INK, s=36, zorder=3)
    ax.hlines(at - 0.17, rows["posterior_lower"], rows["posterior_upper"], color=colours, linewidth=5, alpha=0.6)
    ax.scatter(rows["posterior"], at - 0.17, color=colours, s=52, zorder=3)
    name_axis(ax, names, at=at)
    ax.set_ylim(-0.6, len(rows) - 0.4)
