"""Payback, carry-over, ledger and tracker: what is drawn equals the tables and the draws."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

import mmm
from mmm.charting import CHANNEL_COLOURS, TOTAL_COLOUR
from mmm.errors import ReportError
from mmm.posterior import replay_tracker
from mmm.reporting import sentences
from tests.conftest import build_data, build_frame, build_posterior, build_tracker, with_parameters

CHANNELS = ["tv", "video", "radio"]
BRAND = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})
COLOUR = dict(zip(CHANNELS, CHANNEL_COLOURS, strict=False)) | {"total": TOTAL_COLOUR}
BAND = (0.05, 0.25, 0.5, 0.75, 0.95)


@pytest.fixture(scope="module")
def brand():
    return build_posterior(build_data(margin=0.4), BRAND)


@pytest.fixture(scope="module")
def report(brand):
    return mmm.Report(brand)


def lines_of(ax):
    return [(line.get_xdata(), line.get_ydata()) for line in ax.lines]


def band_at(collection, week):
    """Lower and upper edge of a filled band at one week."""
    vertices = collection.get_paths()[0].vertices
    found = vertices[np.isclose(vertices[:, 0], week), 1]
    return found.min(), found.max()


# --- payback ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["tv", "radio", "total"])
def test_the_fan_is_the_roi_table_at_every_horizon(report, channel):
    ax = report.plot_payback(channel)
    last = ax.get_xlim()[1]
    weeks = [1, 4, 13, *([26, 52, 104] if last >= 104 else [])]
    outer = report.roi(horizon_weeks=weeks).set_index(["channel", "horizon_weeks"]).loc[channel]
    inner = mmm.Report(report.posterior, prob=0.5).roi(horizon_weeks=weeks)
    inner = inner.set_index(["channel", "horizon_weeks"]).loc[channel]
    known, later = (dict(zip(*line, strict=True)) for line in lines_of(ax)[:2])
    for week in weeks:
        assert (known | later)[week] == pytest.approx(outer.loc[week, "roi"], rel=1e-9)
        at = 0 if week in known else 2
        for bands, table in ((ax.collections[at], outer), (ax.collections[at + 1], inner)):
            assert band_at(bands, week) == pytest.approx(tuple(table.loc[week, ["roi_lower", "roi_upper"]]), rel=1e-9)
    assert (known | later)[0] == 0
    assert ax.lines[0].get_color() == COLOUR[channel]


def test_by_default_it_is_of_all_channels(report):
    ax = report.plot_payback()
    assert ax.get_title(loc="left") == "When the money spent on all channels is back"
    assert ax.lines[0].get_color() == TOTAL_COLOUR


@pytest.mark.parametrize(("window", "last_row"), [(None, 60), (("2023-12-04", "2024-02-19"), 60)])
def test_it_is_dashed_from_the_age_of_the_middle_unit_of_spend(brand, window, last_row):
    ax = mmm.Report(brand, window=window).plot_payback(channel="radio")
    start = 0 if window is None else 48
    spend = build_frame()["radio"].to_numpy()[start:last_row]
    age = np.repeat(np.arange(last_row - start, 0, -1), np.round(spend).astype(int))  # a unit of spend each
    known, later = ax.lines[:2]
    assert known.get_xdata()[-1] == min(np.median(age), ax.get_xlim()[1])
    assert later.get_xdata()[0] == known.get_xdata()[-1]
    assert later.get_linestyle() != "-"
    written = [text.get_text() for text in ax.texts if "forecast" in text.get_text()]
    assert len(written) == (known.get_xdata()[-1] < ax.get_xlim()[1])


def marks(ax):
    """Interval and point on the break-even line, and whether it goes on beyond the chart."""
    bars = [segment for c in ax.collections if hasattr(c, "get_segments") for segment in c.get_segments()]
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    return [(bar[0][0], bar[1][0]) for bar in bars], dots, any(line.get_marker() == ">" for line in ax.lines)


@pytest.mark.parametrize("factor", [0.02, 1.0, 2.0, 30.0])
def test_the_payback_week_and_its_interval_are_those_of_the_table(brand, factor):
    report = mmm.Report(with_parameters(brand, roi=lambda roi: factor * roi))
    ax = report.plot_payback(channel="tv")
    row = report.payback().set_index("channel").loc["tv"]
    last = ax.get_xlim()[1]
    bars, dots, beyond = marks(ax)
    shown = row["payback_lower"] < last
    assert bars == ([(row["payback_lower"], min(row["payback_upper"], last))] if shown else [])
    assert dots == ([row["payback_weeks"]] if row["payback_weeks"] <= last else [])
    assert beyond == (shown and row["payback_upper"] > last)
    assert last >= row["payback_upper"] or row["payback_upper"] > 156
    words = sentences.payback_words(row, valuation=report._basis.valuation, prob=0.9)
    assert words in [text.get_text().replace("\n", " ") for text in ax.texts]


def test_bands_are_those_of_the_report(brand):
    wide, narrow = (mmm.Report(brand, prob=prob).plot_payback().collections[0] for prob in (0.9, 0.6))
    assert band_at(wide, 13)[1] > band_at(narrow, 13)[1]


@pytest.mark.parametrize(
    ("channel", "window", "message"),
    [
        ("telly", None, r"no channel 'telly'(.|\n)*'radio', 'total'"),
        ("tv", ("2023-02-13", "2023-03-06"), r"nothing was spent on 'tv' in the window(.|\n)*on air"),
    ],
)
def test_a_payback_that_cannot_be_drawn_is_refused(brand, channel, window, message):
    with pytest.raises(ReportError, match=message):
        mmm.Report(brand, window=window).plot_payback(channel=channel)


def test_without_money_nothing_pays_back():
    with pytest.raises(ReportError, match="payback was asked of an outcome without a money value"):
        mmm.Report(build_posterior(build_data(outcome="orders"), n_draws=5)).plot_payback()


@pytest.mark.filterwarnings("ignore::mmm.errors.DataWarning")
def test_months_are_drawn_in_weeks():
    data, _ = mmm.simulate.world(seed=1, n_periods=60, frequency="monthly", n_channels=2, brand=["tv"])
    report = mmm.Report(build_posterior(data, BRAND, n_draws=50))
    month = 365.25 / 12 / 7
    drawn = dict(zip(*lines_of(report.plot_payback(channel="tv"))[0], strict=True))
    at = report.roi(horizon_weeks=13).set_index("channel").loc["tv", "roi"]
    assert drawn[3 * month] == pytest.approx(at, rel=1e-9)
    assert report.plot_carryover("tv").lines[0].get_xdata()[1] == pytest.approx(month)


# --- carry-over -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["tv", "video"])
def test_the_carry_over_chart_draws_the_kernel_and_what_was_assumed_of_it(brand, report, channel):
    ax = report.plot_carryover(channel)
    assert ax.lines[0].get_color() == COLOUR[channel]
    kernel = brand.spec.channels[channel].carryover
    week = 8

    def landed(draws):
        by_draw = kernel.landed(week, draws.channel_parameters(channel), weeks_per_period=1.0)
        return np.quantile(by_draw, BAND)

    after, before = landed(brand.draws), landed(brand.prior)
    median, assumed, low, high = (dict(zip(*line, strict=True))[week] for line in lines_of(ax)[:4])
    assert (median, assumed, low, high) == pytest.approx((after[2], before[2], before[0], before[4]), rel=1e-9)
    assert band_at(ax.collections[0], week) == pytest.approx((after[0], after[4]))
    assert band_at(ax.collections[1], week) == pytest.approx((after[1], after[3]))
    far = kernel.landed(156, brand.draws.channel_parameters(channel), weeks_per_period=1.0)
    assert ax.lines[0].get_ydata()[-1] >= 0.98 * np.median(far)


def test_the_written_shares_are_the_drawn_ones(report):
    ax = report.plot_carryover("tv")
    weeks, median = lines_of(ax)[0]
    drawn = dict(zip(weeks, median, strict=True))
    for week in (13, 26, 52):
        low, high = band_at(ax.collections[0], week)
        assert f"{drawn[week]:.0%} by week {week}\n({low:.0%} to {high:.0%})" in [t.get_text() for t in ax.texts]


def test_short_effects_are_shown_in_weeks_and_long_ones_in_quarters(brand):
    short = mmm.Report(with_parameters(brand, half_life=lambda weeks: 0 * weeks + 0.6)).plot_carryover("video")
    assert short.get_xlim() == (0, 13)
    assert short.texts[0].get_text().startswith("69% by week 1\n")
    at_once = mmm.ModelSpec(channels={"video": mmm.Channel(carryover=mmm.NoCarryover())})
    ax = mmm.Report(build_posterior(build_data(), at_once, n_draws=5)).plot_carryover("video")
    assert ax.lines[0].get_ydata()[:3].tolist() == [0, 1, 1]
    assert mmm.Report(brand).plot_carryover("tv").get_xlim()[1] > 52


def test_the_carry_over_of_an_unknown_channel_is_refused(report):
    for name in ("telly", "total"):
        with pytest.raises(ReportError, match=f"no channel {name!r}"):
            report.plot_carryover(name)


# --- ledger -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("roles", [{"margin": 0.4}, {"outcome": "orders"}], ids=["money", "units"])
def test_the_ledger_chart_draws_the_ledger(roles):
    report = mmm.Report(build_posterior(build_data(**roles), BRAND), window=("2023-12-04", "2024-02-19"))
    ax = report.plot_ledger()
    table = report.ledger().set_index("channel")
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == list(table.drop(index="total")["cohort_total"].sort_values().index)
    in_window, carry_out, carry_in = ax.containers[:3]
    for i, name in enumerate(labels):
        row = table.loc[name]
        assert in_window[i].get_width() == row["in_window"]
        assert carry_out[i].get_x() == row["in_window"]
        assert carry_out[i].get_width() == pytest.approx(row["carry_out"], rel=1e-12)
        assert (carry_in[i].get_x(), carry_in[i].get_width()) == (0, row["carry_in"])
        assert to_hex(in_window[i].get_facecolor()).upper() == COLOUR[name]
        assert to_hex(carry_in[i].get_edgecolor()).upper() == COLOUR[name]
        ends = ax.collections[0].get_segments()[i][:, 0]
        assert tuple(ends) == (row["cohort_total_lower"], row["cohort_total_upper"])
        assert f"{row['share_to_come']:.0%} still to come" in ax.texts[i].get_text()
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert ("spend" in legend) == ("margin" in roles)
    if "spend" in legend:
        marks = [segment[0][0] for segment in ax.collections[1].get_segments()]
        assert marks == table.loc[labels, "spend"].tolist()
    assert ax.get_xlabel().startswith("GBP: means" if "margin" in roles else "orders: means")


def test_the_ledger_says_what_all_channels_together_did(report):
    said = report.plot_ledger().get_xlabel().split("all channels: ")[1]
    row = report.ledger().set_index("channel").loc["total"]
    found = [float(part.split()[0]) * {"k": 1e3, "M": 1e6}[part.split()[1]] for part in said.split(", ")]
    np.testing.assert_allclose(found, row[["in_window", "carry_out", "carry_in"]].tolist(), rtol=0.05)


# --- tracker ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["share", "index"])
def test_the_tracker_chart_draws_waves_fit_and_what_is_left_without_media(unit):
    tracker = build_tracker(unit=unit)
    posterior = build_posterior(build_data(tracker=tracker), BRAND)
    ax = mmm.Report(posterior).plot_tracker()
    replayed = replay_tracker(posterior.draws)
    flat = {name: replayed[name].values.reshape(200, -1) for name in ("expected", "from_media")}
    fitted, without = (dict(enumerate(line.get_ydata())) for line in ax.lines[:2])
    np.testing.assert_allclose(list(fitted.values()), np.median(flat["expected"], axis=0))
    np.testing.assert_allclose(list(without.values()), np.median(flat["expected"] - flat["from_media"], axis=0))
    edges = np.quantile(flat["expected"] - flat["from_media"], (0.05, 0.95), axis=0)
    np.testing.assert_allclose([line.get_ydata() for line in ax.lines[2:4]], edges)
    band = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == pytest.approx(
        (np.quantile(flat["expected"], 0.05, axis=0).min(), np.quantile(flat["expected"], 0.95, axis=0).max())
    )
    (waves,) = ax.containers
    np.testing.assert_array_equal(waves[0].get_ydata(), tracker.values)
    if unit == "share":
        bars = np.array([segment[:, 1] for segment in waves[2][0].get_segments()])
        np.testing.assert_allclose(np.ptp(bars, axis=1) / 2, 1.6448536 * tracker.error, rtol=1e-6)
    else:
        assert not waves.has_yerr
    built = flat["from_media"].mean(axis=1) * (100 if unit == "share" else 1)
    assert ax.get_xlabel().startswith("media built ")
    assert ("points (90%:" if unit == "share" else " (90%:") in ax.get_xlabel()
    assert f"{np.quantile(built, 0.95):,.0f}"[:2] in ax.get_xlabel()
    assert ax.lines[1].get_color() == COLOUR["tv"]


def test_what_several_channels_built_has_the_colour_of_all():
    both = mmm.ModelSpec(channels=dict.fromkeys(("tv", "radio"), mmm.Channel(brand=True)))
    ax = mmm.Report(build_posterior(build_data(tracker=build_tracker()), both, n_draws=20)).plot_tracker()
    assert ax.lines[1].get_color() == TOTAL_COLOUR


def test_without_a_tracker_there_is_nothing_to_draw(report):
    with pytest.raises(ReportError, match=r"the data have no brand tracker(.|\n)*mmm.Tracker.from_frame"):
        report.plot_tracker()


def test_small_axes_of_ones_own_keep_their_size(report):
    figure, axes = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
    report.plot_payback(channel="tv", ax=axes[0])
    figure.canvas.draw()
    assert axes[0].get_position().width > 0.25
