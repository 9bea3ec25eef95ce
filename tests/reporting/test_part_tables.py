"""Shares, composition and half-lives: what adds up, and where the numbers come from."""

import numpy as np
import pytest

import mmm
from mmm import schema
from mmm.errors import ReportError
from mmm.reporting.part_tables import composition_table
from mmm.returns import composition_draws, returns_by_horizon, weeks_until_half
from tests.conftest import build_data, build_posterior

WINDOW = ("2023-03-06", "2023-05-29")  # rows 9 to 21
BRAND = {"tv": mmm.Channel(brand=True), "video": mmm.Channel(carryover=mmm.Delayed()),
         "radio": mmm.Channel(carryover=mmm.NoCarryover())}  # fmt: skip


# --- shares -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("roles", [{"margin": "margin"}, {"outcome": "orders"}], ids=["money", "units"])
def test_shares_are_those_of_the_draws(roles):
    posterior = build_posterior(build_data(**roles))
    report = mmm.Report(posterior, window=WINDOW, prob=0.8)
    table = report.shares(horizon_weeks=26)
    returns = returns_by_horizon(posterior.draws, horizons=(26.0,), window=(9, 22))
    amounts = returns["money" if "margin" in roles else "incremental_outcome"].values[..., :3, 0].reshape(-1, 3)
    by_draw = amounts / amounts.sum(axis=1, keepdims=True)
    spend = posterior.data.dataset["spend"].values[0, 9:22].sum(axis=0)
    assert list(table["channel"]) == ["tv", "video", "radio"]
    np.testing.assert_allclose(table["spend"], spend)
    np.testing.assert_allclose(table["spend_share"], spend / spend.sum())
    np.testing.assert_allclose(table["effect_share"], by_draw.mean(axis=0))
    np.testing.assert_allclose(
        table[["effect_share_lower", "effect_share_upper"]], np.quantile(by_draw, [0.1, 0.9], axis=0).T
    )
    np.testing.assert_allclose(table["prob_above_spend_share"], (by_draw > spend / spend.sum()).mean(axis=0))
    np.testing.assert_allclose(table[["spend_share", "effect_share"]].sum(), 1, rtol=1e-12)
    assert "effect within 26 weeks" in table.columns.name
    assert "points are means" in table.columns.name


def test_by_default_the_effect_is_counted_to_the_horizon_of_the_priors(posterior):
    report = mmm.Report(posterior)
    np.testing.assert_array_equal(report.shares()["effect_share"], report.shares(horizon_weeks=104)["effect_share"])


def test_a_share_over_the_share_of_spend_is_the_roi_over_that_of_all(posterior):
    returns = returns_by_horizon(posterior.draws, horizons=(52.0,))
    roi = returns["money"] / returns["spend"]
    above = (roi.sel(channel="tv") > roi.sel(channel="total")).mean().item()
    table = mmm.Report(posterior).shares(horizon_weeks=52).set_index("channel")
    assert table.loc["tv", "prob_above_spend_share"] == pytest.approx(above)


def test_without_any_spend_there_are_no_shares():
    data = build_data(spend=["tv"])  # dark from the seventh to the tenth week
    report = mmm.Report(build_posterior(data, n_draws=5), window=("2023-02-13", "2023-03-06"))
    shares = report.shares()
    assert shares.drop(columns=["channel", "spend"]).isna().all(axis=None)
    with pytest.raises(ReportError, match=r"nothing was spent on any channel in the window(.|\n)*on air"):
        report.plot_shares()


def test_a_horizon_is_one_number_of_weeks(posterior):
    with pytest.raises(ReportError, match="one horizon"):
        mmm.Report(posterior).shares(horizon_weeks=(13, 26))


# --- composition ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [None, WINDOW])
def test_the_parts_add_up_to_the_outcome(posterior, window):
    table = mmm.Report(posterior, window=window).composition().set_index("part")
    parts = table[table["kind"].isin(["baseline", "media"])]
    assert list(table.index) == ["level", "season", "control", "tv", "video", "radio",
                                 "modelled", "unexplained", "actual"]  # fmt: skip
    assert parts["amount"].sum() == pytest.approx(table.loc["modelled", "amount"], rel=1e-12)
    rows = slice(0, 60) if window is None else slice(9, 22)
    actual = posterior.data.dataset["outcome"].values[0, rows].sum()
    assert table.loc["actual", ["amount", "amount_lower", "amount_upper"]].tolist() == [actual] * 3
    assert table.loc[["modelled", "unexplained"], "amount"].sum() == pytest.approx(actual, rel=1e-12)
    np.testing.assert_allclose(table["share"], table["amount"] / actual)
    assert (table["amount_lower"] <= table["amount_upper"]).all()


def test_amounts_are_means_and_intervals_of_sums(posterior):
    table = mmm.Report(posterior, window=WINDOW, prob=0.5).composition().set_index("part")
    sums = posterior.draws.contributions().sel(channel="video").values[:, :, 0, 9:22].sum(axis=-1)
    expected = [sums.mean(), *np.quantile(sums, [0.25, 0.75])]
    np.testing.assert_allclose(table.loc["video", ["amount", "amount_lower", "amount_upper"]].astype(float), expected)


def test_a_channel_may_be_called_like_a_part(national_data):
    frame = national_data.dataset["spend"]
    assert "season" not in frame["channel"]
    parts = composition_draws(build_posterior(national_data, n_draws=5).draws)
    renamed = parts.assign_coords(channel=["season", "level", "actual"])
    table = composition_table(renamed, actual=0.0, prob=0.9)
    assert table.loc[table["kind"] == "media", "part"].tolist() == ["season", "level", "actual"]
    assert table["share"].isna().all()


# --- half-lives -------------------------------------------------------------------------------------------------------


def test_half_lives_of_every_kernel_prior_beside_posterior(national_data):
    posterior = build_posterior(national_data, mmm.ModelSpec(channels=BRAND))
    report = mmm.Report(posterior)
    table = report.half_lives().set_index(["channel", "part"])
    assert list(table.index) == [
        ("tv", "whole"),
        ("tv", "fast"),
        ("tv", "slow"),
        ("video", "whole"),
        ("radio", "whole"),
    ]
    evidence = report.evidence().set_index(["channel", "quantity"])
    for part in ("fast", "slow"):
        row = evidence.loc[("tv", f"{part}_half_life")]
        np.testing.assert_array_equal(table.loc[("tv", part)], row[list(schema.HALF_LIFE_COLUMNS[2:])])
    for name in ("tv", "video"):
        for side, draws in (("prior", posterior.prior), ("posterior", posterior.draws)):
            found = np.quantile(weeks_until_half(draws, name), [0.5, 0.05, 0.95])
            np.testing.assert_allclose(table.loc[(name, "whole"), [side, f"{side}_lower", f"{side}_upper"]], found)
    spread = (
        np.log(weeks_until_half(posterior.draws, "video")).std()
        / np.log(weeks_until_half(posterior.prior, "video")).std()
    )
    assert table.loc[("video", "whole"), "prior_reliance"] == pytest.approx(min(1, spread))
    assert table.loc[("radio", "whole")].tolist()[:-1] == [0] * 6
    assert np.isnan(table.loc[("radio", "whole"), "prior_reliance"])


def test_a_geometric_kernel_has_the_numbers_of_the_evidence(posterior):
    report = mmm.Report(posterior)
    evidence = report.evidence().query("quantity == 'half_life'").set_index("channel")
    table = report.half_lives().set_index("channel")
    for column in schema.HALF_LIFE_COLUMNS[2:]:
        np.testing.assert_array_equal(table[column], evidence[column])


def test_tables_of_a_fit_that_failed_say_so(unconverged_posterior):
    report = mmm.Report(unconverged_posterior, allow_unconverged=True)
    for table in (report.shares(), report.composition(), report.half_lives()):
        assert (table["warning"] == unconverged_posterior.diagnosis.verdict).all()
        assert table.columns.name.startswith("NOT CONVERGED")
