"""What all of ringsim's records share: strict, frozen, and lossless with the PBX's JSON.

`Record`
    A pydantic model whose errors are ringsim's sentences, with `replace`.
`PbxRecord`
    A `Record` that came from the PBX or goes back to it: keys that ringsim does not know
    survive, an absent field stays absent, a null stays null.

A null means "as if it were absent" to the rules, so it is taken out before validation and
its key remembered for writing; types of fields then never include None. Some answers of the
PBX have `""` where others have null, so `""` means the same where it could mean nothing else.

A misspelt field must not be played as its default. The constructor refuses an unknown field
that is a near-miss of a known one, and a record of nothing but unknown fields. `from_pbx`
carries those as well, for the PBX may know more than ringsim; `notes` names them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from numbers import Integral
from operator import methodcaller
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PlainValidator,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from ringsim._checks import is_nested_deeper, is_number
from ringsim._files import MOST_LEVELS
from ringsim._spelling import meant
from ringsim.errors import ConfigurationError, did_you_mean, one_line

__all__ = [
    "ExtensionNumber",
    "FiniteSeconds",
    "PbxRecord",
    "Record",
    "check_listed_once",
    "check_names",
    "notes_on_unknown",
    "number_between",
    "plain_number",
]

EXTENSION_NUMBER = r"^[0-9]{3,64}$"

ExtensionNumber = Annotated[str, StringConstraints(strict=True, pattern=EXTENSION_NUMBER)]


def plain_number(value: Any) -> float:
    """A number as files have it, an int or a float, whatever library it comes from.

    A whole number stays one, so that 20 stays 20 when it is written back.
    """
    return int(value) if isinstance(value, Integral) else float(value)


def number_between(
    constraint: str, low: float, high: float, *, whole: bool = False, above: bool = False
) -> PlainValidator:
    """A validator for a number in [low, high], or in (low, high] with `above`."""

    def check(value: Any) -> Any:
        kind = isinstance(value, Integral) if whole else True
        if not (is_number(value) and kind and low <= value <= high) or (above and value == low):
            raise ValueError(f"must be {constraint}")
        return plain_number(value)

    return PlainValidator(check)


FiniteSeconds = Annotated[float, number_between("a finite number of seconds, at least 0", 0, 1e300)]


if TYPE_CHECKING:

    class _Model:
        """To a type checker, a class whose fields take more than what they hold.

        It would read pydantic's models as dataclasses and refuse `members=["201"]`.
        """

        model_fields: ClassVar[Mapping[str, Any]]
        model_fields_set: set[str]
        __pydantic_extra__: dict[str, Any] | None

        def __init__(self, *by_position: Any, **fields: Any) -> None: ...

else:
    _Model = BaseModel


def check_listed_once(field: str, numbers: Iterable[str]) -> None:
    """Refuse a list of people in which a number comes again.

    Raises
    ------
    ConfigurationError
        When one does; the sentence says where.
    """
    listed: set[str] = set()
    for place, number in enumerate(numbers):
        if number in listed:
            raise ConfigurationError(
                f"{field}[{place}].extension_number", "must not be listed twice", number
            )
        listed.add(number)


def check_names(table: Mapping[Any, Any], subject: str) -> None:
    """Find out that a table, not of a file, has keys that are no names of fields."""
    for key in table:
        if not isinstance(key, str):
            raise ConfigurationError(subject, "must be keyed by strings", key)


class Record(_Model):
    """A frozen record, validated when it is made.

    Raises
    ------
    ConfigurationError
        When a field cannot be what was given.
    """

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", arbitrary_types_allowed=True
    )
    _by_position: ClassVar[tuple[str, ...]] = ()

    def __init__(self, /, *by_position: Any, **fields: Any) -> None:
        if len(by_position) > len(self._by_position):
            raise TypeError(
                f"{type(self).__name__} takes {len(self._by_position)} arguments by position, "
                f"got {len(by_position)}"
            )
        named = dict(zip(self._by_position, by_position, strict=False))
        for name in named.keys() & fields.keys():
            raise TypeError(f"{type(self).__name__} got {name} twice")
        try:
            super().__init__(**named, **fields)
        except ValidationError as invalid:
            raise _as_configuration_error(invalid, type(self)) from None

    @model_validator(mode="wrap")
    @classmethod
    def _fields_have_names(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, Mapping):
            check_names(data, "")
        return handler(data)

    def given(self) -> dict[str, Any]:
        """The fields that were given, defaults left out, keyed by name; None is not given."""
        values = {**self.__dict__, **(self.__pydantic_extra__ or {})}
        kept = {name: values[name] for name in self.model_fields_set if values[name] is not None}
        order = {name: place for place, name in enumerate(type(self).model_fields)}
        return dict(sorted(kept.items(), key=lambda item: order.get(item[0], len(order))))

    def replace(self, /, **changes: Any) -> Self:
        """A copy with some fields changed, validated like a new one.

        Raises
        ------
        ConfigurationError
            When a changed field cannot be what was given.
        """
        return type(self)(**{**self.given(), **changes})


_LENIENT = ContextVar("_LENIENT", default=False)  # whether near-misses are carried along

_CHECKED: ContextVar[Any] = ContextVar("_CHECKED", default=None)  # class and names, now inside


@dataclass(frozen=True)
class _Carried:
    """The value of an unknown field that a record has already been allowed to carry."""

    value: Any


class PbxRecord(Record):
    """A record of the PBX: unknown keys are carried along, nulls are remembered."""

    model_config = ConfigDict(extra="allow")
    _own: ClassVar[frozenset[str]] = frozenset()  # fields of ringsim that the PBX never sees
    _also_read: ClassVar[tuple[str, ...]] = ()  # other names of fields, in the PBX's JSON
    _kind: ClassVar[str] = "a record of the PBX"
    _example: ClassVar[str] = ""  # what one looks like
    _blanks: dict[str, Any] = PrivateAttr(default_factory=dict)  # nulls, and "" for null

    @model_validator(mode="wrap")
    @classmethod
    def _set_blanks_aside(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(data, Mapping):
            return handler(data)
        if not _LENIENT.get() and _CHECKED.get() != (cls, data.keys()):
            cls._check_spelling(data)
        fields = {
            key: value.value if isinstance(value, _Carried) else value
            for key, value in data.items()
        }
        blanks = {key: value for key, value in fields.items() if cls._is_blank(key, value)}
        rest = {key: value for key, value in fields.items() if key not in blanks}
        before = _CHECKED.set((cls, rest.keys()))  # pydantic comes here again by the constructor
        try:
            record = handler(rest)
        finally:
            _CHECKED.reset(before)
        record._blanks = blanks
        record._check_depth()
        return record

    @classmethod
    def _is_blank(cls, key: str, value: Any) -> bool:
        """Whether a value stands for none: a null, or `""` where no text can stand."""
        if value is None or not isinstance(value, str) or value:
            return value is None
        if key in cls._also_read:
            return True
        field = cls.model_fields.get(key)
        if field is None or key in cls._own or field.is_required():
            return False
        return field.annotation is not str

    @classmethod
    def _known(cls) -> tuple[str, ...]:
        return (*cls.model_fields, *cls._also_read)

    @classmethod
    def _check_spelling(cls, data: Mapping[Any, Any]) -> None:
        """Raise `ConfigurationError` if an unknown field is misspelt, or no field is known."""
        known = cls._known()
        unknown = [
            key
            for key, value in data.items()
            if isinstance(key, str) and key not in known and not isinstance(value, _Carried)
        ]
        for key in unknown:
            if name := meant(key, known):
                raise ConfigurationError(
                    key, f"must be a field of {cls._kind}", hint=f"Did you mean {name!r}?"
                )
        if unknown and not data.keys() & set(known):
            raise _WholeRecordError(
                cls.__name__,
                f"must have at least one field of {cls._kind}",
                dict(data),
                f"One looks like {cls._example}",
            )

    def _check_depth(self) -> None:
        """Raise `ConfigurationError` if a field could not be shown, compared or written."""
        for key, value in (self.__pydantic_extra__ or {}).items():
            if is_nested_deeper(value, MOST_LEVELS):
                raise ConfigurationError(
                    key, f"must not be nested more than {MOST_LEVELS} levels deep", value
                )

    @classmethod
    def from_pbx(cls, data: Mapping[str, Any]) -> Self:
        """Return the record from the PBX's JSON, already parsed; every unknown field is kept.

        Unlike the constructor it refuses no field for its name: `notes` says which ones
        ringsim does not know.

        Raises
        ------
        ConfigurationError
            If it is no JSON object, or the value of a known field is invalid.
        """
        if not isinstance(data, Mapping):
            raise ConfigurationError(cls.__name__, "must be read from a JSON object", data)
        check_names(data, cls.__name__)
        before = _LENIENT.set(True)
        try:
            return cls(**data)
        finally:
            _LENIENT.reset(before)

    @classmethod
    def from_api(cls, data: Mapping[str, Any]) -> Self:
        """Return the same as `from_pbx`, which says what it reads and raises."""
        return cls.from_pbx(data)

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence on each unknown field, which is carried along and changes nothing."""
        return notes_on_unknown(self.unknown())

    def unknown(self, path: str = "") -> Iterator[tuple[str, str | None]]:
        """Paths of unknown fields, here and in records inside, and the names that they may mean."""
        known = self._known()
        for key in self._unknown_here():
            yield f"{path}.{key}" if path else key, meant(key, known)
        for name in type(self).model_fields:
            value, at = getattr(self, name), f"{path}.{name}" if path else name
            if isinstance(value, PbxRecord):
                yield from value.unknown(at)
            elif isinstance(value, tuple):
                for place, item in enumerate(value):
                    if isinstance(item, PbxRecord):
                        yield from item.unknown(f"{at}[{place}]")

    def _unknown_here(self) -> dict[str, Any]:
        """The fields that ringsim does not know, nulls included."""
        fields = {**(self.__pydantic_extra__ or {}), **self._blanks}
        return {key: value for key, value in fields.items() if key not in self._known()}

    def replace(self, /, **changes: Any) -> Self:
        """Return a copy with some fields changed, validated like a new one.

        Unknown fields that the record carries stay; those among the changes are checked.

        Raises
        ------
        ConfigurationError
            If a changed field is invalid, or is no field.
        """
        carried = {key: _Carried(value) for key, value in self._unknown_here().items()}
        return type(self)(**{**self.given(), **carried, **changes})

    def to_api(self) -> dict[str, Any]:
        """The record as the PBX's JSON has it: nothing lost, nothing of ringsim's added."""
        shared = {key: value for key, value in self.given().items() if key not in self._own}
        return {key: _as_plain(value, methodcaller("to_api")) for key, value in shared.items()}

    def to_file(self) -> dict[str, Any]:
        """The record as a scenario file has it: `to_api` and ringsim's own fields."""
        return {
            key: _as_plain(value, methodcaller("to_file")) for key, value in self.given().items()
        }

    def given(self) -> dict[str, Any]:
        """The fields that were given, nulls and unknown ones included."""
        return {**super().given(), **self._blanks}


def notes_on_unknown(fields: Iterable[tuple[str, str | None]]) -> tuple[str, ...]:
    """Return a sentence on each unknown field, named once however many records have it.

    Parameters
    ----------
    fields : iterable of (str, str or None)
        The path of each, and the known name that it is a near-miss of.
    """
    places: dict[tuple[str, str | None], list[str]] = {}
    for path, name in fields:
        places.setdefault((re.sub(r"\[\d+\]", "[]", path), name), []).append(path)
    return tuple(_note_on_unknown(paths, name) for (_, name), paths in places.items())


def _note_on_unknown(paths: list[str], name: str | None) -> str:
    others = len(paths) - 1
    where = f" (and {others} more like it)" if others else ""
    hint = f" Did you mean {name!r}?" if name else ""
    said = f"{one_line(paths[0])}{where} is carried along and changes nothing"
    return f"{said}: ringsim does not know the field.{hint}"


def _as_plain(value: Any, written: Callable[[PbxRecord], dict[str, Any]]) -> Any:
    if isinstance(value, PbxRecord):
        return written(value)
    if isinstance(value, Record):
        return value.given()
    if isinstance(value, tuple):
        return [_as_plain(item, written) for item in value]
    return value.value if hasattr(value, "value") else value


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


class _WholeRecordError(ConfigurationError):
    """An error of a record as a whole, which is named by its class until it has a path."""

    def inside(self, path: str) -> ConfigurationError:
        return ConfigurationError(path or self.subject, self.constraint, self.got, self.hint)


def _as_configuration_error(invalid: ValidationError, model: type[Record]) -> ConfigurationError:
    """The first of pydantic's complaints as one of ringsim's sentences.

    A misspelt field comes before the required one that it leaves missing.
    """
    complaints = invalid.errors(include_url=False)
    complaint = min(complaints, key=lambda each: each["type"] != "extra_forbidden")
    loc = complaint["loc"]
    cause = complaint.get("ctx", {}).get("error")
    if isinstance(cause, ConfigurationError):
        return cause.inside(_path(loc)) if loc else cause
    if complaint["type"] == "extra_forbidden":
        names = list(model.model_fields)
        return _WholeRecordError(
            model.__name__,
            f"must have no field {str(loc[-1])!r}",
            complaint["input"],
            did_you_mean(loc[-1], names) or f"Its fields are {', '.join(names)}.",
        )
    if complaint["type"] == "missing":
        return ConfigurationError(_path(loc), "must be given")
    constraint = str(cause) if cause is not None else _constraint(complaint)
    if not loc:
        return _WholeRecordError(model.__name__, constraint, complaint["input"])
    return ConfigurationError(_path(loc), constraint, complaint["input"], _hint(complaint))


def _constraint(complaint: ErrorDetails) -> str:
    return CONSTRAINTS.get(complaint["type"]) or complaint["msg"]


def _hint(complaint: ErrorDetails) -> str:
    number = complaint["input"]
    if complaint["type"] == "string_type" and is_number(number):
        return "Put it in quotes."
    return ""


def _path(loc: Iterable[int | str]) -> str:
    """`("members", 3, "skill_level")` as `members[3].skill_level`."""
    path = ""
    for step in loc:
        if step == "[key]":  # pydantic's mark of a key that cannot be
            continue
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path
