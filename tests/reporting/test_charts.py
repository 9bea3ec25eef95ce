"""What is drawn, read back from the artists, equals the tables; and what every chart has."""

import inspect

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

import mmm
from mmm.charting import CHANNEL_COLOURS, decimals_of
from tests.conftest import N_WEEKS, build_data, build_frame, build_posterior, build_tracker

CHANNELS = ["tv", "video", "radio"]
CHARTS = {
    "plot_roi": (),
    "plot_roi_by_horizon": (),
    "plot_contributions": (),
    "plot_fit": (),
    "plot_prior_posterior": (),
    "plot_response": ("tv",),
    "plot_payback": (),
    "plot_ledger": (),
    "plot_carryover": ("tv",),
    "plot_tracker": (),
    "plot_shares": (),
    "plot_waterfall": (),
    "plot_kernels": (),
    "plot_half_lives": (),
    "plot_responses": (),
}
BRAND = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})
COLOUR = dict(zip(CHANNELS, CHANNEL_COLOURS, strict=False))


@pytest.fixture(scope="module")
def tracked_data():
    return build_data(tracker=build_tracker())


@pytest.fixture(scope="module")
def report(tracked_data):
    return mmm.Report(build_posterior(tracked_data, BRAND))


@pytest.fixture(scope="module")
def unconverged_posterior(tracked_data):
    return build_posterior(tracked_data, BRAND, ok=False)


def draw(report, name, **options):
    return getattr(report, name)(*CHARTS[name], **options)


def segments(collection):
    """(y, x of both ends) of horizontal lines."""
    return [(path[0][1], path[0][0], path[1][0]) for path in collection.get_segments()]


# --- every chart ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHARTS)
def test_it_returns_labelled_axes(report, name):
    ax = draw(report, name)
    assert isinstance(ax, Axes)
    assert ax.get_title(loc="left")
    assert ax.get_xlabel() or name == "plot_contributions"  # dates need no label
    assert ax.get_ylabel() or len(ax.get_yticklabels()) > 1  # nor do channels
    ax.figure.canvas.draw()


@pytest.mark.parametrize("name", CHARTS)
def test_it_draws_on_the_axes_that_it_is_given(report, name):
    _, axes = plt.subplots(1, 2)
    assert draw(report, name, ax=axes[1]) is axes[1]
    assert plt.get_fignums() == [axes[0].figure.number]
    assert not axes[0].has_data()
    assert axes[1].has_data() or axes[1].child_axes


@pytest.mark.parametrize("name", CHARTS)
def test_its_signature_is_closed_and_ends_in_ax(name):
    parameters = inspect.signature(getattr(mmm.Report, name)).parameters
    kinds = {parameter.kind for parameter in parameters.values()}
    assert not kinds & {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
    assert parameters["ax"].default is None
    assert parameters["ax"].kind is inspect.Parameter.KEYWORD_ONLY


def test_these_are_all_the_charts():
    assert {name for name in dir(mmm.Report) if name.startswith("plot_")} == set(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_a_fit_that_failed_says_so_in_the_middle(unconverged_posterior, report, name):
    ax = draw(mmm.Report(unconverged_posterior, allow_unconverged=True), name)
    found = [text for text in ax.texts if "NOT CONVERGED" in text.get_text()]
    assert len(found) == 1
    assert " ".join(found[0].get_text().split()) == unconverged_posterior.diagnosis.verdict
    assert found[0].get_position() == (0.5, 0.5)
    assert found[0].get_transform() == ax.transAxes
    assert not any("NOT CONVERGED" in text.get_text() for text in draw(report, name).texts)


def test_a_channel_keeps_its_colour(report):
    of_roi = report.plot_roi()
    labels = [label.get_text() for label in of_roi.get_yticklabels()]
    dots = of_roi.collections[1].get_facecolors()
    assert {n: to_hex(c).upper() for n, c in zip(labels, dots, strict=True) if n != "total"} == COLOUR
    stacked = dict(zip(["baseline", *CHANNELS], report.plot_contributions().collections, strict=True))
    assert {n: to_hex(stacked[n].get_facecolor()[0]).upper() for n in CHANNELS} == COLOUR
    of_evidence = report.plot_prior_posterior()
    labels = [label.get_text() for label in of_evidence.get_yticklabels()]
    dots = of_evidence.collections[3].get_facecolors()
    assert {n: to_hex(c).upper() for n, c in zip(labels, dots, strict=True)} == COLOUR
    for name in CHANNELS:
        assert {line.get_color() for line in report.plot_response(name).lines[:2]} == {COLOUR[name]}


def test_windows_do_not_move_colours(posterior):
    ax = mmm.Report(posterior, window=("2023-03-06", "2023-05-29")).plot_roi()
    labels = [label.get_text() for label in ax.get_yticklabels()]
    found = {n: to_hex(c).upper() for n, c in zip(labels, ax.collections[1].get_facecolors(), strict=True)}
    assert found["tv"] == COLOUR["tv"]


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("horizon", [None, 13])
@pytest.mark.parametrize("roles", [{}, {"outcome": "orders"}], ids=["money", "units"])
def test_the_roi_chart_draws_the_roi_table(horizon, roles):
    report = mmm.Report(build_posterior(build_data(**roles)))
    ax = report.plot_roi(horizon_weeks=horizon)
    table = report.roi(horizon_weeks=horizon or 104).set_index("channel")
    name = "outcome_per_spend" if roles else "roi"
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[::-1] == [*table.drop(index="total")["spend"].sort_values(ascending=False).index, "total"]
    bars, dots = ax.collections[:2]
    for label, (y, low, high), (x, dot_y) in zip(labels, segments(bars), dots.get_offsets(), strict=True):
        assert y == dot_y == labels.index(label)
        assert (x, low, high) == tuple(table.loc[label, [name, f"{name}_lower", f"{name}_upper"]])
        median, lower, upper = table.loc[label, [name, f"{name}_lower", f"{name}_upper"]]
        digits = decimals_of(median)
        assert f"{median:.{digits}f}  ({lower:.{digits}f} to {upper:.{digits}f})" in [
            text.get_text() for text in ax.texts
        ]
    break_even = [line for line in ax.lines if list(line.get_xdata()) == [1, 1]]
    assert len(break_even) == (0 if roles else 1)
    assert f"within {horizon or 104} weeks" in ax.get_xlabel()
    assert "90% credible interval" in ax.get_xlabel()
    assert ax.get_xlim()[0] == 0


def test_the_contributions_chart_stacks_the_medians_under_the_outcome(report):
    ax = report.plot_contributions()
    table = report.contributions().pivot(index="date", columns="channel", values="contribution")
    floor = np.zeros(N_WEEKS)
    for name, layer in zip(["baseline", *CHANNELS], ax.collections, strict=True):
        assert layer.get_label() == name
        top = floor + table[name].to_numpy()
        vertices = layer.get_paths()[0].vertices
        for x, low, high in zip(mdates.date2num(table.index), floor, top, strict=True):
            edges = vertices[np.abs(vertices[:, 0] - x) < 3.6, 1]  # a step of a week has its corners half a week away
            assert np.isclose(edges[:, None], [low, high]).any(axis=0).all()
        floor = top
    (line,) = ax.lines
    np.testing.assert_array_equal(line.get_ydata(), build_frame()["revenue"])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["actual", *CHANNELS[::-1], "baseline"]
    assert ax.get_ylabel() == "revenue per week (GBP)"


@pytest.mark.parametrize("prob", [0.9, 0.8])
def test_the_fit_chart_draws_predictive_quantiles_and_counts_who_is_inside(posterior, prob):
    ax = mmm.Report(posterior, prob=prob).plot_fit()
    flat = posterior.draws.predictive().values.reshape(200, N_WEEKS)
    lower, first, median, third, upper = np.quantile(flat, [(1 - prob) / 2, 0.25, 0.5, 0.75, (1 + prob) / 2], axis=0)
    for band, edges in zip(ax.collections, ((lower, upper), (first, third)), strict=True):
        vertices = band.get_paths()[0].vertices
        assert vertices[:, 1].min() == pytest.approx(edges[0].min())
        assert vertices[:, 1].max() == pytest.approx(edges[1].max())
    drawn, actual = ax.lines
    np.testing.assert_allclose(drawn.get_ydata(), median)
    revenue = build_frame()["revenue"].to_numpy()
    np.testing.assert_array_equal(actual.get_ydata(), revenue)
    inside = np.mean((revenue >= lower) & (revenue <= upper))
    assert (
        ax.get_xlabel()
        == f"{inside:.0%} of weeks lie within the {prob:.0%} band; in sample more than {prob:.0%} should"
    )


@pytest.mark.parametrize("name", ["plot_fit", "plot_contributions"])
def test_charts_over_time_are_cut_to_the_window(posterior, name):
    ax = draw(mmm.Report(posterior, window=("2023-03-06", "2023-05-29")), name)
    dates = mdates.num2date(mdates.date2num(ax.lines[-1].get_xdata()))
    assert (len(dates), f"{dates[0]:%Y-%m-%d}", f"{dates[-1]:%Y-%m-%d}") == (13, "2023-03-06", "2023-05-29")
    np.testing.assert_array_equal(ax.lines[-1].get_ydata(), build_frame()["revenue"][9:22])


@pytest.mark.parametrize("quantity", [None, "half_life", "saturation_level"])
def test_the_prior_posterior_chart_draws_the_evidence_table(posterior, quantity):
    report = mmm.Report(posterior)
    ax = report.plot_prior_posterior(quantity=quantity)
    table = report.evidence()
    table = table[table["quantity"] == (quantity or "roi")].set_index("channel")
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[::-1] == CHANNELS
    for side, bars, dots in (("prior", *ax.collections[:2]), ("posterior", *ax.collections[2:4])):
        for label, (_, low, high), (x, _) in zip(labels, segments(bars), dots.get_offsets(), strict=True):
            assert (x, low, high) == tuple(table.loc[label, [side, f"{side}_lower", f"{side}_upper"]])
    expected = [f"{table.loc[label, 'prior_reliance']:.0%} prior" for label in labels]
    assert [text.get_text() for text in ax.texts] == expected


def test_the_prior_posterior_chart_has_only_the_channels_with_the_parameter(national_data):
    spec = mmm.ModelSpec(channels={"video": mmm.Channel(carryover=mmm.Delayed())})
    ax = mmm.Report(build_posterior(national_data, spec)).plot_prior_posterior(quantity="peak")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["video"]


@pytest.mark.parametrize("roles", [{}, {"exposure": {"tv": "grps"}}], ids=["spend", "exposure"])
def test_the_response_chart_draws_the_steady_curve_and_what_was_tried(roles):
    posterior = build_posterior(build_data(**roles))
    ax = mmm.Report(posterior).plot_response("tv")
    column = build_frame()["grps" if roles else "tv"].to_numpy()
    never, tried, latest, rug, today = ax.lines
    points = never.get_xdata()
    assert (points[0], points[-1]) == (0, pytest.approx(1.5 * column.max()))
    p = {name: posterior.draws.parameters[name].sel(channel="tv").values[..., None] for name in
         ("saturation_level", "saturation_slope")}  # fmt: skip
    power = (points / column.mean()) ** p["saturation_slope"]
    unit = power / ((1 - p["saturation_level"]) / p["saturation_level"] + power)
    curve = (posterior.draws.amplitude("tv")[..., None] * unit).reshape(200, -1)
    np.testing.assert_allclose(never.get_ydata(), np.median(curve, axis=0), atol=1e-9)
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert band.max() == pytest.approx(np.quantile(curve[:, -1], 0.95))
    inside = tried.get_xdata()
    assert (inside.min(), inside.max()) == (pytest.approx(column.min()), pytest.approx(column.max(), rel=0.02))
    assert inside.max() <= column.max()
    assert latest.get_xdata()[0] == pytest.approx(column[-13:].mean())
    np.testing.assert_array_equal(rug.get_xdata(), column)
    at = column[-13:].mean() / column.mean()
    level = p["saturation_level"]
    by_draw = at ** p["saturation_slope"] / ((1 - level) / level + at ** p["saturation_slope"])
    expected = np.median(posterior.draws.amplitude("tv") * by_draw[..., 0])
    assert (today.get_xdata()[0], today.get_ydata()[0]) == pytest.approx((column[-13:].mean(), expected))
    assert never.get_linestyle() == "--"
    assert tried.get_linestyle() == "-"
    assert ("grps" if roles else "spend, GBP") in ax.get_xlabel()
