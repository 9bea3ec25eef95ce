"""When an effect lands: the weights of every kernel, and the weeks until half of it is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from mmm import schema
from mmm.charting import (
    PRIOR_COLOUR,
    PRIOR_INK,
    axes_of,
    finish,
    legend_above,
    panels,
    percent_axis,
    write_beside,
)
from mmm.reporting.charts.context import ChartContext
from mmm.reporting.charts.roi import draw_both
from mmm.words import with_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_half_lives", "plot_kernels"]

#: Kernels of so few periods are drawn with a dot for each.
FEW = 16

#: Kernels are drawn until their median has come so far of its way, and for so many weeks and periods at least.
MOST, SHORTEST, FEWEST = 0.95, 6.0, 6

#: Weeks that are labelled, on a scale of proportions.
HALF_LIFE_TICKS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 13, 26, 52, 104, 208)

READABLE_PARTS = {"whole": "", "fast": ", fast part", "slow": ", slow part"}


def plot_kernels(
    kernels: Mapping[str, tuple[xr.DataArray, xr.DataArray]],
    *,
    prob: float,
    context: ChartContext,
    ax: Axes | None = None,
) -> Axes:
    """Draw the weights of each kernel by week since the spend, with what was assumed of them in grey.

    Parameters
    ----------
    kernels : mapping of (DataArray, DataArray), dims (chain, draw, weeks)
        By channel: share of the effect that lands in each period, of the posterior and of the prior.
    prob : float
        Of the bands.
    context : ChartContext
    ax : Axes, optional
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    outer, small = panels(ax, list(kernels))
    for panel, (name, (after, before)) in zip(small, kernels.items(), strict=True):
        _draw_kernel(panel, after, before, colour=context.colours[name], prob=prob)
    outer.set_xlabel("weeks since the spend")
    outer.set_ylabel(f"share of effect per {context.period}")
    handles = [
        Line2D([], [], color=PRIOR_INK, linewidth=1.6, linestyle=(0, (4, 2)), label="prior median"),
        Patch(color=PRIOR_COLOUR, alpha=0.5, linewidth=0, label=f"its {context.interval} interval"),
        Line2D([], [], color="black", linewidth=2.4, label="posterior median"),
        Patch(color="black", alpha=0.3, linewidth=0, label=f"its {context.interval} interval"),
    ]
    legend_above(outer, handles=handles, ncols=4)
    return finish(outer, title="How the effect of each channel lands", warning=context.warning, pad=34)


def _draw_kernel(panel: Axes, after: xr.DataArray, before: xr.DataArray, *, colour: str, prob: float) -> None:
    """One channel: the prior behind the posterior, until nearly all has landed by the posterior median."""
    from matplotlib.ticker import MaxNLocator, MultipleLocator

    landed = after.cumsum("weeks").median((schema.CHAIN, schema.DRAW)).values
    weeks = after["weeks"].values
    enough = weeks[np.argmax(landed >= MOST * landed[-1])]
    last = max(enough, SHORTEST, FEWEST * weeks[1])
    edges = [(1 - prob) / 2, 0.5, (1 + prob) / 2]
    shown = weeks <= last
    (low, assumed, high), (lower, median, upper) = (
        side.isel(weeks=shown).quantile(edges, dim=(schema.CHAIN, schema.DRAW)).values for side in (before, after)
    )
    weeks = weeks[shown]
    dot = "o" if len(weeks) <= FEW else ""
    panel.fill_between(weeks, low, high, color=PRIOR_COLOUR, alpha=0.5, linewidth=0)
    panel.fill_between(weeks, lower, upper, color=colour, alpha=0.3, linewidth=0)
    panel.plot(weeks, assumed, color=PRIOR_INK, linewidth=1.6, linestyle=(0, (4, 2)))
    panel.plot(weeks, median, color=colour, linewidth=2.4, marker=dot, markersize=4)
    panel.set_xlim(0, last)
    panel.set_ylim(bottom=0)
    quarters = 13 * np.ceil(last / 65)  # at most five labels
    panel.xaxis.set_major_locator(MultipleLocator(quarters) if last > 26 else MaxNLocator(6, integer=True))
    percent_axis(panel)


def plot_half_lives(table: pd.DataFrame, *, context: ChartContext, ax: Axes | None = None) -> Axes:
    """Draw prior and posterior of the weeks until half of the effect has landed, on a scale of proportions.

    Parameters
    ----------
    table : DataFrame
        From :meth:`mmm.Report.half_lives`.
    context : ChartContext
    ax : Axes, optional
    """
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    rows = table.iloc[::-1]
    ax = axes_of(ax, width=9.5, height=1.8 + 0.5 * len(rows))
    names = [f"{name}{READABLE_PARTS[part]}" for name, part in zip(rows[schema.CHANNEL], rows["part"], strict=True)]
    numbers = rows.drop(columns=[schema.CHANNEL, "part", schema.WARNING_COLUMN], errors="ignore")
    spread = numbers.where(numbers["posterior"] > 0)  # what lands at once is no point on a scale of proportions
    draw_both(ax, spread.assign(**{schema.CHANNEL: rows[schema.CHANNEL]}), names=names, context=context)
    told = spread[["posterior", "posterior_lower", "posterior_upper", "prior_reliance"]].to_numpy()
    for position, (median, lower, upper, reliance) in enumerate(told):
        words = f"{with_interval(median, lower, upper, prob=None, unit='weeks')}\n{reliance:.0%} prior"
        write_beside(ax, position, "lands at once" if np.isnan(median) else words)
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(HALF_LIFE_TICKS))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda weeks, _: f"{weeks:g}"))
    ax.set_xlabel(
        f"weeks until half of the effect has landed: median and {context.interval} interval,\n"
        "prior (grey) above posterior (colour)"
    )
    return finish(ax, title="How fast each channel works", warning=context.warning)
