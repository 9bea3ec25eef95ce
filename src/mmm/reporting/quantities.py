"""What people call the quantities of :meth:`mmm.Report.evidence`: one owner for charts and documents."""

from __future__ import annotations

from mmm import schema

__all__ = ["quantity_name"]

_NAMES = {
    schema.ROI: "ROI",
    schema.OUTCOME_PER_SPEND: "Outcome per unit of spend",
    schema.HALF_LIFE: "Half-life of the carry-over (weeks)",
    schema.FAST_HALF_LIFE: "Half-life of the fast part (weeks)",
    schema.SLOW_SHARE: "Share of the effect that lands slowly",
    schema.SLOW_HALF_LIFE: "Half-life of the slow part (weeks)",
    schema.LONG_RUN_MULTIPLIER: "Long-run multiplier",
    schema.BASELINE_CORRELATION: "Correlation of slow stock and baseline",
    schema.PEAK: "Weeks from spend to the strongest week",
    schema.LEVEL: "Saturation level at mean spend",
    schema.SLOPE: "Slope of the saturation curve",
    schema.EXPONENT: "Elasticity",
    schema.RETENTION: "Retention",
    schema.SHAPE: "Shape of the carry-over",
    schema.CARRY_IN_LEVEL: "Spend before the data (1 = mean spend)",
    schema.SIGMA: "Noise of a period (share of the mean outcome)",
    schema.TAU: "Weekly step of the baseline (share of the mean outcome)",
    schema.MEDIA_SHARE: "Share of the outcome that media bring",
    schema.TRACKER_LOADING: "What media build in the tracker",
    schema.TRACKER_STRETCH: "Half-life in the tracker over the slow half-life",
    schema.TRACKER_TAU: "Weekly step of the tracker",
    schema.TRACKER_SIGMA: "Error of the tracker",
    schema.VALUE_PER_POINT: "Outcome per point of the tracker",
}


def quantity_name(quantity: str) -> str:
    """Name of a quantity in words.

    Examples
    --------
    >>> quantity_name("slow_share"), quantity_name("something_new")
    ('Share of the effect that lands slowly', 'Something new')
    """
    return _NAMES.get(quantity, quantity.replace("_", " ").capitalize())
