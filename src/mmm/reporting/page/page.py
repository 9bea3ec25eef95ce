"""One offline HTML file: template, styles and pictures inside, no script, nothing that is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import mmm
from mmm import schema
from mmm.reporting import sentences
from mmm.reporting.content import Companions
from mmm.reporting.page.chapters import check_sections, make_chapters
from mmm.reporting.page.subject import Subject
from mmm.reporting.page.verdict import at_a_glance
from mmm.reporting.section import Section
from mmm.reporting.tables import row_of

if TYPE_CHECKING:
    from mmm.reporting.report_charts import ReportCharts

__all__ = ["page_bytes"]


def page_bytes(
    report: ReportCharts, companions: Companions, *, sections: Iterable[str | Section] | None = None
) -> bytes:
    """Give the page of a report; see :meth:`mmm.Report.to_html`.

    Raises
    ------
    ReportError
        If a section is none.
    """
    chosen = check_sections(sections, has_refresh=companions.refresh is not None)
    return page_of(Subject(report, companions), chosen).encode()


def page_of(subject: Subject, sections: tuple[str | Section, ...]) -> str:
    """Render the page: the same bytes for the same fit."""
    report = subject.report
    data, fit = report.posterior.data, report.posterior.provenance
    loader = PackageLoader("mmm.reporting.page", package_path="")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("template.html.jinja")
    # the file is ours and goes between style tags, where nothing is escaped
    css = Markup(environment.get_template("page.css").render())
    total = row_of(subject.at_horizon, schema.TOTAL)
    return template.render(
        css=css,
        headline=sentences.roi_headline(total, valuation=report.valuation, prob=subject.prob),
        outcome=data.description.outcome,
        window=f"{report.dates[0]:%Y-%m-%d} to {report.dates[-1]:%Y-%m-%d}",
        label=subject.label,
        glances=at_a_glance(subject),
        warning="" if report.posterior.ok else report.posterior.diagnosis.verdict,
        chapters=make_chapters(sections, subject),
        fitted=fit.created[:10],
        version=mmm.__version__,
    )
