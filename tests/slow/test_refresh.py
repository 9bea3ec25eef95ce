"""A refresh with real fits: the last fit comes back, parts sum, and a forecast that was honest holds."""

import numpy as np
import pytest

import mmm
from mmm import schema
from mmm.data.altered import between
from mmm.refreshing.decomposition import PARTS

pytestmark = pytest.mark.slow

SAMPLER = mmm.Sampler(draws=500)


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
    refreshed = mmm.refresh(last, last.data, seed=last.provenance.seed, progress=False)
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
