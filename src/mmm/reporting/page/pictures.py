"""Matplotlib figures as SVG that can stand side by side in one HTML file.

Text stays text: it is small, can be searched and copied, and takes the fonts of the page. It is measured in DejaVu
Sans, which is wider than what browsers put in its place, so that nothing runs into its neighbour.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from markupsafe import Markup

from mmm.charting import SUBTITLE
from mmm.reporting.page.blocks import Figure
from mmm.words import upper

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawn

__all__ = ["given_picture", "picture", "small_picture"]

#: Inches. A wide one is as wide as the text of a laptop's page, a narrow one as a phone, in which letters of a chart
#: are then about as large as those of the text.
WIDE, NARROW, SMALL = 9.6, 5.2, (5.2, 3.9)
#: Letters of a label that fit in an inch, and those that the sign before a label of the legend takes.
LETTERS, KEY = 11.0, 6
#: Letters of a channel's name before it is broken.
NAME = 14

_NAMESPACE = re.compile(r"\{[^}]*\}")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_FAMILY = re.compile(r"font-family: [^;]*(; )?")
_FONT = re.compile(r"font: *(?:(?P<style>italic|oblique) )?(?:(?P<weight>\d+|bold) )?(?P<size>[\d.]+)px [^;]*")
_REFERENCE = re.compile(r"url\(#([^)]*)\)")


def picture(draw: Callable[[], Axes], *, prefix: str, headline: str = "", alt: str, note: str = "") -> Figure:
    """Draw one of our charts wide and narrow, its title and subtitle taken out of it and into the page.

    Parameters
    ----------
    draw : function
        Gives Axes of a figure of its own.
    prefix : str
        Of all ids in the SVG; unique in the page.
    headline : str
        What the chart says; by default the sentence that stands under it.
    alt : str
        The same with numbers, for those who cannot see it.
    note : str
    """
    with _quiet() as close:
        ax, figure = _drawn(draw, close)
        title = _without_title(ax)
        if not headline:
            headline = _taken(ax)
            alt = f"{alt} {headline}."
        height = figure.get_size_inches()[1]
        wide = _svg_at(figure, (WIDE, height), prefix=f"{prefix}-w", alt=alt)
        axis = _taken(ax) if len(ax.get_xlabel()) > LETTERS * NARROW * 0.75 else ""
        _fit_for_phones(ax, figure)
        narrow = _svg_at(figure, (NARROW, height), prefix=f"{prefix}-n", alt=alt)
    return Figure(headline=upper(headline), title=title, wide=wide, narrow=narrow, axis=axis, note=note)


def small_picture(draw: Callable[[], Axes], *, prefix: str, alt: str) -> Figure:
    """Draw one of our charts in one size that fits a phone, or a column of two; what was written in it goes below."""
    from matplotlib.text import Annotation

    with _quiet() as close:
        ax, figure = _drawn(draw, close)
        title = _without_title(ax)
        written = [text for text in ax.texts if isinstance(text, Annotation)]
        note = "; ".join(text.get_text().replace("\n", " ") for text in written)
        for text in written:
            text.remove()
        _fit_for_phones(ax, figure)
        told = f"{alt} {note}." if note else alt
        return Figure(headline="", title=title, wide=_svg_at(figure, SMALL, prefix=prefix, alt=told), note=note)


def given_picture(chart: Axes | Drawn | Callable[[], Axes | Drawn], *, prefix: str, alt: str) -> Figure:
    """Take the chart of a reader's own section as it is."""
    with _quiet() as close:
        if callable(chart):
            chart = chart()
            close.append(_figure_of(chart))
        figure = _figure_of(chart)
        return Figure(headline="", title="", wide=_svg_of(figure, prefix=prefix, alt=alt))


def _figure_of(chart: Axes | Drawn) -> Drawn:
    figure = chart.get_figure(root=True)
    assert figure is not None, "what is drawn is drawn in a figure"
    return figure


def _drawn(draw: Callable[[], Axes], close: list[Drawn]) -> tuple[Axes, Drawn]:
    ax = draw()
    figure = _figure_of(ax)
    close.append(figure)
    return ax, figure


@contextmanager
def _quiet() -> Iterator[list[Drawn]]:
    """Draw in Matplotlib's own defaults whatever a notebook has set, show nothing, and close what was drawn."""
    import matplotlib.pyplot as plt

    ours = {"svg.fonttype": "none", "svg.hashsalt": "payback-mmm", "text.parse_math": False}
    close: list[Drawn] = []
    with plt.ioff(), plt.style.context(["default", ours], after_reset=True):
        try:
            yield close
        finally:
            for figure in close:
                plt.close(figure)


def _without_title(ax: Axes) -> str:
    """Take title and subtitle out of a chart; the page says them in its own letters."""
    title = ax.get_title(loc="left")
    ax.set_title("", loc="left")
    for text in [text for text in ax.texts if text.get_gid() == SUBTITLE]:
        text.remove()
    return title


def _taken(ax: Axes) -> str:
    """Take the label of the horizontal axis out of a chart."""
    label = ax.get_xlabel()
    ax.set_xlabel("")
    return " ".join(label.split("\n"))


def _fit_for_phones(ax: Axes, figure: Drawn) -> None:
    """Break long labels and names, and put the legend above the chart in as many columns as there is room for."""
    from matplotlib.ticker import FixedFormatter

    room = int(LETTERS * NARROW * 0.6)
    ax.set_ylabel("\n".join(textwrap.wrap(ax.get_ylabel(), room)))
    names = [label.get_text() for label in ax.get_yticklabels()]
    if isinstance(ax.yaxis.get_major_formatter(), FixedFormatter):  # names and not numbers
        ax.set_yticks(ax.get_yticks(), ["\n".join(textwrap.wrap(name, NAME)) for name in names])
    for text in ax.texts:
        if text.get_bbox_patch() is not None:  # the warning of a fit that failed stays inside
            text.set_fontsize(8)
    legend = ax.get_legend()
    if legend is None:
        return
    labels = [text.get_text() for text in legend.get_texts()]
    columns = int(LETTERS * NARROW // (max(len(label) for label in labels) + KEY))
    handles = [handle for handle in legend.legend_handles if handle is not None]
    legend.remove()
    figure.legend(
        handles, labels, loc="outside upper left", ncols=min(max(columns, 1), 3), fontsize=10, frameon=False,
        columnspacing=1.2, handletextpad=0.5, borderaxespad=0,
    )  # fmt: skip


def _svg_at(figure: Drawn, size: tuple[float, float], *, prefix: str, alt: str) -> Markup:
    figure.set_size_inches(*size)
    return _svg_of(figure, prefix=prefix, alt=alt)


def _svg_of(figure: Drawn, *, prefix: str, alt: str) -> Markup:
    """Write a figure as SVG without namespaces, styles or links, its ids under a prefix, with its alternative text."""
    file = io.BytesIO()
    figure.savefig(file, format="svg", metadata={"Date": None}, transparent=True)
    root = ElementTree.fromstring(file.getvalue())
    for parent in list(root.iter()):
        for child in list(parent):
            if _NAMESPACE.sub("", child.tag) in ("metadata", "style"):
                parent.remove(child)
    for element in root.iter():
        element.tag = _NAMESPACE.sub("", element.tag)
        element.attrib = dict(_attributes(element, prefix))
        if element.text and not element.text.strip():
            element.text = None
        element.tail = None if element.tag != "tspan" else element.tail
    _, _, width, height = root.attrib["viewBox"].split()
    root.attrib = {
        "viewBox": f"0 0 {width} {height}",
        "width": width,
        "height": height,
        "role": "img",
        "aria-label": alt,
    }
    return Markup(ElementTree.tostring(root, encoding="unicode", short_empty_elements=False))


def _attributes(element: ElementTree.Element, prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        plain = _NAMESPACE.sub("", name)
        match plain:
            case "id":
                yield plain, f"{prefix}-{value}"
            case "href" if value.startswith("#"):
                yield plain, f"#{prefix}-{value[1:]}"
            case "href" if value.startswith("data:"):
                yield plain, value
            case "href":  # a link of somebody's own chart: the page leads nowhere
                continue
            case "d" | "x" | "y" | "points" | "width" | "height":
                yield plain, _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.2f}", value)
            case "style":
                value = _FAMILY.sub("", _FONT.sub(_font, value))
                yield plain, _REFERENCE.sub(rf"url(#{prefix}-\1)", value)
            case _:
                yield plain, _REFERENCE.sub(rf"url(#{prefix}-\1)", value)


def _font(found: re.Match[str]) -> str:
    weight = f"; font-weight: {found['weight']}" if found["weight"] else ""
    style = f"; font-style: {found['style']}" if found["style"] else ""
    return f"font-size: {found['size']}px{weight}{style}"
