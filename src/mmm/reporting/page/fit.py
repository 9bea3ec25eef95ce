"""How the model fits, what the outcome is made of, and whether it would have foreseen the past."""

from __future__ import annotations

from mmm import schema
from mmm.reporting import sentences
from mmm.reporting.page.blocks import Block, Chapter, Heading, Prose
from mmm.reporting.page.pictures import picture
from mmm.reporting.page.subject import Subject, table_of
from mmm.reporting.tables import row_of
from mmm.validation import Backtest
from mmm.words import listed, percent

__all__ = ["fit_chapter"]


def fit_chapter(subject: Subject) -> Chapter:
    """Predictive bands, contributions, the tracker where there is one, and the backtest."""
    report = subject.report
    data = report.posterior.data
    outcome = data.description.outcome
    share = row_of(report.evidence(), schema.TOTAL, quantity=schema.MEDIA_SHARE)
    blocks: list[Block] = [
        picture(report.plot_fit, prefix="fit", alt=f"{outcome} over its predictive bands, noise included."),
        picture(
            report.plot_contributions,
            prefix="contributions",
            headline=sentences.media_headline(share, outcome=outcome, prob=subject.prob),
            alt=_contributions_alt(subject),
        ),
    ]
    if data.has_tracker:
        name = data.description.tracker
        alt = f"Waves of {name} with their sampling error over the fitted path, and what it would be without media."
        blocks.append(picture(report.plot_tracker, prefix="tracker", alt=alt))
    blocks.append(Heading("Would it have foreseen the past?"))
    backtest = subject.companions.backtest
    blocks += [Prose((sentences.NO_BACKTEST,))] if backtest is None else _backtest(backtest)
    return Chapter("fit", "How the model fits", tuple(blocks))


def _contributions_alt(subject: Subject) -> str:
    """Say what part of the outcome each channel's median contributions add up to."""
    table = subject.report.contributions()
    parts = table.groupby(schema.CHANNEL, sort=False)["contribution"].sum()
    whole = parts[schema.TOTAL] + parts[schema.BASELINE]
    said = [f"{name} {percent(parts[name] / whole)}" for name in [schema.BASELINE, *subject.channels]]
    return f"Medians of baseline and channels, stacked over time; by their sums: {listed(said)}."


def _backtest(backtest: Backtest) -> list[Block]:
    columns = ["origin", "periods", "coverage_50", "coverage_80", "coverage_95", "skill", "bias", "mape"]
    return [
        picture(backtest.plot, prefix="backtest", headline=_first_sentence(backtest.verdict), alt=backtest.verdict),
        Prose((backtest.verdict, backtest.recommendation, *backtest.notes)),
        table_of(
            backtest.table(),
            columns,
            caption="Forecasts from the past, by the last period that was known",
            note="Coverage: share of the periods in their interval. Skill: how much lower the CRPS is than that of the "
            "naive forecast.",
        ),
    ]


def _first_sentence(text: str) -> str:
    return f"{text.split('. ')[0].rstrip('.')}."
