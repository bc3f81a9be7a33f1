"""The base class of records that are read from the PBX and written back.

Nulls: to the rules a null means the same as an absent field. A null is therefore removed
before validation, and its key is remembered for writing; field types never include None. In
some answers of the PBX an empty string stands for null, so `""` is treated as null in every
field where an empty string has no meaning of its own.

Unknown fields: a misspelt field must not silently become its default. The constructor
therefore refuses an unknown field that is a near-miss of a known one, and a record that has
only unknown fields. `from_pbx` keeps such fields too, because the PBX may know more than
ringsim; `notes` lists them. `to_file` writes them into a table `carried_from_pbx`, from which
the constructor takes them unchecked, so that a scenario file can be loaded again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from operator import methodcaller
from typing import Any, ClassVar, Self

from pydantic import ConfigDict, ModelWrapValidatorHandler, PrivateAttr, model_validator

from ringsim._checks import is_nested_deeper
from ringsim._files import MOST_LEVELS
from ringsim._model._errors import WholeRecordError
from ringsim._model._record import Record, check_names
from ringsim._model._unknown_fields import notes_on_unknown
from ringsim._spelling import meant
from ringsim.errors import ConfigurationError

__all__ = ["PbxRecord"]

CARRIED = "carried_from_pbx"  # in files: a table of fields that the constructor would refuse

# True inside `from_pbx`, which keeps near-misses of known fields
_LENIENT = ContextVar("_LENIENT", default=False)
# Class and keys of the record in construction, whose spelling has been checked
_CHECKED: ContextVar[Any] = ContextVar("_CHECKED", default=None)


@dataclass(frozen=True)
class _Carried:
    """The value of an unknown field that an earlier record carried; exempt from the check."""

    value: Any


class PbxRecord(Record):
    """A record of the PBX that keeps unknown keys and remembers nulls."""

    model_config = ConfigDict(extra="allow")
    _own: ClassVar[frozenset[str]] = frozenset()  # ringsim's own fields, never sent to the PBX
    _also_read: ClassVar[tuple[str, ...]] = ()  # other names for fields in the PBX's JSON
    _kind: ClassVar[str] = "a record of the PBX"
    _example: ClassVar[str] = ""  # shown in errors
    _blanks: dict[str, Any] = PrivateAttr(
        default_factory=dict
    )  # keys with null, or with "" for null

    @model_validator(mode="wrap")
    @classmethod
    def _set_blanks_aside(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(data, Mapping):
            return handler(data)
        if not _LENIENT.get() and _CHECKED.get() != (cls, data.keys()):
            data = cls._with_carried(data)
            cls._check_spelling(data)
        fields = {
            key: value.value if isinstance(value, _Carried) else value
            for key, value in data.items()
        }
        blanks = {key: value for key, value in fields.items() if cls._is_blank(key, value)}
        rest = {key: value for key, value in fields.items() if key not in blanks}
        before = _CHECKED.set(
            (cls, rest.keys())
        )  # pydantic calls this validator again from the constructor
        try:
            record = handler(rest)
        finally:
            _CHECKED.reset(before)
        record._blanks = blanks
        record._check_depth()
        return record

    @classmethod
    def _with_carried(cls, data: Mapping[Any, Any]) -> Mapping[Any, Any]:
        """Return the fields, and those of the table `carried_from_pbx` exempt from the check."""
        carried = data.get(CARRIED)
        if not isinstance(carried, Mapping):
            return data
        check_names(carried, CARRIED)
        for key in carried:
            if key in cls._known():
                raise ConfigurationError(
                    f"{CARRIED}.{key}", f"must not be a field of {cls._kind}", carried[key]
                )
        rest = {key: value for key, value in data.items() if key != CARRIED}
        return {**rest, **{key: _Carried(value) for key, value in carried.items()}}

    @classmethod
    def _is_blank(cls, key: str, value: Any) -> bool:
        """Return True for a null, and for `""` in a field that holds no text."""
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
            raise WholeRecordError(
                cls.__name__,
                f"must have at least one field of {cls._kind}",
                dict(data),
                f"One looks like {cls._example}",
            )

    def _check_depth(self) -> None:
        """Raise `ConfigurationError` if an unknown field is nested too deeply to show or write."""
        for key, value in (self.__pydantic_extra__ or {}).items():
            if is_nested_deeper(value, MOST_LEVELS):
                raise ConfigurationError(
                    key, f"must not be nested more than {MOST_LEVELS} levels deep", value
                )

    @classmethod
    def from_pbx(cls, data: Mapping[str, Any]) -> Self:
        """Return the record from the PBX's parsed JSON, keeping every unknown field.

        Unlike the constructor, it accepts misspelt fields; `notes` lists the fields that
        ringsim does not know.

        Raises
        ------
        ConfigurationError
            If `data` is not a dictionary, or the value of a known field is invalid.
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
        """Return the record from the PBX's parsed JSON; the same as `from_pbx`."""
        return cls.from_pbx(data)

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence per unknown field; such a field is kept and has no effect."""
        return notes_on_unknown(self.unknown())

    def unknown(self, path: str = "") -> Iterator[tuple[str, str | None]]:
        """Yield the path of each unknown field and the known name it resembles, or None.

        Fields of inner records are included.
        """
        known = self._known()
        for key in self._unknown_here():
            yield f"{path}.{key}" if path else key, meant(key, known)
        for name in type(self).model_fields:
            value, at = getattr(self, name), f"{path}.{name}" if path else name
            if isinstance(value, PbxRecord):
                yield from value.unknown(at)
            elif isinstance(value, tuple):
                for index, item in enumerate(value):
                    if isinstance(item, PbxRecord):
                        yield from item.unknown(f"{at}[{index}]")

    def _unknown_here(self) -> dict[str, Any]:
        """Return the fields that ringsim does not know, nulls included."""
        fields = {**(self.__pydantic_extra__ or {}), **self._blanks}
        return {key: value for key, value in fields.items() if key not in self._known()}

    def replace(self, /, **changes: Any) -> Self:
        """Return a copy with some fields changed, validated like a new record.

        Unknown fields of this record are kept. Names of changed fields are checked.

        Raises
        ------
        ConfigurationError
            If a changed field is invalid or misspelt.
        """
        return type(self)(**{**self._constructible(), **changes})

    def _constructible(self) -> dict[str, Any]:
        """Return the fields that were set, in a form that the constructor accepts unchecked."""
        carried = {key: _Carried(value) for key, value in self._unknown_here().items()}
        return {**self.given(), **carried}

    def to_api(self) -> dict[str, Any]:
        """Return the record as the PBX's JSON: what was read, without ringsim's own fields."""
        shared = {key: value for key, value in self.given().items() if key not in self._own}
        return {key: _as_plain(value, methodcaller("to_api")) for key, value in shared.items()}

    def to_file(self) -> dict[str, Any]:
        """Return the record as a scenario file stores it: `to_api` and ringsim's own fields.

        Fields that the constructor would refuse are in a table `carried_from_pbx`.
        """
        plain = {
            key: _stored(value) if key in self._own else _as_plain(value, methodcaller("to_file"))
            for key, value in self.given().items()
        }
        known = self._known()
        refused = {
            key: value
            for key, value in plain.items()
            if key not in known
            and (key == CARRIED or meant(key, known) or not plain.keys() & set(known))
        }
        if not refused:
            return plain
        return {**{k: v for k, v in plain.items() if k not in refused}, CARRIED: refused}

    def given(self) -> dict[str, Any]:
        """Return the fields that were set, nulls and unknown fields included."""
        return {**super().given(), **self._blanks}


def _as_plain(value: Any, write: Callable[[PbxRecord], dict[str, Any]]) -> Any:
    if isinstance(value, PbxRecord):
        return write(value)
    if isinstance(value, Record):
        return _stored(value)
    if isinstance(value, tuple):
        return [_as_plain(item, write) for item in value]
    return value.value if hasattr(value, "value") else value


def _stored(value: Any) -> Any:
    """Return one of ringsim's own values as files store it: lists, tables and "inf"."""
    if isinstance(value, Record):
        return {key: _stored(item) for key, item in value.given().items()}
    if hasattr(value, "_asdict"):  # a row; TOML has no nulls
        return {key: _stored(item) for key, item in value._asdict().items() if item is not None}
    if isinstance(value, tuple):
        return [_stored(item) for item in value]
    return "inf" if isinstance(value, float) and value == math.inf else value
