"""How a refusal lists what it found: the first few, then how many more."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["listed", "quoted"]


def listed(items: Iterable[object], *, limit: int = 5) -> str:
    """Write the first few items and say how many were left out.

    Parameters
    ----------
    items : iterable
        What to list; each is written with ``str``.
    limit : int
        How many to write out.

    Returns
    -------
    str
        The items separated by commas.

    Examples
    --------
    >>> listed(["a", "b", "c"], limit=2)
    'a, b and 1 more'
    """
    texts = [str(item) for item in items]
    shown = ", ".join(texts[:limit])
    return shown if len(texts) <= limit else f"{shown} and {len(texts) - limit} more"


def quoted(items: Iterable[object], *, limit: int = 5) -> str:
    """Like `listed`, with each item in quotes, so that blanks and types can be seen.

    Examples
    --------
    >>> quoted(["tv ", 3])
    "'tv ', 3"
    """
    return listed([repr(item) for item in items], limit=limit)
