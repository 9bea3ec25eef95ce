"""`mmm.check_residuals`: whether what the fit left unexplained looks as the model says noise does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mmm import schema
from mmm.fitting.refits import check_posterior
from mmm.model.horizon import periods
from mmm.posterior import Draws, Posterior, random_stream
from mmm.posterior.whitened import Whitened, whiten
from mmm.validation.residual_tests import ResidualStatistics, adjusted_probabilities, residual_statistics

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ResidualChecks", "check_residuals"]

#: Replicas of the residual; their ranks resolve probabilities of 0.001.
REPLICAS = 1000

#: Of a false alarm, over all checks of the residual together.
ALARM = 0.05

#: Probability of a negative baseline from which on it is said.
MOST_NEGATIVE = 0.05
QUARTER_WEEKS = 13

BASELINE = "baseline"

SAID = {
    "autocorrelation": "residuals of neighbouring periods go together",
    "distribution": "residuals are not distributed as noise of one size",
    "tails": "extreme periods are more frequent than normal noise has them",
    "spread": "the noise is not of one size over time",
    "media": "earlier or higher spend explains what the curve and kernel of the channel leave",
    BASELINE: "the baseline may be negative: media are given more than the whole outcome",
}
ADVICE = {
    "autocorrelation": (
        "Autocorrelation: add the control that moves the outcome for weeks at a time (promotions, prices, weather, "
        "stock), or let the base move more, Trend(walk=HalfNormal(sigma=0.012)); intervals are too narrow meanwhile."
    ),
    "distribution": "Distribution: plot the residuals; two clouds mean that a 0/1 control is missing.",
    "tails": (
        "Tails: look up what happened in the periods furthest out and give each cause a 0/1 control; fit again with "
        "one for those without a known cause too, and call an ROI that moves not measured: a few periods decide it."
    ),
    "spread": (
        "Spread: find what changed (the scale of sales, how they are measured), fit the periods since then by "
        "themselves too, and compare."
    ),
    "media": (
        "Media: give the channel another kernel (Delayed, Weibull), order or curve, or split it where it is two "
        "channels in one; an omitted cause that moves with its spend looks the same."
    ),
    BASELINE: (
        "Baseline: state tighter priors of return (roi_prior), or add what else explains the outcome; without media, "
        "it would not be below zero."
    ),
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ResidualChecks:
    """What the residuals of a fit say of the model, from :func:`mmm.check_residuals`.

    Parameters
    ----------
    dates : DatetimeIndex
        Of the periods that have a residual.
    statistics : ResidualStatistics
        Of the fit, and of replicas.
    negative_baseline : float
        Probability that the baseline, summed over a quarter, is below zero, in the worst quarter.
    warning : str
        Of a fit that failed its checks; empty otherwise.

    Examples
    --------
    >>> checks = mmm.check_residuals(posterior)
    >>> checks.ok == (len(checks.failed) == 0), list(checks.outliers().columns)
    (True, ['date', 'z'])
    >>> checks.table().columns.tolist()[:2], checks.plot().get_title(loc="left")
    (['check', 'statistic'], 'What the model left unexplained')
    """

    dates: pd.DatetimeIndex
    statistics: ResidualStatistics
    negative_baseline: float
    warning: str = ""

    def table(self) -> pd.DataFrame:
        """Every check: what was found, and what replicas of the model give.

        Returns
        -------
        DataFrame
            One row per check: ``check, statistic, replicas, limit, probability, ok``. ``replicas`` and ``limit`` are
            the median and the 95% quantile of the statistic if the model holds; ``probability`` is adjusted: that *any*
            check of the residuals is so far out. The row ``baseline`` has a probability as its statistic, and no
            replicas.
        """
        found = self.statistics
        table = pd.DataFrame(
            {
                "check": list(found.names),
                "statistic": found.observed,
                "replicas": np.median(found.replicas, axis=0),
                "limit": np.quantile(found.replicas, 0.95, axis=0),
                "probability": self._probabilities,
                "ok": self._probabilities >= ALARM,
            }
        )
        below = {"check": BASELINE, "statistic": self.negative_baseline, "limit": MOST_NEGATIVE}
        below["ok"] = self.negative_baseline <= MOST_NEGATIVE
        table = pd.concat([table, pd.DataFrame([below])], ignore_index=True)[list(table)]
        if self.warning:
            table[schema.WARNING_COLUMN] = self.warning
        return table

    def outliers(self) -> pd.DataFrame:
        """Periods further out than the furthest of 95% of replicas.

        Returns
        -------
        DataFrame
            ``date, z``, furthest first; ``z`` is the period's residual, predicted from all others, in its sd.
        """
        z = self.statistics.residuals
        table = pd.DataFrame({schema.DATE: self.dates, "z": z})[np.abs(z) > self.statistics.outlier_limit]
        return table.sort_values("z", key=np.abs, ascending=False, ignore_index=True)

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that failed, least probable first."""
        order = np.argsort(self._probabilities, kind="stable")
        names = tuple(self.statistics.names[i] for i in order if self._probabilities[i] < ALARM)
        return names if self.negative_baseline <= MOST_NEGATIVE else (*names, BASELINE)

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return not self.failed

    @cached_property
    def verdict(self) -> str:
        """What failed, with numbers, and which periods stand out."""
        said = [self.warning]
        probability = dict(zip(self.statistics.names, self._probabilities, strict=True))
        if self.ok:
            least = min(probability, key=lambda name: probability[name])
            said.append(
                f"The residuals look as the model says: the least probable of {len(probability)} checks is {least} "
                f"(probability {probability[least]:.2g} that any is so far out); probability of a negative baseline "
                f"{self.negative_baseline:.2g}."
            )
        for name in self.failed:
            kind, _, channel = name.partition(" ")
            about = f" of {channel}" if channel else ""
            p = self.negative_baseline if name == BASELINE else probability[name]
            said.append(f"{kind.capitalize()}{about}: {SAID[kind]} (probability {p:.2g}{self._size(kind)}).")
        outliers = self.outliers()
        if len(outliers):
            listed = ", ".join(f"{date:%Y-%m-%d} ({z:+.1f} sd)" for date, z in outliers.head(5).itertuples(index=False))
            said.append(f"Furthest out: {listed}.")
        return " ".join(filter(None, said))

    @cached_property
    def recommendation(self) -> str:
        """What to add, by check that failed."""
        kinds = dict.fromkeys(name.partition(" ")[0] for name in self.failed)
        said = [ADVICE[kind] for kind in kinds]
        if len(self.outliers()) and "tails" not in kinds:
            said.append("Look up what happened in the periods furthest out; a cause that is known gets a 0/1 control.")
        return " ".join(said) or "Nothing to do."

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the residuals over time, their autocorrelation and their distribution, and the checks.

        Parameters
        ----------
        ax : Axes, optional
            It is divided into four panels, its ``child_axes``; a new figure by default.
        """
        from mmm.validation.residual_chart import plot_residuals

        return plot_residuals(self.dates, self.statistics, table=self.table(), warning=self.warning, ax=ax)

    @cached_property
    def _probabilities(self) -> NDArray[np.float64]:
        return adjusted_probabilities(self.statistics.observed, self.statistics.replicas)

    def _size(self, kind: str) -> str:
        """Say in words how large what was found is."""
        found = self.statistics
        if kind == "autocorrelation":
            return f"; at lag 1 {found.autocorrelations[0]:+.2f}"
        if kind == "tails":
            return f"; kurtosis {found.observed[found.names.index('tails')]:.1f}, 3 for normal noise"
        if kind == "spread":
            early, late = (float(np.sqrt((half**2).mean())) for half in np.array_split(found.residuals, 2))
            return f"; sd {early:.2f} in the first half, {late:.2f} in the second"
        return ""

    def __repr__(self) -> str:
        return f"<ResidualChecks of {len(self.dates)} periods\n {self.verdict}\n {self.recommendation}>"


def check_residuals(
    posterior: Posterior,
    *,
    seed: int | None = None,
    allow_unconverged: bool = False,
    whitened: Whitened | None = None,
) -> ResidualChecks:
    """Check what the fit left unexplained: over time, in its tails, against spend, below zero; nothing is refitted.

    Parameters
    ----------
    posterior : Posterior
    seed : int, optional
        Of the replicas; that of the posterior by default.
    allow_unconverged : bool
        Check a fit that failed its convergence checks too, and say so.
    whitened : Whitened, optional
        Of its draws, where it is at hand.

    Returns
    -------
    ResidualChecks

    Raises
    ------
    ConvergenceError
        If the posterior failed its checks and ``allow_unconverged`` is not set.
    ReportError
        If it is no Posterior.

    Notes
    -----
    In-sample residuals of a flexible base are autocorrelated by construction, so whitened ones are used, and judged by
    1,000 replicas of the model for which media, noise and walk are estimated again (`validation/residual_tests.py`).
    Probabilities are adjusted for the number of checks: if the model holds, one of twenty fits fails any of them.

    Examples
    --------
    >>> checks = mmm.check_residuals(posterior)
    >>> checks.table()["check"].tolist()[:4]
    ['autocorrelation', 'distribution', 'tails', 'spread']
    """
    check_posterior(posterior, allow_unconverged=allow_unconverged)
    whitened = whitened or whiten(posterior.draws)
    rng = random_stream(posterior.provenance.seed if seed is None else seed, "residual replicas")
    statistics = residual_statistics(whitened, n_replicas=REPLICAS, rng=rng)
    return ResidualChecks(
        dates=posterior.data.dates[statistics.kept],
        statistics=statistics,
        negative_baseline=negative_baseline(whitened.draws),
        warning="" if posterior.ok else posterior.diagnosis.verdict,
    )


def negative_baseline(draws: Draws) -> float:
    """Probability that the baseline of a quarter is below zero, in the worst quarter.

    Examples
    --------
    >>> 0 <= negative_baseline(posterior.draws) <= 1
    True
    """
    by_period = draws.baseline().sum(schema.PART).values[:, :, 0]
    length = max(1, periods(QUARTER_WEEKS, draws.data.weeks_per_period))
    sums = np.cumsum(np.pad(by_period, ((0, 0), (0, 0), (1, 0))), axis=-1)
    quarters = sums[..., length:] - sums[..., :-length]
    return float((quarters < 0).mean(axis=(0, 1)).max())
