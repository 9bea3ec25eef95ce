"""What all charts share: colours that a channel keeps, numbers that read on a slide, and a place for warnings.

Matplotlib is imported here alone, and only when something is drawn: tables do not need it, and it takes a while.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmm.data import MarketingData

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.ticker import EngFormatter

__all__ = [
    "BASELINE_COLOUR",
    "PRIOR_COLOUR",
    "SUBTITLE",
    "TOTAL_COLOUR",
    "ChartContext",
    "amount",
    "axes_of",
    "date_axis",
    "decimals_of",
    "finish",
    "percent_axis",
    "short_number",
    "week_axis",
]

#: Okabe and Ito (2008), told apart by colour-blind readers; then darker and lighter companions for more channels.
CHANNEL_COLOURS = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#7A6A00", "#5B3A8C",
    "#8C510A", "#01665E", "#B2182B", "#92C5DE", "#F4A582", "#4D9221", "#C51B7D", "#35978F",
)  # fmt: skip
BASELINE_COLOUR = "#C9CDD2"
TOTAL_COLOUR = "#1F2933"
PRIOR_COLOUR = "#B8BEC6"
WARNING_COLOUR = "#B00020"

#: Marks the text under a title, for documents that set title and subtitle themselves.
SUBTITLE = "subtitle"


@dataclass(frozen=True)
class ChartContext:
    """What a chart must know of the data to label itself.

    Attributes
    ----------
    colours : dict of str
        By channel: its place in the data decides, so that it is the same in every chart.
    unit : str
        Of the outcome.
    currency : str
    roi_label : str
    period : str
        "week", "day" or "month".
    interval : str
        Such as "90%".
    warning : str
        Empty for a sound fit.
    """

    colours: dict[str, str]
    unit: str
    currency: str
    roi_label: str
    period: str
    interval: str
    warning: str

    @classmethod
    def of(cls, data: MarketingData, *, prob: float, warning: str) -> ChartContext:
        """Read it off the data."""
        palette = {name: CHANNEL_COLOURS[i % len(CHANNEL_COLOURS)] for i, name in enumerate(data.channels)}
        return cls(
            colours=palette,
            unit=data.description.outcome_unit,
            currency=data.description.currency,
            roi_label=data.roi_label,
            period={"weekly": "week", "daily": "day", "monthly": "month"}[data.frequency],
            interval=f"{100 * prob:g}%",
            warning=warning,
        )


def axes_of(ax: Axes | None, *, width: float = 9.0, height: float = 5.0) -> Axes:
    """Give the Axes to draw on: the caller's, or those of a new figure."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    _, new = plt.subplots(figsize=(width, height), layout="constrained")
    return new


def finish(ax: Axes, *, title: str, context: ChartContext, pad: float = 12) -> Axes:
    """Title, quiet frame, and the warning of a fit that failed, where it cannot be cropped away.

    ``pad`` is the distance to the title in points: 34 leaves room for a legend in one row, 52 in two.
    """
    ax.set_title(title, loc="left", fontsize=13, fontweight="bold", pad=pad)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=11)
    ax.xaxis.label.set_fontsize(11)
    ax.yaxis.label.set_fontsize(11)
    if context.warning:
        ax.text(
            0.5, 0.5, "\n".join(textwrap.wrap(context.warning, 60)), transform=ax.transAxes, ha="center", va="center",
            color=WARNING_COLOUR, fontsize=11, fontweight="bold", zorder=10,
            bbox={"facecolor": "white", "edgecolor": WARNING_COLOUR, "alpha": 0.9},
        )  # fmt: skip
    return ax


def date_axis(ax: Axes) -> None:
    """Few date labels, each as short as it can be."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(maxticks=9)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def decimals_of(number: float) -> int:
    """Decimals that show two digits of a small number; two for all that are not.

    Examples
    --------
    >>> decimals_of(1.234), decimals_of(0.00042)
    (2, 5)
    """
    return 2 if not number or not np.isfinite(number) else max(2, 1 - int(np.floor(np.log10(abs(number)))))


def short_number() -> EngFormatter:
    """Tick labels such as 1.5 M."""
    from matplotlib.ticker import EngFormatter

    return EngFormatter(sep=" ")


def amount(value: float) -> str:
    """Two digits of an amount, or the three before the point.

    Examples
    --------
    >>> amount(8_572_544), amount(787_941), amount(20.4)
    ('8.6 M', '788 k', '20')
    """
    from matplotlib.ticker import EngFormatter

    rounded = float(f"{value:.2g}") if value else 0.0
    mantissa = abs(rounded) / 1000 ** (np.floor(np.log10(abs(rounded)) / 3)) if rounded else 0.0
    return EngFormatter(sep=" ", places=1 if 0 < mantissa < 10 else 0)(value).strip()


def percent_axis(ax: Axes) -> None:
    """Whole percent on the vertical axis."""
    from matplotlib.ticker import PercentFormatter

    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def week_axis(ax: Axes, *, last: float) -> None:
    """Horizontal axis of weeks since the spend, labelled in quarters where there are enough of them."""
    ax.set_xlim(0, last)
    step = next(step for step in (2, 13, 26, 52) if last <= 13 * step)
    ax.set_xticks(range(0, int(last) + 1, step))
