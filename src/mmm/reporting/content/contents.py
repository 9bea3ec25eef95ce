"""What a report says, each table and each sentence made once for all its documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from mmm import schema
from mmm.reporting.basis import Basis
from mmm.reporting.charts import FAN_WEEKS
from mmm.reporting.content.assumptions import assumptions_table
from mmm.reporting.content.provenance import provenance_table
from mmm.reporting.report_tables import ReportTables
from mmm.reporting.tables import contribution_table, summarise

__all__ = ["Contents"]

#: Periods that a chart over time shows one by one.
MOST_PERIODS = 200

#: Weeks of a quarter, in which horizons are cut, and how much of what comes must be there where a curve is cut.
QUARTER, NEARLY_ALL = 13, 0.98


@dataclass(frozen=True, eq=False)
class Contents:
    """Tables and words of one report; they take seconds, and page, deck and workbook show the same.

    Attributes
    ----------
    report : ReportTables
    basis : Basis
        That of the report.
    """

    report: ReportTables
    basis: Basis

    @property
    def channels(self) -> tuple[str, ...]:
        """In the order of the data."""
        return self.report.posterior.data.channels

    @property
    def everything(self) -> str:
        """Row of the tables that is the answer: ``total``, or the channel if there is one alone."""
        return schema.TOTAL if len(self.channels) > 1 else self.channels[0]

    @property
    def horizon(self) -> float:
        """Weeks of the ROI priors, within which the answer is given."""
        return self.report.posterior.spec.horizon_weeks

    @cached_property
    def roi(self) -> pd.DataFrame:
        """Within the default horizons and that of the ROI priors."""
        return self.report.roi(horizon_weeks=sorted({*schema.DEFAULT_HORIZONS, self.horizon}))

    @cached_property
    def payback(self) -> pd.DataFrame | None:
        """None where the outcome has no money value."""
        return self.report.payback() if self.report.valuation.is_money else None

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """Where the return is booked."""
        return self.report.ledger()

    @cached_property
    def ltv_cac(self) -> pd.DataFrame | None:
        """None where no customer value was given."""
        stated = self.report.economics
        return self.report.ltv_cac() if stated is not None and stated.customer_value is not None else None

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """By period."""
        return self.report.contributions()

    @property
    def is_by_quarter(self) -> bool:
        """Whether there are too many periods for a chart that shows each."""
        return len(self.report.dates) > MOST_PERIODS

    @cached_property
    def charted_contributions(self) -> pd.DataFrame:
        """Contributions as a chart can show them: by period, or by quarter where there are many."""
        if not self.is_by_quarter:
            return self.contributions
        rows, draws = slice(*self.basis.rows), self.report.posterior.draws
        return contribution_table(draws, rows=rows, prob=self.report.prob, by_quarter=True)

    def roi_by_week(self, channel: str) -> pd.DataFrame:
        """ROI of a channel, or of all (``total``), within every horizon until nearly all has come.

        Returns
        -------
        DataFrame
            ``horizon_weeks, roi, roi_lower, roi_upper``, from nothing at the spend itself, in whole quarters.
        """
        draws = self.basis.roi_by_week(channel, weeks=FAN_WEEKS)
        median, lower, upper = summarise(draws, prob=self.report.prob)
        weeks = draws[schema.HORIZON].values
        there = weeks[np.argmax(median >= NEARLY_ALL * median[-1])]
        last = QUARTER * np.ceil(max(there, QUARTER) / QUARTER)
        columns = {schema.HORIZON: weeks, "roi": median, "roi_lower": lower, "roi_upper": upper}
        from_zero = {name: np.append(0.0, values[weeks <= last + 0.5]) for name, values in columns.items()}
        return pd.DataFrame(from_zero)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """Prior beside posterior."""
        return self.report.evidence()

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The verdict in words."""
        return self.report.sentences()

    @property
    def paragraphs(self) -> dict[str, str]:
        """The verdict by channel, and of all together where there are several."""
        brand = self.report.posterior.spec.brand
        names = [*brand, *(name for name in self.report.posterior.spec.channels if name not in brand)]
        if len(names) > 1:
            names.append(schema.TOTAL)
        return dict(zip(names, self.sentences[-1 - len(names) : -1], strict=True))

    @property
    def how_to_read(self) -> str:
        """What the returns are of, and what their intervals mean."""
        return self.sentences[-1]

    def warnings_of(self, channel: str) -> tuple[str, ...]:
        """Those that name a channel."""
        named = re.compile(rf"(?<!\w){re.escape(channel)}(?!\w)")
        return tuple(sentence for sentence in self.warnings if named.search(sentence))

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What limits the answer."""
        return self.report.warnings()

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """All that was assumed."""
        return assumptions_table(self.report.posterior, economics=self.report.economics)

    @cached_property
    def provenance(self) -> pd.DataFrame:
        """Where the numbers come from."""
        return provenance_table(self.report)

    @property
    def failure(self) -> str:
        """Verdict on a fit that failed its checks; empty for a sound one."""
        return "" if self.report.posterior.ok else self.report.posterior.diagnosis.verdict
