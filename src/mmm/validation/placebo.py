"""`mmm.placebo`: the return a model would have found in spend that cannot have worked."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.data.altered import with_media
from mmm.errors import ConvergenceWarning, ReportError
from mmm.fitting import Sampler
from mmm.fitting.refits import check_posterior, refit_each
from mmm.posterior import Posterior, random_stream
from mmm.validation.leads import lead_check
from mmm.validation.permutations import block_orders, strengths
from mmm.validation.placebo_verdict import Placebo

__all__ = ["placebo"]

#: Of a refit, over all chains: a median and an interval are asked of it, and that it converged.
ENOUGH_DRAWS = 2000


def placebo(
    posterior: Posterior,
    *,
    permutations: int = 200,
    refits: int = 3,
    lead_weeks: Sequence[int] = tuple(range(1, 9)),
    block_weeks: float = 13,
    seed: int | None = None,
    sampler: Sampler | None = None,
    progress: bool = True,
    executor: Executor | None = None,
    allow_unconverged: bool = False,
) -> Placebo:
    """Ask whether the model would have found a return in spend that cannot have worked.

    Three questions. Does the real spend of a channel explain the outcome better than the same spend with its blocks in
    another order (no refit)? What return does the model report when it is fitted to such media? Does spend that was
    still to come explain the outcome (no refit), as it does where budgets follow demand?

    Parameters
    ----------
    posterior : Posterior
    permutations : int
        Placebos of each channel that are compared without refitting; at least 20.
    refits : int
        Refits to placebos; in each, the media of all channels take the same other order, so that they still move
        together as they did. 0 for none.
    lead_weeks : sequence of int
        Weeks ahead at which spend must not explain the outcome; ascending.
    block_weeks : float
        Length of the blocks.
    seed : int, optional
        That of the posterior by default.
    sampler : Sampler, optional
        That of the posterior by default, with 2,000 draws over all chains where it had more.
    progress : bool
        Say what is fitted, and show the sampler's progress.
    executor : concurrent.futures.Executor, optional
        Who refits: a ``ProcessPoolExecutor``, or ``client.get_executor()`` of a Dask cluster; in this process by
        default. With one, chains run one after the other unless the sampler says ``cores``.
    allow_unconverged : bool
        Use fits that failed their checks too; the table and the chart then say so. Refits that fail are left out
        otherwise, and that is said.

    Returns
    -------
    Placebo

    Raises
    ------
    ConvergenceError
        If the posterior failed its checks and ``allow_unconverged`` is not set.
    ReportError
        If it is no Posterior, or a number makes no sense.

    Warns
    -----
    ConvergenceWarning
        If a refit fails its checks.

    Notes
    -----
    A positive prior cannot return 0: the placebo's ROI lies between 0 and the prior, lower the more the data say. What
    must not happen is that it rises above the prior. A channel is told apart if at most 5% of its placebos explain as
    much as it does. If it is not, the verdict is no fault of the model, but its ROI is the prior's; that becomes a
    fault where the report puts it above the prior all the same.

    Examples
    --------
    >>> result = mmm.placebo(posterior, permutations=20, refits=0, progress=False)
    >>> result.table()[["channel", "share_of_placebos_as_strong", "lead_z"]].shape
    (3, 3)
    """
    check_posterior(posterior, allow_unconverged=allow_unconverged)
    _check_counts(permutations=permutations, refits=refits, block_weeks=block_weeks)
    data, seed = posterior.data, posterior.provenance.seed if seed is None else seed
    orders = block_orders(
        data.n_periods,
        block_weeks=block_weeks,
        weeks_per_period=data.weeks_per_period,
        n_orders=permutations + refits,
        rng=random_stream(seed, "placebo"),
    )
    leads = lead_check(posterior.draws, lead_weeks=lead_weeks)
    strength = strengths(posterior, orders[refits:])
    cases = {
        f"placebo {number} of {refits}": (_reordered(data, order), posterior.spec)
        for number, order in enumerate(orders[:refits], start=1)
    }
    made = posterior.provenance
    sampler = sampler or Sampler(
        draws=min(made.draws, max(100, -(-ENOUGH_DRAWS // made.chains))),
        tune=made.tune,
        chains=made.chains,
        target_accept=made.target_accept,
    )
    refitted, missing = refit_each(posterior, cases, seed=seed, sampler=sampler, progress=progress, executor=executor)
    fits = tuple(refitted.values())
    failed = sum(not fitted.ok for fitted in fits)
    if failed or missing:
        lost = "".join(f" {case.capitalize()} could not be fitted ({why})." for case, why in missing.items())
        warnings.warn(
            f"{failed} of {refits} refits to placebos did not converge. They are left out unless "
            f"allow_unconverged=True. Try sampler=mmm.Sampler(tune=2000, target_accept=0.98).{lost}",
            ConvergenceWarning,
            stacklevel=2,
        )
    return Placebo(
        posterior=posterior,
        refits=fits,
        strengths=strength,
        leads=leads,
        allow_unconverged=allow_unconverged,
    )


def _reordered(data: MarketingData, order: NDArray[np.int64]) -> MarketingData:
    spend, driver = (data.dataset[name].values[:, order] for name in (schema.SPEND, schema.DRIVER))
    return with_media(data, spend=spend, driver=driver, note="a placebo: the media in another order")


def _check_counts(*, permutations: Any, refits: Any, block_weeks: Any) -> None:
    for name, value, least, why in (
        ("permutations", permutations, 20, "a share of fewer placebos could not reach 5%"),
        ("refits", refits, 0, "a fit is made a whole number of times"),
    ):
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise ReportError(f"{name}={value!r}", why, f"use a whole number, {least} or more")
    if not (np.isfinite(block_weeks) and block_weeks > 0):
        raise ReportError(f"block_weeks={block_weeks!r}", "blocks have a length", "use a number of weeks, such as 13")
