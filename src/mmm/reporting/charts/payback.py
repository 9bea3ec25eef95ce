"""When the money is back: return by horizon against break-even, and how a response lands over the weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from mmm import schema
from mmm.charting import PRIOR_COLOUR, PRIOR_INK, SUBTITLE, TOTAL_COLOUR, axes_of, finish, percent_axis, week_axis
from mmm.reporting.charts.context import ChartContext

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["FAN_WEEKS", "plot_carryover", "plot_payback"]

#: Weeks since the spend that charts look ahead.
FAN_WEEKS = 156

#: Weeks at which the share that has landed is written, for effects of weeks (False) and of quarters (True).
LABELLED_WEEKS = {False: (1, 2, 4, 8), True: (13, 26, 52, 104)}

#: Curves are drawn until their median has come so far of its way.
NEARLY_ALL = 0.98


def plot_payback(
    roi: xr.DataArray,
    row: pd.Series,
    *,
    seen_weeks: float,
    words: str,
    prob: float,
    context: ChartContext,
    ax: Axes | None = None,
) -> Axes:
    """Draw ROI by horizon as a fan, with the week at which it reaches break-even.

    Parameters
    ----------
    roi : DataArray, dims (chain, draw, horizon_weeks)
        Of one channel, or of all together.
    row : Series
        Of :meth:`mmm.Report.payback`, of the same channel.
    seen_weeks : float
        Horizon beyond which most of the return lies after the data.
    words : str
        Payback in a sentence.
    prob : float
        Of the outer band; the inner one holds 50%.
    context : ChartContext
    ax : Axes, optional
    """
    ax = axes_of(ax, width=10.5, height=5.6)
    channel = row[schema.CHANNEL]
    colour = context.colours.get(channel, TOTAL_COLOUR)
    enough = _quarters_until(roi, at_least=float(row["payback_upper"]))
    weeks, edges = _from_zero(
        roi.sel({schema.HORIZON: roi[schema.HORIZON] <= enough}), [(1 - prob) / 2, 0.25, 0.5, 0.75, (1 + prob) / 2]
    )
    lower, first, median, third, upper = edges
    last = float(weeks[-1])
    known = weeks <= max(seen_weeks, float(weeks[1]))
    later = weeks >= weeks[known][-1]
    for part, strength in ((known, 1.0), (later, 0.5)):
        ax.fill_between(weeks[part], lower[part], upper[part], color=colour, alpha=0.2 * strength, linewidth=0)
        ax.fill_between(weeks[part], first[part], third[part], color=colour, alpha=0.35 * strength, linewidth=0)
    ax.plot(weeks[known], median[known], color=colour, linewidth=2.6, label="median")
    ax.plot(weeks[later], median[later], color=colour, linewidth=2.0, linestyle=(0, (4, 2)))
    ax.axhline(1, color=TOTAL_COLOUR, linewidth=1, linestyle="--")
    _mark_payback(ax, row, last=last)
    top = 1.06 * max(1.3, float(upper[-1]))
    ax.set_ylim(0, top)
    ax.annotate("break-even", (last, 1), xytext=(12, 0), textcoords="offset points", va="center", fontsize=11,
                annotation_clip=False)  # fmt: skip
    subtitle = ax.text(0, 1.025, words.replace("; ", ";\n"), transform=ax.transAxes, fontsize=11, linespacing=1.35,
                       gid=SUBTITLE)  # fmt: skip
    subtitle.set_in_layout(False)  # a narrow chart keeps its width, and the sentence runs on
    if later.sum() > 1:
        start = float(weeks[known][-1])
        ax.axvline(start, color=TOTAL_COLOUR, linewidth=0.8, linestyle=":", alpha=0.6)
        roomy = last - start > 0.25 * last
        ax.annotate(
            "beyond this line a forecast:\nmost of the spend is younger", (start, 0), xytext=(5 if roomy else -5, 5),
            textcoords="offset points", ha="left" if roomy else "right", va="bottom", fontsize=10, color=TOTAL_COLOUR,
        )  # fmt: skip
    week_axis(ax, last=last)
    ax.set_xlabel(f"weeks since the spend; bands hold 50% and {context.interval}")
    ax.set_ylabel(context.roi_label)
    who = "all channels" if channel == schema.TOTAL else channel
    return finish(ax, title=f"When the money spent on {who} is back", warning=context.warning, pad=50)


def plot_carryover(
    after: xr.DataArray,
    before: xr.DataArray,
    *,
    channel: str,
    prob: float,
    context: ChartContext,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of the effect that has landed by week, with what was assumed of it in grey.

    Parameters
    ----------
    after, before : DataArray, dims (chain, draw, horizon_weeks)
        Share landed within each horizon, of the posterior and of the prior.
    channel : str
    prob : float
        Of the outer band; the inner one holds 50%.
    context : ChartContext
    ax : Axes, optional
    """
    ax = axes_of(ax, width=10.5, height=5.2)
    colour = context.colours[channel]
    enough = _quarters_until(after)
    after, before = (side.sel({schema.HORIZON: side[schema.HORIZON] <= enough}) for side in (after, before))
    edges = [(1 - prob) / 2, 0.25, 0.5, 0.75, (1 + prob) / 2]
    weeks, (lower, first, median, third, upper) = _from_zero(after, edges)
    _, (assumed_low, _, assumed, _, assumed_high) = _from_zero(before, edges)
    ax.fill_between(weeks, lower, upper, color=colour, alpha=0.2, linewidth=0)
    ax.fill_between(weeks, first, third, color=colour, alpha=0.35, linewidth=0)
    ax.plot(weeks, median, color=colour, linewidth=2.6, label=f"median, with bands of 50% and {context.interval}")
    ax.plot(weeks, assumed, color=PRIOR_INK, linewidth=2, label=f"prior median, dashed: its {context.interval}")
    for edge in (assumed_low, assumed_high):
        ax.plot(weeks, edge, color=PRIOR_COLOUR, linewidth=1.2, linestyle=(0, (4, 2)))
    for week in LABELLED_WEEKS[enough > LABELLED_WEEKS[True][0]]:
        at = int(np.argmin(np.abs(weeks - week)))
        if abs(weeks[at] - week) > weeks[1] / 2 or week >= enough:  # no such period; beyond, it would not fit
            continue
        ax.plot(weeks[at], median[at], "o", color=colour, markersize=7, zorder=4)
        ax.annotate(
            f"{median[at]:.0%} by week {week}\n({lower[at]:.0%} to {upper[at]:.0%})", (weeks[at], median[at]),
            xytext=(10, -8), textcoords="offset points", va="top", fontsize=11, zorder=5,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.6, "pad": 1},
        )  # fmt: skip
    week_axis(ax, last=float(weeks[-1]))
    ax.set_ylim(0, 1.02)
    percent_axis(ax)
    ax.set_xlabel("weeks since the spend")
    ax.set_ylabel("share of the effect that has landed")
    ax.legend(loc="lower right", fontsize=10, frameon=False)
    return finish(ax, title=f"How long the effect of {channel} takes to land", warning=context.warning)


def _mark_payback(ax: Axes, row: pd.Series, *, last: float) -> None:
    """Draw the interval of the payback week on the break-even line, open where it goes beyond the chart."""
    lower, median, upper = (float(row[name]) for name in ("payback_lower", "payback_weeks", "payback_upper"))
    if lower < last:
        ax.hlines(1, lower, min(upper, last), color=TOTAL_COLOUR, linewidth=5, alpha=0.55, zorder=4)
    if lower < last < upper:
        ax.plot(last, 1, ">", color=TOTAL_COLOUR, markersize=10, clip_on=False, zorder=5)
    if median <= last:
        ax.plot(median, 1, "o", color=TOTAL_COLOUR, markersize=10, markeredgecolor="white", zorder=6)


def _from_zero(draws: xr.DataArray, edges: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Weeks and quantiles (edge, week), beginning with nothing at the spend itself."""
    quantiles = draws.quantile(edges, dim=(schema.CHAIN, schema.DRAW)).values
    return np.append(0.0, draws[schema.HORIZON].values), np.pad(quantiles, ((0, 0), (1, 0)))


def _quarters_until(growing: xr.DataArray, *, at_least: float = 0.0) -> float:
    """Weeks, in whole quarters, until nearly all that will be is there by the median, or all weeks that there are.

    Where it is known that something happens at ``at_least`` weeks, they are shown as well.
    """
    median = growing.median((schema.CHAIN, schema.DRAW)).values
    weeks = growing[schema.HORIZON].values
    first = weeks[np.argmax(median >= NEARLY_ALL * median[-1])]
    if at_least <= weeks[-1]:
        first = max(first, at_least)
    return float(min(13 * np.ceil(first / 13), weeks[-1]))
