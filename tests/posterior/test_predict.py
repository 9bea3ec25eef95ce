"""Forecasts under a plan: those of data that say the same, or a refusal."""

import numpy as np
import pandas as pd
import pytest

from mmm.errors import DataError, ReportError
from mmm.posterior.forecast import forecast
from tests.conftest import N_WEEKS, build_data, build_posterior, build_tracker
from tests.refreshing.test_vintages import longer

COLUMNS = ["week", "tv", "video", "radio", "price", "rain"]


@pytest.fixture
def plan():
    return longer().loc[N_WEEKS:, COLUMNS].reset_index(drop=True)


def test_a_plan_that_came_true_is_forecast_as_the_data_that_say_so(posterior, plan):
    ahead = forecast(posterior.draws, build_data(longer()))
    table = posterior.predict(plan, prob=0.8)
    for draws, names in ((ahead.outcome, ["median", "lower", "upper"]),
                         (ahead.expected, ["expected", "expected_lower", "expected_upper"])):  # fmt: skip
        expected = np.quantile(draws.values[:, :, 0], [0.5, 0.1, 0.9], axis=(0, 1))
        np.testing.assert_allclose(table[names].to_numpy().T, expected)
    assert table["date"].tolist() == plan["week"].tolist()


def test_exposure_is_what_the_spend_buys_on_average(plan):
    data = build_data(exposure={"tv": "grps"})
    posterior = build_posterior(data)
    frame = longer()
    per_money = data.dataset["driver"].sel(channel="tv").sum() / data.dataset["spend"].sel(channel="tv").sum()
    frame.loc[N_WEEKS:, "grps"] = frame.loc[N_WEEKS:, "tv"] * float(per_money)
    ahead = forecast(posterior.draws, build_data(frame, exposure={"tv": "grps"}))
    np.testing.assert_allclose(posterior.predict(plan)["median"], np.median(ahead.outcome.values[:, :, 0], axis=(0, 1)))


def test_a_tracker_has_no_part_in_it(plan):
    import mmm

    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})
    posterior = build_posterior(build_data(tracker=build_tracker()), spec)
    assert np.isfinite(posterior.predict(plan)["median"]).all()


def test_spend_that_stops_brings_less(posterior, plan):
    silent = plan.assign(tv=0.0, video=0.0, radio=0.0)
    assert (posterior.predict(silent)["expected"] < posterior.predict(plan)["expected"]).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda plan: plan.drop(columns="tv"), "the plan lacks tv"),
        (lambda plan: plan.drop(columns="rain"), "the plan lacks rain"),
        (lambda plan: plan.assign(podcast=1.0), "the plan has podcast, unknown here"),
        (lambda plan: plan.iloc[1:], "the plan's dates run from 2024-03-04"),
        (lambda plan: plan.iloc[::-1], "the plan's dates run from"),
        (lambda plan: plan.drop(index=3), "in 12 rows"),
        (lambda plan: plan.assign(week=[["soon"]] * len(plan)), "the plan's dates cannot be read"),
        (lambda plan: plan.assign(tv=-1.0), "negative spend"),
        (lambda plan: plan.assign(price=np.nan), "missing or infinite numbers"),
        (lambda plan: plan.assign(radio="much"), "text among its numbers"),
        (lambda plan: plan.iloc[:0], "the plan is empty"),
        (lambda plan: plan["tv"], "the plan is Series"),
        (lambda plan: plan.assign(week=plan["week"] - pd.Timedelta(weeks=30)), "the plan's dates run from 2023"),
    ],
)
def test_what_is_no_plan_is_refused(posterior, plan, change, message):
    with pytest.raises(DataError, match=message):
        posterior.predict(change(plan))


def test_an_impossible_probability_is_refused(posterior, plan):
    with pytest.raises(ReportError, match="prob=1"):
        posterior.predict(plan, prob=1)
