"""What the PBX's end points return: groups in every form of its JSON, and lists of members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from ringsim.errors import ConfigurationError
from ringsim.group._record import AsTuple, Members, RingGroup
from ringsim.records import PbxRecord, number_between

__all__ = ["MemberList", "RingGroupList", "read_groups"]


class RingGroupList(PbxRecord):
    """A page of ring groups, as the PBX lists them: `count` in all, `items` here."""

    items: Annotated[tuple[RingGroup, ...], AsTuple] = ()
    count: Annotated[int, number_between("a whole number", 0, 10**18, whole=True)] = 0


class MemberList(PbxRecord):
    """The members of one group, as the PBX's agents end point returns them."""

    items: Members = ()


def read_groups(data: Any) -> tuple[RingGroup, ...]:
    """Ring groups from any form of the PBX's JSON, already parsed.

    Parameters
    ----------
    data : dict or list
        One record (created, detailed or updated), a page of them with `count` and `items`,
        or a plain list of records.

    Raises
    ------
    ConfigurationError
        When it is none of these; a list of members says that it is one.
    """
    if isinstance(data, list):
        return RingGroupList(items=data).items
    if not isinstance(data, Mapping):
        raise ConfigurationError("file", "must hold a ring group or a scenario", data)
    if "items" not in data:
        return (RingGroup.from_api(data),)
    if _is_member_list(data):
        raise ConfigurationError(
            "items", "must be ring groups, not members", hint="Give a list of members as --agents."
        )
    return RingGroupList.from_api(data).items


def _is_member_list(data: Mapping[str, Any]) -> bool:
    """Whether parsed JSON is what the agents end point returns, rather than ring groups."""
    items = data.get("items")
    return isinstance(items, list) and any(
        isinstance(item, Mapping)
        and "extension_number" in item
        and not item.keys() & {"ring_strategy", "ring_time"}
        for item in items
    )
