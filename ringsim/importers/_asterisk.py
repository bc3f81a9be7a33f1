"""Reader of Asterisk's queues: `queues.conf`, or the tables of a realtime database.

`queuerules.conf` and the dialplan, `extensions.conf`, complete them: a queue's time-out, penalties
and what follows stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from ringsim.errors import ConfigurationError
from ringsim.importers._asterisk_members import listed, listed_in_row
from ringsim.importers._asterisk_queue import Queue, draft_of
from ringsim.importers._asterisk_rules import is_yes, not_a_change
from ringsim.importers._asterisk_settings import general_remarks
from ringsim.importers._conf import Section, Setting, read_sections
from ringsim.importers._dialplan import QueueCall, queue_calls
from ringsim.importers._drafts import GroupDraft
from ringsim.importers._files import ConfigFile
from ringsim.importers._findings import Findings, Place
from ringsim.importers._importer import Importer
from ringsim.importers._tables import Row, read_tables

__all__ = ["Asterisk"]

QUEUE_LINE = re.compile(
    r"^[ \t]*(member|strategy|joinempty|autofill|musicclass)[ \t]*=", re.M | re.I
)
RULE_LINE = re.compile(r"^[ \t]*penaltychange[ \t]*=", re.M | re.I)
STEP_LINE = re.compile(r"^[ \t]*(exten|same)[ \t]*=", re.M | re.I)
SECTION = re.compile(r"^[ \t]*\[[^\]\n]+\]", re.M)
TABLES: Final = ("queues", "queue_members", "queue_member_table", "queue_table", "queue_rules")
HEADERS: Final = (
    *({"queue_name", "interface"}, {"rule_name", "time"}),
    *({"name", key} for key in ("strategy", "timeout", "retry", "musiconhold", "joinempty")),
)
RULE_FIELDS: Final = ("time", "max_penalty", "min_penalty", "raise_penalty")
MOST_RULES = 1000  # changes of penalty in one rule
MEMBER_FIELDS: Final = (
    "interface",
    "penalty",
    "membername",
    "state_interface",
    "ringinuse",
    "wrapuptime",
    "paused",
)


MEMBER_COLUMNS: Final = ("queue_name", "uniqueid", "reason_paused", "id", *MEMBER_FIELDS)
CHANGE: Final = "penaltychange"


class Asterisk(Importer):
    """Reader of `queues.conf`, `queuerules.conf`, `extensions.conf` and realtime tables."""

    name: ClassVar[str] = "asterisk"
    title: ClassVar[str] = "configuration of Asterisk's queues"

    def recognises(self, file: ConfigFile) -> bool:
        if file.looks_like_sql:
            return any(table.encode() in file.data for table in TABLES)
        header = set(file.head.partition("\n")[0].lower().replace('"', "").split(","))
        if any(columns <= header for columns in HEADERS):
            return True
        named = file.path.name.startswith(("queues", "queuerules", "extensions"))
        lines = (QUEUE_LINE, RULE_LINE, STEP_LINE)
        return bool(SECTION.search(file.head)) and (
            named or any(line.search(file.head) for line in lines)
        )

    def read(self, files: Sequence[ConfigFile], findings: Findings) -> list[GroupDraft]:
        found = _Files(findings)
        for file in files:
            if file.looks_like_sql or not SECTION.search(file.head):
                found.add_tables(file)
            elif STEP_LINE.search(file.head):
                found.calls += queue_calls(read_sections(file, Findings()))
            else:
                is_rules = file.path.name.startswith("queuerules")
                found.add_sections(read_sections(file, findings), is_rules=is_rules)
        return found.drafts()


class _Files:
    """The queues, penalty rules and calls of `Queue()` found so far."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.general: dict[str, Setting] = {}
        self.queues: dict[str, Queue] = {}
        self.rules: dict[str, list[str]] = {}
        self.calls: list[QueueCall] = []
        self.seen: set[Place] = set()
        self.member_rows: list[Row] = []

    def add_sections(self, sections: Iterable[Section], *, is_rules: bool = False) -> None:
        for section in sections:
            if section.place in self.seen:  # of a file that is both given and included
                continue
            self.seen.add(section.place)
            if section.name == "general":
                self.general |= {each.key: each for each in section.settings}
            elif is_rules or any(each.key == CHANGE for each in section.settings):
                self.rules.setdefault(section.name.lower(), [])
                for each in section.settings:
                    self._add_rule(section.name, each)
            else:
                self._add_queue(section)

    def _add_queue(self, section: Section) -> None:
        if section.name in self.queues:
            before = self.queues[section.name].place
            self.findings.add(
                "not_understood",
                section.place,
                section.name,
                f"the queue stands at {before}, too; this one counts",
                section.name,
            )
        queue = Queue(section.name, section.place, {}, [])
        for each in section.settings:
            if each.key == "member":
                queue.members.append(listed(each.value, each.place))
            else:
                queue.settings[each.key] = each
        self.queues[section.name] = queue

    def add_tables(self, file: ConfigFile) -> None:
        rows = [row for table in read_tables(file, TABLES, self.findings).values() for row in table]
        for row in rows:
            if "rule_name" in row.values:
                line = ",".join(row.text(part) for part in RULE_FIELDS)
                self._add_rule(row.text("rule_name"), Setting(CHANGE, line, row.place))
            elif "queue_name" in row.values:
                self.member_rows.append(row)
            elif not (name := row.text("name")):
                text = "the row has no name of a queue; it is left out"
                self.findings.add("not_understood", row.place, "name", text)
            else:
                keys = {key: key.replace("_", "-") for key in row.values if key != "name"}
                settings = {
                    other: Setting(other, value, row.place)
                    for key, other in keys.items()
                    if (value := row.values[key]) is not None
                }
                self.queues[name] = Queue(name, row.place, settings, [])

    def _add_rule(self, name: str, change: Setting) -> None:
        lines = self.rules.setdefault(name.lower(), [])
        if len(lines) == MOST_RULES:
            raise ConfigurationError(
                str(change.place), f"must be one of at most {MOST_RULES:,} changes"
            )
        if change.key != CHANGE:
            hint = self.findings.hint(change.key, [CHANGE])
            text = f"there is no such setting of penalty rules. {hint}".strip()
        else:
            text = not_a_change(change.value)
        if text:
            self.findings.add("not_understood", change.place, f"{name}.{change.key}", text)
        else:
            lines.append(change.value)

    def _add_member(self, row: Row) -> None:
        name = row.text("queue_name")
        for column in row.values.keys() - MEMBER_COLUMNS:
            if hint := self.findings.hint(column, MEMBER_COLUMNS):
                text = f"there is no such column. {hint}"
                self.findings.add(
                    "not_understood", row.place, f"{name}.{column}", text, name or None
                )
        if (
            not name
            or not row.text("interface")
            or ("uniqueid" in row.values and not row.text("uniqueid"))
        ):
            self.findings.add(
                "not_understood",
                row.place,
                f"{name}.member",
                "Asterisk skips a member without queue, interface or uniqueid; it is left out",
                name or None,
            )
            return
        if name not in self.queues:
            self.findings.add(
                "not_understood",
                row.place,
                name,
                "the files have members of the queue and no settings; it has Asterisk's defaults",
                name,
            )
            self.queues[name] = Queue(name, row.place, {}, [])
        self.queues[name].members.append(
            listed_in_row([row.text(field) for field in MEMBER_FIELDS], row.place)
        )

    def drafts(self) -> list[GroupDraft]:
        for row in self.member_rows:
            self._add_member(row)
        calls: dict[str, QueueCall] = {}
        for call in self.calls:
            if call.name in calls:
                self.findings.add(
                    "notes",
                    call.place,
                    call.name,
                    f"Queue() stands at {calls[call.name].place}, too; the first one counts",
                    call.name,
                )
            calls.setdefault(call.name, call)
        if not self.queues and (self.calls or self.rules):
            text = "the files name no queues; give queues.conf, too"
            self.findings.add("notes", Place(), "", text)
        self._report_general()
        return [
            draft_of(queue, self.general, self.rules, calls, self.findings)
            for queue in self.queues.values()
        ]

    def _report_general(self) -> None:
        for kind, key, text in general_remarks(self.general, self.findings):
            self.findings.add(kind, self.general[key].place, f"general.{key}", text)
        setting = self.general.get("force_longest_waiting_caller")
        if setting is not None and is_yes(setting.value):
            self.findings.add(
                "not_expressed",
                setting.place,
                "general.force_longest_waiting_caller",
                "callers of several queues are not put in one line",
            )
