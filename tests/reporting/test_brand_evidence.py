"""What `evidence()` derives for brand channels, and what it says of a tracker."""

from statistics import NormalDist

import numpy as np
import pytest

import mmm
from mmm import schema
from mmm.returns import long_run_multiplier, slow_stock_baseline_correlation
from tests.conftest import build_data, build_posterior, build_tracker, with_parameters

BOTH = mmm.ModelSpec(channels=dict.fromkeys(("tv", "radio"), mmm.Channel(brand=True)))
EDGES = {"": 0.5, "_lower": 0.05, "_upper": 0.95}


def rows_of(report, quantity):
    table = report.evidence()
    return table[table["quantity"] == quantity].set_index("channel")


@pytest.fixture(scope="module")
def brand():
    return build_posterior(build_data(tracker=build_tracker()), BOTH, n_draws=2000)


@pytest.fixture(scope="module")
def report(brand):
    return mmm.Report(brand)


def test_every_brand_channel_has_a_multiplier_and_no_other(brand, report):
    rows = rows_of(report, schema.LONG_RUN_MULTIPLIER)
    assert list(rows.index) == ["tv", "radio"]
    for name, row in rows.iterrows():
        for side, draws in {"prior": brand.prior, "posterior": brand.draws}.items():
            found = [row[f"{side}{edge}"] for edge in EDGES]
            assert found == pytest.approx(np.quantile(long_run_multiplier(draws, name), [*EDGES.values()]), rel=1e-12)


def test_the_reliance_of_the_multiplier_is_on_what_it_is_above_one(brand, report):
    # draws from the prior: its sd over that of 4,000 others, 4 standard errors (2% each) of it
    assert rows_of(report, schema.LONG_RUN_MULTIPLIER)["prior_reliance"].between(0.92, 1).all()
    # with h fixed, log(M - 1) moves with the odds of the share alone; both are brought to a point
    middle = {name: (lambda at: 0 * at + at.median()) for name in ("fast_half_life", "slow_half_life", "slow_share")}
    known = mmm.Report(with_parameters(brand, **middle))
    assert rows_of(known, schema.LONG_RUN_MULTIPLIER)["prior_reliance"].max() < 1e-6
    # the prior's own spread by hand
    for name, row in rows_of(
        mmm.Report(with_parameters(brand, slow_share=lambda at: at**2)), "long_run_multiplier"
    ).iterrows():
        moved = with_parameters(brand, slow_share=lambda at: at**2).draws
        logs = [np.log(long_run_multiplier(draws, name) - 1).std() for draws in (moved, brand.prior)]
        assert row["prior_reliance"] == pytest.approx(min(1, logs[0] / logs[1]))


def test_the_correlation_with_the_baseline_has_no_prior(brand, report):
    rows = rows_of(report, schema.BASELINE_CORRELATION)
    assert list(rows.index) == ["tv", "radio"]
    assert rows[["prior", "prior_lower", "prior_upper", "prior_reliance"]].isna().all(axis=None)
    for name, row in rows.iterrows():
        drawn = slow_stock_baseline_correlation(brand.draws, name)
        found = [row[f"posterior{edge}"] for edge in EDGES]
        assert found == pytest.approx(np.quantile(drawn, [*EDGES.values()]), rel=1e-12)


def test_without_brand_channels_nothing_is_derived_for_them(posterior):
    quantities = set(mmm.Report(posterior).evidence()["quantity"])
    assert not quantities & {schema.LONG_RUN_MULTIPLIER, schema.BASELINE_CORRELATION}


def test_what_is_assumed_of_a_tracker_stands_under_its_name(brand, report):
    rows = report.evidence()
    rows = rows[rows["channel"] == "brand"].set_index("quantity")
    assert list(rows.index) == ["tracker_stretch", "tracker_loading", "tracker_tau"]
    z = NormalDist().inv_cdf
    assert rows.loc["tracker_loading", "prior_upper"] == pytest.approx(0.1 * z(0.95))
    assert rows.loc["tracker_stretch", "prior_lower"] == pytest.approx(np.exp(0.25 * z(0.05)))
    assert rows.loc["tracker_tau", "posterior"] == pytest.approx(float(brand.draws.parameters["tracker_tau"].median()))


@pytest.mark.parametrize(
    ("unit", "assumed", "expected"),
    [
        ("index", None, ["tracker_stretch", "tracker_loading", "tracker_tau", "tracker_sigma"]),
        ("share", mmm.LogNormal(median=500, sigma=0.7), ["tracker_stretch", "value_per_point", "tracker_tau"]),
    ],
)
def test_a_tracker_has_the_rows_of_what_is_assumed_of_it(unit, assumed, expected):
    spec = BOTH.model_copy(update={"tracker": mmm.TrackerModel(value_per_point=assumed)})
    data = build_data(tracker=build_tracker(unit=unit))
    table = mmm.Report(build_posterior(data, spec, n_draws=20)).evidence()
    assert table[table["channel"] == "brand"]["quantity"].tolist() == expected


def test_derived_rows_come_after_the_parameters_and_before_the_baseline(report):
    quantities = report.evidence()["quantity"].tolist()
    order = ["carry_in_level", "long_run_multiplier", "baseline_correlation", "tracker_stretch", "sigma", "media_share"]
    places = [quantities.index(name) for name in order]
    assert places == sorted(places)


@pytest.mark.parametrize("quantity", ["long_run_multiplier", "slow_half_life", "slow_share", "baseline_correlation"])
def test_the_prior_posterior_chart_draws_them(report, quantity):
    ax = report.plot_prior_posterior(quantity=quantity)
    rows = rows_of(report, quantity)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["radio", "tv"]
    dots = ax.collections[3].get_offsets()
    assert [x for x, _ in dots] == rows.loc[labels, "posterior"].tolist()
    reliance = ["no prior" if np.isnan(x) else f"{x:.0%} prior" for x in rows.loc[labels, "prior_reliance"]]
    assert [text.get_text() for text in ax.texts] == reliance
    assert quantity not in ax.get_xlabel()  # it is called something that people can read
