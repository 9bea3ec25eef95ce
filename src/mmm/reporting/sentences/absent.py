"""What a document says of a check that was not given to it: that it is missing, and how to get it."""

from __future__ import annotations

__all__ = ["NO_BACKTEST", "NO_DECOMPOSITION", "NO_PRIORS"]

NO_BACKTEST = (
    "No backtest was run: whether this model would have foreseen the past is not known. "
    "mmm.backtest(posterior) refits it to the past only, and backtest= shows the result here."
)
NO_PRIORS = (
    "What a sceptic and an optimist would conclude from the same data was not tried. mmm.compare_priors(posterior) "
    "does so in two refits, and priors= shows the result here."
)
NO_DECOMPOSITION = (
    "How much of each movement is due to restated history, to new weeks and to chance takes refits, and was not asked "
    "for: decomposition=refreshed.decomposition() shows it here."
)
