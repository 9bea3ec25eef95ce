"""Bayesian marketing mix: what each channel returned, with credible intervals that hold.

data = mmm.MarketingData.from_frame(df, date="week", outcome="revenue", spend=["tv", "search"])
posterior = mmm.fit(data, seed=1)
report = mmm.Report(posterior)
report.roi()
"""

from mmm import datasets, errors, schema, simulate
from mmm.data import MarketingData, Tracker
from mmm.fitting import Portfolio, Sampler, check_prior, fit, fit_many
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
from mmm.validation import (
    Backtest,
    Comparison,
    Placebo,
    PriorSensitivity,
    Recovery,
    ResidualChecks,
    SimulationBasedCalibration,
    backtest,
    check_residuals,
    compare_baselines,
    compare_priors,
    placebo,
    prior_sensitivity,
    recovery,
    simulation_based_calibration,
)

__version__ = "0.1.0"

__all__ = [
    "Backtest",
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
    "Placebo",
    "Portfolio",
    "Posterior",
    "PriorSensitivity",
    "Recovery",
    "Report",
    "ResidualChecks",
    "Root",
    "Sampler",
    "Seasonality",
    "SimulationBasedCalibration",
    "Tanh",
    "Tracker",
    "TrackerModel",
    "Trend",
    "TwoSpeed",
    "Weibull",
    "backtest",
    "check_prior",
    "check_residuals",
    "compare_baselines",
    "compare_priors",
    "datasets",
    "errors",
    "fit",
    "fit_many",
    "load",
    "placebo",
    "prior_sensitivity",
    "recovery",
    "schema",
    "simulate",
    "simulation_based_calibration",
]
