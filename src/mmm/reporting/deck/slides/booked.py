"""Where the return is booked, and what the outcome is made of."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from mmm import schema
from mmm.reporting.content import Contents, ReadableTable, readable
from mmm.reporting.deck.canvas import Canvas, numbered
from mmm.reporting.deck.charts import add_contributions as add_contributions_chart, add_ledger as add_ledger_chart
from mmm.reporting.deck.notes import notes_on
from mmm.reporting.deck.place import Area
from mmm.reporting.deck.tables import MOST_ROWS, table_height
from mmm.reporting.sentences import ledger_headline, media_headline
from mmm.reporting.tables import row_of

__all__ = ["add_contributions", "add_ledger"]

#: Share of the width that the chart has, and the distance to the table.
CHART, GAP = 0.48, 120_000

ON_MEANS = "Bars and points of this slide are means, so that the parts add up to the whole."


def add_ledger(canvas: Canvas, contents: Contents) -> None:
    """What landed in the window and what is still to come, as bars and with their intervals."""
    report, context, ledger = contents.report, contents.basis.context, contents.ledger
    title = ledger_headline(row_of(ledger, contents.everything), valuation=report.valuation, prob=report.prob)
    is_total = ledger[schema.CHANNEL] == schema.TOTAL
    rows = ledger[~is_total].sort_values("cohort_total", ascending=False)
    total = ledger[is_total] if len(rows) > 1 else ledger[:0]
    note = str(ledger.columns.name)
    room = canvas.layouts.area.upper(canvas.free_height - canvas.footnote_height(note))
    parts = _parts(rows, total, room)
    for i, part in enumerate(parts, start=1):
        notes = notes_on(contents, [*part[schema.CHANNEL], contents.everything], first=[ON_MEANS])
        slide, area = canvas.slide(numbered(title, i, len(parts)), notes=notes)
        left, right = canvas.footnote(slide, area, note).beside(CHART, gap=GAP)
        axis = f"{report.valuation.unit}, means"
        add_ledger_chart(slide, left, part, axis=axis, colours=context.colours, created=canvas.created)
        canvas.table(slide, right, _table(part, total))


def _parts(rows: pd.DataFrame, total: pd.DataFrame, room: Area) -> list[pd.DataFrame]:
    """Cut the channels into slides, on each of which there is room for their table."""
    _, right = room.beside(CHART, gap=GAP)
    for n_parts in range(-(-len(rows) // (MOST_ROWS - 1)), len(rows) + 1):
        length = -(-len(rows) // n_parts)
        parts = [rows.iloc[i : i + length] for i in range(0, len(rows), length)]
        if all(table_height(_table(part, total), right) <= right.height for part in parts):
            break
    return parts


def _table(part: pd.DataFrame, total: pd.DataFrame) -> ReadableTable:
    shown = readable(pd.concat([part, total]), [schema.CHANNEL, "cohort_total", "carry_out"])
    return replace(shown, headings=("channel", "whole return", "of it still to come"), note="")


def add_contributions(canvas: Canvas, contents: Contents) -> None:
    """Baseline and channels over time."""
    report, context = contents.report, contents.basis.context
    words = report.posterior.data.description
    share = row_of(contents.evidence, schema.TOTAL, quantity=schema.MEDIA_SHARE)
    title = media_headline(share, outcome=words.outcome, prob=report.prob)
    period = "quarter" if contents.is_by_quarter else context.period
    slide, area = canvas.slide(title, notes=notes_on(contents, [schema.TOTAL], first=[_on_share(contents)]))
    add_contributions_chart(
        slide,
        area,
        contents.charted_contributions,
        axis=f"{words.outcome} per {period} ({words.outcome_unit}), medians",
        colours=context.colours,
        by_quarter=contents.is_by_quarter,
        created=canvas.created,
    )


def _on_share(contents: Contents) -> str:
    dates, data = contents.report.dates, contents.report.posterior.data
    said = "The chart shows medians, which do not add up to the outcome exactly."
    if len(dates) < data.n_periods:
        said += (
            f" The share is that of all periods of the data, not only of {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}."
        )
    return said
