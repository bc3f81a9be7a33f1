"""Part of the client that reads, creates, changes and deletes ring groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from ringsim.errors import ConfigurationError
from ringsim.group import Member, RingGroup
from ringsim.pbx import _group_records as records
from ringsim.pbx._errors import (
    NotFoundError,
    NotWrittenError,
    PbxError,
    items_in,
    object_in,
    read_from,
    several_of,
)
from ringsim.pbx._filter_terms import Filter, field, filter_text
from ringsim.pbx._paging import all_items
from ringsim.pbx._session import Session
from ringsim.pbx._transport import LostAnswerError

__all__ = ["RingGroupClient"]

GroupLike = RingGroup | str
MemberLike = Member | Mapping[str, Any] | str
MAX_TRIES = 2  # to create a group, if answers are lost


class RingGroupClient:
    """Ring groups of a PBX, read and written through a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ring_groups(
        self,
        filter: Filter | None = None,  # noqa: A002  # the API's own name
        search: str | None = None,
        orderby: str | None = None,
    ) -> Iterator[RingGroup]:
        """Yield the ring groups as the PBX lists them: without members and caller ids.

        Parameters
        ----------
        filter : Filter, optional
            A condition, such as `field("ring_time").gt(10)`.
        search : str, optional
            Free text; the PBX decides what it matches.
        orderby : str, optional
            Fields with `asc` or `desc`, such as `"name desc"`.

        Raises
        ------
        PbxError
            If the PBX refuses, or its pages do not fit together.
        """
        found = all_items(
            self._session.get,
            "/ring_groups",
            filter=filter_text(filter),
            search=search,
            orderby=orderby,
        )
        return (_record_of(item, "/ring_groups") for item in found)

    def ring_group(self, group: GroupLike) -> RingGroup:
        """Return one ring group with its members and caller ids.

        Parameters
        ----------
        group : str or RingGroup
            Its number, its id, or a record with either.

        Raises
        ------
        NotFoundError
            If the PBX has no such group.
        """
        identity = self._identity(group)
        record = {**self._detail(identity), "agents": self._agents(identity)}
        return _record_of(record, _path(identity))

    def create(self, group: RingGroup | Mapping[str, Any]) -> RingGroup:
        """Create a ring group with its members, and return it as the PBX has it.

        Raises
        ------
        NotWrittenError
            If the PBX reads back something else than was sent.
        PbxError
            If the PBX refuses, for example because the number is taken.
        """
        record = records.as_group(group)
        body = records.body_of(record.to_api())
        if not record.extension_number:
            raise ConfigurationError("extension_number", "must be given")
        body.setdefault("name", f"Group {record.extension_number}")
        body.setdefault("ring_strategy", str(record.ring_strategy))
        body.setdefault("skip_busy_member", record.skip_busy_member)
        identity = self._created(body)
        self._compare(identity, body)
        if record.members:
            self.set_agents(identity, record.members)
        return self.ring_group(RingGroup(id=identity))

    def _created(self, body: Mapping[str, Any]) -> str:
        """Return the id of a new group; if the answer is lost, look the number up first."""
        number = body["extension_number"]
        lost: PbxError | None = None
        for _ in range(MAX_TRIES):
            try:
                answer = self._session.post("/ring_groups", dict(body))
                return str(object_in(answer, "POST", "/ring_groups", "id")["id"])
            except PbxError as wrong:
                if lost is None and not isinstance(wrong, LostAnswerError):
                    raise  # refused at once: a group with this number is somebody else's
                lost = wrong
            found = self._by_number(number)
            if found is not None and not records.differences(body, self._detail(found)):
                return found
        raise lost or AssertionError  # the loop has set it

    def update(
        self, group: GroupLike, changes: Mapping[str, Any] | None = None, **fields: Any
    ) -> RingGroup:
        """Change fields of a ring group, and return it as the PBX has it afterwards.

        Parameters
        ----------
        group : str or RingGroup
            Its number, its id, or a record with either.
        changes : dict, optional
            New values by field; `members` replaces the whole list.
        **fields
            The same, as keywords: `ring_time=15`.

        Raises
        ------
        NotWrittenError
            If the PBX reads back something else than was sent.
        """
        new = {**(changes or {}), **fields}
        records.check_names(new)
        members = new.pop("members", None)
        identity = self._identity(group)
        if new:
            wanted = RingGroup(**new).to_api()
            body = {**records.body_of(self._detail(identity)), **records.body_of(wanted)}
            body.update({name: None for name in records.RULES if new.get(name, 0) is None})
            body.pop("extension_number", None)
            self._write(_path(identity), body)
            self._compare(identity, body)
        if members is not None:
            self.set_agents(identity, members)
        return self.ring_group(RingGroup(id=identity))

    def destroy(self, group: GroupLike) -> None:
        """Delete a ring group, and check that it is gone.

        Raises
        ------
        NotFoundError
            If the PBX has no such group.
        """
        identity = self._identity(group)
        self._write(f"{_path(identity)}/destroy")
        try:
            self._detail(identity)
        except NotFoundError:
            return
        except PbxError as wrong:
            if wrong.status == 400:  # the PBX promises no 404
                return
            raise
        raise NotWrittenError(f"the PBX must delete the group {identity}, and still has it")

    def agents(self, group: GroupLike) -> tuple[Member, ...]:
        """Return the members of a ring group in their configured order."""
        identity = self._identity(group)
        found = self._agents(identity)
        return _members_of(found, identity)

    def set_agents(self, group: GroupLike, members: Iterable[MemberLike]) -> tuple[Member, ...]:
        """Replace the members of a ring group; return them as the PBX has them.

        Raises
        ------
        NotWrittenError
            If the PBX reads back something else than was sent.
        """
        identity = self._identity(group)
        items = records.members_body(members)
        self._write(f"{_path(identity)}/agents", {"items": items})
        found = self._agents(identity)
        if records.members_body(_members_of(found, identity)) != items:
            raise NotWrittenError(f"the PBX must keep the members of {identity}, and has others")
        return _members_of(found, identity)

    def _identity(self, group: GroupLike) -> str:
        """Return the id of a group that is named by number, id or record."""
        if isinstance(group, RingGroup):
            if group.id:
                return group.id
            group = group.extension_number
        if not isinstance(group, str) or not group:
            raise ConfigurationError("group", "must be a number, an id or a RingGroup", group)
        if group.isascii() and group.isdigit() and 3 <= len(group) <= 64:
            found = self._by_number(group)
            if found is not None:
                return found
        return group

    def _by_number(self, number: str) -> str | None:
        """Return the id of the group with a number, or None."""
        listed = self.ring_groups(field("extension_number").eq(number))
        found = [group.id for group in listed if group.extension_number == number]
        if len(found) > 1:
            raise several_of(number)
        return found[0] if found else None

    def _detail(self, identity: str) -> dict[str, Any]:
        path = _path(identity)
        return object_in(self._of_group(path, identity), "GET", path)

    def _agents(self, identity: str) -> list[dict[str, Any]]:
        path = f"{_path(identity)}/agents"
        return items_in(self._of_group(path, identity), path)

    def _of_group(self, path: str, identity: str) -> Any:
        """Return the answer to a GET about a group; an unknown one is named in the error."""
        try:
            return self._session.get(path)
        except NotFoundError as wrong:
            raise NotFoundError(
                f"the PBX must have a ring group {identity}, and has none with this number or id",
                status=wrong.status,
                code=wrong.code,
            ) from None

    def _write(self, path: str, body: Any = None) -> None:
        """Send a write; a lost answer is no error yet, because the caller reads back."""
        try:
            self._session.post(path, body)
        except LostAnswerError:
            return

    def _compare(self, identity: str, sent: Mapping[str, Any]) -> None:
        different = records.differences(sent, self._detail(identity))
        if different:
            told = "; ".join(
                f"{name} is {found!r}, not {wanted!r}"
                for name, (wanted, found) in different.items()
            )
            raise NotWrittenError(f"the PBX must keep what was written, and did not: {told}")


def _path(identity: str) -> str:
    return f"/ring_groups/{quote(identity, safe='')}"


def _record_of(record: Mapping[str, Any], path: str) -> RingGroup:
    with read_from(path):
        return RingGroup.from_pbx(record)


def _members_of(agents: Iterable[Mapping[str, Any]], identity: str) -> tuple[Member, ...]:
    with read_from(f"{_path(identity)}/agents"):
        return tuple(Member.from_pbx(each) for each in agents)
