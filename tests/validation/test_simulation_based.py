"""Worlds of the prior against the oracle and their own rules; the verb with a fit that is played, not made."""

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.errors import ConvergenceWarning, SpecError
from mmm.fitting import refits
from mmm.model.inputs import Scales
from mmm.posterior import Diagnosis, QuantityCheck, draw_prior
from mmm.simulate import oracle
from mmm.validation.prior_worlds import MOST_WORLDS, prior_worlds
from mmm.validation.simulation_based import rank_truth, ranked_quantities, thin
from tests.conftest import build_data, build_frame, build_posterior, build_tracker

BRAND = mmm.ModelSpec(
    channels={
        "tv": mmm.Channel(brand=True),
        "video": mmm.Channel(order="adstock_first", saturation=mmm.Root()),
        "radio": mmm.Channel(carryover=mmm.Delayed(max_lag_weeks=8)),
    }
)


def worlds_of(data, spec=None, *, worlds=4, first=0, seed=1, brand=()):
    return list(prior_worlds(data, spec, brand=brand, worlds=worlds, seed=seed, first=first))


def media_by_the_oracle(world):
    """Media of a world from plain loops: amplitude from the drawn ROI and what the spend brings within 104 weeks."""
    truth, data = world.truth, world.data
    spend, total = data.dataset["spend"].values[0], 0.0
    for column, (name, channel) in enumerate(truth.spec.channels.items()):
        at = {key: float(value[0, 0, 0]) for key, value in truth.channel_parameters(name).items()}
        rules = oracle.ChannelRules(
            saturation=channel.saturation.kind,
            carryover=channel.carryover.kind,
            order=channel.order,
            max_lag_weeks=getattr(channel.carryover, "max_lag_weeks", 13.0),
            parameters=at,
        )
        driver = (spend[:, column] / spend[:, column].mean()).tolist()
        [unit] = oracle.unit_returns(
            driver, rules, weeks_per_period=1.0, start=0, stop=len(driver), horizons=[104]
        )  # fmt: skip
        amplitude = float(truth.parameters["roi"].sel(channel=name).item()) * spend[:, column].sum() / unit
        total = total + amplitude * np.array(oracle.response(driver, rules, weeks_per_period=1.0))
    return total


def test_media_of_a_world_are_those_of_the_oracle(national_data):
    for world in worlds_of(national_data, BRAND, worlds=3):
        replayed = world.truth.contributions().sum("channel").values[0, 0, 0]
        np.testing.assert_allclose(replayed, media_by_the_oracle(world), rtol=1e-8)


def test_what_media_leave_is_the_baseline_with_the_walk_of_tau_and_noise_of_sigma(national_data):
    steps, shocks = [], []
    for world in worlds_of(national_data, worlds=12):
        scale, inputs = world.truth.scales.outcome, world.truth.inputs
        media = world.truth.contributions().sum("channel").values[0, 0, 0]
        noise = world.data.dataset["outcome"].values[0] - media - world.baseline
        shocks.append(noise / scale / world.truth.parameters["sigma"].item())
        # rotated, a baseline is its walk: independent, with the stated variances
        moves = inputs.rotation.walk_variances > 1e-6
        rotated = (inputs.rotation.matrix @ world.baseline / scale)[moves]
        steps.append(rotated / world.truth.parameters["tau"].item() / np.sqrt(inputs.rotation.walk_variances[moves]))
    for normal in (np.concatenate(shocks), np.concatenate(steps)):
        # 12 worlds of 45 to 60 numbers: within 4 standard errors of a unit normal
        assert abs(normal.mean()) < 4 / np.sqrt(normal.size)
        assert abs((normal**2).mean() - 1) < 4 * np.sqrt(2 / normal.size)


def test_a_model_without_a_walk_has_a_base_that_does_not_wander(national_data):
    [world] = worlds_of(national_data, mmm.ModelSpec(trend=mmm.Trend(walk=None)), worlds=1)
    np.testing.assert_allclose(world.truth.inputs.rotation.matrix @ world.baseline, 0, atol=1e-6)


def test_worlds_are_the_same_however_they_are_split(national_data):
    whole, late = worlds_of(national_data, worlds=4), worlds_of(national_data, worlds=1, first=3)
    assert [world.number for world in whole] == [0, 1, 2, 3]
    np.testing.assert_array_equal(whole[3].data.dataset["outcome"], late[0].data.dataset["outcome"])
    assert float(whole[2].truth.parameters["sigma"].item()) != float(late[0].truth.parameters["sigma"].item())
    assert "world 3 of a simulation-based calibration" in late[0].data.notes[-1]


def test_everything_is_ranked_and_is_what_reports_say(national_data):
    posterior = build_posterior(national_data, BRAND, n_draws=40)
    draws = thin(posterior.draws, 50)
    found = ranked_quantities(draws)
    assert {name.split()[0] for name in found} == {
        "roi", "payback", "multiplier", "fast_half_life", "slow_half_life", "slow_share", "half_life", "peak",
        "sigma", "tau", "baseline", "log_likelihood",
    }  # fmt: skip
    assert all(values.shape == (50,) for values in found.values())
    # the ROI within the horizon of the prior is the parameter itself
    np.testing.assert_allclose(found["roi tv 104w"], draws.parameters["roi"].sel(channel="tv").values[0], rtol=1e-9)
    spend = national_data.dataset["spend"].sum(("geo", "date"))
    parts = sum(found[f"roi {name} 52w"] * float(spend.sel(channel=name)) for name in national_data.channels)
    np.testing.assert_allclose(found["roi total 52w"], parts / float(spend.sum()), rtol=1e-9)
    # outcome = baseline + media + noise: the noise of all periods together is small against their sum
    media = draws.contributions().sum(("channel", "geo", "date")).values[0]
    outcome = float(national_data.dataset["outcome"].sum())
    assert np.abs(found["baseline"] + media - outcome).max() < 0.2 * outcome


def test_without_a_money_value_there_is_no_payback():
    data = build_data(outcome="orders", outcome_unit="orders")
    found = ranked_quantities(thin(build_posterior(data, n_draws=20).draws, 10))
    assert "outcome_per_spend tv 52w" in found
    assert not any(name.startswith(("roi", "payback")) for name in found)


def test_thinned_draws_are_even_steps_through_all_chains(posterior):
    thinned = thin(posterior.draws, 21)
    whole = posterior.draws.parameters["sigma"].values.reshape(-1)
    taken = [int(np.flatnonzero(whole == value)[0]) for value in thinned.parameters["sigma"].values[0]]
    assert (taken[0], taken[-1], len(taken)) == (0, len(whole) - 1, 21)
    assert set(np.diff(taken)) <= {9, 10}
    roi = posterior.draws.parameters["roi"].values.reshape(len(whole), -1)
    np.testing.assert_array_equal(thinned.parameters["roi"].values[0], roi[taken])


def worthless(draws):
    """The same draws, with hardly any return."""
    return replace(draws, parameters=draws.parameters.assign(roi=0 * draws.parameters["roi"] + 1e-6))


def test_ranks_count_the_draws_below_and_break_ties_at_random(national_data):
    [world] = worlds_of(national_data, worlds=1)
    drawn = draw_prior(world.data, world.truth.spec, world.truth.scales, n_draws=99, seed=5)
    true = {
        "sigma": world.truth.parameters["sigma"].item(),
        "roi tv 104w": world.truth.parameters["roi"][0, 0, 0].item(),
    }
    ranks = rank_truth(world, drawn, seed=1)
    assert ranks["sigma"] == int((drawn.parameters["sigma"] < true["sigma"]).sum())
    assert ranks["roi tv 104w"] == int((drawn.parameters["roi"][0, :, 0] < true["roi tv 104w"]).sum())
    assert rank_truth(world, drawn, seed=1) == ranks

    # a return that never pays back, in truth and in every draw: the rank is anything from 0 to 99
    world, drawn = replace(world, truth=worthless(world.truth)), worthless(drawn)
    tied = [rank_truth(world, drawn, seed=seed)["payback tv"] for seed in range(4)]
    assert len(set(tied)) > 2
    assert 0 <= min(tied) < 50 < max(tied) <= 99
    assert rank_truth(world, drawn, seed=1)["sigma"] == ranks["sigma"]


def test_prior_draws_given_for_a_posterior_are_caught_by_the_log_likelihood(national_data):
    ranks = [
        rank_truth(
            world, draw_prior(world.data, world.truth.spec, world.truth.scales, n_draws=99, seed=world.number), seed=1
        )
        for world in worlds_of(national_data, worlds=5)
    ]
    table = pd.DataFrame(ranks)
    result = mmm.SimulationBasedCalibration(
        ranks=table, fits=pd.DataFrame({"enough": True}, index=table.index), n_draws=99
    )
    chance = result.table().set_index("quantity")["chance"]
    assert chance["log_likelihood"] < 1e-3
    assert chance.drop("log_likelihood").min() > 1e-3
    assert not result.ok


@pytest.fixture
def fits(monkeypatch):
    """Record what is asked of the fit, and answer with prior draws that pass, or not, as `poor` says."""
    asked = []

    def fit(data, spec, *, seed, sampler, scales, progress):  # noqa: ARG001 - as `mmm.fit` is called
        asked.append({"data": data, "spec": spec, "seed": seed, "sampler": sampler, "scales": scales})
        warnings.warn("too few draws", ConvergenceWarning, stacklevel=1)
        effective = 150.0 if len(asked) in fit.poor else 900.0
        check = QuantityCheck(quantity="sigma", rhat=1.0, ess_bulk=effective, ess_tail=900.0)
        made = build_posterior(data, spec, n_draws=60, seed=seed % 1000)
        return replace(made, diagnosis=Diagnosis(checks=(check,), divergences=1, draws=120, ebfmi=(0.9, 0.9)))

    fit.poor = ()
    monkeypatch.setattr(refits, "fit", fit)
    return {"asked": asked, "fit": fit}


def test_each_world_is_fitted_with_the_scales_of_the_data_and_a_seed_of_its_own(fits, national_data):
    result = mmm.simulation_based_calibration(national_data, brand=["tv"], worlds=3, seed=1, progress=False)
    asked = fits["asked"]
    assert len({call["seed"] for call in asked}) == 3
    for call in asked:
        assert call["scales"] == Scales.learn(national_data)
        assert call["spec"].brand == ("tv",)
        assert (call["sampler"].chains, call["sampler"].draws) == (2, 1000)
    outcomes = [call["data"].dataset["outcome"].values for call in asked]
    assert not np.allclose(outcomes[0], outcomes[1])
    assert result.ranks.index.tolist() == [0, 1, 2]
    assert {"multiplier tv", "slow_share tv", "log_likelihood", "roi total 13w"} <= set(result.ranks)
    assert result.fits["divergences"].tolist() == [1, 1, 1]
    assert len(result.table()) == result.ranks.shape[1]


@pytest.mark.usefixtures("fits")
def test_a_run_in_parts_is_the_run_in_one(national_data):
    whole = mmm.simulation_based_calibration(national_data, worlds=3, seed=2, progress=False)
    start = mmm.simulation_based_calibration(national_data, worlds=2, seed=2, progress=False)
    rest = mmm.simulation_based_calibration(national_data, worlds=1, first=2, seed=2, progress=False)
    pd.testing.assert_frame_equal(start.joined(rest).ranks, whole.ranks, check_index_type=False)


def test_a_fit_with_too_few_draws_is_made_once_more_and_longer(fits, national_data):
    fits["fit"].poor = (1, 3, 4)
    sampler = mmm.Sampler(draws=200, tune=100, chains=2)
    result = mmm.simulation_based_calibration(national_data, worlds=2, seed=1, sampler=sampler, progress=False)
    assert [call["sampler"].draws for call in fits["asked"]] == [200, 800, 200, 800]
    assert [call["sampler"].target_accept for call in fits["asked"]] == [0.9, 0.98, 0.9, 0.98]
    assert result.fits["enough"].tolist() == [True, False]
    assert result.fits["effective_draws"].tolist() == [900.0, 150.0]
    assert "In 1 worlds the draws were too few" in result.verdict


@pytest.mark.usefixtures("fits")
def test_progress_is_said_in_words(national_data, capsys):
    mmm.simulation_based_calibration(national_data, worlds=2, first=4, seed=1)
    assert capsys.readouterr().out == "world 4: done (1 of 2).\nworld 5: done (2 of 2).\n"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"worlds": 0}, "worlds=0"),
        ({"worlds": 2.5}, r"worlds=2\.5"),
        ({"seed": -1}, "seed=-1"),
        ({"first": True}, "first=True"),
        ({"first": MOST_WORLDS - 1}, "go on with another seed"),
        ({"data": build_frame()}, "data is a DataFrame"),
        ({"data": build_data(tracker=build_tracker())}, "leave tracker= out"),
        ({"brand": ["tvv"]}, "did you mean 'tv'"),
    ],
)
def test_what_no_worlds_can_be_made_of_is_refused(asked, message, national_data):
    with pytest.raises(SpecError, match=message):
        mmm.simulation_based_calibration(**({"data": national_data, "worlds": 2, "seed": 1} | asked))
