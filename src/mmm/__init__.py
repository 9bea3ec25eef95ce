"""Bayesian marketing mix: what each channel returned, with credible intervals that hold.

data = mmm.MarketingData.from_frame(df, date="week", outcome="revenue", spend=["tv", "search"])
posterior = mmm.fit(data, seed=1)
report = mmm.Report(posterior)
report.roi()
"""

from mmm import datasets, errors, schema, simulate
from mmm.data import MarketingData, Tracker
from mmm.fitting import Sampler, check_prior, fit
from mmm.model import (
    Beta,
    Binomial,
    Channel,
    Delayed,
    Geometric,
    HalfNormal,
    Hill,
    Logistic,
    LogitNormal,
    LogNormal,
    MichaelisMenten,
    ModelSpec,
    NoCarryover,
    Normal,
    NoSaturation,
    Root,
    Seasonality,
    Tanh,
    TrackerModel,
    Trend,
    TwoSpeed,
    Weibull,
)
from mmm.posterior import Diagnosis, Posterior, load
from mmm.reporting import Report
from mmm.returns import Economics
from mmm.validation import Comparison, compare_baselines, compare_priors

__version__ = "0.1.0"

__all__ = [
    "Beta",
    "Binomial",
    "Channel",
    "Comparison",
    "Delayed",
    "Diagnosis",
    "Economics",
    "Geometric",
    "HalfNormal",
    "Hill",
    "LogNormal",
    "Logistic",
    "LogitNormal",
    "MarketingData",
    "MichaelisMenten",
    "ModelSpec",
    "NoCarryover",
    "NoSaturation",
    "Normal",
    "Posterior",
    "Report",
    "Root",
    "Sampler",
    "Seasonality",
    "Tanh",
    "Tracker",
    "TrackerModel",
    "Trend",
    "TwoSpeed",
    "Weibull",
    "check_prior",
    "compare_baselines",
    "compare_priors",
    "datasets",
    "errors",
    "fit",
    "load",
    "schema",
    "simulate",
]
