"""Files of call reports."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from ringsim.pbx._times import parsed_time, written_time
from ringsim.pbx.twin._tables import CDRS, LEGS, RING_GROUPS, USERS

__all__ = ["report_file"]

MAX_CALLS = 20_000  # of a report that lists calls
GROUP_COLUMNS = ("Ring Group", "Agent", "Total Answered", "Total Received")
CALL_COLUMNS = (
    "Caller",
    "Callee",
    "Started At",
    "Rang At",
    "Answered At",
    "Ended At",
    "Talk Duration",
    "End Reason",
)


def report_file(
    connection: Connection, tenant: str, order: dict[str, Any], now: float
) -> tuple[str, bytes]:
    """Return the name and the content of a report."""
    start, end = _span(order, now)
    if order["type"] == "RING_GROUP_STATISTICS":
        rows = _group_rows(connection, tenant, order["filter"].get("ring_groups"), start, end)
        columns: Sequence[str] = GROUP_COLUMNS
    else:
        rows = _call_rows(connection, tenant, order, start, end)
        columns = CALL_COLUMNS
    if order["type"] not in ("RING_GROUP_STATISTICS", "NORMAL"):
        rows = []  # the twin has no queues and no costs
    kind = order["format"].lower()
    return f"{order['type'].lower()}.{kind}", _written(kind, columns, rows)


def _span(order: dict[str, Any], now: float) -> tuple[str, str]:
    """Return the first time of a report's range, and the time after its last."""
    if order["range"] == "CUSTOM":
        given = order.get("started_at"), order.get("ended_at")
        low, high = (None if each is None else written_time(parsed_time(each)) for each in given)
        return low or "0", high or "9"
    today = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    day = timedelta(days=1)
    monday = today - day * today.weekday()
    first = today.replace(day=1)
    spans = {
        "TODAY": (today, today + day),
        "YESTERDAY": (today - day, today),
        "LAST_WEEK": (monday - 7 * day, monday),
        "LAST_SEVEN_DAYS": (today - 7 * day, today),
        "LAST_MONTH": ((first - day).replace(day=1), first),
        "LAST_THIRTY_DAYS": (today - 30 * day, today),
    }
    low_day, high_day = spans[order["range"]]
    return written_time(low_day.timestamp()), written_time(high_day.timestamp())


def _group_rows(
    connection: Connection, tenant: str, wanted: list[str] | None, start: str, end: str
) -> list[tuple[Any, ...]]:
    groups = connection.execute(
        select(RING_GROUPS.c.extension_number, RING_GROUPS.c.name).where(
            RING_GROUPS.c.tenant_id == tenant
        )
    )
    names = {row.extension_number: row.name for row in groups}
    users = connection.execute(
        select(USERS.c.extension_number, USERS.c.display_name).where(
            USERS.c.tenant_id == tenant, USERS.c.extension_number.is_not(None)
        )
    )
    people = {row.extension_number: row.display_name for row in users}
    inside = (LEGS.c.tenant_id == tenant, LEGS.c.started_at >= start, LEGS.c.started_at < end)
    columns = (LEGS.c.callee, LEGS.c.service_number, LEGS.c.answered_at)
    legs = connection.execute(select(*columns).where(*inside)).all()
    rows: list[tuple[Any, ...]] = []
    totals = [0, 0]
    for group in wanted if wanted is not None else names:
        if group not in names:
            continue
        received = sum(1 for leg in legs if leg.callee == group)
        answered: dict[str, int] = {}
        for leg in legs:
            if leg.service_number == group and leg.callee in people:
                answered[leg.callee] = answered.get(leg.callee, 0) + (leg.answered_at is not None)
        title = f"{names[group]} [{group}]"
        for place, (number, count) in enumerate(sorted(answered.items()) or [("", 0)]):
            agent = f"{people[number]} [{number}]" if number else ""
            rows.append((title, agent, count, "" if place else received))
        totals[0] += sum(answered.values())
        totals[1] += received
    return [*rows, ("Total", "", *totals)]


def _call_rows(
    connection: Connection, tenant: str, order: dict[str, Any], start: str, end: str
) -> list[tuple[Any, ...]]:
    wanted = select(CDRS).where(
        CDRS.c.tenant_id == tenant, CDRS.c.started_at >= start, CDRS.c.started_at < end
    )
    answers = order["filter"].get("answer_state", "ANY")
    if answers != "ANY":
        answered = CDRS.c.answered_at.is_not(None)
        wanted = wanted.where(answered if answers == "ANSWERED" else ~answered)
    rows = connection.execute(wanted.order_by(CDRS.c.started_at).limit(MAX_CALLS))
    return [
        (
            row.caller,
            row.callee,
            *(_local(getattr(row, name)) for name in ("started_at", "rang_at")),
            *(_local(getattr(row, name)) for name in ("answered_at", "ended_at")),
            row.duration,
            row.end_reason,
        )
        for row in rows
    ]


def _local(time: str | None) -> str:
    """Return a time as reports write it: whole seconds, with the offset of the tenant."""
    return "" if time is None else f"{time[:10]} {time[11:19]}+00:00"


def _written(kind: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    if kind == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows([columns, *rows])
        return text.getvalue().encode()
    lines = (
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in [columns, *rows]
    )
    return f"<!DOCTYPE html><meta charset=utf-8><table>{''.join(lines)}</table>".encode()
