"""Which sections a page has, in which order, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches

from mmm.errors import ReportError
from mmm.reporting.page.assumptions import assumptions_chapter
from mmm.reporting.page.blocks import Chapter
from mmm.reporting.page.changes import changes_chapter
from mmm.reporting.page.fit import fit_chapter
from mmm.reporting.page.method import method_chapter, provenance_chapter
from mmm.reporting.page.own import own_chapter
from mmm.reporting.page.response import response_chapter
from mmm.reporting.page.returns import payback_chapter, roi_chapter
from mmm.reporting.page.subject import Subject
from mmm.reporting.page.verdict import verdict_chapter
from mmm.reporting.section import Section

__all__ = ["SECTIONS", "check_sections", "make_chapters"]

#: Of a page, in the order in which a reader wants to know.
SECTIONS: dict[str, Callable[[Subject], Chapter]] = {
    "verdict": verdict_chapter,
    "roi": roi_chapter,
    "payback": payback_chapter,
    "changes": changes_chapter,
    "fit": fit_chapter,
    "response": response_chapter,
    "assumptions": assumptions_chapter,
    "method": method_chapter,
    "provenance": provenance_chapter,
}


def check_sections(asked: Iterable[str | Section] | None, *, has_refresh: bool) -> tuple[str | Section, ...]:
    """Give the sections of a page in order, before anything is computed for them.

    Raises
    ------
    ReportError
        If a name is none, comes twice, or what it shows was not given; if there is no section.
    """
    if asked is None:
        return tuple(name for name in SECTIONS if name != "changes" or has_refresh)
    if isinstance(asked, (str, Section)) or not isinstance(asked, Iterable):
        raise ReportError(
            f"sections={asked!r}", "an order needs more than one name", f"use a list, such as {list(SECTIONS)[:3]}"
        )
    chosen = tuple(asked)
    if not chosen:
        raise ReportError("sections is empty", "there is nothing to show", f"choose from {list(SECTIONS)}")
    for section in chosen:
        if not isinstance(section, Section):
            _check_name(section, has_refresh=has_refresh)
    if twice := [name for name in SECTIONS if chosen.count(name) > 1]:
        raise ReportError(
            f"sections has {twice[0]!r} twice", "links would lead to the first of them only", "name each section once"
        )
    return chosen


def make_chapters(sections: tuple[str | Section, ...], subject: Subject) -> tuple[Chapter, ...]:
    """Write every section that was asked for."""
    return tuple(
        own_chapter(section, key=f"own-{place}") if isinstance(section, Section) else SECTIONS[section](subject)
        for place, section in enumerate(sections)
    )


def _check_name(name: object, *, has_refresh: bool) -> None:
    if not isinstance(name, str) or name not in SECTIONS:
        near = get_close_matches(str(name), SECTIONS, n=1, cutoff=0.0)
        raise ReportError(
            f"there is no section {name!r}",
            "the page would lack what somebody looks for in it",
            f"did you mean {near[0]!r}? The sections are {list(SECTIONS)}; one of your own is mmm.Section(title, text)",
        )
    if name == "changes" and not has_refresh:
        raise ReportError(
            "sections has 'changes', and no refresh was given",
            "what changed since the last fit is known from both fits",
            "pass refresh=mmm.refresh(...), or leave 'changes' out",
        )
