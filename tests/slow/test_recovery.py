"""One real fit: refitted to what it would simulate, and asked how much of it is prior."""

import warnings

import numpy as np
import pandas as pd
import pytest

import mmm
from mmm.errors import DataWarning
from mmm.fitting import program
from mmm.posterior import log_likelihood
from mmm.posterior.log_prior import log_prior

pytestmark = pytest.mark.slow


def flights_and_a_trickle():
    """a channel of a sixth of sales that goes dark, and one of a thousandth that never changes by much."""
    rng, weeks = np.random.default_rng(3), np.arange(130)
    frame = pd.DataFrame({"week": pd.date_range("2023-01-02", periods=130, freq="W-MON")})
    frame["tv"] = 30.0 * (weeks % 16 < 6) * rng.uniform(0.5, 1.5, 130)
    frame["radio"] = 0.1 * rng.uniform(0.9, 1.1, 130)
    frame["revenue"] = 80 + 1.2 * frame["tv"] + frame["radio"] + rng.normal(0, 2, 130)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return mmm.MarketingData.from_frame(frame, date="week", outcome="revenue", spend=["tv", "radio"])


def test_flights_are_found_again_and_a_trickle_is_left_to_the_prior():
    program.forget_programs()
    posterior = mmm.fit(flights_and_a_trickle(), seed=1, progress=False)

    # what was sampled is log prior + log likelihood + the Jacobians of shares and of half-normals: to rounding
    level, carry_in = (posterior.draws.parameters[name] for name in ("saturation_level", "carry_in_level"))
    parts = log_prior(posterior.draws).to_dataarray().sum("variable") + log_likelihood(posterior.draws)
    jacobian = np.log(level * (1 - level)).sum("channel") + np.log(carry_in).sum("channel")
    np.testing.assert_allclose((posterior.sample_stats["logp"] - parts - jacobian).std(), 0, atol=1e-9)

    recovery = mmm.recovery(posterior, worlds=4, progress=False)
    assert not program._programs
    rows = recovery.table().query("horizon_weeks == 13").set_index("channel")
    # a tenth of the prior's width against all of it: the limits are far from both
    assert rows.loc["tv", "width"] < 0.5 * rows.loc["tv", "prior_width"]
    assert rows.loc["radio", "width"] > 0.85 * rows.loc["radio", "prior_width"]
    assert rows.loc["tv", "error"] < 0.3
    # four worlds: three of four is what bad luck may leave of 90%
    assert rows.loc["tv", "covered"] >= 0.5
    assert "leave radio to the prior" in recovery.verdict

    table = mmm.prior_sensitivity(posterior).table().query("horizon_weeks == 13").set_index("channel")
    assert table.loc["radio", "diagnosis"] == "strong prior"
    assert table.loc["tv", "likelihood"] > 0.05 > table.loc["radio", "likelihood"]
    assert table.loc["tv", "prior_return"] < table.loc["radio", "prior_return"]
