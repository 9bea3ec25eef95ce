"""The brand tracker: what was measured, what the model makes of it, and what media built."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

from mmm import schema
from mmm.charting import (
    MODEL_COLOUR,
    TOTAL_COLOUR,
    axes_of,
    date_axis,
    finish,
    legend_above,
    percent_axis,
    short_number,
)
from mmm.posterior import Draws, replay_tracker
from mmm.reporting.charts.context import ChartContext
from mmm.words import with_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_tracker"]


def plot_tracker(draws: Draws, *, prob: float, context: ChartContext, ax: Axes | None = None) -> Axes:
    """Draw the waves with their error over the fitted tracker, and what would be left of it without media.

    Parameters
    ----------
    draws : Draws
    prob : float
        Of the band and of the error bars.
    context : ChartContext
    ax : Axes, optional
    """
    data, replayed, brand = draws.data, replay_tracker(draws), draws.spec.brand
    ax = axes_of(ax, width=10.5, height=5.4)
    # what several channels built together has the colour of all channels
    colour = context.colours[brand[0]] if len(brand) == 1 else TOTAL_COLOUR
    dims, edges = (schema.CHAIN, schema.DRAW), [(1 - prob) / 2, 0.5, (1 + prob) / 2]
    dates = replayed[schema.WAVE].values
    lower, median, upper = replayed["expected"].quantile(edges, dim=dims).values
    low, without, high = (replayed["expected"] - replayed["from_media"]).quantile(edges, dim=dims).values
    ax.fill_between(dates, lower, upper, color=MODEL_COLOUR, alpha=0.2, linewidth=0)
    ax.plot(dates, median, color=MODEL_COLOUR, linewidth=2.4, label=f"fitted, {context.interval} band")
    ax.plot(
        dates,
        without,
        color=colour,
        linewidth=2.4,
        linestyle=(0, (4, 2)),
        label=f"without media, dotted: its {context.interval}",
    )
    for edge in (low, high):
        ax.plot(dates, edge, color=colour, linewidth=1.2, linestyle=":")
    ax.fill_between(dates, without, median, color=colour, alpha=0.15, linewidth=0, label="what media built")
    waves, error = data.dataset[schema.TRACKER].values, data.dataset[schema.TRACKER_ERROR].values
    reach = NormalDist().inv_cdf((1 + prob) / 2) * error
    is_survey = data.description.tracker_unit != "index"
    name = str(data.description.tracker)
    ax.errorbar(
        dates, waves, yerr=reach if is_survey else None, fmt="o", color=TOTAL_COLOUR, markersize=4.5, elinewidth=1,
        label=f"waves, {context.interval} sampling error" if is_survey else "waves",
    )  # fmt: skip
    built = replayed["from_media"].mean(schema.WAVE).quantile(edges, dim=dims).values
    factor, unit = (100.0, "points") if is_survey else (1.0, "")
    if is_survey:
        percent_axis(ax)
    else:
        ax.yaxis.set_major_formatter(short_number())
    date_axis(ax)
    ax.set_ylabel(name)
    ax.margins(x=0.01)
    ax.set_xlabel(
        f"media built {with_interval(*(factor * built[[1, 0, 2]]), prob=prob, unit=unit)} on average over the waves"
    )
    legend_above(ax, ncols=2, fontsize=10)
    return finish(ax, title=f"What media built in {name}", warning=context.warning, pad=52)
