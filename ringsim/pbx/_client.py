"""The client of the PBX's REST API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from ringsim.errors import ConfigurationError
from ringsim.group import RingGroup
from ringsim.pbx._credentials import find_credentials
from ringsim.pbx._errors import NotFoundError, items_in, object_in, several_of
from ringsim.pbx._filter_terms import Filter, field, filter_text
from ringsim.pbx._paging import all_items
from ringsim.pbx._ring_groups import RingGroupClient
from ringsim.pbx._session import Session
from ringsim.pbx._transport import base_url

if TYPE_CHECKING:
    from ringsim.records import Records
    from ringsim.scenario import Scenario

__all__ = ["PortSIP"]


class PortSIP(RingGroupClient):
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
        base_url(url)  # an error in the address is told before missing credentials
        credentials = find_credentials(url, username, password, domain, token)
        super().__init__(Session(url, credentials, verify=verify, timeout=timeout))

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
        path = "/tenant/status"
        return str(object_in(self._session.get(path), "GET", path).get("version", ""))

    # Numbers, trunks and people

    def extension(self, number: str) -> dict[str, Any] | None:
        """Return who owns a number: `id`, `name`, `type`; None if it is free."""
        path = f"/extension_numbers/{quote(number, safe='')}"
        try:
            return object_in(self._session.get(path), "GET", path)
        except NotFoundError:
            return None

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
            for place, leg in enumerate(self._legs(session["id"]))
        ]

    def _legs(self, session: str) -> list[dict[str, Any]]:
        path = f"/cdrs/{quote(session, safe='')}"
        return items_in(self._session.get(path), path)

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

        Raises
        ------
        NotFoundError
            If the PBX has no such group.
        PbxError
            If it lists several groups of one number.
        """
        from ringsim.scenario import Scenario

        known: dict[str, str] = {}
        for group in self.ring_groups():
            if group.extension_number in known:
                raise several_of(group.extension_number)
            known[group.extension_number] = group.id
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


def _without_nulls(value: Any) -> Any:
    """Return a record without nulls, which mean the same as nothing and which TOML cannot hold."""
    if isinstance(value, Mapping):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
