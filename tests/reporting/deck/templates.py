"""A company's template, made here: its own size, fonts, colours, order and names of layouts, and slides of its own."""

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

NAMES = {"Title Slide": "Titelfolie", "Two Content": "Zwei Inhalte", "Title and Content": "Titel und Inhalt",
         "Title Only": "Nur Titel", "Blank": "Leer"}  # fmt: skip
TABLE_STYLE = "{073A0DAA-6AF3-43AB-8588-CEC1D06C72B9}"


def corporate(path, *, keep=tuple(NAMES), width=10.0, height=7.5, n_slides=2):
    """Write a template; layouts come in the reverse of the usual order."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(width), Inches(height)
    for layout in list(presentation.slide_layouts):
        if layout.name in keep:
            layout.name = NAMES[layout.name]
        else:
            presentation.slide_layouts.remove(layout)
    order = presentation.slide_master.element.find(qn("p:sldLayoutIdLst"))
    for entry in list(order)[::-1]:
        order.append(entry)
    theme = presentation.slide_master.part.part_related_by(RT.THEME)
    theme.blob = theme.blob.replace(b'"Calibri"', b'"Georgia"').replace(b"4F81BD", b"7B1E3B")
    for relation in presentation.part.rels.values():
        if relation.reltype == RT.TABLE_STYLES:
            styles = relation.target_part
            styles.blob = styles.blob.replace(b"{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}", TABLE_STYLE.encode())
    for i in range(n_slides):
        slide = presentation.slides.add_slide(presentation.slide_layouts[-1])
        slide.shapes.title.text = f"an old slide {i}"
    with_sections(presentation)
    presentation.save(path)
    return path


def with_sections(presentation):
    """Name the slides in a section and in a custom show, as PowerPoint does."""
    ids = [slide.get("id") for slide in presentation.slides._sldIdLst]
    p14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"
    entries = "".join(f'<p14:sldId id="{one}"/>' for one in ids)
    presentation.part._element.append(
        parse_xml(
            f'<p:extLst {nsdecls("p")}><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}">'
            f'<p14:sectionLst xmlns:p14="{p14}"><p14:section name="all" id="{{6A5DD7E0-0000-4000-8000-000000000001}}">'
            f"<p14:sldIdLst>{entries}</p14:sldIdLst></p14:section></p14:sectionLst></p:ext></p:extLst>"
        )
    )
