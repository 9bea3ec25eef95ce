"""Which sheets a workbook has, in their order, and what each is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from mmm.reporting.content import Companions, Contents

__all__ = ["Sheet", "in_parts", "sheets_of"]


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table with what must be known to read it.

    Attributes
    ----------
    name : str
        Of the tab; never from the data, so that Excel takes it.
    about : str
        What it is.
    table : DataFrame
    if_empty : str
        What it means that there are no rows.
    """

    name: str
    about: str
    table: pd.DataFrame
    if_empty: str = ""


def sheets_of(contents: Contents, companions: Companions) -> Iterator[Sheet]:
    """Lay out a report and what is given along with it."""
    yield Sheet("Summary", "What was found, and what limits it", _summary(contents, companions))
    yield from _of_report(contents)
    yield from _of_refresh(contents, companions)
    yield from _of_checks(contents, companions)
    yield Sheet("Assumptions", "Everything that was assumed", contents.assumptions)
    yield Sheet("Provenance", "Where the numbers come from", contents.provenance)


def in_parts(sheet: Sheet, *, most_rows: int) -> Iterator[Sheet]:
    """Cut a table that has more rows than a sheet can have; the parts are numbered from 2."""
    n_parts = max(1, -(-len(sheet.table) // most_rows))
    for i in range(n_parts):
        part = sheet.table.iloc[i * most_rows : (i + 1) * most_rows]
        if n_parts == 1:
            yield sheet
        else:
            name = sheet.name if i == 0 else f"{sheet.name} {i + 1}"
            yield replace(sheet, name=name, about=f"{sheet.about} (part {i + 1} of {n_parts})", table=part)


def _of_report(contents: Contents) -> Iterator[Sheet]:
    returns = "Return of each channel's spend within each horizon"
    yield Sheet("ROI" if contents.report.valuation.is_money else "Returns", returns, contents.roi)
    if contents.payback is not None:
        yield Sheet("Payback", "When the spend of each channel has come back", contents.payback)
    yield Sheet("Ledger", "Where the return is booked: in the window, after it, from before", contents.ledger)
    if contents.ltv_cac is not None:
        yield Sheet("LTV to CAC", "What customers won are worth against what they cost", contents.ltv_cac)
    yield Sheet("Contributions", "What the outcome is made of, by period", contents.contributions)
    yield Sheet("Evidence", "What was assumed beside what was learnt", contents.evidence)


def _of_refresh(contents: Contents, companions: Companions) -> Iterator[Sheet]:
    drift = companions.drift(prob=contents.report.prob)
    if companions.refresh is None or drift is None:
        return
    yield Sheet("Drift", "Whether returns moved by more than new weeks explain", drift)
    if companions.parts is not None:
        yield Sheet("Why it moved", "What each movement is due to, found by refits", companions.parts)
    restated = companions.refresh.restatements()
    said = "Numbers of the past that are others now"
    yield Sheet("Restatements", said, restated, if_empty="No number of the past is another now.")
    if companions.forecast is not None:
        yield Sheet(
            "Forecast", "The last fit's forecast of the new periods, and what came", companions.forecast.table()
        )
        by_channel = companions.forecast.by_channel().rename_axis(
            columns="90% intervals of 'times'; power to see that a channel brings half"
        )
        yield Sheet("Forecast by channel", "What came as a multiple of what was expected", by_channel)


def _of_checks(contents: Contents, companions: Companions) -> Iterator[Sheet]:
    if companions.backtest is not None:
        yield Sheet("Backtest", "Forecasts from the past, scored by what came", companions.backtest.table())
        coverage = companions.backtest.coverage().rename_axis(columns="95% of right models lie in the expected range")
        yield Sheet("Backtest coverage", "How many outcomes the intervals held, against what is due", coverage)
    cases = companions.prior_cases(contents.report)
    if cases is not None:
        yield Sheet("Priors", "The answer under other priors", cases)


def _summary(contents: Contents, companions: Companions) -> pd.DataFrame:
    said = [("convergence", contents.report.posterior.diagnosis.verdict)]
    said += [("answer", sentence) for sentence in contents.sentences if sentence != contents.failure]
    said += [("limit", sentence) for sentence in contents.warnings if sentence != contents.failure]
    if companions.refresh is not None:
        moved = companions.movements(prob=contents.report.prob)
        said += [("since the last fit", sentence) for sentence in (*companions.refresh.notes, *moved)]
        if companions.forecast is not None:
            said += [("since the last fit", sentence) for sentence in companions.forecast.sentences()]
    if companions.backtest is not None:
        said += [("backtest", companions.backtest.verdict), ("backtest", companions.backtest.recommendation)]
    if companions.priors is not None:
        said.append(("other priors", companions.priors.verdict))
    return pd.DataFrame(said, columns=["of", "sentence"])
