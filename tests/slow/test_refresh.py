"""A refresh with real fits: the last fit comes back, parts sum, and a forecast that was honest holds."""

import numpy as np
import pytest

import mmm
from mmm import schema
from mmm.data.altered import between
from mmm.fitting.convergence import ess_bulk
from mmm.refreshing.decomposition import PARTS
from mmm.refreshing.drift import returns_of_window

pytestmark = pytest.mark.slow

SAMPLER = mmm.Sampler(draws=1000)


@pytest.fixture(scope="module")
def data():
    return mmm.simulate.world(n_periods=130, n_channels=3, brand=["tv"], seed=5)[0]


@pytest.fixture(scope="module")
def last(data):
    return mmm.fit(between(data, 0, 117), brand=["tv"], seed=1, sampler=SAMPLER, progress=False)


def test_a_quarter_more(data, last, tmp_path):
    last.save(tmp_path / "last.nc")
    refreshed = mmm.refresh(tmp_path / "last.nc", data, progress=False)
    assert refreshed.posterior.ok
    assert refreshed.posterior.spec == last.spec
    assert refreshed.posterior.scales == last.scales
    drift = refreshed.drift()
    # nothing changed in this world: beyond 4 lies one in fifteen thousand
    assert (drift["z"].abs() < 4).all()
    assert (drift["overlap"] > 0.5).all()
    parts = refreshed.decomposition()
    np.testing.assert_allclose(parts[list(PARTS)].sum(axis=1), parts["total"], atol=1e-9)
    assert (parts[["restated", "model", "experiments"]] == 0).all(axis=None)
    check = refreshed.forecast_check()
    # of 13 weeks a 90% interval holds 9 or more with 99.9% probability, were they independent
    assert check.table()["inside_90"].sum() >= 9


def test_nothing_new_and_the_same_seed_is_the_same_fit(last):
    refreshed = mmm.refresh(last, last.data, seed=last.provenance.seed, warm_start=False, progress=False)
    for name, draws in last.draws.parameters.items():
        np.testing.assert_array_equal(refreshed.posterior.draws.parameters[name], draws)
    assert refreshed.notes == ("Nothing is another than at the last fit.",)
    assert (refreshed.decomposition()[list(PARTS)] == 0).all(axis=None)
    assert tuple(refreshed.restatements().columns) == schema.RESTATEMENT_COLUMNS


def test_an_outcome_that_was_restated_is_where_the_movement_comes_from(last):
    dataset = last.data.dataset.copy(deep=True)
    dataset["outcome"] = dataset["outcome"] + 1.5 * dataset["spend"].sel(channel="social", drop=True)
    restated = mmm.MarketingData.restore(dataset, last.data.description, last.data.notes)
    refreshed = mmm.refresh(last, restated, progress=False)
    parts = refreshed.decomposition().set_index("channel").loc["social"]
    # one and a half more for each unit spent; the interval of this channel is about half as wide
    assert parts["restated"] == pytest.approx(1.5, abs=0.3)
    assert abs(parts["monte_carlo"]) < 0.1
    assert parts["new_weeks"] == parts["model"] == 0


def differences(one, other):
    """Of the posterior means of all returns, in standard errors of the two runs."""
    logs = [np.log(fit.draws.parameters["roi"].transpose("chain", "draw", ...).values) for fit in (one, other)]
    means, errors = zip(*[(x.mean(axis=(0, 1)), x.var(axis=(0, 1)) / ess_bulk(x)) for x in logs], strict=True)
    return (means[1] - means[0]) / np.sqrt(errors[0] + errors[1])


def test_where_chains_start_decides_neither_the_answer_nor_the_order_of_threads_the_bits(data, last):
    """Of brand, and of a spec that is compiled: both ways of sampling."""
    late = mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True), "social": mmm.Channel(order="adstock_first")})
    for spec in (None, late):
        fits = [
            mmm.refresh(
                last, data, spec=spec, sampler=SAMPLER.model_copy(update=how), progress=False, **start
            ).posterior
            for how, start in (({"cores": 1}, {}), ({"cores": 2}, {}), ({}, {"warm_start": False}))
        ]
        assert fits[0].provenance.started_from.startswith(last.data.fingerprint)
        assert fits[2].provenance.started_from is None
        for name, draws in fits[0].draws.parameters.items():
            np.testing.assert_array_equal(fits[1].draws.parameters[name], draws)
        warm, cold = fits[1:]
        assert not np.array_equal(warm.draws.parameters["roi"], cold.draws.parameters["roi"])
        # three returns, twice: beyond 4 lies one in three thousand
        assert (np.abs(differences(warm, cold)) < 4).all()


def threefold(fit, channel):
    """Restate the outcome so that a channel brought three times what the fit found."""
    dataset = fit.data.dataset.copy(deep=True)
    more = 2 * fit.contributions().median(("chain", "draw")).sel(channel=channel, drop=True)
    dataset["outcome"] = dataset["outcome"] + more.transpose("geo", "date")
    return mmm.MarketingData.restore(dataset, fit.data.description, fit.data.notes)


def test_draws_that_are_far_off_are_a_start_all_the_same(last):
    restated = threefold(last, "social")
    warm, cold = (mmm.refresh(last, restated, warm_start=start, progress=False).posterior for start in (True, False))
    assert warm.ok
    means = [np.log(fit.draws.parameters["roi"].sel(channel="social")).mean().item() for fit in (last, warm)]
    # fourteen standard deviations of the old posterior, and found to within three of the new one
    assert means[1] - means[0] == pytest.approx(np.log(3), abs=0.1)
    assert (np.abs(differences(warm, cold)) < 4).all()


def test_a_preview_says_what_the_refit_says(data, last):
    """Two more weeks: weighted draws of the last fit, against draws of the refit."""
    longer = between(data, 0, 119)
    preview, refit = mmm.preview_refresh(last, longer), mmm.refresh(last, longer, progress=False).posterior
    assert preview.ok
    weights = preview.weights[..., None]
    reweighted, sampled = (
        np.log(returns_of_window(draws, window=(0, 117), horizon_weeks=104).transpose("chain", "draw", ...).values)
        for draws in (preview.draws, refit.draws)
    )
    means = (weights * reweighted).sum(axis=(0, 1)), sampled.mean(axis=(0, 1))
    # the error of a weighted mean, larger by as much as draws of a chain are worth less than independent ones
    worth = np.minimum(1, ess_bulk(reweighted) / preview.weights.size)
    errors = (weights**2 * (reweighted - means[0]) ** 2).sum(axis=(0, 1)) / worth
    z = (means[1] - means[0]) / np.sqrt(errors + sampled.var(axis=(0, 1)) / ess_bulk(sampled))
    # four returns: beyond 4 lies one in four thousand
    assert (np.abs(z) < 4).all()
    table = preview.table()
    expected = np.quantile(sampled, [0.5, 0.05, 0.95], axis=(0, 1))
    # of 2,000 draws worth a few hundred, an end of a 90% interval is known to about a tenth of a standard deviation
    off = (np.log(table[["new", "new_lower", "new_upper"]].T) - expected) / sampled.std(axis=(0, 1))
    assert (np.abs(off) < 0.35).all(axis=None)


def test_a_preview_of_a_world_that_changed_is_refused(last):
    """The same restatement from which chains find their way: no weights do."""
    preview = mmm.preview_refresh(last, threefold(last, "social"))
    assert not preview.ok
    assert preview.pareto_k > 1
