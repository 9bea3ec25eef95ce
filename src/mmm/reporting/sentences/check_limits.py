"""What the fit's own residuals say against it: spend that follows the outcome, and what the model left over."""

from __future__ import annotations

from dataclasses import replace

from mmm.posterior import Posterior
from mmm.validation.leads import lead_check
from mmm.validation.residuals import BASELINE, check_residuals

__all__ = ["of_checks"]


def of_checks(posterior: Posterior) -> list[str]:
    """Collect what the checks that need no refit have found.

    Parameters
    ----------
    posterior : Posterior
        Also one that failed its convergence checks, which is said elsewhere.

    Returns
    -------
    list of str
    """
    leads = lead_check(posterior.draws)
    found = [] if leads.ok else [f"{leads.verdict} {leads.recommendation}"]
    # that the fit did not converge is said before anything else
    residuals = replace(check_residuals(posterior, allow_unconverged=True), warning="")
    # a negative baseline has a warning of its own
    if set(residuals.failed) - {BASELINE}:
        found.append(f"{residuals.verdict} {residuals.recommendation}")
    return found
