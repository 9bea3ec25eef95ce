"""Kernels, half-lives and all response curves: what is drawn equals tables and draws."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

import mmm
from mmm.charting import CHANNEL_COLOURS
from tests.conftest import build_data, build_posterior

CHANNELS = ["tv", "video", "radio"]
COLOUR = dict(zip(CHANNELS, CHANNEL_COLOURS, strict=False))
SPEC = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True), "radio": mmm.Channel(carryover=mmm.NoCarryover())})


@pytest.fixture(scope="module")
def made():
    return build_posterior(build_data(), SPEC)


@pytest.fixture(scope="module")
def report(made):
    return mmm.Report(made, prob=0.8)


def closed_form(draws, channel, lag):
    """Weight of one lag by the formula of the kernel, shape (draw,)."""
    at = {name: values.reshape(-1) for name, values in draws.channel_parameters(channel).items()}
    if channel == "radio":
        return np.full(draws.parameters.sizes["chain"] * draws.parameters.sizes["draw"], float(lag == 0))

    def geometric(half_life):
        decay = 2 ** (-1 / half_life)
        return (1 - decay) * decay**lag

    if channel == "video":
        return geometric(at["half_life"])
    share = at["slow_share"]
    return (1 - share) * geometric(at["fast_half_life"]) + share * geometric(at["slow_half_life"])


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_panel_draws_the_weights_over_their_prior(made, report, channel):
    panel = report.plot_kernels().child_axes[CHANNELS.index(channel)]
    assert panel.get_title(loc="left") == channel
    prior, posterior = panel.lines
    assert posterior.get_color() == COLOUR[channel]
    before, after = panel.collections
    for lag in (0, 1, 5):
        for draws, line, band in ((made.prior, prior, before), (made.draws, posterior, after)):
            low, middle, high = np.quantile(closed_form(draws, channel, lag), [0.1, 0.5, 0.9])
            drawn = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
            assert drawn[lag] == pytest.approx(middle, abs=1e-12)
            vertices = band.get_paths()[0].vertices
            ends = vertices[np.isclose(vertices[:, 0], lag), 1]
            assert (ends.min(), ends.max()) == pytest.approx((low, high), abs=1e-12)


def test_a_panel_is_as_long_as_its_kernel(made, report):
    tv, video, radio = report.plot_kernels().child_axes
    assert radio.get_xlim() == (0, 6)
    assert video.get_xlim()[1] < 13 < tv.get_xlim()[1]
    landed = np.median(made.spec.channels["tv"].carryover.landed(
        round(tv.get_xlim()[1]) + 1, made.draws.channel_parameters("tv"), weeks_per_period=1.0))  # fmt: skip
    assert landed > 0.9


def test_the_kernels_are_labelled_once_for_all(report):
    ax = report.plot_kernels()
    assert ax.get_xlabel() == "weeks since the spend"
    assert ax.get_ylabel() == "share of effect per week"
    assert sum("80% interval" in text.get_text() for text in ax.get_legend().get_texts()) == 2


def test_months_are_drawn_where_they_are_in_weeks():
    data, _ = mmm.simulate.world(seed=1, n_periods=60, frequency="monthly", n_channels=2)
    ax = mmm.Report(build_posterior(data, n_draws=20)).plot_kernels()
    weeks = ax.child_axes[0].lines[1].get_xdata()
    np.testing.assert_allclose(np.diff(weeks), 365.25 / 12 / 7)
    assert len(weeks) >= 7
    assert ax.get_ylabel() == "share of effect per month"


def test_the_half_life_chart_draws_its_table(report):
    ax = report.plot_half_lives()
    table = report.half_lives().iloc[::-1]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["radio", "video", "tv, slow part", "tv, fast part", "tv"]
    for side, bars, dots in (("prior", *ax.collections[:2]), ("posterior", *ax.collections[2:4])):
        drawn = {round(float(path[:, 1].mean())): path[:, 0] for path in bars.get_segments() if path.size}
        points = {round(float(y)): x for x, y in np.asarray(dots.get_offsets()) if np.isfinite(x)}
        assert sorted(drawn) == sorted(points) == [1, 2, 3, 4]  # what lands at once is not on the scale
        for at in drawn:
            row = table.iloc[at]
            assert (points[at], *drawn[at]) == tuple(row[[side, f"{side}_lower", f"{side}_upper"]])
    colours = [to_hex(colour).upper() for colour in ax.collections[3].get_facecolors()]
    assert colours == [COLOUR["radio"], COLOUR["video"], *[COLOUR["tv"]] * 3]
    assert ax.texts[0].get_text() == "lands at once"
    assert f"{table.iloc[1]['prior_reliance']:.0%} prior" in ax.texts[1].get_text()
    assert "80% interval" in ax.get_xlabel()
    assert ax.get_xscale() == "log"


@pytest.mark.parametrize("roles", [{}, {"exposure": {"tv": "grps"}}], ids=["spend", "exposure"])
def test_all_responses_are_those_of_each(roles):
    report = mmm.Report(build_posterior(build_data(**roles)))
    ax = report.plot_responses()
    for name, panel in zip(CHANNELS, ax.child_axes, strict=True):
        alone = report.plot_response(name)
        assert len(panel.lines) == len(alone.lines)
        for drawn, expected in zip(panel.lines, alone.lines, strict=True):
            np.testing.assert_array_equal(drawn.get_xdata(), expected.get_xdata())
            np.testing.assert_array_equal(drawn.get_ydata(), expected.get_ydata())
            assert drawn.get_color() == expected.get_color()
    if roles:
        assert ax.child_axes[0].get_title(loc="left") == "tv (grps)"
        assert ax.get_xlabel() == "spend or exposure per week, kept up"
    else:
        assert ax.get_xlabel() == "spend, GBP per week, kept up"
