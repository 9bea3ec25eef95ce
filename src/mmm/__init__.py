"""Bayesian marketing mix: what each channel returned, with credible intervals that hold.

data = mmm.MarketingData.from_frame(df, date="week", outcome="revenue", spend=["tv", "search"])
posterior = mmm.fit(data, seed=1)
report = mmm.Report(posterior)
report.roi()
"""

import lazy_loader

from mmm.data import MarketingData as MarketingData  # nothing here works without: pandas, xarray and pydantic with it

__version__ = "0.1.0"

# What is public is listed in __init__.pyi; each name is imported when it is first used, so that a process pays for what
# it does: loading a saved fit and reading its returns needs no chart library, sampler or simulator.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
