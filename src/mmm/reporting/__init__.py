"""What people see: tables, charts, sentences and documents."""

from mmm.reporting.report import Report
from mmm.reporting.section import Section
from mmm.reporting.styling import styled

__all__ = ["Report", "Section", "styled"]
