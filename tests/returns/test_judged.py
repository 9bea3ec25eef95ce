"""What is judged is filled in where it was not asked for, and channels are summed draw by draw."""

import numpy as np
import pytest

from mmm.returns import Economics, Valuation
from mmm.returns.judged import Judged
from tests.returns.conftest import N_ROWS, posterior_of


def judged(**asked):
    draws = posterior_of("geometric", "saturation_first", "moving").draws
    return Judged.of(draws, **{"horizons": (4.0, 13.0), "window": None, "valuation": None} | asked)


def test_all_data_are_judged_at_their_own_valuation_unless_something_else_is_asked():
    whole, part = judged(), judged(window=(11, 24))
    assert (whole.start, whole.stop, whole.is_of_all_data) == (0, N_ROWS, True)
    assert (part.start, part.stop, part.is_of_all_data) == (11, 24, False)
    assert whole.lengths == [4, 13]
    np.testing.assert_array_equal(part.value, Valuation.of(whole.draws).rows(11, 24 + 12))
    stated = Valuation.of(posterior_of("geometric", "saturation_first").draws, Economics(discount_rate=0.1))
    assert judged(valuation=stated).valuation is stated


def test_a_period_without_spend_is_not_paid_for():
    spend = judged(window=(3, 20)).spend
    assert spend.shape == (17, 3)
    np.testing.assert_array_equal(judged(window=(3, 20)).paid("tv"), spend[:, 0] > 0)
    assert not judged(window=(3, 20)).paid("tv").all()


def test_the_total_is_the_sum_over_channels_in_every_draw():
    at = judged()
    cells = [np.random.default_rng(c).normal(size=(2, 6, 2)) for c in range(3)]
    found = at.dataset({"money": cells})
    assert found["money"].dims == ("chain", "draw", "channel", "horizon_weeks")
    assert found["channel"].values.tolist() == ["tv", "video", "radio", "total"]
    np.testing.assert_array_equal(found["money"].sel(channel="total"), np.sum(cells, axis=0))
    assert float(found["spend"][-1]) == pytest.approx(at.spend.sum())
