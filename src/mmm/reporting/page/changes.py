"""What is another since the last fit: data, answers, and whether the last forecast was right."""

from __future__ import annotations

from functools import partial

import pandas as pd

from mmm import schema
from mmm.errors import DataError
from mmm.refreshing import ForecastCheck, Refresh
from mmm.refreshing.sentences import reasons, what_channels_brought
from mmm.reporting import sentences
from mmm.reporting.content import restatement_summary
from mmm.reporting.page.blocks import Block, Chapter, Heading, Limits, Prose, Table
from mmm.reporting.page.pictures import picture
from mmm.reporting.page.subject import Subject, medians_in_words, table_of

__all__ = ["changes_chapter"]

#: Flags of a drift table, told apart by more than their colour.
FLAGS = {"ok": "as expected", "amber": "\u25b2 amber", "red": "\u25a0 red"}

HOW_TO_READ = (
    "z is the step of the answer in units of what the new weeks were to teach: beyond 2 it is amber, beyond 3 red. "
    "Overlap is the area that the two posteriors share."
)


def changes_chapter(subject: Subject) -> Chapter:
    """Notes, drift, restatements and the check of the last forecast."""
    refresh = subject.companions.refresh
    assert refresh is not None, "the section is there only with a refresh"
    drift = refresh.drift(prob=subject.prob)
    flagged = drift.loc[drift["flag"].isin(["amber", "red"]), ["channel", "flag"]].to_numpy().tolist()
    moved = ", ".join(f"{name} ({flag})" for name, flag in flagged)
    said = "No answer moved by more than new weeks explain."
    if moved:
        said = f"Moved by more than new weeks explain: {moved}."
    chances = [name for name in ("prob_above_one_old", "prob_above_one") if name in drift]
    blocks: list[Block] = [
        Limits("What is different in the data", refresh.notes, is_apart=False),
        Heading("Did the answer move?"),
        picture(
            partial(refresh.plot_drift, prob=subject.prob),
            prefix="drift",
            headline=said,
            alt=f"{said} {medians_in_words(_sides(drift), 'answer', prob=subject.prob)}.",
        ),
    ]
    blocks.append(
        table_of(
            drift.assign(flag=drift["flag"].replace(FLAGS)),
            ["channel", "old", "new", "z", "overlap", "flag", *chances],
            caption="The same spend, judged by the last fit and by this one",
            note=f"{subject.interval} equal-tailed credible intervals, within {subject.horizon:g} weeks. {HOW_TO_READ}",
        )
    )
    blocks += [*_why(subject), *_forecast(refresh), *_restated(refresh)]
    return Chapter("changes", "What changed since last time", tuple(blocks))


def _why(subject: Subject) -> list[Block]:
    given, cells = subject.companions, subject.companions.readable_parts()
    refresh, parts, written = given.refresh, given.parts, given.written_parts
    if refresh is None or parts is None or written is None or cells is None:
        return [Prose((sentences.NO_DECOMPOSITION,), is_note=True)]
    everything = schema.TOTAL if len(subject.channels) > 1 else subject.channels[0]
    because = sentences.parts_headline(written, everything, reasons=reasons(refresh.vintages))
    return [
        Heading("Why did it move?"),
        picture(
            partial(refresh.plot_decomposition, parts),
            prefix="parts",
            headline=because,
            alt=f"{because}. The sentences below say the same of each channel.",
        ),
        Prose(given.movements(prob=subject.prob)),
        Table(
            caption="What each movement is due to, found by refits with one thing more that is another",
            cells=cells,
            note="Differences of medians, rounded as the medians are; the parts sum to the total.",
        ),
    ]


def _sides(drift: pd.DataFrame) -> pd.DataFrame:
    """Both answers of each channel as rows of their own."""
    named = (("old", "{} before"), ("new", "{} now"))
    rows = [
        {schema.CHANNEL: words.format(row[schema.CHANNEL]), "answer": row[side],
         "answer_lower": row[f"{side}_lower"], "answer_upper": row[f"{side}_upper"]}
        for row in drift.to_dict("records") for side, words in named
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _forecast(refresh: Refresh) -> list[Block]:
    heading = Heading("Was the last forecast right?")
    try:
        check = refresh.forecast_check()
    except DataError as error:
        return [heading, Prose((f"The last forecast cannot be checked: {error.what}.",))]
    return [
        heading,
        picture(partial(check.plot), prefix="forecast", headline=check.verdict, alt=_forecast_alt(check)),
        *([Prose(check.notes)] if check.notes else []),
        Prose(what_channels_brought(check.by_channel())),
        table_of(
            check.by_channel().assign(flag=lambda table: table["flag"].replace(FLAGS | {"ok": "not flagged"})),
            ["channel", "times", "bayes_factor", "power", "flag"],
            caption="What each channel brought in the new periods, as a multiple of what was expected",
            note="90% intervals. The Bayes factor says how many times likelier than before it is that this channel "
            "changed: beyond 1.3 amber, beyond 3 red. Power is the probability that it would be flagged if it brought "
            "half; below one half it says little that there is no flag.",
        ),
    ]


def _forecast_alt(check: ForecastCheck) -> str:
    table = check.table()
    off = (table["observed"] / table["median"] - 1).mean()
    return f"{check.verdict} The outcome was {abs(off):.1%} {'above' if off > 0 else 'below'} the median on average."


def _restated(refresh: Refresh) -> list[Block]:
    restatements = refresh.restatements()
    if restatements.empty:
        return [Heading("What was restated"), Prose(("Nothing of the past was restated.",))]
    columns = ["what", "variable", "name", "periods", "first", "last", "largest_change"]
    return [
        Heading("What was restated"),
        table_of(
            restatement_summary(restatements),
            columns,
            caption="Numbers of the past that are others now, and columns that came or went",
            note="The largest change of a single number, as a share of the old one. refresh.restatements() lists all.",
        ),
    ]
