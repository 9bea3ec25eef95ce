"""What a comparison says of its fits: the table, the verdict, the chart. The fits are made up."""

import numpy as np
import pytest

import mmm
from mmm import schema
from mmm.errors import ConvergenceError, ReportError
from tests.conftest import build_data, build_posterior, with_parameters


def compare(fits, *, reference="default", **options):
    assumptions = {case: f"what {case} assumes" for case in fits}
    return mmm.Comparison(
        posteriors=fits, assumptions=assumptions, reference=reference, remedy="A test would tell.", **options
    )


def times(posterior, factor, channel):
    """Give a posterior in which a channel returned ``factor`` times as much in every draw."""
    roi = posterior.draws.parameters["roi"]
    return with_parameters(posterior, roi=lambda draws: draws.where(draws.channel != channel, factor * roi))


@pytest.fixture(scope="module")
def comparison(posterior):
    return compare({"sceptic": times(posterior, 0.5, "tv"), "default": posterior})


def test_the_table_is_that_of_the_report_case_by_case(comparison, posterior):
    table = comparison.table(horizon_weeks=(13, 104))
    assert tuple(table.columns) == schema.COMPARISON_COLUMNS
    assert table.columns.name == "revenue ROI by case; 90% equal-tailed credible intervals"
    rows = table[table["case"] == "default"].reset_index(drop=True)
    shared = list(schema.COMPARISON_COLUMNS[2:])
    expected = mmm.Report(posterior).roi(horizon_weeks=(13, 104))[shared]
    np.testing.assert_allclose(rows[shared[1:]].astype(float), expected[shared[1:]].astype(float), rtol=1e-12)
    assert list(rows["channel"]) == list(expected["channel"])
    assert set(rows["assumption"]) == {"what default assumes"}


def test_window_probability_and_economics_are_those_of_the_report(comparison, posterior):
    asked = {"window": ("2023-03-06", "2023-05-31"), "prob": 0.5, "economics": mmm.Economics(margin=0.4)}
    table = comparison.table(horizon_weeks=26, **asked)
    expected = mmm.Report(posterior, **asked).roi(horizon_weeks=26)
    rows = table[table["case"] == "default"]
    for column in ("roi", "roi_lower", "roi_upper", "prob_above_one", "prior_reliance"):
        np.testing.assert_allclose(rows[column], expected[column], rtol=1e-12)
    assert table.columns.name == "margin ROI by case; 50% equal-tailed credible intervals"


def test_a_case_is_read_off_its_own_draws(comparison):
    table = comparison.table(horizon_weeks=52).set_index(["case", "channel"])["roi"]
    assert table["sceptic", "tv"] == pytest.approx(0.5 * table["default", "tv"])
    assert table["sceptic", "radio"] == pytest.approx(table["default", "radio"])


def test_without_a_money_value_the_effect_per_spend_stands_in_place_of_roi():
    posterior = build_posterior(build_data(outcome="orders"))
    table = compare({"default": posterior, "again": posterior}).table()
    expected = [*schema.COMPARISON_COLUMNS[:4], *schema.OUTCOME_PER_SPEND_COLUMNS[:3], "prior_reliance"]
    assert list(table.columns) == expected
    assert "ROI" not in compare({"default": posterior, "again": posterior}).verdict


@pytest.mark.parametrize(
    "asked",
    [
        {"horizon_weeks": 6.5},
        {"horizon_weeks": ()},
        {"horizon_weeks": "13"},
        {"horizon_weeks": 530},
        {"prob": 90},
        {"prob": True},
        {"window": ("2030-01-01", "2030-02-01")},
        {"window": ("2023-03-06", "2026-01-01")},
        {"window": "2023"},
        {"window": ("2023-03-06", None)},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(comparison, asked):
    with pytest.raises(ReportError):
        comparison.table(**asked)


def test_cases_that_do_not_match_are_refused(posterior):
    with pytest.raises(ReportError, match="under another one's assumption"):
        mmm.Comparison(posteriors={"a": posterior}, assumptions={"b": "?"}, reference="a", remedy="")
    with pytest.raises(ReportError, match="reference 'b'"):
        mmm.Comparison(posteriors={"a": posterior}, assumptions={"a": "?"}, reference="b", remedy="")


def test_nothing_in_it_changes(comparison, posterior):
    with pytest.raises(TypeError, match="cannot be changed"):
        comparison.posteriors["other"] = posterior
    with pytest.raises(AttributeError):
        comparison.reference = "sceptic"


# --- the verdict ------------------------------------------------------------------------------------


def test_the_verdict_names_what_moves_by_more_than_a_posterior_sd_and_what_to_do(posterior):
    spread = float(np.log(posterior.draws.parameters["roi"].sel(channel="tv")).std())
    little, much = (compare({"default": posterior, "other": times(posterior, np.exp(sds * spread), "tv")}).verdict
                    for sds in (0.9, 1.1))  # fmt: skip
    assert "tv moves most, by 0.9 posterior sd: default " in little
    assert little.endswith("No channel moves by more than one posterior sd.")
    assert "A test would tell." not in little
    assert "tv moves most, by 1.1 posterior sd" in much
    assert much.endswith("so that the assumption decides the answer: tv. A test would tell.")


def test_the_verdict_carries_the_numbers_of_the_table(comparison):
    table = comparison.table(horizon_weeks=104).set_index(["case", "channel"])
    total = {}
    for case in comparison.posteriors:
        for channel in ("tv", "total"):
            row = table.loc[(case, channel)]
            assert f"{case} {row.roi:.2g} (90%: {row.roi_lower:.2g} to {row.roi_upper:.2g})" in comparison.verdict
        total[case] = row
    assert comparison.verdict.startswith("Within 104 weeks, revenue ROI of all channels together: sceptic ")
    apart = total["default"].roi - total["sceptic"].roi
    share = apart / (total["default"].roi_upper - total["default"].roi_lower)
    assert f"The medians lie {apart:.2g} apart, {share:.0%} of the width of the interval of default." in (
        comparison.verdict
    )
    assert comparison.verdict in repr(comparison)
    assert "sceptic: what sceptic assumes" in repr(comparison)


def test_of_a_single_channel_everything_is_said_once():
    posterior = build_posterior(build_data(spend=["tv"]))
    verdict = compare({"default": posterior, "again": posterior}).verdict
    assert "revenue ROI of tv: default" in verdict
    assert "moves most" not in verdict


# --- fits that failed -------------------------------------------------------------------------------


def test_no_number_of_a_failed_fit_without_asking(posterior, unconverged_posterior):
    fits = {"default": posterior, "linear": unconverged_posterior}
    failed = compare(fits)
    for ask in (failed.table, failed.plot):
        with pytest.raises(ConvergenceError, match="NOT CONVERGED: linear"):
            ask()
    assert failed.verdict.startswith("NOT CONVERGED: linear. ")
    assert "ROI" not in failed.verdict

    asked = compare(fits, allow_unconverged=True)
    table = asked.table()
    assert table.columns[-1] == schema.WARNING_COLUMN
    assert table.columns.name.startswith("NOT CONVERGED, see the column 'warning'; revenue ROI by case")
    warned = table.groupby("case")["warning"].unique()
    assert warned["default"].tolist() == [""]
    assert warned["linear"].tolist() == [unconverged_posterior.diagnosis.verdict]
    assert asked.verdict.startswith("NOT CONVERGED: linear. ")
    assert "revenue ROI" in asked.verdict
    assert any("NOT CONVERGED: linear" in text.get_text().replace("\n", " ") for text in asked.plot().texts)


# --- the chart --------------------------------------------------------------------------------------


def test_what_is_drawn_is_the_table(comparison):
    table = comparison.table(horizon_weeks=52)
    ax = comparison.plot(horizon_weeks=52)
    assert ax.get_legend_handles_labels()[1] == ["sceptic", "default"]
    points, lines = ax.collections[1::2], ax.collections[0::2]
    channels = [label.get_text() for label in ax.get_yticklabels()]
    assert channels == ["total", "radio", "video", "tv"]
    for case, point, line in zip(("sceptic", "default"), points, lines, strict=True):
        rows = table[table["case"] == case].set_index("channel").loc[channels]
        np.testing.assert_array_equal(point.get_offsets()[:, 0], rows["roi"])
        ends = np.array([segment[:, 0] for segment in line.get_segments()])
        np.testing.assert_array_equal(ends, rows[["roi_lower", "roi_upper"]])
    assert ax.get_xlabel() == "revenue ROI within 52 weeks: median and 90% credible interval"


def test_it_draws_where_it_is_told(comparison):
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    assert comparison.plot(ax=ax) is ax
    with pytest.raises(ReportError, match="one horizon"):
        comparison.plot(horizon_weeks=(13, 52))
