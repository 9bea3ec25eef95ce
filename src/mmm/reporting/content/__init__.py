"""What page, deck and workbook have in common: kinds of columns, readable cells, assumptions, provenance, companions.

Each document decides for itself what it shows and how; what is said, and how a number is written, is decided here once.
"""

from mmm.reporting.content.assumptions import assumptions_table
from mmm.reporting.content.columns import Kind, base_of, heading, kind_of
from mmm.reporting.content.companions import Companions
from mmm.reporting.content.contents import Contents
from mmm.reporting.content.destination import destination, needs_the_report_extra, write_whole
from mmm.reporting.content.provenance import provenance_table
from mmm.reporting.content.readable import ReadableTable, readable
from mmm.reporting.content.restated import restatement_summary

__all__ = [
    "Companions",
    "Contents",
    "Kind",
    "ReadableTable",
    "assumptions_table",
    "base_of",
    "destination",
    "heading",
    "kind_of",
    "needs_the_report_extra",
    "provenance_table",
    "readable",
    "restatement_summary",
    "write_whole",
]
