"""Days of calls, played through the twin's groups."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from ringsim._checks import is_integer, is_number
from ringsim.errors import ConfigurationError
from ringsim.group import RingGroup
from ringsim.pbx.twin._calls import GROUP, MEMBER, OWN, Call, Leg, Office, calls_of
from ringsim.pbx.twin._events import CDR_EVENTS, EXTENSION_EVENTS
from ringsim.pbx.twin._recording import RecordedCall, record_calls, recorded
from ringsim.pbx.twin._routes_groups import group_detail, members_of
from ringsim.pbx.twin._state import Twin
from ringsim.pbx.twin._tables import RING_GROUPS, TENANTS, USERS
from ringsim.scenario import Scenario
from ringsim.scenario._duty import clock_seconds

__all__ = ["PlayOrder", "play_days", "play_live", "read_order", "record_days", "scenario_parts"]

MAX_DAYS = 366
FIELDS = ("demand", "extensions", "hours", "opens_at", "ringing_is_busy")  # of a scenario
OPTIONS = ("days", "seed", "starts_on", "speed", "weekdays")


@dataclass(frozen=True)
class PlayOrder:
    """The settings of a day to play.

    Attributes
    ----------
    parts : dict
        Demand, extensions and hours, as in the file of a scenario.
    days, seed : int
        Number of days, and the seed of their random numbers; day k is replication k.
    starts_on : date
        The first day.
    speed : float or None
        How many times faster than real time events go out; None writes the records at once.
    weekdays : bool
        Whether to leave out Saturdays and Sundays.
    """

    parts: Mapping[str, Any]
    days: int
    seed: int
    starts_on: date
    speed: float | None
    weekdays: bool


def scenario_parts(scenario: Scenario) -> dict[str, Any]:
    """Return what a play takes from a scenario: everything but its groups."""
    plain = scenario.to_file()
    return {name: plain[name] for name in FIELDS if name in plain}


def read_order(
    data: Mapping[str, Any], now: float, default: Mapping[str, Any] = MappingProxyType({})
) -> PlayOrder:
    """Return the order in the body of a request; what it leaves out is as in `default`.

    Raises
    ------
    ConfigurationError
        If a field is unknown or invalid.
    """
    for name in data:
        if name not in (*FIELDS, *OPTIONS, "scenario"):
            known = ", ".join((*FIELDS, *OPTIONS, "scenario"))
            raise ConfigurationError(name, "must be a field of a play", hint=f"They are {known}.")
    scenario = data.get("scenario", {})
    if not isinstance(scenario, Mapping):
        raise ConfigurationError("scenario", "must be a table", scenario)
    parts = dict(default)
    parts |= {name: scenario[name] for name in FIELDS if name in scenario}
    parts |= {name: data[name] for name in FIELDS if name in data}
    days, seed, speed = data.get("days", 1), data.get("seed", 0), data.get("speed")
    if not is_integer(days) or not 1 <= days <= MAX_DAYS:
        raise ConfigurationError("days", f"must be a whole number from 1 to {MAX_DAYS}", days)
    if not is_integer(seed) or not 0 <= seed < 2**128:
        raise ConfigurationError("seed", "must be a whole number from 0 to 2**128 - 1", seed)
    if speed is not None and (not is_number(speed) or not 0 < speed <= 1e9):
        raise ConfigurationError("speed", "must be a number above 0", speed)
    weekdays = data.get("weekdays") is True
    first = datetime.fromtimestamp(now, UTC).date()
    if "starts_on" in data:
        first = _date(data["starts_on"])
    elif speed is None:
        first = _before(first, days, weekdays)
    return PlayOrder(parts, days, seed, first, speed, weekdays)


def _before(today: date, days: int, weekdays: bool) -> date:
    """Return the day on which to start, so that the last of some days is before today."""
    first = today
    while days:
        first -= timedelta(days=1)
        days -= not weekdays or first.weekday() < 5
    return first


def _date(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ConfigurationError("starts_on", "must be a date like 2026-11-02", value) from None


def play_days(twin: Twin, tenant_id: str, order: PlayOrder) -> list[RecordedCall]:
    """Play days through the groups of a tenant; return the calls with their ids.

    Raises
    ------
    ConfigurationError
        If the order does not fit the groups.
    """
    from ringsim._play import play  # slow to import, and a twin need not play
    from ringsim.workload import Workload

    groups, night, names, domain = _groups(twin, tenant_id)
    scenario = Scenario.from_file({**order.parts, "groups": groups})
    opens = clock_seconds(scenario.opens_at, "opens_at") if scenario.opens_at else 0.0
    reason = "FORWARDING_NIGHT_MODE" if twin.version.since("22.3") else "OVERFLOW"
    calls: list[Call] = []
    for replication, day in enumerate(_days(order)):
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
        start = midnight + opens if order.speed is None else twin.clock.now()
        log = play(scenario, Workload.draw(scenario, order.seed, replication))
        office = Office(start, names, night, reason, salt=f"{order.seed} {replication}")
        calls += calls_of(log, office)
    calls.sort(key=lambda call: call.started_at)
    return [recorded(call, twin.ids, tenant_id, domain) for call in calls]


def record_days(twin: Twin, tenant_id: str, order: PlayOrder) -> int:
    """Play days and write their records at once; return the number of calls."""
    calls = play_days(twin, tenant_id, order)
    with twin.store.write() as connection:
        record_calls(connection, sorted(calls, key=lambda each: each.call.ended_at))
    return len(calls)


def _days(order: PlayOrder) -> Iterator[date]:
    day, left = order.starts_on, order.days
    while left:
        if not order.weekdays or day.weekday() < 5:
            yield day
            left -= 1
        day += timedelta(days=1)


def _groups(
    twin: Twin, tenant_id: str
) -> tuple[list[RingGroup], frozenset[str], dict[str, str], str]:
    """Return the groups as they are configured, those in night mode, names, and the domain."""
    with twin.store.read() as connection:
        domain = connection.execute(
            select(TENANTS.c.domain).where(TENANTS.c.id == tenant_id)
        ).scalar_one()
        people = connection.execute(
            select(USERS.c.extension_number, USERS.c.display_name).where(
                USERS.c.tenant_id == tenant_id, USERS.c.extension_number.is_not(None)
            )
        )
        names = {number: name or "" for number, name in people}
        groups, night = [], set()
        rows = connection.execute(
            select(RING_GROUPS).where(RING_GROUPS.c.tenant_id == tenant_id)
        ).all()
        for row in rows:
            names[row.extension_number] = row.name
            record = group_detail(connection, row, twin.version)
            record["agents"] = members_of(connection, tenant_id, row.id)
            if record.get("enable_night_mode") and record.get("night_mode_forward_rule"):
                night.add(row.extension_number)
                record["agents"] = []  # night mode forwards without ringing anybody
                record["no_answer_forward_rule"] = record["night_mode_forward_rule"]
            groups.append(RingGroup.from_pbx(record))
    return groups, frozenset(night), names, domain


async def play_live(twin: Twin, calls: list[RecordedCall], speed: float) -> None:
    """Send the events of calls as time passes; write each record when its call ends."""
    if not calls:
        return
    began, first = twin.clock.now(), min(each.call.started_at for each in calls)
    steps = _Steps(twin)
    for at, step in steps.of(calls):
        wait = began + (at - first) / speed - twin.clock.now()
        if wait > 0:
            await twin.clock.sleep(wait)
        else:
            await asyncio.sleep(0)  # let others have their turn
        step()


Step = Callable[[], None]


class _Steps:
    """The steps of calls in progress, in the order of time."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin

    def of(self, calls: list[RecordedCall]) -> Iterator[tuple[float, Step]]:
        """Yield each step and its instant."""
        waiting = [
            (at, order, place, step)
            for place, each in enumerate(calls)
            for order, (at, step) in enumerate(self._of_call(each))
        ]
        heapq.heapify(waiting)
        while waiting:
            at, _, _, step = heapq.heappop(waiting)
            yield at, step

    def _of_call(self, each: RecordedCall) -> Iterator[tuple[float, Step]]:
        call = each.call
        yield call.started_at, lambda: self._start(each)
        for leg in call.legs:
            if leg.kind == GROUP:
                continue
            yield from self._of_leg(each, leg)
        yield call.ended_at, lambda: self._end(each)

    def _of_leg(self, each: RecordedCall, leg: Leg) -> Iterator[tuple[float, Step]]:
        who = each.call.caller if leg.kind == OWN else leg.callee
        yield leg.started_at, lambda: self._target(each, leg, "add", leg.started_at)
        yield leg.started_at, lambda: self._ring(each, leg, who)
        if leg.answered_at is not None:
            at = leg.answered_at
            yield at, lambda: self._answer(each, leg, who, at)
            yield leg.ended_at, lambda: self._leave(each, leg, who, "end")
        else:
            timed_out = leg.result == "ring_no_answer"
            event = "noanswer" if timed_out else "end"
            yield leg.ended_at, lambda: self._leave(each, leg, who, event)

    def _start(self, each: RecordedCall) -> None:
        self.twin.live[each.session_id] = each.live()
        self.twin.hub.send(each.tenant_id, CDR_EVENTS, each.start_message())

    def _target(self, each: RecordedCall, leg: Leg, event: str, at: float) -> None:
        self.twin.hub.send(each.tenant_id, CDR_EVENTS, each.target_message(event, leg, at))

    def _ring(self, each: RecordedCall, leg: Leg, who: str) -> None:
        self._target(each, leg, "ringing", leg.started_at)
        self.twin.live[each.session_id]["ringing"].add(who)
        self._extension(each, leg, who, leg.started_at)

    def _answer(self, each: RecordedCall, leg: Leg, who: str, at: float) -> None:
        self._target(each, leg, "answer", at)
        live = self.twin.live[each.session_id]
        live["ringing"].discard(who)
        live["talking"].add(who)
        live["answered_at"] = live["answered_at"] or self.twin.clock.now()
        self._extension(each, leg, who, at)

    def _leave(self, each: RecordedCall, leg: Leg, who: str, event: str) -> None:
        self._target(each, leg, event, leg.ended_at)
        live = self.twin.live[each.session_id]
        live["ringing"].discard(who)
        live["talking"].discard(who)
        self._extension(each, leg, who, leg.ended_at)

    def _extension(self, each: RecordedCall, leg: Leg, who: str, at: float) -> None:
        """Tell subscribers what an extension does now."""
        if leg.kind not in (MEMBER, OWN):
            return
        calls = self.twin.live.values()
        talks = any(who in call["talking"] for call in calls)
        rings = any(who in call["ringing"] for call in calls)
        message = {
            "event_type": "extension_call",
            "extension": f"sip:{who}@{each.domain}",
            "extension_id": self._identity(each.tenant_id, who),
            "tenant_id": each.tenant_id,
            "call_status": "ON_CALL" if talks else "RINGING" if rings else "",
            "time": str(int(at)),
        }
        self.twin.hub.send(each.tenant_id, EXTENSION_EVENTS, message, who)

    def _identity(self, tenant_id: str, number: str) -> str:
        with self.twin.store.read() as connection:
            found: str | None = connection.execute(
                select(USERS.c.id).where(
                    USERS.c.tenant_id == tenant_id, USERS.c.extension_number == number
                )
            ).scalar_one_or_none()
        return found or ""

    def _end(self, each: RecordedCall) -> None:
        self.twin.live.pop(each.session_id, None)
        with self.twin.store.write() as connection:
            record_calls(connection, [each])
        self.twin.hub.send(each.tenant_id, CDR_EVENTS, each.record_message())
