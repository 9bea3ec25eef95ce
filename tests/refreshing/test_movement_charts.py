"""The charts of what moved draw their tables."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.charting import TOTAL_COLOUR, channel_colours
from mmm.errors import ReportError
from mmm.refreshing.movement_charts import PARTS, plot_decomposition, plot_drift
from mmm.refreshing.vintages import Vintages
from tests.refreshing.test_sentences import DRIFT, PARTS as MADE_UP

LABEL = "margin ROI within 104 weeks"


def written(ax):
    return [text.get_text() for text in ax.texts]


def drawn(drift=DRIFT, **settings):
    chosen = {"colours": channel_colours(["tv", "radio", "print"]), "label": LABEL, "prob": 0.9, "is_money": True}
    return plot_drift(drift, **chosen | settings)


def test_both_answers_stand_at_their_channel_with_their_intervals():
    ax = drawn()
    old, new = ax.collections[1], ax.collections[3]  # dots; lines lie below them
    rows = DRIFT.iloc[::-1]
    np.testing.assert_array_equal(old.get_offsets()[:, 0].filled(np.nan), rows["old"])
    np.testing.assert_array_equal(new.get_offsets()[:, 0].filled(np.nan), rows["new"])
    assert (old.get_offsets()[:, 1] > new.get_offsets()[:, 1]).all()
    # the line of a channel without spend has no points
    spans = [segment[:, 0].tolist() for segment in ax.collections[2].get_segments() if len(segment)]
    assert spans[0] == rows[["new_lower", "new_upper"]].iloc[0].tolist()
    assert [label.get_text() for label in ax.get_yticklabels()] == rows["channel"].tolist()
    assert LABEL in ax.get_xlabel()
    assert "90%" in ax.get_xlabel()


def test_what_drifted_is_written_beside_it():
    assert written(drawn()) == ["z = +0.0", "no spend", "z = \N{MINUS SIGN}2.4, amber", "z = +0.6"]


def test_break_even_is_drawn_for_money_alone():
    assert len(drawn().lines) == 1
    assert not drawn(is_money=False).lines


def test_parts_go_from_zero_outwards_and_end_where_they_sum():
    ax = plot_decomposition(MADE_UP, label=LABEL)
    bars = {container.get_label(): container for container in ax.containers}
    raised, lowered = (bars["new weeks"].patches[2], bars["restated history"])
    assert raised.get_width() == pytest.approx(0.183)  # tv, the uppermost
    assert lowered.patches[2].get_width() == 0  # what lowers is drawn to the left, in a container of its own
    left = [patch for container in ax.containers for patch in container if patch.get_width() < 0]
    assert sorted(patch.get_width() for patch in left) == pytest.approx([-0.79, -0.135])
    assert all(patch.get_x() == 0 for patch in left)
    rightmost = max(patch.get_x() + patch.get_width() for patch in ax.patches)
    assert rightmost == pytest.approx(0.183 + 0.022)  # one part begins where the last one ended
    marks = ax.collections[-1]
    np.testing.assert_array_equal(marks.get_offsets()[:, 0], MADE_UP["total"].iloc[::-1])


def test_what_lowers_begins_where_the_last_part_that_lowers_ended():
    parts = MADE_UP.assign(restated=-0.2, new_weeks=0.5, model=-0.3, total=0.0)
    ax = plot_decomposition(parts, label=LABEL)
    left = [patch for container in ax.containers for patch in container if patch.get_width() < 0]
    assert sorted({(patch.get_x(), patch.get_width()) for patch in left}) == [(-0.2, -0.3), (0.0, -0.2)]


def test_the_legend_names_the_parts_that_are_there():
    ax = plot_decomposition(MADE_UP, label=LABEL)
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["together", "restated history", "new weeks", "chance of the sampler"]
    colours = {container.get_label(): container.patches[0].get_facecolor() for container in ax.containers}
    assert len({colours[name] for name in names[1:]}) == 3
    assert {*mmm.schema.DECOMPOSITION_COLUMNS} == {"channel", *PARTS, "total"}


def test_a_channel_without_spend_has_no_parts_and_says_so():
    parts = MADE_UP.copy()
    parts.loc[1, parts.columns[1:]] = np.nan
    ax = plot_decomposition(parts, label=LABEL)
    assert written(ax) == ["no spend"]


def test_nothing_that_moved_is_a_chart_all_the_same():
    still = MADE_UP.assign(**dict.fromkeys([*PARTS, "total"], 0.0))
    ax = plot_decomposition(still, label=LABEL)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["together"]


def test_a_refresh_draws_its_own_tables_on_the_axes_that_are_given(posterior):
    again = mmm.Refresh(posterior, posterior, Vintages(posterior.data, posterior.data))
    _, axes = plt.subplots(2)
    drift = again.drift(prob=0.8)
    ax = again.plot_drift(prob=0.8, ax=axes[0])
    assert ax is axes[0]
    np.testing.assert_array_equal(ax.collections[1].get_offsets()[:, 0], drift["old"].iloc[::-1])
    assert "80%" in ax.get_xlabel()
    assert ax.collections[3].get_facecolor()[0] == pytest.approx(plt.matplotlib.colors.to_rgba(TOTAL_COLOUR))
    parts = pd.DataFrame({"channel": drift["channel"], **dict.fromkeys(PARTS, 0.0), "total": 0.0})
    assert again.plot_decomposition(parts, ax=axes[1]) is axes[1]
    with pytest.raises(ReportError, match="does not add up"):
        again.plot_decomposition(parts.assign(total=1.0))


def test_a_fit_that_failed_is_written_across_its_charts(posterior, unconverged_posterior):
    failed = mmm.Refresh(unconverged_posterior, posterior, Vintages(posterior.data, posterior.data))
    assert failed.warning.startswith("last fit: ")
    assert any(" ".join(text.split()) in failed.warning for text in written(failed.plot_drift()) if "fit" in text)
    assert mmm.Refresh(posterior, posterior, Vintages(posterior.data, posterior.data)).warning == ""
