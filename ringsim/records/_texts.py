"""Instants, durations, tables and lists of names as text."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

__all__ = [
    "OUTSIDE",
    "TRUNK",
    "iso_text",
    "seconds_between",
    "split_seconds",
    "stamp",
    "table_text",
]

TRUNK: Final = "PJSIP/trunk"
OUTSIDE: Final = "5550000000"


def stamp(at: float) -> str:
    """Return an instant to the whole second, cut off as phone systems do."""
    return datetime.fromtimestamp(math.floor(at), UTC).strftime("%Y-%m-%d %H:%M:%S")


def iso_text(at: float, digits: int, zone: str = "Z") -> str:
    """Return an instant in ISO 8601, by default with the mark of UTC."""
    whole, fraction = split_seconds(at, digits)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{fraction:0{digits}d}{zone}"


def split_seconds(at: float, digits: int) -> tuple[int, int]:
    """Return whole seconds and the fraction in units of the last digit."""
    unit: int = 10**digits
    return divmod(round(at * unit), unit)


def seconds_between(start: float, end: float) -> int:
    """Return a duration as phone systems compute it, from instants to the whole second."""
    return max(0, math.floor(end) - math.floor(start))


def table_text(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, header: bool = True
) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
