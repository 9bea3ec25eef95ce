"""The same scales fitted again, under other assumptions or to other data."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

from mmm.data import MarketingData
from mmm.errors import ConvergenceError, ConvergenceWarning, FitError, PriorWarning, ReportError
from mmm.fitting import Sampler, fit
from mmm.fitting.parallel import for_workers, run_each
from mmm.model.inputs import Scales
from mmm.model.spec import ModelSpec
from mmm.posterior import Posterior

__all__ = ["check_posterior", "fit_again", "refit", "refit_all", "refit_each", "sampler_of"]


def check_posterior(posterior: Any, *, allow_unconverged: bool) -> None:
    """Refuse what is no posterior, and one that failed its checks: before anything is refitted."""
    if not isinstance(posterior, Posterior):
        raise ReportError(
            f"a Posterior is needed, not {type(posterior).__name__}",
            "only a posterior knows the data, the spec and the scales to refit with",
            "use mmm.fit(data, seed=...) or mmm.load(path) first",
        )
    if not posterior.ok and not allow_unconverged:
        raise ConvergenceError(
            posterior.diagnosis.verdict,
            "a refit can only be compared with a fit whose own intervals mean something",
            "fit again with mmm.Sampler(tune=2000, target_accept=0.98), or with fewer channels or tighter priors; "
            "allow_unconverged=True compares all the same and says so on every table",
        )


def refit(
    posterior: Posterior,
    specs: Mapping[str, ModelSpec],
    *,
    seed: int | None,
    sampler: Sampler | None,
    progress: bool,
    executor: Executor | None = None,
) -> dict[str, Posterior]:
    """Fit a posterior's own data, with its own scales, under each of some specs.

    Parameters
    ----------
    posterior : Posterior
    specs : mapping of ModelSpec
        By the name of the case; a spec that is the posterior's own is not fitted again.
    seed, sampler, progress
        As :func:`mmm.fit` takes them; by default those of the posterior.
    executor : Executor, optional
        Who does it; in this process by default.

    Returns
    -------
    dict of Posterior

    Raises
    ------
    FitError
        If a refit cannot be made: a comparison of what is left would be another one.

    Warns
    -----
    ConvergenceWarning
        If a refit fails its checks.
    """
    cases = {case: (posterior.data, spec) for case, spec in specs.items() if spec != posterior.spec}
    refitted = refit_all(posterior, cases, seed=seed, sampler=sampler, progress=progress, executor=executor)
    fits = {case: refitted.get(case, posterior) for case in specs}
    failed = [case for case, fitted in fits.items() if fitted is not posterior and not fitted.ok]
    if failed:
        warnings.warn(
            f"These refits did not converge: {', '.join(failed)}. No table is made from them unless "
            "allow_unconverged=True. Try sampler=mmm.Sampler(tune=2000, target_accept=0.98).",
            ConvergenceWarning,
            stacklevel=3,
        )
    return fits


def refit_all(
    posterior: Posterior,
    cases: Mapping[str, tuple[MarketingData, ModelSpec]],
    *,
    seed: int | None = None,
    sampler: Sampler | None = None,
    progress: bool,
    executor: Executor | None = None,
) -> dict[str, Posterior]:
    """Fit as :func:`refit_each` does, and refuse to go on with less than all.

    Raises
    ------
    FitError
        If a refit cannot be made.
    """
    refitted, missing = refit_each(posterior, cases, seed=seed, sampler=sampler, progress=progress, executor=executor)
    if missing:
        raise FitError(
            f"these refits could not be made: {'; '.join(f'{case} ({why})' for case, why in missing.items())}",
            "a comparison without them would be another one",
            "mend what is said of them, or leave executor= out and see the error where it happens",
        )
    return refitted


def refit_each(
    posterior: Posterior,
    cases: Mapping[str, tuple[MarketingData, ModelSpec]],
    *,
    seed: int | None,
    sampler: Sampler | None,
    progress: bool,
    executor: Executor | None = None,
) -> tuple[dict[str, Posterior], dict[str, str]]:
    """Fit each of some data under a spec, with a posterior's scales; whether they converged is for the caller to say.

    Parameters
    ----------
    posterior : Posterior
    cases : mapping of (MarketingData, ModelSpec)
        By the name of the case.
    seed, sampler, progress
        As :func:`mmm.fit` takes them; by default those of the posterior.
    executor : Executor, optional
        Who does it; in this process by default.

    Returns
    -------
    fits : dict of Posterior
    failed : dict of str
        Why, by the name of the case.
    """
    sampler = for_workers(sampler or sampler_of(posterior), executor)
    seed = posterior.provenance.seed if seed is None else seed
    asked = [(case, (data, spec, posterior.scales, seed, sampler)) for case, (data, spec) in cases.items()]
    return run_each(fit_again, asked, executor=executor, progress=progress)


def sampler_of(posterior: Posterior) -> Sampler:
    """How a posterior was sampled."""
    made = posterior.provenance
    return Sampler(draws=made.draws, tune=made.tune, chains=made.chains, target_accept=made.target_accept)


def fit_again(data: MarketingData, spec: ModelSpec, scales: Scales, seed: int, sampler: Sampler) -> Posterior:
    """Fit quietly: an extreme prior may be the point of it, and what did not converge is named at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PriorWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        return fit(data, spec, seed=seed, sampler=sampler, scales=scales, progress=False)
