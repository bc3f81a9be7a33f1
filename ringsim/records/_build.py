"""Conversion of extracted data to the days of `Records`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ringsim._log_arrays import ACTIONS, OUTCOMES, RESULTS
from ringsim.errors import ConfigurationError
from ringsim.records._clock import Clock
from ringsim.records._duty import duty_of_events
from ringsim.records._extract import (
    ANSWERED,
    Extract,
    Floats,
    Ints,
    Request,
)
from ringsim.records._names import Names
from ringsim.records._records import Records
from ringsim.records._remarks import remarks

__all__ = ["records_of"]

DAY, HOUR = 86400.0, 3600.0


class _Days(NamedTuple):
    """The days of the calls, and the seconds of instants on them.

    Seconds of a day are those of the wall clock, so that nine is nine on every day; durations
    are those that passed, also when the clock is changed meanwhile.
    """

    number: Ints
    dates: Any
    opens: float
    clock: Clock

    def opening(self, number: Ints) -> Floats:
        """Return the instants at which some days open."""
        opened = self.dates.astype(np.int64) * DAY + self.opens
        instants, _ = self.clock.instants(np.asarray(opened, dtype=np.float64))
        opening: Floats = instants[number]
        return opening

    def seconds(self, instants: Floats, number: Ints) -> Floats:
        """Return instants as seconds since the opening of the day of each, at least 0."""
        opened = self.dates.astype(np.int64)[number] * DAY + self.opens
        seconds: Floats = np.maximum(self.clock.wall(instants) - opened, 0.0)
        return seconds


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
    calls, own = extract.calls, extract.own_calls
    rings = _of_named_phones(extract, notes)
    names = Names(request.members)
    group = names.group(request.group)
    names.reserve(calls["answered_by"], rings["member"], own["member"])
    calls = calls.assign(answered_by=names.numbers(calls["answered_by"]))
    rings = rings.assign(member=names.numbers(rings["member"]))
    others = {name: number for name, number in request.members.items() if name != request.group}
    people = {*roster, *others.values()}
    people |= {*calls["answered_by"].dropna().unique(), *rings["member"].unique()}
    if group in people:
        raise ConfigurationError(
            "group",
            f"must be a group or a queue, and not a phone, in {extract.sheet.names[0]}",
            request.group,
            f"Calls to {request.group} ring {request.group} itself.",
        )
    own = own.assign(member=names.known_numbers(own["member"], people))
    own = own[own["member"].notna().to_numpy()]
    events = _known_events(extract, names, people)
    notes += names.notes()
    calls = calls.assign(call=np.arange(len(calls)))
    calls, rings = _put_in_order(calls, rings, notes)
    calls = _without_dates(calls, request.clock, exclude, notes)
    rings = rings[rings["call"].isin(calls["call"]).to_numpy()]
    if not len(extract.sheet):
        raise request.no_such_group(extract.sheet, ())
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
    clock = request.clock
    duty, said = duty_of_events(
        events.assign(at=clock.wall(events["at"].to_numpy(np.float64))),
        rings.assign(started_at=clock.wall(rings["started_at"].to_numpy(np.float64))),
        (days.dates.astype(np.int64) * DAY + days.opens).tolist(),
        float(records.scenario.hours),
    )
    records.duty_record, records.callers_wait = duty, extract.callers_wait
    notes += said
    notes += remarks(records, calls, own, extract)
    records.notes = tuple(dict.fromkeys(notes))
    return records


def _of_named_phones(extract: Extract, notes: list[str]) -> pd.DataFrame:
    """Return the rings of phones that have a name or number."""
    rings = extract.rings
    nameless = (rings["member"] == "").to_numpy(np.bool_)
    if not nameless.any():
        return rings
    row = int(extract.calls["row"].to_numpy()[int(rings["call"].to_numpy()[nameless][0])])
    notes.append(
        f"Rings left out because their phone has no number: {int(nameless.sum())}; first for the "
        f"call at {extract.sheet.where(row)}."
    )
    return rings[~nameless].reset_index(drop=True)


def _last(notes: Sequence[str]) -> str:
    return notes[-1] if notes else ""


def _known_events(extract: Extract, names: Names, people: set[Any]) -> pd.DataFrame:
    """Return restarts, and sign-ins and pauses of the people of the group, by their numbers."""
    events = extract.duty
    of_system = (events["member"] == "").to_numpy(dtype=bool)
    members = names.known_numbers(events["member"], people)
    return events.assign(member=members)[of_system | members.notna().to_numpy()]


def _put_in_order(
    calls: pd.DataFrame, rings: pd.DataFrame, notes: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return calls that do not end before they begin, and rings that lie inside their calls."""
    arrived, ended = calls["arrived_at"].to_numpy(), calls["ended_at"].to_numpy()
    backwards = ended < arrived
    if backwards.any():
        notes.append(
            f"Calls that end before they arrive, whose wait counts as 0: {int(backwards.sum())}."
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
        notes.append(f"Calls left out because their dates are excluded: {int(out.sum())}.")
    return calls[~out]


def _excluded(exclude: Iterable[object]) -> Any:
    try:
        given = [exclude] if isinstance(exclude, (str, date)) else list(exclude)
    except TypeError:
        raise ConfigurationError("exclude", "must be a list of dates", exclude) from None
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
    return _Days(number, dates.astype("datetime64[D]"), opens, clock)


def _hours(calls: pd.DataFrame, days: _Days) -> float:
    latest = days.seconds(calls["arrived_at"].to_numpy(), days.number).max()
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
            "arrives_at": days.seconds(arrived_at, days.number),
            "outcome": np.array(OUTCOMES, dtype=object)[outcome],
            "wait": ended_at - arrived_at,
            "answered_by": calls["answered_by"].where(outcome == ANSWERED),
            "talk_time": np.where(outcome == ANSWERED, talk_time, np.nan),
            "action": np.array([*ACTIONS, None], dtype=object)[action],
        }
    )


def _ring_frame(rings: pd.DataFrame, calls: pd.DataFrame, days: _Days) -> pd.DataFrame:
    row = pd.Index(calls["call"]).get_indexer(pd.Index(rings["call"]))
    arrived_at = calls["arrived_at"].to_numpy()
    arrives_at = days.seconds(arrived_at, days.number)[row]
    started, ended = (
        arrives_at + (rings[column].to_numpy() - arrived_at[row])
        for column in ("started_at", "ended_at")
    )
    return pd.DataFrame(
        {
            "call": rings["call"].to_numpy(),
            "member": rings["member"].to_numpy(object),
            "started_at": started,
            "ended_at": ended,
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
    ended = days.seconds(own["ended_at"].to_numpy(np.float64), np.where(on_a_day, number, 0))
    kept = on_a_day & (ended > 0)
    if not kept.all():
        notes.append(
            "Own calls left out because they are outside the days and hours of the group: "
            f"{int((~kept).sum())}."
        )
    return own.assign(day=number)[kept]


def _own_frame(own: pd.DataFrame, days: _Days) -> pd.DataFrame:
    number = own["day"].to_numpy(np.int64)
    begun, ended = (own[column].to_numpy(np.float64) for column in ("started_at", "ended_at"))
    started_at = days.seconds(begun, number)
    before = np.maximum(days.opening(number) - begun, 0.0)  # that passed before the day opened
    return pd.DataFrame(
        {
            "extension": own["member"].to_numpy(object),
            "day": number,
            "started_at": started_at,
            "talk_time": np.maximum(ended - begun - before, 0.0),
        }
    )
