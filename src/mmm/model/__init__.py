"""What is assumed: channels, baseline, priors, and the likelihood that follows from them."""

from mmm.model.baseline import Seasonality, Trend
from mmm.model.carryover import Binomial, Delayed, Geometric, NoCarryover, TwoSpeed, Weibull
from mmm.model.channel import Channel
from mmm.model.inputs import ModelInputs, Scales
from mmm.model.priors import Beta, HalfNormal, LogitNormal, LogNormal, Normal
from mmm.model.saturation import Hill, Logistic, MichaelisMenten, NoSaturation, Root, Tanh
from mmm.model.spec import ModelSpec
from mmm.model.tracker import TrackerModel

__all__ = [
    "Beta",
    "Binomial",
    "Channel",
    "Delayed",
    "Geometric",
    "HalfNormal",
    "Hill",
    "LogNormal",
    "Logistic",
    "LogitNormal",
    "MichaelisMenten",
    "ModelInputs",
    "ModelSpec",
    "NoCarryover",
    "NoSaturation",
    "Normal",
    "Root",
    "Scales",
    "Seasonality",
    "Tanh",
    "TrackerModel",
    "Trend",
    "TwoSpeed",
    "Weibull",
]
