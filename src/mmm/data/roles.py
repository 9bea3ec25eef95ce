"""Which column plays which part, and the names of channels and controls."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real

from mmm.data.listing import listed, quoted
from mmm.errors import ColumnError, DataError
from mmm.schema import BASELINE, TOTAL

__all__ = ["Roles", "check_columns", "check_distinct", "check_names", "clean_name", "column_name", "resolve_roles"]

_RESERVED = (TOTAL, BASELINE)


@dataclass(frozen=True)
class Roles:
    """The part each column plays, before any frame has been looked at."""

    date: str
    outcome: str
    spend: dict[str, str]
    exposure: dict[str, str]
    controls: tuple[str, ...]
    geo: str | None
    population: str | None
    outcome_value: float | str | None
    margin: float | str | None

    @property
    def shared(self) -> list[tuple[str, str]]:
        """Pairs (role, column) that both the data and the history must have."""
        pairs = [("date", self.date)]
        pairs += [(f"spend of channel {channel!r}", column) for channel, column in self.spend.items()]
        pairs += [(f"exposure of channel {channel!r}", column) for channel, column in self.exposure.items()]
        if self.geo is not None:
            pairs.append(("geo", self.geo))
        return pairs

    @property
    def all(self) -> list[tuple[str, str]]:
        """Pairs (role, column) that the data must have."""
        pairs = [("outcome", self.outcome), *self.shared, *(("control", column) for column in self.controls)]
        if self.population is not None:
            pairs.append(("population", self.population))
        for role, value in (("outcome_value", self.outcome_value), ("margin", self.margin)):
            if isinstance(value, str):
                pairs.append((role, value))
        return pairs


def resolve_roles(
    *,
    date: object,
    outcome: object,
    spend: object,
    exposure: object,
    controls: object,
    geo: object,
    population: object,
    outcome_value: object,
    margin: object,
) -> Roles:
    """Turn the arguments of `MarketingData.from_frame` into `Roles`, or refuse them.

    Raises
    ------
    DataError
        If a name is not text or blank, a column has two roles, or the parts do not fit together.
    """
    channels = _spend_mapping(spend)
    exposures = _exposure_mapping(exposure, channels=channels)
    roles = Roles(
        date=column_name(date, role="date"),
        outcome=column_name(outcome, role="outcome"),
        spend=channels,
        exposure=exposures,
        controls=tuple(column_name(c, role="controls") for c in _sequence(controls, role="controls")),
        geo=None if geo is None else column_name(geo, role="geo"),
        population=None if population is None else column_name(population, role="population"),
        outcome_value=_number_or_column(outcome_value, role="outcome_value"),
        margin=_number_or_column(margin, role="margin"),
    )
    if roles.population is not None and roles.geo is None:
        raise DataError(
            f"population={roles.population!r} was given without geo",
            why="population scales regions against each other; one nation has nothing to be scaled against",
            fix="pass geo= as well, or leave population out",
        )
    _check_one_role_each(roles)
    check_names(channels=tuple(roles.spend), controls=roles.controls)
    return roles


def _spend_mapping(spend: object) -> dict[str, str]:
    if isinstance(spend, Mapping):
        pairs = list(spend.items())
    else:
        pairs = [(name, name) for name in _sequence(spend, role="spend")]
    if not pairs:
        raise DataError(
            "no channels: spend is empty",
            why="without spend there is nothing to measure the return of",
            fix='name at least one channel, as in spend=["tv", "search"]',
        )
    channels: dict[str, str] = {}
    for channel, column in pairs:
        name = column_name(channel, role="channel")
        if name in channels:
            raise DataError(
                f"channel {name!r} is named twice in spend",
                why="the same money would be counted twice and its effect split at random",
                fix="name each channel once",
            )
        channels[name] = column_name(column, role=f"spend of channel {name!r}")
    return channels


def _exposure_mapping(exposure: object, *, channels: Mapping[str, str]) -> dict[str, str]:
    if exposure is None:
        return {}
    if not isinstance(exposure, Mapping):
        raise DataError(
            f"exposure must map channels to columns; got {type(exposure).__name__}",
            why="a list does not say which channel each column belongs to",
            fix='write exposure={"tv": "tv_grps"}',
        )
    orphans = [channel for channel in exposure if channel not in channels]
    if orphans:
        near = difflib.get_close_matches(str(orphans[0]), list(channels), n=1)
        guess = f"; did you mean {near[0]!r}?" if near else ""
        raise DataError(
            f"exposure for {quoted(orphans)}, which has no spend (channels: {quoted(channels, limit=20)}){guess}",
            why="a return on spend needs money to divide by",
            fix="give the channel's spend; enter organic or unpaid media as a control instead",
        )
    return {channel: column_name(column, role=f"exposure of {channel!r}") for channel, column in exposure.items()}


def _sequence(value: object, *, role: str) -> list[object]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise DataError(
            f"{role} must be a list of column names; got {value!r}",
            why="a single text would be read letter by letter",
            fix=f"write {role}=[{value!r}]" if isinstance(value, str) else f'write {role}=["a", "b"]',
        )
    return list(value)


def column_name(value: object, *, role: str) -> str:
    """Refuse a name that is not text, is blank, or cannot be printed."""
    if not isinstance(value, str):
        raise DataError(
            f"the name given for {role} is {value!r}, a {type(value).__name__}, not text",
            why="names label every table and saved file, where only text is unambiguous",
            fix="use text, after df.columns = [str(c) for c in df.columns] if the frame's names are not text",
        )
    if not value.strip():
        raise DataError(
            f"the name given for {role} is blank ({value!r})",
            why="a table row without a name cannot be read",
            fix="give it a name",
        )
    if not value.isprintable():
        raise DataError(
            f"the name given for {role} holds a character that cannot be printed ({value!r})",
            why="it would be lost in tables and saved files, and two names could look alike",
            fix="rename the column",
        )
    return value


def _number_or_column(value: object, *, role: str) -> float | str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return column_name(value, role=role)
    if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
        raise DataError(
            f"{role} must be a number or a column name; got {value!r}",
            why="it multiplies every money figure in the report",
            fix=f"pass a number, as in {role}=0.4, or the name of a column",
        )
    try:
        number = float(value)
    except (OverflowError, ValueError):  # an integer beyond all floats, a decimal's signalling NaN
        number = math.inf
    if not math.isfinite(number):
        raise DataError(
            f"{role} is {number}",
            why="every money figure in the report would be lost with it",
            fix="pass a finite number, or leave it out",
        )
    return number


def _check_one_role_each(roles: Roles) -> None:
    """Refuse a column with two roles; a control may also price the outcome."""
    seen: dict[str, str] = {}
    for role, column in roles.all:
        # Price explains units sold and also says what a unit is worth: two honest roles.
        if role in ("outcome_value", "margin") and seen.get(column) == "control":
            continue
        if column in seen:
            raise DataError(
                f"column {column!r} has two roles: {seen[column]} and {role}",
                why="a column cannot explain itself, and two copies of one column cannot be told apart",
                fix="give each role its own column",
            )
        seen[column] = role


def clean_name(name: str) -> str:
    """Reduce a name to what survives in file names, labels and other people's eyes.

    Examples
    --------
    >>> clean_name(" Paid-Search ")
    'paid_search'
    """
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFKC", name).casefold()).strip("_")


def check_names(*, channels: Sequence[str], controls: Sequence[str] = (), what: str = "channels and controls") -> None:
    """Refuse names that are reserved, empty once cleaned, or the same once cleaned.

    Raises
    ------
    DataError
        Naming the first offender.
    """
    reserved = [channel for channel in channels if clean_name(channel) in _RESERVED]
    if reserved:
        raise DataError(
            f"a channel or tracker may not be named {reserved[0]!r}",
            why=f"tables use {' and '.join(map(repr, _RESERVED))} for rows of their own",
            fix=f'rename it with a mapping, as in spend={{"all_media": {reserved[0]!r}}}',
        )
    check_distinct([*channels, *controls], what=what)


def check_distinct(names: Iterable[str], *, what: str) -> None:
    """Refuse names that have no letter or digit, or that differ only in case or punctuation."""
    seen: dict[str, str] = {}
    for name in names:
        key = clean_name(name)
        if not key:
            raise DataError(
                f"the name {name!r} has no letter or digit",
                why="nobody could find it in a table, and files could not be named after it",
                fix="give it a name that can be read",
            )
        if key in seen:
            raise DataError(
                f"{what}: {seen[key]!r} and {name!r} are the same name once case, spaces and punctuation are ignored",
                why="readers would confuse them, and cells of one could end up under the other",
                fix="rename one of them",
            )
        seen[key] = name


def check_columns(
    wanted: Sequence[tuple[str, str]], *, columns: Sequence[object], name: str, index_names: Sequence[object] = ()
) -> None:
    """Refuse a frame that lacks a wanted column, naming the nearest one it has.

    Parameters
    ----------
    wanted : sequence of (role, column)
        What is looked for.
    columns : sequence
        The frame's columns.
    name : str
        What the frame is called in messages.
    index_names : sequence
        Names of a pandas index, where a lost column is often found.

    Raises
    ------
    ColumnError
        Listing every missing column with its role.
    """
    texts = [column for column in columns if isinstance(column, str)]
    missing = [(role, column) for role, column in wanted if column not in texts]
    if not missing:
        return
    lines = []
    for role, column in missing:
        by_case = [text for text in texts if clean_name(text) == clean_name(column)]
        near = by_case or difflib.get_close_matches(column, texts, n=1)
        lines.append(f"{column!r} ({role}{f'; did you mean {near[0]!r}?' if near else ''})")
    in_index = [column for _, column in missing if column in index_names]
    plural = "columns" if len(missing) > 1 else "column"
    raise ColumnError(
        f"{name} has no {plural} {listed(lines)}. It has: {quoted(columns, limit=30)}",
        why="a column that is guessed at would be a model of something else",
        fix=f"{quoted(in_index)} is in the index: call .reset_index() first" if in_index else "correct the name",
    )
