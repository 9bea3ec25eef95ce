"""Why each answer moved, in words: every number is one of the tables'."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from mmm import schema
from mmm.data.calendar import PERIODS
from mmm.errors import ReportError
from mmm.refreshing.vintages import Vintages
from mmm.words import chance, listed, signed, with_interval

__all__ = [
    "brought",
    "check_decomposition",
    "reasons",
    "signed_parts",
    "what_channels_brought",
    "why_it_moved",
]

#: What a flag of a channel in the new periods means.
FLAGGED = {"red": "evidence of a change", "amber": "worth a look, no evidence"}
#: Rounding of tables that were written to a file and read again.
SAME = 1e-6


def why_it_moved(
    drift: pd.DataFrame,
    decomposition: pd.DataFrame | None,
    *,
    vintages: Vintages,
    label: str,
    horizon_weeks: float,
    prob: float,
) -> tuple[str, ...]:
    """Say of each channel with spend, and of all together, from where to where its return moved, and why.

    Parameters
    ----------
    drift : DataFrame
        Of :meth:`mmm.Refresh.drift`.
    decomposition : DataFrame, optional
        Of :meth:`mmm.Refresh.decomposition`, of the same refresh and horizon.
    vintages : Vintages
    label : str
        What a return is called.
    horizon_weeks : float
    prob : float
        Of the intervals.
    """
    parts = (
        {} if decomposition is None else signed_parts(decomposition, drift).set_index(schema.CHANNEL).to_dict("index")
    )
    said = []
    for row in drift[drift["flag"] != "no spend"].to_dict("records"):
        name = row[schema.CHANNEL]
        whose = f"The {label} of all channels together" if name == schema.TOTAL else f"{name}'s {label}"
        said.append(
            f"{whose} within {horizon_weeks:g} weeks {_moved(row, prob)}{_due_to(parts.get(name, {}), vintages)}. "
            f"{_judged(row, vintages)}"
        )
    return tuple(said)


def check_decomposition(decomposition: Any, drift: pd.DataFrame) -> None:
    """Refuse parts that are not those of the movements they are to explain.

    Raises
    ------
    ReportError
    """
    fix = "pass refreshed.decomposition() of the same refresh and horizon"
    if not isinstance(decomposition, pd.DataFrame) or not {*schema.DECOMPOSITION_COLUMNS} <= {*decomposition.columns}:
        came = type(decomposition).__name__
        if isinstance(decomposition, pd.DataFrame):
            came = f"a table of {', '.join(map(str, decomposition.columns))}"
        raise ReportError(f"decomposition= is {came}", "a movement is explained by parts that add up to it", fix)
    if decomposition[schema.CHANNEL].duplicated().any():
        raise ReportError(
            "decomposition= has a channel more than once",
            "where restated history and new weeks interact, the parts depend on their order, and one must be shown",
            "choose one: table[table['order'] == 'restated first']",
        )
    both = drift.merge(decomposition, on=schema.CHANNEL)
    moved = both["new"] - both["old"]
    if both.empty or not np.allclose(both["total"], moved, rtol=SAME, atol=SAME * both["new"].abs().max()):
        raise ReportError(
            "decomposition= does not add up to the movements of this refresh",
            "a document would explain one movement by the parts of another",
            fix,
        )


def reasons(vintages: Vintages) -> dict[str, str]:
    """How each part of a decomposition is spoken of, by its column."""
    return {
        "restated": "from restated history",
        "new_weeks": f"from {_window(vintages)}",
        "model": "from another model",
        "experiments": "from experiments",
        "monte_carlo": "by chance of the sampler",
    }


def signed_parts(decomposition: pd.DataFrame, drift: pd.DataFrame) -> pd.DataFrame:
    """Parts as text, to the digits that the smaller of both returns has; empty where a part is nothing beside it.

    Parameters
    ----------
    decomposition : DataFrame
        Of :meth:`mmm.Refresh.decomposition`.
    drift : DataFrame
        Of :meth:`mmm.Refresh.drift`, with the same channels.
    """
    beside = drift.set_index(schema.CHANNEL)[["old", "new"]].min(axis=1)
    rows = [
        {name: row[name] if name == schema.CHANNEL else signed(row[name], beside=beside[row[schema.CHANNEL]])
         for name in schema.DECOMPOSITION_COLUMNS}
        for row in decomposition.to_dict("records")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(schema.DECOMPOSITION_COLUMNS))


def brought(row: Mapping[Hashable, Any]) -> str:
    """Say what one channel brought in the new periods, by its row of :meth:`mmm.ForecastCheck.by_channel`."""
    times = with_interval(row["times"], row["times_lower"], row["times_upper"], prob=0.9)
    return f"{row[schema.CHANNEL]} brought {times} times what the last fit expected of it"


def what_channels_brought(checked: pd.DataFrame) -> tuple[str, ...]:
    """Say which channels may have changed in the new periods, and what it means that the others are not flagged.

    Parameters
    ----------
    checked : DataFrame
        Of :meth:`mmm.ForecastCheck.by_channel`.

    Examples
    --------
    >>> columns = {"channel": ["tv", "radio"], "times": [0.45, 1.1], "times_lower": [0.2, 0.3],
    ...     "times_upper": [0.7, 1.9], "bayes_factor": [9.0, 1.0], "power": [0.9, 0.04],
    ...     "flag": ["red", "cannot tell"]}
    >>> for sentence in what_channels_brought(pd.DataFrame(columns)):
    ...     print(sentence)
    tv brought 0.45 (90%: 0.20 to 0.70) times what the last fit expected of it (red: evidence of a change).
    Whether radio (4%) brought only half cannot be told; in brackets how probable a flag would have been.
    """
    flagged = checked[checked["flag"].isin([*FLAGGED])].sort_values("bayes_factor", ascending=False)
    said = [f"{brought(row)} ({row['flag']}: {FLAGGED[row['flag']]})." for row in flagged.to_dict("records")]
    calm, unknown = (
        [f"{row[schema.CHANNEL]} ({chance(row['power'])})" for row in rows.to_dict("records")]
        for rows in (checked[checked["flag"] == flag] for flag in ("ok", "cannot tell"))
    )
    if calm:
        verb, pronoun = ("is", "it") if len(calm) == 1 else ("are", "they")
        said.append(
            f"{listed(calm)} {verb} not flagged; in brackets how probable a flag would have been, had {pronoun} "
            "brought half."
        )
    if unknown:
        said.append(
            f"Whether {listed(unknown, last='or')} brought only half cannot be told; in brackets how probable a flag "
            "would have been."
        )
    return tuple(said)


def _moved(row: Mapping[Hashable, Any], prob: float) -> str:
    before, now = (
        with_interval(row[side], row[f"{side}_lower"], row[f"{side}_upper"], prob=label)
        for side, label in (("old", prob), ("new", None))
    )
    return f"moved from {before} to {now}"


def _due_to(parts: Mapping[Hashable, str], vintages: Vintages) -> str:
    said = [f"{parts[name]} {why}" for name, why in reasons(vintages).items() if parts.get(name)]
    return f": {listed(said)}" if said else ""


def _judged(row: Mapping[Hashable, Any], vintages: Vintages) -> str:
    longer = vintages.n_new or vintages.n_dropped or vintages.n_earlier
    what = f"{_window(vintages)} alone" if longer else "chance alone"
    if row["flag"] == "ok":
        return f"That is no more than {what} would explain (z = {row['z']:.1f})."
    return f"That is more than {what} would explain (z = {row['z']:.1f}, {row['flag']})."


def _window(vintages: Vintages) -> str:
    if vintages.n_dropped or vintages.n_earlier:
        return "the periods that came and went"
    return f"{vintages.n_new} new {PERIODS[vintages.new.frequency]}"
