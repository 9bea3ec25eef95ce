"""The answer before anything else: what was returned, what is assumed of it, and what limits it."""

from __future__ import annotations

import pandas as pd

from mmm import schema
from mmm.reporting import sentences
from mmm.reporting.page.blocks import Block, Chapter, Glance, Heading, Limits, Prose, Stories, Story
from mmm.reporting.page.subject import Subject
from mmm.reporting.tables import row_of
from mmm.words import chance, interval, payback_interval, percent, significant, upper

__all__ = ["NO_LIMITS", "at_a_glance", "verdict_chapter"]

NO_LIMITS = "None of the usual limits applies: see the assumptions for what was taken as given."


def verdict_chapter(subject: Subject) -> Chapter:
    """Words about every channel, then what limits them, then whether the draws can be trusted."""
    report = subject.report
    said = sentences.by_channel(report, valuation=report.valuation)
    stories = tuple(_story(subject, name, text) for name, text in said.items() if name != schema.TOTAL)
    blocks: list[Block] = []
    if schema.TOTAL in said:
        blocks.append(Prose((said[schema.TOTAL],)))
    blocks += [Heading("Channel by channel"), Stories(stories)]
    blocks.append(Prose((sentences.how_to_read(report, valuation=report.valuation),), is_note=True))
    blocks.append(Limits("What limits this", report.warnings() or (NO_LIMITS,)))
    blocks += [Heading("Can the draws be trusted?"), Prose((report.posterior.diagnosis.verdict,))]
    return Chapter("verdict", "Verdict and evidence", tuple(blocks))


def at_a_glance(subject: Subject) -> tuple[Glance, ...]:
    """The few numbers that are read when nothing else is, each with its interval."""
    report, prob = subject.report, subject.interval
    row = row_of(subject.at_horizon, schema.TOTAL)
    facts = []
    if row[schema.SPEND] > 0:
        name = subject.name
        ends = interval(row[f"{name}_lower"], row[f"{name}_upper"])
        relied = f"median {significant(row[name])}; prior reliance {percent(row['prior_reliance'])}"
        facts.append(Glance(f"{upper(subject.label)} within {subject.horizon:g} weeks, {prob}", ends, relied))
    if report.valuation.is_money and row[schema.SPEND] > 0:
        facts.append(Glance("Probability that it came back", chance(row["prob_above_one"]), "that ROI is above 1"))
        payback = row_of(report.payback(), schema.TOTAL)
        weeks = payback_interval(payback["payback_lower"], payback["payback_upper"])
        facts.append(Glance(f"Payback, {prob}", weeks, f"by week 52 in {chance(payback['prob_52w'])} of draws"))
    share = row_of(report.evidence(), schema.TOTAL, quantity=schema.MEDIA_SHARE)
    ends = f"{percent(share['posterior_lower'])} to {percent(share['posterior_upper'])}"
    relied = f"median {percent(share['posterior'])}; prior reliance {percent(share['prior_reliance'])}"
    facts.append(Glance(f"Media's share of {report.posterior.data.description.outcome}, {prob}", ends, relied))
    return tuple(facts)


def _story(subject: Subject, name: str, text: str) -> Story:
    row: pd.Series = row_of(subject.at_horizon, name)
    headline = sentences.roi_headline(row, valuation=subject.report.valuation, prob=subject.prob)
    brand = name in subject.report.posterior.spec.brand
    relied = float(row["prior_reliance"])
    known = not pd.isna(relied) and row[schema.SPEND] > 0
    return Story(
        name=name,
        mark="brand: returns fast and slowly" if brand else "returns within weeks",
        headline=headline,
        text=text,
        reliance=f"Prior reliance {percent(relied)}" if known else "",
        share=min(max(relied, 0.0), 1.0) if known else 0.0,
    )
