"""Draws, data and spec of a fit; replaying, saving and loading them. No PyMC needed."""

from mmm.posterior.diagnosis import Diagnosis, QuantityCheck
from mmm.posterior.draws import Draws, draw_prior, random_stream
from mmm.posterior.likelihood import log_likelihood
from mmm.posterior.posterior import Posterior, Provenance
from mmm.posterior.storage import load, save
from mmm.posterior.tracked import replay_tracker

__all__ = [
    "Diagnosis",
    "Draws",
    "Posterior",
    "Provenance",
    "QuantityCheck",
    "draw_prior",
    "load",
    "log_likelihood",
    "random_stream",
    "replay_tracker",
    "save",
]
