"""Days of calls, played through the twin's groups."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from ringsim._checks import is_integer, is_number
from ringsim.errors import ConfigurationError
from ringsim.group import RingGroup
from ringsim.pbx.twin._calls import Office, calls_of
from ringsim.pbx.twin._live_steps import Steps
from ringsim.pbx.twin._recorded_calls import Call
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
    steps = Steps(twin)
    for at, step in steps.of(calls):
        wait = began + (at - first) / speed - twin.clock.now()
        if wait > 0:
            await twin.clock.sleep(wait)
        else:
            await asyncio.sleep(0)  # let others have their turn
        step()
