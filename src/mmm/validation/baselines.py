"""`mmm.compare_baselines`: how much of the answer comes from how the base may move."""

from __future__ import annotations

from concurrent.futures import Executor

from mmm.fitting import Sampler
from mmm.fitting.refits import check_posterior, refit
from mmm.model.baseline import Trend
from mmm.model.priors import HalfNormal
from mmm.posterior import Posterior
from mmm.validation.comparison import Comparison

__all__ = ["compare_baselines"]

#: A walk of this size is a straight line, in the same compiled program as any other.
NO_WALK = HalfNormal(sigma=1e-6)

#: Length of the smooth base: it follows the year, and not the flights.
SMOOTH_WEEKS = 26.0

REMEDY = (
    "Switch spend off in some regions for longer than the effect lasts, or bring a longer history: either tells the "
    "base from what media add to it."
)


def compare_baselines(
    posterior: Posterior,
    *,
    seed: int | None = None,
    sampler: Sampler | None = None,
    progress: bool = True,
    executor: Executor | None = None,
    allow_unconverged: bool = False,
) -> Comparison:
    """Refit with a base that moves in another way, and lay the answers side by side.

    A base that may not move leaves its movements to media, and slow channels take most of them; a base that may move
    as it likes takes from slow channels what is theirs. Where the answer depends on it, the data do not tell them
    apart.

    Parameters
    ----------
    posterior : Posterior
    seed, sampler, progress, executor, allow_unconverged
        As :func:`mmm.compare_priors` takes them.

    Returns
    -------
    Comparison
        Cases ``linear`` (a straight line), ``random walk`` and ``smooth`` (a path that turns over about half a year).
        The one that the posterior has is the posterior itself, and the others are compared with it.

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
    As in :func:`mmm.compare_priors`, nothing is compiled again, unless the posterior has no walk or no linear trend.

    Examples
    --------
    >>> data, truth = mmm.simulate.world(n_periods=104, n_channels=2, seed=1)
    >>> comparison = mmm.compare_baselines(mmm.fit(data, seed=1, progress=False), progress=False)
    >>> list(comparison.posteriors), comparison.reference
    (['linear', 'random walk', 'smooth'], 'random walk')
    """
    check_posterior(posterior, allow_unconverged=allow_unconverged)
    trends, own = _trends(posterior.spec.trend)
    specs = {case: posterior.spec.model_copy(update={"trend": trend}) for case, trend in trends.items()}
    return Comparison(
        posteriors=refit(posterior, specs, seed=seed, sampler=sampler, progress=progress, executor=executor),
        assumptions={case: _in_words(trend) for case, trend in trends.items()},
        reference=own,
        remedy=REMEDY,
        allow_unconverged=allow_unconverged,
    )


def _trends(fitted: Trend) -> tuple[dict[str, Trend], str]:
    """Give the three kinds of base, and the name of the one that was fitted."""
    walk = fitted.walk or Trend().walk
    trends = {
        "linear": Trend(walk=NO_WALK),
        "random walk": Trend(linear=fitted.linear, walk=walk),
        "smooth": Trend(linear=fitted.linear, walk=walk, smooth_weeks=SMOOTH_WEEKS),
    }
    own = "linear" if fitted.walk is None else "random walk" if fitted.smooth_weeks is None else "smooth"
    return trends | {own: fitted}, own


def _in_words(trend: Trend) -> str:
    level = "a straight line" if trend.linear else "a constant"
    if trend.walk in (None, NO_WALK):
        return f"base: {level}"
    assert trend.walk is not None, "asked above"
    path = "a random walk" if trend.smooth_weeks is None else f"a smooth path ({trend.smooth_weeks:g} weeks)"
    return f"base: {level} and {path}, of a size around {trend.walk.quantile(0.5):.2%} of the outcome a week"
