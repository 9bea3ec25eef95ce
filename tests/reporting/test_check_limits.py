"""Warnings from checks that need no refit: spend that follows the outcome, residuals that are not as assumed."""

import numpy as np

from mmm.data.altered import with_outcome
from mmm.reporting.sentences.check_limits import of_checks
from mmm.validation.leads import lead_check
from mmm.validation.residuals import check_residuals
from tests.conftest import build_data, build_frame, build_posterior


def with_noise(noise):
    """A posterior whose outcome is what its own draws expect, and this noise."""
    posterior = build_posterior(build_data(build_frame(156)))
    expected = posterior.draws.expected().mean(("chain", "draw")).values
    sigma = float(posterior.draws.parameters["sigma"].mean()) * posterior.scales.outcome
    return build_posterior(with_outcome(posterior.data, expected + sigma * noise))


def test_an_outlier_is_warned_of_with_its_date_and_what_to_do():
    noise = np.random.default_rng(1).standard_normal(156)
    noise[77] = 12.0
    posterior = with_noise(noise)
    (said,) = [sentence for sentence in of_checks(posterior) if "Tails" in sentence]
    assert f"{posterior.data.dates[77]:%Y-%m-%d}" in said
    assert "0/1 control" in said
    assert said.startswith(check_residuals(posterior).verdict)


def test_what_passes_its_checks_is_not_warned_of():
    posterior = with_noise(np.random.default_rng(2).standard_normal(156))
    assert lead_check(posterior.draws).ok
    assert check_residuals(posterior).ok
    assert of_checks(posterior) == []


def test_spend_that_follows_the_outcome_is_warned_of():
    """Demand of some weeks that nobody measures, and a channel that reacts to it a week later."""
    rng = np.random.default_rng(3)
    demand = np.zeros(157)
    for week in range(1, 157):
        demand[week] = 0.8 * demand[week - 1] + rng.standard_normal()
    frame = build_frame(156)
    frame["radio"] = frame["radio"].mean() * np.exp(0.5 * demand[:-1])
    frame["revenue"] += 0.05 * frame["revenue"].mean() * demand[1:]
    found = of_checks(build_posterior(build_data(frame)))
    assert any("radio rises after good weeks" in sentence and "as a control" in sentence for sentence in found), found


def test_that_a_fit_did_not_converge_is_not_said_twice():
    noise = np.random.default_rng(1).standard_normal(156)
    noise[77] = 12.0
    posterior = with_noise(noise)
    failed = build_posterior(posterior.data, ok=False)
    assert not any("NOT CONVERGED" in sentence for sentence in of_checks(failed))


def test_an_effect_that_comes_late_is_warned_of():
    """A channel that brings half of all sales, two weeks after its spend."""
    frame, rng = build_frame(156), np.random.default_rng(5)
    spend = rng.gamma(1.0, 1000.0, 158)
    frame["radio"], frame["revenue"] = spend[2:], 10_000 + 10 * spend[:-2] + rng.normal(0, 200, 156)
    found = of_checks(build_posterior(build_data(frame)))
    assert any("later than their kernels say: radio" in said and "carryover=Delayed()" in said for said in found), found
