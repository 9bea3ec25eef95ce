"""How each channel responds to spend, and how long its effect takes to land."""

from __future__ import annotations

from functools import partial

from mmm import schema
from mmm.reporting.page.blocks import Block, Chapter, Grid, Heading, Prose
from mmm.reporting.page.pictures import small_picture
from mmm.reporting.page.subject import Subject, medians_in_words
from mmm.reporting.quantities import quantity_name

__all__ = ["response_chapter"]

HOW_TO_READ = (
    "The curve is what steady spend brings per period. It is dashed where that was never tried: there the curve is "
    "assumed, not seen. The ticks at the foot are the periods of the data."
)

#: What says how long an effect takes, of the quantities that a channel may have.
TIMING = (schema.HALF_LIFE, schema.FAST_HALF_LIFE, schema.SLOW_HALF_LIFE, schema.SLOW_SHARE, schema.PEAK)


def response_chapter(subject: Subject) -> Chapter:
    """Two small charts for each channel, the largest spender first."""
    report = subject.report
    blocks: list[Block] = [Prose((HOW_TO_READ,))]
    for place, name in enumerate(subject.channels):
        charts = (
            small_picture(
                partial(report.plot_response, name), prefix=f"response{place}", alt=_response_alt(subject, name)
            ),
            small_picture(partial(report.plot_carryover, name), prefix=f"carry{place}", alt=_timing_alt(subject, name)),
        )
        blocks += [Heading(name), Grid(charts)]
    return Chapter("response", "Response and carry-over", tuple(blocks))


def _response_alt(subject: Subject, name: str) -> str:
    row = subject.at_horizon[subject.at_horizon[schema.CHANNEL] == name]
    marginal = "mroi" if subject.report.valuation.is_money else "marginal_outcome_per_spend"
    average, next_one = (medians_in_words(row, column, prob=subject.prob) for column in (subject.name, marginal))
    return (
        f"Response to {name}, rising with spend. Within {subject.horizon:g} weeks, {subject.label} of all its spend: "
        f"{average}; of one more unit at today's plan: {next_one}."
    )


def _timing_alt(subject: Subject, name: str) -> str:
    evidence = subject.report.evidence()
    rows = evidence[(evidence[schema.CHANNEL] == name) & evidence["quantity"].isin(TIMING)]
    named = rows.assign(channel=rows["quantity"].map(quantity_name))
    said = medians_in_words(named, "posterior", prob=subject.prob) if len(named) else "no carry-over"
    return f"Share of the effect of {name} that has landed by week since the spend. {said}."
