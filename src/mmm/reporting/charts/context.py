"""What a chart of a report must know of the data to label itself."""

from __future__ import annotations

from dataclasses import dataclass

from mmm.charting import channel_colours
from mmm.data import MarketingData

__all__ = ["ChartContext"]


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
        return cls(
            colours=channel_colours(data.channels),
            unit=data.description.outcome_unit,
            currency=data.description.currency,
            roi_label=data.roi_label,
            period={"weekly": "week", "daily": "day", "monthly": "month"}[data.frequency],
            interval=f"{100 * prob:g}%",
            warning=warning,
        )
