"""One compiled sampler for all worlds of one shape.

Meridian compiles its sampler anew for each data set, because the data are constants of the program: most of the time of
a fit of this size. `Programs` stands in for the function by which Meridian starts its sampler. It traces the same joint
distribution once, with the data as arguments, and hands the next world of that shape its own data. Given one seed the
draws are those of a program compiled for the world; before each reuse the density is compared with the world's own.
"""

import copy
import dataclasses

import jax
import numpy as np
from meridian import backend
from meridian.model.posterior_sampler import PosteriorMCMCSampler


def data_of(context):
    """Collect the arrays by which the density of a national model with media and controls depends on the data."""
    arrays = {
        "kpi_scaled": context.kpi_scaled,
        "controls_scaled": context.controls_scaled,
        "population": context.population,
        "revenue_per_kpi": context.revenue_per_kpi,
        "total_outcome": context.total_outcome,
        "media_scaled": context.media_tensors.media_scaled,
        "prior_denominator": context.media_tensors.prior_denominator,
        "weights": context.knot_info.weights,
        "stdev": context.kpi_transformer.population_scaled_stdev,
    }
    return {name: array for name, array in arrays.items() if array is not None}


def with_data(context, arrays):
    """Give a copy of the context that has other data of the same shapes."""
    scaled = copy.copy(context.kpi_transformer)
    scaled.__dict__["_population_scaled_stdev"] = arrays["stdev"]
    media = {name: arrays[name] for name in ("media_scaled", "prior_denominator")}
    other = copy.copy(context)
    whole = ("kpi_scaled", "controls_scaled", "population", "revenue_per_kpi", "total_outcome")
    other.__dict__.update({name: arrays[name] for name in whole if name in arrays})
    other.__dict__.update(
        kpi_transformer=scaled,
        media_tensors=dataclasses.replace(context.media_tensors, **media),
        knot_info=dataclasses.replace(context.knot_info, weights=arrays["weights"]),
    )
    return other


def joint_distribution(context):
    """Give what Meridian's sampler samples from: its joint distribution, conditional on the outcome."""
    return PosteriorMCMCSampler(model_context=context)._get_joint_dist_sampling()


def log_density(joint_dist, state):
    """Evaluate the density of a state of all parameters."""
    return float(joint_dist.unnormalized_log_prob(state))


class Programs:
    """Samplers compiled so far, by the shapes of the data and the settings of the sampler."""

    def __init__(self):
        self.compiled = {}
        self.context = None

    def install(self):
        """Let Meridian start its sampler through this object."""
        backend.xla_windowed_adaptive_nuts = self

    def __call__(self, *, joint_dist, seed, **settings):
        """Stand in for `meridian.backend.xla_windowed_adaptive_nuts`; `context` is that of the world to fit."""
        arrays = {name: np.asarray(array) for name, array in data_of(self.context).items()}
        shapes = tuple((name, array.shape) for name, array in sorted(arrays.items()))
        key = shapes, repr(sorted(settings.items()))
        if key not in self.compiled:
            template = copy.copy(self.context)
            self.compiled[key] = template, self.program(template, settings)
        template, program = self.compiled[key]
        self.check(joint_dist, template, arrays)
        return program(arrays, seed)

    def program(self, template, settings):
        """Compile a sampler of the data, for one shape."""

        @jax.jit
        def sample(arrays, seed):
            return backend.experimental.mcmc.windowed_adaptive_nuts(
                joint_dist=joint_distribution(with_data(template, arrays)),
                seed=backend.random.prng_key(seed),
                **settings,
            )

        return sample

    def check(self, joint_dist, template, arrays):
        """Refuse to go on if the density with exchanged data is not the density that Meridian built for the world."""
        state = joint_dist.sample_unpinned(seed=jax.random.PRNGKey(0))
        own = log_density(joint_dist, state)
        exchanged = log_density(joint_distribution(with_data(template, arrays)), state)
        if not np.isclose(own, exchanged, rtol=1e-9):
            raise AssertionError(f"the reused program has density {exchanged}, the world's own {own}")
