"""Tables on slides: at most ten rows, nothing below twelve points, all of it inside its area."""

import pytest
from pptx.util import Inches, Pt

from mmm.reporting.content import ReadableTable
from mmm.reporting.deck.place import Area
from mmm.reporting.deck.tables import MOST_ROWS, add_table, joined, pages_of, table_height
from mmm.reporting.deck.template import open_presentation

AREA = Area(Inches(0.5), Inches(1.5), Inches(9), Inches(5))


def table(n_rows=3, *, name="tv", number="0.79 (-0.23 to 2.44)", note="what it is"):
    rows = tuple((f"{name} {i}", number) for i in range(n_rows))
    return ReadableTable(headings=("channel", "ROI"), rows=rows, is_number=(False, True), note=note)


@pytest.fixture
def slide():
    presentation = open_presentation(None)
    return presentation.slides.add_slide(presentation.slide_layouts[2])


@pytest.mark.parametrize(("n_rows", "lengths"), [(3, [3]), (10, [10]), (11, [6, 5]), (21, [7, 7, 7]), (0, [0])])
def test_a_long_table_goes_on_over_slides_of_about_the_same_length(n_rows, lengths):
    pages = list(pages_of(table(n_rows), AREA))
    assert [len(page.rows) for page in pages] == lengths
    assert [row[0] for page in pages for row in page.rows] == [row[0] for row in table(n_rows).rows]


def test_rows_that_need_more_room_get_more_slides():
    wide = table(10, name="a name of a channel that says at length where, when and why it is bought " * 3)
    pages = list(pages_of(wide, Area(0, 0, Inches(4), Inches(4))))
    assert len(pages) > 1
    assert all(table_height(page, Area(0, 0, Inches(4), Inches(4))) <= Inches(4) for page in pages)


@pytest.mark.parametrize("name", ["tv", "=cmd|' /C calc'!A0", '<b>"tv" & co</b>', "x" * 400])
def test_cells_hold_the_text_and_stay_inside(slide, name):
    [page] = pages_of(table(2, name=name), AREA)
    free = add_table(slide, AREA, page, style="")
    [frame] = [shape for shape in slide.shapes if shape.has_table]
    cells = [[cell.text_frame.text for cell in row.cells] for row in frame.table.rows]
    assert cells[0] == ["channel", "ROI"]
    assert cells[1][0] == f"{name} 0" or ("…" in cells[1][0] and len(cells[1][0]) == 300)
    # in one piece: no line ends inside of an interval, nor after its minus
    assert cells[1][1] == "0.79 (\N{MINUS SIGN}0.23\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}2.44)"
    assert frame.left == AREA.left
    assert frame.left + frame.width <= AREA.left + AREA.width
    assert frame.top + sum(row.height for row in frame.table.rows) == free.top <= AREA.bottom
    sizes = [run.font.size for row in frame.table.rows for cell in row.cells for p in cell.text_frame.paragraphs
             for run in p.runs]  # fmt: skip
    assert min(sizes) >= Pt(12)


def test_the_total_is_set_apart(slide):
    with_total = ReadableTable(("channel", "ROI"), (("tv", "1"), ("total", "1")), (False, True), "")
    add_table(slide, AREA, with_total, style="{2D5ABB26-0587-4C30-8999-92F81FD0307C}")
    [frame] = [shape for shape in slide.shapes if shape.has_table]
    assert frame.table.last_row
    assert "{2D5ABB26-0587-4C30-8999-92F81FD0307C}" in frame._element.xml


def test_tables_of_the_same_rows_stand_side_by_side():
    both = joined(table(2), table(2, number="1"))
    assert both.headings == ("channel", "ROI", "channel", "ROI")
    assert both.rows[1] == ("tv 1", "0.79 (-0.23 to 2.44)", "tv 1", "1")
    assert (len(both.is_number), both.note) == (4, "what it is")
    with pytest.raises(ValueError, match="shorter"):
        joined(table(2), table(1))


def test_no_more_rows_than_people_read():
    assert MOST_ROWS == 10
