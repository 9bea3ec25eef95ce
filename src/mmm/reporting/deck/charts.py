"""Native charts: what PowerPoint's owner can click and edit, with the numbers of the tables behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE, MSO_THEME_COLOR
from pptx.util import Pt

from mmm import schema
from mmm.charting import BASELINE_COLOUR
from mmm.reporting.deck.chart_parts import as_areas, embed, embed_with_interval, tick_every, with_alpha
from mmm.reporting.deck.place import SMALLEST, Area, shorten

__all__ = ["add_contributions", "add_ledger", "add_payback", "add_roi"]

#: Letters of a name beside an axis, and of one in a legend.
ON_AXIS, IN_LEGEND = 32, 24

#: Of amounts on an axis.
SHORT_AMOUNTS = '[>=1000000]0.0,,"m";[>=1000]0,"k";0'

#: Greys of a legend whose bars have the colours of channels.
LEGEND_INK = "#68727D"

#: Weeks between the labels of weeks, and points across a marker.
LABELS_EVERY, MARKER = 13, 12


def add_roi(
    slide: Any,
    area: Area,
    rows: pd.DataFrame,
    *,
    name: str,
    axis: str,
    top: float,
    colours: dict[str, str],
    created: str,
) -> Any:
    """Draw median and interval of each channel against break-even.

    Parameters
    ----------
    rows : DataFrame
        Of :meth:`mmm.Report.roi` within one horizon.
    name : str
        Column of the returns. Where they are money, break-even is drawn.
    axis : str
        What the axis says.
    top : float
        What the axis must reach: PowerPoint forgets the intervals, and charts that go on over slides share it.
    colours : dict of str
        By channel.
    created : str
        When the fit was made.
    """
    columns: dict[str, list[float | None]] = {"median": _plain(rows[name])}
    if name == schema.ROI:
        columns["break-even"] = [1.0] * len(rows)
    chart = _chart(slide, area, XL_CHART_TYPE.LINE_MARKERS, _names(rows), columns)
    median, *others = chart.plots[0].series
    median.format.line.fill.background()
    median.marker.style, median.marker.size = XL_MARKER_STYLE.CIRCLE, MARKER
    _ink(median.marker.format.fill)
    median.marker.format.line.fill.background()
    for i, channel in enumerate(rows[schema.CHANNEL]):
        if channel in colours:
            marker = median.points[i].marker
            # LibreOffice colours only the markers that differ from those of the series in more than their colour
            marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, MARKER + 1
            _paint(marker.format.fill, colours[channel])
            marker.format.line.fill.background()
    for line in others:
        _dash(line)
    lower, upper = _plain(rows[f"{name}_lower"]), _plain(rows[f"{name}_upper"])
    embed_with_interval(chart, _names(rows), columns, (lower, upper), created=created)
    _value_axis(chart, axis, number_format="General", top=_round_up(top))
    _legend(chart, shown=bool(others))
    return chart


def add_payback(
    slide: Any, area: Area, by_week: pd.DataFrame, *, axis: str, interval: str, colour: str | None, created: str
) -> Any:
    """Draw ROI by weeks since the spend: median, band and break-even.

    Parameters
    ----------
    by_week : DataFrame
        ``horizon_weeks, roi, roi_lower, roi_upper``, from 0 weeks on.
    axis : str
        What the axis says.
    interval : str
        Such as "90%".
    colour : str or None
        Of the channel; that of text for all together.
    created : str
        When the fit was made.
    """
    weeks = [round(week, 2) for week in by_week[schema.HORIZON].tolist()]
    columns: dict[str, list[float | None]] = {
        f"{interval} interval, upper end": _plain(by_week["roi_upper"]),
        f"{interval} interval, lower end": _plain(by_week["roi_lower"]),
        "median": _plain(by_week["roi"]),
        "break-even": [1.0] * len(by_week),
    }
    chart = _chart(slide, area, XL_CHART_TYPE.LINE, weeks, columns)
    embed(chart, weeks, columns, created=created)
    upper, lower, median, even = chart.plots[0].series
    for line in (upper, lower, median):
        line.smooth = False
        line.format.line.width = Pt(3 if line is median else 1)
        _paint_or_ink(line.format.line.fill, colour)
    _dash(even)
    band, under = as_areas(chart, (upper, lower))
    _paint_or_ink(band.format.fill, colour)
    with_alpha(band.format.fill, 0.25)
    under.format.fill.solid()  # what lies below the band is the background again
    under.format.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    _value_axis(chart, axis, number_format="General", top=None)
    chart.value_axis.has_major_gridlines = False
    per_period = weeks[1] if len(weeks) > 1 else 1.0
    tick_every(chart, max(1, round(LABELS_EVERY / per_period)), between=False)
    chart.category_axis.tick_labels.number_format, chart.category_axis.tick_labels.number_format_is_linked = "0", False
    _axis_title(chart.category_axis, "weeks since the spend")
    _legend(chart, shown=True)
    return chart


def add_ledger(slide: Any, area: Area, rows: pd.DataFrame, *, axis: str, colours: dict[str, str], created: str) -> Any:
    """Stack what landed from earlier spend, what landed of this spend, and what is still to come.

    Parameters
    ----------
    rows : DataFrame
        Of :meth:`mmm.Report.ledger`; the first on top.
    axis : str
        What the axis says.
    colours : dict of str
        By channel.
    created : str
        When the fit was made.
    """
    parts = {"carry_in": "from earlier spend", "in_window": "landed in the window", "carry_out": "still to come"}
    rows = rows.iloc[::-1]  # charts of bars begin at the bottom
    columns = {label: _plain(rows[name]) for name, label in parts.items()}
    chart = _chart(slide, area, XL_CHART_TYPE.BAR_STACKED, _names(rows), columns)
    embed(chart, _names(rows), columns, created=created)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 60, 100
    for series, alpha in zip(plot.series, (None, 1.0, 0.4), strict=True):
        _bar(series.format, LEGEND_INK, alpha)
        for i, channel in enumerate(rows[schema.CHANNEL]):
            _bar(series.points[i].format, colours.get(channel), alpha)
    _value_axis(chart, axis, number_format=SHORT_AMOUNTS, top=None)
    _legend(chart, shown=True)
    return chart


def add_contributions(
    slide: Any, area: Area, table: pd.DataFrame, *, axis: str, colours: dict[str, str], by_quarter: bool, created: str
) -> Any:
    """Stack baseline and channels over time.

    Parameters
    ----------
    table : DataFrame
        Of :meth:`mmm.Report.contributions`, or of the same by quarter.
    axis : str
        What the axis says.
    colours : dict of str
        By channel.
    by_quarter : bool
        Columns instead of areas.
    created : str
        When the fit was made.
    """
    names = [schema.BASELINE, *colours]
    wide = table.pivot(index=schema.DATE, columns=schema.CHANNEL, values="contribution")[names]
    columns = {shorten(name, longest=IN_LEGEND): _plain(wide[name]) for name in names}
    if len(columns) < len(names):  # names that only their middle tells apart
        columns = {name: _plain(wide[name]) for name in names}
    dates = [f"{date.year} Q{date.quarter}" if by_quarter else date.date() for date in wide.index]
    kind = XL_CHART_TYPE.COLUMN_STACKED if by_quarter else XL_CHART_TYPE.AREA_STACKED
    chart = _chart(slide, area, kind, dates, columns)
    embed(chart, dates, columns, created=created)
    if by_quarter:
        chart.plots[0].gap_width, chart.plots[0].overlap = 15, 100
        tick_every(chart, max(1, len(dates) // 10), between=True)
    else:
        _dates(chart.category_axis, n_years=(wide.index[-1] - wide.index[0]).days / 365)
    for series, colour in zip(chart.plots[0].series, (BASELINE_COLOUR, *colours.values()), strict=True):
        _paint(series.format.fill, colour)
    _value_axis(chart, axis, number_format=SHORT_AMOUNTS, top=None)
    _legend(chart, shown=True, at=XL_LEGEND_POSITION.RIGHT)
    return chart


def _chart(slide: Any, area: Area, kind: Any, categories: Sequence[Any], columns: dict[str, list[float | None]]) -> Any:
    data = CategoryChartData()
    data.categories = categories
    for name, values in columns.items():
        data.add_series(name, values)
    chart = slide.shapes.add_chart(kind, area.left, area.top, area.width, area.height, data).chart
    chart.has_title = False
    chart.font.size = Pt(SMALLEST)
    chart.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    chart.category_axis.format.line.color.theme_color = MSO_THEME_COLOR.TEXT_1
    chart.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    return chart


def _round_up(value: float) -> float:
    """Next number after a value that an axis may end at, with a little room.

    Examples
    --------
    >>> _round_up(3.36), _round_up(0.031), _round_up(1.0)
    (3.5, 0.035, 1.2)
    """
    scale = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    steps = (1.2, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12)
    return round(scale * next(step for step in steps if step * scale >= 1.02 * value), 12)


def _names(rows: pd.DataFrame) -> list[str]:
    return [shorten(name, longest=ON_AXIS) for name in rows[schema.CHANNEL]]


def _plain(values: pd.Series) -> list[float | None]:
    """Numbers as a chart takes them: what does not exist is a gap."""
    return [float(value) if np.isfinite(value) else None for value in values]


def _value_axis(chart: Any, title: str, *, number_format: str, top: float | None) -> None:
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = None, top
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.width = Pt(0.5)
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(BASELINE_COLOUR[1:])
    axis.format.line.fill.background()
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = number_format, False
    _axis_title(axis, title)


def _axis_title(axis: Any, words: str) -> None:
    axis.has_title = True
    axis.axis_title.text_frame.text = words
    for run in axis.axis_title.text_frame.paragraphs[0].runs:
        run.font.size, run.font.bold = Pt(SMALLEST), False


def _legend(chart: Any, *, shown: bool, at: Any = XL_LEGEND_POSITION.TOP) -> None:
    chart.has_legend = shown
    if shown:
        chart.legend.position, chart.legend.include_in_layout = at, False
        chart.legend.font.size = Pt(SMALLEST)


def _dates(axis: Any, *, n_years: float) -> None:
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "mmm yyyy", False
    tick_every(axis, 12 if n_years > 4 else 6 if n_years > 2 else 3 if n_years > 0.7 else 1, between=False)


def _bar(look: Any, colour: str | None, alpha: float | None) -> None:
    """A full bar, a pale one, or an outline where there is no ``alpha``."""
    if alpha is None:
        look.fill.background()
    else:
        _paint_or_ink(look.fill, colour)
        if alpha < 1:
            with_alpha(look.fill, alpha)
    look.line.width = Pt(1.25)
    _paint_or_ink(look.line.fill, colour)


def _dash(line: Any) -> None:
    line.smooth = False
    line.format.line.width, line.format.line.dash_style = Pt(1.5), MSO_LINE.DASH
    _ink(line.format.line.fill)
    line.marker.style = XL_MARKER_STYLE.NONE


def _paint(fill: Any, colour: str) -> None:
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(colour[1:])


def _ink(fill: Any) -> None:
    """The colour of text in the theme: dark on a light template, light on a dark one."""
    fill.solid()
    fill.fore_color.theme_color = MSO_THEME_COLOR.TEXT_1


def _paint_or_ink(fill: Any, colour: str | None) -> None:
    _ink(fill) if colour is None else _paint(fill, colour)
