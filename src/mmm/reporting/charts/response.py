"""Response curves: what steady spend brings, and where that was never tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmm import schema
from mmm.charting import INK, TOTAL_COLOUR, axes_of, finish, legend_above, panels, short_number
from mmm.posterior import Draws
from mmm.reporting.charts.context import ChartContext

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_response", "plot_responses"]

N_POINTS = 121

#: Today, in words.
TODAY = "mean of the last 13 weeks"


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
    _draw_curve(ax, draws, channel, prob=prob, context=context)
    ax.set_xlabel(f"{channel} per {context.period} ({_kind(draws, channel, context)}), kept up")
    ax.set_ylabel(f"{context.unit} per {context.period}: median and {context.interval} interval")
    legend_above(ax, ncols=4, fontsize=10)
    return finish(ax, title=f"Response to {channel}", warning=context.warning, pad=30)


def plot_responses(draws: Draws, *, prob: float, context: ChartContext, ax: Axes | None = None) -> Axes:
    """Draw the response curves of all channels side by side, each on axes of its own.

    Parameters
    ----------
    draws : Draws
    prob : float
    context : ChartContext
    ax : Axes, optional
    """
    from matplotlib.lines import Line2D

    channels = list(context.colours)
    kinds = [_kind(draws, name, context) for name in channels]
    alike = len(set(kinds)) == 1
    titles = [name if alike else f"{name} ({kind})" for name, kind in zip(channels, kinds, strict=True)]
    outer, small = panels(ax, titles, across=3)
    for panel, name in zip(small, channels, strict=True):
        _draw_curve(panel, draws, name, prob=prob, context=context)
    outer.set_xlabel(f"{kinds[0] if alike else 'spend or exposure'} per {context.period}, kept up")
    outer.set_ylabel(f"{context.unit} per {context.period}: median and {context.interval} interval")
    handles = [
        Line2D([], [], color=INK, linewidth=2.6, label="within what was tried"),
        Line2D([], [], color=INK, linewidth=1.6, linestyle="--", label="never tried"),
        Line2D([], [], color=TOTAL_COLOUR, linewidth=1, linestyle=":", marker="o", markersize=6, label=TODAY),
    ]
    legend_above(outer, handles=handles, ncols=3)
    return finish(outer, title="Response of the outcome to each channel", warning=context.warning, pad=32)


def _kind(draws: Draws, channel: str, context: ChartContext) -> str:
    """What drives a channel, with its unit."""
    return draws.data.description.exposure.get(channel, f"spend, {context.currency}")


def _draw_curve(ax: Axes, draws: Draws, channel: str, *, prob: float, context: ChartContext) -> None:
    """One channel: solid within what was tried, dashed beyond, and where it stands today."""
    driver = draws.data.dataset[schema.DRIVER].sel({schema.CHANNEL: channel}).values[0]
    mean = draws.scales.drivers[channel]
    points = np.linspace(0, 1.5 * driver.max(), N_POINTS)
    latest = float(driver[-max(1, round(13 / draws.data.weeks_per_period)) :].mean())
    edges = [(1 - prob) / 2, 0.5, (1 + prob) / 2]
    at = np.append(points, latest) / mean
    lower, median, upper = np.quantile(draws.curve(channel, at), edges, axis=(0, 1))
    *_, today = median
    lower, median, upper = lower[:-1], median[:-1], upper[:-1]
    colour = context.colours[channel]
    tried = (points >= driver.min()) & (points <= driver.max())
    ax.fill_between(points, lower, upper, color=colour, alpha=0.12, linewidth=0)
    ax.fill_between(points, lower, upper, where=tried.tolist(), color=colour, alpha=0.18, linewidth=0)
    ax.plot(points, median, color=colour, linewidth=1.6, linestyle="--", label="never tried")
    ax.plot(points[tried], median[tried], color=colour, linewidth=2.6, label="within what was tried")
    ax.axvline(latest, color=TOTAL_COLOUR, linewidth=1, linestyle=":", label=TODAY)
    ax.plot(
        driver, np.zeros_like(driver), "|", color=TOTAL_COLOUR, markersize=9, alpha=0.5, label=f"one {context.period}"
    )
    ax.plot(latest, today, "o", color=TOTAL_COLOUR, markersize=8, markeredgecolor="white", zorder=4)
    ax.xaxis.set_major_formatter(short_number())
    ax.yaxis.set_major_formatter(short_number())
    ax.set_xlim(0, points[-1])
    ax.set_ylim(bottom=0)
