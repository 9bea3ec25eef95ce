"""Real backtests: nothing compiled for any origin, right where the world is, and a broken world found out."""

import numpy as np
import pytest

import mmm
from mmm.data.altered import with_outcome
from mmm.fitting import program
from tests.conftest import build_posterior

pytestmark = pytest.mark.slow


def test_a_world_by_the_rules_is_forecast_and_one_whose_level_falls_is_not():
    program.forget_programs()
    data, _ = mmm.simulate.world(seed=11, n_periods=156, n_channels=2)
    # of a backtest's posterior only data, spec and scales are used: draws from the prior do
    tested = mmm.backtest(build_posterior(data, n_draws=5), seed=1, progress=False)
    assert not program._programs
    assert tested.ok, tested.verdict
    total = tested.table().iloc[-1]
    assert total["periods"] == 52
    # 8 of 10 are expected, and the range of a right model over these 52 dependent weeks reaches down to about 6
    assert total["coverage_80"] > 0.6
    assert abs(total["bias"]) < 0.05

    # a fall by a quarter just after the first origin is nothing that anybody could have known there
    outcome = data.dataset["outcome"].values
    broken = build_posterior(with_outcome(data, np.where(np.arange(156) < 104, 1.0, 0.75) * outcome), n_draws=5)
    fallen = mmm.backtest(broken, seed=1, progress=False)
    assert not program._programs
    assert fallen.table().loc[0, "coverage_95"] < 0.5
    assert fallen.table().loc[0, "bias"] > 0.2
    assert not fallen.ok
    assert "too sure" in fallen.verdict
