"""What a refresh takes over from the last fit: spec, priors and scales, for the channels and controls that remain."""

from __future__ import annotations

from os import PathLike

from mmm.data import MarketingData
from mmm.fitting.refits import check_posterior
from mmm.model.frozen import FrozenDict
from mmm.model.inputs import Scales
from mmm.model.spec import ModelSpec
from mmm.posterior import Posterior, load
from mmm.refreshing.vintages import Vintages, check_new_data

__all__ = ["carried_scales", "carried_spec", "opened"]


def opened(
    previous: Posterior | str | PathLike[str], new_data: MarketingData, *, allow_unconverged: bool
) -> tuple[Posterior, Vintages]:
    """Give the last fit, out of its file if need be, and its data beside the new ones.

    Raises
    ------
    DataError, SpecError, ConvergenceError, ReportError, StorageError
        If the one cannot be compared with the other; see :func:`mmm.refresh`.
    """
    if isinstance(previous, (str, PathLike)):
        previous = load(previous)
    check_posterior(previous, allow_unconverged=allow_unconverged)
    check_new_data(new_data)
    return previous, Vintages(previous.data, new_data)


def carried_spec(spec: ModelSpec, data: MarketingData) -> ModelSpec:
    """Resolve a spec for other data: channels that are gone leave it, new ones get the defaults.

    Raises
    ------
    SpecError
        If what remains is no model of the data: a tracker without brand channels, for example.
    """
    kept = {name: channel for name, channel in spec.channels.items() if name in data.channels}
    tracker = spec.tracker if data.has_tracker else None
    return spec.model_copy(update={"channels": FrozenDict(kept), "tracker": tracker}).resolve(data)


def carried_scales(scales: Scales, *, old: MarketingData, new: MarketingData) -> Scales:
    """Keep every scale that was learnt, so that priors keep their meaning, and learn those that are new.

    A channel whose response was driven by spend and is now driven by exposure, or the other way round, gets a new one.
    """
    learnt = Scales.learn(new)
    same = [name for name in scales.drivers if (name in old.description.exposure) == (name in new.description.exposure)]
    return learnt.model_copy(
        update={
            "origin": scales.origin,
            "outcome": scales.outcome,
            "drivers": learnt.drivers | {name: scales.drivers[name] for name in same},
            "control_means": learnt.control_means | scales.control_means,
            "control_scales": learnt.control_scales | scales.control_scales,
            "tracker": scales.tracker or learnt.tracker,
        }
    )
