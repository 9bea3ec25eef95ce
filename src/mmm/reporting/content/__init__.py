"""What page, deck and workbook have in common: kinds of columns, readable cells, assumptions, provenance, companions.

Each document decides for itself what it shows and how; what is said, and how a number is written, is decided here once.
"""

from mmm.reporting.content.assumptions import assumptions_table
from mmm.reporting.content.columns import Kind, heading, kind_of
from mmm.reporting.content.companions import Companions
from mmm.reporting.content.provenance import provenance_table
from mmm.reporting.content.readable import ReadableTable, readable
from mmm.reporting.content.restated import restatement_summary
from mmm.reporting.content.writing import need, target_of, write_whole

__all__ = [
    "Companions",
    "Kind",
    "ReadableTable",
    "assumptions_table",
    "heading",
    "kind_of",
    "need",
    "provenance_table",
    "readable",
    "restatement_summary",
    "target_of",
    "write_whole",
]
