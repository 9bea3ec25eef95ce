"""One real fit to spend of which one channel chases the sales of the week before: placebos, leads and residuals."""

import warnings

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.errors import DataWarning

pytestmark = pytest.mark.slow

SAMPLER = mmm.Sampler(draws=1000, tune=500, chains=2)


def sales_and_a_budget_that_follows_them():
    """Flights that return 2, and search that returns 0.2 and gets its budget from last week's demand."""
    rng, weeks = np.random.default_rng(4), np.arange(130)
    demand = np.zeros(131)
    for week in range(1, 131):
        demand[week] = 0.7 * demand[week - 1] + rng.normal(0, 3)
    frame = pd.DataFrame({"week": pd.date_range("2023-01-02", periods=130, freq="W-MON")})
    frame["tv"] = 10.0 * (weeks % 16 < 6) * rng.uniform(0.5, 1.5, 130)
    frame["search"] = 4 * np.exp(0.15 * demand[:-1] + rng.normal(0, 0.2, 130))
    frame["revenue"] = 100 + 2 * frame["tv"] + 0.2 * frame["search"] + demand[1:] + rng.normal(0, 2, 130)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return mmm.MarketingData.from_frame(frame, date="week", outcome="revenue", spend=["tv", "search"])


def test_a_real_effect_is_told_apart_a_placebo_is_not_found_and_a_follower_is_suspected():
    posterior = mmm.fit(sales_and_a_budget_that_follows_them(), seed=1, sampler=SAMPLER, progress=False)
    found = mmm.placebo(posterior, permutations=100, refits=1, progress=False)
    table = found.table().set_index("channel")
    # a return of 2 from a third of the noise and more: no placebo of a hundred comes near
    assert table.loc["tv", "share_of_placebos_as_strong"] == pytest.approx(1 / 101)
    # a placebo of a channel that the data can measure is pulled well below its prior, and below the real one
    assert table.loc["tv", "placebo_roi_upper"] < table.loc["tv", "roi"]
    assert table.loc["tv", "placebo_roi"] < 0.6 * table.loc["tv", "prior_roi"]
    assert table["placebo_findings"].to_list() == [0, 0]
    # demand of this week is in the budget of the next: z of 5 and more is what this design gives
    assert found.leads.suspects == ("search",)
    assert found.leads.z[1] > 3
    assert not found.ok

    residuals = mmm.check_residuals(posterior)
    assert residuals.negative_baseline == 0
    assert residuals.table()["probability"].dropna().between(0, 1).all()
