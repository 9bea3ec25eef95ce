"""Which specs the fused density is written for."""

from __future__ import annotations

from mmm.model.inputs import ModelInputs
from mmm.model.spec import ModelSpec

__all__ = ["covers"]

COVERED_CURVES = ("hill", "michaelis_menten", "tanh", "logistic", "root", "none")
COVERED_KERNELS = ("geometric", "two_speed", "none")


def covers(spec: ModelSpec, inputs: ModelInputs) -> bool:
    """Say whether the fused density is written for a spec; every other one is compiled from the PyMC model.

    Parameters
    ----------
    spec : ModelSpec
        Resolved.
    inputs : ModelInputs
    """
    return (
        spec.tracker is None
        and inputs.landing_value is None
        and all(
            channel.order == "saturation_first"
            and channel.saturation.kind in COVERED_CURVES
            and channel.carryover.kind in COVERED_KERNELS
            for channel in spec.channels.values()
        )
    )
