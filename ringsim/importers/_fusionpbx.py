"""Reader of FusionPBX's ring groups: the tables `v_ring_groups` and `v_ring_group_destinations`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from ringsim._sentences import counted
from ringsim._spelling import meant
from ringsim.errors import shown
from ringsim.importers._destinations import HANGUP, to_number, to_voicemail
from ringsim.importers._drafts import GroupDraft, as_number
from ringsim.importers._files import ConfigFile
from ringsim.importers._findings import Findings, Place
from ringsim.importers._fusionpbx_members import RING_TIME, Destinations
from ringsim.importers._fusionpbx_rules import AT_ONCE, PBX, STRATEGIES, is_true, rules_of
from ringsim.importers._importer import Importer
from ringsim.importers._tables import Row, json_of, read_tables, row_of
from ringsim.importers._values import ENABLED, not_a_flag, not_one_of, number

__all__ = ["FusionPbx"]

TIMEOUT = 300  # s, FusionPBX's default
TABLES: Final = ("v_ring_groups", "v_ring_group_destinations")
NO_GROUPS = "without the table v_ring_groups, which names their groups"
NO_DESTINATIONS = (
    "the files have no table v_ring_group_destinations, which lists the members; nobody is rung"
)
NO_DESTINATION = "v_ring_group_destinations has no destination that is rung; nobody is rung"
MEMBER_KEYS: Final = ("members", "destinations", "ring_group_destinations")
VOICEMAIL = "*99"
TARGETS: Final = (
    *("ring_groups", "extensions", "ivrs", "call_center_queues", "external", "conferences"),
)
READ: Final = (
    *("ring_group_uuid", "ring_group_name", "ring_group_extension", "ring_group_strategy"),
    *("ring_group_enabled", "ring_group_call_timeout", "ring_group_timeout_app"),
    *("ring_group_timeout_data", "ring_group_forward_enabled", "ring_group_greeting"),
    *("ring_group_call_screen_enabled", "ring_group_follow_me_enabled"),
    *("ring_group_call_forward_enabled", "timeout_action", "timeout_target"),
)


class FusionPbx(Importer):
    """Reader of FusionPBX's ring groups."""

    name: ClassVar[str] = "fusionpbx"
    title: ClassVar[str] = "ring groups of FusionPBX"

    def recognises(self, file: ConfigFile) -> bool:
        if file.looks_like_sql:
            return b"v_ring_group" in file.data
        return '"ring_group_uuid"' in file.head or (
            "ring_group_uuid" in file.head.partition("\n")[0]
        )

    def read(self, files: Sequence[ConfigFile], findings: Findings) -> list[GroupDraft]:
        groups: dict[str, Row] = {}
        members: dict[str, list[Row]] = {}
        for file in files:
            for row in _rows(file, findings):
                uuid = row.text("ring_group_uuid")
                if "destination_number" in row.values:
                    members.setdefault(uuid, []).append(row)
                    continue
                if uuid in groups:
                    text = f"the group stands at {groups[uuid].place}, too; this one counts"
                    findings.add("notes", row.place, row.text("ring_group_extension"), text)
                groups[uuid] = row
        for uuid, rows in members.items():
            if uuid not in groups:
                missing = "of a group that the files do not have" if groups else NO_GROUPS
                text = f"{counted(len(rows), 'destination')} {missing}"
                findings.add("not_understood", rows[0].place, "ring_group_uuid", text)
        readings = [_Reading(row, members.get(uuid, []), findings) for uuid, row in groups.items()]
        if not members:
            for reading in readings:
                reading.without_members = NO_DESTINATIONS
        return [reading.draft() for reading in readings if reading.is_rung()]


def _rows(file: ConfigFile, findings: Findings) -> Iterator[Row]:
    if not file.looks_like_json:
        for rows in read_tables(file, TABLES, findings).values():
            yield from rows
        return
    data = json_of(file)
    listed = data if isinstance(data, list) else [data]
    if isinstance(data, Mapping) and isinstance(data.get("data"), list):
        listed = data["data"]
    for at, table in enumerate(listed, 1):
        if not isinstance(table, Mapping):
            continue
        place = Place(f"{file.name} group {at}" if len(listed) > 1 else file.name)
        row = row_of(table, place, findings)
        yield row
        for key in MEMBER_KEYS:
            inside = table.get(key)
            for each in inside if isinstance(inside, list) else ():
                if isinstance(each, Mapping):
                    member = row_of(each, place, findings)
                    member.values.setdefault("ring_group_uuid", row.text("ring_group_uuid"))
                    member.values.setdefault("destination_number", "")
                    yield member


class _Reading:
    """The reading of one group."""

    def __init__(self, row: Row, destinations: Sequence[Row], findings: Findings) -> None:
        self.row = row
        self.destinations = destinations
        self.findings = findings
        self.without_members = NO_DESTINATION
        self.name = row.text("ring_group_extension") or row.text("ring_group_name")

    def tell(self, kind: str, column: str, text: str, row: Row | None = None) -> None:
        """Add a remark on a column of the group, or of a destination."""
        place = (row or self.row).place
        self.findings.add(kind, place, f"{self.name}.{column}", text, self.name)

    def is_rung(self) -> bool:
        """Return whether the group rings; report it if it does not."""
        enabled = self.row.text("ring_group_enabled")
        if text := not_a_flag(enabled, words=ENABLED):
            self.tell("not_understood", "ring_group_enabled", text)
        if enabled and not is_true(enabled):
            text = "the group is switched off; it is left out"
            self.findings.add("notes", self.row.place, f"{self.name}.ring_group_enabled", text)
            return False
        return True

    def draft(self) -> GroupDraft:
        self._look_through_columns()
        strategy = self._strategy()
        seconds, text = number(self.row.text("ring_group_call_timeout"), TIMEOUT)
        if text:
            self.tell("not_understood", "ring_group_call_timeout", text)
        total = float(seconds)
        members = list(Destinations(self.destinations, strategy, total, self.tell).members())
        if strategy in AT_ONCE and len(members) == 1:
            total = members[0].fields["ring_time"]
        return GroupDraft(
            name=self.name,
            number=as_number(self.row.text("ring_group_extension")),
            place=self.row.place,
            preset=f"{PBX}/{strategy}",
            fields={
                "ring_time": float(RING_TIME),
                "skip_busy_member": False,
                "no_answer_forward_rule": self._no_answer_rule(),
                "rules": rules_of(strategy, total),
            },
            members=members,
            title=self.row.text("ring_group_name"),
            without_members=self.without_members,
        )

    def _look_through_columns(self) -> None:
        for column in self.row.values:
            if column in READ or column in MEMBER_KEYS:
                continue
            if other := meant(column, READ):
                text = f"there is no such column. Did you mean {shown(other)}?"
                self.tell("not_understood", column, text)
            else:
                self.tell("dropped", column, "it changes no ringing")
        if is_true(self.row.text("ring_group_forward_enabled")):
            text = "every call is forwarded elsewhere, and nobody rings; here the members do"
            self.tell("not_expressed", "ring_group_forward_enabled", text)
        before = "what callers hear or say before the first ring is not played; add it to the wait"
        if self.row.text("ring_group_greeting"):
            self.tell("not_expressed", "ring_group_greeting", before)
        if is_true(self.row.text("ring_group_call_screen_enabled")):
            self.tell("not_expressed", "ring_group_call_screen_enabled", before)
        for column in ("ring_group_follow_me_enabled", "ring_group_call_forward_enabled"):
            if is_true(self.row.text(column)):
                text = "members' own forwarding stands in other tables; their phones are rung"
                self.tell("not_expressed", column, text)

    def _strategy(self) -> str:
        told = self.row.text("ring_group_strategy").lower()
        if told in STRATEGIES:
            return told
        if told:
            hint = self.findings.hint(told, STRATEGIES)
            text = not_one_of(told, "a strategy of FusionPBX", "simultaneous", hint)
            self.tell("not_understood", "ring_group_strategy", text)
        else:
            text = "the file has no strategy; simultaneous is taken"
            self.tell("notes", "ring_group_strategy", text)
        return "simultaneous"

    def _no_answer_rule(self) -> dict[str, Any]:
        action = self.row.text("timeout_action").lower()
        if action:
            return self._target(action, self.row.text("timeout_target"))
        application = self.row.text("ring_group_timeout_app").lower()
        target = (self.row.text("ring_group_timeout_data").split() or [""])[0]
        if application in ("", "hangup"):
            return dict(HANGUP)
        if application == "transfer" and target.startswith(VOICEMAIL):
            return to_voicemail(as_number(target.removeprefix(VOICEMAIL)) or "")
        number = as_number(target.removeprefix("+"))
        if application in ("transfer", "bridge") and number:
            return to_number(number)
        text = f"{application} is not read; calls that nobody answers are hung up"
        self.tell("not_expressed", "ring_group_timeout_app", text)
        return dict(HANGUP)

    def _target(self, action: str, target: str) -> dict[str, Any]:
        """Return the rule of a front end's action and target."""
        number = as_number(target.removeprefix("+"))
        if action.startswith("voicemail"):
            return to_voicemail(number or "")
        if action in TARGETS and number:
            return to_number(number)
        if action != "hangup":
            text = f"{action} is not read; calls that nobody answers are hung up"
            self.tell("not_expressed", "timeout_action", text)
        return dict(HANGUP)
