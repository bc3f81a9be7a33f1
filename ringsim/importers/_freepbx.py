"""Reader of FreePBX's ring groups: rows of the table `ringgroups`, or a backup.

The key store of the PBX (`asterisk -rx "database show"`) completes them: call waiting, do not
disturb and call forwarding of each extension.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from ringsim.importers._destinations import HANGUP, of_context
from ringsim.importers._drafts import NO_LIMIT, GroupDraft, MemberDraft, as_number
from ringsim.importers._files import ConfigFile
from ringsim.importers._findings import Findings, Place
from ringsim.importers._freepbx_rules import PRIMARY, STRATEGIES, preset_of, rules_of
from ringsim.importers._importer import Importer
from ringsim.importers._tables import Row, json_of, read_tables, row_of
from ringsim.importers._values import not_one_of, number

__all__ = ["FreePbx"]

DEFAULT_RING_TIME = 20  # s, what the form of the PBX proposes
KEY = re.compile(r"^/(CW|DND|CF)/(\d+)[ \t]*:(.*)$", re.M)
STORE = re.compile(r"^/[A-Z][A-Za-z]+/\S+\s*: ", re.M)
TABLES = ("ringgroups",)
COLUMNS = {"grpnum", "grplist"}
CARRIED: Final = (
    *("grppre", "alertinfo", "remotealert_id", "toolate_id", "ringing", "cpickup", "recording"),
    *("progress", "elsewhere", "rvolume", "changecid", "fixedcid"),
)
KNOWN: Final = (
    *("grpnum", "strategy", "grptime", "grplist", "annmsg_id", "annmsg", "postdest"),
    *("description", "needsconf", "cwignore", "cfignore", *CARRIED),
)
# Columns of a dump without `CREATE TABLE`
IN_ORDER: Final = (
    *("grpnum", "strategy", "grptime", "grppre", "grplist", "annmsg_id", "postdest"),
    *("description", "alertinfo", "remotealert_id", "needsconf", "toolate_id", "ringing"),
    *("cwignore", "cfignore", "cpickup", "recording", "progress", "elsewhere", "rvolume"),
)


class FreePbx(Importer):
    """Reader of FreePBX's ring groups."""

    name: ClassVar[str] = "freepbx"
    title: ClassVar[str] = "ring groups or key store of FreePBX"

    def recognises(self, file: ConfigFile) -> bool:
        if file.looks_like_sql:
            return re.search(rb"(?i)\b[`\"]?ringgroups[`\"]?[\s(;]", file.data) is not None
        if file.looks_like_json:
            return '"grpnum"' in file.head or '"grpnum"' in file.text
        header = re.split(r"[\t,;|]", file.head.partition("\n")[0].lower().replace('"', ""))
        return set(header) >= COLUMNS or STORE.match(file.head) is not None

    def read(self, files: Sequence[ConfigFile], findings: Findings) -> list[GroupDraft]:
        keys: _Keys | None = None
        rows: dict[str, Row] = {}
        for file in files:
            if not (file.looks_like_sql or file.looks_like_json) and STORE.match(file.head):
                keys = _Keys() if keys is None else keys
                keys.add(file)
            else:
                for row in _rows(file, findings):
                    number = row.text("grpnum")
                    if not number:
                        text = "the row has no number of a group; it is left out"
                        findings.add("not_understood", row.place, "grpnum", text)
                    elif number in rows:
                        text = f"the group stands at {rows[number].place}, too; this one counts"
                        findings.add("notes", row.place, number, text, number)
                    if number:
                        rows[number] = row
        if keys is not None and not rows:
            text = "the key store names no groups; give the table ringgroups, too"
            findings.add("notes", Place(), "", text)
        return [_Reading(row, keys, findings).draft() for row in rows.values()]


def _rows(file: ConfigFile, findings: Findings) -> Iterator[Row]:
    if file.looks_like_json:
        data = json_of(file)
        if isinstance(data, Mapping):
            configs = data.get("configs")
            data = configs.get("groups") if isinstance(configs, Mapping) else data.get("groups")
        if isinstance(data, Sequence) and not isinstance(data, str):
            for number, table in enumerate(data, 1):
                place = Place(f"{file.name} group {number}")
                yield row_of(table if isinstance(table, Mapping) else {}, place, findings)
        return
    for rows in read_tables(file, TABLES, findings, {"ringgroups": IN_ORDER}).values():
        yield from rows


class _Keys:
    """The key store: call waiting, do not disturb, and forwarding."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, str], Place] = {}

    def add(self, file: ConfigFile) -> None:
        line, counted = 1, 0
        for match in KEY.finditer(file.text):
            line += file.text.count("\n", counted, match.start())
            counted = match.start()
            if match[3].strip():
                self.places[match[1], match[2]] = Place(file.name, line)

    def has(self, family: str, number: str) -> bool:
        return (family, number) in self.places


class _Reading:
    """The reading of one row."""

    def __init__(self, row: Row, keys: _Keys | None, findings: Findings) -> None:
        self.row = row
        self.keys = keys
        self.findings = findings
        self.number = row.text("grpnum")

    def tell(self, kind: str, column: str, text: str) -> None:
        name = f"{self.number}.{column}"
        self.findings.add(kind, self.row.place, name, text, self.number)

    def draft(self) -> GroupDraft:
        self._look_through_columns()
        strategy = self._strategy()
        plain = strategy.removesuffix(PRIMARY)
        skips = bool(self.row.text("cwignore")) or plain == "firstnotonphone"
        fields = {
            "ring_time": self._ring_time(),
            "skip_busy_member": skips,
            "no_answer_forward_rule": self._no_answer_rule(),
            "rules": rules_of(strategy),
        }
        return GroupDraft(
            name=self.number,
            number=as_number(self.number),
            place=self.row.place,
            preset=preset_of(strategy),
            fields=fields,
            members=list(self._members(skips)),
            title=self.row.text("description"),
            without_members="grplist names no members; every call goes unanswered",
        )

    def _look_through_columns(self) -> None:
        row = self.row
        for column in row.values:
            if column in CARRIED:
                self.tell("dropped", column, "it changes no ringing")
            elif column not in KNOWN:
                hint = self.findings.hint(column, KNOWN)
                self.tell("not_understood", column, f"there is no such column. {hint}".strip())
        if row.text("annmsg_id", "0") not in ("", "0") or row.text("annmsg"):
            text = "the announcement before the first ring is not played; add it to the wait"
            column = "annmsg_id" if row.text("annmsg_id", "0") not in ("", "0") else "annmsg"
            self.tell("not_expressed", column, text)
        if row.text("needsconf"):
            text = (
                "members confirm calls by a key, which takes time; add it to the answer_delay "
                "of outside numbers"
            )
            self.tell("not_expressed", "needsconf", text)
        if row.text("strategy").startswith("ringallv2"):
            text = "follow-me lists of members are not rung; the group is played as ringall"
            self.tell("not_expressed", "strategy", text)

    def _strategy(self) -> str:
        told = self.row.text("strategy").lower()
        if told.removesuffix(PRIMARY) in STRATEGIES:
            return told
        if told:
            hint = self.findings.hint(told, STRATEGIES)
            text = not_one_of(told, "a strategy of FreePBX", "ringall", hint)
            self.tell("not_understood", "strategy", text)
        else:
            self.tell("notes", "strategy", "the file has no strategy; ringall is taken")
        return "ringall"

    def _ring_time(self) -> float:
        told = self.row.text("grptime")
        seconds, text = number(told, DEFAULT_RING_TIME)
        if text:
            self.tell("not_understood", "grptime", text)
        elif not told:
            text = f"the file has no ring time; {DEFAULT_RING_TIME} s is taken"
            self.tell("notes", "grptime", text)
        elif not seconds:
            text = f"0 is no limit, and is played as a ring time of {NO_LIMIT:,} s"
            self.tell("not_expressed", "grptime", text)
        return float(seconds or NO_LIMIT)

    def _no_answer_rule(self) -> dict[str, Any]:
        destination = self.row.text("postdest")
        rule = of_context(destination)
        if rule is None:
            context = destination.partition(",")[0]
            text = f"{context} is not read; calls that nobody answers are hung up"
            self.tell("not_expressed", "postdest", text)
        return rule or dict(HANGUP)

    def _members(self, skips: bool) -> Iterator[MemberDraft]:
        if self.keys is None and not skips:
            text = (
                "call waiting of the members stands in the PBX's key store, which is not given; "
                "members on a call are rung"
            )
            self.tell("notes", "cwignore", text)
        for entry in self.row.text("grplist").split("-"):
            told = entry.strip()
            if not told:
                continue
            outside = told.endswith("#")
            dialled = told.rstrip("#")
            draft = MemberDraft(dialled, as_number(dialled), self.row.place)
            if outside:
                text = (
                    f"{dialled} is an outside number, whose owner answers like a member; give "
                    "the person an answer_delay and answer_probability of their own"
                )
                self.tell("notes", "grplist", text)
            elif self.keys is not None and not self._is_kept(draft, skips):
                continue
            yield draft

    def _is_kept(self, draft: MemberDraft, skips: bool) -> bool:
        """Complete a member by the key store; return whether the group rings them here."""
        assert self.keys is not None  # noqa: S101 - the caller has looked
        if not skips and not self.keys.has("CW", draft.name):
            draft.fields["skip_busy"] = True
        if self.keys.has("DND", draft.name):
            draft.off_duty = "do not disturb is on"
        if self.keys.has("CF", draft.name):
            left_out = bool(self.row.text("cfignore"))
            text = (
                f"{draft.name} forwards calls, and the group ignores forwarding; left out"
                if left_out
                else f"{draft.name} forwards calls to another phone; the member's own is rung"
            )
            self.tell("not_expressed", "grplist", text)
            return not left_out
        return True
