"""The verdict on a fit: computed where fits are made, kept with the draws, shown wherever numbers leave."""

from __future__ import annotations

from typing import Annotated, Any, final

import pandas as pd
from pydantic import Field

from mmm import schema
from mmm.model.frozen import Frozen
from mmm.posterior.display import card

__all__ = ["Diagnosis", "QuantityCheck"]


@final
class QuantityCheck(Frozen):
    """Convergence of one reported quantity."""

    quantity: str
    rhat: float
    ess_bulk: float
    ess_tail: float

    @property
    def ok(self) -> bool:
        """R-hat below 1.01 and at least 400 effective draws, in the bulk and in the tails."""
        # each compared by itself: min() of a number and NaN is either, and NaN (draws that never moved) must fail
        return self.rhat < schema.MAX_RHAT and self.ess_bulk >= schema.MIN_ESS and self.ess_tail >= schema.MIN_ESS


@final
class Diagnosis(Frozen):
    """Whether the draws can be trusted, in words and in a table.

    Parameters
    ----------
    checks : tuple of QuantityCheck
        One for every quantity that a report shows, derived ones included.
    divergences, draws : int
        Over all chains.
    ebfmi : tuple of float
        Energy Bayesian fraction of missing information, by chain.

    Examples
    --------
    >>> good = QuantityCheck(quantity="roi tv 104w", rhat=1.001, ess_bulk=2000, ess_tail=1800)
    >>> Diagnosis(checks=(good,), divergences=0, draws=4000, ebfmi=(0.9, 1.0)).ok
    True
    """

    checks: Annotated[tuple[QuantityCheck, ...], Field(min_length=1)]
    divergences: int
    draws: int
    ebfmi: tuple[float, ...]

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return not self.problems

    @property
    def problems(self) -> tuple[str, ...]:
        """What failed, one sentence each; empty for a sound fit."""
        found = []
        failed = [check for check in self.checks if not check.ok]
        if failed:
            worst = max(failed, key=lambda check: check.rhat)
            poorest = min(failed, key=lambda check: min(check.ess_bulk, check.ess_tail))
            found.append(
                f"{len(failed)} of {len(self.checks)} reported quantities did not converge (R-hat < {schema.MAX_RHAT} "
                f"and ESS >= {schema.MIN_ESS} asked): worst R-hat {worst.rhat:.3f} for {worst.quantity!r}, fewest "
                f"effective draws {min(poorest.ess_bulk, poorest.ess_tail):.0f} for {poorest.quantity!r}."
            )
        if self.divergences > schema.MAX_DIVERGENCE_RATE * self.draws:
            found.append(
                f"{self.divergences} of {self.draws} draws diverged: a part of the posterior was not explored and "
                "intervals may be too narrow."
            )
        low = [value for value in self.ebfmi if not value >= schema.MIN_EBFMI]
        if low:
            found.append(
                f"E-BFMI is {min(low):.2f} in one chain ({schema.MIN_EBFMI} asked): the tails were explored badly."
            )
        return tuple(found)

    @property
    def verdict(self) -> str:
        """One line for the top of a page."""
        if not self.ok:
            return "NOT CONVERGED: " + " ".join(self.problems)
        rhat = max(check.rhat for check in self.checks)
        ess = min(min(check.ess_bulk, check.ess_tail) for check in self.checks)
        return (
            f"Converged: R-hat at most {rhat:.3f} and at least {ess:.0f} effective draws on all {len(self.checks)} "
            f"reported quantities; {self.divergences} divergences in {self.draws} draws; E-BFMI at least "
            f"{min(self.ebfmi):.2f}."
        )

    def table(self) -> pd.DataFrame:
        """One row per reported quantity: ``quantity, rhat, ess_bulk, ess_tail, ok``."""
        rows: list[dict[str, Any]] = [{**check.model_dump(), "ok": check.ok} for check in self.checks]
        return pd.DataFrame(rows, columns=["quantity", "rhat", "ess_bulk", "ess_tail", "ok"])

    def __repr__(self) -> str:
        return f"<Diagnosis: {self.verdict}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        return card("Diagnosis", {}, ok=self.ok, verdict=self.verdict)
