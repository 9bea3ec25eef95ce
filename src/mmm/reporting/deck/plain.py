"""The deck's own design, for people without a template: 16:9, title on the left, quiet colours."""

from __future__ import annotations

import re
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from mmm.charting import CHANNEL_COLOURS, TOTAL_COLOUR

__all__ = ["plain_presentation"]

#: Layouts of the library's own template that are kept, by how many placeholders of their own they have.
KEPT = ("Title Slide", "Title and Content", "Title Only")

#: On every computer, or another of the same widths.
FONT = "Arial"

MARGIN, WIDTH = Inches(0.6), Inches(12.13)

#: Left, top, width and height of what the master and the title slide hold.
PLACES = {
    PP_PLACEHOLDER.TITLE: (MARGIN, Inches(0.4), WIDTH, Inches(1.05)),
    PP_PLACEHOLDER.BODY: (MARGIN, Inches(1.6), WIDTH, Inches(5.2)),
    PP_PLACEHOLDER.OBJECT: (MARGIN, Inches(1.6), WIDTH, Inches(5.2)),
    PP_PLACEHOLDER.CENTER_TITLE: (MARGIN, Inches(2.0), WIDTH, Inches(1.5)),
    PP_PLACEHOLDER.SUBTITLE: (MARGIN, Inches(3.7), WIDTH, Inches(2.6)),
    PP_PLACEHOLDER.DATE: (MARGIN, Inches(6.95), Inches(2.5), Inches(0.35)),
    PP_PLACEHOLDER.FOOTER: (Inches(4.4), Inches(6.95), Inches(4.5), Inches(0.35)),
    PP_PLACEHOLDER.SLIDE_NUMBER: (Inches(10.73), Inches(6.95), Inches(2.0), Inches(0.35)),
}


def plain_presentation() -> Any:
    """Give an empty presentation in 16:9, made from the library's own 4:3."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(13.333), Inches(7.5)
    for layout in list(presentation.slide_layouts):
        if layout.name not in KEPT:
            presentation.slide_layouts.remove(layout)
    master = presentation.slide_master
    for holder in (master, *presentation.slide_layouts):
        for shape in holder.placeholders:
            shape.left, shape.top, shape.width, shape.height = map(Emu, PLACES[shape.placeholder_format.type])
    _quiet(presentation)
    theme = master.part.part_related_by(RT.THEME)
    theme.blob = _our_own(theme.blob.decode()).encode()
    properties = presentation.core_properties
    properties.author, properties.last_modified_by = "", ""
    return presentation


def _quiet(presentation: Any) -> None:
    """Titles on the left and smaller, text in the size of a reader; the title slide like the others."""
    master = presentation.slide_master
    for style, points in (("p:titleStyle", 28), ("p:bodyStyle", 18)):
        [first] = master.element.xpath(f"p:txStyles/{style}/a:lvl1pPr")
        first.set("algn", "l")
        font = first.find(qn("a:defRPr"))
        font.set("sz", str(Pt(points).centipoints))
        font.set("b", "1" if style == "p:titleStyle" else "0")
    for shape in master.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.TITLE:
            shape.text_frame._txBody.bodyPr.set("anchor", "b")
    for layout in presentation.slide_layouts:
        for style in layout.element.iter(qn("a:lvl1pPr")):
            if style.get("algn") == "ctr":
                style.set("algn", "l")
                for colour in style.iter(qn("a:tint")):  # half-grey text does not reach the last row of a room
                    colour.getparent().remove(colour)


def _our_own(theme: str) -> str:
    """Put the colours of the charts and our font into a theme."""
    colours = {f"accent{i}": colour for i, colour in enumerate(CHANNEL_COLOURS[:6], start=1)}
    for name, colour in (
        {"dk1": TOTAL_COLOUR, "lt1": "#FFFFFF", "dk2": TOTAL_COLOUR, "lt2": "#F2F4F7"} | colours
    ).items():
        new = f'<a:{name}><a:srgbClr val="{colour[1:]}"/></a:{name}>'
        theme = re.sub(rf"<a:{name}>.*?</a:{name}>", new, theme, count=1)
    return theme.replace('<a:latin typeface="Calibri"/>', f'<a:latin typeface="{FONT}"/>')
