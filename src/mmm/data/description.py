"""What the user said about the data, kept beside the arrays."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["DataDescription", "Frequency", "TrackerUnit"]

Frequency = Literal["daily", "weekly", "monthly"]
TrackerUnit = Literal["share", "percent", "index"]


class DataDescription(BaseModel):
    """The words of the data: which column played which part, and in what units.

    Frozen, and safe to write to JSON and read back.

    Attributes
    ----------
    date, outcome : str
        Column names.
    spend : dict of str to str
        Column of money for each channel, in channel order.
    exposure : dict of str to str
        Column of impressions, GRPs or the like, for the channels that have one.
    controls : tuple of str
        Control columns, in order.
    geo, population : str or None
        Column names; None for national data.
    outcome_value, margin : float, str or None
        As given: a number, a column name, or nothing.
    outcome_unit : str
        What one unit of the outcome is: the currency if it is money.
    currency : str
        The currency of spend and of every money figure.
    outcome_is_money : bool
        Whether the outcome itself is money in ``currency``.
    frequency : {"daily", "weekly", "monthly"}
        The calendar found in the date column.
    tracker : str or None
        Name of the brand tracker; None without one.
    tracker_unit : {"share", "percent", "index"} or None
        Unit in which it came.

    Raises
    ------
    pydantic.ValidationError
        If a field is missing, unknown or of the wrong type.

    Examples
    --------
    >>> description = DataDescription(
    ...     date="week", outcome="revenue", spend={"tv": "tv_gbp"},
    ...     outcome_unit="GBP", currency="GBP", outcome_is_money=True, frequency="weekly",
    ... )
    >>> DataDescription.model_validate_json(description.model_dump_json()) == description
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: str
    outcome: str
    spend: dict[str, str]
    exposure: dict[str, str] = {}
    controls: tuple[str, ...] = ()
    geo: str | None = None
    population: str | None = None
    outcome_value: float | str | None = None
    margin: float | str | None = None
    outcome_unit: str
    currency: str
    outcome_is_money: bool
    frequency: Frequency
    # With defaults, so that descriptions stored before there were trackers still load.
    tracker: str | None = None
    tracker_unit: TrackerUnit | None = None
