"""Groups of options that several commands share, made into options that typer understands.

A group is a dataclass whose fields are options; its class attribute `panel` is the heading of its
options in the help.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import is_dataclass
from functools import wraps
from typing import Annotated, Any, get_args, get_type_hints

from typer.models import OptionInfo

from ringsim.cli._spoken import spoken_as_options

__all__ = ["with_option_groups"]


def with_option_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with its option groups replaced by their options, for typer.

    Parameters
    ----------
    command : callable
        A parameter may be an option group: a dataclass whose fields are options with their
        defaults, or option groups again.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Place:
    ...     street: str
    ...     number: int = 1
    >>> @with_option_groups
    ... def show(*, name: str, place: Place) -> None:
    ...     print(name, place)
    >>> list(inspect.signature(show).parameters)
    ['name', 'street', 'number']
    >>> show(name="Office", street="Elm", number=7)
    Office Place(street='Elm', number=7)
    """
    parameters = list(_flat_parameters(command))
    options = {each.name: _flag(each) for each in parameters}

    @wraps(command)
    def flat(**given: Any) -> None:
        with spoken_as_options(options, complete=True):
            _call_with(command, given)

    flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    flat.__annotations__ = {option.name: option.annotation for option in parameters}
    return flat


def _flat_parameters(taker: Callable[..., Any]) -> Iterator[inspect.Parameter]:
    """Yield the options of a command or option group, in order."""
    hints = get_type_hints(taker, include_extras=True)
    for name, parameter in inspect.signature(taker).parameters.items():
        if is_dataclass(hints[name]):
            yield from _flat_parameters(hints[name])
        else:
            annotation = _in_panel(hints[name], getattr(taker, "panel", None))
            keyword = inspect.Parameter.KEYWORD_ONLY
            yield parameter.replace(kind=keyword, annotation=annotation)


def _in_panel(annotation: Any, panel: str | None) -> Any:
    """Return the annotation of an option with its heading in the help, if it has none yet."""
    option = _option(annotation)
    if option is None or panel is None or option.rich_help_panel is not None:
        return annotation
    option = copy(option)  # several commands may share it
    option.rich_help_panel = panel
    return Annotated[get_args(annotation)[0], option]


def _option(annotation: Any) -> OptionInfo | None:
    """Return what an annotation says about an option; None for an argument."""
    return next((each for each in get_args(annotation)[1:] if isinstance(each, OptionInfo)), None)


def _flag(parameter: inspect.Parameter) -> str:
    """Return an option as a user writes it: `--what-if`."""
    option = _option(parameter.annotation)
    if option is None:
        return parameter.name.upper()
    return next(iter(option.param_decls or ()), f"--{parameter.name.replace('_', '-')}")


def _call_with(taker: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """Call a command or option group with its options and return the result."""
    hints = get_type_hints(taker, include_extras=True)
    return taker(
        **{
            name: _call_with(hints[name], given) if is_dataclass(hints[name]) else given[name]
            for name in inspect.signature(taker).parameters
        }
    )
