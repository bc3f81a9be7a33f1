"""Misspelt names of fields: which unknown name stands for which known one.

`meant`
    The known name that an unknown one is a near-miss of.

An unknown field of the PBX must not be mistaken for a misspelt one. So only these are
near-misses: another spelling of the same words (`RingTime`, `ring-time`, `time_ring`), a slip
or two of the keyboard, the first two words or more (`skip_busy`), and a known name of two
words or more with a prefix or a unit that says nothing (`group_ring_time`, `ring_time_s`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

__all__ = ["meant"]

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
PREFIXES = (("ring", "group"), ("ringgroup",), ("group",), ("rg",), ("member",), ("agent",), ("x",))
UNITS = ("s", "sec", "secs", "second", "seconds", "ms")
OTHER_NAMES = {"strategy": "ring_strategy", "ringtimeout": "ring_time", "skill": "skill_level"}
LONGEST = 64  # letters of a name that is compared at all
ONE_SLIP, TWO_SLIPS = 3, 9  # letters of a known name from which so many slips are near


def meant(word: str, known: Iterable[str]) -> str | None:
    """Return the known name that `word` is a near-miss of, or None."""
    if len(word) > LONGEST:
        return None
    return _meant(word, tuple(known))


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(part.lower() for part in WORD.findall(name))


@cache
def _meant(word: str, known: tuple[str, ...]) -> str | None:
    words = _words(word)
    letters = "".join(words)
    if not letters:
        return None
    for name in known:
        if letters == name.replace("_", "") or _is_other_form(words, _words(name)):
            return name
    if OTHER_NAMES.get(letters) in known:
        return OTHER_NAMES[letters]
    slips = {name: _slips(letters, name.replace("_", "")) for name in known}
    near = [name for name in known if _is_slip(slips[name], words, _words(name))]
    return min(near, key=slips.__getitem__, default=None)


def _is_other_form(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether words are those of a name in another order, some of them, or with words around."""
    if sorted(words) == sorted(name):
        return True
    if 2 <= len(words) < len(name):
        return words == name[: len(words)]
    bare = words[:-1] if words[-1] in UNITS else words
    cores = [bare, *(bare[len(each) :] for each in PREFIXES if bare[: len(each)] == each)]
    return len(name) > 1 and name in cores


def _is_slip(slips: int, words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether so many slips may turn a name into other words; two keep the number of words."""
    letters, short = "".join(words), "".join(name)
    if len(short) < ONE_SLIP:  # `did` is no slip of `id`: only a letter doubled, left out, swapped
        doubled = {short[:i] + letter + short[i:] for i, letter in enumerate(short)}
        return letters in {*doubled, *short, short[::-1]}
    return slips <= 1 or (slips == 2 and len(short) >= TWO_SLIPS and len(words) == len(name))


def _slips(one: str, other: str) -> int:
    """Letters left out, put in, replaced, or swapped with their neighbour.

    The distance of optimal string alignment: Boytsov, Indexing methods for approximate
    dictionary searching, ACM J. Experimental Algorithmics 16 (2011), section 2.2.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != wanted)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], older[j - 2] + 1)
    return row[-1]
