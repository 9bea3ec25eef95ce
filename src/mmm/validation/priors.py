"""`mmm.compare_priors`: what a sceptic and an optimist would conclude from the same data."""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np

from mmm import schema
from mmm.fitting import Sampler
from mmm.fitting.refits import check_posterior, refit
from mmm.model.brand import MEASURED_WEEKS
from mmm.model.carryover import TwoSpeed
from mmm.model.frozen import FrozenDict
from mmm.model.horizon import periods
from mmm.model.priors import LogitNormal, LogNormal
from mmm.model.spec import ModelSpec
from mmm.posterior import Posterior
from mmm.validation.comparison import Comparison

__all__ = ["compare_priors", "long_run_multiple", "slow_share_for"]

#: What 104 weeks return over what 13 return: hardly anything comes late, or as much as linear television does in
#: Profit Ability 2 (Thinkbox and others 2024: 5.94 after 24 months over 1.82 after 13 weeks), a trade body's number.
SCEPTIC_MULTIPLE, OPTIMIST_MULTIPLE = 1.2, 5.94 / 1.82
LONG_RUN_WEEKS = 104

#: Both are surer of themselves than the default, whose log odds have sd 0.9.
SHARE_SIGMA = 0.5

#: Slow shares that are still a mixture of two speeds.
LEAST_SHARE, MOST_SHARE = 0.02, 0.98

#: Without brand channels, what the medians of the ROI priors are multiplied with.
SCEPTIC_FACTOR, OPTIMIST_FACTOR = 0.5, 2.0

LONG_RUN_REMEDY = (
    "National data hardly show the long run: spend switched off for 26 weeks in half of the regions, and sales there "
    "followed for another 26, would."
)
RETURN_REMEDY = "Weeks with much more or no spend, or a test in some regions, would show it."


def compare_priors(
    posterior: Posterior,
    *,
    seed: int | None = None,
    sampler: Sampler | None = None,
    progress: bool = True,
    executor: Executor | None = None,
    allow_unconverged: bool = False,
) -> Comparison:
    """Refit under the prior of a sceptic and of an optimist, and lay the answers side by side.

    With brand channels, they differ in how much comes late: the slow share of every brand channel gets a prior whose
    median, at the prior medians of the half-lives, makes 104 weeks return 1.2 times (sceptic) or 3.3 times (optimist)
    what 13 weeks do, as far as the half-lives allow; its log odds have a standard deviation of 0.5. Without brand
    channels they differ in what was returned at all: the median of every channel's ROI prior is halved (sceptic) or
    doubled (optimist), its sigma kept. Everything else stays as it was fitted, the case ``default``.

    Parameters
    ----------
    posterior : Posterior
    seed : int, optional
        That of the posterior by default.
    sampler : Sampler, optional
        That of the posterior by default.
    progress : bool
        Say what is fitted, and show the sampler's progress.
    executor : concurrent.futures.Executor, optional
        Who refits: a ``ProcessPoolExecutor``, or ``client.get_executor()`` of a Dask cluster; in this process by
        default. With one, chains run one after the other unless the sampler says ``cores``.
    allow_unconverged : bool
        Compare fits that failed their checks too; every table and chart then says so.

    Returns
    -------
    Comparison
        Cases ``sceptic``, ``default`` and ``optimist``.

    Raises
    ------
    ConvergenceError
        If the posterior failed its checks and ``allow_unconverged`` is not set.
    ReportError
        If it is no Posterior.

    Warns
    -----
    ConvergenceWarning
        If a refit fails its checks.

    Notes
    -----
    The refits differ in numbers only: nothing is compiled again in a session in which the posterior was fitted.

    Examples
    --------
    >>> data, truth = mmm.simulate.world(n_periods=104, n_channels=2, seed=1)
    >>> comparison = mmm.compare_priors(mmm.fit(data, seed=1, progress=False), progress=False)
    >>> sceptic, default, optimist = comparison.posteriors.values()
    >>> sceptic.spec.channels["tv"].roi_prior.median, optimist.spec.channels["tv"].roi_prior.median
    (0.5, 2.0)
    """
    check_posterior(posterior, allow_unconverged=allow_unconverged)
    spec, per_period = posterior.spec, posterior.data.weeks_per_period
    specs = {"sceptic": spec, "default": spec, "optimist": spec}
    if spec.brand:
        specs["sceptic"] = _with_multiple(spec, SCEPTIC_MULTIPLE, weeks_per_period=per_period)
        specs["optimist"] = _with_multiple(spec, OPTIMIST_MULTIPLE, weeks_per_period=per_period)
        assumptions = {case: _long_run_in_words(assumed, per_period) for case, assumed in specs.items()}
    else:
        specs["sceptic"] = _with_returns(spec, SCEPTIC_FACTOR)
        specs["optimist"] = _with_returns(spec, OPTIMIST_FACTOR)
        quantity = "ROI" if posterior.data.has_money_value else "outcome per unit of spend"
        assumptions = {case: _returns_in_words(assumed, quantity) for case, assumed in specs.items()}
    return Comparison(
        posteriors=refit(posterior, specs, seed=seed, sampler=sampler, progress=progress, executor=executor),
        assumptions=assumptions,
        reference="default",
        remedy=LONG_RUN_REMEDY if spec.brand else RETURN_REMEDY,
        allow_unconverged=allow_unconverged,
    )


def long_run_multiple(kernel: TwoSpeed, slow_share: float, *, weeks_per_period: float) -> float:
    """Return within 104 weeks over that within 13, at the prior medians of the half-lives.

    Examples
    --------
    >>> round(long_run_multiple(TwoSpeed(), 0.731, weeks_per_period=1.0), 2)
    2.04
    """
    later, early = _landed_by_speed(kernel, weeks_per_period)
    fast, slow = 1 - slow_share, slow_share
    return (fast * later[0] + slow * later[1]) / (fast * early[0] + slow * early[1])


def slow_share_for(kernel: TwoSpeed, multiple: float, *, weeks_per_period: float) -> float:
    """Slow share that gives a long-run multiple, or the nearest there is between 2% and 98%.

    Examples
    --------
    >>> share = slow_share_for(TwoSpeed(), 1.2, weeks_per_period=1.0)
    >>> round(share, 3), round(long_run_multiple(TwoSpeed(), share, weeks_per_period=1.0), 6)
    (0.248, 1.2)
    """
    (fast_later, slow_later), (fast_early, slow_early) = _landed_by_speed(kernel, weeks_per_period)
    missing = multiple * fast_early - fast_later
    share = missing / (multiple * (fast_early - slow_early) - (fast_later - slow_later))
    return min(max(share, LEAST_SHARE), MOST_SHARE)


def _landed_by_speed(kernel: TwoSpeed, weeks_per_period: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """What has landed of the fast and of the slow part after 104 weeks, and after 13."""
    medians = {name: np.asarray(prior.quantile(0.5)).reshape(1) for name, prior in kernel.parameters().items()}

    def landed(weeks: float, slow_share: float) -> float:
        at = medians | {schema.SLOW_SHARE: np.array([slow_share])}
        return float(kernel.landed(periods(weeks, weeks_per_period), at, weeks_per_period=weeks_per_period)[0])

    later, early = ((landed(weeks, 0.0), landed(weeks, 1.0)) for weeks in (LONG_RUN_WEEKS, MEASURED_WEEKS))
    return later, early


def _with_multiple(spec: ModelSpec, multiple: float, *, weeks_per_period: float) -> ModelSpec:
    """Give every brand channel the slow share of a long-run multiple."""
    changed = {}
    for name in spec.brand:
        kernel = _two_speed(spec, name)
        share = slow_share_for(kernel, multiple, weeks_per_period=weeks_per_period)
        kernel = kernel.model_copy(update={"slow_share": LogitNormal(median=share, sigma=SHARE_SIGMA)})
        changed[name] = spec.channels[name].model_copy(update={"carryover": kernel})
    return spec.model_copy(update={"channels": FrozenDict(spec.channels | changed)})


def _with_returns(spec: ModelSpec, factor: float) -> ModelSpec:
    """Multiply the median of every channel's prior of return."""
    changed = {
        name: channel.model_copy(update={"roi_prior": LogNormal(median=factor * prior.median, sigma=prior.sigma)})
        for name, channel in spec.channels.items()
        if (prior := channel.roi_prior) is not None
    }
    return spec.model_copy(update={"channels": FrozenDict(changed)})


def _long_run_in_words(spec: ModelSpec, weeks_per_period: float) -> str:
    words: dict[str, list[str]] = {}
    for name in spec.brand:
        kernel = _two_speed(spec, name)
        share = kernel.slow_share.median
        multiple = long_run_multiple(kernel, share, weeks_per_period=weeks_per_period)
        said = f"104 weeks return {multiple:.1f} times the first 13 (slow share {share:.0%}) at the prior medians"
        words.setdefault(said, []).append(name)
    return "; ".join(f"{', '.join(names)}: {said}" for said, names in words.items())


def _returns_in_words(spec: ModelSpec, quantity: str) -> str:
    words: dict[str, list[str]] = {}
    for name, channel in spec.channels.items():
        assert channel.roi_prior is not None, "a resolved spec has a prior for every channel's return"
        words.setdefault(f"{channel.roi_prior.median:.3g}", []).append(name)
    medians = "; ".join(f"{', '.join(names)}: {median}" for median, names in words.items())
    return f"prior median of {quantity} within {spec.horizon_weeks:g} weeks: {medians}"


def _two_speed(spec: ModelSpec, channel: str) -> TwoSpeed:
    kernel = spec.channels[channel].carryover
    assert isinstance(kernel, TwoSpeed), "a brand channel has two speeds"
    return kernel
