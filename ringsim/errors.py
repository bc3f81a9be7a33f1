"""The errors of ringsim: one small hierarchy, and one shape of sentence.

`RingsimError`
    What every error raised on purpose descends from.
`ConfigurationError`
    Something the user gave cannot be: *subject must be constraint, got value. Hint.*
`DispatcherError`
    A dispatcher broke its contract while calls were being played.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, Final

__all__ = ["ConfigurationError", "DispatcherError", "RingsimError", "did_you_mean"]


class _NotGiven:
    def __repr__(self) -> str:
        return "NOT_GIVEN"

    def __reduce__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final = _NotGiven()
LONGEST_VALUE = 120


class RingsimError(Exception):
    """Base of all errors that ringsim raises on purpose."""


class DispatcherError(RingsimError):
    """A dispatcher picked what it must not pick."""


class ConfigurationError(RingsimError, ValueError):
    """A value that cannot be, told in one sentence.

    Parameters
    ----------
    subject : str
        Path of the value as its user knows it, `members[3].skill_level`.
    constraint : str
        What it must be, beginning with a verb: `must be between 1 and 100`.
    got : object, optional
        The offending value; left out of the sentence where it would say nothing.
    hint : str, optional
        One more sentence, with what to do.

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
        said = one_line(f"{self.subject} {self.constraint}".strip())
        if self.got is not NOT_GIVEN:
            said += f", got {shown(self.got)}"
        return f"{said}. {self.hint}".strip()

    def inside(self, path: str) -> ConfigurationError:
        """The same error, its subject seen from one level further out."""
        if not self.subject:
            subject = path
        elif self.subject.startswith("["):
            subject = path + self.subject
        else:
            subject = f"{path}.{self.subject}" if path else self.subject
        return ConfigurationError(subject, self.constraint, self.got, self.hint)

    def in_file(self, name: str) -> ConfigurationError:
        """The same error, said of a file."""
        subject = f"{name}: {self.subject}".rstrip()
        return ConfigurationError(subject, self.constraint, self.got, self.hint)


def shown(value: object) -> str:
    """The value as an error shows it: its repr, on one line, not endless."""
    try:
        text = " ".join(repr(value).split())
    except RecursionError:
        text = f"a {type(value).__name__} too deep to show"
    except ValueError:  # Python writes no whole number of more than 4300 digits
        text = f"a {type(value).__name__} too long to show"
    if len(text) > LONGEST_VALUE:
        text = text[: LONGEST_VALUE - 3] + "..."
    return one_line(text)


def one_line(text: str) -> str:
    """The text on one line, what cannot be printed as escapes."""
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def did_you_mean(word: object, choices: Iterable[Any]) -> str:
    """`Did you mean 'CYCLIC_HUNT'?`, or nothing where no choice is near, or it is no word."""
    if not isinstance(word, str):
        return ""
    close = difflib.get_close_matches(word, [str(choice) for choice in choices], n=1)
    return f"Did you mean {close[0]!r}?" if close else ""
