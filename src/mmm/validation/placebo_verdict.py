"""What a model makes of spend that cannot have worked: table, chart and verdict of :func:`mmm.placebo`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from mmm import schema
from mmm.posterior import Draws, Posterior
from mmm.returns.asked import check_prob
from mmm.returns.summary import SAMPLE_DIMS, summarise
from mmm.validation.leads import LeadCheck
from mmm.validation.permutations import Strengths
from mmm.validation.summaries import in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Placebo"]

#: Share of placebos as strong as the real spend up to which the spend is told apart from them.
TOLD_APART = 0.05

#: From this probability on, a return above the prior's median is what a report would call a finding.
FINDING = 0.95


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Placebo:
    """What the model makes of spend that cannot have worked, from :func:`mmm.placebo`.

    Parameters
    ----------
    posterior : Posterior
        The fit in question.
    refits : tuple of Posterior
        The same model fitted to media in another order.
    strengths : Strengths
        How well real and reordered spend explain the outcome.
    leads : LeadCheck
        Whether spend still to come explains it.
    allow_unconverged : bool
        Use refits that failed their checks too; the table and the chart then say so.

    Examples
    --------
    >>> found = mmm.placebo(posterior, permutations=40, refits=0, progress=False)
    >>> found.ok == (found.leads.ok and not found.unsupported)  # nothing was refitted, so nothing else was asked
    True
    >>> found.table()["channel"].tolist()
    ['tv', 'video', 'radio']
    >>> found.plot().get_xlabel()
    'revenue ROI within 104 weeks: median and 90% credible interval'
    """

    posterior: Posterior
    refits: tuple[Posterior, ...]
    strengths: Strengths
    leads: LeadCheck
    allow_unconverged: bool = False

    def table(self, *, prob: float = schema.DEFAULT_PROB) -> pd.DataFrame:
        """Real, placebo and prior return of each channel, and what tells real spend from placebos.

        Parameters
        ----------
        prob : float
            Of the equal-tailed intervals.

        Returns
        -------
        DataFrame
            One row per channel: ``channel, roi, roi_lower, roi_upper, placebo_roi, placebo_roi_lower,
            placebo_roi_upper, prior_roi, prior_roi_lower, prior_roi_upper, placebo_findings,
            share_of_placebos_as_strong, lead_z, lead_probability``. Returns of all spend within the horizon of the
            prior; those of the placebo pool the refits, NaN without any. ``placebo_findings`` counts refits that put
            the return above the prior's median with a probability of 95% or more. ``lead_probability`` is adjusted for
            the number of channels. Where the outcome has no money value, ``outcome_per_spend`` stands in place of ROI.

        Raises
        ------
        ReportError
            If ``prob`` makes no sense.
        """
        check_prob(prob)
        name = self.posterior.draws.roi_name
        columns: dict[str, object] = {schema.CHANNEL: list(self.channels)}
        empty = np.full(len(self.channels), np.nan)
        for prefix, draws in (("", self._real), ("placebo_", self._pooled), ("prior_", self._prior)):
            found = (empty,) * 3 if draws is None else summarise(draws, prob=prob)
            columns |= {f"{prefix}{name}{end}": v for end, v in zip(("", "_lower", "_upper"), found, strict=True)}
        columns |= {
            "placebo_findings": self._findings.sum().to_numpy(dtype=int),
            "share_of_placebos_as_strong": self.strengths.share_as_strong,
            "lead_z": self.leads.z,
            "lead_probability": self.leads.adjusted,
        }
        header = f"{self.posterior.data.roi_label} of real and reordered spend; {schema.interval_header(prob)}"
        if self._warning:
            columns[schema.WARNING_COLUMN] = self._warning
            header = f"NOT CONVERGED, see the column {schema.WARNING_COLUMN!r}; {header}"
        return pd.DataFrame(columns).rename_axis(columns=header)

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels."""
        return self.posterior.data.channels

    @property
    def told_apart(self) -> tuple[str, ...]:
        """Channels whose real spend explains the outcome better than 95% of its placebos."""
        told = self.strengths.share_as_strong <= TOLD_APART
        return tuple(name for name, is_told in zip(self.channels, told, strict=True) if is_told)

    @property
    def unsupported(self) -> tuple[str, ...]:
        """Channels reported above their prior although reordered spend explains the outcome as well."""
        above = dict(zip(self.channels, self._above_prior(self._real), strict=True))
        return tuple(name for name in self.channels if name not in self.told_apart and above[name] >= FINDING)

    @property
    def ok(self) -> bool:
        """No return found in placebos, none reported that placebos would explain, and no spend that follows demand.

        Of the returns of placebos, one in twenty, and always one, may look like a finding by chance.
        """
        return self._n_findings <= self._n_allowed and not self.unsupported and self.leads.ok

    @cached_property
    def verdict(self) -> str:
        """What was found in spend that cannot have worked, and in spend still to come."""
        said = [self._warning, self._said_of_refits(), self._said_of_strengths(), self.leads.verdict]
        return " ".join(filter(None, said))

    @cached_property
    def recommendation(self) -> str:
        """What to do about it."""
        said = []
        if self._n_findings > self._n_allowed:
            said.append(
                "Trust no channel's ROI yet: something besides media moves in the rhythm of the media plan. Add what "
                "is missing from the base (promotions, prices, distribution, demand), and see mmm.compare_baselines."
            )
        if self.unsupported:
            said.append(f"Report {', '.join(self.unsupported)} as not measured: reordered spend would explain as much.")
        weak = [name for name in self.channels if name not in (*self.told_apart, *self.unsupported)]
        if weak:
            said.append(
                f"Read the ROI of {', '.join(weak)} as a prior that these data hardly changed, and say so; weeks with "
                "much more or no spend, or a test in some regions, would show it."
            )
        said.append(self.leads.recommendation)
        return " ".join(filter(None, said)) or "Nothing to do."

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Real, placebo and prior return of each channel with their intervals.

        Parameters
        ----------
        ax : Axes, optional
            A new figure by default.
        """
        from mmm.validation.placebo_chart import plot_placebo

        data = self.posterior.data
        return plot_placebo(
            self.table(),
            name=self.posterior.draws.roi_name,
            label=f"{data.roi_label} within {self.posterior.spec.horizon_weeks:g} weeks",
            warning=self._warning,
            ax=ax,
        )

    @property
    def _real(self) -> xr.DataArray:
        return _returns(self.posterior.draws)

    @property
    def _prior(self) -> xr.DataArray:
        return _returns(self.posterior.prior)

    @cached_property
    def _used(self) -> list[xr.DataArray]:
        return [_returns(refit.draws) for refit in self.refits if refit.ok or self.allow_unconverged]

    @cached_property
    def _pooled(self) -> xr.DataArray | None:
        return xr.concat(self._used, dim=schema.CHAIN) if self._used else None

    @cached_property
    def _findings(self) -> pd.DataFrame:
        """Whether each refit puts each channel above the prior's median, as a report would call it."""
        return pd.DataFrame([self._above_prior(draws) >= FINDING for draws in self._used], columns=self.channels)

    @property
    def _n_findings(self) -> int:
        return int(self._findings.to_numpy().sum())

    @property
    def _n_allowed(self) -> int:
        """One in twenty, and at least one: each channel of each refit is a try."""
        return max(1, self._findings.size // 20)

    def _above_prior(self, draws: xr.DataArray) -> NDArray[np.float64]:
        return np.asarray((draws > self._prior.median(SAMPLE_DIMS)).mean(SAMPLE_DIMS).values)

    @property
    def _warning(self) -> str:
        failed = sum(not refit.ok for refit in self.refits)
        said = [] if self.posterior.ok else [f"The fit itself: {self.posterior.diagnosis.verdict}"]
        if failed and self.allow_unconverged:
            said.append(f"{failed} of {len(self.refits)} refits to placebos failed their checks.")
        return f"NOT CONVERGED. {' '.join(said)}" if said else ""

    def _said_of_refits(self) -> str:
        left_out = len(self.refits) - len(self._used)
        said = f"{left_out} of {len(self.refits)} refits did not converge and were left out." if left_out else ""
        if self._pooled is None:
            return said
        placebo, prior = (draws.median(SAMPLE_DIMS).values for draws in (self._pooled, self._prior))
        place = int(np.argmax(placebo / prior))
        often = "once" if len(self._used) == 1 else f"{len(self._used)} times"
        return (
            f"{said} Fitted {often} to spend that cannot have worked, the model puts "
            f"{self._n_findings} of {self._findings.size} returns above their prior's median with a probability of "
            f"{FINDING:.0%} or more ({self._n_allowed} may be chance). Nearest to a finding is {self.channels[place]}: "
            f"{self.posterior.data.roi_label} of the placebo {self._in_words(self._pooled, place)}, of the real spend "
            f"{self._in_words(self._real, place)}, of the prior {self._in_words(self._prior, place)}."
        ).strip()

    def _said_of_strengths(self) -> str:
        share = dict(zip(self.channels, self.strengths.share_as_strong, strict=True))
        n = self.strengths.placebo.shape[1]
        said = []
        if self.told_apart:
            listed = ", ".join(f"{name} ({share[name]:.1%})" for name in self.told_apart)
            said.append(
                f"Told apart from {n} placebos by how well it explains the outcome (share as strong): {listed}."
            )
        alike = [name for name in self.channels if name not in self.told_apart]
        if alike:
            listed = ", ".join(f"{name} ({share[name]:.0%})" for name in alike)
            said.append(f"Not told apart, so that what is reported of it could be reported of its placebos: {listed}.")
        return " ".join(said)

    def _in_words(self, draws: xr.DataArray, place: int) -> str:
        return in_words(draws.isel({schema.CHANNEL: place}), schema.DEFAULT_PROB)

    def __repr__(self) -> str:
        return f"<Placebo of {', '.join(self.channels)}\n {self.verdict}\n {self.recommendation}>"


def _returns(draws: Draws) -> xr.DataArray:
    """Return of all spend within the horizon of the prior, by channel: what that prior speaks of."""
    return draws.parameters[draws.roi_name]
