"""A series as a scheduler keeps it: first fit, a quarter later a refresh, a report; each in a process of its own."""

import subprocess
import sys

import pytest

import mmm

pytestmark = pytest.mark.slow

CONFIG = """
data:
  file: sales.csv
  date: date
  outcome: revenue
  spend: [tv, search]
  margin: 0.35
sampler: {draws: 500}
seed: 3
fit: fits/{last}.nc
"""


def run(folder, *arguments):
    command = [sys.executable, "-m", "mmm", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    frame, _ = mmm.simulate.world_frame(n_periods=117, channels=["tv", "search"], seed=5)
    (folder / "config.yaml").write_text(CONFIG)
    frame.iloc[:104].to_csv(folder / "sales.csv", index=False)
    done = [run(folder, "fit", "config.yaml")]
    restated = frame.assign(revenue=frame["revenue"].where(frame.index != 80, 1.1 * frame["revenue"]))
    restated.to_csv(folder / "sales.csv", index=False)
    done.append(run(folder, "refresh", "config.yaml", "--quiet"))
    return folder, frame, done


def test_a_fit_is_what_the_library_fits(series):
    folder, frame, (first, _) = series
    assert first.returncode == 0, first.stderr
    saved = mmm.load(folder / "fits" / f"{frame['date'][103]:%Y-%m-%d}.nc")
    assert saved.diagnosis.verdict in first.stdout
    assert "Before the data" in first.stderr
    data = mmm.MarketingData.from_frame(
        frame.iloc[:104], date="date", outcome="revenue", spend=["tv", "search"], margin=0.35
    )
    again = mmm.fit(data, seed=3, sampler=mmm.Sampler(draws=500), progress=False)
    for name, draws in again.draws.parameters.items():
        assert (draws == saved.draws.parameters[name]).all(), name  # the same bits: a CSV holds the same numbers


def test_a_refresh_a_quarter_later(series):
    folder, frame, (_, second) = series
    assert second.returncode == 0, second.stderr
    assert second.stderr == ""
    for said in (
        "13 new weekly periods",
        "1 number of the past was restated: revenue (1).",
        "Drift",
        "Forecast check",
    ):
        assert said in second.stdout
    assert len(mmm.history(folder / "fits").table()) == 6  # two fits of two channels and their total
    saved = mmm.load(folder / "fits" / f"{frame['date'][116]:%Y-%m-%d}.nc")
    assert saved.provenance.seed == 4


def test_the_same_quarter_again_is_refused_before_it_is_fitted(series):
    folder, _, _ = series
    again = run(folder, "refresh", "config.yaml")
    assert (again.returncode, again.stdout) == (2, "")
    assert "is there already" in again.stderr
    assert "Traceback" not in again.stderr


def test_the_report_of_the_newest_fit(series):
    folder, _, _ = series
    done = run(folder, "report", "--config", "config.yaml", "--prob", "0.8")
    assert done.returncode == 0, done.stderr
    newest = mmm.load(sorted((folder / "fits").glob("*.nc"))[-1])
    assert "\n\n".join(mmm.Report(newest, prob=0.8).sentences()) in done.stdout
