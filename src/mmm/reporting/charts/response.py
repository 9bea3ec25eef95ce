"""Response curves: what steady spend brings, and where that was never tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmm import schema
from mmm.charting import TOTAL_COLOUR, axes_of, finish, legend_above, short_number
from mmm.posterior import Draws
from mmm.reporting.charts.context import ChartContext

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_response"]

N_POINTS = 121


def plot_response(draws: Draws, channel: str, *, prob: float, context: ChartContext, ax: Axes | None = None) -> Axes:
    """Draw outcome per period against a steady driver, from zero to half again the most ever spent.

    Parameters
    ----------
    draws : Draws
    channel : str
    prob : float
    context : ChartContext
    ax : Axes, optional
    """
    ax = axes_of(ax)
    driver = draws.data.dataset[schema.DRIVER].sel({schema.CHANNEL: channel}).values[0]
    mean = draws.scales.drivers[channel]
    points = np.linspace(0, 1.5 * driver.max(), N_POINTS)
    edges = [(1 - prob) / 2, 0.5, (1 + prob) / 2]
    lower, median, upper = np.quantile(draws.curve(channel, points / mean), edges, axis=(0, 1))
    colour = context.colours[channel]
    tried = (points >= driver.min()) & (points <= driver.max())
    ax.fill_between(points, lower, upper, color=colour, alpha=0.12, linewidth=0)
    ax.fill_between(points, lower, upper, where=tried.tolist(), color=colour, alpha=0.18, linewidth=0)
    ax.plot(points, median, color=colour, linewidth=1.6, linestyle="--", label="never tried")
    ax.plot(points[tried], median[tried], color=colour, linewidth=2.6, label="within what was tried")
    exposed = channel in draws.data.description.exposure
    latest = driver[-max(1, round(13 / draws.data.weeks_per_period)) :].mean()
    ax.axvline(latest, color=TOTAL_COLOUR, linewidth=1, linestyle=":", label="mean of the last 13 weeks")
    ax.plot(
        driver, np.zeros_like(driver), "|", color=TOTAL_COLOUR, markersize=9, alpha=0.5, label=f"one {context.period}"
    )
    ax.xaxis.set_major_formatter(short_number())
    ax.yaxis.set_major_formatter(short_number())
    kind = f"{draws.data.description.exposure[channel]}" if exposed else f"spend, {context.currency}"
    ax.set_xlabel(f"{channel} per {context.period} ({kind}), kept up")
    ax.set_ylabel(f"{context.unit} per {context.period}: median and {context.interval} interval")
    ax.set_xlim(0, points[-1])
    ax.set_ylim(bottom=0)
    legend_above(ax, ncols=4, fontsize=10)
    return finish(ax, title=f"Response to {channel}", warning=context.warning, pad=30)
