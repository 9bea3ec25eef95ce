"""`mmm.Report`: what a fit says, as tables, charts and documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from mmm import schema
from mmm.reporting.report_charts import ReportCharts

__all__ = ["Report"]


@final
@dataclass(frozen=True, eq=False, repr=False)
class Report(ReportCharts):
    """Tables and charts of one posterior.

    Parameters
    ----------
    posterior : Posterior
    window : (first, last), optional
        Dates; the spend of the periods that begin between them is judged. All periods of the data by default. Charts
        over time are cut to it too.
    prob : float
        Of the equal-tailed intervals.
    economics : Economics, optional
        Margin, customer value, discount rate and costs besides media, where the data did not have them.
    allow_unconverged : bool
        Report a fit that failed its checks; every table and chart then says so.

    Raises
    ------
    ConvergenceError
        If the fit failed its checks and ``allow_unconverged`` is not set.
    ReportError
        If the window holds no period, ``prob`` is not between 0 and 1, or the economics do not fit the data.

    Examples
    --------
    >>> report = mmm.Report(posterior)
    >>> list(report.roi(horizon_weeks=52).columns)[:3]
    ['channel', 'horizon_weeks', 'spend']
    >>> mmm.Report(posterior, economics=mmm.Economics(margin=0.4)).payback().columns.name
    'payback by margin ROI, net present value in GBP within 104 weeks at 10% a year; 90% equal-tailed ...'
    """

    def __repr__(self) -> str:
        return (
            f"<Report on {len(self.posterior.data.channels)} channels, spend of {self.dates[0]:%Y-%m-%d} to "
            f"{self.dates[-1]:%Y-%m-%d}, {self._basis.valuation.label}, {schema.interval_header(self.prob)}\n"
            f" {self.posterior.diagnosis.verdict}>"
        )
