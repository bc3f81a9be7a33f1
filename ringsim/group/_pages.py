"""Answers of the PBX's end points: lists of ring groups and lists of members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from ringsim._model import AsTuple, PbxRecord, check_names, notes_on_unknown, number_between
from ringsim._spelling import meant
from ringsim.errors import ConfigurationError
from ringsim.group._parts import Members
from ringsim.group._record import RingGroup

__all__ = ["MemberList", "RingGroupList", "read_groups", "read_page"]


class RingGroupList(PbxRecord):
    """A page of the PBX's list of ring groups: `items` on this page, `count` in total."""

    _kind: ClassVar[str] = "a list of ring groups"
    _example: ClassVar[str] = '{"count": 1, "items": [{"extension_number": "600"}]}.'

    items: Annotated[tuple[RingGroup, ...], AsTuple] = ()
    count: Annotated[int, number_between("a whole number", 0, 10**18, whole=True)] = 0

    @property
    def page_notes(self) -> tuple[str, ...]:
        """Notes on the page itself: unknown fields around the groups, and groups left out."""
        unknown = notes_on_unknown((key, meant(key, self._known())) for key in self._unknown_here())
        left_out = self.count - len(self.items)
        if left_out <= 0:
            return unknown
        return (*unknown, f"The file holds {len(self.items)} of {self.count} ring groups.")


class MemberList(PbxRecord):
    """The members of one group, as returned by the PBX's agents end point."""

    _kind: ClassVar[str] = "a list of members"
    _example: ClassVar[str] = '{"items": [{"extension_number": "201"}]}.'

    items: Members = ()


def read_groups(data: Any) -> tuple[RingGroup, ...]:
    """Return the ring groups of `read_page`."""
    return read_page(data).items


def read_page(data: Any) -> RingGroupList:
    """Return a page of ring groups from any form of the PBX's parsed JSON.

    Misspelt fields are refused, as in the constructor of `RingGroup`.

    Parameters
    ----------
    data : dict or list
        One record (created, detailed or updated), a page of them with `count` and `items`,
        or a plain list of records.

    Raises
    ------
    ConfigurationError
        If `data` has none of these forms. If it is a list of members, the message says so.
    """
    if isinstance(data, list):
        return RingGroupList(items=data)
    if not isinstance(data, Mapping) or not data:
        raise ConfigurationError("file", "must hold a ring group or a scenario", data)
    if "items" not in data:
        check_names(data, RingGroup.__name__)
        return RingGroupList(items=(RingGroup(**data),))
    if _is_member_list(data):
        raise ConfigurationError(
            "items", "must be ring groups, not members", hint="Give a list of members as --agents."
        )
    check_names(data, RingGroupList.__name__)
    return RingGroupList(**data)


def _is_member_list(data: Mapping[str, Any]) -> bool:
    """Return True if the items are members, from the agents end point, and not ring groups."""
    items = data.get("items")
    return isinstance(items, list) and any(
        isinstance(item, Mapping)
        and "extension_number" in item
        and not item.keys() & {"ring_strategy", "ring_time", "members", "agents"}
        for item in items
    )
