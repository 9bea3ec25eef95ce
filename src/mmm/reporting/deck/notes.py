"""What a speaker should know before saying it: whole sentences, prior reliance, what limits it, how to read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from mmm import schema
from mmm.reporting.content import Contents
from mmm.words import percent

__all__ = ["notes_on"]

RELIANCE = "Prior reliance, the share of the prior's uncertainty that the data left (100%: they said nothing)"


def notes_on(contents: Contents, channels: Iterable[str], *, first: Sequence[str] = ()) -> str:
    """Give the notes of a slide that shows some channels.

    Parameters
    ----------
    contents : Contents
    channels : iterable of str
        On the slide; ``total`` among them if it is.
    first : sequence of str
        What is said of this slide alone.
    """
    names = [name for name in contents.paragraphs if name in set(channels)]
    parts = [*first, *(contents.paragraphs[name] for name in names)]
    reliance = _reliance(contents.roi, names, contents.horizon)
    if reliance:
        parts.append(f"{RELIANCE}, within {contents.horizon:g} weeks: {reliance}.")
    of_names = {warning for name in names if name != schema.TOTAL for warning in contents.warnings_of(name)}
    named = [warning for warning in contents.warnings if warning in of_names and warning != contents.failure]
    if named:
        parts += ["What limits this:", *named]
    return "\n".join([*parts, contents.how_to_read, *([contents.failure] if contents.failure else [])])


def _reliance(roi: pd.DataFrame, names: list[str], horizon: float) -> str:
    rows = roi[(roi[schema.HORIZON] == horizon) & roi[schema.CHANNEL].isin(names)].dropna(subset="prior_reliance")
    return ", ".join(
        f"{'all together' if name == schema.TOTAL else name} {percent(share)}"
        for name, share in zip(rows[schema.CHANNEL], rows["prior_reliance"], strict=True)
    )
