"""The same scales fitted again, under other assumptions or to other data."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from mmm.data import MarketingData
from mmm.errors import ConvergenceError, ConvergenceWarning, PriorWarning, ReportError
from mmm.fitting import Sampler, fit
from mmm.model.spec import ModelSpec
from mmm.posterior import Posterior

__all__ = ["check_posterior", "refit", "refit_each"]


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
) -> dict[str, Posterior]:
    """Fit a posterior's own data, with its own scales, under each of some specs.

    Parameters
    ----------
    posterior : Posterior
    specs : mapping of ModelSpec
        By the name of the case; a spec that is the posterior's own is not fitted again.
    seed, sampler, progress
        As :func:`mmm.fit` takes them; by default those of the posterior.

    Returns
    -------
    dict of Posterior

    Warns
    -----
    ConvergenceWarning
        If a refit fails its checks.
    """
    cases = {case: (posterior.data, spec) for case, spec in specs.items() if spec != posterior.spec}
    refitted = refit_each(posterior, cases, seed=seed, sampler=sampler, progress=progress)
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


def refit_each(
    posterior: Posterior,
    cases: Mapping[str, tuple[MarketingData, ModelSpec]],
    *,
    seed: int | None,
    sampler: Sampler | None,
    progress: bool,
) -> dict[str, Posterior]:
    """Fit each of some data under a spec, with a posterior's scales; whether they converged is for the caller to say.

    Parameters
    ----------
    posterior : Posterior
    cases : mapping of (MarketingData, ModelSpec)
        By the name of the case.
    seed, sampler, progress
        As :func:`mmm.fit` takes them; by default those of the posterior.

    Returns
    -------
    dict of Posterior
    """
    made = posterior.provenance
    sampler = sampler or Sampler(draws=made.draws, tune=made.tune, chains=made.chains, target_accept=made.target_accept)
    fits = {}
    for case, (data, spec) in cases.items():
        if progress:
            print(f"Refitting: {case}.")  # noqa: T201 - what a person at a notebook or a terminal reads while waiting
        with warnings.catch_warnings():
            # an extreme prior is the point of it, and one warning at the end names the cases
            warnings.simplefilter("ignore", PriorWarning)
            warnings.simplefilter("ignore", ConvergenceWarning)
            fits[case] = fit(
                data,
                spec,
                seed=made.seed if seed is None else seed,
                sampler=sampler,
                scales=posterior.scales,
                progress=progress,
            )
    return fits
