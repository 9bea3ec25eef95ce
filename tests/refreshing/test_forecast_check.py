"""What the last fit expected of the new periods, against what came."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import mmm
from mmm.errors import DataError
from mmm.posterior.forecast import forecast
from mmm.posterior.scoring import crps
from mmm.refreshing.channel_changes import bayes_factors
from mmm.refreshing.forecast_check import check_forecast
from mmm.refreshing.vintages import Vintages
from mmm.words import chance
from tests.conftest import build_data, build_posterior
from tests.refreshing.test_vintages import longer

DATES = pd.date_range("2026-01-05", periods=13, freq="W-MON")


def made_up(observed, *, sd=1.0, shared=0.0, seed=1):
    rng = np.random.default_rng(seed)
    draws = sd * rng.standard_normal((4000, 13)) + shared * rng.standard_normal((4000, 1))
    media = xr.DataArray(
        np.tile(np.arange(13.0)[:, None], (4000, 1, 1)),
        dims=("draw", "date", "channel"),
        coords={"date": DATES, "channel": ["tv"]},
    )
    return mmm.ForecastCheck(DATES, np.asarray(observed, dtype=float), draws, media, "GBP", ())


def test_each_period_has_its_intervals_and_its_score():
    observed = np.linspace(-3, 3, 13)
    check = made_up(observed)
    table = check.table()
    for level in (50, 80, 90):
        lower, upper = np.quantile(check.draws, [0.5 - level / 200, 0.5 + level / 200], axis=0)
        np.testing.assert_allclose(table[[f"lower_{level}", f"upper_{level}"]].to_numpy().T, [lower, upper])
        assert table[f"inside_{level}"].tolist() == ((lower <= observed) & (observed <= upper)).tolist()
    np.testing.assert_allclose(table["crps"], crps(draws=check.draws, observed=observed))


def test_a_forecast_that_holds_is_ok_and_one_that_misses_is_not():
    right = made_up(np.random.default_rng(2).standard_normal(13))
    assert right.ok
    assert "chance" not in right.verdict
    wrong = made_up(np.full(13, 4.0))
    assert not wrong.ok
    assert wrong.verdict.startswith("The 90% interval of the last forecast held 0 of 13 new periods; 12 were")
    assert "than chance explains" in wrong.verdict


def test_periods_that_go_wrong_together_leave_a_wider_range():
    apart, together = made_up(np.zeros(13)), made_up(np.zeros(13), sd=0.1, shared=1.0)
    width = [c.coverage().eval("expected_upper - expected_lower").iloc[1] for c in (apart, together)]
    assert width[1] > 2 * width[0]


def test_it_is_the_forecast_of_the_last_fit_alone(posterior):
    data = build_data(longer())
    check = check_forecast(posterior, data)
    expected = forecast(posterior.draws, data).outcome.values.reshape(-1, 13)
    np.testing.assert_array_equal(check.draws, expected)
    np.testing.assert_array_equal(check.observed, data.dataset["outcome"].values[0, -13:])


def test_restating_the_past_changes_nothing_in_it(posterior):
    first = check_forecast(posterior, build_data(longer()))
    second = check_forecast(posterior, build_data(longer(tv=(3, 999.0), revenue=(9, 1.0))))
    np.testing.assert_array_equal(first.draws, second.draws)


def test_a_new_channel_is_left_out_and_a_lost_one_spent_nothing(posterior):
    data = build_data(longer(), spend=["tv", "video", "grps"])
    check = check_forecast(posterior, data)
    assert check.notes[:2] == (
        "Without grps, which the last fit does not know.",
        "As if nothing had been spent on radio, which the new data do not have.",
    )
    silent = longer()
    silent.loc[60:, "radio"] = 0.0
    np.testing.assert_allclose(check.draws, check_forecast(posterior, build_data(silent)).draws)


def test_exposure_in_place_of_spend_is_refused_beside_a_new_channel_too(posterior):
    """What was fitted was a response to money."""
    for spend in (["tv", "video", "radio"], ["tv", "video", "radio", "orders"]):
        with pytest.raises(DataError, match=r"channels with exposure: \[\] when fitted, \['tv'\]"):
            check_forecast(posterior, build_data(longer(), spend=spend, exposure={"tv": "grps"}))


def test_what_cannot_be_forecast_is_refused(posterior):
    with pytest.raises(DataError, match="there is nothing to forecast"):
        check_forecast(posterior, posterior.data)
    with pytest.raises(DataError, match="the new data lack rain, controls of the last fit"):
        check_forecast(posterior, build_data(longer(), controls=["price"]))


def test_a_channel_that_brings_nothing_any_more_is_seen(posterior):
    check = check_forecast(posterior, build_data(longer()))
    quiet = np.random.default_rng(1).normal(check.draws.mean(axis=0), 1.0, check.draws.shape)
    media = check.media.mean("draw").to_pandas()
    gone = replace(check, observed=quiet.mean(axis=0) - media["tv"].to_numpy(), draws=quiet)
    table = gone.by_channel().set_index("channel")
    assert table["flag"].tolist() == ["red", "ok", "ok"]
    assert (table["power"] > 0.5).all()
    np.testing.assert_allclose(
        table["bayes_factor"],
        bayes_factors(gone.observed - quiet.mean(axis=0), np.cov(quiet.T), media.to_numpy()),
    )
    assert table.loc["tv", "times"] == pytest.approx(0, abs=0.05)
    assert table.loc["tv", "times_lower"] < 0.05 < table.loc["video", "times_lower"]
    np.testing.assert_allclose(table["expected"], media.sum())


def test_a_channel_too_small_to_be_seen_is_not_called_ok(posterior):
    check = check_forecast(posterior, build_data(longer()))
    quiet = np.random.default_rng(1).normal(check.draws.mean(axis=0), 1.0, check.draws.shape)
    media = check.media.copy()
    media.loc[{"channel": "radio"}] *= 1e-6
    table = replace(check, observed=quiet.mean(axis=0), draws=quiet, media=media).by_channel().set_index("channel")
    assert table["flag"].tolist() == ["ok", "ok", "cannot tell"]
    assert table.loc["radio", "power"] == 0


def test_a_refresh_names_the_channel_of_which_there_is_evidence(posterior):
    def refreshed(lost):
        frame = longer()
        media = check_forecast(posterior, build_data(frame)).media.sel(channel="tv").mean("draw").values
        frame.loc[60:, "revenue"] -= lost * media
        new = build_posterior(build_data(frame))
        return mmm.Refresh(posterior, new, Vintages(posterior.data, new.data))

    calm, changed = refreshed(0.0), refreshed(6.0)
    assert "Evidence of a change" not in repr(calm)
    flags = changed.forecast_check().by_channel().set_index("channel")["flag"]
    assert flags["tv"] == "red"
    assert f"Evidence of a change in the new periods: {', '.join(flags[flags == 'red'].index)}." in repr(changed)


def test_what_is_said_of_channels_is_what_the_table_says(posterior):
    check = check_forecast(posterior, build_data(longer()))
    verdict, *said = check.sentences()
    assert verdict == check.verdict
    for row in check.by_channel().to_dict("records"):
        words = {"ok": "not flagged;", "cannot tell": "cannot be told"}.get(row["flag"], f"({row['flag']}: ")
        assert any(words in sentence and row["channel"] in sentence for sentence in said)
        assert row["flag"] in ("amber", "red") or any(f"({chance(row['power'])})" in sentence for sentence in said)


def test_expected_media_are_the_contributions_of_the_fit(posterior):
    data = build_data(longer())
    check = check_forecast(posterior, data)
    total = forecast(posterior.draws, data).expected.mean().item()
    assert check.media["channel"].values.tolist() == list(posterior.data.channels)
    assert 0 < check.media.sum("channel").mean() < total


def test_the_chart_draws_the_table():
    check = made_up(np.linspace(-3, 3, 13))
    ax = check.plot()
    lines = {line.get_label(): line for line in ax.get_lines()}
    np.testing.assert_array_equal(lines["actual"].get_ydata(), check.observed)
    np.testing.assert_array_equal(lines["median"].get_ydata(), check.table()["median"])
    assert len(lines["outside 90%"].get_ydata()) == (~check.table()["inside_90"]).sum()
    assert "held 7 of 13" in ax.get_title(loc="left")
