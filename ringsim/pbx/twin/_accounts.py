"""Tenants, users, trunks and groups, entered into the database without the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from ringsim.errors import ConfigurationError
from ringsim.group import RingGroup
from ringsim.pbx._times import written_time
from ringsim.pbx.twin._state import Twin
from ringsim.pbx.twin._tables import AGENTS, NUMBERS, PROVIDERS, RING_GROUPS, TENANTS, USERS
from ringsim.pbx.twin._tokens import hashed

__all__ = ["MAX_RING_GROUPS", "SERVICES", "add_groups", "add_provider", "add_tenant", "add_user"]

MAX_RING_GROUPS = 20  # default of a tenant
SERVICES = ("555", "666", "777", "888")  # numbers that the PBX's own services take


def add_tenant(
    twin: Twin, domain: str, *, name: str = "", max_ring_groups: int = MAX_RING_GROUPS
) -> str:
    """Return the id of the tenant with a SIP domain; add it if there is none."""
    with twin.store.write() as connection:
        found: str | None = connection.execute(
            select(TENANTS.c.id).where(TENANTS.c.domain == domain)
        ).scalar_one_or_none()
        if found is not None:
            return found
        identity = twin.new_id()
        connection.execute(
            insert(TENANTS).values(
                id=identity,
                name=name or domain,
                domain=domain,
                max_ring_groups=max_ring_groups,
            )
        )
        return identity


def has_user(twin: Twin, tenant_id: str, name: str) -> bool:
    """Return whether a tenant has a user of this name."""
    with twin.store.read() as connection:
        found = connection.execute(
            select(USERS.c.id).where(USERS.c.tenant_id == tenant_id, USERS.c.name == name)
        )
        return found.first() is not None


def add_user(
    twin: Twin,
    tenant_id: str | None,
    name: str,
    *,
    password: str | None = None,
    role: str = "StandardUser",
    number: str | None = None,
    display_name: str | None = None,
    two_factor: bool = False,
) -> str:
    """Return the id of a user; add the user unless the tenant has one of this name.

    A user without a password cannot sign in.
    """
    password_hash = None if password is None else hashed(password)
    with twin.store.write() as connection:
        found: str | None = connection.execute(
            select(USERS.c.id).where(
                USERS.c.tenant_id.is_not_distinct_from(tenant_id), USERS.c.name == name
            )
        ).scalar_one_or_none()
        if found is not None:
            return found
        identity = twin.new_id()
        connection.execute(
            insert(USERS).values(
                id=identity,
                tenant_id=tenant_id,
                name=name,
                enabled=True,
                display_name=display_name or name,
                role=role,
                role_id=role,
                role_name=role,
                extension_number=number,
                created_at=written_time(twin.clock.now()),
                timezone="UTC",
                enable_cc=False,
                enable_advanced=False,
                password_hash=password_hash,
                two_factor=two_factor,
            )
        )
        if number is not None and tenant_id is not None:
            take_number(connection, tenant_id, number, "EXTENSION", identity)
        return identity


def add_provider(twin: Twin, tenant_id: str, name: str, **fields: Any) -> str:
    """Return the id of a new trunk."""
    identity = twin.new_id()
    values = {"enabled": True, "shared": False, **fields}
    with twin.store.write() as connection:
        connection.execute(
            insert(PROVIDERS).values(id=identity, tenant_id=tenant_id, name=name, **values)
        )
    return identity


def take_number(
    connection: Connection, tenant_id: str, number: str, kind: str, owner_id: str
) -> None:
    """Enter a number into the number space of a tenant."""
    connection.execute(
        insert(NUMBERS).values(tenant_id=tenant_id, number=number, type=kind, owner_id=owner_id)
    )


def add_groups(
    twin: Twin, tenant_id: str, groups: Iterable[RingGroup | Mapping[str, Any]]
) -> list[str]:
    """Add ring groups with their members, and an extension for each member that has none.

    Groups whose number the tenant already has are left alone.

    Raises
    ------
    ConfigurationError
        If a group has no number, or the number belongs to something else.
    """
    records = [
        group if isinstance(group, RingGroup) else RingGroup.from_pbx(group) for group in groups
    ]
    identities = []
    for place, group in enumerate(records):
        number = group.extension_number
        if not number:
            raise ConfigurationError(f"groups[{place}].extension_number", "must be given")
        with twin.store.read() as connection:
            taken = owners(connection, tenant_id)
        if taken.get(number) == "RING_GROUP":
            continue
        if number in taken or number in SERVICES:
            raise ConfigurationError(
                f"groups[{place}].extension_number", "must be free in the tenant", number
            )
        for member in group.members:
            if member.extension_number not in taken:
                add_user(
                    twin,
                    tenant_id,
                    member.extension_number,
                    number=member.extension_number,
                    display_name=member.display_name or f"Extension {member.extension_number}",
                )
        identities.append(_add_group(twin, tenant_id, group))
    return identities


def owners(connection: Connection, tenant_id: str) -> dict[str, str]:
    """Return the type of every number of a tenant."""
    rows = connection.execute(
        select(NUMBERS.c.number, NUMBERS.c.type).where(NUMBERS.c.tenant_id == tenant_id)
    )
    return {row.number: row.type for row in rows}


def _add_group(twin: Twin, tenant_id: str, group: RingGroup) -> str:
    identity = twin.new_id()
    record = group.to_api()
    headers = twin.version.identity_headers
    with twin.store.write() as connection:
        take_number(connection, tenant_id, group.extension_number, "RING_GROUP", identity)
        connection.execute(
            insert(RING_GROUPS).values(
                id=identity,
                tenant_id=tenant_id,
                name=group.name or f"Group {group.extension_number}",
                extension_number=group.extension_number,
                ring_time=round(group.ring_time),
                ring_strategy=str(group.ring_strategy),
                skip_busy_member=group.skip_busy_member,
                enable_paid=record.get("enable_paid", headers),
                enable_prid=record.get("enable_prid", headers),
                extension_number_as_to_header=group.extension_number_as_to_header,
                no_answer_forward_rule=_rule(record.get("no_answer_forward_rule")),
                night_mode_forward_rule=_rule(record.get("night_mode_forward_rule")),
                enable_night_mode=bool(group.enable_night_mode),
                enable_audio_recording=bool(group.enable_audio_recording),
                outbound_caller_ids=record.get("outbound_caller_ids") or [],
            )
        )
        rows = [
            {
                "group_id": identity,
                "position": position,
                "extension_number": member.extension_number,
                "skill_level": member.skill_level,
            }
            for position, member in enumerate(group.members)
        ]
        if rows:
            connection.execute(insert(AGENTS), rows)
    return identity


def _rule(rule: Any) -> dict[str, Any] | None:
    if not isinstance(rule, Mapping) or not rule:
        return None
    return {"action": str(rule.get("action", "HANGUP")), "number": rule.get("number") or None}
