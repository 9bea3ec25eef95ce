"""`mmm.Section`: what a reader's own analyst adds to a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

import pandas as pd

from mmm.errors import ReportError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Section"]


@final
@dataclass(frozen=True, eq=False)
class Section:
    r"""A section of one's own for :meth:`mmm.Report.to_html`, anywhere among the others.

    Parameters
    ----------
    title : str
    text : str
        Plain text; an empty line begins a new paragraph. Nothing in it is read as HTML.
    table : DataFrame, optional
        Shown with two digits, intervals (``x``, ``x_lower``, ``x_upper``) in one cell, the index left out.
    chart : Axes, Figure or function, optional
        What is drawn already, or a function without arguments that draws it and returns its Axes or Figure, such as
        ``report.plot_tracker``.
    alt : str
        What the chart says, for those who cannot see it; the title by default.

    Raises
    ------
    ReportError
        If title and text are not text, the table is no DataFrame, or there is nothing to draw in the chart.

    Examples
    --------
    >>> own = mmm.Section("What we did", "Television was dark in May.\n\nFrom June on it was not.")
    >>> own.paragraphs
    ('Television was dark in May.', 'From June on it was not.')
    >>> mmm.Report(posterior).to_html("q3.html", sections=["verdict", own, "roi"])
    """

    title: str
    text: str
    table: pd.DataFrame | None = field(default=None, kw_only=True)
    chart: Axes | Figure | Callable[[], Axes | Figure] | None = field(default=None, kw_only=True)
    alt: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        if not isinstance(self.title, str) or not self.title.strip() or not isinstance(self.text, str):
            raise ReportError(
                f"Section(title={self.title!r}, text={self.text!r})",
                "a section that does not say what it is about cannot be found again",
                "give it a title and a text; the text may be empty",
            )
        if self.table is not None and not isinstance(self.table, pd.DataFrame):
            raise ReportError(
                f"the table of section {self.title!r} is a {type(self.table).__name__}",
                "what its columns are called would be guessed",
                "give a pandas DataFrame",
            )
        if self.table is not None and not self.table.columns.is_unique:
            raise ReportError(
                f"the table of section {self.title!r} has a column twice",
                "a reader could not tell the two apart",
                "rename one of them",
            )
        if self.chart is not None and not callable(self.chart) and not hasattr(self.chart, "get_figure"):
            raise ReportError(
                f"the chart of section {self.title!r} is a {type(self.chart).__name__}",
                "there is nothing to draw",
                "give Axes, a Figure, or a function that returns one of them, such as report.plot_roi",
            )

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text, paragraph by paragraph."""
        return tuple(part.strip() for part in self.text.split("\n\n") if part.strip())
