"""The base of every specification: frozen, strict, and clear about misspelt fields."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from mmm.errors import SpecError

__all__ = ["Frozen"]


class Frozen(BaseModel):
    """A pydantic model that cannot change and refuses what it does not know.

    Raises
    ------
    SpecError
        On an unknown field (naming the nearest) or a value of the wrong kind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, ser_json_inf_nan="constants")

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise SpecError(_explain(type(self), error)) from None


def _explain(model: type[BaseModel], error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            near = difflib.get_close_matches(str(problem["loc"][-1]), list(model.model_fields), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else "."
            known = ", ".join(model.model_fields)
            lines.append(f"{model.__name__} has no field {where!r}{hint} Its fields: {known}.")
        else:
            lines.append(f"{model.__name__}.{where} = {problem['input']!r}: {problem['msg']}")
    return "\n".join(lines)
