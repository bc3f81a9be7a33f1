"""Assumptions of the model and of a scenario, in the language in use.

A scenario states in English what it fills in. The catalogue has the same sentences in other
languages; a sentence that it does not know stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ringsim._words import catalogue, decimal, has_word, language, word
from ringsim.planning import Result

__all__ = ["Sentence", "model_assumptions", "not_given", "translated"]

DRAWN = ("arrivals", "answers")  # assumptions about random numbers
MODEL = ("arrivals", "redial", "answers", "busy", "picking", "talk", "warm_up")


class Sentence(str):
    """A text with the code of its language."""

    __slots__ = ("lang",)

    lang: str

    def __new__(cls, text: str, lang: str) -> Sentence:
        sentence = super().__new__(cls, text)
        sentence.lang = lang
        return sentence


def model_assumptions(*, given_days: bool) -> list[Sentence]:
    """Return the assumptions of every simulation; for given days, without those on drawn calls."""
    names = [name for name in MODEL if not (given_days and name in DRAWN)]
    return [Sentence(word(f"model.{name}"), language()) for name in names]


def not_given(result: Result) -> list[Sentence]:
    """Return what the scenario leaves open, and other notes on a result."""
    return [translated(note, "assumed.", ".") for note in result.notes]


def translated(text: str, part: str, end: str = "") -> Sentence:
    """Return an English text in the language in use; unchanged if the catalogue has no such text.

    Only texts whose keys begin with `part`, such as `assumed.`, and which end with `end` are
    looked up.
    """
    if language() == "en":
        return Sentence(text, "en")
    for key, pattern in _patterns(part, end).items():
        found = pattern.fullmatch(text)
        if found is not None:
            fields = {name: _values(given) for name, given in found.groupdict().items()}
            return Sentence(word(key, **fields), language())
    return Sentence(text, "en")


@cache
def _patterns(part: str, end: str) -> Mapping[str, re.Pattern[str]]:
    """Return a pattern for each English text of a part, by its key in the catalogue."""
    return {
        key: _pattern(words["en"])
        for key, words in catalogue().items()
        if key.startswith(part) and words["en"].endswith(end)
    }


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", text)
    fields = (f"(?P<{name}>.+)" for name in parts[1::2])
    literal = (re.escape(part) for part in parts[::2])
    return re.compile("".join(map("".join, zip(literal, [*fields, ""], strict=True))))


def _values(text: str) -> str:
    """Return numbers of groups or people, a weekday or a duration, in the language in use."""
    if has_word(f"weekday.{text}"):
        return word(f"weekday.{text}")
    for key in ("assumed.every_group", "assumed.all_members"):
        if text == catalogue()[key]["en"]:
            return word(key)
    if (found := re.fullmatch(r"group (.+)", text)) is not None:
        return word("assumed.group", numbers=_values(found[1]))
    if (found := re.fullmatch(r"(.+) and (\d+) more", text)) is not None:
        return word("assumed.and_more", numbers=found[1], n=found[2])
    if (found := re.fullmatch(r"(.+) and (.+)", text)) is not None:
        return word("assumed.several", numbers=found[1], last=found[2])
    return decimal(text)
