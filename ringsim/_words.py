"""Words of pictures and reports in every language, read from one catalogue file.

`LANGUAGES`
    Codes of the languages.
`speaking`, `language`
    Choose the language for a block of code, and return the one in use.
`word`
    Text of the catalogue in the language in use, with its fields filled in.
`Said`
    An English text that can also be said in the language in use.
`decimal`
    Numbers in a text with the decimal mark of the language in use.
`thousands`
    A whole number with its digits in groups of three.

The catalogue is `ringsim/data/words.toml`: a line for each text, with all languages side by side.
A new language is a new column of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any, Self

from ringsim._choices import LANGUAGES
from ringsim.errors import check_choice

__all__ = ["Said", "catalogue", "decimal", "has_word", "language", "speaking", "thousands", "word"]

POINT = re.compile(r"(?<=\d)\.(?=\d)")

_language: ContextVar[str] = ContextVar("language", default="en")


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return all texts: by key, such as `metric.answer_rate`, then by language."""
    text = (files("ringsim") / "data" / "words.toml").read_text(encoding="utf-8")
    return {
        f"{part}.{name}": words
        for part, entries in tomllib.loads(text).items()
        for name, words in entries.items()
    }


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use a language inside a `with` block, in this thread.

    Raises
    ------
    ConfigurationError
        If there is no such language.
    """
    check_choice("language", code, LANGUAGES)
    before = _language.set(code)
    try:
        yield
    finally:
        _language.reset(before)


def language() -> str:
    """Return the code of the language in use."""
    return _language.get()


def has_word(key: str) -> bool:
    """Return whether the catalogue has a key."""
    return key in catalogue()


def word(key: str, **fields: object) -> str:
    """Return a text of the catalogue with its fields filled in.

    Examples
    --------
    >>> word("metric.answer_rate")
    'answer rate'
    >>> with speaking("de"):
    ...     word("plot.minutes", minutes=30)
    'Anrufe in 30 min, im Mittel'
    """
    return catalogue()[key][language()].format(**fields)


class Said(str):
    """A text of the catalogue in English, which can be said in the language in use.

    Examples
    --------
    >>> said = Said("fitting.days", n=5)
    >>> with speaking("de"):
    ...     said, said.words
    ('5 days', '5 Tage')
    """

    __slots__ = ("fields", "key")

    key: str
    fields: dict[str, object]

    def __new__(cls, key: str, **fields: object) -> Self:
        with speaking("en"):
            made = super().__new__(cls, word(key, **fields))
        made.key, made.fields = key, fields
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _said, (self.key, self.fields)

    @property
    def words(self) -> str:
        """The text in the language in use."""
        shown = {name: decimal(str(value)) for name, value in self.fields.items()}
        return word(self.key, **shown)


def _said(key: str, fields: dict[str, object]) -> Said:
    return Said(key, **fields)


def decimal(text: str) -> str:
    """Return a text whose numbers have the decimal mark of the language in use.

    Examples
    --------
    >>> with speaking("de"):
    ...     decimal("84.1 % (83.7 to 84.5)")
    '84,1 % (83,7 to 84,5)'
    """
    return POINT.sub(word("figure.decimal_mark"), text)


def thousands(number: int) -> str:
    """Return a whole number whose digits are grouped as in the language in use.

    Examples
    --------
    >>> with speaking("de"):
    ...     thousands(44218)
    '44.218'
    """
    text = f"{number:,}"
    return text if word("figure.decimal_mark") == "." else text.replace(",", ".")
