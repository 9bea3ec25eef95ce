"""Sections of one's own say what they are about, and hold what can be shown."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import mmm
from mmm.errors import ReportError


def test_empty_lines_part_paragraphs():
    assert mmm.Section("A", "one\ntwo\n\n\n\nthree\n").paragraphs == ("one\ntwo", "three")
    assert mmm.Section("A", "").paragraphs == ()


def test_charts_may_be_drawn_or_draw():
    figure, ax = plt.subplots()
    for chart in (figure, ax, lambda: ax):
        assert mmm.Section("A", "", chart=chart).chart is chart


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"title": "", "text": "x"}, r"Section\(title=''(.|\n)*give it a title"),
        ({"title": "A", "text": None}, "text=None"),
        ({"title": "A", "text": "", "table": [1]}, "the table of section 'A' is a list"),
        ({"title": "A", "text": "", "table": pd.DataFrame([[1, 2]], columns=["a", "a"])}, "has a column twice"),
        ({"title": "A", "text": "", "chart": "chart.png"}, r"is a str(.|\n)*such as report.plot_roi"),
    ],
)
def test_what_cannot_be_shown_is_refused(options, message):
    with pytest.raises(ReportError, match=message):
        mmm.Section(**options)
