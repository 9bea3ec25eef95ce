"""Many data sets, each by itself; the fits are played by a stand-in."""

import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

import mmm
from mmm.errors import ConvergenceWarning, FitError, SpecError
from mmm.fitting import portfolio
from tests.conftest import build_data, build_frame, build_posterior


@pytest.fixture
def fits(monkeypatch):
    """Record what is asked of the fit; a queue says what goes wrong."""
    asked, queue = [], {}

    def fit(data, spec, **settings):
        asked.append((data, spec, settings))
        answer = queue.get(len(asked), True)
        if isinstance(answer, Exception):
            raise answer
        if not answer:
            warnings.warn("poor", ConvergenceWarning, stacklevel=1)
        return build_posterior(data, spec, n_draws=20, ok=answer)

    monkeypatch.setattr(portfolio, "fit", fit)
    return {"asked": asked, "queue": queue}


@pytest.fixture(scope="module")
def brands():
    return {name: build_data(build_frame(60, seed=k)) for k, name in enumerate(["uk", "fr", "de"])}


def test_each_is_the_fit_that_one_would_have_made_alone(fits, brands, capsys):
    spec, sampler = mmm.ModelSpec(seasonality=2), mmm.Sampler(draws=200)
    found = mmm.fit_many(brands, spec, brand=["tv"], seed=7, sampler=sampler)
    assert list(found) == ["uk", "fr", "de"]
    for data, (given, used, settings) in zip(brands.values(), fits["asked"], strict=True):
        assert given is data
        assert used is spec
        assert settings == {"brand": ("tv",), "seed": 7, "sampler": sampler, "progress": False}
    assert found.ok
    assert len(found) == 3
    assert found["fr"].data is brands["fr"]
    assert capsys.readouterr().out.splitlines()[-1] == "de: done (3 of 3)."


def test_specs_may_differ_by_name(fits, brands):
    specs = {name: mmm.ModelSpec(seasonality=k) for k, name in enumerate(brands)}
    mmm.fit_many(brands, specs, seed=1, progress=False)
    assert [spec for _, spec, _ in fits["asked"]] == list(specs.values())


def test_one_that_fails_is_named_with_its_reason_and_the_others_are_kept(fits, brands):
    fits["queue"] |= {1: False, 2: FitError("no start", "why", "fix")}
    with pytest.warns(ConvergenceWarning, match=r"not converged: uk; fr failed \(no start\)") as caught:
        found = mmm.fit_many(brands, seed=1, progress=False)
    assert len(caught) == 1
    assert list(found) == ["uk", "de"]
    assert not found.ok
    with pytest.raises(KeyError, match="'fr' could not be fitted: no start"):
        found["fr"]
    with pytest.raises(KeyError, match="'es'"):
        found["es"]
    table = found.table()
    assert table["name"].tolist() == ["uk", "de", "fr"]
    assert table["ok"].tolist() == [False, True, False]
    assert table["verdict"].iloc[2] == "no start"
    assert table[["rhat", "ess"]].iloc[2].isna().all()
    assert table["divergences"].isna().tolist() == [False, False, True]
    assert repr(found).splitlines() == [
        "<Portfolio of 2 fits", " not converged: uk", " failed: fr (no start)>",
    ]  # fmt: skip


def test_by_an_executor_each_worker_has_one_core(fits, brands):
    with ThreadPoolExecutor(2) as threads:
        found = mmm.fit_many(brands, seed=1, executor=threads, progress=False)
    assert list(found) == ["uk", "fr", "de"]
    assert {settings["sampler"].cores for _, _, settings in fits["asked"]} == {1}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data": []}, "data is a list"),
        ({"data": {"uk": None}}, "data is a dict of other things than MarketingData"),
        ({"spec": {"uk": mmm.ModelSpec(), "es": mmm.ModelSpec()}}, r"missing for \['de', 'fr'\], and \['es'\]"),
        ({"executor": 4}, "executor=4"),
        ({"seed": "one"}, "seed='one'"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_fitted(fits, brands, change, message):
    with pytest.raises(SpecError, match=message):
        mmm.fit_many(**{"data": brands, "seed": 1} | change)
    assert not fits["asked"]
