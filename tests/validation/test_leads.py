"""Spend still to come: what a lead is, what of it is new, and who is suspected."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from mmm.errors import ReportError
from mmm.posterior.whitened import whiten
from mmm.validation import LeadCheck, lead_check
from mmm.validation.leads import innovations, lead
from tests.conftest import build_data, build_frame, build_posterior, with_parameters


def with_media_known_to_be_small(frame, *, sigma=0.03):
    """A posterior that knows that media bring almost nothing, so that only what was put into the outcome is there."""
    return with_parameters(
        build_posterior(build_data(frame), n_draws=20),
        roi=lambda roi: xr.full_like(roi, 1e-9),
        sigma=lambda old: xr.full_like(old, sigma),
        tau=lambda old: xr.full_like(old, 1e-4),
    )


def following(*, sign=1, seed=3):
    """Video spend that reacts to the noise of the week before."""
    frame, rng = build_frame(120, seed=seed), np.random.default_rng(seed)
    noise = rng.normal(0, 600, 120)
    frame["revenue"] = 20_000 + noise
    frame["video"] = 1000 + sign * np.concatenate([[0], noise[:-1]]) * 0.5 + rng.uniform(0, 200, 120)
    return frame


@pytest.mark.parametrize("sign", [1, -1])
def test_spend_that_follows_the_outcome_is_suspected_with_its_direction(sign):
    found = lead_check(with_media_known_to_be_small(following(sign=sign)).draws)
    assert found.suspects == ("video",)
    assert not found.ok
    assert np.sign(found.z[1]) == sign
    # the week after is what reacts; later ones do not
    assert np.nanargmax(np.abs(found.z_by_lead[1])) == 0
    how, judged = ("good", "too high") if sign > 0 else ("bad", "too low")
    assert f"video rises after {how} weeks (z {found.z[1]:.1f}" in found.verdict
    assert f"The ROI of video is probably {judged}" in found.recommendation
    assert "spend set by lot" in found.recommendation


def test_z_is_standard_normal_where_the_model_holds(posterior):
    whitened, rng = whiten(posterior.draws), np.random.default_rng(5)
    z = []
    for _ in range(200):
        replica = replace(whitened, residual=whitened.replicas(1, rng)[0])
        z.append(lead_check(posterior.draws, whitened=replica).z)
    # 600 of them, in three channels that hardly move together: the sd of their sd is 0.03, that of their mean 0.04
    assert np.std(z) == pytest.approx(1, abs=0.1)
    assert np.mean(z) == pytest.approx(0, abs=0.15)


def test_probabilities_are_two_sided_and_adjusted_for_the_number_of_channels():
    check = LeadCheck(
        channels=("a", "b"), lead_weeks=(1,), z=np.array([1.96, 0.0]), z_by_lead=np.array([[1.96], [0.0]]),
        probability=np.array([0.05, 1.0]),
    )  # fmt: skip
    np.testing.assert_allclose(check.adjusted, [1 - 0.95**2, 1])
    assert check.joint_probability == pytest.approx(0.0975)
    assert check.ok
    assert check.recommendation == ""
    assert "largest z 2.0, a; probability 0.098 over all channels" in check.verdict


def test_autocorrelated_spend_has_no_lead_of_its_own():
    # smooth spend and an effect of the same week: without taking the past out, next week's spend would explain it
    rng = np.random.default_rng(1)
    spend = np.convolve(rng.gamma(2.0, 300.0, 240), np.ones(6) / 6, mode="valid")[:120]
    frame = build_frame(120)
    frame["video"], frame["revenue"] = spend, 20_000 + 8 * spend + rng.normal(0, 300, 120)
    posterior = with_media_known_to_be_small(frame)
    whitened = whiten(posterior.draws)
    ahead = lead(spend, 1, weeks_per_period=1.0)[:, None]
    assert abs(whitened.score(ahead).z[0]) > 4
    assert lead_check(posterior.draws).ok


def test_innovations_do_not_correlate_with_anything_known_before():
    rng = np.random.default_rng(2)
    driver, media, columns = rng.gamma(2.0, 1.0, (90, 2)), rng.gamma(2.0, 1.0, (90, 2)), np.ones((90, 1))
    new = innovations(driver, media=media, columns=columns, n_lags=3)
    np.testing.assert_array_equal(new[:3], 0)
    for place in range(2):
        for lag in (1, 2, 3):
            assert new[3:, place] @ driver[3 - lag : 90 - lag, place] == pytest.approx(0, abs=1e-9)
        np.testing.assert_allclose(new[3:, place] @ media[2:89], 0, atol=1e-9)


def test_a_lead_of_a_week_is_seven_days_or_the_month_that_ends_in_it():
    days = np.arange(30.0)
    first = lead(days, 1, weeks_per_period=1 / 7)
    assert first[0] == np.mean([1, 2, 3, 4, 5, 6, 7])
    assert lead(days, 2, weeks_per_period=1 / 7)[0] == np.mean([8, 9, 10, 11, 12, 13, 14])
    assert first[-1] == 0
    month = 365.25 / 12 / 7
    ends = [week for week in range(1, 9) if lead(days, week, weeks_per_period=month).any()]
    assert len(ends) == 2
    assert [lead(days, week, weeks_per_period=month)[0] for week in ends] == [1, 2]


@pytest.mark.parametrize("weeks", [(), (0, 1), (2, 1), (1, 1), (1.5,), (True,)])
def test_weeks_that_make_no_sense_are_refused(weeks, posterior):
    with pytest.raises(ReportError, match="use whole weeks, 1 or more, in ascending order"):
        lead_check(posterior.draws, lead_weeks=weeks)
