"""Fit worlds by Google Meridian and write the posterior of each channel's ROI as rows.

    <folder>/meridian/bin/python benchmarks/peers/meridian_fit.py --worlds <dir> --output rows.csv [--knots automatic]

Run it with the Python of the environment that `environments.py` made.
"""

import functools
import os
import warnings

os.environ.setdefault("MERIDIAN_BACKEND", "jax")  # read when Meridian is imported; its own demo of JAX sets it so
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import arviz as az
from meridian import version
from meridian.data.data_frame_input_data_builder import DataFrameInputDataBuilder
from meridian.model.model import Meridian
from meridian.model.spec import ModelSpec
from meridian_programs import Programs
from rows import Fit, arguments, run

# What is chosen, and why. Everything not named here is the library's default: the prior of each channel's ROI
# (LogNormal(0.2, 0.9)) and all others, geometric adstock over max_lag=8 periods, then a Hill curve, scaling of media,
# controls and outcome.
#
# - A national model of revenue: kpi_type "revenue", no geo column.
# - Spend stands for media activity too, as the documentation allows where nothing else was recorded: the worlds on
#   disk have spend only.
# - knots: the default for national data is one, a baseline that is constant but for the controls. The documentation
#   says to start there and to add knots for season and trend as the data allow, or to let automatic knot selection
#   choose, as the library's introductory notebooks do. `--knots default` and `--knots automatic` fit both; the two are
#   told apart by the row's model. No Fourier terms are added: the documentation models season by knots.
# - 1000 adaptation steps and 500 steps of burn-in: the notebooks have 2000 or 2500 and 500, with 10 chains, on a
#   graphics processor. `--adapt` sets the former; rhat_max in the row tells whether it was enough.
KPI = "revenue"
BURN_IN = 500
KNOTS = {"default": "meridian", "automatic": "meridian-automatic-knots"}


def input_data(world):
    """Give a world to Meridian's own builder of input data."""
    frame = world.frame.assign(time=world.frame[world.date].dt.strftime("%Y-%m-%d"))
    spend = list(world.channels.values())
    builder = DataFrameInputDataBuilder(kpi_type=KPI)
    builder = builder.with_kpi(frame, kpi_col=world.outcome, time_col="time")
    if world.controls:
        builder = builder.with_controls(frame, control_cols=world.controls, time_col="time")
    builder = builder.with_media(
        frame, media_cols=spend, media_spend_cols=spend, media_channels=list(world.channels), time_col="time"
    )
    return builder.build()


def fit_world(world, options, *, automatic, programs):
    """Fit one world."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = Meridian(input_data=input_data(world), model_spec=ModelSpec(enable_aks=automatic))
        programs.context = model.model_context
        model.sample_posterior(
            n_chains=options.chains,
            n_adapt=options.adapt,
            n_burnin=BURN_IN,
            n_keep=options.draws,
            seed=options.seed,
        )
        # The library's parameter: what the outcome within the data's periods would lose without the channel, over its
        # spend. It is what `Analyzer(...).roi()` gives (checked: they agree to 2e-15) without one more compilation.
        roi = model.inference_data.posterior["roi_m"].transpose("chain", "draw", "media_channel")
        roi = roi.sel(media_channel=list(world.channels))
        rhat = az.rhat(model.inference_data.posterior)
    return Fit(
        roi=roi.values.reshape(-1, roi.sizes["media_channel"]),
        divergences=int(model.inference_data.sample_stats["diverging"].sum()),
        # a parameter that does not vary (the only channel's share, say) has no R-hat
        rhat_max=float(rhat.to_array().max(skipna=True)),
    )


def main():
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("--knots", choices=KNOTS, default="default")
    parser.add_argument("--adapt", type=int, default=1000, help="adaptation steps of each chain")
    parser.add_argument("--compile-each", action="store_true", help="leave Meridian's compilation as it is")
    options = parser.parse_args()
    programs = Programs()
    if not options.compile_each:
        programs.install()
    fit = functools.partial(fit_world, automatic=options.knots == "automatic", programs=programs)
    run(fit_world=fit, model=KNOTS[options.knots], version=version.__version__, options=options)


if __name__ == "__main__":
    main()
