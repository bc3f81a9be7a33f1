"""The client of the PBX's REST API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from ringsim.errors import ConfigurationError
from ringsim.group import Member, RingGroup
from ringsim.pbx import _group_records as records
from ringsim.pbx._credentials import find_credentials
from ringsim.pbx._errors import NotFoundError, NotWrittenError, PbxError
from ringsim.pbx._filter_terms import Filter, field, filter_text
from ringsim.pbx._paging import all_items
from ringsim.pbx._session import Session
from ringsim.pbx._transport import LostAnswerError

if TYPE_CHECKING:
    from ringsim.records import Records
    from ringsim.scenario import Scenario

__all__ = ["PortSIP"]

GroupLike = RingGroup | str
MemberLike = Member | Mapping[str, Any] | str
MAX_TRIES = 2  # to create a group, if answers are lost


class PortSIP:
    """A PBX, by its REST API.

    Parameters
    ----------
    url : str
        Address, such as `https://pbx.example.com:8887`.
    username, password, domain : str, optional
        An account that may manage the phone system, and the SIP domain of its tenant. By default
        they come from `RINGSIM_PBX_USERNAME`, `RINGSIM_PBX_PASSWORD` and `RINGSIM_PBX_DOMAIN`, or
        from the netrc file.
    token : str, optional
        An access token in place of an account; by default from `RINGSIM_PBX_TOKEN`.
    verify : bool, str or Path, default True
        Whether to check the certificate, or the file of the authority that signed it.
    timeout : float, default 10
        Longest time to wait for a part of an answer [s].

    Raises
    ------
    ConfigurationError
        If the address is invalid, or no credentials are found.
    RingsimError
        If the extra `ringsim[pbx]` is not installed.

    Notes
    -----
    The client signs in at the first request, and keeps no secret where a repr, a log or a
    traceback would show it. Reads are tried again after faults that pass. A write is sent once; if
    its answer is lost, the client looks at what the PBX has. After each write it reads back and
    compares. It may be shared by threads.
    """

    def __init__(
        self,
        url: str,
        *,
        username: str | None = None,
        password: str | None = None,
        domain: str | None = None,
        token: str | None = None,
        verify: bool | str | Path = True,
        timeout: float = 10,
    ) -> None:
        credentials = find_credentials(url, username, password, domain, token)
        self._session = Session(url, credentials, verify=verify, timeout=timeout)

    @property
    def url(self) -> str:
        """Address of the PBX."""
        return self._session.host

    def __repr__(self) -> str:
        return f"<PortSIP at {self.url}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    @property
    def version(self) -> str:
        """Version of the PBX."""
        return str(self._session.get("/tenant/status").get("version", ""))

    # Ring groups

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
        return (RingGroup.from_pbx(item) for item in found)

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
        return RingGroup.from_pbx({**self._detail(identity), "agents": self._agents(identity)})

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
                return str(answer["id"])
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
            self._write(f"/ring_groups/{quote(identity, safe='')}", body)
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
        self._write(f"/ring_groups/{quote(identity, safe='')}/destroy")
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
        found = self._agents(self._identity(group))
        return tuple(Member.from_pbx(each) for each in found)

    def set_agents(self, group: GroupLike, members: Iterable[MemberLike]) -> tuple[Member, ...]:
        """Replace the members of a ring group; return them as the PBX has them.

        Raises
        ------
        NotWrittenError
            If the PBX reads back something else than was sent.
        """
        identity = self._identity(group)
        items = records.members_body(members)
        self._write(f"/ring_groups/{quote(identity, safe='')}/agents", {"items": items})
        found = self._agents(identity)
        if records.members_body(found) != items:
            raise NotWrittenError(f"the PBX must keep the members of {identity}, and has others")
        return tuple(Member.from_pbx(each) for each in found)

    # Numbers, trunks and people

    def extension(self, number: str) -> dict[str, Any] | None:
        """Return who owns a number: `id`, `name`, `type`; None if it is free."""
        try:
            found: dict[str, Any] = self._session.get(
                f"/extension_numbers/{quote(number, safe='')}"
            )
        except NotFoundError:
            return None
        return found

    def providers(self, search: str | None = None) -> list[dict[str, Any]]:
        """Return the trunks."""
        return list(all_items(self._session.get, "/providers", search=search))

    def users(
        self,
        filter: Filter | None = None,  # noqa: A002  # the API's own name
        search: str | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Yield the people who have an extension."""
        return all_items(self._session.get, "/users", filter=filter_text(filter), search=search)

    # Calls

    def call_legs(self, start: datetime, end: datetime) -> list[dict[str, Any]]:
        """Return the legs of all calls that began in [start, end), as the PBX records them.

        Each has the `session_id` of its call. A PBX older than 22.0.42 lists calls only; their
        legs are then read one call at a time.
        """
        whole = field("started_at").ge(start) & field("started_at").lt(end)
        asked = {"filter": whole.text, "orderby": "started_at asc"}
        try:
            return list(all_items(self._session.get, "/calllogs", **asked))
        except NotFoundError:
            sessions = list(all_items(self._session.get, "/cdrs", **asked))
        return [
            {**leg, "session_id": session["id"], "id": f"{session['id']}-{place}"}
            for session in sessions
            for place, leg in enumerate(
                self._session.get(f"/cdrs/{quote(session['id'], safe='')}")["items"]
            )
        ]

    def call_records(self, start: datetime, end: datetime, group: str | None = None) -> Records:
        """Return the calls of a ring group that began in [start, end), as records of days.

        Parameters
        ----------
        start, end : datetime
            With time zones. Read whole days: a call that crosses midnight belongs to the day
            on which it arrived.
        group : str, optional
            Number of the group; may be left out if the PBX has one group only.

        Raises
        ------
        ConfigurationError
            If the PBX has several groups and none is named, or has no calls of the group.
        """
        from ringsim.pbx._call_records import records_of

        number = group or self._only_group()
        members = [each.extension_number for each in self.agents(number)]
        return records_of(self.call_legs(start, end), number, members, start)

    def scenario(self, groups: Sequence[str] | None = None) -> Scenario:
        """Return a scenario of the ring groups, without callers.

        Parameters
        ----------
        groups : list of str, optional
            Numbers of groups; by default all. Groups to which they overflow are added.
        """
        from ringsim.scenario import Scenario

        known = {group.extension_number: group.id for group in self.ring_groups()}
        waiting = list(known if groups is None else groups)
        found: dict[str, RingGroup] = {}
        while waiting:
            number = waiting.pop(0)
            if number in found:
                continue
            record = self.ring_group(RingGroup(id=known[number]) if number in known else number)
            found[number] = RingGroup.from_pbx(_without_nulls(record.to_api()))
            rule = record.no_answer_forward_rule
            if rule.action == "FORWARD_TO_NUMBER" and rule.number in known:
                waiting.append(rule.number)
        return Scenario(groups=list(found.values()))

    # Helpers

    def _only_group(self) -> str:
        numbers = [group.extension_number for group in self.ring_groups()]
        if len(numbers) != 1:
            raise ConfigurationError(
                "group", "must be given", hint=f"The groups are {', '.join(numbers) or 'none'}."
            )
        return numbers[0]

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
        return next((group.id for group in listed if group.extension_number == number), None)

    def _detail(self, identity: str) -> dict[str, Any]:
        found: dict[str, Any] = self._session.get(f"/ring_groups/{quote(identity, safe='')}")
        return found

    def _agents(self, identity: str) -> list[dict[str, Any]]:
        path = f"/ring_groups/{quote(identity, safe='')}/agents"
        items: list[dict[str, Any]] = self._session.get(path)["items"]
        return items

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


def _without_nulls(value: Any) -> Any:
    """Return a record without nulls, which mean the same as nothing and which TOML cannot hold."""
    if isinstance(value, Mapping):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
