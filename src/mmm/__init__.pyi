"""What is public; `__init__.py` imports each name when it is first used."""

from . import (
    datasets as datasets,
    errors as errors,
    schema as schema,
    simulate as simulate,
)
from .data import (
    MarketingData as MarketingData,
    Tracker as Tracker,
)
from .fitting import (
    Portfolio as Portfolio,
    Sampler as Sampler,
    check_prior as check_prior,
    fit as fit,
    fit_many as fit_many,
)
from .model import (
    Beta as Beta,
    Binomial as Binomial,
    Channel as Channel,
    Delayed as Delayed,
    Geometric as Geometric,
    HalfNormal as HalfNormal,
    Hill as Hill,
    Logistic as Logistic,
    LogitNormal as LogitNormal,
    LogNormal as LogNormal,
    MichaelisMenten as MichaelisMenten,
    ModelSpec as ModelSpec,
    NoCarryover as NoCarryover,
    Normal as Normal,
    NoSaturation as NoSaturation,
    Root as Root,
    Seasonality as Seasonality,
    Tanh as Tanh,
    TrackerModel as TrackerModel,
    Trend as Trend,
    TwoSpeed as TwoSpeed,
    Weibull as Weibull,
)
from .posterior import (
    Diagnosis as Diagnosis,
    Posterior as Posterior,
    load as load,
)
from .refreshing import (
    ForecastCheck as ForecastCheck,
    History as History,
    Preview as Preview,
    Refresh as Refresh,
    history as history,
    preview_refresh as preview_refresh,
    refresh as refresh,
)
from .reporting import (
    Report as Report,
    Section as Section,
    styled as styled,
)
from .returns import (
    Economics as Economics,
)
from .validation import (
    Backtest as Backtest,
    Comparison as Comparison,
    Placebo as Placebo,
    PriorSensitivity as PriorSensitivity,
    Recovery as Recovery,
    ResidualChecks as ResidualChecks,
    SimulationBasedCalibration as SimulationBasedCalibration,
    backtest as backtest,
    check_residuals as check_residuals,
    compare_baselines as compare_baselines,
    compare_priors as compare_priors,
    placebo as placebo,
    prior_sensitivity as prior_sensitivity,
    recovery as recovery,
    simulation_based_calibration as simulation_based_calibration,
)

__version__: str
