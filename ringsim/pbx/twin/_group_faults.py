"""Faults of a request for a ring group that only the stored data show."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from ringsim.pbx.twin._accounts import SERVICES
from ringsim.pbx.twin._tables import NUMBERS, PROVIDERS, RING_GROUPS, TENANTS

__all__ = ["agent_faults", "number_faults", "provider_faults", "room_faults"]


def number_faults(connection: Connection, tenant: str, number: object) -> Iterator[tuple[str, str]]:
    """Yield a fault if the number of a new group is in use."""
    if not isinstance(number, str):
        return
    taken = connection.execute(
        select(NUMBERS.c.number).where(
            NUMBERS.c.tenant_id == tenant, NUMBERS.c.number == _bindable(number)
        )
    ).one_or_none()
    if taken is not None or number in SERVICES:
        yield "extension_number", "already in use"


def provider_faults(
    connection: Connection, tenant: str, caller_ids: object
) -> Iterator[tuple[str, str]]:
    """Yield a fault for each caller id over a trunk that the tenant does not have."""
    if not isinstance(caller_ids, list):
        return
    known = set(
        connection.execute(select(PROVIDERS.c.id).where(PROVIDERS.c.tenant_id == tenant)).scalars()
    )
    for place, each in enumerate(caller_ids):
        identity = each.get("provider_id") if isinstance(each, dict) else None
        if isinstance(identity, str) and identity not in known:
            yield f"outbound_caller_ids[{place}].provider_id", "no such provider"


def room_faults(connection: Connection, tenant: str) -> Iterator[tuple[None, str]]:
    """Yield a fault if the tenant may have no further ring group."""
    held = connection.execute(
        select(func.count()).select_from(RING_GROUPS).where(RING_GROUPS.c.tenant_id == tenant)
    ).scalar_one()
    most = connection.execute(
        select(TENANTS.c.max_ring_groups).where(TENANTS.c.id == tenant)
    ).scalar_one()
    if held >= most:
        yield None, "max_ring_groups"


def agent_faults(
    connection: Connection, tenant: str, numbers: list[str]
) -> Iterator[tuple[str, str]]:
    """Yield a fault for each member who is no extension, or is given twice."""
    extensions = set(
        connection.execute(
            select(NUMBERS.c.number).where(
                NUMBERS.c.tenant_id == tenant, NUMBERS.c.type == "EXTENSION"
            )
        ).scalars()
    )
    for place, number in enumerate(numbers):
        if number not in extensions:
            yield f"items[{place}].extension_number", "no such extension"
        elif number in numbers[:place]:
            yield f"items[{place}].extension_number", "given twice"


def _bindable(text: str) -> str:
    """Return text that SQLite can take: without lone surrogates."""
    return text.encode(errors="replace").decode()
