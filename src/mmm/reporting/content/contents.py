"""What a report says, each table and each sentence made once for all its documents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from mmm import schema
from mmm.reporting.content.assumptions import assumptions_table
from mmm.reporting.content.provenance import provenance_table
from mmm.reporting.report_tables import ReportTables

__all__ = ["Contents"]

#: A quarter and a year, which every document shows beside the horizon of the ROI priors.
SHORT_HORIZONS = (13, 52)


@dataclass(frozen=True, eq=False)
class Contents:
    """Tables and words of one report; they take seconds, and page, deck and workbook show the same.

    Attributes
    ----------
    report : ReportTables
    """

    report: ReportTables

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

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """Prior beside posterior."""
        return self.report.evidence()

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The verdict in words."""
        return self.report.sentences()

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
