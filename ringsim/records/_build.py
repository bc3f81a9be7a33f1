"""From what a reader took out of the files to the days of `Records`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ringsim._log_arrays import ACTIONS, OUTCOMES, RESULTS
from ringsim.errors import ConfigurationError
from ringsim.records._clock import Clock
from ringsim.records._extract import (
    ABANDONED,
    ANSWERED,
    Extract,
    Floats,
    Ints,
    Mask,
    Request,
    phone_of,
)
from ringsim.records._records import Records

__all__ = ["records_of"]

DAY, HOUR = 86400.0, 3600.0
FIRST_MADE_UP = 9001
MADE_UP_GROUP = "9000"
SHORTEST_NUMBER, LONGEST_NUMBER = 3, 64
PARTIAL = 2 * HOUR  # a day that begins or ends so much nearer to noon than others may be cut
MOST_SHOWN = 5


class _Days(NamedTuple):
    """The days of the calls, and the seconds of instants on them."""

    number: Ints
    dates: Any
    opens: float
    opened_at: Floats


def records_of(
    extract: Extract,
    request: Request,
    roster: Sequence[str] = (),
    exclude: Iterable[object] = (),
) -> Records:
    """Return the days of an extract.

    Raises
    ------
    ConfigurationError
        If no call is left.
    """
    notes = [*extract.sheet.notes, *extract.notes]
    calls, rings, own = extract.calls, extract.rings, extract.own_calls
    names = _Names(request.members)
    group = names.group(request.group)
    calls = calls.assign(answered_by=names.numbers(calls["answered_by"]))
    rings = rings.assign(member=names.numbers(rings["member"]))
    people = {*roster, *request.members.values()}
    people |= {*calls["answered_by"].dropna(), *rings["member"]}
    own = own.assign(member=names.known_numbers(own["member"], people))
    own = own[own["member"].notna().to_numpy()]
    notes += names.notes()
    calls = calls.assign(call=np.arange(len(calls)))
    calls, rings = _put_in_order(calls, rings, notes)
    calls = _without_dates(calls, request.clock, exclude, notes)
    rings = rings[rings["call"].isin(calls["call"]).to_numpy()]
    if not len(calls):
        raise ConfigurationError(
            "group", "must have at least one call in the records", request.group, _last(notes)
        )
    days = _days_of(calls["arrived_at"].to_numpy(), request.clock)
    own = _on_these_days(own, days, request.clock, notes)
    records = Records.from_frames(
        _call_frame(calls, days),
        None if extract.grade == "C" else _ring_frame(rings, calls, days),
        _own_frame(own, days),
        group=group,
        name="" if group == request.group else request.group,
        members=roster or None,
        grade=extract.grade,
        dates=days.dates,
        opens_at=f"{int(days.opens // HOUR):02d}:00",
        hours=_hours(calls, days),
        notes=(),
        clock=extract.clock,
        timezone=request.clock.timezone,
    )
    notes += _remarks(records, calls, own, extract)
    records.notes = tuple(dict.fromkeys(notes))
    return records


def _last(notes: Sequence[str]) -> str:
    return notes[-1] if notes else ""


class _Names:
    """Numbers of people and groups by the names that records use."""

    def __init__(self, members: Mapping[str, str]) -> None:
        self._given = members
        self._number: dict[str, str] = {}
        self._made_up: dict[str, str] = {}
        self._taken = set(members.values())

    def group(self, name: str) -> str:
        """Return the number of the group."""
        name = self._given.get(name, name)
        return name if _is_number(name) else MADE_UP_GROUP

    def numbers(self, names: pd.Series[Any]) -> pd.Series[Any]:
        """Return the number of each person; missing for an empty name."""
        for name in pd.unique(names):
            if name and name not in self._number:
                self._number[name] = self._number_of(name)
        return names.map(lambda name: self._number.get(name) or np.nan)

    def known_numbers(self, names: pd.Series[Any], people: set[Any]) -> pd.Series[Any]:
        """Return the numbers of those who are known people; missing for all others."""
        found = {}
        for name in pd.unique(names):
            number = self._number.get(name) or self._plain_number(name)
            found[name] = number if number in people else np.nan
        return names.map(found)

    def _plain_number(self, name: str) -> str | None:
        phone = phone_of(name)
        number = self._given.get(name) or self._given.get(phone) or phone
        if number.isdecimal() and number.isascii() and len(number) < SHORTEST_NUMBER:
            number = number.zfill(SHORTEST_NUMBER)
        return number if _is_number(number) else None

    def _number_of(self, name: str) -> str:
        number = self._plain_number(name)
        if number is None:
            phone = phone_of(name)
            if phone not in self._made_up:
                self._made_up[phone] = self._next()
            number = self._made_up[phone]
        self._taken.add(number)
        return number

    def _next(self) -> str:
        number = FIRST_MADE_UP
        while str(number) in self._taken or str(number) in self._made_up.values():
            number += 1
        return str(number)

    def notes(self) -> list[str]:
        said = []
        if self._made_up:
            made = ", ".join(f"{name} = {number}" for name, number in self._made_up.items())
            said.append(
                f"Names without an extension number are given one: {made}. Say which they have "
                "with members={'NAME': '201'}."
            )
        forms: dict[str, list[str]] = {}
        for name, number in self._number.items():
            forms.setdefault(number, []).append(name)
        for number, names in forms.items():
            if len(names) > 1:
                said.append(f"{_listed(names)} are taken for one person, {number}.")
        return said


def _is_number(text: str) -> bool:
    plain = text.isdecimal() and text.isascii()
    return plain and SHORTEST_NUMBER <= len(text) <= LONGEST_NUMBER


def _listed(names: Sequence[str]) -> str:
    shown = list(names[:MOST_SHOWN])
    more = [] if len(names) <= MOST_SHOWN else [f"{len(names) - MOST_SHOWN} more forms"]
    *most, last = [*shown, *more]
    return f"{', '.join(most)} and {last}"


def _put_in_order(
    calls: pd.DataFrame, rings: pd.DataFrame, notes: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return calls that do not end before they begin, and rings that lie inside their calls."""
    arrived, ended = calls["arrived_at"].to_numpy(), calls["ended_at"].to_numpy()
    backwards = ended < arrived
    if backwards.any():
        notes.append(
            f"{int(backwards.sum())} calls end before they arrive; their wait counts as 0."
        )
    ended = np.maximum(arrived, ended)
    call = rings["call"].to_numpy(np.int64)
    start = np.clip(rings["started_at"].to_numpy(), arrived[call], ended[call])
    end = np.clip(rings["ended_at"].to_numpy(), start, ended[call])
    return calls.assign(ended_at=ended), rings.assign(started_at=start, ended_at=end)


def _without_dates(
    calls: pd.DataFrame, clock: Clock, exclude: Iterable[object], notes: list[str]
) -> pd.DataFrame:
    dates = _excluded(exclude)
    if not len(dates):
        return calls
    day = np.floor(clock.wall(calls["arrived_at"].to_numpy()) / DAY).astype(np.int64)
    out = np.isin(day, dates.astype(np.int64))
    if out.any():
        n_days = len(np.unique(day[out]))
        notes.append(f"{int(out.sum())} calls on {n_days} excluded dates are left out.")
    return calls[~out]


def _excluded(exclude: Iterable[object]) -> Any:
    given = [exclude] if isinstance(exclude, (str, date)) else list(exclude)
    dates = []
    for index, each in enumerate(given):
        try:
            dates.append(np.datetime64(date.fromisoformat(str(each)[:10]), "D"))
        except ValueError:
            raise ConfigurationError(
                f"exclude[{index}]", "must be a date such as '2024-12-25'", each
            ) from None
    return np.array(dates, dtype="datetime64[D]")


def _days_of(arrived_at: Floats, clock: Clock) -> _Days:
    """Return the day of each call, and when each day opens: the hour of the earliest call."""
    wall = clock.wall(arrived_at)
    date_number = np.floor(wall / DAY)
    opens = float(np.floor((wall - date_number * DAY).min() / HOUR)) * HOUR
    dates, number = np.unique(date_number.astype(np.int64), return_inverse=True)
    opened_at, _ = clock.instants(np.asarray(dates * DAY + opens, dtype=np.float64))
    return _Days(number, dates.astype("datetime64[D]"), opens, opened_at)


def _hours(calls: pd.DataFrame, days: _Days) -> float:
    latest = (calls["arrived_at"].to_numpy() - days.opened_at[days.number]).max()
    return float(max(1.0, np.floor(latest / HOUR) + 1))


def _call_frame(calls: pd.DataFrame, days: _Days) -> pd.DataFrame:
    arrived_at, ended_at = calls["arrived_at"].to_numpy(), calls["ended_at"].to_numpy()
    outcome = calls["outcome"].to_numpy(np.int64)
    talk_time = np.maximum(calls["hung_up_at"].to_numpy() - ended_at, 0.0)
    action = calls["action"].to_numpy(np.int64)
    return pd.DataFrame(
        {
            "call": calls["call"].to_numpy(),
            "day": days.number,
            "arrives_at": np.maximum(arrived_at - days.opened_at[days.number], 0.0),
            "outcome": np.array(OUTCOMES, dtype=object)[outcome],
            "wait": ended_at - arrived_at,
            "answered_by": calls["answered_by"].where(outcome == ANSWERED),
            "talk_time": np.where(outcome == ANSWERED, talk_time, np.nan),
            "action": np.array([*ACTIONS, None], dtype=object)[action],
        }
    )


def _ring_frame(rings: pd.DataFrame, calls: pd.DataFrame, days: _Days) -> pd.DataFrame:
    row = pd.Index(calls["call"]).get_indexer(pd.Index(rings["call"]))
    opened_at = days.opened_at[days.number[row]]
    return pd.DataFrame(
        {
            "call": rings["call"].to_numpy(),
            "member": rings["member"].to_numpy(object),
            "started_at": np.maximum(rings["started_at"].to_numpy() - opened_at, 0.0),
            "ended_at": np.maximum(rings["ended_at"].to_numpy() - opened_at, 0.0),
            "result": np.array(RESULTS, dtype=object)[rings["result"].to_numpy(np.int64)],
        }
    )


def _on_these_days(own: pd.DataFrame, days: _Days, clock: Clock, notes: list[str]) -> pd.DataFrame:
    """Return the own calls that reach into the hours of a day, with the number of that day."""
    started_at = own["started_at"].to_numpy(np.float64)
    date_number = np.floor(clock.wall(started_at) / DAY)
    ordinals = days.dates.astype(np.int64)
    number = np.searchsorted(ordinals, date_number)
    on_a_day = np.isin(date_number, ordinals)
    opened_at = days.opened_at[np.where(on_a_day, number, 0)]
    kept = on_a_day & (own["ended_at"].to_numpy() > opened_at)
    if not kept.all():
        n = int((~kept).sum())
        notes.append(
            f"{n} own call{'' if n == 1 else 's'} outside the days and hours of the group "
            f"{'is' if n == 1 else 'are'} left out."
        )
    return own.assign(day=number)[kept]


def _own_frame(own: pd.DataFrame, days: _Days) -> pd.DataFrame:
    opened_at = days.opened_at[own["day"].to_numpy(np.int64)]
    started_at = np.maximum(own["started_at"].to_numpy() - opened_at, 0.0)
    return pd.DataFrame(
        {
            "extension": own["member"].to_numpy(object),
            "day": own["day"].to_numpy(np.int64),
            "started_at": started_at,
            "talk_time": np.maximum(own["ended_at"].to_numpy() - opened_at - started_at, 0.0),
        }
    )


def _remarks(
    records: Records, calls: pd.DataFrame, own: pd.DataFrame, extract: Extract
) -> list[str]:
    """Return sentences about the records as a whole, for whoever wants to fit them."""
    said = []
    outcome, answered_by = calls["outcome"].to_numpy(), calls["answered_by"]
    if records.n_days < 2:
        said.append(
            f"The records cover 1 day, {records.dates[0]}; intervals need at least two days."
        )
    else:
        said += _gaps(records)
        said += _cut_days(records)
    if not (outcome == ABANDONED).any():
        said.append("No caller gave up, so that nothing is known about their patience.")
    unnamed = (outcome == ANSWERED) & answered_by.isna().to_numpy()
    if unnamed.any():
        first = extract.sheet.where(int(calls["row"].to_numpy()[unnamed][0]))
        said.append(f"{int(unnamed.sum())} answered calls do not say by whom; first at {first}.")
    unended = (outcome == ANSWERED) & np.isnan(calls["hung_up_at"].to_numpy(np.float64))
    if unended.any():
        first = extract.sheet.where(int(calls["row"].to_numpy()[unended][0]))
        said.append(
            f"{int(unended.sum())} answered calls have no end, so that their talk time is unknown; "
            f"first at {first}."
        )
    said += _never_answered(records)
    said += _overlaps(calls, own, extract)
    return said


def _gaps(records: Records) -> list[str]:
    """Return a sentence about dates between the first and the last that have no call."""
    every = np.arange(records.dates[0], records.dates[-1] + 1)
    missing = np.setdiff1d(every, records.dates)
    if not len(missing):
        return []
    shown = ", ".join(str(day) for day in missing[:MOST_SHOWN])
    more = ", ..." if len(missing) > MOST_SHOWN else ""
    dates = "1 date" if len(missing) == 1 else f"{len(missing)} dates"
    return [f"{dates} without a call of the group are not counted as days: {shown}{more}."]


def _cut_days(records: Records) -> list[str]:
    """Return a sentence if the first or the last day seems to be cut by the window."""
    at, first = records.arrays.calls.arrives_at, records.borders.calls
    begins, ends = at[first[:-1]], at[first[1:] - 1]
    cut = []
    if records.n_days > 2:
        if begins[0] > np.median(begins[1:]) + PARTIAL:
            cut.append(str(records.dates[0]))
        if ends[-1] < np.median(ends[:-1]) - PARTIAL:
            cut.append(str(records.dates[-1]))
    return [f"{day} seems incomplete; leave it out with exclude=['{day}']." for day in cut]


def _never_answered(records: Records) -> list[str]:
    rings = records.arrays.rings
    answered = set(records.arrays.calls.answered_by.tolist())
    never = [at for at in np.unique(rings.member).tolist() if at not in answered]
    numbers = [records.arrays.extensions[at] for at in never]
    if not numbers:
        return []
    who = numbers[0] if len(numbers) == 1 else _listed(numbers)
    return [f"{who} never answered although the phone rang."]


def _overlaps(calls: pd.DataFrame, own: pd.DataFrame, extract: Extract) -> list[str]:
    """Return a sentence about people who are on two calls at once."""
    answered = calls[calls["answered_by"].notna().to_numpy()]
    spans = pd.DataFrame(
        {
            "who": [*answered["answered_by"], *own["member"]],
            "start": np.r_[answered["ended_at"].to_numpy(), own["started_at"].to_numpy()],
            "end": np.r_[answered["hung_up_at"].to_numpy(), own["ended_at"].to_numpy()],
            "row": np.r_[answered["row"].to_numpy(), own["row"].to_numpy()],
        }
    ).dropna()
    spans = spans.sort_values(["who", "start"], kind="stable")
    who, start, end = (spans[name].to_numpy() for name in ("who", "start", "end"))
    twice: Mask = (who[1:] == who[:-1]) & (start[1:] < end[:-1] - 1.5 * extract.clock)
    if not twice.any():
        return []
    at = int(np.argmax(twice)) + 1
    first = extract.sheet.where(int(spans["row"].to_numpy()[at]))
    n = int(twice.sum())
    return [
        f"{n} call{'s begin' if n > 1 else ' begins'} while the same person is on another; first "
        f"{who[at]} at {first}."
    ]
