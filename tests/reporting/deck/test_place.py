"""Text is given room enough, and names that are cut stay apart."""

import pytest
from pptx.util import Inches, Pt

from mmm.reporting.deck.place import INSET_X, INSET_Y, LETTER, LINE, Area, fitting_size, shorten, text_height


def lines(words, *, room, points=12):
    width = int(room * LETTER * Pt(points)) + INSET_X + 1
    return round((text_height(words, points, width=width) - INSET_Y) / (LINE * Pt(points)))


@pytest.mark.parametrize(
    ("words", "expected"),
    [("one", 1), ("", 1), ("one two", 1), ("one two three", 2), ("one\ntwo", 2), ("x" * 10, 1), ("x" * 11, 2),
     ("x" * 30 + " y", 4), ("a b c d e", 1), ("ab cd ef gh", 2)],
)  # fmt: skip
def test_words_are_kept_whole_where_they_fit(words, expected):
    assert lines(words, room=10) == expected


def test_the_largest_size_that_fits_is_taken():
    sizes = (28.0, 20.0, 12.0)
    box = {"width": Inches(5), "height": Inches(1)}
    assert fitting_size("short", sizes=sizes, **box) == 28
    assert fitting_size("word " * 12, sizes=sizes, **box) == 20
    assert fitting_size("word " * 500, sizes=sizes, **box) == 12


def test_areas_are_cut_without_a_remainder():
    area = Area(10, 20, 300, 200)
    assert area.upper(50).bottom == area.below(50).top
    assert area.below(50).bottom == area.bottom == 220
    assert area.below(1000).height == 0
    left, right = area.beside(0.3, gap=11)
    assert left.width + 11 + right.width == area.width
    assert right.left + right.width == area.left + area.width


def test_a_short_name_keeps_both_of_its_ends():
    assert shorten("tv", longest=5) == "tv"
    assert shorten("regional programme 11", longest=10) == "regio…e 11"
    assert len(shorten("x" * 100, longest=24)) == 24
