"""Real refits under other assumptions: nothing compiled, and answers in the order of the assumptions."""

import numpy as np
import pytest

import mmm
from mmm.fitting import program
from mmm.returns.long_run import long_run_multiplier

pytestmark = pytest.mark.slow


def test_a_brand_fit_is_compared_without_compiling():
    program.forget_programs()
    data, _ = mmm.simulate.world(seed=8, n_periods=130, n_channels=2, brand=["tv"], spend_share=0.06)
    posterior = mmm.fit(data, brand=["tv"], seed=1, progress=False)
    priors = mmm.compare_priors(posterior, progress=False)
    baselines = mmm.compare_baselines(posterior, progress=False)
    assert not program._programs

    # the data hardly inform how much comes late, so that the answers keep the order of the priors
    sceptic, default, optimist = (
        float(np.median(long_run_multiplier(fit.draws, "tv"))) for fit in priors.posteriors.values()
    )
    assert sceptic < default < optimist
    assert sceptic < 1.5
    assert optimist > 2.2

    # a base without a walk has none, and a smooth one has one of its own
    walks = {case: float(fit.draws.parameters["tau"].median()) for case, fit in baselines.posteriors.items()}
    assert walks["linear"] < 1e-5 < walks["random walk"]
    assert walks["smooth"] > 1e-5
    for comparison in (priors, baselines):
        assert comparison.table().notna().all(axis=None)
        assert "within 104 weeks" in comparison.verdict.lower()
