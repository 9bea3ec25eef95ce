"""What the fit's own residuals say against it: spend that follows the outcome, late effects, what is left over."""

from __future__ import annotations

from dataclasses import replace

from mmm.posterior import Posterior
from mmm.posterior.whitened import whiten

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
    # slow to import, and only warnings come here: a table of returns needs none of it
    from mmm.validation.lateness import lateness_check
    from mmm.validation.leads import lead_check
    from mmm.validation.residuals import BASELINE, check_residuals

    whitened = whiten(posterior.draws)
    checks = (lead_check(posterior.draws, whitened=whitened), lateness_check(posterior.draws, whitened=whitened))
    found = [f"{check.verdict} {check.recommendation}" for check in checks if not check.ok]
    # that the fit did not converge is said before anything else
    residuals = replace(check_residuals(posterior, allow_unconverged=True, whitened=whitened), warning="")
    # a negative baseline has a warning of its own
    if set(residuals.failed) - {BASELINE}:
        found.append(f"{residuals.verdict} {residuals.recommendation}")
    return found
