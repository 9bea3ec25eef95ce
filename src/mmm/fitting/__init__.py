"""From data and a spec to a posterior: sampling and its verdict."""

from mmm.fitting.fit import check_prior, fit
from mmm.fitting.portfolio import Portfolio, fit_many
from mmm.fitting.sampler import Sampler

__all__ = ["Portfolio", "Sampler", "check_prior", "fit", "fit_many"]
