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
    NoSaturation,
    Root,
    Seasonality,
    Tanh,
    Trend,
    TwoSpeed,
    Weibull,
)
from mmm.posterior import Diagnosis, Posterior, load
from mmm.reporting import Report
from mmm.returns import Economics

__version__ = "0.1.0"

__all__ = [
    "Beta",
    "Binomial",
    "Channel",
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
    "Posterior",
    "Report",
    "Root",
    "Sampler",
    "Seasonality",
    "Tanh",
    "Tracker",
    "Trend",
    "TwoSpeed",
    "Weibull",
    "check_prior",
    "datasets",
    "errors",
    "fit",
    "load",
    "schema",
    "simulate",
]
