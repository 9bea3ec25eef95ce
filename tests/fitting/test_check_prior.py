"""What the priors claim together is said before sampling, and warned about when it is odd."""

import numpy as np
import pytest

import mmm
from mmm.errors import PriorWarning


def data_with(spend_share):
    return mmm.simulate.world(seed=1, n_periods=110, n_channels=3, spend_share=spend_share)[0]


def test_the_claim_is_the_spend_s_share_times_the_roi_prior():
    data = data_with(0.04)
    share = mmm.check_prior(data)
    totals = data.dataset["spend"].sum(("geo", "date")) / data.dataset["outcome"].sum()
    roi = np.random.default_rng(0).lognormal(0, 0.85, size=(200_000, 3))
    expected = np.quantile(roi @ totals.values, [0.05, 0.5, 0.95])
    # 4,000 draws against 200,000: quantiles agree within a few percent
    np.testing.assert_allclose([share.lower, share.median, share.upper], expected, rtol=0.06)


@pytest.mark.parametrize(("spend_share", "plausible"), [(0.0005, False), (0.05, True), (0.4, False)])
def test_an_odd_claim_is_warned_about(spend_share, plausible):
    data = data_with(spend_share)
    if plausible:
        assert mmm.check_prior(data).ok
        return
    with pytest.warns(PriorWarning, match="of the outcome"):
        assert not mmm.check_prior(data).ok


def test_margin_moves_the_claim():
    frame, _ = mmm.simulate.world_frame(seed=1, n_periods=110, n_channels=3)
    roles = {"date": "date", "outcome": "revenue", "spend": ["tv", "search", "social"]}
    plain = mmm.check_prior(mmm.MarketingData.from_frame(frame, **roles))
    half = mmm.check_prior(mmm.MarketingData.from_frame(frame, **roles, margin=0.5))
    # the same margin ROI needs twice the revenue
    assert half.median == pytest.approx(2 * plain.median)


@pytest.mark.filterwarnings("error::mmm.errors.PriorWarning")
@pytest.mark.parametrize("n_channels", [1, 8])
def test_the_default_claim_of_an_outcome_without_money_value_is_not_odd(n_channels):
    frame, _ = mmm.simulate.world_frame(seed=1, n_periods=110, n_channels=n_channels)
    spend = [name for name in frame.columns if name not in ("date", "revenue", "price")]
    orders = frame.rename(columns={"revenue": "orders"})
    data = mmm.MarketingData.from_frame(orders, date="date", outcome="orders", outcome_unit="orders", spend=spend)
    assert mmm.check_prior(data).plausible > 0.95
