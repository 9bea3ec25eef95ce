"""From data and a spec to a posterior: sampling and its verdict."""

from mmm.fitting.fit import check_prior, fit
from mmm.fitting.sampler import Sampler

__all__ = ["Sampler", "check_prior", "fit"]
