"""What the deck is about, the answer on one slide, and the same as a chart."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from mmm import schema
from mmm.reporting.content import Contents, ReadableTable, readable
from mmm.reporting.deck.canvas import Canvas, numbered
from mmm.reporting.deck.charts import add_roi
from mmm.reporting.deck.notes import notes_on
from mmm.reporting.deck.slides.pages import add_table_slides
from mmm.reporting.deck.tables import MOST_ROWS, joined
from mmm.reporting.sentences import roi_headline
from mmm.reporting.tables import row_of

__all__ = ["add_answer", "add_opening", "add_roi_chart"]

#: A quarter and a year, beside the horizon of the ROI priors.
SHORT_HORIZONS = (13, 52)

RELIANCE = "Prior reliance: 100% means that the data said nothing."


def add_opening(canvas: Canvas, contents: Contents) -> None:
    """Outcome, window, date of the data and the interval."""
    report = contents.report
    data, dates = report.posterior.data, report.dates
    lines = [
        f"Spend of {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}, in {data.description.currency}",
        f"Data to {data.dates[-1]:%Y-%m-%d}, {data.n_periods} {data.frequency} periods; "
        f"fitted {pd.Timestamp(report.posterior.provenance.created):%Y-%m-%d}",
        f"Returns as {report.valuation.label}",
        f"Every interval: {schema.interval_header(report.prob).removesuffix('s')}",
    ]
    title = f"What media returned: {data.description.outcome}"
    canvas.opening(title, lines, notes=notes_on(contents, [contents.everything]))


def add_answer(canvas: Canvas, contents: Contents) -> None:
    """The return of every channel within a quarter, a year and the horizon of the priors."""
    report = contents.report
    title = roi_headline(_answer(contents), valuation=report.valuation, prob=report.prob)
    table = _answer_table(contents)
    said = contents.paragraphs[contents.everything]
    add_table_slides(canvas, contents, title, replace(table, note=f"{table.note}. {RELIANCE}"), below=said)


def add_roi_chart(canvas: Canvas, contents: Contents) -> None:
    """Median and interval of every channel against break-even, the largest spend first."""
    report, context = contents.report, contents.basis.context
    name = schema.ROI if report.valuation.is_money else schema.OUTCOME_PER_SPEND
    rows = contents.roi[contents.roi[schema.HORIZON] == contents.horizon].dropna(subset=name)
    if rows.empty:  # nothing was spent
        return
    total = rows[schema.CHANNEL] == schema.TOTAL
    rows = pd.concat([rows[~total].sort_values(schema.SPEND, ascending=False), rows[total]])
    title = roi_headline(rows.iloc[0], valuation=report.valuation, prob=report.prob, known_as="the largest spend")
    axis = f"{context.roi_label} and {context.interval} interval"
    note = f"Within {contents.horizon:g} weeks: medians, and {schema.interval_header(report.prob)}; by spend."
    n_pages = -(-len(rows) // MOST_ROWS)
    length = -(-len(rows) // n_pages)
    top = max(float(rows[f"{name}_upper"].max()), 1.0 if name == schema.ROI else 0.0)
    for i in range(n_pages):
        part = rows.iloc[i * length : (i + 1) * length]
        slide, area = canvas.slide(numbered(title, i + 1, n_pages), notes=notes_on(contents, part[schema.CHANNEL]))
        area = canvas.footnote(slide, area, note)
        add_roi(
            slide,
            area,
            part,
            name=name,
            axis=axis,
            top=top,
            colours=context.colours,
            created=canvas.created,
        )


def _answer(contents: Contents) -> pd.Series:
    return row_of(contents.roi, contents.everything, horizon_weeks=contents.horizon)


def _answer_table(contents: Contents) -> ReadableTable:
    name = schema.ROI if contents.report.valuation.is_money else schema.OUTCOME_PER_SPEND
    what = "ROI" if name == schema.ROI else contents.report.valuation.label
    table = contents.roi
    if len(contents.channels) == 1:
        table = table[table[schema.CHANNEL] != schema.TOTAL].rename_axis(columns=str(table.columns.name))
    at = {weeks: table[table[schema.HORIZON] == weeks] for weeks in sorted({*SHORT_HORIZONS, contents.horizon})}
    last = at[contents.horizon]
    parts = [readable(last, [schema.CHANNEL, schema.SPEND])]
    for weeks, rows in at.items():
        if weeks <= contents.horizon:
            parts.append(replace(readable(rows, [name]), headings=(f"{what} within {weeks:g} weeks",)))
    chances = ["prob_above_one"] if name == schema.ROI else []
    return joined(*parts, readable(last, [*chances, "prior_reliance"]))
