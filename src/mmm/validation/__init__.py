"""Is the answer to be trusted? Refits under other assumptions, each with a table, a chart and a verdict in words.

A verb of this room takes a posterior, refits what it has to (`refits.py`) and returns a small frozen result that has
``table()``, ``plot()`` and ``verdict``, and that gives no number of a fit that failed its checks unless it is asked to.
"""

from mmm.validation.backtest import backtest
from mmm.validation.backtested import Backtest
from mmm.validation.baselines import compare_baselines
from mmm.validation.calibration import SimulationBasedCalibration
from mmm.validation.comparison import Comparison
from mmm.validation.lateness import LatenessCheck, lateness_check
from mmm.validation.leads import LeadCheck, lead_check
from mmm.validation.placebo import placebo
from mmm.validation.placebo_verdict import Placebo
from mmm.validation.priors import compare_priors
from mmm.validation.recovered import Recovery
from mmm.validation.recovery import recovery
from mmm.validation.residuals import ResidualChecks, check_residuals
from mmm.validation.sensitivity import PriorSensitivity, prior_sensitivity
from mmm.validation.simulation_based import simulation_based_calibration

__all__ = [
    "Backtest",
    "Comparison",
    "LatenessCheck",
    "LeadCheck",
    "Placebo",
    "PriorSensitivity",
    "Recovery",
    "ResidualChecks",
    "SimulationBasedCalibration",
    "backtest",
    "check_residuals",
    "compare_baselines",
    "compare_priors",
    "lateness_check",
    "lead_check",
    "placebo",
    "prior_sensitivity",
    "recovery",
    "simulation_based_calibration",
]
