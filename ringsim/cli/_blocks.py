"""Options in blocks: a command takes a dataclass, the command line an option for each field."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from functools import wraps
from typing import Any, get_type_hints

__all__ = ["in_blocks"]


def in_blocks(command: Callable[..., None]) -> Callable[..., None]:
    """The same command as typer reads it, without blocks.

    Parameters
    ----------
    command : callable
        Any of its parameters may be a block: a dataclass whose fields are options, with
        their defaults, or blocks again. The options of a block stand in its place.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Place:
    ...     street: str
    ...     number: int = 1
    >>> @in_blocks
    ... def show(*, name: str, place: Place) -> None:
    ...     print(name, place)
    >>> list(inspect.signature(show).parameters)
    ['name', 'street', 'number']
    >>> show(name="Office", street="Elm", number=7)
    Office Place(street='Elm', number=7)
    """

    @wraps(command)
    def flat(**given: Any) -> None:
        _filled(command, given)

    parameters = list(_options_of(command))
    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    flat.__annotations__ = {option.name: option.annotation for option in parameters}
    return flat


def _options_of(taker: Callable[..., Any]) -> Iterator[inspect.Parameter]:
    """The options of a command or block, in order."""
    hints = get_type_hints(taker, include_extras=True)
    for name, parameter in inspect.signature(taker).parameters.items():
        if is_dataclass(hints[name]):
            yield from _options_of(hints[name])
        else:
            keyword = inspect.Parameter.KEYWORD_ONLY
            yield parameter.replace(kind=keyword, annotation=hints[name])


def _filled(taker: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """A command or block called with its options."""
    hints = get_type_hints(taker, include_extras=True)
    return taker(
        **{
            name: _filled(hints[name], given) if is_dataclass(hints[name]) else given[name]
            for name in inspect.signature(taker).parameters
        }
    )
