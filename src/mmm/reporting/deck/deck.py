"""The slides of a deck, in their order."""

from __future__ import annotations

from os import PathLike

from mmm.reporting.content import Companions, Contents
from mmm.reporting.deck import slides
from mmm.reporting.deck.canvas import Canvas
from mmm.reporting.deck.template import layouts_of, open_presentation

__all__ = ["deck_bytes"]


def deck_bytes(contents: Contents, companions: Companions, *, template: str | PathLike[str] | None) -> bytes:
    """Write all slides; the same report on the same template gives the same bytes.

    Parameters
    ----------
    contents : Contents
    companions : Companions
    template : path or None
        Of the company; a plain design of our own by default.
    """
    presentation = open_presentation(template)
    fit = contents.report.posterior
    canvas = Canvas(presentation, layouts_of(presentation), contents.failure, fit.provenance.created)
    presentation.core_properties.title = f"What media returned: {fit.data.description.outcome}"
    slides.add_opening(canvas, contents)
    slides.add_answer(canvas, contents)
    slides.add_roi_chart(canvas, contents)
    slides.add_payback(canvas, contents)
    slides.add_customers(canvas, contents)
    slides.add_ledger(canvas, contents)
    slides.add_contributions(canvas, contents)
    slides.add_changes(canvas, contents, companions)
    slides.add_limits(canvas, contents)
    slides.add_backtest(canvas, contents, companions)
    slides.add_prior_cases(canvas, contents, companions)
    slides.add_evidence(canvas, contents)
    slides.add_assumptions(canvas, contents)
    slides.add_provenance(canvas, contents, companions)
    return canvas.content()
