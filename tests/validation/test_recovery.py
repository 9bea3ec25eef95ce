"""Which worlds are simulated and what is asked of the fit. No model is fitted: draws from the prior play the fit."""

import importlib
import warnings
from dataclasses import replace

import numpy as np
import pytest

import mmm
from mmm.errors import ConvergenceError, ConvergenceWarning, FitError, FitInterrupted, PriorWarning, ReportError
from mmm.fitting import refits
from mmm.model.inputs import ModelInputs
from mmm.model.structure import model_structure
from mmm.posterior import Diagnosis, QuantityCheck
from mmm.returns import per_spend, returns_by_horizon
from tests.conftest import build_data, build_posterior, build_tracker, with_parameters

#: The package has the verb under the name of its module.
verb = importlib.import_module("mmm.validation.recovery")

BRAND = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)})


def diagnosis(*, rhat=1.02, ess=150.0, divergences=0):
    checks = (QuantityCheck(quantity="return tv 13w", rhat=rhat, ess_bulk=ess, ess_tail=ess),)
    return Diagnosis(checks=checks, divergences=divergences, draws=1000, ebfmi=(0.9, 0.9))


@pytest.fixture
def fits(monkeypatch):
    """Record what is asked of the fit, and answer with a made-up posterior, or as the queue says."""
    asked, queue = [], {}

    def fit(data, spec, **settings):
        asked.append((data, spec, settings))
        warnings.warn("an odd prior", PriorWarning, stacklevel=1)
        answer = queue.get(len(asked), diagnosis())
        if isinstance(answer, Exception):
            raise answer
        return replace(build_posterior(data, spec, seed=len(asked)), diagnosis=answer)

    monkeypatch.setattr(refits, "fit", fit)
    return {"asked": asked, "queue": queue}


def test_each_world_is_fitted_with_the_same_spec_and_scales_and_nothing_is_compiled_again(fits, posterior, capsys):
    found = mmm.recovery(posterior, worlds=4)
    assert len(fits["asked"]) == 4
    assert capsys.readouterr().out.count(": done (") == 4
    seeds, texts, outcomes = set(), set(), []
    for data, spec, settings in fits["asked"]:
        assert spec is posterior.spec
        assert settings["scales"] is posterior.scales
        sampler = settings["sampler"]
        assert (sampler.chains, sampler.draws) == (2, 500)
        assert settings["progress"] is False
        assert data.notes[-1].endswith("for mmm.recovery")
        np.testing.assert_array_equal(data.dataset["spend"], posterior.data.dataset["spend"])
        seeds.add(settings["seed"])
        texts.add(model_structure(spec, ModelInputs.prepare(data, spec, posterior.scales)))
        outcomes.append(data.dataset["outcome"].values)
    assert len(seeds) == 4
    assert texts == {model_structure(posterior.spec, posterior.draws.inputs)}
    assert np.ptp(outcomes, axis=0).min() > 0
    assert found.truth.shape == (4, 4, 2)
    assert found.estimate.shape == (4, 200, 4, 2)
    assert found.prior.sizes["sample"] == 4000
    assert found.failed == ()


def test_truths_and_estimates_are_the_returns_that_reports_show(fits, posterior):
    found = mmm.recovery(posterior, worlds=3, horizon_weeks=26, progress=False)
    every = per_spend(returns_by_horizon(posterior.draws, horizons=(26,)), "money").values.reshape(-1, 4)
    for truth in found.truth.values[..., 0]:
        assert np.isclose(every, truth).all(axis=1).sum() == 1
    data, spec, _ = fits["asked"][1]
    refit = build_posterior(data, spec, seed=2)
    expected = per_spend(returns_by_horizon(refit.draws, horizons=(26,)), "money").values.reshape(-1, 4)
    np.testing.assert_allclose(found.estimate.values[1, ..., 0], expected)


def test_seed_sampler_and_size_can_be_given_and_a_seed_gives_the_same_again(fits, posterior):
    sampler = mmm.Sampler(draws=300)
    runs = [mmm.recovery(posterior, worlds=3, seed=seed, sampler=sampler, progress=False) for seed in (5, 5, 6)]
    np.testing.assert_array_equal(runs[0].truth, runs[1].truth)
    assert not np.array_equal(runs[0].truth, runs[2].truth)
    first, again = fits["asked"][0], fits["asked"][3]
    np.testing.assert_array_equal(first[0].dataset["outcome"], again[0].dataset["outcome"])
    assert first[2]["seed"] == again[2]["seed"]
    assert all(settings["sampler"] is sampler for *_, settings in fits["asked"])


def test_worlds_are_different_draws_of_the_posterior(posterior):
    rng = np.random.default_rng(1)
    truths = verb.worlds_of(posterior.draws, 200, rng)
    found, every = (draws.parameters["sigma"].values.ravel() for draws in (truths, posterior.draws))
    np.testing.assert_array_equal(found, every)
    few = verb.worlds_of(posterior.draws, 5, rng).parameters
    assert len(np.unique(few["sigma"])) == 5
    # all parameters of a world are from one draw
    places = [int(np.flatnonzero(every == sigma).item()) for sigma in few["sigma"].values[0]]
    roi = posterior.draws.parameters["roi"].values.reshape(-1, 3)
    np.testing.assert_array_equal(few["roi"].values[0], roi[places])


def test_an_outcome_is_its_draw_s_expectation_and_noise_of_its_size(posterior):
    truths = verb.worlds_of(posterior.draws, 40, np.random.default_rng(1))
    simulated = verb.simulate_again(truths, np.random.default_rng(2))
    outcomes = np.stack([data.dataset["outcome"].values for data in simulated])
    sigma = truths.parameters["sigma"].values[0] * truths.scales.outcome
    noise = (outcomes - truths.expected().values[0])[:, 0] / sigma[:, None]
    assert noise.shape == (40, posterior.data.n_periods)
    # 2,400 unit normals: five standard errors
    assert abs(noise.mean()) < 5 / 2400**0.5
    assert noise.std() == pytest.approx(1, abs=5 / (2 * 2400) ** 0.5)
    silent = with_parameters(posterior, sigma=lambda sigma: 1e-9 * sigma)
    truths = verb.worlds_of(silent.draws, 3, np.random.default_rng(1))
    exact = [data.dataset["outcome"].values for data in verb.simulate_again(truths, np.random.default_rng(2))]
    np.testing.assert_allclose(exact, truths.expected().values[0], rtol=1e-6)


@pytest.mark.parametrize("unit", ["share", "index"])
def test_a_tracker_is_measured_again(unit):
    data = build_data(tracker=build_tracker(unit=unit))
    posterior = build_posterior(data, BRAND)
    truths = verb.worlds_of(posterior.draws, 40, np.random.default_rng(1))
    simulated = verb.simulate_again(truths, np.random.default_rng(2))
    waves = np.stack([world.dataset["tracker"].values for world in simulated])
    tracker = truths.inputs.tracker
    error = tracker.scale.spread * tracker.error
    scale = truths.parameters["tracker_sigma"].values[0] if unit == "index" else np.ones(40)
    expected = mmm.posterior.replay_tracker(truths)["expected"].values[0]
    noise = (waves - expected) / (scale[:, None] * error)
    # 520 unit normals: five standard errors
    assert noise.std() == pytest.approx(1, abs=5 / (2 * noise.size) ** 0.5)
    assert simulated[0].dataset["outcome"].shape == data.dataset["outcome"].shape


def test_refits_that_cannot_be_used_are_left_out_and_named_once(fits, posterior):
    fits["queue"].update(
        {
            2: diagnosis(rhat=1.3),
            3: diagnosis(rhat=float("nan")),
            4: diagnosis(ess=31.0),
            5: diagnosis(divergences=90),
            6: FitError("the sampler gave up: bad start"),
        }
    )
    with pytest.warns(ConvergenceWarning, match="are left out") as caught:
        found = mmm.recovery(posterior, worlds=9, progress=False)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert found.failed == (
        "world 2 (R-hat 1.30)",
        "world 3 (R-hat nan)",
        "world 4 (31 effective draws)",
        "world 5 (90 of 1000 draws diverged)",
        "world 6 (the sampler gave up: bad start)",
    )
    assert found.truth.sizes["world"] == found.estimate.sizes["world"] == 4
    fits["queue"].clear()
    everything = mmm.recovery(posterior, worlds=9, progress=False)
    np.testing.assert_array_equal(found.truth, everything.truth[[0, 6, 7, 8]])


def test_with_hardly_a_refit_left_there_is_no_answer(fits, posterior):
    fits["queue"].update({n: diagnosis(rhat=1.3) for n in (1, 2)})
    with pytest.raises(ConvergenceError, match=r"2 refits can be used; left out: world 1 \(R-hat 1.30\); world 2"):
        mmm.recovery(posterior, worlds=4, progress=False)


def test_being_stopped_by_hand_stops_everything(fits, posterior):
    fits["queue"][2] = FitInterrupted("sampling was stopped")
    with pytest.raises(FitInterrupted):
        mmm.recovery(posterior, worlds=4, progress=False)
    assert len(fits["asked"]) == 2


@pytest.mark.parametrize("wrong", [2, 0, 201, 3.0, True, "12"])
def test_a_number_of_worlds_that_makes_no_sense_is_refused(wrong, fits, posterior):
    with pytest.raises(ReportError, match="use a whole number from 3 to 200"):
        mmm.recovery(posterior, worlds=wrong)
    assert not fits["asked"]


def test_what_cannot_be_asked_is_refused_before_anything_is_fitted(fits, posterior, unconverged_posterior):
    with pytest.raises(ReportError, match="a Posterior is needed, not str"):
        mmm.recovery("2026q3.nc")
    with pytest.raises(ReportError, match=r"horizon_weeks=0\.5"):
        mmm.recovery(posterior, horizon_weeks=0.5)
    with pytest.raises(ConvergenceError, match="NOT CONVERGED"):
        mmm.recovery(unconverged_posterior)
    assert not fits["asked"]
    found = mmm.recovery(unconverged_posterior, worlds=3, allow_unconverged=True, progress=False)
    assert found.verdict.startswith("NOT CONVERGED")


@pytest.mark.usefixtures("fits")
def test_an_outcome_without_money_has_no_break_even():
    found = mmm.recovery(build_posterior(build_data(outcome="orders")), worlds=3, progress=False)
    assert "right_side" not in found.table()
    assert "ROI" not in found.verdict
    assert found.table().drop(columns="rank_correlation").notna().all(axis=None)
