"""What each channel returned next to what spend that cannot have worked would have been said to return."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mmm import schema
from mmm.validation.chart_style import INK, REFERENCE_COLOUR, write_warning

__all__ = ["plot_placebo"]

#: By prefix of the table's columns: label, colour, marker, opacity of the bar.
LOOKS = {
    "": ("real spend", REFERENCE_COLOUR, "o", 0.55),
    "placebo_": ("placebo: reordered spend", "#C4601D", "D", 0.45),
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
    if ax is None:
        _, ax = plt.subplots(figsize=(9.5, 1.7 + 0.85 * len(rows)), layout="constrained")
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
        ax.annotate(
            f"{share:.1%}  ({z:+.1f})", (1.01, position), xycoords=("axes fraction", "data"),
            va="center", fontsize=10, color=REFERENCE_COLOUR, annotation_clip=False,
        )  # fmt: skip
    ax.set_yticks(np.arange(len(rows)), list(rows[schema.CHANNEL]))
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(left=0)
    if name == schema.ROI:
        ax.axvline(1, color=REFERENCE_COLOUR, linewidth=1, linestyle="--", zorder=0)
    interval = f"{100 * schema.DEFAULT_PROB:g}% credible interval"
    ax.set_xlabel(f"{label}: median and {interval}", fontsize=11)
    ax.set_title(
        "What the model finds in spend that cannot have worked", loc="left", fontsize=13, fontweight="bold", pad=30
    )
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(shown), frameon=False, fontsize=11, borderaxespad=0.2,
        handletextpad=0.2,
    )  # fmt: skip
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=11)
    write_warning(ax, warning)
    return ax
