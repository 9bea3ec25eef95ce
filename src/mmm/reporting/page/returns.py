"""What each channel returned, within which time, and when the money is back."""

from __future__ import annotations

from functools import partial

import pandas as pd

from mmm import schema
from mmm.reporting import sentences
from mmm.reporting.content import ReadableTable, readable
from mmm.reporting.page.blocks import Block, Chapter, Figure, Heading, Prose, Table
from mmm.reporting.page.pictures import picture
from mmm.reporting.page.subject import Subject, medians_in_words, note_of, table_of
from mmm.reporting.tables import row_of
from mmm.words import upper

__all__ = ["payback_chapter", "roi_chapter"]

#: Channels up to which a chart has room for every horizon.
FEW_CHANNELS = 8

RELIANCE = (
    "Prior reliance is the spread that the data left over the spread that was assumed: at 100% the data said nothing, "
    "at 50% they halved what was not known. A channel with a high prior reliance has the return that was assumed of it."
)

NO_MONEY = (
    "The outcome has no money value, so that nothing can be paid back in it. State outcome_value= in the data, or "
    "economics=mmm.Economics(customer_value=...) in the report."
)

LEDGER = (
    "Carry in: what landed in the window from spend before it. The whole return of the window's spend is what landed "
    "in the window plus what lands after it (carry out)."
)


def roi_chapter(subject: Subject) -> Chapter:
    """Returns at every horizon as chart and table, with what of them is assumed."""
    report, at = subject.report, subject.at_horizon
    largest = sentences.roi_headline(row_of(at, subject.channels[0]), valuation=report.valuation, prob=subject.prob)
    said = medians_in_words(at, subject.name, prob=subject.prob, reliance=True)
    chart = picture(
        partial(report.plot_roi, horizon_weeks=subject.horizon),
        prefix="roi",
        headline=f"The largest spender: {largest}",
        alt=f"{subject.label} within {subject.horizon:g} weeks: {said}.",
    )
    blocks = (chart, _table_by_horizon(subject), Prose((RELIANCE,)), _chart_by_horizon(subject), _more(subject))
    return Chapter("roi", "Return by channel", blocks)


def payback_chapter(subject: Subject) -> Chapter:
    """The fan of all spend and of every brand channel, payback as a table, and the ledger."""
    report, blocks = subject.report, list[Block]()
    if not report.valuation.is_money:
        blocks.append(Prose((NO_MONEY,)))
    else:
        payback = report.payback()
        brand = [name for name in subject.spent if name in report.posterior.spec.brand]
        for place, who in enumerate([schema.TOTAL, *brand] if subject.spent else []):
            blocks.append(_fan(subject, row_of(payback, who), prefix=f"payback{place}"))
        columns = ["payback_weeks", "prob_13w", "prob_26w", "prob_52w", "prob_104w", "prob_never", "npv"]
        blocks.append(table_of(payback, [schema.CHANNEL, *columns], caption="When the money is back, by channel"))
    blocks += [Heading("The ledger: where the return is booked"), *_ledger(subject)]
    return Chapter("payback", "When the money comes back", tuple(blocks))


def _table_by_horizon(subject: Subject) -> Table:
    """One row for each channel, horizons side by side: what a table of every horizon says in fewer lines."""
    at, name = subject.at_horizon, subject.name
    first = readable(at, [schema.CHANNEL, schema.SPEND])
    across = [readable(subject.roi[subject.roi[schema.HORIZON] == weeks], [name]) for weeks in subject.horizons]
    chances = ["prob_above_one"] if subject.report.valuation.is_money else []
    last = readable(at, [*chances, "prior_reliance", "share_landed"])
    what = "ROI" if subject.report.valuation.is_money else subject.label
    headings = [f"{what}, {weeks:g} weeks" for weeks in subject.horizons]
    parts = [first, *across, last]
    cells = ReadableTable(
        headings=(*first.headings, *headings, *last.headings),
        rows=tuple(tuple(cell for part in parts for cell in part.rows[i]) for i in range(len(first.rows))),
        is_number=tuple(flag for part in parts for flag in part.is_number),
        note=first.note,
    )
    unit = subject.report.posterior.data.description.currency
    note = (
        f"Spend in {unit}. P(ROI > 1), prior reliance and the share that has landed are those of {subject.horizon:g} "
        f"weeks. {note_of(cells)}."
    )
    return Table(caption=f"{upper(subject.label)} within so many weeks of the spend", cells=cells, note=note)


def _chart_by_horizon(subject: Subject) -> Figure:
    few = len(subject.channels) <= FEW_CHANNELS
    shown = subject.horizons if few else (subject.horizons[0], subject.horizon)
    within = subject.roi[subject.roi[schema.HORIZON].isin(shown)]
    said = ". ".join(
        f"Within {weeks:g} weeks {medians_in_words(rows, subject.name, prob=subject.prob)}"
        for weeks, rows in within.groupby(schema.HORIZON)
    )
    return picture(
        partial(subject.report.plot_roi_by_horizon, horizon_weeks=shown),
        prefix="horizons",
        headline="What later weeks add",
        alt=f"{upper(subject.label)}. {said}.",
    )


def _more(subject: Subject) -> Table:
    """What the next unit of spend returns, and what is left after the cost."""
    money = subject.report.valuation.is_money
    columns = ["mroi", "profit"] if money else ["marginal_outcome_per_spend"]
    caption = f"One more unit of spend at today's plan, within {subject.horizon:g} weeks"
    if money:
        caption = f"One more unit of spend at today's plan (mROI), and profit, within {subject.horizon:g} weeks"
    return table_of(subject.at_horizon, [schema.CHANNEL, "incremental_outcome", *columns], caption=caption)


def _fan(subject: Subject, row: pd.Series, *, prefix: str) -> Figure:
    report = subject.report
    words = sentences.payback_words(row, valuation=report.valuation, prob=subject.prob)
    who = str(row[schema.CHANNEL])
    rows = subject.roi[subject.roi[schema.CHANNEL] == who]
    by_week = rows.assign(channel=[f"{weeks:g} weeks" for weeks in rows[schema.HORIZON]])
    returned = medians_in_words(by_week, subject.name, prob=subject.prob)
    return picture(
        partial(report.plot_payback, who),
        prefix=prefix,
        headline=sentences.payback_headline(row, prob=subject.prob),
        alt=f"{subject.label} of {'all channels' if who == schema.TOTAL else who} by weeks since the spend: within "
        f"{returned}. {words}",
        note=words,
    )


def _ledger(subject: Subject) -> list[Block]:
    report = subject.report
    ledger = report.ledger()
    whole = row_of(ledger, schema.TOTAL)
    parts = [
        f"{title} {medians_in_words(ledger[ledger[schema.CHANNEL] == schema.TOTAL], column, prob=subject.prob)}"
        for title, column in (("landed in the window", "in_window"), ("lands after it", "carry_out"))
    ]
    columns = ["carry_in", "in_window", "carry_out", "cohort_total", "share_to_come"]
    chart = picture(
        report.plot_ledger,
        prefix="ledger",
        headline=sentences.ledger_headline(whole, valuation=report.valuation, prob=subject.prob),
        alt=f"Return of the window's spend in {report.valuation.unit}, means: {'; '.join(parts)}.",
    )
    table = table_of(ledger, [schema.CHANNEL, schema.SPEND, *columns], caption="The ledger, by channel")
    return [chart, table, Prose((LEDGER,), is_note=True)]
