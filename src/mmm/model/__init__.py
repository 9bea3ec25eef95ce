"""What is assumed: channels, baseline, priors, and the likelihood that follows from them."""

from mmm.model.baseline import Seasonality, Trend
from mmm.model.carryover import Binomial, Delayed, Geometric, NoCarryover, TwoSpeed, Weibull
from mmm.model.channel import Channel
from mmm.model.inputs import ModelInputs, Scales
from mmm.model.priors import Beta, HalfNormal, LogitNormal, LogNormal
from mmm.model.saturation import Hill, Logistic, MichaelisMenten, NoSaturation, Root, Tanh
from mmm.model.spec import ModelSpec

__all__ = [
    "Beta",
    "Binomial",
    "Channel",
    "Delayed",
    "Geometric",
    "HalfNormal",
    "Hill",
    "LogNormal",
    "LogitNormal",
    "Logistic",
    "MichaelisMenten",
    "ModelInputs",
    "ModelSpec",
    "NoCarryover",
    "NoSaturation",
    "Root",
    "Scales",
    "Seasonality",
    "Tanh",
    "Trend",
    "TwoSpeed",
    "Weibull",
]
