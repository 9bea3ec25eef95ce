"""Shares of the return, against plain arithmetic in every draw."""

import numpy as np
import xarray as xr

from mmm.returns import effect_shares, returns_by_horizon


def test_shares_are_each_return_over_the_sum_and_sum_to_one_in_every_draw(posterior):
    returns = returns_by_horizon(posterior.draws, horizons=(13.0, 52.0), window=(10, 40))
    for variable in ("money", "incremental_outcome"):
        shares = effect_shares(returns, variable)
        amounts = returns[variable].values[:, :, :3]
        np.testing.assert_allclose(shares.values, amounts / amounts.sum(axis=2, keepdims=True), rtol=1e-12)
        np.testing.assert_allclose(shares.sum("channel"), 1, rtol=1e-12)
    assert list(shares["channel"].values) == ["tv", "video", "radio"]


def test_of_nothing_there_are_no_shares():
    amounts = xr.DataArray(np.zeros((1, 2, 2)), dims=("chain", "draw", "channel"), coords={"channel": ["tv", "total"]})
    assert effect_shares(xr.Dataset({"money": amounts}), "money").isnull().all()
