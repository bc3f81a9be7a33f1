"""The base class of all records, and the checks that records share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)

from ringsim._model._errors import as_configuration_error
from ringsim.errors import ConfigurationError

__all__ = ["Record", "check_listed_once", "check_names"]

if TYPE_CHECKING:

    class _Model:
        """Stand-in for `BaseModel` in type checking, with fields of any type.

        A type checker would read pydantic's models as dataclasses and refuse
        `members=["201"]`, which validators convert.
        """

        model_fields: ClassVar[Mapping[str, Any]]
        model_fields_set: set[str]
        __pydantic_extra__: dict[str, Any] | None

        def __init__(self, *by_position: Any, **fields: Any) -> None: ...

        @classmethod
        def model_construct(cls, **fields: Any) -> Self: ...

else:
    _Model = BaseModel


def check_listed_once(field: str, numbers: Iterable[str]) -> None:
    """Check that no extension number appears twice in a list.

    Raises
    ------
    ConfigurationError
        If one does; the message gives the index of its second appearance.
    """
    listed: set[str] = set()
    for index, number in enumerate(numbers):
        if number in listed:
            raise ConfigurationError(
                f"{field}[{index}].extension_number", "must not be listed twice", number
            )
        listed.add(number)


def check_names(table: Mapping[Any, Any], subject: str) -> None:
    """Raise `ConfigurationError` if a key is not a string.

    JSON and TOML only have string keys; a dictionary built in Python may have others.
    """
    for key in table:
        if not isinstance(key, str):
            raise ConfigurationError(subject, "must be keyed by strings", key)


class Record(_Model):
    """A frozen record that validates its fields.

    Raises
    ------
    ConfigurationError
        If a field is invalid.
    """

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", arbitrary_types_allowed=True
    )
    _by_position: ClassVar[tuple[str, ...]] = ()  # fields that may be positional arguments
    _other_words: ClassVar[Mapping[str, str]] = {}  # hints for fields that people expect, by name

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
            raise as_configuration_error(invalid, type(self)) from None

    @model_validator(mode="wrap")
    @classmethod
    def _fields_have_names(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, Mapping):
            check_names(data, "")
        return handler(data)

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """Return the fields that were set: a record with all its defaults fills a screen."""
        return self.given().items()

    def given(self) -> dict[str, Any]:
        """Return the fields that were set, by name, in the order of their definition.

        Fields left at their default are omitted, and so are fields set to None.
        """
        were_set, values, others = self.model_fields_set, self.__dict__, self.__pydantic_extra__
        kept = {name: values[name] for name in type(self).model_fields if name in were_set}
        if others:
            kept |= {name: value for name, value in others.items() if name in were_set}
        return {name: value for name, value in kept.items() if value is not None}

    def replace(self, /, **changes: Any) -> Self:
        """Return a copy with some fields changed, validated like a new record.

        Raises
        ------
        ConfigurationError
            If a changed field is invalid.
        """
        return type(self)(**{**self.given(), **changes})
