"""Errors about an argument of a function, reworded for the option that sets it.

The functions of the library name their arguments: `dispatcher must be the name of ...`. On the
command line it is `--strategy` that must be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ringsim.errors import ConfigurationError

__all__ = ["spoken_as_options", "with_options"]

SET_BY = {  # arguments that options of other names set
    "dispatcher": ("strategy",),
    "strategies": ("strategy",),
    "metrics": ("metric",),
    "variants": ("what_if",),
    "mapping": ("map",),
    "settings": ("setting",),
    "sections": ("section",),
    "max_replications": ("replications",),
    "replications_played": ("replications",),
    "width": ("width", "intervals"),
    "shifts": ("shift",),
    "people": ("staff",),
}


@contextmanager
def spoken_as_options(options: Mapping[str, str], *, complete: bool = False) -> Iterator[None]:
    """Replace arguments by options in a `ConfigurationError` of the block.

    Parameters
    ----------
    options : mapping of str to str
        The options of a command, by the name of its argument: `{"what_if": "--what-if"}`.
    complete : bool, default False
        Whether the command has no other options, so that hints on other arguments are left out.
    """
    try:
        yield
    except ConfigurationError as wrong:
        hint = with_options(wrong.hint, options)
        raise ConfigurationError(
            _subject(wrong.subject, options),
            wrong.constraint,
            wrong.got,
            _without_arguments(hint) if complete else hint,
        ) from None


@contextmanager
def items_spoken(argument: str, givers: Sequence[str]) -> Iterator[None]:
    """Replace `argument[0]` in errors of the block by the option that gave the item.

    Parameters
    ----------
    argument : str
    givers : sequence of str
        By item, the option that gave it, such as `--absent`.
    """
    try:
        yield
    except ConfigurationError as wrong:
        match = re.match(rf"{argument}\[(\d+)\]", wrong.subject)
        if match is None or int(match[1]) >= len(givers):
            raise
        subject = givers[int(match[1])]
        raise ConfigurationError(subject, wrong.constraint, wrong.got, wrong.hint) from None


@contextmanager
def read_from(file: str | None, tables: Sequence[str]) -> Iterator[None]:
    """Let errors of the block about the tables of a file begin with the name of the file."""
    try:
        yield
    except ConfigurationError as wrong:
        if file is None or not wrong.subject.startswith(tuple(tables)):
            raise
        raise wrong.in_file(file) from None


def _flag(argument: str, options: Mapping[str, str]) -> str | None:
    """Return the option that sets an argument, or None."""
    names = (*SET_BY.get(argument, ()), argument)
    return next((options[name] for name in names if name in options), None)


def _subject(subject: str, options: Mapping[str, str]) -> str:
    """Return the subject of an error with an option in place of an argument.

    `metrics[1]` becomes `--metric`, `variants['short'].ring_time` `--what-if short:ring_time`, and
    `over.strategy[0]` `--over strategy`.
    """
    if match := re.fullmatch(r"variants\[(['\"])(.*?)\1\]\.?(.*)", subject):
        flag, path = _flag("variants", options), f":{match[3]}" if match[3] else ""
        return f"{flag} {match[2]}{path}" if flag else subject
    match = re.fullmatch(r"(?:(?:target|subject_to)\.)?(\w+)(?:\[\d+\])?(?:='(\w+)')?", subject)
    if match is None and (part := re.fullmatch(r"(\w+)\.(\w+)(?:\[\d+\])?", subject)):
        flag = _flag(part[1], options)
        return f"{flag} {part[2]}" if flag else subject
    flag = _flag(match[1], options) if match else None
    if match is None or flag is None:
        return subject
    return f"{flag} {match[2]}" if match[2] else flag


def _without_arguments(hint: str) -> str:
    """Return a hint without the sentences on an argument, such as `max_calls=` without a value."""
    sentences = re.split(r"(?<=[.?!]) ", hint)
    return " ".join(each for each in sentences if not re.search(r"\b\w+=(?=[ .]|$)", each))


def with_options(text: str, options: Mapping[str, str]) -> str:
    """Return a text with options in place of arguments.

    `--engine simpy` stands for `engine='simpy'`, and `--map` for `mapping=` without a value.
    """

    def spoken(found: re.Match[str]) -> str:
        flag = _flag(found[1], options)
        return f"{flag} {found[2] or ''}".rstrip() if flag else found[0]

    told = re.sub(r"\b(\w+)=(?:'(\w+)'|(?=[ .]|$))", spoken, text)
    if "setting" in options:
        told = told.replace('Give opens_at, such as "08:00".', "Give --set opens_at=08:00.")
    return told.replace("variants={name: strategy}", "--what-if NAME:ring_strategy=STRATEGY")
