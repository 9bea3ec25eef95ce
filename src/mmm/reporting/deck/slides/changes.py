"""What changed since the last fit."""

from __future__ import annotations

from mmm import schema
from mmm.refreshing.sentences import reasons
from mmm.reporting.content import Companions, Contents, readable
from mmm.reporting.deck.canvas import Canvas
from mmm.reporting.deck.slides.pages import add_table_slides
from mmm.reporting.sentences import drift_headline, forecast_headline, parts_headline

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
    said = [*([refresh.warning] if refresh.warning else []), *refresh.notes]
    forecast = companions.forecast
    if forecast is None:
        headline = "There is no forecast of the last fit to check"
    else:
        headline = forecast_headline(forecast.by_channel(), verdict=forecast.verdict)
        said += [*forecast.sentences(), *forecast.notes]
    canvas.text_slides(headline, said, notes="\n".join([HOW_FLAGGED, *said]))
