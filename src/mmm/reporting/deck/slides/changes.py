"""What changed since the last fit."""

from __future__ import annotations

from mmm import schema
from mmm.refreshing.sentences import reasons
from mmm.reporting.content import Companions, Contents, readable
from mmm.reporting.deck.canvas import Canvas
from mmm.reporting.deck.slides.pages import add_table_slides
from mmm.reporting.sentences import drift_headline, parts_headline

__all__ = ["add_changes"]

COLUMNS = [schema.CHANNEL, "old", "new", "z", "overlap", "flag"]

HOW_FLAGGED = (
    "z is the step of the mean log return over what new weeks were due to bring: amber beyond 2, red beyond 3, or "
    "where the variance grew although nothing was restated. Both fits judge the same spend."
)


def add_changes(canvas: Canvas, contents: Contents, companions: Companions) -> None:
    """Drift with its flags, then what is another in the data and whether the last forecast held."""
    drift = companions.drift(prob=contents.report.prob)
    if companions.refresh is None or drift is None:
        return
    prob, refresh = contents.report.prob, companions.refresh
    title = drift_headline(drift, contents.everything, prob=prob)
    add_table_slides(canvas, contents, title, readable(drift, COLUMNS), first=[HOW_FLAGGED])
    written, parts = companions.written_parts, companions.readable_parts()
    if written is not None and parts is not None:
        because = parts_headline(written, contents.everything, reasons=reasons(refresh.vintages))
        add_table_slides(canvas, contents, because, parts, first=companions.movements(prob=prob))
    said = list(refresh.notes)
    if not refresh.previous.ok:
        said.insert(0, f"The last fit: {refresh.previous.diagnosis.verdict}")
    forecast = companions.forecast
    if forecast is None:
        headline = "There is no forecast of the last fit to check"
    else:
        headline = forecast.verdict.split("; ")[0]
        said += [forecast.verdict, *forecast.notes]
        changed = [
            f"{row.channel} brought {row.times:.2g} times ({row.times_lower:.2g} to {row.times_upper:.2g}, 90%) what "
            f"the last fit expected of it ({row.flag})."
            for row in forecast.by_channel().itertuples()
            if row.flag != "ok"
        ]
        said += changed or [
            "No channel brought in the new periods clearly more or less than the last fit expected of it."
        ]
    canvas.text_slides(headline, said, notes="\n".join([HOW_FLAGGED, *said]))
