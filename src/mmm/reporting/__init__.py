"""What people see: tables, charts and sentences."""

from mmm.reporting.report import Report

__all__ = ["Report"]
