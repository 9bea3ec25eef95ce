"""Slides with what every one of them has: a title that fits, notes, a number, and the warning of a fit that failed."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_AUTO_SIZE
from pptx.util import Pt

from mmm import schema
from mmm.reporting.charts.style import WARNING_COLOUR
from mmm.reporting.content import ReadableTable
from mmm.reporting.deck.place import SMALLEST, Area, fitting_size, text_height
from mmm.reporting.deck.tables import add_table
from mmm.reporting.deck.template import FOOTERS, TITLES, Layouts

__all__ = ["Canvas", "numbered"]

#: Sizes of a title that does not fit at the template's own.
TITLE_SIZES = (40.0, 36.0, 32.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0)

#: Size of a title where neither layout nor master says one.
POWERPOINTS_OWN = 44.0

#: Sizes of running text.
TEXT_SIZES = (18.0, 16.0, 14.0, 12.0)

GAP = Pt(8)

#: Zip files begin here: a time of our own would give the same deck other bytes each time.
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Canvas:
    """A presentation that slides are added to.

    Attributes
    ----------
    presentation : Presentation
    layouts : Layouts
    failure : str
        Verdict on a fit that failed its checks, shown on every slide; empty for a sound one.
    created : str
        When the fit was made, ISO 8601.
    """

    presentation: Any
    layouts: Layouts
    failure: str
    created: str

    def opening(self, title: str, lines: Sequence[str], *, notes: str) -> None:
        """Add the title slide."""
        slide = self.presentation.slides.add_slide(self.layouts.title)
        self._write_title(slide, title)
        others = [shape for shape in slide.placeholders if shape.placeholder_format.type not in TITLES]
        subtitles = [shape for shape in others if shape.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE]
        said = "\n".join(lines)
        if subtitles:
            holder = subtitles[0]
            area = Area(holder.left, holder.top, holder.width, holder.height)
            others.remove(holder)
            holder.text_frame.text = said
            self._set_size(
                holder.text_frame, fitting_size(said, sizes=TEXT_SIZES, width=area.width, height=area.height)
            )
        else:
            area = self.layouts.area
            self.text(slide, area, lines)
        _remove(others)
        if self.failure:
            below = text_height(self.failure, 14, width=area.width)
            bottom = self.presentation.slide_height - below - GAP
            self._banner(slide, Area(area.left, bottom, area.width, below))
        slide.notes_slide.notes_text_frame.text = notes

    def slide(self, title: str, *, notes: str) -> tuple[Any, Area]:
        """Add a slide with a title; give it with the area that is free."""
        slide, area, holder = self._begin(title, notes=notes)
        if holder is not None:
            _remove([holder])
        return slide, area

    def text_slides(self, title: str, paragraphs: Sequence[str], *, notes: str) -> None:
        """Add slides of running text, as many as it takes, in the template's own text placeholder."""
        pages = self._pages(paragraphs)
        for i, (page, size) in enumerate(pages, start=1):
            slide, area, holder = self._begin(numbered(title, i, len(pages)), notes=notes)
            if holder is None:
                self.text(slide, area, page, size=size)
                continue
            holder.left, holder.top, holder.width, holder.height = area.left, area.top, area.width, area.height
            self._fill(holder.text_frame, page, size)

    def text(
        self, slide: Any, area: Area, paragraphs: Sequence[str], *, size: float | None = None, bold: bool = False
    ) -> None:
        """Write running text into an area, in the largest size at which it fits."""
        box = slide.shapes.add_textbox(area.left, area.top, area.width, area.height)
        fitting = fitting_size("\n".join(paragraphs), sizes=TEXT_SIZES, width=area.width, height=area.height)
        self._fill(box.text_frame, paragraphs, fitting if size is None else size)
        for paragraph in box.text_frame.paragraphs:
            paragraph.font.bold = bold or None

    @property
    def free_height(self) -> int:
        """Height below the title, and below the warning if there is one."""
        area = self.layouts.area
        return area.height - (text_height(self.failure, SMALLEST, width=area.width) + GAP if self.failure else 0)

    def footnote_height(self, words: str) -> int:
        """Height that a footnote takes of a slide, with the space above it."""
        return text_height(words, SMALLEST, width=self.layouts.area.width) + GAP if words else 0

    def table(self, slide: Any, area: Area, table: ReadableTable) -> Area:
        """Add a table in the template's style, with what its intervals are below it; give what is free below both."""
        below = add_table(slide, area, table, style=self.layouts.table_style)
        if not table.note:
            return below
        note = on_a_slide(table.note)
        height = text_height(note, SMALLEST, width=below.width)
        self.text(slide, below.upper(height), [note], size=SMALLEST)
        return below.below(height)

    def footnote(self, slide: Any, area: Area, words: str) -> Area:
        """Write at the lower edge of an area in the smallest size; give what is left above it."""
        words = on_a_slide(words)
        height = text_height(words, SMALLEST, width=area.width)
        self.text(slide, area.below(area.height - height), [words], size=SMALLEST)
        return area.upper(area.height - height)

    def content(self) -> bytes:
        """Give the file; the same slides give the same bytes."""
        properties = self.presentation.core_properties
        at = datetime.fromisoformat(self.created)
        properties.created = properties.modified = at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
        written, settled = io.BytesIO(), io.BytesIO()
        self.presentation.save(written)
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
            for item in source.infolist():
                target.writestr(zipfile.ZipInfo(item.filename, EPOCH), source.read(item), zipfile.ZIP_DEFLATED)
        return settled.getvalue()

    # --- behind them ----------------------------------------------------------------------------

    def _begin(self, title: str, *, notes: str) -> tuple[Any, Area, Any]:
        slide = self.presentation.slides.add_slide(self.layouts.content)
        self._write_title(slide, title)
        holder = None
        for shape in list(slide.placeholders):
            if shape.placeholder_format.idx == self.layouts.body:
                holder = shape
            elif shape.placeholder_format.type not in TITLES:
                _remove([shape])
        _number(slide)
        area = self.layouts.area
        if self.failure:
            height = text_height(self.failure, SMALLEST, width=area.width)
            self._banner(slide, area.upper(height))
            area = area.below(height + GAP)
        slide.notes_slide.notes_text_frame.text = notes
        return slide, area, holder

    def _banner(self, slide: Any, area: Area) -> None:
        self.text(slide, area, [self.failure], size=SMALLEST, bold=True)
        for paragraph in slide.shapes[-1].text_frame.paragraphs:
            paragraph.font.color.rgb = RGBColor.from_string(WARNING_COLOUR[1:])

    def _write_title(self, slide: Any, words: str) -> None:
        title = slide.shapes.title
        title.text_frame.text = words
        own = _points_of_title(slide.slide_layout)
        sizes = (own, *(size for size in TITLE_SIZES if size < own))
        size = fitting_size(words, sizes=sizes, width=title.width, height=title.height)
        if size < own:  # else the template's size stays, whoever changes it later
            self._set_size(title.text_frame, size)

    def _fill(self, frame: Any, paragraphs: Sequence[str], size: float) -> None:
        frame.text = "\n".join(paragraphs)
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        self._set_size(frame, size)
        for paragraph in frame.paragraphs[:-1]:
            paragraph.space_after = Pt(size / 2)

    def _set_size(self, frame: Any, size: float) -> None:
        for paragraph in frame.paragraphs:
            paragraph.font.size = Pt(size)
            for run in paragraph.runs:
                run.font.size = Pt(size)

    def _pages(self, paragraphs: Sequence[str]) -> list[tuple[list[str], float]]:
        """Cut paragraphs into slides: all on one at a smaller size, or else several at the smallest but one."""
        area, room = self.layouts.area, self.free_height

        def height(page: Sequence[str], size: float) -> float:
            return float(sum(text_height(words, size, width=int(area.width * 0.94)) + Pt(size / 2) for words in page))

        whole = next((size for size in TEXT_SIZES[:-1] if height(paragraphs, size) <= room), None)
        if whole is not None:
            return [(list(paragraphs), whole)]
        size = TEXT_SIZES[-2]
        pages: list[list[str]] = [[]]
        for words in paragraphs:
            if pages[-1] and height([*pages[-1], words], size) > room:
                pages.append([])
            pages[-1].append(words)
        return [(page, size if height(page, size) <= room else SMALLEST) for page in pages]


def numbered(title: str, page: int, n_pages: int) -> str:
    """Say which of several slides one is.

    Examples
    --------
    >>> numbered("The plan", 1, 1), numbered("The plan", 2, 3)
    ('The plan', 'The plan (2 of 3)')
    """
    return title if n_pages == 1 else f"{title} ({page} of {n_pages})"


def on_a_slide(header: str) -> str:
    """Header of a table whose column of warnings is not shown: the warning itself is on the slide.

    Examples
    --------
    >>> on_a_slide("NOT CONVERGED, see the column 'warning'; margin ROI")
    'NOT CONVERGED; margin ROI'
    """
    return header.replace(f", see the column {schema.WARNING_COLUMN!r}", "")


def _remove(shapes: Sequence[Any]) -> None:
    for shape in shapes:
        shape.element.getparent().remove(shape.element)


def _number(slide: Any) -> None:
    """Show the slide's number where the layout has a place for it: new slides are not given one."""
    for shape in slide.slide_layout.placeholders:
        if shape.placeholder_format.type == FOOTERS[-1]:
            number = copy.deepcopy(shape.element)
            [properties] = number.xpath("p:spPr")
            for child in list(properties):  # its place stays that of the layout
                properties.remove(child)
            [identity] = number.xpath("p:nvSpPr/p:cNvPr")
            identity.set("id", str(max(int(found) for found in slide.shapes._spTree.xpath(".//p:cNvPr/@id")) + 1))
            slide.shapes._spTree.append(number)


def _points_of_title(layout: Any) -> float:
    """Size of a layout's titles: its own, that of the master's placeholder, or that of the master's style."""
    found = [
        *layout.element.xpath(
            "p:cSld/p:spTree/p:sp[.//p:ph[@type='title' or @type='ctrTitle']]//a:lvl1pPr/a:defRPr/@sz"
        ),
        *layout.slide_master.element.xpath("p:cSld/p:spTree/p:sp[.//p:ph[@type='title']]//a:lvl1pPr/a:defRPr/@sz"),
        *layout.slide_master.element.xpath("p:txStyles/p:titleStyle/a:lvl1pPr/a:defRPr/@sz"),
    ]
    return int(found[0]) / 100 if found else POWERPOINTS_OWN
