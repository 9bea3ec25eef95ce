"""What each channel returned next to what spend that cannot have worked would have been said to return."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm import schema
from mmm.charting import (
    COMPARED_COLOUR,
    INK,
    TOTAL_COLOUR,
    axes_of,
    finish,
    legend_above,
    name_axis,
    write_beside,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_placebo"]

#: By prefix of the table's columns: label, colour, marker, opacity of the bar.
LOOKS = {
    "": ("real spend", TOTAL_COLOUR, "o", 0.55),
    "placebo_": ("placebo: reordered spend", COMPARED_COLOUR, "D", 0.45),
    "prior_": ("prior", INK, "|", 0.25),
}

#: Between the bars of a channel, where channels are 1 apart.
STEP = 0.24


def plot_placebo(table: pd.DataFrame, *, name: str, label: str, warning: str = "", ax: Axes | None = None) -> Axes:
    """Draw the table: channels from top to bottom, in each the real return, the placebo's and the prior's.

    Parameters
    ----------
    table : DataFrame
        From :meth:`mmm.validation.Placebo.table`.
    name : str
        Column of the return.
    label : str
        What the return is called.
    warning : str
        Of fits that failed their checks.
    ax : Axes, optional
    """
    rows = table.iloc[::-1]
    ax = axes_of(ax, width=9.5, height=1.7 + 0.85 * len(rows))
    shown = [prefix for prefix in LOOKS if rows[f"{prefix}{name}"].notna().any()]
    for place, prefix in enumerate(shown):
        said, colour, marker, opacity = LOOKS[prefix]
        at = np.arange(len(rows)) + STEP * ((len(shown) - 1) / 2 - place)
        median, lower, upper = (rows[f"{prefix}{name}{end}"] for end in ("", "_lower", "_upper"))
        ax.hlines(at, lower, upper, color=colour, linewidth=5, alpha=opacity)
        ax.scatter(median, at, color=colour, marker=marker, s=56, zorder=3, label=said)
    ax.annotate(
        "placebos as strong\n(lead: z)", (1.01, 1.0), xycoords="axes fraction", va="bottom", fontsize=9, color=INK
    )
    for position, (share, z) in enumerate(rows[["share_of_placebos_as_strong", "lead_z"]].to_numpy()):
        write_beside(ax, position, f"{share:.1%}  ({z:+.1f})")
    name_axis(ax, rows[schema.CHANNEL], at=range(len(rows)))
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(left=0)
    if name == schema.ROI:
        ax.axvline(1, color=TOTAL_COLOUR, linewidth=1, linestyle="--", zorder=0)
    interval = f"{100 * schema.DEFAULT_PROB:g}% credible interval"
    ax.set_xlabel(f"{label}: median and {interval}")
    legend_above(ax, ncols=len(shown))
    return finish(ax, title="What the model finds in spend that cannot have worked", warning=warning, pad=30)
