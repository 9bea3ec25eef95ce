"""What priors and draws claim of media together, against sums by hand."""

import numpy as np
import pytest

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


def test_without_a_money_value_the_default_priors_spread_the_share_of_the_spec():
    prior = build_posterior(build_data(outcome="orders")).prior
    share = media_share(prior)
    # each channel's share is LogNormal(median 0.15, 0.85) times its part of spend: at their medians they sum to 0.15
    medians = prior.parameters["outcome_per_spend"].median(("chain", "draw"))
    frame = build_frame()
    implied = sum(float(medians.sel(channel=c)) * frame[c].sum() for c in ("tv", "video", "radio"))
    # a median of 2,000 draws has standard error 1.25 * 0.85 / sqrt(2000) = 2.4%; four of them
    assert implied / frame["orders"].sum() == pytest.approx(0.15, rel=0.1)
    assert (share > 0).all()


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
