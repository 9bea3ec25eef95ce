"""Ranks of true values among draws, over worlds: a table, a chart and a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mmm import schema
from mmm.errors import ReportError
from mmm.validation.rank_envelope import RankEnvelope

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["SimulationBasedCalibration"]

#: Intervals whose coverage is counted.
PROBS = (0.5, 0.8, 0.9)

#: Chance of a false alarm, over all quantities together.
FALSE_ALARM = 0.05

#: With fewer, that nothing was found says little.
MANY_WORLDS = 100

#: Quantities that are named in the verdict.
NAMED = 4


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SimulationBasedCalibration:
    """Whether credible intervals hold as often as they say, in worlds that follow the model's own rules.

    Made by :func:`mmm.simulation_based_calibration`.

    Parameters
    ----------
    ranks : DataFrame
        One row per world (the index), one column per quantity: how many of ``n_draws`` draws lie below the truth.
    fits : DataFrame
        One row per world: whether its draws were ``enough`` for ranks, ``effective_draws`` (the fewest of any reported
        quantity), ``rhat`` (the largest) and ``divergences``.
    n_draws : int
        Draws among which each truth was ranked.

    Raises
    ------
    ReportError
        If a rank is not between 0 and ``n_draws``, worlds are there twice, or ranks and fits are of other worlds.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> ranks = pd.DataFrame({"roi tv 52w": np.arange(200) // 2, "sigma": 25 + np.arange(200) // 4})
    >>> fits = pd.DataFrame({"enough": True}, index=ranks.index)
    >>> calibration = SimulationBasedCalibration(ranks=ranks, fits=fits, n_draws=99)
    >>> calibration.table().set_index("quantity")["inside"].to_dict()
    {'roi tv 52w': True, 'sigma': False}
    >>> calibration.ok
    False

    Runs with the same seed and other worlds are one:

    >>> halves = [SimulationBasedCalibration(ranks=ranks[k::2], fits=fits[k::2], n_draws=99) for k in (0, 1)]
    >>> halves[0].joined(halves[1]).plot().figure is not None
    True
    """

    ranks: pd.DataFrame
    fits: pd.DataFrame
    n_draws: int

    def __post_init__(self) -> None:
        values = self.ranks.to_numpy()
        if not (values.size and np.isin(values, np.arange(self.n_draws + 1)).all()):
            raise ReportError(
                f"ranks of shape {values.shape} are not all whole numbers from 0 to {self.n_draws}",
                "a rank counts the draws below the truth",
                "use the ranks of mmm.simulation_based_calibration(data, seed=...) as they are",
            )
        if self.ranks.index.has_duplicates or not self.ranks.index.equals(self.fits.index):
            raise ReportError(
                "worlds are there twice, or there are ranks of other worlds than fits",
                "the envelope is that of independent worlds",
                "run each part with a first= of its own",
            )

    def joined(self, *others: SimulationBasedCalibration) -> SimulationBasedCalibration:
        """Give one result of several runs with the same data, spec and seed and other worlds.

        Raises
        ------
        ReportError
            If the runs ranked other quantities or numbers of draws, or a world is in two of them.
        """
        for other in others:
            if list(other.ranks) != list(self.ranks) or other.n_draws != self.n_draws:
                raise ReportError(
                    "the runs ranked other quantities, or among another number of draws",
                    "ranks of two models make one uniform histogram only if both are right",
                    "join runs with the same data, spec and seed",
                )
        runs = [self, *others]
        return SimulationBasedCalibration(
            ranks=pd.concat([run.ranks for run in runs]),
            fits=pd.concat([run.fits for run in runs]),
            n_draws=self.n_draws,
        )

    @cached_property
    def envelope(self) -> RankEnvelope:
        """Within which the ranks of one quantity lie with a probability of 95% if its posterior is right."""
        return RankEnvelope(n_worlds=len(self.ranks), n_draws=self.n_draws)

    def table(self) -> pd.DataFrame:
        """How the ranks of each quantity are distributed.

        Returns
        -------
        DataFrame
            One row per quantity: ``quantity``, ``worlds``; ``distance``, the largest of the ranks' cumulative
            distribution from uniform, in units of the 95% simultaneous envelope (1 is on its edge); ``inside`` it;
            ``chance``, the probability that uniform ranks stray as far; ``covered_50``, ``covered_80``,
            ``covered_90``, share of worlds in which the equal-tailed interval held the truth; ``mean_rank`` as a share,
            0.5 if right and above if answers are too low.
        """
        rows = []
        for name in self.ranks:
            ranks = self.ranks[name].to_numpy()
            middle = (ranks + 0.5) / (self.n_draws + 1)
            covered = [float((np.abs(middle - 0.5) < prob / 2).mean()) for prob in PROBS]
            distance, chance = self.envelope.distance(ranks), self.envelope.chance(ranks)
            rows.append((name, len(ranks), distance, distance <= 1, chance, *covered, float(middle.mean())))
        return pd.DataFrame(rows, columns=list(schema.CALIBRATION_COLUMNS))

    @cached_property
    def _table(self) -> pd.DataFrame:
        return self.table()

    @property
    def _failed(self) -> pd.DataFrame:
        """Quantities that stray further than one of as many right ones would in 5% of all runs, the worst first."""
        worst_first = self._table.sort_values(["chance", "distance"], ascending=[True, False])
        return worst_first[worst_first["chance"] < FALSE_ALARM / len(worst_first)]

    @property
    def ok(self) -> bool:
        """Whether no quantity strays further than chance allows, for that many quantities (Bonferroni)."""
        return self._failed.empty

    @property
    def verdict(self) -> str:
        """How many quantities lie within their envelopes, how many should, and which do not."""
        table, worlds = self._table, len(self.ranks)
        outside = table[~table["inside"]].sort_values("distance", ascending=False)
        said = (
            f"{worlds} worlds, {len(table)} quantities: {len(table) - len(outside)} lie within the 95% envelope of "
            f"their ranks, {len(outside)} do not"
        )
        said += f" ({_names(outside)})." if len(outside) else "."
        said += f" By chance alone one in twenty lies outside, {0.05 * len(table):.1f} of {len(table)}."
        if not self.ok:
            said += f" NOT CALIBRATED, further from uniform than chance allows: {_names(self._failed)}."
        covered = table["covered_90"]
        said += (
            f" 90% intervals held {covered.min():.0%} to {covered.max():.0%} of the truths; with {worlds} worlds, "
            f"{100 * 2 * (0.9 * 0.1 / worlds) ** 0.5:.0f} points more or less are noise."
        )
        poor = int((~self.fits["enough"].astype(bool)).sum())
        if poor:
            said += f" In {poor} worlds the draws were too few or disagreed, and their ranks are less exact."
        return said

    @property
    def recommendation(self) -> str:
        """What to do about it."""
        if self.ok and len(self.ranks) < MANY_WORLDS:
            return (
                f"Nothing was found, but {len(self.ranks)} worlds show gross faults only: go on with "
                f"first={self.ranks.index.max() + 1}, to {2 * MANY_WORLDS} worlds or more."
            )
        if self.ok:
            return (
                "The model is solved as it is stated. That the world is like the model is another question: look at "
                "the residuals, a backtest and worlds with other rules."
            )
        worst = self._failed.iloc[0]
        way = "too low" if worst["mean_rank"] > 0.5 else "too high"
        width = "narrow" if worst["covered_90"] < 0.9 else "wide"
        return (
            f"Do not use the intervals of this model yet. Of {worst['quantity']}, answers tend to be {way} (mean rank "
            f"{worst['mean_rank']:.2f}) and 90% intervals too {width} (they held {worst['covered_90']:.0%}). Where "
            "only log_likelihood strays, the data are not used as stated; where parameters do, look at their density "
            "and at how the draws mix."
        )

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Distance of the ranks' cumulative distribution from uniform, one panel per quantity, with the envelope.

        Parameters
        ----------
        ax : Axes, optional
            A new figure by default; its area is divided into panels, ``ax.child_axes``.
        """
        from mmm.validation.rank_chart import plot_ranks

        return plot_ranks(self.ranks, envelope=self.envelope, failed=list(self._failed["quantity"]), ax=ax)

    def __repr__(self) -> str:
        return f"<SimulationBasedCalibration\n {self.verdict}\n {self.recommendation}>"


def _names(rows: pd.DataFrame) -> str:
    names = [str(name) for name in rows["quantity"]]
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
