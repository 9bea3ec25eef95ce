"""Every kernel in both orders, margins that stand still and that move, with history and without; and the oracle."""

from functools import cache
from typing import get_args

import numpy as np

import mmm
from mmm.model.carryover import Carryover
from mmm.simulate.oracle import ChannelRules
from tests.conftest import build_data, build_frame, build_posterior

CHANNELS = ("tv", "video", "radio")
KERNELS = {kernel.model_fields["kind"].default: kernel for kernel in get_args(get_args(Carryover)[0])}
ORDERS = ("saturation_first", "adstock_first")
#: Brand kernels only saturate first.
FORMS = [(kind, order) for kind in KERNELS for order in ORDERS if (kind, order) != ("two_speed", "adstock_first")]
#: A margin that moves comes with ten weeks of history.
MARGINS = ("still", "moving")

N_ROWS, HISTORY = 56, 10
WINDOWS = {"all": (0, N_ROWS), "last quarter": (N_ROWS - 13, N_ROWS), "inside": (11, 24)}


@cache
def data_of(margin):
    frame = build_frame(N_ROWS + HISTORY)
    if margin == "still":
        return build_data(frame.iloc[HISTORY:], margin=0.4)
    past = frame.loc[: HISTORY - 1, ["week", *CHANNELS]]
    return build_data(frame.iloc[HISTORY:], margin="margin", history=past)


@cache
def posterior_of(kind, order, margin="still", curve=mmm.Hill):
    channel = mmm.Channel(saturation=curve(), carryover=KERNELS[kind](), order=order)
    spec = mmm.ModelSpec(channels=dict.fromkeys(CHANNELS, channel))
    return build_posterior(data_of(margin), spec, n_chains=2, n_draws=6)


def margin_by_row(margin, n_rows):
    """Margin of each row from the first of the data on; after them the mean of the last year of them."""
    known = build_frame(N_ROWS + HISTORY)["margin"].to_numpy()[HISTORY:] if margin == "moving" else np.full(N_ROWS, 0.4)
    return np.concatenate([known, np.full(max(0, n_rows - N_ROWS), known[-52:].mean())])[:n_rows]


def oracle_of(draws, channel, chain, draw):
    """Rules, driver (history first) and amplitude of one draw, for plain loops."""
    spec = draws.spec.channels[channel]
    parameters = {name: draws.parameters[name] for name in spec.parameters()}
    rules = ChannelRules(
        saturation=spec.saturation.kind,
        carryover=spec.carryover.kind,
        order=spec.order,
        max_lag_weeks=getattr(spec.carryover, "max_lag_weeks", 0.0),
        parameters={
            name: float(array.sel({array.dims[-1]: channel})[chain, draw]) for name, array in parameters.items()
        },
    )
    driver = draws.inputs.driver[:, draws.data.channels.index(channel)].tolist()
    return rules, driver, float(draws.amplitude(channel)[chain, draw])
