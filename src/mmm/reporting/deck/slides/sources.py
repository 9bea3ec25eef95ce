"""What the answer rests on: priors and what the data made of them, assumptions, and where the numbers come from."""

from __future__ import annotations

import pandas as pd

from mmm import schema
from mmm.reporting.content import Companions, Contents, readable
from mmm.reporting.deck.canvas import Canvas
from mmm.reporting.deck.place import shorten
from mmm.reporting.deck.slides.pages import add_table_slides
from mmm.reporting.sentences import cases_headline, evidence_headline
from mmm.words import listed

__all__ = ["add_assumptions", "add_evidence", "add_prior_cases", "add_provenance"]

#: Names in a row, and letters of each.
MOST_NAMES, LONGEST = 4, 24


def add_prior_cases(canvas: Canvas, contents: Contents, companions: Companions) -> None:
    """The answer to a sceptic and to an optimist, where they were asked."""
    report = contents.report
    cases = companions.prior_cases(report)
    if companions.priors is None or cases is None:
        return
    name = schema.ROI if report.valuation.is_money else schema.OUTCOME_PER_SPEND
    title = cases_headline(cases, contents.everything, valuation=report.valuation, prob=report.prob)
    weeks = cases[schema.HORIZON].max()
    longest = cases[cases[schema.HORIZON] == weeks]
    if contents.everything != schema.TOTAL:
        longest = longest[longest[schema.CHANNEL] != schema.TOTAL]
    wide = longest.pivot(index=schema.CHANNEL, columns="case")
    order = [channel for channel in (*contents.channels, schema.TOTAL) if channel in wide.index]
    rows = pd.DataFrame({schema.CHANNEL: order})
    for case in companions.priors.posteriors:
        for end in ("", "_lower", "_upper"):
            rows[f"{case}{end}"] = wide[(f"{name}{end}", case)].loc[order].to_numpy()
    assumed = "; ".join(f"{case}: {words}" for case, words in companions.priors.assumptions.items())
    note = f"{cases.columns.name}, within {weeks:g} weeks. {assumed}."
    shown = readable(rows.rename_axis(columns=note), [schema.CHANNEL, *companions.priors.posteriors])
    add_table_slides(canvas, contents, title, shown, first=[companions.priors.verdict])


def add_evidence(canvas: Canvas, contents: Contents) -> None:
    """What was assumed of each return beside what the data made of it."""
    rows = contents.evidence[contents.evidence["quantity"] == contents.report.posterior.draws.roi_name]
    title = evidence_headline(rows, prob=contents.report.prob)
    note = (
        f"{contents.report.posterior.data.roi_label} within {contents.horizon:g} weeks, of all spend in the data; "
        f"{schema.interval_header(contents.report.prob)}. Prior reliance: 100% means that the data said nothing."
    )
    rows = rows.rename_axis(columns=note)
    add_table_slides(canvas, contents, title, readable(rows, [schema.CHANNEL, "prior", "posterior", "prior_reliance"]))


def add_assumptions(canvas: Canvas, contents: Contents) -> None:
    """Everything that was assumed; what holds of several channels in one row."""
    title = f"What was assumed: priors by median and {100 * schema.DEFAULT_PROB:g}% interval"
    table, channels = contents.assumptions, contents.channels
    is_channel = table["of"].isin(channels)
    same = table[is_channel].groupby(["assumption", "value"], sort=False)["of"].agg(list).reset_index()
    same["of"] = [_in_words(names, channels) for names in same["of"]]
    columns = ["assumption", "of", "value"]
    rows = pd.concat([same[columns], table.loc[~is_channel, columns]], ignore_index=True)
    add_table_slides(canvas, contents, title, readable(rows, columns))


def add_provenance(canvas: Canvas, contents: Contents, companions: Companions) -> None:
    """Data, fit, versions, and what was not looked at."""
    table = contents.provenance
    is_version = table["item"].str.startswith("version of ")
    versions = ", ".join(
        f"{item.removeprefix('version of ')} {value}"
        for item, value in table[is_version].itertuples(index=False, name=None)
    )
    left_out = [
        name for name in ("refresh", "decomposition", "backtest", "priors") if getattr(companions, name) is None
    ]
    is_in_title = table["item"] == "intervals"
    rows = [*table[~is_version & ~is_in_title].itertuples(index=False, name=None), ("versions", versions)]
    if left_out:
        rows.append(("not in this deck", ", ".join(left_out)))
    shown = readable(pd.DataFrame(rows, columns=list(table.columns)), list(table.columns))
    title = f"Where the numbers come from; every interval is a {schema.interval_header(contents.report.prob)[:-1]}"
    add_table_slides(canvas, contents, title, shown)


def _in_words(names: list[str], channels: tuple[str, ...]) -> str:
    """Name some of the channels, or those that are not among them."""
    others = [name for name in channels if name not in names]
    if not others and len(channels) > 1:
        return "every channel"
    if len(names) <= MOST_NAMES:
        return listed([shorten(name, longest=LONGEST) for name in names])
    if len(others) <= MOST_NAMES:
        return f"every channel but {listed([shorten(name, longest=LONGEST) for name in others])}"
    return f"{len(names)} of {len(channels)} channels"
