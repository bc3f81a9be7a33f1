"""Exceptions of ringsim, and the format of their messages.

`RingsimError`
    Base class of all exceptions that ringsim raises on purpose.
`ConfigurationError`
    Invalid input: *subject must be constraint, got value. Hint.*
`DispatcherError`
    A dispatcher that breaks its contract during a simulation.
`check_choice`, `check_flag`, `check_instance`
    Checks of an argument.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, Final

__all__ = [
    "ConfigurationError",
    "DispatcherError",
    "RingsimError",
    "check_choice",
    "check_flag",
    "check_instance",
    "did_you_mean",
]


class _NotGiven:
    def __repr__(self) -> str:
        return "NOT_GIVEN"

    def __reduce__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final = _NotGiven()
MOST_NAMES, NAMES_LISTED = 40, 30  # of choices in an error
LONGEST_VALUE = 120
LONGEST_SUBJECT = 300


class RingsimError(Exception):
    """Base class of all exceptions that ringsim raises on purpose."""


class DispatcherError(RingsimError):
    """A dispatcher that breaks its contract, for example by picking a busy member."""


class ConfigurationError(RingsimError, ValueError):
    """Invalid input, described in one sentence.

    Parameters
    ----------
    subject : str
        Path of the value in the user's terms, such as `members[3].skill_level`.
    constraint : str
        The rule that the value breaks, starting with a verb: `must be between 1 and 100`.
    got : object, optional
        The invalid value. Omit it if showing it would not help.
    hint : str, optional
        A second sentence that tells the user what to do.

    Examples
    --------
    >>> print(ConfigurationError("interval", "must be a positive number of seconds", 0))
    interval must be a positive number of seconds, got 0.
    """

    def __init__(
        self, subject: str, constraint: str, got: object = NOT_GIVEN, hint: str = ""
    ) -> None:
        super().__init__(subject, constraint, got, hint)
        self.subject = subject
        self.constraint = constraint
        self.got = got
        self.hint = hint

    def __str__(self) -> str:
        said = one_line(f"{_cut(self.subject)} {self.constraint}".strip())
        if self.got is not NOT_GIVEN:
            said += f", got {shown(self.got)}"
        return f"{said}. {self.hint}".strip()

    def inside(self, path: str) -> ConfigurationError:
        """Return the same error with `path` put before its subject."""
        if not self.subject:
            subject = path
        elif self.subject.startswith("["):
            subject = path + self.subject
        else:
            subject = f"{path}.{self.subject}" if path else self.subject
        return ConfigurationError(subject, self.constraint, self.got, self.hint)

    def in_file(self, name: str) -> ConfigurationError:
        """Return the same error with the name of a file put before its subject."""
        subject = f"{name}: {self.subject}".rstrip()
        return ConfigurationError(subject, self.constraint, self.got, self.hint)


def check_instance(subject: str, value: object, kind: type, hint: str = "") -> None:
    """Raise `ConfigurationError` unless a value is an instance of one of ringsim's classes."""
    if not isinstance(value, kind):
        raise ConfigurationError(subject, f"must be a ringsim.{kind.__name__}", value, hint)


def check_flag(subject: str, value: object) -> None:
    """Raise `ConfigurationError` unless a value is True or False."""
    if not isinstance(value, bool):
        raise ConfigurationError(subject, "must be true or false", value)


def check_choice(subject: str, value: object, choices: Iterable[str]) -> None:
    """Raise `ConfigurationError` unless a value is one of some names.

    Of more than 40 names the error lists the first 30.
    """
    names = list(choices)
    if not isinstance(value, str) or value not in names:
        listed = names if len(names) <= MOST_NAMES else names[:NAMES_LISTED]
        more = len(names) - len(listed)
        said = ", ".join(listed) + (f", or one of {more} others" if more else "")
        raise ConfigurationError(
            subject, f"must be one of {said}", value, did_you_mean(value, names)
        )


def shown(value: object) -> str:
    """Return the repr of a value for an error message: one line, at most 120 characters."""
    try:
        written = repr(value)
        if "\n" in written and hasattr(value, "shape"):  # a table or array of many lines
            size = " by ".join(map(str, value.shape))
            written = f"a {type(value).__name__} of {size} values"
        text = " ".join(written.split())
    except RecursionError:
        text = f"a {type(value).__name__} too deep to show"
    except ValueError:  # Python refuses to print an integer of more than 4300 digits
        text = f"a {type(value).__name__} too long to show"
    return one_line(_cut(text, LONGEST_VALUE))


def _cut(text: str, length: int = LONGEST_SUBJECT) -> str:
    return text if len(text) <= length else text[: length - 3] + "..."


def one_line(text: str) -> str:
    """Return the text on one line, with escapes if some characters cannot be printed."""
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def did_you_mean(word: object, choices: Iterable[Any]) -> str:
    """Return a hint such as `Did you mean 'CYCLIC_HUNT'?`, or "" if no choice is similar.

    Upper and lower case count as the same. A word that only one choice contains, such as `number`
    in `extension_number`, means this choice.
    """
    if not isinstance(word, str):
        return ""
    names = {str(choice).casefold(): str(choice) for choice in choices}
    close = [name for name in names if word.casefold() in name.split("_")]
    if len(close) != 1:
        close = difflib.get_close_matches(word.casefold(), names, n=1)
    return f"Did you mean {names[close[0]]!r}?" if close else ""
