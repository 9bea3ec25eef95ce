"""What limits the answer, and whether the model would have foreseen the past."""

from __future__ import annotations

from mmm.reporting.content import Companions, Contents, readable
from mmm.reporting.deck.canvas import Canvas
from mmm.reporting.deck.slides.pages import add_table_slides
from mmm.reporting.sentences import roi_headline
from mmm.reporting.tables import row_of

__all__ = ["add_backtest", "add_limits"]

NOTHING_FOUND = "None of the checks of data, priors, fit and returns found anything that limits this answer."


def add_limits(canvas: Canvas, contents: Contents) -> None:
    """Every warning, in full."""
    report = contents.report
    row = row_of(contents.roi, contents.everything, horizon_weeks=contents.horizon)
    answer = roi_headline(row, valuation=report.valuation, prob=report.prob)
    found = [sentence for sentence in contents.warnings if sentence != contents.failure]
    how_many = {0: "no check found a limit to that", 1: "one finding limits that"}
    said = how_many.get(len(found), f"{len(found)} findings limit that")
    notes = "\n".join([*contents.warnings, contents.how_to_read])
    canvas.text_slides(f"{answer}; {said}", found or [NOTHING_FOUND], notes=notes)


def add_backtest(canvas: Canvas, contents: Contents, companions: Companions) -> None:
    """Forecasts from the past, scored by what came."""
    backtest = companions.backtest
    if backtest is None:
        return
    at = backtest.coverage().set_index("prob").loc[0.80]
    n = len(backtest.table()) - 1
    title = (
        f"The 80% intervals of {n} forecast{'s' if n > 1 else ''} from the past held {at['coverage']:.0%} of what "
        f"came, where {at['expected_lower']:.0%} to {at['expected_upper']:.0%} is due"
    )
    columns = ["origin", "periods", "coverage_50", "coverage_80", "coverage_95", "skill", "bias", "mape"]
    first = [backtest.verdict, backtest.recommendation, *backtest.notes]
    table = backtest.table()
    shown = readable(table.rename_axis(columns=f"{table.columns.name}. {backtest.verdict.split('. ')[0]}."), columns)
    add_table_slides(canvas, contents, title, shown, first=first)
