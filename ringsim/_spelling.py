"""Recognition of misspelt field names.

`meant`
    Returns the known name that an unknown name is a near-miss of.

A genuine field of the PBX that ringsim does not know must not be taken for a misspelt one.
Only these are near-misses: another spelling of the same words (`RingTime`, `ring-time`,
`time_ring`); one or two typing errors; the first two or more words (`skip_busy`); and a known
name of two or more words with a redundant prefix or unit (`group_ring_time`, `ring_time_s`).
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
LONGEST = 64  # letters; longer names are not compared
ONE_SLIP, TWO_SLIPS = 3, 9  # letters that a known name must have to allow one or two slips


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
    """Return True if the words are a name reordered, shortened, or with a prefix or a unit."""
    if sorted(words) == sorted(name):
        return True
    if 2 <= len(words) < len(name):
        return words == name[: len(words)]
    bare = words[:-1] if words[-1] in UNITS else words
    cores = [bare, *(bare[len(each) :] for each in PREFIXES if bare[: len(each)] == each)]
    return len(name) > 1 and name in cores


def _is_slip(slips: int, words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Return True if a number of slips is small enough for the words to be a misspelt name.

    Two slips are allowed only if the number of words stays the same.
    """
    letters, short = "".join(words), "".join(name)
    if len(short) < ONE_SLIP:  # `did` is not a slip of `id`: only doubling, omission and swapping
        doubled = {short[:i] + letter + short[i:] for i, letter in enumerate(short)}
        return letters in {*doubled, *short, short[::-1]}
    return slips <= 1 or (slips == 2 and len(short) >= TWO_SLIPS and len(words) == len(name))


def _slips(one: str, other: str) -> int:
    """Return the number of letters omitted, inserted, replaced, or swapped with a neighbour.

    This is the optimal string alignment distance: Boytsov, Indexing methods for approximate
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
