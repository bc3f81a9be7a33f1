"""Values of settings as a PBX reads them, and remarks on those that it reads otherwise.

`number`
    A whole number, as in `timeout = 20`.
`not_a_flag`, `not_one_of`
    Remarks on a value that is neither yes nor no, or none of some words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ringsim.errors import shown
from ringsim.importers._drafts import LARGEST, whole

__all__ = ["ENABLED", "FLAGS", "NO", "YES", "not_a_flag", "not_one_of", "number"]

YES: Final = ("yes", "true", "y", "t", "1", "on")
NO: Final = ("no", "false", "n", "f", "0", "off")
FLAGS: Final = (*YES, *NO)
ENABLED: Final = (*FLAGS, "enabled", "disabled")  # of FreeSWITCH and FusionPBX
ABSENT: Final = -LARGEST - 1


def number(text: str, empty: int, *, least: int = 0, wrong: int | None = None) -> tuple[int, str]:
    """Return the whole number that a PBX reads from a text, and a remark; "" if it is valid.

    Parameters
    ----------
    text : str
        The value of a setting.
    empty : int
        The number if the text is empty.
    least : int, default 0
        Least number that means what it says.
    wrong : int, optional
        The number if the text begins with none, or with one below `least`; by default `empty`.

    Examples
    --------
    >>> number("20", 15), number("", 15), number("20s", 15)[0]
    ((20, ''), (15, ''), 20)
    >>> number("-5", 0)
    (0, "must be at least 0, got '-5'; 0 counts")
    """
    told = text.strip()
    if not told:
        return empty, ""
    found = whole(told, ABSENT)
    counts = (empty if wrong is None else wrong) if found < least else found
    if not _is_whole(told):
        return counts, f"must be a whole number, got {shown(told)}; {counts:,} counts"
    if found < least:
        return counts, f"must be at least {least:,}, got {shown(told)}; {counts:,} counts"
    if found == LARGEST and int(told) > LARGEST:
        return counts, f"must be at most {LARGEST:,}, got {shown(told)}; {counts:,} counts"
    return counts, ""


def _is_whole(text: str) -> bool:
    body = text.removeprefix("-").removeprefix("+")
    return body.isascii() and body.isdecimal() and len(body) <= 18


def not_a_flag(text: str, instead: str = "no", *, words: Sequence[str] = FLAGS) -> str:
    """Return a remark on a text that says neither yes nor no, "" if it does or is empty."""
    if text.strip().lower() in ("", *words):
        return ""
    return f"must be yes or no, got {shown(text.strip())}; {instead} counts"


def not_one_of(text: str, what: str, instead: str, hint: str = "") -> str:
    """Return a remark on a word that is not known."""
    remark = f"must be {what}, got {shown(text)}; {instead} counts"
    return f"{remark}. {hint}" if hint else remark
