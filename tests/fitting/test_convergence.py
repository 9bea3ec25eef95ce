"""Convergence of many quantities at once: what ArviZ finds for each of them, and what is known of simple chains."""

import arviz_stats
import numpy as np
import pytest
from scipy.signal import lfilter

from mmm.fitting.convergence import bfmi, convergence, ess_bulk


def chains(correlation, *, n_chains=4, n_draws=500, n_quantities=3, seed=1):
    """Autoregressive chains that begin in their stationary distribution."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((n_chains, n_draws, n_quantities)) * np.sqrt(1 - correlation**2)
    noise[:, 0] = rng.standard_normal((n_chains, n_quantities))
    return lfilter([1.0], [1.0, -correlation], noise, axis=1)


def apart(draws):
    return draws + 0.3 * np.arange(len(draws))[:, None, None]


CASES = {
    "independent": chains(0.0),
    "slow": chains(0.9),
    "very slow": chains(0.995),
    "antithetic": chains(-0.5),
    "very antithetic": chains(-0.95),
    "chains apart": apart(chains(0.3)),
    "one chain wider": chains(0.5) * np.array([1, 1, 1, 3])[:, None, None],
    "heavy tails": np.exp(3 * chains(0.5)),
    "many ties": np.round(chains(0.5)),
    "some draws twice": np.repeat(chains(0.5, n_draws=300), np.resize([1, 1, 2, 1, 3], 300), axis=1),
    "drifting": chains(0.2) + np.linspace(0, 2, 500)[None, :, None],
    "odd number": chains(0.6, n_draws=333),
    "short": chains(0.6, n_draws=100, n_chains=2),
    "one quantity": chains(0.6, n_quantities=1),
}


@pytest.mark.parametrize("draws", CASES.values(), ids=CASES)
def test_all_agree_with_arviz(draws):
    each = [np.ascontiguousarray(draws[..., i]) for i in range(draws.shape[-1])]
    rhat, bulk, tail = convergence(draws)
    np.testing.assert_allclose(rhat, [arviz_stats.rhat(one) for one in each], rtol=1e-10)
    np.testing.assert_allclose(bulk, [arviz_stats.ess(one, method="bulk") for one in each], rtol=1e-9)
    np.testing.assert_allclose(
        tail, [arviz_stats.ess(one, method="tail", prob=(0.05, 0.95)) for one in each], rtol=1e-9
    )
    np.testing.assert_array_equal(ess_bulk(draws), bulk)
    np.testing.assert_allclose(bfmi(each[0]), arviz_stats.bfmi(each[0]), rtol=1e-12)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_effective_draws_of_an_autoregression_are_known(correlation):
    # (1 - r) / (1 + r) of the draws; with 40,000 of them the estimate is within 15% of that in all of ten seeds
    found = [ess_bulk(chains(correlation, n_draws=10_000, n_quantities=1, seed=s))[0] for s in range(10)]
    np.testing.assert_allclose(found, 40_000 * (1 - correlation) / (1 + correlation), rtol=0.15)


def test_draws_that_never_move_have_no_rhat():
    assert np.isnan(convergence(np.ones((4, 100, 1)))[0]).all()


def test_a_draw_that_is_not_a_number_makes_everything_not_a_number():
    draws = chains(0.5)
    draws[1, 7, 0] = np.nan
    for found in convergence(draws):
        assert np.isnan(found).tolist() == [True, False, False]
