"""What python-pptx has no words for: whole numbers behind a chart, intervals on points, areas behind lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lxml import etree
from pptx.chart.series import AreaSeries
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from mmm.reporting.workbook.cells import Cells, Whole, new_workbook

__all__ = ["as_areas", "embed", "embed_with_interval", "tick_every", "with_alpha"]

Values = Sequence[float | None]


def embed(chart: Any, categories: Sequence[Any], columns: Mapping[str, Values], *, created: str) -> None:
    """Put our own workbook behind a chart: names that are never formulas, numbers to the last bit.

    Categories are in column A and each series in a column of its own, with its name on top, where python-pptx has told
    the chart to look.
    """
    _embed(chart, categories, list(columns.items()), created=created)


def embed_with_interval(
    chart: Any,
    categories: Sequence[Any],
    columns: Mapping[str, Values],
    interval: tuple[Values, Values],
    *,
    created: str,
) -> None:
    """Put a workbook behind a line chart, and an interval through each point of its first series.

    The ends of the interval stand in the two columns after the series. What the chart draws are the distances to them,
    in the next two: formulas, so that it follows when somebody edits an end.
    """
    (_, middle), *_ = columns.items()
    lower, upper = interval
    shown = [*columns.items(), ("lower", lower), ("upper", upper)]
    n = len(shown)
    formulas = {"above": (n, 1), "below": (1, n - 1)}
    _embed(chart, categories, shown, created=created, differences=formulas)
    above, below = (
        _numbers(_cells(n + i, len(categories)), _less(plus, minus))
        for i, (plus, minus) in enumerate(((upper, middle), (middle, lower)), start=1)
    )
    bars = parse_xml(
        f"<c:errBars {nsdecls('c', 'a')}>"
        '<c:errDir val="y"/><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="1"/>'
        f"<c:plus>{above}</c:plus><c:minus>{below}</c:minus>"
        f'<c:spPr><a:ln w="{Pt(4)}" cap="flat"><a:solidFill><a:schemeClr val="tx1"><a:alpha val="55000"/></a:schemeClr>'
        "</a:solidFill></a:ln></c:spPr></c:errBars>"
    )
    chart.plots[0].series[0]._element.find(qn("c:cat")).addprevious(bars)


def _embed(
    chart: Any,
    categories: Sequence[Any],
    columns: Sequence[tuple[str, Values]],
    *,
    created: str,
    differences: Mapping[str, tuple[int, int]] | None = None,
) -> None:
    book, content = new_workbook(created=created)
    cells, sheet = Cells(book), book.add_worksheet("Sheet1")
    as_date = cells.look(num_format="yyyy-mm-dd")
    for i, category in enumerate(categories, start=1):
        if isinstance(category, date):
            sheet.write_datetime(i, 0, category, as_date)
        elif isinstance(category, str):
            cells.text(sheet, i, 0, category)
        else:
            sheet.write_number(i, 0, Whole(category))
    for j, (name, values) in enumerate(columns, start=1):
        cells.text(sheet, 0, j, name)
        for i, value in enumerate(values, start=1):
            if value is not None:
                sheet.write_number(i, j, Whole(value))
    for j, (name, (plus, minus)) in enumerate((differences or {}).items(), start=len(columns) + 1):
        cells.text(sheet, 0, j, name)
        for i, value in enumerate(_less(columns[plus - 1][1], columns[minus - 1][1]), start=1):
            if value is not None:
                sheet.write_formula(i, j, f"={_letter(plus)}{i + 1}-{_letter(minus)}{i + 1}", None, repr(value))
    sheet.set_column(0, len(columns) + len(differences or {}), 16)
    book.close()
    chart.part.chart_workbook.update_from_xlsx_blob(content.getvalue())


def as_areas(chart: Any, series: Sequence[Any]) -> list[Any]:
    """Move series of a line chart into areas behind its lines, on the same axes; the first is drawn first."""
    lines = chart.plots[0]._element
    areas = parse_xml(f'<c:areaChart {nsdecls("c")}><c:grouping val="standard"/><c:varyColors val="0"/></c:areaChart>')
    for one in series:
        element = one._element
        for name in ("c:marker", "c:smooth"):  # lines alone have them
            for child in element.findall(qn(name)):
                element.remove(child)
        areas.append(element)
    for axis in lines.findall(qn("c:axId")):
        areas.append(parse_xml(f'<c:axId {nsdecls("c")} val="{axis.get("val")}"/>'))
    lines.addprevious(areas)
    return [AreaSeries(one._element) for one in series]


def with_alpha(fill: Any, alpha: float) -> None:
    """Let the background through a solid fill."""
    [colour] = fill._xPr.find(qn("a:solidFill"))
    etree.SubElement(colour, qn("a:alpha")).set("val", str(int(100_000 * alpha)))


def tick_every(chart_or_axis: Any, step: int, *, between: bool) -> None:
    """Label every so many categories, or months of an axis of dates; points stand between ticks or on them."""
    axis = getattr(chart_or_axis, "category_axis", chart_or_axis)._element
    if axis.tag == qn("c:dateAx"):
        found = [("c:majorUnit", str(step)), ("c:majorTimeUnit", "months")]
        after = axis.find(qn("c:baseTimeUnit"))
    else:
        found = [("c:tickLblSkip", str(step)), ("c:tickMarkSkip", str(step))]
        after = axis.find(qn("c:lblOffset"))
    for name, value in reversed(found):
        after.addnext(parse_xml(f'<{name} {nsdecls("c")} val="{value}"/>'))
    if not between:
        values = axis.getparent().find(qn("c:valAx"))
        for said in values.findall(qn("c:crossBetween")):
            values.remove(said)
        values.find(qn("c:crosses")).addnext(parse_xml(f'<c:crossBetween {nsdecls("c")} val="midCat"/>'))


def _less(values: Values, others: Values) -> list[float | None]:
    return [None if a is None or b is None else a - b for a, b in zip(values, others, strict=True)]


def _cells(column: int, length: int) -> str:
    return f"Sheet1!${_letter(column)}$2:${_letter(column)}${length + 1}"


def _numbers(cells: str, values: Values) -> str:
    points = "".join(
        f'<c:pt idx="{i}"><c:v>{value!r}</c:v></c:pt>' for i, value in enumerate(values) if value is not None
    )
    return (
        f"<c:numRef><c:f>{cells}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef>'
    )


def _letter(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else _letter(column // 26 - 1) + chr(ord("A") + column % 26)
