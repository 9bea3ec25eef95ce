"""What every section of a page is written from: a report, what was given beside it, and what they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from mmm import schema
from mmm.reporting.content import Companions, ReadableTable, readable
from mmm.reporting.page.blocks import Table
from mmm.reporting.report_charts import ReportCharts
from mmm.words import listed, percent, with_interval

__all__ = ["Subject", "medians_in_words", "note_of", "table_of"]


@dataclass(frozen=True, eq=False)
class Subject:
    """A report and its companions.

    Attributes
    ----------
    report : ReportCharts
    companions : Companions
    """

    report: ReportCharts
    companions: Companions

    @property
    def prob(self) -> float:
        """Of all intervals."""
        return self.report.prob

    @property
    def horizon(self) -> float:
        """Weeks of the ROI priors: that of the headline."""
        return self.report.posterior.spec.horizon_weeks

    @property
    def name(self) -> str:
        """Column of what is returned per unit of spend."""
        return schema.ROI if self.report.valuation.is_money else schema.OUTCOME_PER_SPEND

    @property
    def label(self) -> str:
        """What it is called."""
        return self.report.valuation.label

    @property
    def channels(self) -> tuple[str, ...]:
        """By spend in the window, the largest first."""
        rows = self.at_horizon[self.at_horizon[schema.CHANNEL] != schema.TOTAL]
        return tuple(rows.sort_values(schema.SPEND, ascending=False, kind="stable")[schema.CHANNEL])

    @property
    def spent(self) -> tuple[str, ...]:
        """Those of the channels on which anything was spent."""
        rows = self.at_horizon
        spent = set(rows.loc[rows[schema.SPEND] > 0, schema.CHANNEL])
        return tuple(name for name in self.channels if name in spent)

    @cached_property
    def horizons(self) -> tuple[float, ...]:
        """Of the tables, that of the headline among them."""
        return tuple(sorted({*(float(weeks) for weeks in schema.DEFAULT_HORIZONS), float(self.horizon)}))

    @cached_property
    def roi(self) -> pd.DataFrame:
        """By channel and horizon."""
        return self.report.roi(horizon_weeks=self.horizons)

    @cached_property
    def at_horizon(self) -> pd.DataFrame:
        """The same at the horizon of the headline."""
        return self.roi[self.roi[schema.HORIZON] == self.horizon].reset_index(drop=True)

    @property
    def interval(self) -> str:
        """Such as "90%"."""
        return f"{100 * self.prob:g}%"


def table_of(table: pd.DataFrame, columns: list[str], *, caption: str, note: str = "") -> Table:
    """Choose columns of a table for the page."""
    cells = readable(table, columns)
    return Table(caption=caption, cells=cells, note=note or note_of(cells))


def note_of(cells: ReadableTable) -> str:
    """What the intervals of a table are; the warning that it may point to stands at the head of the section.

    Examples
    --------
    >>> note_of(ReadableTable((), (), (), "NOT CONVERGED, see the column 'warning'; margin ROI"))
    'NOT CONVERGED; margin ROI'
    """
    return cells.note.replace(f", see the column {schema.WARNING_COLUMN!r}", "")


def medians_in_words(rows: pd.DataFrame, name: str, *, prob: float, reliance: bool = False) -> str:
    """Say the medians and intervals of a column, row by row: what a chart of it says.

    Examples
    --------
    >>> rows = pd.DataFrame({"channel": ["tv"], "roi": [0.79], "roi_lower": [0.23], "roi_upper": [2.44]})
    >>> medians_in_words(rows, "roi", prob=0.9)
    'tv 0.79 (90%: 0.23 to 2.44)'
    """
    said = []
    for row in rows.to_dict("records"):
        lower, upper = row[f"{name}_lower"], row[f"{name}_upper"]
        if pd.isna(row[name]):
            said.append(f"{row[schema.CHANNEL]} no spend")
            continue
        number = with_interval(float(row[name]), float(lower), float(upper), prob=None if said else prob)
        relied = f", prior reliance {percent(row['prior_reliance'])}" if reliance else ""
        said.append(f"{row[schema.CHANNEL]} {number}{relied}")
    return listed(said) if len(said) < 4 else "; ".join(said)
