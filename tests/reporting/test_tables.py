"""The numbers of every table, against sums and quantiles of draws taken by hand."""

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import mmm
from mmm import schema
from mmm.reporting.tables import summarise
from mmm.returns import marginal_returns
from mmm.returns.replay import ChannelDraws
from tests.conftest import N_WEEKS, build_data, build_frame, build_posterior, with_parameters

CHANNELS = ["tv", "video", "radio"]
ROWS = [*CHANNELS, "total"]
DIMS = ("chain", "draw")


@pytest.fixture(scope="module")
def report(posterior):
    return mmm.Report(posterior)


@pytest.fixture(scope="module")
def roi(report):
    return report.roi(horizon_weeks=(4, 13, 104))


def draws_of_return(posterior, channel, *, horizon, start=0, stop=N_WEEKS):
    names = CHANNELS if channel == "total" else [channel]
    return sum(
        ChannelDraws.of(posterior.draws, name).landing(start=start, stop=stop, horizons=[horizon])[0].sum(axis=-1)
        for name in names
    )


# --- summaries --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prob", [0.5, 0.9, 0.95])
def test_a_summary_is_the_median_and_the_equal_tailed_interval(prob):
    draws = np.random.default_rng(1).gamma(2, size=(4, 50, 3))
    median, lower, upper = summarise(xr.DataArray(draws, dims=(*DIMS, "channel")), prob=prob)
    flat = np.sort(draws.reshape(200, 3), axis=0)
    np.testing.assert_allclose(median, (flat[99] + flat[100]) / 2)
    for edge, found in (((1 - prob) / 2, lower), ((1 + prob) / 2, upper)):
        place = edge * 199
        below, above = flat[int(np.floor(place))], flat[int(np.ceil(place))]
        np.testing.assert_allclose(found, below + (place - np.floor(place)) * (above - below))


def test_a_draw_that_is_not_a_number_is_not_left_out():
    draws = xr.DataArray([[1.0, 2.0, np.nan]], dims=DIMS)
    assert np.isnan(summarise(draws, prob=0.9)).all()


# --- ROI --------------------------------------------------------------------------------------------------------------


def test_roi_has_the_columns_of_the_schema_a_row_per_channel_and_horizon_and_the_total(roi):
    assert tuple(roi.columns) == schema.ROI_COLUMNS
    assert roi["channel"].tolist() == [name for name in ROWS for _ in range(3)]
    assert roi["horizon_weeks"].tolist() == [4, 13, 104] * 4
    assert type(roi) is pd.DataFrame
    assert all(roi[column].dtype.kind in "if" for column in roi.columns[1:])


@pytest.mark.parametrize("horizon", [4, 13, 104])
@pytest.mark.parametrize("channel", ROWS)
def test_roi_is_money_over_spend_draw_by_draw(posterior, roi, channel, horizon):
    row = roi[(roi["channel"] == channel) & (roi["horizon_weeks"] == horizon)].iloc[0]
    frame = build_frame()
    spend = frame[CHANNELS if channel == "total" else [channel]].to_numpy().sum()
    brought = draws_of_return(posterior, channel, horizon=horizon)
    ratio = brought / spend
    assert row["spend"] == pytest.approx(spend)
    # to the last digits: a rounded table would not agree
    assert row["roi"] == pytest.approx(np.median(ratio), rel=1e-12)
    assert row[["roi_lower", "roi_upper"]].tolist() == pytest.approx(np.quantile(ratio, [0.05, 0.95]), rel=1e-12)
    assert row["incremental_outcome"] == pytest.approx(np.median(brought), rel=1e-12)
    assert row[["incremental_outcome_lower", "incremental_outcome_upper"]].tolist() == pytest.approx(
        np.quantile(brought, [0.05, 0.95]), rel=1e-12
    )
    assert row["prob_above_one"] == np.mean(ratio > 1)


def test_the_total_is_the_median_of_the_sum_and_not_the_sum_of_medians(roi):
    at = roi[roi["horizon_weeks"] == 104].set_index("channel")["incremental_outcome"]
    assert at["total"] != pytest.approx(at[CHANNELS].sum(), rel=1e-3)


def test_more_lands_within_a_longer_horizon(roi):
    columns = ["incremental_outcome", "incremental_outcome_lower", "incremental_outcome_upper", "roi", "roi_upper"]
    for _, rows in roi.groupby("channel"):
        assert (rows.sort_values("horizon_weeks")[columns].diff().dropna() >= 0).all(axis=None)


@pytest.mark.parametrize(
    "asked",
    [13, 13.0, np.int64(13), [13], (13,), np.array([13.0]), {13}, iter([13])],
    ids=lambda asked: type(asked).__name__,
)
def test_one_horizon_may_be_a_number_or_a_list(report, roi, asked):
    found = report.roi(horizon_weeks=asked)
    expected = roi[roi["horizon_weeks"] == 13].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-12)


def test_the_share_that_landed(posterior, roi):
    assert roi["share_landed"].between(0, 1).all()
    early = mmm.Report(posterior, window=("2023-01-02", "2023-01-30")).roi(horizon_weeks=(4, 40))
    np.testing.assert_allclose(early["share_landed"], 1)
    late = mmm.Report(posterior, window=("2024-02-12", "2024-02-19")).roi(horizon_weeks=(1, 4, 104))
    by_horizon = late.pivot(index="channel", columns="horizon_weeks", values="share_landed")
    by_horizon = by_horizon.drop(index="tv")  # dark in the last weeks
    np.testing.assert_allclose(by_horizon[1], 1)  # what lands in its own week has landed
    assert (by_horizon[4] < 1).all()
    assert (by_horizon[104] < by_horizon[4]).all()


@pytest.mark.parametrize(
    ("first", "last", "rows"), [("2023-03-06", "2023-05-29", (9, 22)), ("2024-01-01", "2024-02-25", (52, 60))]
)
def test_a_window_judges_the_spend_of_its_periods(posterior, first, last, rows):
    start, stop = rows
    found = mmm.Report(posterior, window=(first, last or "2030-01-01")).roi(horizon_weeks=13).set_index("channel")
    spend = build_frame().loc[start : stop - 1, CHANNELS].sum()
    np.testing.assert_allclose(found.loc[CHANNELS, "spend"], spend)
    assert found.loc["total", "spend"] == pytest.approx(spend.sum())
    for channel in ROWS:
        brought = draws_of_return(posterior, channel, horizon=13, start=start, stop=stop)
        assert found.loc[channel, "incremental_outcome"] == pytest.approx(np.median(brought), rel=1e-12)


def test_a_channel_without_spend_in_the_window_has_no_roi_and_no_probability(posterior):
    assert build_frame().loc[6:9, "tv"].sum() == 0
    table = mmm.Report(posterior, window=("2023-02-13", "2023-03-06")).roi(horizon_weeks=13).set_index("channel")
    assert table.loc["tv", ["spend", "incremental_outcome"]].tolist() == [0, 0]
    nothing = ["roi", "roi_lower", "roi_upper", "prob_above_one", "prior_reliance", "share_landed"]
    assert table.loc["tv", nothing].isna().all()
    assert table.drop(index="tv").notna().all(axis=None)


@pytest.mark.parametrize("prob", [0.5, 0.8, 0.95])
def test_the_probability_sets_the_interval(posterior, prob):
    row = mmm.Report(posterior, prob=prob).roi(horizon_weeks=104).iloc[0]
    roi = posterior.draws.parameters["roi"].sel(channel="tv")
    expected = np.quantile(roi, [0.5, (1 - prob) / 2, (1 + prob) / 2])
    assert row[["roi", "roi_lower", "roi_upper"]].tolist() == pytest.approx(expected, rel=1e-9)


def test_without_a_money_value_there_is_outcome_per_spend_and_no_roi():
    posterior = build_posterior(build_data(outcome="orders"))
    table = mmm.Report(posterior).roi(horizon_weeks=104)
    first, last = schema.ROI_COLUMNS.index("roi"), schema.ROI_COLUMNS.index("prob_above_one")
    marginal = schema.ROI_COLUMNS.index("mroi")
    per_spend, marginal_per_spend = schema.OUTCOME_PER_SPEND_COLUMNS[:3], schema.OUTCOME_PER_SPEND_COLUMNS[3:]
    kept = schema.ROI_COLUMNS[:first], schema.ROI_COLUMNS[last + 1 : marginal]
    assert tuple(table.columns) == (*kept[0], *per_spend, *kept[1], *marginal_per_spend)
    drawn = posterior.draws.parameters["outcome_per_spend"].median(DIMS)
    np.testing.assert_allclose(table["outcome_per_spend"][:3], drawn, rtol=1e-9)
    assert table.columns.name.startswith("orders per GBP")


@pytest.mark.parametrize(
    ("roles", "factor"),
    [
        ({"margin": 0.4}, 0.4),
        ({"outcome": "orders", "outcome_value": 30.0}, 30.0),
        ({"outcome": "orders", "outcome_value": 30.0, "margin": 0.4}, 12.0),
    ],
)
def test_value_and_margin_scale_roi_exactly(roles, factor):
    table = mmm.Report(build_posterior(build_data(**roles))).roi(horizon_weeks=(13, 104))
    for edge in ("", "_lower", "_upper"):
        expected = factor * table[f"incremental_outcome{edge}"] / table["spend"]
        np.testing.assert_allclose(table[f"roi{edge}"], expected, rtol=1e-12)


def test_a_margin_that_moves_is_taken_where_the_return_lands():
    posterior = build_posterior(build_data(margin="margin"))
    margin = build_frame()["margin"].to_numpy()
    table = mmm.Report(posterior, window=("2023-01-02", "2023-05-29")).roi(horizon_weeks=13).set_index("channel")
    landing = ChannelDraws.of(posterior.draws, "video").landing(start=0, stop=22, horizons=[13])[0]
    expected = (landing * margin[: 22 + 13 - 1]).sum(axis=-1) / build_frame()["video"][:22].sum()
    assert table.loc["video", "roi"] == pytest.approx(np.median(expected), rel=1e-12)
    assert (
        0.2 < table.loc["video", "roi"] * table.loc["video", "spend"] / table.loc["video", "incremental_outcome"] < 0.6
    )


@pytest.mark.parametrize("horizon", [4, 13, 104])
def test_marginal_return_and_profit_are_quantiles_of_draws(posterior, roi, horizon):
    at = roi[roi["horizon_weeks"] == horizon].set_index("channel")
    spend = build_frame()[CHANNELS].sum()
    marginal = marginal_returns(posterior.draws, horizons=(float(horizon),))["money"][..., 0]
    for name in ROWS:
        paid = spend.sum() if name == "total" else spend[name]
        profit = draws_of_return(posterior, name, horizon=horizon) - paid
        mroi = marginal.sel(channel=name).values / paid
        for column, draws in {"mroi": mroi, "profit": profit}.items():
            found = at.loc[name, [column, f"{column}_lower", f"{column}_upper"]].tolist()
            assert found == pytest.approx(np.quantile(draws, [0.5, 0.05, 0.95]), rel=1e-9)


def test_customers_make_money_of_an_outcome_without_a_value():
    posterior = build_posterior(build_data(outcome="orders"))
    sure = mmm.Economics(customer_value=30.0, incremental_value_share=1.0)
    plain, valued = (mmm.Report(posterior, economics=economics).roi() for economics in (None, sure))
    assert tuple(valued.columns) == schema.ROI_COLUMNS
    for edge in ("", "_lower", "_upper"):
        np.testing.assert_allclose(valued[f"roi{edge}"], 30 * plain[f"outcome_per_spend{edge}"], rtol=1e-12)
        np.testing.assert_allclose(valued[f"mroi{edge}"], 30 * plain[f"marginal_outcome_per_spend{edge}"], rtol=1e-12)
    np.testing.assert_allclose(
        valued["prior_reliance"], plain["prior_reliance"], rtol=1e-9
    )  # a sure value adds no doubt


# --- contributions ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def contributions(report):
    return report.contributions()


def test_contributions_have_every_period_of_channels_total_and_baseline(contributions):
    assert tuple(contributions.columns) == schema.CONTRIBUTION_COLUMNS
    assert contributions["channel"].unique().tolist() == [*CHANNELS, "total", "baseline"]
    for _, rows in contributions.groupby("channel"):
        assert rows["date"].tolist() == build_frame()["week"].tolist()


def test_contributions_are_quantiles_of_what_is_replayed(posterior, contributions):
    media, baseline = posterior.contributions()[:, :, 0], posterior.draws.baseline().sum("part")[:, :, 0]
    draws = {name: media.sel(channel=name) for name in CHANNELS} | {"total": media.sum("channel"), "baseline": baseline}
    for name, values in draws.items():
        rows = contributions[contributions["channel"] == name]
        expected = np.quantile(values.values.reshape(200, N_WEEKS), [0.5, 0.05, 0.95], axis=0)
        found = rows[["contribution", "contribution_lower", "contribution_upper"]].to_numpy().T
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_contributions_baseline_and_residuals_are_the_outcome_in_every_draw(posterior):
    draws = posterior.draws
    whole = posterior.contributions().sum("channel") + draws.baseline().sum("part") + draws.residuals()
    np.testing.assert_allclose(whole, np.broadcast_to(build_frame()["revenue"], whole.shape), rtol=1e-12)


def test_contributions_are_cut_to_the_window(posterior, contributions):
    found = mmm.Report(posterior, window=("2023-03-06", "2023-05-29")).contributions()
    inside = contributions["date"].between("2023-03-06", "2023-05-29")
    pd.testing.assert_frame_equal(found, contributions[inside].reset_index(drop=True), check_names=False)


# --- evidence ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_posterior(national_data):
    return build_posterior(national_data, n_draws=5000)


def test_evidence_has_a_row_for_every_parameter_of_every_channel(report):
    table = report.evidence()
    assert tuple(table.columns) == schema.EVIDENCE_COLUMNS
    parameters = ["roi", "half_life", "saturation_level", "saturation_slope", "carry_in_level"]
    expected = [(channel, name) for name in parameters for channel in CHANNELS]
    expected += [("baseline", "sigma"), ("baseline", "tau"), ("total", "media_share")]
    assert list(zip(table["channel"], table["quantity"], strict=True)) == expected


def test_evidence_names_only_the_channels_that_have_a_parameter(national_data):
    channels = {"tv": mmm.Channel(carryover=mmm.Delayed()), "radio": mmm.Channel(saturation=mmm.NoSaturation())}
    spec = mmm.ModelSpec(channels=channels, trend=mmm.Trend(walk=None))
    table = mmm.Report(build_posterior(national_data, spec)).evidence()
    owners = table.groupby("quantity")["channel"].apply(list)
    assert owners["peak"] == ["tv"]
    assert owners["saturation_slope"] == ["tv", "video"]
    assert owners["half_life"] == CHANNELS
    assert "tau" not in owners


def test_evidence_of_a_posterior_that_is_the_prior_is_all_prior(long_posterior):
    table = mmm.Report(long_posterior).evidence().set_index(["channel", "quantity"])
    # The sd of 10,000 draws over the exact one: its standard error is sqrt((k - 1) / 4 / 10,000) for kurtosis k.
    # Log-normals have k = 3 (0.7%), the logarithm of a half-normal k = 7 (1.2%), the log-odds of a beta between; the
    # media share has a sampled prior of 4,000 draws too (1.3%). Four of the largest, and four of the log-normals'.
    assert table["prior_reliance"].between(1 - 0.055, 1).all()
    normal = table.loc[(CHANNELS, ["roi", "half_life", "saturation_slope"]), "prior_reliance"]
    assert normal.between(1 - 0.03, 1).all()
    # medians: 1.25 sd / sqrt(n), of quantities whose log sd is at most 1.1 (half-normal), against 4,000 draws at least
    assert np.allclose(np.log(table["posterior"] / table["prior"]), 0, atol=4 * 1.25 * 1.1 * (1 / 4000 + 1e-4) ** 0.5)


def test_evidence_of_a_posterior_with_half_the_log_spread_is_half_prior(long_posterior):
    halved = with_parameters(long_posterior, roi=lambda roi: roi**0.5, half_life=lambda weeks: weeks**0.5)
    table = mmm.Report(halved).evidence()
    relied = table[table["quantity"].isin(["roi", "half_life"])]["prior_reliance"]
    np.testing.assert_allclose(relied, 0.5, atol=0.5 * 0.03)  # as above
    # the ROI table measures the prior by its 4,000 draws: 1.3% in all, four of them
    np.testing.assert_allclose(mmm.Report(halved).roi(horizon_weeks=104)["prior_reliance"][:3], 0.5, atol=0.5 * 0.055)


def test_the_posterior_side_of_evidence_is_quantiles_of_draws(posterior):
    table = mmm.Report(posterior, prob=0.8).evidence().set_index(["channel", "quantity"])
    parameters = posterior.draws.parameters
    drawn = {("radio", "saturation_level"): parameters["saturation_level"].sel(channel="radio")}
    drawn[("baseline", "sigma")] = parameters["sigma"]
    for row, values in drawn.items():
        found = table.loc[row, ["posterior", "posterior_lower", "posterior_upper"]].tolist()
        assert found == pytest.approx(np.quantile(values, [0.5, 0.1, 0.9]), rel=1e-12)


def test_the_prior_side_of_evidence_is_the_prior_itself(national_data):
    spec = mmm.ModelSpec(channels={"radio": mmm.Channel(roi_prior=mmm.LogNormal(median=2.0, sigma=0.5))})
    table = mmm.Report(build_posterior(national_data, spec), prob=0.9).evidence().set_index(["channel", "quantity"])
    z = NormalDist().inv_cdf
    expected = {
        ("radio", "roi"): [2 * np.exp(0.5 * z(q)) for q in (0.5, 0.05, 0.95)],
        ("tv", "half_life"): [np.exp(0.6 * z(q)) for q in (0.5, 0.05, 0.95)],
        # of |N(0, 1)|: the quantile at (1 + q) / 2 of N(0, 1)
        ("baseline", "tau"): [0.006 * z((1 + q) / 2) for q in (0.5, 0.05, 0.95)],
    }
    for row, quantiles in expected.items():
        found = table.loc[row, ["prior", "prior_lower", "prior_upper"]].tolist()
        assert found == pytest.approx(quantiles, rel=1e-9)
