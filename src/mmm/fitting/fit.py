"""`mmm.fit`: from data and a spec to a posterior with a verdict."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from numbers import Integral
from typing import Any

from mmm.data import MarketingData
from mmm.errors import ConvergenceWarning, PriorWarning, SpecError
from mmm.fitting.diagnostics import diagnose
from mmm.fitting.program import program_for
from mmm.fitting.sampler import Sampler, sample
from mmm.fitting.start import starting_positions
from mmm.model.inputs import Scales
from mmm.model.spec import ModelSpec
from mmm.posterior import Draws, Posterior, Provenance, draw_prior
from mmm.returns import PriorMediaShare, prior_media_share
from mmm.returns.media_share import PLAUSIBLE_MEDIA_SHARE

__all__ = ["check_prior", "check_seed", "fit"]

#: Packages whose versions can move a number.
RECORDED_PACKAGES = ("payback-mmm", "pymc", "pytensor", "nutpie", "arviz-stats", "numpy", "scipy", "xarray", "holidays")


def fit(
    data: MarketingData,
    spec: ModelSpec | None = None,
    *,
    brand: Sequence[str] = (),
    seed: int,
    sampler: Sampler | None = None,
    scales: Scales | None = None,
    start: Posterior | None = None,
    progress: bool = True,
) -> Posterior:
    """Fit the model: check the priors, sample, check convergence.

    Parameters
    ----------
    data : MarketingData
        National (one geo).
    spec : ModelSpec, optional
        Defaults for every channel if not given.
    brand : sequence of str
        Channels that build a brand, in short: ``brand=["tv"]`` is ``Channel(brand=True)`` for ``"tv"``.
    seed : int
        One seed for everything random: the same seed on the same machine gives the same bits.
    sampler : Sampler, optional
        Draws, tuning, chains.
    scales : Scales, optional
        Of an earlier fit, so that its priors keep their meaning; learnt from ``data`` by default.
    start : Posterior, optional
        An earlier fit at whose draws chains start, each at one that its seed chooses; about the middle of the priors
        by default. Nothing else of it is used: what is sampled stays the same, and it is tuned for as long.
    progress : bool
        Say what the priors imply, show the sampler's progress and the verdict.

    Returns
    -------
    Posterior
        Whether or not it converged: see ``posterior.ok`` and ``posterior.diagnosis``. Reports refuse one that did
        not.

    Raises
    ------
    SpecError
        If the spec does not fit the data.
    FitInterrupted
        If it is stopped by hand.
    FitError
        If sampling fails.

    Warns
    -----
    PriorWarning
        If the priors together claim that media bring in almost nothing or most of the outcome.
    ConvergenceWarning
        If the fit fails its checks.

    Examples
    --------
    >>> import mmm
    >>> data, truth = mmm.simulate.world(n_periods=104, n_channels=2, seed=1)
    >>> posterior = mmm.fit(data, seed=1, progress=False)
    >>> posterior.ok
    True
    """
    _require(data, MarketingData, "data", "MarketingData.from_frame(df, ...)")
    _require(spec, ModelSpec | None, "spec", "mmm.ModelSpec(...)")
    _require(sampler, Sampler | None, "sampler", "mmm.Sampler(...)")
    _require(start, Posterior | None, "start", "mmm.fit(...) or mmm.load(path)")
    check_seed(seed)
    resolved = (spec or ModelSpec()).with_brand(brand, data).resolve(data)
    scales = scales or Scales.learn(data)
    sampler = sampler or Sampler()
    share = check_prior(data, resolved, scales=scales, seed=seed, stacklevel=3)
    if progress:
        _say(f"Before the data: media bring in {share.lower:.1%} to {share.upper:.1%} of the outcome (90%).")
    program = program_for(data, resolved, scales)
    at = None if start is None else starting_positions(start.draws, resolved)
    parameters, stats = sample(program, sampler, seed=seed, progress=progress, start=at)
    draws = Draws(parameters, data, resolved, scales, seed)
    posterior = Posterior(draws, stats, diagnose(draws, stats), _provenance(data, sampler, seed, start))
    if progress:
        _say(posterior.diagnosis.verdict)
    if not posterior.ok:
        warnings.warn(
            f"{posterior.diagnosis.verdict} No report is made from this fit unless allow_unconverged=True. Try more "
            "tuning and a higher target_accept (mmm.Sampler(tune=2000, target_accept=0.98)); if it persists, the model "
            "asks more of these data than they hold: fewer channels, or tighter priors where you know more.",
            ConvergenceWarning,
            stacklevel=2,
        )
    return posterior


def check_prior(
    data: MarketingData,
    spec: ModelSpec | None = None,
    *,
    scales: Scales | None = None,
    seed: int = 0,
    stacklevel: int = 2,
) -> PriorMediaShare:
    """Say what the priors together claim of media, without fitting.

    Parameters
    ----------
    data : MarketingData
    spec : ModelSpec, optional
    scales, seed, stacklevel
        As :func:`fit` uses them.

    Returns
    -------
    PriorMediaShare

    Warns
    -----
    PriorWarning
        If less than 95% of the prior lies between 2% and 60% of the outcome.

    Examples
    --------
    >>> import mmm
    >>> data, truth = mmm.simulate.world(n_channels=2, seed=1)
    >>> share = mmm.check_prior(data)
    >>> share.lower < share.median < share.upper
    True
    """
    _require(data, MarketingData, "data", "MarketingData.from_frame(df, ...)")
    _require(spec, ModelSpec | None, "spec", "mmm.ModelSpec(...)")
    check_seed(seed)
    resolved = (spec or ModelSpec()).resolve(data)
    share = prior_media_share(draw_prior(data, resolved, scales or Scales.learn(data), seed=seed))
    if not share.ok:
        low, high = PLAUSIBLE_MEDIA_SHARE
        warnings.warn(
            f"the priors say that media bring in {share.lower:.1%} to {share.upper:.1%} of the outcome (90%), with "
            f"only {share.plausible:.1%} of their mass between {low:.0%} and {high:.0%}. Where data say little, this "
            "is the answer. If it is not what you believe, set roi_prior for the large channels, or margin= if the "
            "outcome is revenue; if it is, carry on.",
            PriorWarning,
            stacklevel=stacklevel,
        )
    return share


def _require(value: object, kind: Any, name: str, fix: str) -> None:
    if not isinstance(value, kind):
        raise SpecError(
            f"{name} is a {type(value).__name__}",
            "what was checked on the way in is what the statistics rest on",
            f"make it with {fix}",
        )


def check_seed(seed: Any) -> None:
    """Refuse a seed that is no whole number."""
    if isinstance(seed, bool) or not isinstance(seed, Integral) or int(seed) < 0:
        raise SpecError(
            f"seed={seed!r}",
            "a result that cannot be made again cannot be checked",
            "use a whole number, such as seed=1",
        )


def _provenance(data: MarketingData, sampler: Sampler, seed: int, start: Posterior | None) -> Provenance:
    earlier = None if start is None else start.provenance
    return Provenance(
        seed=seed,
        chains=sampler.chains,
        draws=sampler.draws,
        tune=sampler.tune,
        target_accept=sampler.target_accept,
        versions={package: version(package) for package in RECORDED_PACKAGES},
        data_fingerprint=data.fingerprint,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        started_from=None if earlier is None else f"{earlier.data_fingerprint}, seed {earlier.seed}, {earlier.created}",
    )


def _say(sentence: str) -> None:
    print(sentence)  # noqa: T201 - what a person at a notebook or a terminal reads while waiting
