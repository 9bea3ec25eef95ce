"""What became of an answer and why, in words that are held to the tables they come from."""

from types import SimpleNamespace

import pandas as pd
import pytest

from mmm.errors import ReportError
from mmm.refreshing.sentences import check_decomposition, what_channels_brought, why_it_moved

DRIFT = pd.DataFrame(
    [
        ("tv", 0.92, 0.29, 2.33, 0.99, 0.34, 2.29, 0.62, "ok"),
        ("radio", 1.50, 0.90, 2.40, 0.71, 0.40, 1.10, -2.41, "amber"),
        ("print", float("nan"), *(float("nan"),) * 6, "no spend"),
        ("total", 0.84, 0.45, 1.60, 0.84, 0.45, 1.60, 0.0, "ok"),
    ],
    columns=["channel", "old", "old_lower", "old_upper", "new", "new_lower", "new_upper", "z", "flag"],
)
PARTS = pd.DataFrame(
    [
        ("tv", -0.135, 0.183, 0.0, 0.0, 0.022, 0.07),
        ("radio", 0.0, -0.79, 0.0, 0.0, 0.0, -0.79),
        ("total", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    ],
    columns=["channel", "restated", "new_weeks", "model", "experiments", "monte_carlo", "total"],
)


def vintages(*, n_new=13, n_dropped=0, n_earlier=0, frequency="weekly"):
    return SimpleNamespace(
        n_new=n_new, n_dropped=n_dropped, n_earlier=n_earlier, new=SimpleNamespace(frequency=frequency)
    )


def said(parts=PARTS, **window):
    return why_it_moved(
        DRIFT, parts, vintages=vintages(**window), label="margin ROI", horizon_weeks=104.0, prob=0.9
    )  # fmt: skip


def test_each_answer_with_its_intervals_its_parts_and_a_verdict():
    tv, radio, total = said()
    assert tv == (
        "tv's margin ROI within 104 weeks moved from 0.92 (90%: 0.29 to 2.33) to 0.99 (0.34 to 2.29): -0.14 from "
        "restated history, +0.18 from 13 new weeks and +0.02 by chance of the sampler. That is no more than 13 new "
        "weeks alone would explain (z = 0.6)."
    )
    assert radio == (
        "radio's margin ROI within 104 weeks moved from 1.5 (90%: 0.9 to 2.4) to 0.71 (0.40 to 1.10): -0.79 from 13 "
        "new weeks. That is more than 13 new weeks alone would explain (z = -2.4, amber)."
    )
    assert total == (
        "The margin ROI of all channels together within 104 weeks moved from 0.84 (90%: 0.45 to 1.60) to 0.84 (0.45 "
        "to 1.60). That is no more than 13 new weeks alone would explain (z = 0.0)."
    )


def test_parts_are_written_to_the_digits_of_the_smaller_answer_and_left_out_where_they_are_nothing_beside_it():
    tv = said(PARTS.assign(monte_carlo=0.004, restated=-0.047))[0]
    assert "(0.34 to 2.29): -0.05 from restated history and +0.18 from 13 new weeks. That" in tv


def test_without_parts_nothing_is_said_of_causes():
    assert "to 0.99 (0.34 to 2.29). That is" in said(parts=None)[0]


@pytest.mark.parametrize(
    ("window", "explained"),
    [
        ({"n_new": 0}, "no more than chance alone would explain"),
        ({"n_new": 3, "frequency": "monthly"}, "no more than 3 new months alone would explain"),
        ({"n_new": 91, "frequency": "daily"}, "no more than 91 new days alone would explain"),
        ({"n_dropped": 13}, "no more than the periods that came and went alone would explain"),
        ({"n_new": 0, "n_earlier": 52}, "no more than the periods that came and went alone would explain"),
    ],
)
def test_what_may_have_moved_it_is_named_as_it_is(window, explained):
    assert explained in said(**window)[0]


def test_parts_that_add_up_pass_also_if_they_were_written_to_a_file():
    check_decomposition(PARTS, DRIFT)
    check_decomposition(PARTS.assign(order="restated first"), DRIFT)
    check_decomposition(PARTS.assign(total=PARTS["total"] * (1 + 1e-8)), DRIFT)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ("all of it", r"decomposition= is str(.|\n)*refreshed\.decomposition\(\)"),
        (DRIFT, r"decomposition= is a table of channel, old"),
        (pd.concat([PARTS, PARTS]), r"a channel more than once(.|\n)*table\['order'\] == 'restated first'"),
        (PARTS.assign(total=PARTS["total"] + 0.01), r"does not add up(.|\n)*by the parts of another"),
        (PARTS.assign(channel="tv " + PARTS["channel"]), r"does not add up"),
    ],
)
def test_parts_of_something_else_are_refused(parts, message):
    with pytest.raises(ReportError, match=message):
        check_decomposition(parts, DRIFT)


def checked(*rows):
    columns = ["channel", "times", "times_lower", "times_upper", "bayes_factor", "power", "flag"]
    return pd.DataFrame(rows, columns=columns)


def test_channels_that_changed_seem_as_they_were_or_cannot_be_told():
    assert what_channels_brought(
        checked(
            ("print", 1.8, 1.2, 2.4, 1.9, 0.3, "amber"),
            ("tv", 0.41, 0.1, 0.72, 9.0, 0.93, "red"),
            ("search", 1.02, 0.8, 1.2, 0.8, 0.88, "ok"),
            ("radio", 0.9, 0.1, 1.7, 1.0, 0.204, "cannot tell"),
            ("social", 1.0, 0.2, 1.8, 1.0, 0.0, "cannot tell"),
        )
    ) == (
        "tv brought 0.41 (90%: 0.10 to 0.72) times what the last fit expected of it (red: evidence of a change).",
        "print brought 1.8 (90%: 1.2 to 2.4) times what the last fit expected of it (amber: worth a look, no "
        "evidence).",
        "search (88%) is not flagged; in brackets how probable a flag would have been, had it brought half.",
        "Whether radio (20%) or social (under 1%) brought only half cannot be told; in brackets how probable a flag "
        "would have been.",
    )


def test_where_all_are_flagged_there_is_no_power_to_explain():
    (sentence,) = what_channels_brought(checked(("tv", 0.4, 0.1, 0.7, 5.0, 0.9, "red")))
    assert sentence.startswith("tv brought")
