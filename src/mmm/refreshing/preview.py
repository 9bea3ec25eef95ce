"""`mmm.preview_refresh`: what a refresh will say, from draws of the last fit with other weights, without a refit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from os import PathLike

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.data import MarketingData
from mmm.errors import ConvergenceError, DataError
from mmm.fitting.convergence import ess_bulk
from mmm.posterior import Draws, Posterior
from mmm.refreshing.carried import carried_spec, opened
from mmm.refreshing.drift import returns_of_window
from mmm.refreshing.reweighting import log_ratios, restated_on, smoothed, weighted_quantiles
from mmm.refreshing.vintages import Vintages

__all__ = ["Preview", "preview_refresh"]

Floats = NDArray[np.float64]

#: Shape of the weights' tail from which on no number of draws makes up for their spread.
MAX_PARETO_K = 0.7


@dataclass(frozen=True, eq=False, repr=False)
class Preview:
    """The last fit's draws, weighted as the new data ask for; from :func:`mmm.preview_refresh`.

    Attributes
    ----------
    previous : Posterior
    draws : Draws
        The same draws, said of the new data.
    weights : array, shape (chain, draw)
        Pareto smoothed; they sum to one.
    pareto_k : float
        Shape of their tail before it was smoothed.
    vintages : Vintages
        The data of both.

    Examples
    --------
    Two weeks that are as likely under every draw leave all as it was:

    >>> from mmm.data.altered import between
    >>> from mmm.refreshing.vintages import Vintages
    >>> preview = mmm.Preview(
    ...     posterior, posterior.draws, np.full((2, 100), 1 / 200), 0.1, Vintages(posterior.data, posterior.data)
    ... )
    >>> preview.ok, round(preview.effective_draws)
    (False, 165)
    >>> print(preview.verdict)
    PREVIEW refused: 165 effective draws where 400 are asked for (Pareto k 0.10, at most 0.57 may be). Refresh.
    >>> preview.table()
    Traceback (most recent call last):
        ...
    mmm.errors.ConvergenceError: PREVIEW refused: ...
    """

    previous: Posterior
    draws: Draws
    weights: Floats
    pareto_k: float
    vintages: Vintages

    @property
    def max_pareto_k(self) -> float:
        """Largest shape with which so many draws can be trusted: ``min(1 - 1 / log10(draws), 0.7)``."""
        return min(1 - 1 / math.log10(self.weights.size), MAX_PARETO_K)

    @cached_property
    def effective_draws(self) -> float:
        """How many independent draws the weighted ones are worth for the return that is known worst."""
        logs = np.log(_values(self._returns(self.draws, self.previous.spec.horizon_weeks)))
        worst = np.nanmin(ess_bulk(logs)) / self.weights.size
        return float(min(worst, 1.0) / (self.weights**2).sum())

    @property
    def ok(self) -> bool:
        """Whether the weights may be trusted; no table is made where they may not."""
        return self.pareto_k <= self.max_pareto_k and self.effective_draws >= schema.MIN_ESS

    @property
    def verdict(self) -> str:
        """Whether it may be trusted, in words."""
        k = f"Pareto k {self.pareto_k:.2f}, at most {self.max_pareto_k:.2f} may be"
        if not self.pareto_k <= self.max_pareto_k:
            return f"PREVIEW refused: a few draws decide ({k}). The new data say something else: refresh."
        if self.effective_draws < schema.MIN_ESS:
            return (
                f"PREVIEW refused: {self.effective_draws:.0f} effective draws where {schema.MIN_ESS} are asked for "
                f"({k}). Refresh."
            )
        return f"PREVIEW, not a refit: {self.effective_draws:.0f} effective draws ({k})."

    def table(self, *, horizon_weeks: float | None = None, prob: float = schema.DEFAULT_PROB) -> pd.DataFrame:
        """Each channel's return as the last fit had it, and as the new data will probably have it.

        Parameters
        ----------
        horizon_weeks : float, optional
            That of the ROI priors by default.
        prob : float
            Of the intervals.

        Returns
        -------
        DataFrame
            ``channel, old, old_lower, old_upper, new, new_lower, new_upper``: medians and equal-tailed intervals of
            what the spend of the periods that both vintages have returned within the horizon, then ``total``: what
            :meth:`mmm.Refresh.drift` holds against one another. The header says that it is a preview.

        Raises
        ------
        ConvergenceError
            If the weights cannot be trusted.
        """
        if not self.ok:
            raise ConvergenceError(
                self.verdict,
                "intervals made of a few draws look like others and hold less than they say",
                "make the refit: mmm.refresh(previous, new_data) takes seconds",
            )
        horizon = self.previous.spec.horizon_weeks if horizon_weeks is None else horizon_weeks
        edges = np.array([0.5, (1 - prob) / 2, (1 + prob) / 2])
        old, new = (self._returns(draws, horizon) for draws in (self.previous.draws, self.draws))
        before = np.quantile(_values(old), edges, axis=(0, 1))
        after = weighted_quantiles(_values(new), self.weights, edges)
        columns = dict(zip(schema.PREVIEW_COLUMNS, (old[schema.CHANNEL].values, *before, *after), strict=True))
        return pd.DataFrame(columns).rename_axis(
            columns=f"{self.verdict} {self.draws.data.roi_label} within {horizon:g} weeks; "
            f"{schema.interval_header(prob)}"
        )

    def _returns(self, draws: Draws, horizon_weeks: float) -> xr.DataArray:
        return returns_of_window(draws, window=self.vintages.rows(draws.data), horizon_weeks=horizon_weeks)

    def __repr__(self) -> str:
        return f"<Preview of a refresh\n {chr(10).join(self.vintages.notes)}\n {self.verdict}>"


def preview_refresh(previous: Posterior | str | PathLike[str], new_data: MarketingData) -> Preview:
    """Say what a refresh with a few new weeks will say, in a second and without sampling: a preview, never a result.

    Every draw of the last fit gets the weight that all data, old and new, give it. That is exact but for the number of
    draws while the new posterior lies within the old one: a few weeks, small restatements. Where it does not, a few
    draws have nearly all the weight, and the preview refuses to make a table.

    Parameters
    ----------
    previous : Posterior or path
        The last fit, or the file it was saved in.
    new_data : MarketingData
        All periods, old and new, as they are known now: the same channels, controls and first period.

    Returns
    -------
    Preview
        Whether or not its weights may be trusted: see ``preview.ok``.

    Raises
    ------
    DataError
        If the data are none that :func:`mmm.refresh` takes, if channels, controls, exposures, tracker or the first
        known period are others, or if nothing is new.
    SpecError
        If ``new_data`` is no MarketingData.
    ConvergenceError
        If the last fit failed its checks.
    StorageError
        If the file cannot be read.

    Notes
    -----
    A draw keeps what it says of the world: curves, kernels, noise, and for each channel the amplitude ``A``, outcome
    per unit of response. Its ROI is a statement about the data: ``R = A U / C`` with ``U`` what the response to all
    spend in the data brings within the prior's horizon at unit amplitude, and ``C`` the outcome with which that spend
    breaks even. On new data it reads ``R' = R (U' / C') / (U / C)``. The prior is on ``log R``; at given curve and
    kernel ``d log R / d log A = 1`` on both data sets, so that the change of variables adds nothing, and

    ``log w = log L'(draw) - log L(draw) + sum over channels of log p(log R') - log p(log R)``

    with the collapsed likelihoods ``L`` of old and ``L'`` of all new data under the same scales. The largest weights
    are replaced by quantiles of the generalised Pareto distribution fitted to them, and its shape ``k`` says whether
    the others can be trusted (Vehtari, Simpson, Gelman, Yao and Gabry 2024, Journal of Machine Learning Research 25).

    Examples
    --------
    >>> from mmm.data.altered import between
    >>> data, truth = mmm.simulate.world(n_periods=105, n_channels=2, seed=1)
    >>> last = mmm.fit(between(data, 0, 104), seed=1, progress=False)
    >>> preview = mmm.preview_refresh(last, data)
    >>> preview.ok, preview.table().columns[:2].tolist()
    (True, ['channel', 'old'])
    """
    previous, vintages = opened(previous, new_data, allow_unconverged=False)
    _refuse_another_model(previous, vintages)
    old = previous.draws
    new = restated_on(old, new_data)
    weights, pareto_k = smoothed(log_ratios(old, new))
    return Preview(previous, new, weights, pareto_k, vintages)


def _values(returns: xr.DataArray) -> Floats:
    return np.asarray(returns.transpose(schema.CHAIN, schema.DRAW, ...).values)


def _refuse_another_model(previous: Posterior, vintages: Vintages) -> None:
    """Refuse new data under which the last fit's draws are not draws of the same model."""
    old, new = vintages.old, vintages.new
    facts = {
        "channels": (sorted(old.channels), sorted(new.channels)),
        "channels with exposure": (sorted(old.description.exposure), sorted(new.description.exposure)),
        "controls": (sorted(old.controls), sorted(new.controls)),
        "tracker": (old.description.tracker, new.description.tracker),
        "first known period": tuple(f"{_first(data):%Y-%m-%d}" for data in (old, new)),
        "first fitted period": tuple(f"{data.dates[0]:%Y-%m-%d}" for data in (old, new)),
    }
    for name, (was, now) in facts.items():
        if was != now:
            raise DataError(
                f"{name}: {was} at the last fit, {now} now",
                "draws of the last fit can be given other weights, and not other parameters",
                "make the refit: mmm.refresh(previous, new_data)",
            )
    if carried_spec(previous.spec, new) != previous.spec:
        raise DataError(
            "under the new data the last spec means another model",
            "draws of the last fit can be given other weights, and not other parameters",
            "make the refit: mmm.refresh(previous, new_data)",
        )
    if not vintages.n_new and not vintages.restated:
        raise DataError(
            "the new data are those of the last fit",
            "nothing would have another weight",
            "give all periods, old and new, as they are known now",
        )


def _first(data: MarketingData) -> pd.Timestamp:
    history = data.dataset.indexes[schema.HISTORY_DATE]
    return pd.Timestamp(history[0] if len(history) else data.dates[0])
