"""Which periods' spend is judged, as rows of the data."""

from __future__ import annotations

import pandas as pd

__all__ = ["Window", "window_rows"]

#: First row, and the one after the last.
Window = tuple[int, int]


def window_rows(dates: pd.DatetimeIndex, first: pd.Timestamp, last: pd.Timestamp) -> Window:
    """Rows of the periods that begin within ``[first, last]``."""
    start, stop = int(dates.searchsorted(first, side="left")), int(dates.searchsorted(last, side="right"))
    return start, stop
