"""Times and ids as the PBX writes them.

Times are RFC 3339 in UTC with six decimals and the suffix Z, so that their order as text is
their order in time. Ids are snowflakes: milliseconds since 2018-01-01, a node and a sequence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

__all__ = ["Snowflakes", "parsed_time", "snowflake_time", "unix_text", "written_time"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_ID_MS = int(datetime(2018, 1, 1, tzinfo=UTC).timestamp() * 1000)
NODE, NODE_BITS, SEQUENCE_BITS = 1, 10, 12
RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def written_time(seconds: float) -> str:
    """Return Unix seconds as the PBX writes a time, such as `2024-08-20T06:00:59.457188Z`."""
    moment = EPOCH + timedelta(microseconds=round(seconds * 1e6))
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06}Z".rjust(27, "0")


def parsed_time(text: str) -> float:
    """Return the Unix seconds of an RFC 3339 time.

    Raises
    ------
    ValueError
        If the text is no time with an offset.
    """
    parts = RFC3339.fullmatch(text)
    if parts is None:
        raise ValueError(f"must be an RFC 3339 time, got {text!r}")
    day, minute, second, fraction, offset = parts.groups()
    leap = second == "60"
    whole = f"{day}T{minute}:{'59' if leap else second}"
    offset = "+00:00" if offset in "Zz" else offset
    moment = datetime.fromisoformat(f"{whole}{offset}")
    microseconds = round(float(fraction or 0) * 1e6) + (1_000_000 if leap else 0)
    since = moment - EPOCH
    return since.days * 86400 + since.seconds + microseconds / 1e6


def unix_text(seconds: float | None) -> str:
    """Return a time as events write it: whole Unix seconds as text, `0` for never."""
    return "0" if seconds is None else str(int(seconds))


def snowflake_time(identity: str) -> float:
    """Return the Unix seconds at which an id was made."""
    return ((int(identity) >> (NODE_BITS + SEQUENCE_BITS)) + FIRST_ID_MS) / 1000


class Snowflakes:
    """A maker of ids that are unique and ordered by time."""

    def __init__(self) -> None:
        self._next: dict[int, int] = {}

    def make(self, seconds: float) -> str:
        """Return a new id for an instant; later calls for one instant give greater ids."""
        return next(self.several(seconds, 1))

    def several(self, seconds: float, count: int) -> Iterator[str]:
        """Yield `count` consecutive ids for an instant."""
        moment = max(0, int(seconds * 1000) - FIRST_ID_MS)
        first = self._next.get(moment, 0)
        if len(self._next) > 100_000:  # ids of old instants are not made again
            self._next.clear()
        while first + count > 1 << SEQUENCE_BITS:
            moment, first = moment + 1, self._next.get(moment + 1, 0)
        self._next[moment] = first + count
        stem = (moment << NODE_BITS | NODE) << SEQUENCE_BITS
        yield from (str(stem + place) for place in range(first, first + count))
