"""The published figures of the refresh are those of the rows that are kept with the source."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.model.baseline import baseline_design
from mmm.refreshing.channel_changes import bayes_factors

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import refresh as refresh_rows  # noqa: E402 - benchmarks are scripts, not a package
import refresh_page  # noqa: E402
from known_truth import factors_where_all_is_known  # noqa: E402

CHANNELS = ("tv", "search", "total")


def world(
    number, *, kind="stable", case="", n_new=13, changed="", ok=True, z=0.0, z_new=0.0, inside=12, true_share=0.08,
    power=0.6,
):  # fmt: skip
    """Rows of one refresh, in which only the channel that changed, or else tv, is anything but calm."""
    loud = changed or "tv"
    rows = []
    for name in CHANNELS:
        at = z if name == loud else 0.0, z_new if name == loud else 0.0
        flags = ["amber" if abs(value) > 2 else "ok" for value in at]
        rows.append({
            "kind": kind, "case": case, "n_new": n_new, "world": number, "channel": name, "changed": name == changed,
            "ok": ok, "true_share": true_share, "z": at[0], "flag": flags[0],
            "z_new_weeks": np.nan if name == "total" else at[1],
            "bayes_factor": np.nan if name == "total" else 1.0 + abs(at[1]),
            "power": power, "bayes_factor_known": 1.0 + 2 * abs(at[1]),
            "flag_new_weeks": "" if name == "total" else flags[1],
            "step": at[0], "var_old": 1.1, "var_new": 0.1, "error": 0.01,
            "inside_50": 6, "inside_80": 10, "inside_90": inside, "forecast_ok": inside > 8,
            **{f"preview_{what}_{n}": value for n in (1, 4, 13) for what, value in
               (("k", 0.1 * n), ("draws", 4000 / n), ("ok", n < 13))},
        })  # fmt: skip
    return rows


def table(*worlds):
    return pd.DataFrame([row for rows in worlds for row in rows])


STARTS = pd.DataFrame({
    "world": [1, 1, 2, 2], "start": ["cold", "warm"] * 2, "leapfrogs_tuning": [10, 8, 10, 10],
    "leapfrogs": [100, 90, 100, 100], "seconds": [1.0, 2.0, 1.0, 2.0],
})  # fmt: skip


def test_the_page_is_what_the_rows_say():
    assert refresh_page.page(*refresh_page.evidence()) == (ROOT / "docs" / "refresh.md").read_text()


def test_alarms_are_counted_by_channel_and_for_the_total():
    rows = table(world(1, z=2.5), world(2), world(3, z_new=-3.5), world(4))
    said = refresh_page.alarms(rows)
    assert said.startswith("4 simulated worlds")
    assert "| drift of a channel | 12.5% (2.2% to 47.1%; 1 of 8)" in said
    assert "| drift of the total | 0.0% (0.0% to 49.0%; 0 of 4)" in said
    assert "| a channel in the new weeks | 12.5% (2.2% to 47.1%; 1 of 8) | 12.5%" in said
    # the step over the fall that was observed, which is 1
    assert refresh_page.simple_alarms(rows).endswith("1 of 8)")


def test_an_interval_of_a_share_is_that_of_wilson():
    # Agresti and Coull 1998: no success in 10 gives 0 to .278
    assert refresh_page.in_cases(pd.Series([], dtype=bool)) == ""
    assert refresh_page.in_cases(pd.Series([False] * 10)) == "0.0% (0.0% to 27.8%; 0 of 10)"


def test_weeks_are_judged_by_worlds():
    said = refresh_page.forecasts(table(world(1, inside=13), world(2, inside=7)))
    error = 2 * pd.Series([13 / 13, 7 / 13]).std() / np.sqrt(2)
    assert f"90%: {20 / 26:.1%} ± {error:.1%}" in said
    assert "50.0% (9.5% to 90.5%; 1 of 2)" in said


def test_what_is_seen_is_counted_by_case_and_by_what_the_channel_brought():
    halved = {"kind": "halved", "changed": "tv"}
    rows = table(
        world(1, **halved, case="largest", z_new=-4.0, true_share=0.12),
        world(1, **halved, case="random", z_new=-4.0, true_share=0.12),  # the same channel was drawn: one world
        world(2, **halved, case="largest", true_share=0.07),
        world(2, kind="halved", changed="search", case="random", true_share=0.01),
    )
    lines = refresh_page.seen(rows).splitlines()
    found = {line.split(" | ")[0].strip("| "): line for line in lines if line.startswith("|")}
    assert "1 of 2)" in found["the channel that brought most"]
    assert "| 12.0% | 100.0% (20.7% to 100.0%; 1 of 1)" in found["one that brought 10% to 100%"]
    assert "| 7.0% | 0.0% (0.0% to 79.3%; 0 of 1)" in found["one that brought 5% to 10%"]
    assert "| 1.0% | 0.0%" in found["one below 2%"]


def test_what_one_who_knows_all_else_would_flag_is_counted_beside_it():
    """A Bayes factor of 1.25 is no flag, and 1.5, which the other has there, is one."""
    rows = table(world(1, kind="halved", case="largest", changed="tv", z_new=0.25))
    cells = [cell.strip() for cell in refresh_page.seen(rows).splitlines()[4].split("|")[1:-1]]
    assert cells[2].endswith("0 of 1)")
    assert cells[4].endswith("1 of 1)")  # called ok
    assert cells[-1].endswith("1 of 1)")


def test_power_that_was_said_is_held_against_what_was_flagged():
    halved = {"kind": "halved", "case": "largest", "changed": "tv"}
    said = refresh_page.said_power(
        table(
            world(1, **halved, z_new=-4.0, power=0.95),
            world(2, **halved, power=0.8),
            world(3, **halved, z_new=-4.0, power=0.0),
        )
    )
    lines = {line.split(" | ")[0].strip("| "): line for line in said.splitlines()}
    assert lines["0% to 10%"].startswith("| 0% to 10% | 0.0% | 100.0%")
    assert lines["75% to 90%"].startswith("| 75% to 90% | 80.0% | 0.0%")
    assert lines["90% to 100%"].startswith("| 90% to 100% | 95.0% | 100.0%")
    assert lines["90% to 100%"].endswith("1 of 1) |  |  |")  # none was drawn at random
    assert "where power was at least 50%, 50.0% (9.5% to 90.5%; 1 of 2) were flagged" in said
    assert "of all that brought half, 33.3% (6.1% to 79.2%; 1 of 3) were called `ok`" in said


def test_longer_windows_have_a_row_each():
    later = {"kind": "longer", "case": "largest", "changed": "tv"}
    rows = table(*(world(1, **later, n_new=n, z_new=z) for n, z in ((13, 0.0), (26, -4.0))))
    lines = refresh_page.longer(rows).splitlines()
    assert lines[2].startswith("| 13 | 8.0% | 0.0%")
    assert lines[3].startswith("| 26 | 8.0% | 100.0%")


def test_what_other_limits_would_flag_is_counted():
    halved = table(*(world(i, kind="halved", case="largest", changed="tv", z_new=z) for i, z in enumerate((-4.0, 0.3))))
    stable = table(world(3, z_new=0.3), world(4))
    assert refresh_page.by_z(halved) == "it would be 50.0% of the largest and 0.0% of the others"
    later = table(world(5, kind="longer", case="largest", changed="tv", z_new=0.3))
    lines = refresh_page.limits(stable, halved, later).splitlines()
    cells = [cell.strip() for cell in lines[2].split("|")[1:-1]]
    assert cells[0] == "1.2"
    assert [cell.split(";")[1].strip(" )") for cell in cells[1:]] == ["2 of 2", "0 of 2", "1 of 4", "1 of 1", "0 of 1"]
    assert lines[3].startswith("| 1.3 | 50.0% ")


def test_previews_are_counted():
    lines = refresh_page.previews(table(world(1), world(2))).splitlines()
    assert "| nothing changed | 4 | 2 of 2 | 0.40 | 0.40 | 1000 | 1000 |" in lines
    assert "| nothing changed | 13 | 0 of 2 | 1.30 | 1.30 | 308 | 308 |" in lines


def test_what_did_not_converge_is_left_out_and_counted():
    rows = table(world(1, z=2.5, ok=False), world(2))
    said = refresh_page.page(rows, STARTS)
    assert "1 of 2 did not converge" in said
    assert "0 of 2)" in said
    assert "Not run for this version" in said  # no world of the other kind


@pytest.mark.parametrize("kind", ["stable", "halved", "longer"])
def test_one_world_is_enough_for_a_page(kind):
    case = {} if kind == "stable" else {"changed": "tv", "case": "largest"}
    assert "nan" not in refresh_page.page(table(world(1, kind=kind, **case)), STARTS)


def test_what_a_start_saves_is_a_median_over_worlds():
    said = refresh_page.in_leapfrogs(STARTS)
    assert "0.95 times the leapfrog steps" in said
    assert "0.90 times while it was tuned" in said
    assert "2.00 times the seconds" in said


def test_the_channel_that_changes_is_settled_by_the_world_alone():
    """Not by anything that a fit says."""
    brought = pd.DataFrame(np.tile([3.0, 5.0, 1.0, 2.0], (169, 1)), columns=["tv", "search", "social", "radio"])
    brought.iloc[refresh_rows.N_OLD :, 2] = 1000.0  # the new weeks do not count
    truth = type("Truth", (), {"contributions": brought})
    cases = [refresh_rows.cases_of("halved", number, truth) for number in range(40)]
    assert {case["largest"] for case in cases} == {"search"}
    assert {case["random"] for case in cases} == set(brought)
    assert cases == [refresh_rows.cases_of("halved", number, truth) for number in range(40)]
    assert refresh_rows.cases_of("stable", 1, truth) == {"": ""}
    assert refresh_rows.cases_of("longer", 1, truth) == {"largest": "search"}


def test_what_one_who_knows_all_else_sees_is_the_likelihood_of_the_whole_outcome():
    """By the dense covariance of all weeks under a base that may be anything, without a rotation."""
    data, truth = mmm.simulate.world(n_periods=110, n_channels=2, seed=4)
    found = factors_where_all_is_known(data, truth, n_old=97, spec=mmm.ModelSpec())
    weeks = np.arange(110)
    walk = 0.003 / 0.04 * truth.sigma  # both are shares of the mean outcome
    base = baseline_design(
        data, trend=mmm.Trend(), seasonality=mmm.Seasonality(), holidays=None, origin=data.dates[0],
        control_means=np.zeros(1), control_scales=np.ones(1),
    ).columns  # fmt: skip
    covariance = truth.sigma**2 * (np.eye(110) + 1e6 * base @ base.T) + walk**2 * np.minimum.outer(weeks, weeks)
    media = truth.contributions.to_numpy()
    error = data.dataset["outcome"].values[0] - media.sum(axis=1)
    expected = bayes_factors(error, covariance, np.where(weeks[:, None] < 97, 0, media))
    np.testing.assert_allclose(list(found.values()), expected, rtol=1e-3)


def test_one_who_knows_all_else_sees_what_changed_and_little_else():
    """Forty worlds of four channels; in 300 it was 56% of the largest and 5% of the others."""
    seen = {True: [], False: []}
    for seed in range(1, 41):
        data, truth = mmm.simulate.world(n_periods=refresh_rows.N_OLD + 13, n_channels=4, seed=seed)
        largest = refresh_rows.cases_of("longer", seed, truth)["largest"]
        halved = refresh_rows.with_half(data, truth, largest)
        factors = factors_where_all_is_known(halved, truth, n_old=refresh_rows.N_OLD, spec=mmm.ModelSpec())
        for name, factor in factors.items():
            seen[name == largest].append(factor > 1.5)
    assert np.mean(seen[True]) > 0.32  # three standard errors below
    assert np.mean(seen[False]) < 0.12
