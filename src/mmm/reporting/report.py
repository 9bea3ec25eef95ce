"""`mmm.Report`: what a fit says, as tables, charts and documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, final

from mmm import schema
from mmm.posterior.display import card
from mmm.reporting.report_charts import ReportCharts
from mmm.reporting.section import Section

if TYPE_CHECKING:
    from mmm.refreshing import Refresh
    from mmm.validation import Backtest, Comparison

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

    def to_html(
        self,
        path: str | PathLike[str],
        *,
        refresh: Refresh | None = None,
        backtest: Backtest | None = None,
        priors: Comparison | None = None,
        sections: Iterable[str | Section] | None = None,
    ) -> None:
        """Write the whole report as one HTML file that needs nothing else: no network, no script, no program.

        Verdict and evidence come first, then returns by channel, payback and ledger, what changed since the last fit,
        how the model fits, response, assumptions, method, and where the numbers come from. It reads on a laptop and on
        a phone, and prints on A4. The same fit gives the same bytes.

        Parameters
        ----------
        path : path
            Ends in ``.html``.
        refresh : Refresh, optional
            From :func:`mmm.refresh`, of the fit that is reported: adds what changed since the last one.
        backtest : Backtest, optional
            From :func:`mmm.backtest`.
        priors : Comparison, optional
            From :func:`mmm.compare_priors`.
        sections : iterable of str or Section, optional
            Which sections, in which order, by name: ``verdict``, ``roi``, ``payback``, ``changes``, ``fit``,
            ``response``, ``assumptions``, ``method``, ``provenance``; sections of one's own (:class:`mmm.Section`)
            anywhere among them. All by default.

        Raises
        ------
        ReportError
            If the name does not end in ``.html`` or its folder does not exist, if a section is none, if what is given
            along is of another fit, or if Jinja is not installed (``pip install 'payback-mmm[report]'``).

        Examples
        --------
        >>> mmm.Report(posterior).to_html("q3.html", sections=["verdict", "roi", "provenance"])
        """
        from mmm.reporting.content import Companions, need

        need("jinja2", method="Report.to_html")
        from mmm.reporting.page import write_page

        companions = Companions(refresh=refresh, backtest=backtest, priors=priors)
        write_page(self, path, companions=companions, sections=sections)

    def __repr__(self) -> str:
        return (
            f"<Report on {len(self.posterior.data.channels)} channels, spend of {self.dates[0]:%Y-%m-%d} to "
            f"{self.dates[-1]:%Y-%m-%d}, {self._basis.valuation.label}, {schema.interval_header(self.prob)}\n"
            f" {self.posterior.diagnosis.verdict}>"
        )

    def _repr_html_(self) -> str:
        data, diagnosis = self.posterior.data, self.posterior.diagnosis
        facts = {
            "outcome": f"{data.description.outcome} ({data.description.outcome_unit})",
            "channels": ", ".join(data.channels),
            "spend judged": f"{self.dates[0]:%Y-%m-%d} to {self.dates[-1]:%Y-%m-%d}",
            "counted in": self.valuation.label,
            "intervals": schema.interval_header(self.prob),
            "ask it for": "roi(), payback(), ledger(), evidence(), sentences(), warnings(), plot_roi(), to_html()",
        }
        return card("Report", facts, ok=diagnosis.ok, verdict=diagnosis.verdict)
