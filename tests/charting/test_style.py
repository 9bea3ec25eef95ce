"""What charts share, read back from the artists."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from mmm.charting import axes_of, date_axis, finish, legend_above, name_axis, week_axis, write_beside, write_warning


@pytest.fixture
def ax():
    return plt.subplots()[1]


def test_given_axes_are_used_and_a_figure_is_made_where_there_are_none(ax):
    assert axes_of(ax) is ax
    made = axes_of(None, width=7, height=3)
    assert made is not ax
    assert tuple(made.figure.get_size_inches()) == (7, 3)


def test_a_warning_stands_across_the_middle_and_nothing_where_there_is_none(ax):
    write_warning(ax, "")
    assert len(ax.texts) == 0
    finish(ax, title="Title", warning="NOT CONVERGED: " + "words " * 30)
    (text,) = ax.texts
    assert (text.get_position(), text.get_transform()) == ((0.5, 0.5), ax.transAxes)
    assert max(map(len, text.get_text().split("\n"))) <= 60
    assert ax.get_title(loc="left") == "Title"


def test_the_legend_begins_with_what_it_is_told(ax):
    for label in ("band", "median", "actual"):
        ax.plot([0, 1], [0, 1], label=label)
    legend_above(ax, first="actual", ncols=3)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["actual", "band", "median"]
    legend_above(ax, handles=ax.lines[:1], ncols=1)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["band"]


def test_long_names_are_written_in_several_lines(ax):
    name_axis(ax, ["tv", "addressable television prospecting and retargeting"], at=[0, 1])
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["tv", "addressable television prospecting\nand retargeting"]


def test_words_stand_beside_the_chart_at_a_height_of_the_data(ax):
    write_beside(ax, 0.25, "a quarter")
    (text,) = ax.texts
    assert (text.xy, text.xycoords, text.get_text()) == ((1.01, 0.25), ("axes fraction", "data"), "a quarter")


@pytest.mark.parametrize(("last", "second"), [(13, 2), (26, 2), (104, 13), (300, 26), (500, 52)])
def test_weeks_are_labelled_in_quarters_where_there_are_enough(ax, last, second):
    week_axis(ax, last=last)
    assert ax.get_xlim() == (0, last)
    assert ax.get_xticks()[1] == second


def test_dates_are_few(ax):
    dates = pd.date_range("2022-01-03", periods=400, freq="W-MON")
    ax.plot(dates, range(400))
    date_axis(ax, maxticks=5)
    ax.figure.canvas.draw()
    assert len(ax.get_xticks()) <= 6
