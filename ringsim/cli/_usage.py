"""Sentences for options that the parser of the command line refuses.

`usage_sentence`
    Return the sentence for an error of the parser.

The parser's own words are kept, but for a text that is no number, and for an unknown option that
is an old name or the name of a setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typer.exceptions import TyperException

from ringsim.errors import ConfigurationError

__all__ = ["usage_sentence"]

RENAMED = {"--most": "--max-members"}  # old names of options, and their new ones
NUMBERS = {"int": "must be a whole number", "float": "must be a number"}  # by kind of error
TABLES = ("groups", "demand", "extensions")
NUMBERED = {  # what to say of the numbers in a path
    "demand": ", with the number of your group",
    "groups": ", with the numbers of your group and of the member",
    "extensions": ", with the number of the person",
}


def usage_sentence(wrong: TyperException, arguments: Sequence[str]) -> str:
    """Return the sentence for an error of the parser.

    Parameters
    ----------
    wrong : TyperException
    arguments : sequence of str
        The command line, from which the value of an unknown option is taken.
    """
    return _no_number(wrong) or _unknown_option(wrong, arguments) or wrong.format_message()


def _no_number(wrong: TyperException) -> str:
    """Return the sentence for a text that is no number; empty for other errors."""
    details: Any = getattr(wrong.__cause__, "errors", list)()  # of pydantic
    parameter: Any = getattr(wrong, "param", None)
    if not details or parameter is None:
        return ""
    constraint = NUMBERS.get(details[0]["type"].partition("_")[0])
    if constraint is None:
        return ""
    subject = next((each for each in parameter.opts if each.startswith("--")), None)
    error = ConfigurationError(subject or parameter.metavar, constraint, details[0]["input"])
    return str(error)


def _unknown_option(wrong: TyperException, arguments: Sequence[str]) -> str:
    """Return the sentence for an unknown option with what to write; empty for other errors."""
    option = getattr(wrong, "option_name", None)
    if option is None:
        return ""
    if option in RENAMED:
        return f"{wrong.format_message().rstrip('.')}. Write {RENAMED[option]}."
    context: Any = getattr(wrong, "ctx", None)
    known = {flag for each in context.command.params for flag in each.opts} if context else set()
    if "--set" not in known or option in known:
        return ""
    from ringsim.scenario import example_paths

    name = option.removeprefix("--").replace("-", "_").lower()
    path = None if name in TABLES else example_paths().get(name)
    if path is None:
        return ""
    yours = NUMBERED.get(path.partition(".")[0], "") if "." in path else ""
    return f"No such option: {option}. Write --set {path}={_value(option, arguments)}{yours}."


def _value(option: str, arguments: Sequence[str]) -> str:
    """Return the value that the command line gives an option, or a word in its place."""
    for place, text in enumerate(arguments):
        given, equals, value = text.partition("=")
        if given != option:
            continue
        following = arguments[place + 1] if place + 1 < len(arguments) else ""
        found = value if equals else following
        if found and not found.startswith("--"):
            return f"'{found}'" if " " in found else found
    return "VALUE"
