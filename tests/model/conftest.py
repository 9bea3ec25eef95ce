"""Every curve and kernel, strategies for spend and parameters, and the bridge to the plain-loop oracle."""

import itertools
from functools import cache

import pytensor
import pytensor.tensor as pt
from hypothesis import settings, strategies as st
from hypothesis.extra import numpy as hnp

from mmm.model.carryover import Binomial, Delayed, Geometric, NoCarryover, TwoSpeed, Weibull
from mmm.model.channel import Channel
from mmm.model.saturation import Hill, Logistic, MichaelisMenten, NoSaturation, Root, Tanh
from mmm.simulate.oracle import ChannelRules

#: No deadline (shared machines stall), the same examples on every run (a red build must mean a change).
repeatable = settings(deadline=None, derandomize=True, max_examples=15)
#: The same where there is a test for each of sixty forms.
briefly = settings(repeatable, max_examples=8)

CURVES = {curve.kind: curve for curve in (Hill(), MichaelisMenten(), Tanh(), Logistic(), Root(), NoSaturation())}
# Short supports: every kernel then ends within a few rows, and what lies beyond its end is tested too.
KERNELS = {
    kernel.kind: kernel
    for kernel in (
        Geometric(),
        Delayed(max_lag_weeks=6),
        Weibull(max_lag_weeks=8),
        Binomial(max_lag_weeks=5),
        NoCarryover(),
        TwoSpeed(),
    )
}
ORDERS = ("saturation_first", "adstock_first")
#: Every curve, kernel and order that a channel may have: a brand channel saturates first.
FORMS = [form for form in itertools.product(CURVES, KERNELS, ORDERS) if form[1:] != ("two_speed", "adstock_first")]

WEEKLY, DAILY, MONTHLY = 1.0, 1 / 7, 365.25 / 12 / 7
PERIODS = (WEEKLY, DAILY, MONTHLY)

#: Wide enough to reach every regime, short of where the numbers leave double precision.
RANGES = {
    "half_life": (0.3, 8.0),
    "peak": (0.0, 5.0),
    "shape": (0.4, 3.0),
    "retention": (0.05, 0.95),
    "saturation_level": (0.02, 0.98),
    "saturation_slope": (0.3, 4.0),
    "saturation_exponent": (0.1, 0.95),
    "carry_in_level": (0.0, 3.0),
    "fast_half_life": (0.2, 8.0),
    "slow_half_life": (10.0, 120.0),
    "slow_share": (0.0, 1.0),
}
#: Every kernel with the orders it may have.
KERNEL_ORDERS = sorted({(kernel, order) for _, kernel, order in FORMS})


def spends(shape):
    """Driver of a shape, with exact zeros (dark weeks) as likely as spend."""
    return hnp.arrays(float, shape, elements=st.just(0.0) | st.floats(1e-3, 6.0), fill=st.nothing())


@st.composite
def parameters_of(draw, names, shape):
    """Parameters by name, each an array of ``shape`` = (..., channel)."""
    drawn = {}
    for name in names:
        low, high = RANGES[name]
        values = st.floats(low, high)
        if name == "carry_in_level":
            values = st.just(0.0) | st.floats(1e-3, high)
        drawn[name] = draw(hnp.arrays(float, shape, elements=values, fill=st.nothing()))
    return drawn


def rules_of(channel, parameters, column=0):
    """The same channel for the oracle."""
    return ChannelRules(
        saturation=channel.saturation.kind,
        carryover=channel.carryover.kind,
        order=channel.order,
        max_lag_weeks=getattr(channel.carryover, "max_lag_weeks", 0.0),
        parameters={name: float(values[column]) for name, values in parameters.items()},
    )


def channel_of(curve, kernel, order="saturation_first"):
    return Channel(saturation=CURVES[curve], carryover=KERNELS[kernel], order=order)


@cache
def compiled(build, n_rows, n_channels, names, mode="FAST_COMPILE"):
    """Compile ``build(x, parameters) -> outputs`` once; call with ``x`` and the parameters in order of ``names``.

    ``build`` must be the same object on every call (the key of the cache).
    """
    x = pt.matrix("x", shape=(n_rows, n_channels))
    symbols = {name: pt.vector(name, shape=(n_channels,)) for name in names}
    outputs = [pt.as_tensor(output) for output in build(x, symbols)]
    function = pytensor.function([x, *symbols.values()], outputs, mode=mode, on_unused_input="ignore")
    return lambda x, parameters: function(x, *(parameters[name] for name in names))
