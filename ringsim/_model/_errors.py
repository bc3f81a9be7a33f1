"""Translation of pydantic's validation errors into ringsim's error sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ringsim._checks import is_number
from ringsim.errors import ConfigurationError, did_you_mean

__all__ = ["WholeRecordError", "as_configuration_error"]

PUBLIC = ("Away", "Demand", "Redial")  # records that are fields of others
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
ASKS_FOR_NUMBER = re.compile(r"\b(a (\w+ )*number|seconds|hours|between)\b")
CONSTRAINTS = {
    "string_type": "must be a string",
    "string_pattern_mismatch": "must be a string of 3 to 64 digits",
    "string_unicode": "must be Unicode text, without half a surrogate pair",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
}


class WholeRecordError(ConfigurationError):
    """An error of a whole record; its subject is the class until an outer record adds a path."""

    def inside(self, path: str) -> ConfigurationError:
        return ConfigurationError(path or self.subject, self.constraint, self.got, self.hint)


def as_configuration_error(invalid: ValidationError, model: type[Any]) -> ConfigurationError:
    """Return the first of pydantic's errors as a `ConfigurationError`.

    A misspelt field is reported before the required field that is missing because of it. A number,
    true or false in quotes has a hint.
    """
    error = _first_error(invalid, model)
    if error.hint or not _is_quoted(error):
        return error
    return type(error)(error.subject, error.constraint, error.got, "Remove the quotes.")


def _is_quoted(error: ConfigurationError) -> bool:
    """Return whether a value was refused because it is a number, true or false in quotes."""
    if not isinstance(error.got, str):
        return False
    if error.constraint == CONSTRAINTS["bool_type"]:
        return error.got in ("true", "false")
    asks_for_number = ASKS_FOR_NUMBER.search(error.constraint)
    return NUMBER.fullmatch(error.got) is not None and asks_for_number is not None


def _first_error(invalid: ValidationError, model: type[Any]) -> ConfigurationError:
    details = invalid.errors(include_url=False)
    detail = min(details, key=lambda each: each["type"] != "extra_forbidden")
    loc = detail["loc"]
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, ConfigurationError):
        return cause.inside(_path(loc)) if loc else cause
    if detail["type"] == "extra_forbidden":
        names, field = list(model.model_fields), str(loc[-1])
        known = getattr(model, "_other_words", {}).get(field.casefold())
        return WholeRecordError(
            model.__name__,
            f"must have no field {field!r}",
            detail["input"],
            known or did_you_mean(field, names) or f"Its fields are {', '.join(names)}.",
        )
    if detail["type"] == "missing":
        return ConfigurationError(_path(loc), "must be given")
    constraint = str(cause) if cause is not None else _constraint(detail)
    if not loc:
        return WholeRecordError(model.__name__, constraint, detail["input"])
    return ConfigurationError(_path(loc), constraint, detail["input"], _hint(detail))


def _constraint(detail: ErrorDetails) -> str:
    return CONSTRAINTS.get(detail["type"]) or detail["msg"]


def _hint(detail: ErrorDetails) -> str:
    if detail["type"] == "string_type" and is_number(detail["input"]):
        return "Put it in quotes."
    if detail["type"] in ("model_type", "model_attributes_type"):
        kind = detail.get("ctx", {}).get("class_name", "")
        return f"Give a ringsim.{kind}, or a table of its fields." if kind in PUBLIC else ""
    if detail["type"] == "tuple_type" and isinstance(detail["input"], BaseModel):
        return "Put it in brackets: a list may have one item."
    return ""


def _path(loc: Iterable[int | str]) -> str:
    """Format pydantic's location: `("members", 3, "skill_level")` as `members[3].skill_level`."""
    path = ""
    for step in loc:
        if step == "[key]":  # pydantic's marker of an invalid dictionary key
            continue
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path
