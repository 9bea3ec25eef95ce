"""The base of every specification: frozen, strict, and clear about misspelt fields."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from mmm.errors import Problem, SpecError

__all__ = ["Frozen", "FrozenDict"]

#: The field by which one of several models says which it is.
KIND = "kind"


class Frozen(BaseModel):
    """A pydantic model that cannot change and refuses what it does not know.

    Raises
    ------
    SpecError
        On an unknown field (naming the nearest) or a value of the wrong kind, with the way to it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, ser_json_inf_nan="constants")

    @model_validator(mode="before")
    @classmethod
    def _numbers_are_numbers(cls, fields: Any) -> Any:
        """Refuse "500" and True where a number is meant; pydantic would turn them into 500 and 1."""
        for name, value in fields.items() if isinstance(fields, dict) else ():
            field = cls.model_fields.get(name)
            takes_number = field is not None and {field.annotation, *get_args(field.annotation)} & {int, float}
            if takes_number and (isinstance(value, bool) or _is_number_in_quotes(value)):
                said = f" = {value!r}: a number is needed here, not text or a truth value"
                raise SpecError(f"{name}{said}", problems=[Problem((name,), said)])
        return fields

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            problems = tuple(_problems(type(self), error))
            what = "\n".join(problem.at(type(self).__name__) for problem in problems)
            raise SpecError(what, problems=problems) from None

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Give a copy with other fields, checked as if it had been written down anew.

        Nothing in it can change, so that there is nothing to copy deeply.

        Raises
        ------
        SpecError
            On an unknown field or a value of the wrong kind.
        """
        return type(self)(**{name: getattr(self, name) for name in self.model_fields_set} | dict(update or {}))


def _is_number_in_quotes(value: Any) -> bool:
    try:
        return isinstance(value, str) and math.isfinite(float(value))
    except ValueError:
        return False


class FrozenDict(dict[Any, Any]):
    """A dict that cannot be changed once made, so that a frozen model is frozen all the way down."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a specification cannot be changed; make a new one")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> Any:
        return FrozenDict, (dict(self),)


def _problems(model: type[BaseModel], error: ValidationError) -> Iterator[Problem]:
    """Say what pydantic found, field by field."""
    for found in error.errors():
        where = tuple(str(part) for part in found["loc"])
        kinds = _kinds(model, where[0]) if where else []
        if kinds and len(where) > 1:  # the kind that was chosen is no place
            where = where[:1] + where[2:]
        inside = found.get("ctx", {}).get("error")
        if isinstance(inside, SpecError) and inside.problems:  # a specification in this one, which said what is wrong
            yield from (problem._replace(where=where + problem.where) for problem in inside.problems)
        elif found["type"] == "extra_forbidden":
            hint = _nearest(where[-1], model.model_fields) or "."
            known = ", ".join(model.model_fields)
            yield Problem(where, f" has no field {where[-1]!r}{hint} Its fields: {known}.", known=False)
        elif found["type"] == "missing":
            yield Problem(where, " is missing")
        elif kinds and len(where) == 1 and isinstance(found["input"], (dict, str)):
            yield _without_kind(where[0], found["input"], kinds)
        elif not where:
            yield Problem((), f": {_message(found)}")
        else:
            yield Problem(where, f" = {found['input']!r}: {_message(found)}")


def _message(found: Any) -> str:
    said = str(found["msg"]).removeprefix("Value error, ")
    if found["type"] != "literal_error":
        return said
    return said + _nearest(found["input"], re.findall("'([^']*)'", found["ctx"]["expected"]))


def _kinds(model: type[BaseModel], name: str) -> list[str]:
    """Give the kinds of which a field may be; none where there is no choice."""
    field = model.model_fields.get(name)
    if field is None or field.discriminator != KIND:
        return []
    return [choice.model_fields[KIND].default for choice in get_args(field.annotation)]


def _without_kind(name: str, value: Any, kinds: list[str]) -> Problem:
    known = ", ".join(map(repr, kinds))
    if isinstance(value, dict) and KIND in value:
        near = _nearest(value[KIND], kinds) or "."
        return Problem((name, KIND), f" = {value[KIND]!r}: there is no such kind{near} Kinds: {known}.")
    near = (difflib.get_close_matches(str(value), kinds, n=1) or kinds)[0]
    return Problem((name,), f" = {value!r}: a kind is needed, as in {{{KIND!r}: {near!r}}}. Kinds: {known}.")


def _nearest(name: object, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(name), list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
