"""What priors and draws claim of media together, against sums by hand."""

import numpy as np
import pytest

import mmm
from mmm.returns import media_share, prior_media_share, returns_by_horizon
from mmm.returns.media_share import PriorMediaShare
from tests.conftest import build_data, build_frame, build_posterior, with_parameters


def test_at_roi_one_the_share_is_spend_over_outcome(posterior):
    at_one = with_parameters(posterior, roi=lambda roi: 0 * roi + 1)
    frame = build_frame()
    expected = frame[["tv", "video", "radio"]].sum().sum() / frame["revenue"].sum()
    np.testing.assert_allclose(media_share(at_one.draws), np.full((2, 100), expected))


def test_it_is_what_the_spend_brings_within_the_horizon_over_the_outcome(posterior):
    total = returns_by_horizon(posterior.draws, horizons=(104.0,))["incremental_outcome"].sel(channel="total")[..., 0]
    expected = total / build_frame()["revenue"].sum()
    np.testing.assert_allclose(media_share(posterior.draws), expected, rtol=1e-9)


def test_with_a_margin_the_same_roi_needs_more_outcome(posterior):
    with_margin = build_posterior(build_data(margin=0.4))
    np.testing.assert_allclose(media_share(with_margin.draws), media_share(posterior.draws) / 0.4)


def test_without_a_money_value_all_channels_together_have_the_share_of_the_spec():
    share = np.sort(media_share(build_posterior(build_data(outcome="orders")).prior).ravel())
    stated = mmm.ModelSpec().media_share_prior
    # 4,000 draws of the sum: the standard error of its median is 1.25 * 0.75 / sqrt(4000) = 1.5%, of its edges about 4%
    assert np.median(share) == pytest.approx(stated.median, rel=0.06)
    np.testing.assert_allclose(np.quantile(share, [0.05, 0.95]), stated.interval(0.9), rtol=0.15)


def test_the_summary_is_quantiles_and_the_mass_that_is_plausible(posterior):
    share = media_share(posterior.prior).ravel()
    summary = prior_media_share(posterior.prior)
    np.testing.assert_allclose(
        [summary.lower, summary.median, summary.upper], np.quantile(share, [0.05, 0.5, 0.95]), rtol=1e-12
    )
    assert summary.plausible == pytest.approx(np.mean([0.02 <= value <= 0.60 for value in share]))


@pytest.mark.parametrize(("plausible", "ok"), [(0.949, False), (0.95, True), (1.0, True)])
def test_it_is_fine_from_95_percent_on(plausible, ok):
    assert PriorMediaShare(median=0.2, lower=0.1, upper=0.3, plausible=plausible).ok is ok
