"""Small charts side by side: how many in a row, and that none lies on another."""

import matplotlib.pyplot as plt
import pytest

from mmm.charting import panels


@pytest.mark.parametrize(("n", "columns", "rows"), [(1, 1, 1), (4, 4, 1), (5, 3, 2), (20, 4, 5)])
def test_rows_are_even_and_nothing_overlaps(n, columns, rows):
    outer, small = panels(None, [f"channel {i} with a name that needs two lines" for i in range(n)])
    assert len(small) == n
    outer.figure.canvas.draw()
    corners = [(round(panel.get_position().x0, 3), round(panel.get_position().y0, 3)) for panel in small]
    assert (len({x for x, _ in corners}), len({y for _, y in corners})) == (columns, rows)
    boxes = [panel.get_tightbbox() for panel in small]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_given_axes_are_divided_and_keep_their_labels():
    _, given = plt.subplots(figsize=(5, 3))
    outer, small = panels(given, ["tv", "radio"])
    assert outer is given
    assert given.child_axes == small
    assert [panel.get_title(loc="left") for panel in small] == ["tv", "radio"]
    assert not any(spine.get_visible() for spine in given.spines.values())
