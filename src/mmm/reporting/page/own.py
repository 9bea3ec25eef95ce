"""Sections that the reader's own analyst wrote."""

from __future__ import annotations

import pandas as pd

from mmm.reporting.content import readable
from mmm.reporting.content.columns import without_ends
from mmm.reporting.page.blocks import Block, Chapter, Prose, Table
from mmm.reporting.page.pictures import given_picture
from mmm.reporting.section import Section

__all__ = ["own_chapter"]


def own_chapter(section: Section, *, key: str) -> Chapter:
    """Text, chart and table of a section, in this order."""
    blocks: list[Block] = [Prose(section.paragraphs)] if section.paragraphs else []
    if section.chart is not None:
        blocks.append(given_picture(section.chart, prefix=key, alt=section.alt or section.title))
    if section.table is not None:
        blocks.append(_table(section.table, caption=section.title))
    return Chapter(key, section.title, tuple(blocks))


def _table(table: pd.DataFrame, *, caption: str) -> Table:
    """Show every column but the ends of intervals, which stand with their middle."""
    table = table.set_axis(table.columns.map(str), axis="columns")
    cells = readable(table, without_ends(list(table.columns)))
    return Table(caption=caption, cells=cells, note=cells.note)
