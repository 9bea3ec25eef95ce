"""What every chart of the library is drawn with: colours, numbers, axes, legends, warnings."""

from mmm.charting.colours import (
    BASELINE_COLOUR,
    CHANNEL_COLOURS,
    COMPARED_COLOUR,
    INK,
    MISSED_COLOUR,
    MODEL_COLOUR,
    PRIOR_COLOUR,
    PRIOR_INK,
    TOTAL_COLOUR,
    WARNING_COLOUR,
    channel_colours,
)
from mmm.charting.numbers import amount, decimals_of, short_number, with_ends
from mmm.charting.panels import panels
from mmm.charting.style import (
    SUBTITLE,
    axes_of,
    date_axis,
    finish,
    legend_above,
    name_axis,
    percent_axis,
    week_axis,
    write_beside,
    write_warning,
)

__all__ = [
    "BASELINE_COLOUR",
    "CHANNEL_COLOURS",
    "COMPARED_COLOUR",
    "INK",
    "MISSED_COLOUR",
    "MODEL_COLOUR",
    "PRIOR_COLOUR",
    "PRIOR_INK",
    "SUBTITLE",
    "TOTAL_COLOUR",
    "WARNING_COLOUR",
    "amount",
    "axes_of",
    "channel_colours",
    "date_axis",
    "decimals_of",
    "finish",
    "legend_above",
    "name_axis",
    "panels",
    "percent_axis",
    "short_number",
    "week_axis",
    "with_ends",
    "write_beside",
    "write_warning",
]
