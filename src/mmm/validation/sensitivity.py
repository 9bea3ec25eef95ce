"""`mmm.prior_sensitivity`: which answers would move if the priors were believed a little more or a little less."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mmm import schema
from mmm.fitting.refits import check_posterior
from mmm.posterior import Posterior, log_likelihood, random_stream
from mmm.posterior.log_prior import PRIOR_BLOCKS, log_prior
from mmm.returns import long_run_multiplier, per_spend, returns_by_horizon
from mmm.returns.asked import horizons
from mmm.validation.power_scaling import PowerScaling, power_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PriorSensitivity", "prior_sensitivity"]

#: Sensitivity from which on an answer is said to move: for a normal, about 0.3 sd when a component counts double
#: (Kallioinen and others 2024).
THRESHOLD = 0.05

#: Times the noise that a sensitivity must reach besides.
ABOVE_NOISE = 2.0

#: Pareto k up to which importance weights can be trusted (Vehtari and others 2024).
MAX_PARETO_K = 0.7

ALL_PRIORS, LIKELIHOOD = "all_priors", "likelihood"
CONFLICT, STRONG_PRIOR, NOTHING = "prior-data conflict", "strong prior", "-"
IN_WORDS = {
    CONFLICT: "torn between prior and data",
    STRONG_PRIOR: "the prior's answer, and not the data's,",
    NOTHING: "not moved by the priors",
}


def prior_sensitivity(
    posterior: Posterior, *, horizon_weeks: float | Iterable[float] = (13, 52, 104), allow_unconverged: bool = False
) -> PriorSensitivity:
    """Ask of every reported return whether it moves with the priors, with the data, or with both. Nothing is refitted.

    Each block of priors, and the likelihood, is raised to the powers 0.99 and 1.01 by weighing the draws there are;
    how far an answer's distribution moves is its sensitivity. What moves with the priors and not with the data is the
    prior's answer (``strong prior``). What moves with both is pulled in two directions (``prior-data conflict``), or
    priors and data are about as strong as one another.

    Parameters
    ----------
    posterior : Posterior
    horizon_weeks : float or iterable of float
        Weeks counted after each period's spend, the period of the spend included.
    allow_unconverged : bool
        Ask it of a fit that failed its checks too; the verdict then says so.

    Returns
    -------
    PriorSensitivity

    Raises
    ------
    ConvergenceError
        If the posterior failed its checks and ``allow_unconverged`` is not set.
    ReportError
        If it is no Posterior, or a horizon makes no sense for the data.

    Notes
    -----
    Power-scaling (Kallioinen, Paananen, Bürkner and Vehtari 2024), as in `validation/power_scaling.py`. Returns and
    multipliers are taken on the log scale, and every prior on the scale on which it is written down, so that raised to
    a power it is wider or narrower about the same median. The steps of the random walk are integrated out and count
    with the likelihood; the prior of its size counts with the block ``baseline``. Sensitivities are of small changes:
    what quite another prior would do is what :func:`mmm.compare_priors` asks. And a prior that moves an answer is not
    wrong: where data say little it has to.

    Examples
    --------
    >>> sensitivity = mmm.prior_sensitivity(posterior, horizon_weeks=(13, 104))
    >>> table = sensitivity.table()
    >>> table["channel"].unique().tolist(), len(table)
    (['tv', 'video', 'radio', 'total'], 8)
    >>> sorted(set(table["diagnosis"]) - {"-", "strong prior", "prior-data conflict"})
    []
    """
    check_posterior(posterior, allow_unconverged=allow_unconverged)
    asked = horizons(posterior.data, horizon_weeks)
    draws = posterior.draws
    quantities, labels = _reported(posterior, asked)
    blocks = log_prior(draws)
    components = {name: block.values for name, block in blocks.items()}
    components[ALL_PRIORS] = np.sum(list(components.values()), axis=0)
    components[LIKELIHOOD] = log_likelihood(draws).values
    scaled = power_scale(
        quantities,
        {str(name): values for name, values in components.items()},
        rng=random_stream(posterior.provenance.seed, "prior sensitivity"),
    )
    return PriorSensitivity(labels=labels, scaling=scaled, warning="" if posterior.ok else posterior.diagnosis.verdict)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PriorSensitivity:
    """What the reported returns owe to the priors, from :func:`mmm.prior_sensitivity`.

    Parameters
    ----------
    labels : DataFrame
        ``quantity, channel, horizon_weeks``, one row per quantity.
    scaling : PowerScaling
        Components are blocks of priors, ``all_priors`` and ``likelihood``; quantities in the order of the labels.
    warning : str
        Of a fit that failed its checks.

    Examples
    --------
    >>> sensitivity = mmm.prior_sensitivity(posterior)
    >>> sensitivity.noise.index.tolist()
    ['return', 'carry_over', 'saturation', 'baseline', 'all_priors', 'likelihood']
    >>> sensitivity.table()["horizon_weeks"].unique().tolist(), sensitivity.plot().figure is not None
    ([13.0, 52.0, 104.0], True)
    """

    labels: pd.DataFrame
    scaling: PowerScaling
    warning: str = ""

    def table(self) -> pd.DataFrame:
        """Sensitivity of every reported quantity.

        Returns
        -------
        DataFrame
            ``quantity`` (``roi``, or ``outcome_per_spend`` where the outcome has no money value, and
            ``long_run_multiplier`` of brand channels), ``channel``, ``horizon_weeks`` (missing for multipliers),
            ``prior_return, prior_carry_over, ...`` by block of priors, ``prior`` (all blocks together),
            ``likelihood``, ``strongest_block`` (of the blocks, the one that moves it most) and ``diagnosis``:
            ``prior-data conflict``, ``strong prior`` or ``-``.
        """
        table = self.labels.copy()
        moved = dict(zip(self.scaling.components, self.scaling.sensitivity, strict=True))
        blocks = self._blocks
        for block in blocks:
            table[f"prior_{block}"] = moved[block]
        table["prior"] = moved[ALL_PRIORS]
        table[LIKELIHOOD] = moved[LIKELIHOOD]
        table["strongest_block"] = [blocks[place] for place in np.argmax([moved[block] for block in blocks], axis=0)]
        by_prior = np.any([self._moves(name) for name in (*blocks, ALL_PRIORS)], axis=0)
        by_data = self._moves(LIKELIHOOD)
        table["diagnosis"] = np.where(by_prior & by_data, CONFLICT, np.where(by_prior, STRONG_PRIOR, NOTHING))
        if self.warning:
            table[schema.WARNING_COLUMN] = self.warning
        return table.rename_axis(columns=f"power-scaling sensitivity; from {THRESHOLD:g} on an answer moves")

    @cached_property
    def noise(self) -> pd.Series:
        """What each component shows for quantities it has nothing to do with: sensitivities below say nothing."""
        return pd.Series(self.scaling.noise, index=list(self.scaling.components), name="noise")

    @property
    def ok(self) -> bool:
        """Whether no answer is torn between priors and data, and none within the shortest horizon is the prior's."""
        table = self.table()
        shortest = table[schema.HORIZON] == table[schema.HORIZON].min()
        flagged = (table["diagnosis"] == CONFLICT) | (shortest & (table["diagnosis"] == STRONG_PRIOR))
        return not (flagged.any() or self._untrusted or self.warning)

    @cached_property
    def verdict(self) -> str:
        """Which returns move with the priors, which are torn, and whether the weights can be trusted."""
        table = self.table()
        weeks = table[schema.HORIZON].dropna()
        shortest, longest = weeks.min(), weeks.max()
        early, late = (self._at(table[table[schema.HORIZON] == horizon]) for horizon in (shortest, longest))
        said = [f"Returns within {shortest:g} weeks: {early}."]
        if longest > shortest:
            said.append(f"Within {longest:g} weeks: {'the same' if _names(late) == _names(early) else late}.")
        multipliers = table[table["quantity"] == schema.LONG_RUN_MULTIPLIER]
        if len(multipliers):
            said.append(f"Long-run multipliers: {self._at(multipliers)}.")
        return " ".join([*([self.warning] if self.warning else []), *said, *self._doubts])

    @cached_property
    def recommendation(self) -> str:
        """What would put evidence in the place of the assumption."""
        table = self.table()
        if self._untrusted:
            return "Fit again with more draws, mmm.Sampler(draws=4000), before reading these numbers."
        conflict, strong = (table[table["diagnosis"] == diagnosis] for diagnosis in (CONFLICT, STRONG_PRIOR))
        said = []
        if len(conflict):
            blocks = dict.fromkeys(PRIOR_BLOCKS[block] for block in conflict["strongest_block"])
            said.append(
                f"For {_channels(conflict)}, look again at the priors of {' and of '.join(blocks)}: state them from "
                "what is known outside these data, and lay the answers side by side with mmm.compare_priors."
            )
        if len(strong):
            said.append(
                f"For {_channels(strong)}, report the prior with the number; a test, or weeks with much more or no "
                "spend, would put evidence in its place."
            )
        return " ".join(said) or "Nothing: the data outweigh the priors."

    def plot(self, *, horizon_weeks: float | None = None, ax: Axes | None = None) -> Axes:
        """Draw how far each return moves with the priors and with the data.

        Parameters
        ----------
        horizon_weeks : float, optional
            One of the table's; its longest by default.
        ax : Axes, optional
            A new figure by default.

        Raises
        ------
        ReportError
            If the horizon is not in the table.
        """
        from mmm.validation.sensitivity_chart import plot_sensitivity

        return plot_sensitivity(self.table(), horizon=horizon_weeks, threshold=THRESHOLD, warning=self.warning, ax=ax)

    def _at(self, rows: pd.DataFrame) -> str:
        """Who is the prior's answer, who is torn and who is the data's, with the range of the sensitivities."""
        said = []
        for diagnosis, words in IN_WORDS.items():
            found = rows[rows["diagnosis"] == diagnosis]
            if len(found):
                ranges = [
                    f"{values.min():.2f} to {values.max():.2f}" if len(found) > 1 else f"{values.iloc[0]:.2f}"
                    for values in (found[self._strongest].max(axis=1), found[LIKELIHOOD])
                ]
                named = f"all {len(found)}" if 3 < len(found) == len(rows) else ", ".join(found["channel"])
                said.append(f"{words} for {named} (sensitive to priors {ranges[0]}, to data {ranges[1]})")
        return "; ".join(said)

    @property
    def _strongest(self) -> list[str]:
        return ["prior", *(f"prior_{block}" for block in self._blocks)]

    @property
    def _blocks(self) -> list[str]:
        return [name for name in self.scaling.components if name not in (ALL_PRIORS, LIKELIHOOD)]

    @cached_property
    def _limits(self) -> dict[str, float]:
        """From where on each component is said to move an answer."""
        return {name: max(THRESHOLD, ABOVE_NOISE * noise) for name, noise in self.noise.items()}  # type: ignore[misc]

    def _moves(self, component: str) -> Any:
        place = self.scaling.components.index(component)
        return self.scaling.sensitivity[place] >= self._limits[component]

    @property
    def _untrusted(self) -> list[str]:
        return [
            name
            for name, k in zip(self.scaling.components, self.scaling.pareto_k, strict=True)
            if not k <= MAX_PARETO_K
        ]

    @property
    def _doubts(self) -> list[str]:
        said = []
        if self._untrusted:
            said.append(
                f"The weights of {', '.join(self._untrusted)} cannot be trusted (Pareto k above {MAX_PARETO_K:g}): a "
                "few draws decide."
            )
        drowned = {name: limit for name, limit in self._limits.items() if limit > THRESHOLD}
        if drowned:
            named = ", ".join(f"{name} {limit:.2f}" for name, limit in drowned.items())
            said.append(f"In these draws noise hides sensitivities below: {named}; more draws would show smaller ones.")
        return said

    def __repr__(self) -> str:
        return f"<PriorSensitivity\n {self.verdict}\n {self.recommendation}>"


def _reported(posterior: Posterior, asked: tuple[float, ...]) -> tuple[Any, pd.DataFrame]:
    """Logarithms of what is reported, shape (chain, draw, quantity), and their labels."""
    draws = posterior.draws
    is_money = posterior.data.has_money_value
    returns = per_spend(returns_by_horizon(draws, horizons=asked), "money" if is_money else "incremental_outcome")
    channels = returns[schema.CHANNEL].values
    values = returns.values.reshape(*returns.shape[:2], -1)
    labels = pd.DataFrame(
        {
            "quantity": schema.ROI if is_money else schema.OUTCOME_PER_SPEND,
            "channel": np.repeat(channels, len(asked)),
            schema.HORIZON: np.tile(np.array(asked, dtype=float), len(channels)),
        }
    )
    if brand := posterior.spec.brand:
        multipliers = np.stack([long_run_multiplier(draws, name) for name in brand], axis=-1)
        values = np.concatenate([values, multipliers], axis=-1)
        rows = {"quantity": schema.LONG_RUN_MULTIPLIER, "channel": list(brand), schema.HORIZON: np.nan}
        labels = pd.concat([labels, pd.DataFrame(rows)], ignore_index=True)
    return np.log(values), labels


def _names(said: str) -> str:
    """Leave out the numbers in brackets."""
    return re.sub(r" \(.*?\)", "", said)


def _channels(rows: pd.DataFrame) -> str:
    return ", ".join(dict.fromkeys(rows["channel"]))
