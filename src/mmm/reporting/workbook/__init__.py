"""The Excel workbook of a report: every table at full precision, one a sheet."""

from mmm.reporting.workbook.writing import workbook_bytes

__all__ = ["workbook_bytes"]
