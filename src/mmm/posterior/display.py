"""How frozen states look in a notebook: a few lines of HTML, in the notebook's own colours, every name escaped.

Text takes the colour that is around it and lines are half transparent, so that it reads on white and on black.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

__all__ = ["card"]

_BORDER = "1px solid rgba(128, 128, 128, 0.45)"
_CELL = "padding: 0.1em 1em 0.1em 0; text-align: left; vertical-align: top; border: none; background: none"


def card(title: str, facts: Mapping[str, str], *, ok: bool, verdict: str, notes: Iterable[str] = ()) -> str:
    """Title, facts and verdict of an object, as HTML for a notebook.

    Parameters
    ----------
    title : str
    facts : mapping of str
        In the order in which they are shown.
    ok : bool
        Whether the fit behind it passed its checks; said by a sign and by the verdict, not by colour.
    verdict : str
    notes : iterable of str
        Sentences before the verdict.

    Returns
    -------
    str

    Examples
    --------
    >>> html = card("Posterior", {"channels": "<b>tv</b>"}, ok=True, verdict="Converged.")
    >>> "&lt;b&gt;tv&lt;/b&gt;" in html, "<b>tv" in html
    (True, False)
    """
    rows = "".join(
        f'<tr style="background: none"><th style="{_CELL}; font-weight: normal; opacity: 0.75">{escape(name)}</th>'
        f'<td style="{_CELL}">{escape(value)}</td></tr>'
        for name, value in facts.items()
    )
    table = f'<table style="border-collapse: collapse; margin: 0.4em 0">{rows}</table>' if rows else ""
    said = "".join(f'<p style="margin: 0.3em 0">{escape(note)}</p>' for note in notes)
    sign = "\N{CHECK MARK}" if ok else "\N{BALLOT X}"
    weight = "normal" if ok else "bold"
    return (
        f'<div style="border: {_BORDER}; border-radius: 4px; padding: 0.6em 1em; max-width: 60em">'
        f"<strong>mmm.{escape(title)}</strong>{table}{said}"
        f'<p style="margin: 0.3em 0 0; font-weight: {weight}">{sign} {escape(verdict)}</p></div>'
    )
