"""When the money comes back, and what the customers it won are worth."""

from __future__ import annotations

from mmm import schema
from mmm.reporting.content import Contents, readable
from mmm.reporting.deck.canvas import Canvas
from mmm.reporting.deck.charts import add_payback as add_payback_chart
from mmm.reporting.deck.notes import notes_on
from mmm.reporting.deck.slides.pages import add_table_slides
from mmm.reporting.sentences import customers_headline, payback_headline, payback_words
from mmm.reporting.tables import row_of

__all__ = ["add_customers", "add_payback"]

COLUMNS = [schema.CHANNEL, "payback_weeks", "prob_13w", "prob_52w", "prob_104w", "prob_never", "npv"]


def add_payback(canvas: Canvas, contents: Contents) -> None:
    """Payback of every channel, ROI by weeks for all together, and for each brand channel."""
    payback, report = contents.payback, contents.report
    if payback is None:
        return
    everything, brand = contents.everything, report.posterior.spec.brand
    rows = payback if everything == schema.TOTAL else payback[payback[schema.CHANNEL] == everything]
    table = readable(rows.rename_axis(columns=str(payback.columns.name)), COLUMNS)
    title = payback_headline(row_of(payback, everything), prob=report.prob)
    add_table_slides(canvas, contents, title, table)
    for name in dict.fromkeys([everything, *brand]):
        if row_of(contents.roi, name, horizon_weeks=contents.horizon)[schema.SPEND] > 0:
            _chart_slide(canvas, contents, name)


def add_customers(canvas: Canvas, contents: Contents) -> None:
    """Lifetime value against cost, where a customer value was given."""
    found = contents.ltv_cac
    if found is None:
        return
    title = customers_headline(row_of(found, contents.everything), prob=contents.report.prob)
    columns = [schema.CHANNEL, "acquisition_cost", "incremental_customers", "cac", "ltv", "ltv_cac", "prob_above_three"]
    add_table_slides(canvas, contents, title, readable(found, columns))


def _chart_slide(canvas: Canvas, contents: Contents, channel: str) -> None:
    assert contents.payback is not None
    title = payback_headline(row_of(contents.payback, channel), prob=contents.report.prob)
    slide, area = canvas.slide(title, notes=notes_on(contents, [channel]))
    report, context = contents.report, contents.basis.context
    words = payback_words(row_of(contents.payback, channel), valuation=report.valuation, prob=report.prob)
    seen = contents.basis.seen_weeks(channel)
    later = f" Beyond {seen:.0f} weeks it is mostly a forecast: more than half of the spend is younger."
    area = canvas.footnote(slide, area, f"{words}{later}")
    add_payback_chart(
        slide,
        area,
        contents.roi_by_week(channel),
        axis=context.roi_label,
        interval=context.interval,
        colour=context.colours.get(channel),
        created=canvas.created,
    )
