"""Layouts are known by what they hold; what a company's template says stays, its slides go."""

import zipfile

import pytest
from pptx import Presentation
from pptx.util import Inches

from mmm.errors import ReportError
from mmm.reporting.deck.template import layouts_of, open_presentation
from tests.reporting.deck.templates import TABLE_STYLE, corporate


def test_layouts_are_found_whatever_their_order_and_their_names(tmp_path):
    found = layouts_of(open_presentation(corporate(tmp_path / "t.pptx")))
    assert (found.title.name, found.content.name) == ("Titelfolie", "Titel und Inhalt")
    assert found.body == 1
    assert found.table_style == TABLE_STYLE


def test_a_title_alone_leaves_the_slide_below_it(tmp_path):
    found = layouts_of(open_presentation(corporate(tmp_path / "t.pptx", keep=("Title Only", "Two Content", "Blank"))))
    assert (found.title.name, found.content.name, found.body) == ("Nur Titel", "Nur Titel", None)
    title = found.content.placeholders[0]
    assert found.area.top == title.top + title.height
    assert found.area.bottom < Inches(7.5)
    assert found.area.width > Inches(8)


def test_a_template_with_nothing_but_a_title_slide_is_used_as_it_is(tmp_path):
    found = layouts_of(open_presentation(corporate(tmp_path / "t.pptx", keep=("Title Slide",))))
    assert found.content.name == found.title.name == "Titelfolie"
    assert found.body is None


def test_a_template_without_titles_is_refused(tmp_path):
    path = corporate(tmp_path / "t.pptx", keep=("Blank",), n_slides=0)
    with pytest.raises(ReportError, match=r"its layouts: 'Leer'(.|\n)*add a layout with a title"):
        layouts_of(open_presentation(path))


def test_slides_go_with_all_that_names_them(tmp_path):
    path = corporate(tmp_path / "t.pptx")
    open_presentation(path).save(tmp_path / "empty.pptx")
    with zipfile.ZipFile(tmp_path / "empty.pptx") as file:
        assert not [name for name in file.namelist() if name.startswith(("ppt/slides/", "docProps/thumbnail"))]
        assert b"sectionLst" not in file.read("ppt/presentation.xml")
    assert len(Presentation(path).slides) == 2  # the template itself stays as it is


def test_a_potx_is_opened(tmp_path):
    path = corporate(tmp_path / "t.pptx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(tmp_path / "t.potx", "w") as target:
        for item in source.infolist():
            part = source.read(item)
            if item.filename == "[Content_Types].xml":
                part = part.replace(b"presentationml.presentation.main+xml", b"presentationml.template.main+xml")
            target.writestr(item, part)
    with pytest.raises(ValueError, match="template"):
        Presentation(tmp_path / "t.potx")
    assert layouts_of(open_presentation(tmp_path / "t.potx")).content.name == "Titel und Inhalt"


def test_what_is_no_template_is_refused(tmp_path):
    with pytest.raises(ReportError, match=r"there is no template(.|\n)*leave template out"):
        open_presentation(tmp_path / "missing.pptx")
    (tmp_path / "text.pptx").write_text("no zip")
    with pytest.raises(ReportError, match=r"is no PowerPoint template(.|\n)*save it from PowerPoint"):
        open_presentation(tmp_path / "text.pptx")
    with zipfile.ZipFile(tmp_path / "zip.pptx", "w") as file:
        file.writestr("a.txt", "no presentation")
    with pytest.raises(ReportError, match="is no PowerPoint template"):
        open_presentation(tmp_path / "zip.pptx")


def test_the_plain_design_is_wide_and_calm():
    presentation = open_presentation(None)
    assert (presentation.slide_width, presentation.slide_height) == (Inches(13.333), Inches(7.5))
    found = layouts_of(presentation)
    assert (found.title.name, found.content.name) == ("Title Slide", "Title and Content")
    assert found.area.left + found.area.width < presentation.slide_width
    assert len(presentation.slides) == 0
