"""The outcome over time: what it is made of, and how wide the model says a week may swing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from mmm import schema
from mmm.charting import BASELINE_COLOUR, MODEL_COLOUR, TOTAL_COLOUR, axes_of, date_axis, finish, short_number
from mmm.reporting.charts.context import ChartContext

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_contributions", "plot_fit"]


def plot_contributions(
    table: pd.DataFrame, outcome: pd.Series, *, context: ChartContext, ax: Axes | None = None
) -> Axes:
    """Stack the medians of baseline and channels, with the actual outcome as a line.

    Parameters
    ----------
    table : DataFrame
        From :meth:`mmm.Report.contributions`.
    outcome : Series
        By date.
    context : ChartContext
    ax : Axes, optional
    """
    names = [schema.BASELINE, *context.colours]
    ax = axes_of(ax, width=10.5, height=max(5.0, 0.24 * (len(names) + 3)))  # the legend has a line for each
    wide = table.pivot(index=schema.DATE, columns="channel", values="contribution")
    colours = [BASELINE_COLOUR, *context.colours.values()]
    ax.stackplot(wide.index, wide[names].to_numpy().T, labels=names, colors=colours, linewidth=0, step="mid")
    ax.plot(outcome.index, outcome.to_numpy(), color=TOTAL_COLOUR, linewidth=1.1, label="actual", drawstyle="steps-mid")
    ax.yaxis.set_major_formatter(short_number())
    date_axis(ax)
    ax.set_ylabel(f"{outcome.name} per {context.period} ({context.unit})")
    ax.margins(x=0)
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=10)
    return finish(ax, title="What the outcome is made of (posterior medians)", warning=context.warning)


def plot_fit(
    predictive: xr.DataArray, outcome: pd.Series, *, prob: float, context: ChartContext, ax: Axes | None = None
) -> Axes:
    """Draw the actual outcome over the posterior predictive bands.

    Parameters
    ----------
    predictive : DataArray, dims (chain, draw, date)
        Noise included: a band of the mean alone would look far too sure.
    outcome : Series
        By date.
    prob : float
        Of the outer band; the inner one holds 50%.
    context : ChartContext
    ax : Axes, optional
    """
    ax = axes_of(ax, width=10.5)
    edges = [(1 - prob) / 2, 0.25, 0.5, 0.75, (1 + prob) / 2]
    lower, first, median, third, upper = predictive.quantile(edges, dim=(schema.CHAIN, schema.DRAW)).values
    ax.fill_between(
        outcome.index, lower, upper, color=MODEL_COLOUR, alpha=0.18, linewidth=0, label=f"{context.interval}"
    )
    ax.fill_between(outcome.index, first, third, color=MODEL_COLOUR, alpha=0.35, linewidth=0, label="50%")
    ax.plot(outcome.index, median, color=MODEL_COLOUR, linewidth=1, label="median")
    actual = outcome.to_numpy()
    ax.plot(outcome.index, actual, "o", color=TOTAL_COLOUR, markersize=3, label="actual")
    ax.yaxis.set_major_formatter(short_number())
    date_axis(ax)
    ax.set_ylabel(f"{outcome.name} per {context.period} ({context.unit})")
    ax.margins(x=0.01)
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top + 0.1 * (top - bottom))  # room for the legend above the data
    ax.legend(loc="upper left", frameon=False, fontsize=10, ncols=4)
    inside = float(np.mean((actual >= lower) & (actual <= upper)))
    ax.set_xlabel(
        f"{inside:.0%} of {context.period}s lie within the {context.interval} band; in sample more than "
        f"{context.interval} should"
    )
    return finish(ax, title="Fit: posterior predictive bands, noise included", warning=context.warning)
