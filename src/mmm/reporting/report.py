"""`mmm.Report`: what a fit says, as tables, charts and documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, final

from mmm import schema
from mmm.posterior.display import card
from mmm.reporting.report_charts import ReportCharts

if TYPE_CHECKING:
    import pandas as pd

    from mmm.refreshing import Refresh
    from mmm.reporting.content import Contents
    from mmm.reporting.section import Section
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
        decomposition: pd.DataFrame | None = None,
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
        decomposition : DataFrame, optional
            From :meth:`mmm.Refresh.decomposition`: what each movement is due to.
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
        from mmm.reporting.content import Companions, destination, needs_the_report_extra, write_whole

        target = destination(path, ending=".html")
        companions = Companions(refresh=refresh, decomposition=decomposition, backtest=backtest, priors=priors)
        companions.check(self.posterior)
        with needs_the_report_extra("a page"):
            from mmm.reporting.page import page_bytes
        write_whole(target, page_bytes(self, companions, sections=sections))

    def to_xlsx(
        self,
        path: str | PathLike[str],
        *,
        refresh: Refresh | None = None,
        decomposition: pd.DataFrame | None = None,
        backtest: Backtest | None = None,
        priors: Comparison | None = None,
    ) -> None:
        """Write every table at full precision into an Excel workbook, one a sheet.

        Parameters
        ----------
        path : path
            Ends in ``.xlsx``; written whole or not at all.
        refresh : Refresh, optional
            From :func:`mmm.refresh`: sheets of drift, restatements and the last fit's forecast.
        decomposition : DataFrame, optional
            From :meth:`mmm.Refresh.decomposition`: what each movement is due to.
        backtest : Backtest, optional
            From :func:`mmm.backtest`.
        priors : Comparison, optional
            From :func:`mmm.compare_priors`.

        Raises
        ------
        ReportError
            If the file cannot be written there, XlsxWriter is missing, or what is given along is of another fit.
        ConvergenceError
            If a fit of ``priors`` failed its checks and the comparison does not allow it.

        Notes
        -----
        Numbers are those of the tables to the last bit; formats only decide how many digits are seen. Excel has no
        infinity and no NaN: an infinite payback is the word "never", and what does not exist is an empty cell. Text is
        never a formula, whatever it begins with. The same report gives the same bytes.

        Examples
        --------
        >>> mmm.Report(posterior).to_xlsx("q3.xlsx")
        >>> import openpyxl
        >>> openpyxl.load_workbook("q3.xlsx").sheetnames[:4]
        ['Summary', 'ROI', 'Payback', 'Ledger']
        """
        from mmm.reporting.content import Companions, destination, needs_the_report_extra, write_whole

        target = destination(path, ending=".xlsx")
        companions = Companions(refresh=refresh, decomposition=decomposition, backtest=backtest, priors=priors)
        companions.check(self.posterior)
        with needs_the_report_extra("a workbook"):
            from mmm.reporting.workbook import workbook_bytes
        write_whole(target, workbook_bytes(self._contents, companions))

    def to_pptx(
        self,
        path: str | PathLike[str],
        *,
        template: str | PathLike[str] | None = None,
        refresh: Refresh | None = None,
        decomposition: pd.DataFrame | None = None,
        backtest: Backtest | None = None,
        priors: Comparison | None = None,
    ) -> None:
        """Write a deck for a board: native tables and charts that its owner can edit, on the company's template.

        Parameters
        ----------
        path : path
            Ends in ``.pptx``; written whole or not at all.
        template : path, optional
            A ``.pptx`` or ``.potx`` of the company. Its masters, layouts, fonts, colours and slide size are used; its
            slides are dropped. A plain design in 16:9 by default.
        refresh : Refresh, optional
            From :func:`mmm.refresh`: slides of what changed since the last fit.
        decomposition : DataFrame, optional
            From :meth:`mmm.Refresh.decomposition`: what each movement is due to.
        backtest : Backtest, optional
            From :func:`mmm.backtest`.
        priors : Comparison, optional
            From :func:`mmm.compare_priors`: the answer to a sceptic and to an optimist.

        Raises
        ------
        ReportError
            If the file cannot be written there, python-pptx is missing, the template cannot be read or has no layout
            with a title, or what is given along is of another fit.
        ConvergenceError
            If a fit of ``priors`` failed its checks and the comparison does not allow it.

        Notes
        -----
        Titles are sentences with their interval. Speaker notes hold the whole sentences, prior reliance and what
        limits them. Charts hold the tables' numbers to the last bit, in workbooks of their own.

        Examples
        --------
        >>> mmm.Report(posterior).to_pptx("q3.pptx")
        >>> from pptx import Presentation
        >>> Presentation("q3.pptx").slides[1].shapes.title.text_frame.text
        'All channels together returned ... to ... per GBP spent within 104 weeks (90%)'
        """
        from mmm.reporting.content import Companions, destination, needs_the_report_extra, write_whole

        target = destination(path, ending=".pptx")
        companions = Companions(refresh=refresh, decomposition=decomposition, backtest=backtest, priors=priors)
        companions.check(self.posterior)
        with needs_the_report_extra("a deck"):
            from mmm.reporting.deck import deck_bytes
        write_whole(target, deck_bytes(self._contents, companions, template=template))

    @cached_property
    def _contents(self) -> Contents:
        from mmm.reporting.content import Contents

        return Contents(self, self._basis)

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
