"""Fit worlds by PyMC-Marketing and write the posterior of each channel's ROI as rows.

    <folder>/pymc-marketing/bin/python benchmarks/peers/pymc_marketing_fit.py --worlds <dir> --output rows.csv

Run it with the Python of the environment that `environments.py` made.
"""

import functools
import logging
import warnings

import arviz as az
import numpy as np
import nutpie
import pymc_marketing
from pymc_marketing.mmm import MMM, GeometricAdstock, LogisticSaturation
from rows import Fit, arguments, run

# What is chosen, and why. Everything not named here is the library's default: every prior, the scaling of outcome and
# spend by their maxima, the normal likelihood, adstock before saturation.
#
# - GeometricAdstock(l_max=8), LogisticSaturation(), yearly_seasonality=2 and a linear trend as a control named `t`
#   are the model of the quick start in the library's README.
# - Controls and `t` are divided by their largest absolute value, as the documentation of `MMM` asks for: they are not
#   scaled by the library, and one prior is shared by them all.
# - nutpie samples: it is one of the documented samplers (`fit(..., nuts_sampler="nutpie")`), draws from the same
#   posterior as PyMC's own and is several times faster.
# - target_accept=0.9 is higher than the default of 0.8. It costs time and avoids divergences, as the library's own
#   longer examples do.
# - 1000 steps of tuning are PyMC's default.
LONGEST_LAG, FOURIER_MODES = 8, 2
TUNE, TARGET_ACCEPT = 1000, 0.9
OUTCOME = "outcome"


def inputs(world):
    """Give the frame of regressors as the library wants it, and the names of the controls in it."""
    frame = world.frame[[world.date, *world.channels.values(), *world.controls]].copy()
    trend = "t" if "t" not in frame else "linear_trend"
    frame[trend] = np.arange(len(frame), dtype=float)
    controls = [*world.controls, trend]
    frame[controls] = frame[controls] / frame[controls].abs().max()
    return frame, controls


def build(world):
    """Build the library's model of a world."""
    frame, controls = inputs(world)
    mmm = MMM(
        date_column=world.date,
        channel_columns=list(world.channels.values()),
        control_columns=controls,
        target_column=OUTCOME,
        adstock=GeometricAdstock(l_max=LONGEST_LAG),
        saturation=LogisticSaturation(),
        yearly_seasonality=FOURIER_MODES,
    )
    mmm.build_model(frame, world.frame[world.outcome].astype(float).rename(OUTCOME))
    return mmm


def sample(mmm, options, programs):
    """Sample as `mmm.fit(nuts_sampler="nutpie")` does, but compile only where no earlier world had the same shapes.

    All that differs between two such worlds are the values of the model's data containers (the scales among them), and
    nutpie can exchange those in a compiled program (checked: a program compiled for the second world draws the same).
    """
    data = {variable.name: variable.get_value() for variable in mmm.model.data_vars}
    shapes = tuple((name, np.shape(value)) for name, value in sorted(data.items()))
    if shapes not in programs:
        programs[shapes] = nutpie.compile_pymc_model(mmm.model)
    return nutpie.sample(
        programs[shapes].with_data(**data),
        chains=options.chains,
        draws=options.draws,
        tune=TUNE,
        target_accept=TARGET_ACCEPT,
        seed=options.seed,
        progress_bar=False,
    )


def roi_draws(posterior, mmm, world):
    """Incremental outcome within the data's periods over spend; dims (chain, draw, channel).

    The model is additive and a channel without spend contributes nothing, so this sum of contributions is what
    `mmm.incrementality.contribution_over_spend(frequency="all_time")` gives (checked: they agree to 2e-15), without
    compiling counterfactuals for every world.
    """
    contribution = posterior["channel_contribution"].sum("date").transpose("chain", "draw", "channel")
    return contribution * float(mmm.scalers["_target"]) / world.spend.sum(axis=0)


def fit_world(world, options, *, programs):
    """Fit one world."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mmm = build(world)
        trace = sample(mmm, options, programs)
        posterior = trace["posterior"].to_dataset()
        draws = roi_draws(posterior, mmm, world)
        parameters = posterior[[variable.name for variable in mmm.model.free_RVs]]
        rhat_max = max(float(az.rhat(side).to_array().max()) for side in (parameters, draws.to_dataset(name="roi")))
    return Fit(
        roi=draws.values.reshape(-1, draws.sizes["channel"]),
        divergences=int(trace["sample_stats"]["diverging"].sum()),
        rhat_max=rhat_max,
    )


def main():
    options = arguments(__doc__.splitlines()[0]).parse_args()
    logging.disable(logging.WARNING)
    fit = functools.partial(fit_world, programs={})
    run(fit_world=fit, model="pymc-marketing", version=pymc_marketing.__version__, options=options)


if __name__ == "__main__":
    main()
