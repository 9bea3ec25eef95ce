"""How the numbers were made: the equations, and where data, fit and versions come from."""

from __future__ import annotations

from importlib.resources import files

from markupsafe import Markup

from mmm.reporting.content import provenance_table
from mmm.reporting.page.blocks import Chapter, Maths, Prose
from mmm.reporting.page.subject import Subject, table_of

__all__ = ["method_chapter", "provenance_chapter"]


def method_chapter(subject: Subject) -> Chapter:
    """One paragraph, and the equations that it speaks of."""
    spec = subject.report.posterior.spec
    first = [name for name, channel in spec.channels.items() if channel.order != "saturation_first"]
    said = (
        "The outcome of a period is a baseline, plus what each channel adds, plus noise. The baseline holds a level "
        "that wanders by an amount that is estimated, a trend, seasons, holidays and controls. What a channel adds is "
        "its spend through a curve that flattens, spread over the periods that follow by weights that sum to one; "
        "brand channels have a fast and a slow set of weights. The scale of each channel is what it returns, which "
        f"has a prior at {subject.horizon:g} weeks. All of it is estimated together by Hamiltonian Monte Carlo, with "
        "the baseline integrated out exactly; every number here is computed draw by draw, and intervals come last."
    )
    order = [f"Of {', '.join(first)} spend is carried over first and flattened then."] if first else []
    return Chapter("method", "Method", (Prose((" ".join([said, *order]),)), Maths(_equations())))


def provenance_chapter(subject: Subject) -> Chapter:
    """Enough to make every number again."""
    table = provenance_table(subject.report)
    return Chapter(
        "provenance",
        "Where the numbers come from",
        (table_of(table, ["item", "value"], caption="Data, fit and versions", note="Enough to make them again."),),
    )


def _equations() -> Markup:
    return Markup(files(__package__).joinpath("equations.html").read_text(encoding="utf-8"))
