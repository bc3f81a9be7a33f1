"""Played calls as the PBX records them: a session, and a leg for each service and phone.

The group is a leg of its own that is never answered and ends with the call. Each phone that
rang has a leg; only the one that answered has an answer time. Members who were not rung leave
no leg.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from ringsim.calllog import CallLog

from ringsim.pbx.twin._recorded_calls import Call, Leg

__all__ = ["Office", "calls_of"]

INBOUND, OUTBOUND = "INBOUND_CALL", "OUTBOUND_CALL"
GROUP, MEMBER, FORWARD, OWN = "group", "member", "forward", "own"  # kinds of legs
VOICEMAIL = "666"  # the number of the PBX's voicemail service
AFTER_FORWARD = 30.0  # s that a call lasts in a voicemail box or at another number
GAVE_UP, HUNG_UP = 487, 480  # SIP codes


@dataclass(frozen=True)
class Office:
    """The data that the records of a day need besides the log.

    Attributes
    ----------
    start : float
        Unix time of second 0 of the log.
    names : dict of str to str
        Name of each group and person, by number.
    night : frozenset of str
        Groups in night mode.
    night_reason : str
        Reroute reason of a call that night mode sent on.
    main_number : str
        The number that callers dial.
    salt : str
        Makes the numbers of callers differ between days.
    """

    start: float
    names: Mapping[str, str]
    night: frozenset[str] = frozenset()
    night_reason: str = "OVERFLOW"
    main_number: str = "+41445550100"
    salt: str = ""


def calls_of(log: CallLog, office: Office) -> list[Call]:
    """Return the sessions of a played day, in the order of their ends."""
    rings, visits = defaultdict(list), defaultdict(list)
    for ring in log.rings.itertuples():
        rings[ring.call].append(ring)
    for visit in log.visits.itertuples():
        visits[visit.call].append(visit)
    day = _Day(log, office)
    calls = [day.call(row, visits[row.call], rings[row.call]) for row in log.calls.itertuples()]
    calls += day.own_calls()
    return sorted(calls, key=lambda call: (call.ended_at, call.started_at))


class _Day:
    def __init__(self, log: CallLog, office: Office) -> None:
        self.log = log
        self.office = office

    def _at(self, seconds: float) -> float:
        """Return the Unix time of an instant, rounded so that equal instants stay equal."""
        return self.office.start + round(seconds, 6)

    def call(self, row: Any, visits: list[Any], rings: list[Any]) -> Call:
        """Return the session of one call to a group."""
        outcome_at = self._at(row.arrives_at + row.wait)
        answered = row.outcome == "answered"
        caller_ends = self._number(f"end {row.call}", 2) == 0
        reason, status = "", HUNG_UP
        if answered:
            reason = "CALLER_DISCONNECTED" if caller_ends else "CALLEE_DISCONNECTED"
            status = 0
        elif row.outcome == "abandoned":
            reason, status = "CANCELLED", GAVE_UP
        answered_at = outcome_at if answered else None
        talked = row.talk_time if answered else 0.0
        ended_at = self._at(row.arrives_at + row.wait + talked)
        forward = self._forward(row, outcome_at)
        if forward is not None:
            reason, status = forward.end_reason, 0
            answered_at, ended_at = outcome_at, forward.ended_at
        legs = [
            leg
            for place, visit in enumerate(visits)
            for leg in self._visit(visit, place, visits, rings, ended_at, reason, forward)
        ]
        first = str(row.group)
        return Call(
            caller=f"+4479{self._number(f'caller {row.call}', 10**8):08}",
            caller_display_name=None,
            callee=first,
            callee_display_name=self._name(first),
            direction=INBOUND,
            started_at=self._at(row.arrives_at),
            rang_at=min((self._at(ring.started_at) for ring in rings), default=None),
            answered_at=answered_at,
            ended_at=ended_at,
            end_reason=reason,
            status_code=status,
            service_number=first,
            did=self.office.main_number,
            outbound_caller_id=None,
            legs=(*legs, *([] if forward is None else [forward])),
        )

    def _visit(
        self,
        visit: Any,
        place: int,
        visits: list[Any],
        rings: list[Any],
        ended_at: float,
        reason: str,
        forward: Leg | None,
    ) -> Iterator[Leg]:
        """Yield the leg of a group, and those of its members who were rung."""
        group = str(visit.group)
        rung = [ring for ring in rings if ring.group == visit.group]
        goes_on = place + 1 < len(visits) or forward is not None
        yield Leg(
            kind=GROUP,
            result="forwarded" if goes_on else "ended",
            callee=group,
            callee_display_name=self._name(group),
            started_at=self._at(visit.entered_at),
            rang_at=max((self._at(ring.started_at) for ring in rung), default=None),
            answered_at=None,
            ended_at=self._at(visit.left_at) if goes_on else ended_at,
            end_reason="REDIRECTED" if goes_on else reason,
            reroute_reason=self._reroute(str(visits[place - 1].group)) if place else "",
        )
        for ring in rung:
            took = ring.result in ("answered", "paged")
            yield Leg(
                kind=MEMBER,
                result=str(ring.result),
                callee=str(ring.member),
                callee_display_name=self._name(str(ring.member)),
                started_at=self._at(ring.started_at),
                rang_at=self._at(ring.started_at),
                answered_at=self._at(ring.ended_at) if took else None,
                ended_at=ended_at if took else self._at(ring.ended_at),
                end_reason=reason if took and reason == "CALLER_DISCONNECTED" else "",
                service_number=group,
            )

    def _forward(self, row: Any, at: float) -> Leg | None:
        """Return the leg to a number outside the groups, if the no-answer rule forwards there."""
        if row.outcome != "overflowed" or row.action not in (
            "FORWARD_TO_NUMBER",
            "FORWARD_TO_VOICEMAIL",
        ):
            return None
        group = self.log.scenario.group(str(row.ended_in))
        box = row.action == "FORWARD_TO_VOICEMAIL"
        number = VOICEMAIL if box else group.no_answer_forward_rule.number
        return Leg(
            kind=FORWARD,
            result="answered",
            callee=number,
            callee_display_name="Voicemail" if box else self._name(number),
            started_at=at,
            rang_at=at,
            answered_at=at,
            ended_at=at + AFTER_FORWARD,
            end_reason="CALLER_DISCONNECTED",
            reroute_reason=self._reroute(group.extension_number),
        )

    def own_calls(self) -> Iterator[Call]:
        """Yield the sessions of the members' own calls that took place."""
        for place, row in enumerate(self.log.own_calls.itertuples()):
            if row.taken:
                yield self._own_call(place, row)

    def _own_call(self, place: int, row: Any) -> Call:
        at, number = self._at(row.started_at), str(row.extension)
        leg = Leg(
            kind=OWN,
            result="answered",
            callee=f"+4420{self._number(f'own {place}', 10**8):08}",
            callee_display_name="",
            started_at=at,
            rang_at=at,
            answered_at=at,
            ended_at=self._at(row.started_at + row.talk_time),
            end_reason="CALLER_DISCONNECTED",
        )
        return Call(
            caller=number,
            caller_display_name=self._name(number),
            callee=leg.callee,
            callee_display_name="",
            direction=OUTBOUND,
            started_at=at,
            rang_at=at,
            answered_at=at,
            ended_at=leg.ended_at,
            end_reason=leg.end_reason,
            status_code=0,
            service_number=None,
            did=None,
            outbound_caller_id=self.office.main_number,
            legs=(leg,),
        )

    def _reroute(self, group: str) -> str:
        return self.office.night_reason if group in self.office.night else "OVERFLOW"

    def _name(self, number: str) -> str:
        return self.office.names.get(number, "")

    def _number(self, key: str, below: int) -> int:
        """Return a number that only depends on the day and the key."""
        return crc32(f"{self.office.salt} {key}".encode()) % below
