"""Draws in, draws out: returns by horizon, their money, and how much of them is prior."""

from mmm.returns.evidence import prior_reliance, prior_reliance_of_returns
from mmm.returns.media_share import PriorMediaShare, media_share, prior_media_share
from mmm.returns.roi import per_spend, returns_by_horizon, window_rows

__all__ = [
    "PriorMediaShare",
    "media_share",
    "per_spend",
    "prior_media_share",
    "prior_reliance",
    "prior_reliance_of_returns",
    "returns_by_horizon",
    "window_rows",
]
