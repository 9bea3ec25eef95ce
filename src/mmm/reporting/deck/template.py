"""What a deck is built on: a company's template, or a plain one of our own.

Layouts are known by what they hold and not by their names, which are in the company's language.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PackageNotFoundError
from pptx.opc.constants import RELATIONSHIP_TYPE as RT

from mmm.errors import ReportError
from mmm.reporting.deck.place import Area
from mmm.reporting.deck.plain import plain_presentation

__all__ = ["Layouts", "layouts_of", "open_presentation"]

TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
CONTENTS = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
FOOTERS = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)

#: A placeholder for content has at least this share of the slide's width and of its height.
WIDE, HIGH = 0.6, 0.35

#: Content types by which PowerPoint tells a template from a presentation; only the second can be opened to write.
AS_TEMPLATE, AS_PRESENTATION = (f"presentationml.{kind}.main+xml" for kind in ("template", "presentation"))


@dataclass(frozen=True, eq=False)
class Layouts:
    """The two layouts that a deck uses.

    Attributes
    ----------
    title, content : SlideLayout
    area : Area
        Of the content.
    body : int or None
        Index of the placeholder for content, where the layout has one.
    table_style : str
        What the company's tables look like by default; empty where the template does not say.
    """

    title: Any
    content: Any
    area: Area
    body: int | None
    table_style: str


def open_presentation(template: str | PathLike[str] | None) -> Any:
    """Open a template without its slides, or make a plain presentation in 16:9.

    Parameters
    ----------
    template : path or None
        ``.pptx`` or ``.potx``. Masters, layouts, theme and size of the slides stay; its slides, sections and custom
        shows go.

    Raises
    ------
    ReportError
        If it is missing, or no PowerPoint file.
    """
    if template is None:
        return plain_presentation()
    source = Path(template)
    if not source.is_file():
        raise ReportError(
            f"there is no template {str(source)!r}",
            "a deck in another design is not the one that was asked for",
            "check the path, or leave template out",
        )
    try:
        presentation = Presentation(io.BytesIO(_as_presentation(source.read_bytes())))
    except (zipfile.BadZipFile, PackageNotFoundError, ValueError, KeyError) as error:
        raise ReportError(
            f"{str(source)!r} is no PowerPoint template: {error}",
            "its masters and layouts cannot be read",
            "save it from PowerPoint as .pptx or .potx, without a password",
        ) from error
    _drop_slides(presentation)
    return presentation


def layouts_of(presentation: Any) -> Layouts:
    """Find the layouts of the title slide and of all others.

    A title slide has a centred title or a subtitle. The others have a title across the slide and one large placeholder
    for content, or else a title alone, or else a title.

    Raises
    ------
    ReportError
        If no layout has a title.
    """
    size = presentation.slide_width, presentation.slide_height
    titled = [layout for layout in presentation.slide_layouts if _title(layout) is not None]
    if not titled:
        names = ", ".join(repr(layout.name) for layout in presentation.slide_layouts) or "none"
        raise ReportError(
            f"no layout of the template has a title placeholder; its layouts: {names}",
            "slides would have no titles, in the outline and for people who are read to",
            "add a layout with a title to its slide master, or leave template out",
        )
    upright = [layout for layout in titled if _is_across(_title(layout), size)] or titled
    openings = [layout for layout in upright if _of(layout, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.SUBTITLE)]
    plain = [layout for layout in upright if layout not in openings] or upright
    with_content = [(layout, found) for layout in plain if (found := _content(layout, size)) is not None]
    if with_content:
        content, holder = max(with_content, key=lambda found: found[1].width * found[1].height)
        area = Area(holder.left, holder.top, holder.width, holder.height)
        body: int | None = holder.placeholder_format.idx
    else:
        content = min(plain, key=lambda layout: len(_of(layout, *CONTENTS)))
        area, body = _under_the_title(content, size), None
    return Layouts(openings[0] if openings else content, content, area, body, _table_style(presentation))


def _table_style(presentation: Any) -> str:
    for relation in presentation.part.rels.values():
        if relation.reltype == RT.TABLE_STYLES:
            return str(etree.fromstring(relation.target_part.blob).get("def", ""))
    return ""


def _title(layout: Any) -> Any:
    return next(iter(_of(layout, *TITLES)), None)


def _of(layout: Any, *kinds: Any) -> list[Any]:
    return [shape for shape in layout.placeholders if shape.placeholder_format.type in kinds]


def _is_upright(shape: Any) -> bool:
    return bool(shape.element.ph.get("orient") != "vert")


def _is_across(title: Any, size: tuple[int, int]) -> bool:
    return _is_upright(title) and bool(title.width >= WIDE * size[0] and title.top < size[1] / 2)


def _content(layout: Any, size: tuple[int, int]) -> Any:
    """The one large placeholder for content of a layout, if it has one and nothing else to fill."""
    title = _title(layout)
    others = [
        shape
        for shape in layout.placeholders
        if shape.placeholder_format.type not in (*TITLES, *FOOTERS) and _is_upright(shape)
    ]
    if len(others) != 1 or others[0].placeholder_format.type not in CONTENTS:
        return None
    [only] = others
    is_large = only.width >= WIDE * size[0] and only.height >= HIGH * size[1]
    return only if is_large and only.top >= title.top + title.height // 2 else None


def _under_the_title(layout: Any, size: tuple[int, int]) -> Area:
    """From the title to the footers, or to the margin."""
    width, height = size
    title = _title(layout)
    top = title.top + title.height
    margin = width // 20
    below = [shape.top for shape in _of(layout, *FOOTERS) if shape.top > top]
    bottom = min([*below, height - margin // 2])
    left, across = (title.left, title.width) if title.width >= WIDE * width else (margin, width - 2 * margin)
    return Area(left, top, across, bottom - top)


def _as_presentation(content: bytes) -> bytes:
    """Turn a ``.potx`` into what can be opened: the same parts under another content type."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        types = source.read("[Content_Types].xml")
        if AS_TEMPLATE.encode() not in types:
            return content
        changed = io.BytesIO()
        with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
            for item in source.infolist():
                is_types = item.filename == "[Content_Types].xml"
                part = types.replace(AS_TEMPLATE.encode(), AS_PRESENTATION.encode()) if is_types else source.read(item)
                target.writestr(item, part)
    return changed.getvalue()


def _drop_slides(presentation: Any) -> None:
    """Take out all slides, and what names them: PowerPoint would want to repair the file."""
    slides = presentation.slides._sldIdLst  # the library has no public way to remove a slide
    for slide in list(slides):
        presentation.part.drop_rel(slide.rId)
        slides.remove(slide)
    root = presentation.part._element
    for path in ("p:custShowLst", "p:extLst/p:ext[*[local-name()='sectionLst']]"):
        for element in root.xpath(path):
            element.getparent().remove(element)
    package = presentation.part.package
    for relation in list(package.iter_rels()):
        if relation.reltype == RT.THUMBNAIL:
            package.drop_rel(relation.rId)
