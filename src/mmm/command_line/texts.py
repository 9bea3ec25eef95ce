"""What the commands print: the tables of the library as text, every number with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from mmm import schema
from mmm.errors import DataError
from mmm.words import chance, percent, with_interval

if TYPE_CHECKING:
    from mmm.data import MarketingData
    from mmm.model.spec import ModelSpec
    from mmm.refreshing import Refresh
    from mmm.reporting import Report

__all__ = ["aligned", "bullets", "decomposition_text", "refresh_text", "report_text", "roi_text", "spec_text"]

#: Restated numbers that are listed; of more the rest is counted.
LISTED = 20


def roi_text(report: Report) -> str:
    """Give the return of each channel within the horizon of its prior, with interval and prior reliance."""
    table = report.roi(horizon_weeks=report.posterior.spec.horizon_weeks)
    currency = report.posterior.data.description.currency
    name = schema.ROI if schema.ROI in table else schema.OUTCOME_PER_SPEND
    rows = [["channel", f"spend, {currency}", "return", "P(> 1)", "prior reliance"]]
    for row in table.to_dict("records"):
        found = with_interval(row[name], row[f"{name}_lower"], row[f"{name}_upper"], prob=None)
        paid = chance(row["prob_above_one"]) if "prob_above_one" in row else ""
        rows.append([row["channel"], f"{row['spend']:,.0f}", found, paid, percent(row["prior_reliance"])])
    horizon = f"within {report.posterior.spec.horizon_weeks:g} weeks"
    return f"Return {horizon}: {table.columns.name}\n{aligned(_without_empty_columns(rows))}"


def report_text(report: Report) -> str:
    """Give the verdict in words, and what limits it."""
    said = "\n\n".join(report.sentences())
    limits = report.warnings()
    return f"{said}\n\nWhat limits this answer:\n{bullets(limits)}" if limits else said


def refresh_text(refreshed: Refresh, *, prob: float) -> str:
    """Give what was restated, whether returns drifted, and whether the last forecast was right."""
    return "\n\n".join([_changes(refreshed), _drift(refreshed, prob), _forecast(refreshed)])


def decomposition_text(table: pd.DataFrame) -> str:
    """Give what each channel's movement is due to."""
    parts = list(schema.DECOMPOSITION_COLUMNS[1:])
    rows = [
        ["channel", *parts],
        *([row["channel"], *(f"{row[p]:+.3f}" for p in parts)] for row in table.to_dict("records")),
    ]
    return f"Why medians moved, part by part:\n{aligned(rows)}"


def spec_text(spec: ModelSpec, data: MarketingData) -> str:
    """Give what a resolved spec assumes of each channel and of the baseline."""
    prior = "prior of ROI" if data.has_money_value else f"prior of {data.roi_label}"
    rows = [["channel", f"{prior} (90%)", "saturation", "carry-over"]]
    for name, channel in spec.channels.items():
        assert channel.roi_prior is not None  # a resolved spec leaves nothing unsaid
        stated = with_interval(channel.roi_prior.median, *channel.roi_prior.interval(0.9), prob=None)
        rows.append([name, stated, channel.saturation.kind, channel.carryover.kind])
    trend = spec.trend
    level = "no random walk" if trend.walk is None else "random walk" if trend.smooth_weeks is None else "smooth path"
    baseline = [
        "linear trend" if trend.linear else "no linear trend",
        level,
        f"{spec.seasonality.yearly} yearly pairs",
        f"holidays of {spec.holidays}" if spec.holidays else "no holidays",
        *([f"tracker {data.description.tracker}"] if spec.tracker else []),
    ]
    return (
        f"Channels, with the prior at {spec.horizon_weeks:g} weeks:\n{aligned(rows)}\nBaseline: {', '.join(baseline)}."
    )


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Write rows under one another.

    Examples
    --------
    >>> print(aligned([["channel", "return"], ["tv", "1.1 (0.7 to 1.6)"]]))
      channel  return
      tv       1.1 (0.7 to 1.6)
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def bullets(lines: Iterable[str]) -> str:
    """Write lines as a list."""
    return "\n".join(f"- {line}" for line in lines)


def _changes(refreshed: Refresh) -> str:
    said = f"What is another since the last fit:\n{bullets(refreshed.notes)}"
    table = refreshed.restatements().query("what == 'changed'")
    if table.empty:
        return said
    rows = [["restated", "period", "was", "is"]]
    for row in table.head(LISTED).to_dict("records"):
        name = row["name"] if row["name"] == row["variable"] else f"{row['variable']} {row['name']}"
        rows.append([name, f"{row['date']:%Y-%m-%d}", f"{row['old']:,.10g}", f"{row['new']:,.10g}"])
    more = [f"  and {len(table) - LISTED} more"] * (len(table) > LISTED)
    return "\n".join([said, aligned(rows), *more])


def _drift(refreshed: Refresh, prob: float) -> str:
    rows = [["channel", "last fit", "this fit", "z", "flag"]]
    for row in refreshed.drift(prob=prob).to_dict("records"):
        old, new = (
            with_interval(row[side], row[f"{side}_lower"], row[f"{side}_upper"], prob=None) for side in ("old", "new")
        )
        rows.append([row["channel"], old, new, f"{row['z']:+.1f}", row["flag"]])
    spec, data = refreshed.posterior.spec, refreshed.posterior.data
    about = f"{data.roi_label} within {spec.horizon_weeks:g} weeks of the spend that both fits saw"
    return f"Drift: {about}; {schema.interval_header(prob)}\n{aligned(rows)}"


def _forecast(refreshed: Refresh) -> str:
    try:
        check = refreshed.forecast_check()
    except DataError as error:
        return f"Forecast check: none, since {error.what}."
    rows = [["channel", "expected", "times as much came", "power", "flag"]]
    for row in check.by_channel().to_dict("records"):
        times = with_interval(row["times"], row["times_lower"], row["times_upper"], prob=None)
        rows.append([row["channel"], _amount(row["expected"]), times, chance(row["power"]), row["flag"]])
    about = f"By channel, in {check.unit} of the new periods; 90% intervals; power to see that a channel brings half:"
    verdict, *channels = check.sentences()
    said = [f"Forecast check: {verdict}", *map("- {}".format, (*check.notes, *channels))]
    return "\n".join([*said, about, aligned(rows)])


def _amount(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _without_empty_columns(rows: list[list[str]]) -> list[list[str]]:
    kept = [i for i in range(len(rows[0])) if any(row[i] for row in rows[1:])]
    return [[row[i] for i in kept] for row in rows]
