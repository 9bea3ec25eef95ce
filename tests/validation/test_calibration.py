"""Ranks turned into a verdict, on a toy whose posterior is known exactly: right ones pass, wrong ones fail."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import mmm
from mmm.errors import ReportError
from mmm.schema import CALIBRATION_COLUMNS
from mmm.validation.calibration import SimulationBasedCalibration

N_WORLDS, N_DRAWS, N_DATA = 200, 99, 5


def toy(*, looks_at_data=True, spread=1.0, shift=0.0, n_worlds=N_WORLDS, seed=3):
    """Normal mean with a unit normal prior and five data of unit variance; its posterior, or one that is wrong."""
    rng = np.random.default_rng(seed)
    truth = rng.standard_normal(n_worlds)
    data = truth[:, None] + rng.standard_normal((n_worlds, N_DATA))
    mean, sd = (data.sum(axis=1) / (N_DATA + 1), (N_DATA + 1) ** -0.5) if looks_at_data else (np.zeros(n_worlds), 1.0)
    draws = mean + shift + spread * sd * rng.standard_normal((N_DRAWS, n_worlds))

    def log_likelihood(theta):
        return stats.norm(theta[..., None]).logpdf(data).sum(axis=-1)

    ranks = pd.DataFrame(
        {
            "theta": (draws < truth).sum(axis=0),
            "log_likelihood": (log_likelihood(draws) < log_likelihood(truth)).sum(axis=0),
        }
    )
    return SimulationBasedCalibration(
        ranks=ranks, fits=pd.DataFrame({"enough": True}, index=ranks.index), n_draws=N_DRAWS
    )


@pytest.fixture(scope="module")
def right():
    return toy()


def failed(calibration):
    table = calibration.table().set_index("quantity")
    return set(table.index[table["chance"] < 1e-3])


def test_a_right_posterior_passes(right):
    assert right.ok
    assert right.table()["inside"].all()
    assert "NOT CALIBRATED" not in right.verdict
    assert "another question" in right.recommendation


def test_a_prior_for_a_posterior_is_seen_by_the_log_likelihood_only():
    unseen = toy(looks_at_data=False)
    assert failed(unseen) == {"log_likelihood"}
    assert unseen.table().set_index("quantity").loc["theta", "inside"]
    assert not unseen.ok
    assert "NOT CALIBRATED, further from uniform than chance allows: log_likelihood." in unseen.verdict
    assert "the data are not used as stated" in unseen.recommendation


def test_few_worlds_are_not_said_to_prove_anything():
    # a posterior that is somewhat too narrow: not seen in twenty worlds, and seen in two hundred
    few, many = (toy(spread=0.75, n_worlds=n_worlds) for n_worlds in (20, 200))
    assert few.ok
    assert few.recommendation.startswith("Nothing was found, but 20 worlds show gross faults only: go on with first=20")
    assert not many.ok


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"spread": 0.6}, "intervals too narrow"),
        ({"spread": 1.6}, "intervals too wide"),
        ({"shift": 0.3}, "too high"),
        ({"shift": -0.3}, "too low"),
    ],
    ids=["narrow", "wide", "high", "low"],
)
def test_a_wrong_posterior_fails_and_is_described(wrong, words):
    calibration = toy(**wrong)
    assert "theta" in failed(calibration)
    assert words in calibration.recommendation
    assert "Do not use the intervals" in repr(calibration)


def test_coverage_is_that_of_the_intervals_between_ranks():
    # with 99 draws the 90% interval runs from the 5th to the 95th draw: ranks 5 to 94 lie within
    ranks = pd.DataFrame({"a": [4, 5, 94, 95], "b": [9, 10, 89, 90], "c": [24, 25, 74, 75]})
    table = SimulationBasedCalibration(
        ranks=ranks, fits=pd.DataFrame({"enough": True}, index=ranks.index), n_draws=99
    ).table()
    assert list(table.columns) == list(CALIBRATION_COLUMNS)
    assert table["covered_90"].tolist() == [0.5, 1.0, 1.0]
    assert table["covered_80"].tolist() == [0.0, 0.5, 1.0]
    assert table["covered_50"].tolist() == [0.0, 0.0, 0.5]
    assert table["mean_rank"].tolist() == [0.5, 0.5, 0.5]
    assert table["worlds"].tolist() == [4, 4, 4]


def test_many_right_quantities_are_not_called_wrong():
    # 40 quantities of a right model: about two lie outside by chance, and that is no reason for an alarm
    rng = np.random.default_rng(2)
    ranks = pd.DataFrame({f"q{i}": rng.integers(0, 100, 200) for i in range(40)})
    calibration = SimulationBasedCalibration(
        ranks=ranks, fits=pd.DataFrame({"enough": True}, index=ranks.index), n_draws=99
    )
    outside = (~calibration.table()["inside"]).sum()
    assert outside > 0
    assert calibration.ok
    assert f"{outside} do not (q" in calibration.verdict
    assert "2.0 of 40" in calibration.verdict


def test_runs_are_joined_and_joined_runs_are_one(right):
    halves = [
        SimulationBasedCalibration(ranks=right.ranks[rows], fits=right.fits[rows], n_draws=N_DRAWS)
        for rows in (slice(0, 80), slice(80, None))
    ]
    pd.testing.assert_frame_equal(halves[0].joined(halves[1]).table(), right.table())
    with pytest.raises(ReportError, match="worlds are there twice"):
        halves[0].joined(right)
    other = SimulationBasedCalibration(
        ranks=halves[1].ranks.rename(columns={"theta": "mu"}), fits=halves[1].fits, n_draws=N_DRAWS
    )
    with pytest.raises(ReportError, match="ranked other quantities"):
        halves[0].joined(other)


@pytest.mark.parametrize("ranks", [[0.5, 3], [-1, 3], [3, 100], [np.nan, 3], []])
def test_what_is_no_rank_is_refused(ranks):
    frame = pd.DataFrame({"theta": ranks})
    with pytest.raises(ReportError, match="whole numbers from 0 to 99"):
        SimulationBasedCalibration(ranks=frame, fits=pd.DataFrame(index=frame.index), n_draws=99)


def test_fits_with_too_few_draws_are_counted(right):
    fits = right.fits.assign(enough=right.fits.index > 2)
    said = SimulationBasedCalibration(ranks=right.ranks, fits=fits, n_draws=N_DRAWS).verdict
    assert "In 3 worlds the draws were too few" in said
    assert "too few" not in right.verdict


def test_the_chart_shows_each_quantity_s_distance_and_what_failed():
    unseen = toy(looks_at_data=False)
    ax = unseen.plot()
    panels = {panel.get_title(loc="left"): panel for panel in ax.child_axes}
    assert list(panels) == ["theta", "log likelihood"]
    for name, panel in panels.items():
        line = panel.lines[-1]
        ranks = unseen.ranks[name.replace(" ", "_")].to_numpy()
        shares = np.arange(101) / 100
        ecdf = [(ranks < j).mean() for j in range(101)]
        np.testing.assert_allclose(line.get_xdata(), shares, atol=1e-12)
        np.testing.assert_allclose(line.get_ydata(), np.array(ecdf) - shares, atol=1e-12)
    colours = {name: panel.lines[-1].get_color() for name, panel in panels.items()}
    assert colours["theta"] != colours["log likelihood"]
    assert "200 worlds" in ax.texts[1].get_text()


def test_the_chart_goes_where_it_is_told(right):
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    assert right.plot(ax=ax) is ax


def test_it_is_public():
    assert mmm.SimulationBasedCalibration is SimulationBasedCalibration
