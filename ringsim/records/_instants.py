"""Instants and durations written as text, parsed many at a time.

`instants`
    Seconds since 1970 of texts such as `2024-01-27 15:33:20`, `17.3.2024 09:05:01.250`,
    `2024-01-27T15:33:20Z` or `1706369600.6`.
`durations`
    Seconds of texts such as `25`, `2,5`, `0:00:25`, `PT25S`.
`date_order`
    The order of day, month and year in some texts.

Texts of one shape (every digit replaced by `0`) are parsed together: a table of call records has
few shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Instants", "Order", "date_order", "durations", "instants"]

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Letters: TypeAlias = NDArray[np.uint8]
Order: TypeAlias = str  # "ymd", "dmy" or "mdy"

LONGEST = 48  # characters of an instant or a duration
MOST_SHAPES = 200
EPOCH_MILLISECONDS = 1e11  # larger numbers are not seconds since 1970 of this millennium
ORDERS = {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1)}
MONTH = np.timedelta64(1, "M")

EPOCH = re.compile(r"0{9,13}(\.0+)?$|0{14,16}$")
STAMP = re.compile(
    r"(?P<first>0{1,4})([-/.])(?P<second>0{1,2})\2(?P<third>0{1,4})"
    r"(?:[T ,]+(?P<hour>0{1,2}):(?P<minute>00)(?::(?P<s>00)(?:[.,](?P<fraction>0+))?)?"
    r"\s*(?P<half>[AP]M)?)?"
    r"\s*(?P<zone>Z|UTC|[+-](?P<east>00)(?::?(?P<east_minutes>00))?)?$",
    re.IGNORECASE,
)
COLONS = re.compile(
    r"(?:(?P<hour>0{1,4}):)?(?P<minute>0{1,4}):(?P<s>0{1,2})(?:[.,](?P<fraction>0+))?$"
)
# A comma before three digits may divide thousands
PLAIN = re.compile(r"0+(\.0*|,(?!000$)0*)?$|[.,]0+$")
ISO = re.compile(
    r"P(?:(?P<day>0+)D)?(?:T(?:(?P<hour>0+)H)?(?:(?P<minute>0+)M)?"
    r"(?:(?P<s>0+)(?:\.(?P<fraction>0+))?S)?)?$",
    re.IGNORECASE,
)


class Instants(NamedTuple):
    """Parsed instants.

    Attributes
    ----------
    seconds : ndarray
        Seconds since 1970, of UTC if `is_utc`, else of the wall clock; NaN if missing or
        not readable.
    is_utc : ndarray of bool
        Whether the text says what UTC it is.
    wrong : ndarray of bool
        Texts that are not instants; missing ones are not wrong.
    without_seconds : ndarray of bool
        Instants that are written to the minute only.
    """

    seconds: Floats
    is_utc: Mask
    wrong: Mask
    without_seconds: Mask


def instants(texts: NDArray[np.object_], order: Order = "ymd") -> Instants:
    """Parse texts; the order is used where the year does not stand first."""
    n = len(texts)
    found = Instants(np.full(n, np.nan), np.zeros(n, bool), np.zeros(n, bool), np.zeros(n, bool))
    for shape, rows, letters in _shapes(texts, found.wrong):
        if EPOCH.match(shape):
            values = _number(letters, 0, len(shape))
            values = np.where(values > EPOCH_MILLISECONDS * 1000, values / 1e6, values)
            values = np.where(values > EPOCH_MILLISECONDS, values / 1000, values)
            found.seconds[rows], found.is_utc[rows] = values, True
        elif stamp := STAMP.match(shape):
            seconds, good = _stamps(letters, stamp, order)
            found.seconds[rows] = np.where(good, seconds, np.nan)
            found.wrong[rows] = ~good
            found.is_utc[rows] = stamp["zone"] is not None
            found.without_seconds[rows] = stamp["s"] is None
        else:
            found.wrong[rows] = True
    return found


def durations(texts: NDArray[np.object_], unit: float = 1.0) -> tuple[Floats, Mask]:
    """Return seconds, NaN if missing, and which texts are not durations.

    `unit` is the length in seconds of 1 where a text is a bare number.
    """
    seconds, wrong = np.full(len(texts), np.nan), np.zeros(len(texts), bool)
    for shape, rows, letters in _shapes(texts, wrong):
        if PLAIN.match(shape):
            seconds[rows] = _number(letters, 0, len(shape)) * unit
        elif "0" in shape and (found := COLONS.match(shape) or ISO.match(shape)):
            seconds[rows] = _time_of_day(letters, found)
            if "day" in found.groupdict():
                seconds[rows] += _part(letters, found, "day") * 86400
        else:
            wrong[rows] = True
    return seconds, wrong


def date_order(texts: NDArray[np.object_]) -> Order | None:
    """Return the order of day and month that the texts show, or None if both are possible.

    With the year first there is only one. Texts that are not dates do not count.
    """
    day_first, month_first, undecided = False, False, False
    for shape, _, letters in _shapes(texts, np.zeros(len(texts), bool)):
        stamp = STAMP.match(shape)
        if stamp is None or len(stamp["first"]) > 2:
            continue
        undecided = True
        day_first |= bool((_part(letters, stamp, "first") > 12).any())
        month_first |= bool((_part(letters, stamp, "second") > 12).any())
    if not undecided:
        return "ymd"
    if day_first == month_first:
        return None
    return "dmy" if day_first else "mdy"


def _shapes(
    texts: NDArray[np.object_], wrong: Mask
) -> Iterator[tuple[str, NDArray[np.int64], Letters]]:
    """Yield each shape with its rows, and their characters as a matrix; mark odd texts as wrong."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    plain = np.full(len(texts), "".join(texts).isascii())
    if not plain.all():
        plain = np.fromiter((text.isascii() for text in texts), bool, len(texts))
    odd = (lengths > LONGEST) | ~plain
    wrong[odd] = True
    n_shapes = 0
    for length in np.unique(lengths[~odd & (lengths > 0)]).tolist():
        rows = np.flatnonzero(~odd & (lengths == length))
        letters = np.array(texts[rows].tolist(), dtype=f"S{length}").view(np.uint8)
        letters = letters.reshape(len(rows), length)
        digit = (letters >= 48) & (letters <= 57)
        shape = np.where(digit, np.uint8(48), letters)
        left = np.arange(len(rows))
        while len(left):
            n_shapes += 1
            if n_shapes > MOST_SHAPES:
                wrong[rows[left]] = True
                break
            first = shape[left[0]]
            same = (shape[left] == first).all(axis=1)
            mine = left[same]
            yield first.tobytes().decode("ascii"), rows[mine], letters[mine]
            left = left[~same]


def _stamps(letters: Letters, stamp: re.Match[str], order: Order) -> tuple[Floats, Mask]:
    """Return seconds since 1970, and which texts are days and times that exist."""
    if len(stamp["first"]) > 2:
        order = "ymd"
    parts = [_part(letters, stamp, name) for name in ("first", "second", "third")]
    year, month, day = (parts[at] for at in ORDERS[order])
    year = np.where(year < 100, year + 2000, year)
    hour = _part(letters, stamp, "hour")
    if stamp["half"]:
        hour = hour % 12 + (12 if stamp["half"].upper() == "PM" else 0)
    good = (year >= 1970) & (year < 2200) & (month >= 1) & (month <= 12) & (hour < 24)
    good &= (_part(letters, stamp, "minute") < 60) & (_part(letters, stamp, "s") <= 60)
    months = np.where(good, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    first = months.astype("datetime64[D]")
    length = ((months + MONTH).astype("datetime64[D]") - first).astype(np.int64)
    good &= (day >= 1) & (day <= length)
    days = first.astype(np.int64) + day - 1
    of_day = _time_of_day(letters, stamp) - (_part(letters, stamp, "hour") - hour) * 3600
    return days * 86400.0 + of_day - _east(letters, stamp), good


def _time_of_day(letters: Letters, found: re.Match[str]) -> Floats:
    """Return hours, minutes, seconds and their fraction together [s]."""
    fraction = _part(letters, found, "fraction") / 10.0 ** len(found["fraction"] or "")
    hour, minute, second = (_part(letters, found, name) for name in ("hour", "minute", "s"))
    return hour * 3600 + minute * 60 + second + fraction


def _east(letters: Letters, stamp: re.Match[str]) -> Floats:
    """Return the offset from UTC [s]."""
    sign = -1 if (stamp["zone"] or "").startswith("-") else 1
    east = _part(letters, stamp, "east") * 60 + _part(letters, stamp, "east_minutes")
    return sign * east * 60


def _part(letters: Letters, found: re.Match[str], name: str) -> Floats:
    """Return a group of a shape as numbers; 0 if the shape lacks it."""
    start, end = found.span(name)
    return _number(letters, start, end)


def _number(letters: Letters, start: int, end: int) -> Floats:
    """Return the decimal numbers in some columns of characters; 0 if there are no columns."""
    total, scale = np.zeros(len(letters)), 0.0
    for at in range(start, end):
        if letters[0, at] in b".,":
            scale = 1.0
            continue
        total = total * 10 + (letters[:, at].astype(np.float64) - ord("0"))
        scale *= 10
    return total / scale if scale else total
