"""Which fits the verbs ask for. No model is fitted: the fit is played by draws from the prior."""

import warnings
from dataclasses import replace

import pytest

import mmm
from mmm.errors import ConvergenceError, ConvergenceWarning, PriorWarning, ReportError
from mmm.fitting import refits
from mmm.model.carryover import TwoSpeed
from mmm.model.inputs import ModelInputs
from mmm.model.structure import model_structure
from mmm.validation.priors import long_run_multiple, slow_share_for
from tests.conftest import build_data, build_posterior

BRAND = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True), "video": mmm.Channel(brand=True)})


@pytest.fixture
def fits(monkeypatch):
    """Record what is asked of the fit, and answer with a made-up posterior."""
    asked = []

    def fit(data, spec, **settings):
        asked.append((data, spec, settings))
        warnings.warn("an extreme prior", PriorWarning, stacklevel=1)
        return replace(build_posterior(data, spec), diagnosis=fit.diagnosis or build_posterior(data, spec).diagnosis)

    fit.diagnosis = None
    monkeypatch.setattr(refits, "fit", fit)
    return {"asked": asked, "fit": fit}


@pytest.fixture(scope="module")
def brand_posterior(national_data):
    return build_posterior(national_data, BRAND)


@pytest.mark.parametrize("verb", [mmm.compare_priors, mmm.compare_baselines])
def test_the_same_data_and_scales_are_refitted_and_the_fit_itself_is_not(verb, fits, brand_posterior):
    comparison = verb(brand_posterior, progress=False)
    assert len(fits["asked"]) == 2
    made = brand_posterior.provenance
    for data, _, settings in fits["asked"]:
        assert data is brand_posterior.data
        assert settings["scales"] is brand_posterior.scales
        assert settings["seed"] == made.seed
        sampler = settings["sampler"]
        assert (sampler.draws, sampler.tune, sampler.chains, sampler.target_accept) == (
            made.draws,
            made.tune,
            made.chains,
            made.target_accept,
        )
    assert comparison.posteriors[comparison.reference] is brand_posterior
    assert list(comparison.posteriors).index(comparison.reference) == 1


@pytest.mark.parametrize("verb", [mmm.compare_priors, mmm.compare_baselines])
@pytest.mark.parametrize("spec", [None, BRAND], ids=["plain", "brand"])
def test_refits_have_the_structure_of_the_fit_so_that_nothing_is_compiled_again(verb, spec, fits, national_data):
    posterior = build_posterior(national_data, spec)
    verb(posterior, progress=False)
    specs = [posterior.spec, *(asked.resolve(national_data) for _, asked, _ in fits["asked"])]
    texts = {model_structure(s, ModelInputs.prepare(national_data, s, posterior.scales)) for s in specs}
    assert len(specs) == 3
    assert len(texts) == 1


@pytest.mark.parametrize("verb", [mmm.compare_priors, mmm.compare_baselines])
def test_seed_and_sampler_can_be_given_and_what_is_fitted_is_said(verb, fits, posterior, capsys):
    sampler = mmm.Sampler(draws=300)
    verb(posterior, seed=5, sampler=sampler)
    assert {settings["seed"] for *_, settings in fits["asked"]} == {5}
    assert all(settings["sampler"] is sampler for *_, settings in fits["asked"])
    assert capsys.readouterr().out.count(": done (") == 2


# --- priors -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fits")
def test_with_brand_channels_only_the_slow_share_changes(brand_posterior):
    comparison = mmm.compare_priors(brand_posterior, progress=False)
    for case, multiple in {"sceptic": 1.2, "optimist": 5.94 / 1.82}.items():
        spec = comparison.posteriors[case].spec
        for name in ("tv", "video"):
            kernel = spec.channels[name].carryover
            reached = long_run_multiple(kernel, kernel.slow_share.median, weeks_per_period=1.0)
            assert reached == pytest.approx(multiple)
            assert kernel.slow_share.sigma == 0.5
            restored = kernel.model_copy(update={"slow_share": TwoSpeed().slow_share})
            restored = spec.channels[name].model_copy(update={"carryover": restored})
            assert restored == brand_posterior.spec.channels[name]
        assert spec.channels["radio"] == brand_posterior.spec.channels["radio"]
        assert comparison.assumptions[case].startswith(f"tv, video: 104 weeks return {multiple:.1f} times the first 13")
    assert "2.0 times the first 13 (slow share 73%)" in comparison.assumptions["default"]
    assert comparison.remedy.startswith("National data hardly show the long run")


@pytest.mark.usefixtures("fits")
def test_without_brand_channels_the_priors_of_return_are_halved_and_doubled(national_data):
    spec = mmm.ModelSpec(channels={"tv": mmm.Channel(roi_prior=mmm.LogNormal(median=3, sigma=0.2))})
    comparison = mmm.compare_priors(build_posterior(national_data, spec), progress=False)
    for case, factor in {"sceptic": 0.5, "default": 1.0, "optimist": 2.0}.items():
        channels = comparison.posteriors[case].spec.channels
        assert channels["tv"].roi_prior == mmm.LogNormal(median=3 * factor, sigma=0.2)
        assert channels["radio"].roi_prior == mmm.LogNormal(median=factor, sigma=0.85)
        said = f"prior median of ROI within 104 weeks: tv: {3 * factor:g}; video, radio: {factor:g}"
        assert comparison.assumptions[case] == said


@pytest.mark.usefixtures("fits")
def test_an_outcome_without_money_is_not_said_to_have_an_roi():
    comparison = mmm.compare_priors(build_posterior(build_data(outcome="orders")), progress=False)
    assert all("prior median of outcome per unit of spend" in said for said in comparison.assumptions.values())


def test_a_multiple_that_the_half_lives_do_not_allow_gives_the_nearest_there_is():
    quick = TwoSpeed(slow_half_life=mmm.LogNormal(median=14, sigma=0.2, lower=10, upper=20))
    assert slow_share_for(quick, 3.3, weeks_per_period=1.0) == 0.98
    lasting = TwoSpeed(fast_half_life=mmm.LogNormal(median=9.5, sigma=0.01, lower=9, upper=10))
    assert slow_share_for(lasting, 1.2, weeks_per_period=1.0) == 0.02


def test_months_count_in_months():
    month = 365.25 / 12 / 7
    share = slow_share_for(TwoSpeed(), 2.0, weeks_per_period=month)
    assert long_run_multiple(TwoSpeed(), share, weeks_per_period=month) == pytest.approx(2.0)
    assert share == pytest.approx(slow_share_for(TwoSpeed(), 2.0, weeks_per_period=1.0), abs=0.02)


# --- baselines --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fits")
def test_the_base_is_a_line_a_walk_or_smooth(brand_posterior):
    comparison = mmm.compare_baselines(brand_posterior, progress=False)
    trends = {case: posterior.spec.trend for case, posterior in comparison.posteriors.items()}
    assert trends == {
        "linear": mmm.Trend(walk=mmm.HalfNormal(sigma=1e-6)),
        "random walk": mmm.Trend(),
        "smooth": mmm.Trend(smooth_weeks=26),
    }
    assert all(p.spec.channels == brand_posterior.spec.channels for p in comparison.posteriors.values())
    assert comparison.assumptions["linear"] == "base: a straight line"
    assert comparison.assumptions["random walk"] == (
        "base: a straight line and a random walk, of a size around 0.40% of the outcome a week"
    )
    assert "smooth path (26 weeks)" in comparison.assumptions["smooth"]


@pytest.mark.parametrize(
    ("trend", "own"),
    [
        (mmm.Trend(walk=None), "linear"),
        (mmm.Trend(walk=mmm.HalfNormal(sigma=0.02)), "random walk"),
        (mmm.Trend(smooth_weeks=52), "smooth"),
    ],
    ids=["linear", "walk", "smooth"],
)
def test_whatever_base_was_fitted_is_the_one_to_compare_with(trend, own, fits, national_data):
    posterior = build_posterior(national_data, mmm.ModelSpec(trend=trend))
    comparison = mmm.compare_baselines(posterior, progress=False)
    assert comparison.reference == own
    assert comparison.posteriors[own] is posterior
    assert len(fits["asked"]) == 2
    walks = {case: fit.spec.trend.walk for case, fit in comparison.posteriors.items()}
    assert walks["random walk"] == walks["smooth"] == (trend.walk or mmm.Trend().walk)


# --- fits that failed -------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [mmm.compare_priors, mmm.compare_baselines])
def test_what_cannot_be_compared_is_refused_before_anything_is_fitted(verb, fits, unconverged_posterior):
    with pytest.raises(ReportError, match="a Posterior is needed, not str"):
        verb("2026q3.nc")
    with pytest.raises(ConvergenceError, match="NOT CONVERGED"):
        verb(unconverged_posterior)
    assert not fits["asked"]
    assert verb(unconverged_posterior, allow_unconverged=True, progress=False).allow_unconverged


def test_a_refit_that_fails_is_named_once_and_an_extreme_prior_is_not_warned_of(fits, posterior, unconverged_posterior):
    fits["fit"].diagnosis = unconverged_posterior.diagnosis
    with pytest.warns(ConvergenceWarning, match=r"did not converge: linear, smooth\.") as caught:
        comparison = mmm.compare_baselines(posterior, progress=False)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert comparison.verdict.startswith("NOT CONVERGED: linear, smooth.")
