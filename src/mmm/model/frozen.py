"""The base of every specification: frozen, strict, and clear about misspelt fields."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from typing import Any, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from mmm.errors import SpecError

__all__ = ["Frozen", "FrozenDict"]


class Frozen(BaseModel):
    """A pydantic model that cannot change and refuses what it does not know.

    Raises
    ------
    SpecError
        On an unknown field (naming the nearest) or a value of the wrong kind.
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
                raise ValueError(f"{name} = {value!r}: a number is needed here, not text or a truth value")
        return fields

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise SpecError(_explain(type(self), error)) from None

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


def _explain(model: type[BaseModel], error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            near = difflib.get_close_matches(str(problem["loc"][-1]), list(model.model_fields), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else "."
            known = ", ".join(model.model_fields)
            lines.append(f"{model.__name__} has no field {where!r}{hint} Its fields: {known}.")
        elif not where:
            lines.append(f"{model.__name__}: {problem['msg'].removeprefix('Value error, ')}")
        else:
            lines.append(f"{model.__name__}.{where} = {problem['input']!r}: {problem['msg']}")
    return "\n".join(lines)
