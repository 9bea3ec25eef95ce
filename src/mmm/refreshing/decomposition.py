"""Why the answer moved: a chain of fits from the last one to this, each with one thing more that is another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mmm import schema
from mmm.data import MarketingData
from mmm.fitting.refits import refit_all
from mmm.model.spec import ModelSpec
from mmm.posterior import Posterior
from mmm.refreshing.carried import carried_spec
from mmm.refreshing.drift import returns_of_window
from mmm.refreshing.vintages import Vintages

__all__ = ["PARTS", "Link", "chain_of", "decompose", "fit_links"]

#: What moves an answer, in the order of the table. No experiments enter a model yet: their part is zero.
PARTS = ("restated", "new_weeks", "model", "experiments", "monte_carlo")


@dataclass(frozen=True, eq=False)
class Link:
    """One fit of the chain.

    Attributes
    ----------
    part : str
        What the step from the fit before it to this one is due to.
    fit : str
        Which fit it is, the same in every chain.
    data : MarketingData
    spec : ModelSpec
        Resolved.
    """

    part: str
    fit: str
    data: MarketingData
    spec: ModelSpec


def chain_of(
    vintages: Vintages, *, old_spec: ModelSpec, new_spec: ModelSpec, new_weeks_first: bool = False
) -> list[Link]:
    """Lay out the fits between the last fit and the new one; steps that change nothing are left out.

    Returns
    -------
    list of Link
        The last fit again with another seed (Monte Carlo); the past as it is restated, without what is gone; the new
        periods; the new spec with what is gained. The last of them is the new fit.
    """

    def carried(part: str, fit: str, data: MarketingData) -> Link:
        return Link(part, fit, data, carried_spec(old_spec, data))

    links = [Link("monte_carlo", "monte_carlo (the last fit again)", vintages.old, old_spec)]
    longer = bool(vintages.n_new or vintages.n_dropped or vintages.n_earlier)
    new_weeks_first = new_weeks_first and vintages.restated and longer
    if new_weeks_first:
        links.append(carried("new_weeks", "the old past continued", vintages.old_continued()))
    elif vintages.restated:
        links.append(carried("restated", "the past restated", vintages.old_restated()))
    if longer:
        part = "restated" if new_weeks_first else "new_weeks"
        links.append(carried(part, "all periods under the last spec", vintages.new_without_gains()))
    if new_spec != links[-1].spec:
        links.append(Link("model", "the new fit", vintages.new, new_spec))
    return links


def fit_links(
    chains: Iterable[list[Link]], *, last: Posterior, progress: bool, executor: Executor | None = None
) -> list[list[Posterior]]:
    """Fit every link of some chains but the last, which is the new fit itself; what chains share is fitted once.

    Raises
    ------
    FitError
        If one cannot be made: without it nothing can be said of the parts on both sides of it.
    """
    chains = list(chains)
    cases = {link.fit: (link.data, link.spec) for chain in chains for link in chain[:-1]}
    found = refit_all(last, cases, progress=progress, executor=executor)
    return [[*(found[link.fit] for link in chain[:-1]), last] for chain in chains]


def decompose(
    previous: Posterior, links: list[Link], fits: list[Posterior], *, dates: pd.DatetimeIndex, horizon_weeks: float
) -> pd.DataFrame:
    """Split the movement of each channel's return into its parts.

    Parameters
    ----------
    previous : Posterior
    links, fits : list
        Of the chain, in order.
    dates : DatetimeIndex
        The periods whose spend is judged: those that both vintages have.
    horizon_weeks : float

    Returns
    -------
    DataFrame
        ``channel, restated, new_weeks, model, experiments, monte_carlo, total`` for each channel of both fits and
        ``total``: differences of posterior medians, which sum to ``total``.
    """
    medians = [_medians(fit, dates, horizon_weeks) for fit in (previous, *fits)]
    both = [name for name in medians[0] if all(name in found for found in medians)]
    rows = []
    for name in both:
        parts = dict.fromkeys(PARTS, 0.0)
        for before, after, link in zip(medians[:-1], medians[1:], links, strict=True):
            parts[link.part] += after[name] - before[name]
        rows.append({schema.CHANNEL: name, **parts, "total": medians[-1][name] - medians[0][name]})
    return pd.DataFrame(rows)


def _medians(fit: Posterior, dates: pd.DatetimeIndex, horizon_weeks: float) -> Mapping[str, float]:
    first = int(fit.data.dates.searchsorted(dates[0]))
    found = returns_of_window(fit.draws, window=(first, first + len(dates)), horizon_weeks=horizon_weeks)
    values = np.median(found.transpose(schema.CHAIN, schema.DRAW, ...).values, axis=(0, 1))
    return dict(zip(map(str, found[schema.CHANNEL].values), values.tolist(), strict=True))
