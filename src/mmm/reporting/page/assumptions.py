"""What was assumed, what the data made of it, and what others would have concluded."""

from __future__ import annotations

from functools import partial

import pandas as pd

from mmm import schema
from mmm.errors import ConvergenceError
from mmm.reporting import sentences
from mmm.reporting.content import assumptions_table
from mmm.reporting.page.blocks import Block, Chapter, Heading, Prose
from mmm.reporting.page.pictures import picture
from mmm.reporting.page.subject import Subject, medians_in_words, table_of
from mmm.reporting.quantities import quantity_name
from mmm.validation import Comparison
from mmm.words import percent, upper

__all__ = ["assumptions_chapter"]


def assumptions_chapter(subject: Subject) -> Chapter:
    """Prior against posterior, the comparison of priors, and every assumption in words."""
    report = subject.report
    evidence = report.evidence()
    of_return = evidence[(evidence["quantity"] == report.posterior.draws.roi_name)]
    headline, alt = _moved(of_return, prob=subject.prob)
    blocks: list[Block] = [
        picture(report.plot_prior_posterior, prefix="prior", headline=headline, alt=alt),
        Heading("What others would conclude"),
    ]
    priors = subject.companions.priors
    blocks += [Prose((sentences.NO_PRIORS,))] if priors is None else _compared(subject, priors)
    told = evidence.assign(quantity=evidence["quantity"].map(quantity_name))
    blocks += [
        table_of(
            told,
            [schema.CHANNEL, "quantity", "prior", "posterior", "prior_reliance"],
            caption="What was assumed beside what was learnt",
        ),
        table_of(
            assumptions_table(report.posterior, economics=report.economics),
            ["of", "assumption", "value"],
            caption="What was taken as given before the data spoke",
            note="Medians and 90% intervals of the priors.",
        ),
    ]
    return Chapter("assumptions", "What is assumed", tuple(blocks))


def _moved(rows: pd.DataFrame, *, prob: float) -> tuple[str, str]:
    """Say how far the data moved the priors of the return, and of which channel least."""
    relied = rows.set_index(schema.CHANNEL)["prior_reliance"]
    least = str(relied.idxmax())
    headline = f"The data say least of {least}: {percent(relied[least])} of the prior's spread is left"
    before = medians_in_words(rows, "prior", prob=prob)
    after = medians_in_words(rows, "posterior", prob=prob, reliance=True)
    return headline, f"Prior and posterior of the return. Prior: {before}. Posterior: {after}."


def _compared(subject: Subject, priors: Comparison) -> list[Block]:
    report = subject.report
    try:
        table = priors.table(
            horizon_weeks=subject.horizon, window=report.window, prob=subject.prob, economics=report.economics
        )
    except ConvergenceError:  # of a refit, whose numbers are not shown
        return [Prose((priors.verdict,))]
    name = subject.name
    cases = [
        f"{case}: {medians_in_words(rows, name, prob=subject.prob)}" for case, rows in table.groupby("case", sort=False)
    ]
    chances = ["prob_above_one"] if "prob_above_one" in table else []
    assumed = tuple(f"{case}: {words}." for case, words in priors.assumptions.items())
    return [
        picture(
            partial(priors.plot, horizon_weeks=subject.horizon, economics=report.economics),
            prefix="priors",
            headline="The same data under three priors" if len(cases) == 3 else "The same data under other priors",
            alt=f"{subject.label} within {subject.horizon:g} weeks by case. {'. '.join(cases)}.",
        ),
        Prose((priors.verdict, *assumed)),
        table_of(
            table.sort_values(schema.CHANNEL, key=lambda names: names.map(_order(table)), kind="stable"),
            [schema.CHANNEL, "case", name, *chances, "prior_reliance"],
            caption=f"{upper(subject.label)} within {subject.horizon:g} weeks, by what is assumed",
        ),
    ]


def _order(table: pd.DataFrame) -> dict[str, int]:
    return {name: place for place, name in enumerate(table[schema.CHANNEL].unique())}
