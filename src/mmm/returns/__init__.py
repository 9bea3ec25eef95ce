"""Draws in, draws out: returns by horizon and by age, their money, and how much of them is prior."""

from mmm.returns.acquisition import acquisition_draws
from mmm.returns.by_lag import return_by_lag
from mmm.returns.composition import LEVEL, composition_draws
from mmm.returns.economics import Economics
from mmm.returns.evidence import prior_reliance, prior_reliance_of_returns
from mmm.returns.half_life import weeks_until_half
from mmm.returns.ledger import LEDGER_PARTS, ledger_draws
from mmm.returns.long_run import (
    cumulative_return,
    kernel_weights,
    long_run_multiplier,
    share_landed,
    slow_stock_baseline_correlation,
)
from mmm.returns.marginal import marginal_returns, returns_and_marginal
from mmm.returns.media_share import PriorMediaShare, media_share, prior_media_share
from mmm.returns.payback import SEARCH_WEEKS, payback_draws
from mmm.returns.roi import per_spend, returns_by_horizon
from mmm.returns.shares import effect_shares
from mmm.returns.valuation import Valuation
from mmm.returns.window import Window, window_rows

__all__ = [
    "LEDGER_PARTS",
    "LEVEL",
    "SEARCH_WEEKS",
    "Economics",
    "PriorMediaShare",
    "Valuation",
    "Window",
    "acquisition_draws",
    "composition_draws",
    "cumulative_return",
    "effect_shares",
    "kernel_weights",
    "ledger_draws",
    "long_run_multiplier",
    "marginal_returns",
    "media_share",
    "payback_draws",
    "per_spend",
    "prior_media_share",
    "prior_reliance",
    "prior_reliance_of_returns",
    "return_by_lag",
    "returns_and_marginal",
    "returns_by_horizon",
    "share_landed",
    "slow_stock_baseline_correlation",
    "weeks_until_half",
    "window_rows",
]
