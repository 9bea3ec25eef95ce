"""Where the numbers of a document come from: data, fit, versions; enough to make them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from mmm import schema

if TYPE_CHECKING:
    from mmm.reporting.report_tables import ReportTables

__all__ = ["PROVENANCE_COLUMNS", "provenance_table"]

PROVENANCE_COLUMNS = ("item", "value")


def provenance_table(report: ReportTables) -> pd.DataFrame:
    """Give data, window, seed, sampler, versions and verdict of a report's fit.

    Returns
    -------
    DataFrame
        ``item, value``: all text.

    Examples
    --------
    >>> provenance_table(mmm.Report(posterior)).set_index("item")["value"]["seed"]
    '7'
    """
    fit, data = report.posterior.provenance, report.posterior.data
    judged = report.dates
    items = {
        "outcome": f"{data.description.outcome} ({data.description.outcome_unit})",
        "periods": f"{data.n_periods} {data.frequency}, {data.dates[0]:%Y-%m-%d} to {data.dates[-1]:%Y-%m-%d}",
        "spend judged": f"{judged[0]:%Y-%m-%d} to {judged[-1]:%Y-%m-%d}",
        "intervals": schema.interval_header(report.prob),
        "data fingerprint": fit.data_fingerprint,
        "fitted": fit.created,
        "seed": str(fit.seed),
        "sampler": f"NUTS, {fit.chains} chains of {fit.draws} draws after {fit.tune} of tuning, "
        f"target acceptance {fit.target_accept:g}",
        "convergence": report.posterior.diagnosis.verdict,
    }
    rows = [*items.items(), *((f"version of {name}", version) for name, version in fit.versions.items())]
    return pd.DataFrame(rows, columns=list(PROVENANCE_COLUMNS))
