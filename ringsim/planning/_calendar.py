"""Calendar files of events, in the form of RFC 5545 (iCalendar).

`Entry`
    One event.
`calendar_text`
    Return a calendar of events: content lines of at most 75 octets, texts escaped, ends of lines
    CRLF. Times are local without a zone ("floating"), or in UTC if a time zone is given.
`dates_of`
    Return the dates of days that are named for weekdays or by their dates.
`days_between`, `period_of`
    Return how far days are from the first one, and after how many days they repeat.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ringsim._version import __version__
from ringsim.errors import ConfigurationError

__all__ = ["Entry", "calendar_text", "dates_of", "days_between", "period_of"]

LONGEST_LINE = 75  # octets, without the end of the line
ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Entry(NamedTuple):
    """One event.

    Attributes
    ----------
    uid : str
        Identifier that is the same each time the event is written.
    starts_at, ends_at : datetime
        Local times without a zone.
    summary, description : str
        Texts; no description is written if it is empty.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str = ""


def calendar_text(entries: Iterable[Entry], timezone: str | None = None) -> str:
    """Return the text of an iCalendar file.

    Raises
    ------
    ConfigurationError
        If there is no such time zone.
    """
    zone = None if timezone is None else _zone(timezone)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//ringsim//ringsim {__version__}//EN"]
    for entry in entries:
        lines += _event(entry, zone)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(entry: Entry, zone: ZoneInfo | None) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{_utc(entry.starts_at, zone or UTC)}"  # not the present: files are reproducible
    for name, instant in (("DTSTART", entry.starts_at), ("DTEND", entry.ends_at)):
        yield f"{name}:{_floating(instant) if zone is None else _utc(instant, zone)}"
    yield f"SUMMARY:{_escaped(entry.summary)}"
    if entry.description:
        yield f"DESCRIPTION:{_escaped(entry.description)}"
    yield "END:VEVENT"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError):
        raise ConfigurationError(
            "timezone", "must be the name of a time zone, such as 'Europe/Berlin'", name
        ) from None


def _floating(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%S}"


def _utc(instant: datetime, zone: ZoneInfo | object) -> str:
    local = instant.replace(tzinfo=zone)  # type: ignore[arg-type]  # UTC is a tzinfo too
    return f"{local.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return "".join(ESCAPES.get(char, char) for char in text)


def _folded(line: str) -> Iterator[str]:
    """Yield the parts of a content line; each but the first begins with a space."""
    part = ""
    for char in line:
        if len((part + char).encode()) > LONGEST_LINE:
            yield part
            part = " "
        part += char
    yield part


def dates_of(days: Sequence[str], starts_on: str | date | None) -> list[date]:
    """Return the date of each day.

    A day named by its date has it. Of the others, the first is on or after `starts_on`, and
    each further one is after the day before it; a day whose name begins like that of a weekday
    (`mon`, `Monday`) is on the next such day.

    Raises
    ------
    ConfigurationError
        If `starts_on` is missing or no date.
    """
    named = [_date(day) for day in days]
    if all(named):
        return [each for each in named if each]
    first = starts_on if isinstance(starts_on, date) else _date(starts_on)
    if starts_on is None:
        raise ConfigurationError(
            "starts_on",
            "must be given: the date of the first day",
            hint="Write it as '2026-03-02'.",
        )
    if first is None:
        raise ConfigurationError(
            "starts_on", "must be the date of the first day, such as '2026-03-02'", starts_on
        )
    found: list[date] = []
    for day, given in zip(days, named, strict=True):
        at = found[-1] + timedelta(1) if found else first
        if _is_weekday(day):
            at += timedelta((WEEKDAYS.index(day[:3].lower()) - at.weekday()) % 7)
        found.append(given or at)
    return found


def days_between(days: Sequence[str]) -> list[int]:
    """Return how many days after the first day each day is.

    Days have the dates of `dates_of`; those without a date lie around those that have one.
    """
    known = [(at, each) for at, each in enumerate(map(_date, days)) if each]
    at, on = known[0] if known else (0, date(2001, 1, 1))
    dates = dates_of(days, on - timedelta(at))
    return [(each - dates[0]).days for each in dates]


def period_of(days: Sequence[str]) -> float:
    """Return the number of days after which some days repeat; infinite if they do not.

    Days named for weekdays, none of which comes twice, are a typical week. A single day without
    a weekday or a date is a typical day.
    """
    if all(map(_is_weekday, days)) and days_between(days)[-1] < len(WEEKDAYS):
        return len(WEEKDAYS)
    return 1 if len(days) == 1 and _date(days[0]) is None else math.inf


def _is_weekday(day: str) -> bool:
    return day[:3].lower() in WEEKDAYS


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
