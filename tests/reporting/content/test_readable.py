"""A cell says what the table holds, with its interval, and nothing where there is nothing."""

import numpy as np
import pandas as pd

from mmm.reporting.content import readable

TABLE = pd.DataFrame(
    {
        "channel": ["tv", "radio"],
        "horizon_weeks": [13.0, 13.0],
        "spend": [3_298_715.22, 0.0],
        "roi": [0.793, np.nan],
        "roi_lower": [0.228, np.nan],
        "roi_upper": [2.443, np.nan],
        "profit": [-682_099.3, np.nan],
        "profit_lower": [-2_547_918.0, np.nan],
        "profit_upper": [4_760_489.0, np.nan],
        "prob_52w": [0.0, np.nan],
        "payback_weeks": [np.inf, np.nan],
        "payback_lower": [10.0, np.nan],
        "payback_upper": [np.inf, np.nan],
        "date": pd.to_datetime(["2025-01-06", None]),
        "overlap": [0.344, 1.0],
    }
).rename_axis(columns="margin ROI; 90% equal-tailed credible intervals")


def test_numbers_carry_their_interval_in_the_unit_of_their_kind():
    shown = readable(TABLE, [name for name in TABLE if not name.endswith(("_lower", "_upper"))])
    assert dict(zip(shown.headings, shown.rows[0], strict=True)) == {
        "channel": "tv",
        "within weeks": "13",
        "spend": "3,298,715",
        "ROI": "0.79 (0.23 to 2.44)",
        "profit": "-0.7m (-2.5m to 4.8m)",
        "P(by week 52)": "under 1%",
        "payback (weeks)": "undefined (10 weeks to never)",
        "date": "2025-01-06",
        "overlap": "34%",
    }
    assert shown.note == TABLE.columns.name


def test_what_is_missing_is_a_dash():
    dash = "\N{EN DASH}"
    assert readable(TABLE, ["channel", "roi", "prob_52w", "payback_weeks", "date"]).rows[1] == ("radio", *[dash] * 4)


def test_only_text_and_dates_are_set_flush_left():
    assert readable(TABLE, ["channel", "date", "roi"]).is_number == (False, False, True)
