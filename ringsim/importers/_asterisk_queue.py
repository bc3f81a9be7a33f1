"""One queue of Asterisk as a group: its settings, members, penalty rules and dialplan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ringsim.errors import shown
from ringsim.importers._asterisk_call import Calling
from ringsim.importers._asterisk_members import Listed, drafts_of, in_tie_order
from ringsim.importers._asterisk_rules import (
    DEFAULT_TIMEOUT,
    PBX,
    STRATEGIES,
    TIED_BY_HASH,
    is_yes,
    level_rows,
    rules_of,
)
from ringsim.importers._asterisk_settings import remarks
from ringsim.importers._conf import Setting
from ringsim.importers._destinations import HANGUP
from ringsim.importers._dialplan import QueueCall
from ringsim.importers._drafts import NO_LIMIT, GroupDraft, MemberDraft, as_number, whole
from ringsim.importers._findings import Findings, Place
from ringsim.importers._values import number

__all__ = ["Queue", "draft_of"]


@dataclass
class Queue:
    """A queue as its files say.

    Attributes
    ----------
    name : str
    place : Place
    settings : dict of str to Setting
        The last setting of each key.
    members : list of Listed
    """

    name: str
    place: Place
    settings: dict[str, Setting]
    members: list[Listed]


def draft_of(
    queue: Queue,
    general: Mapping[str, Setting],
    rules: Mapping[str, Sequence[str]],
    calls: Mapping[str, QueueCall],
    findings: Findings,
) -> GroupDraft:
    """Return a queue as a group.

    Parameters
    ----------
    queue : Queue
        Settings and members.
    general : mapping of str to Setting
        Settings of `[general]`.
    rules : mapping of str to sequence of str
        Penalty rules by name in lower case.
    calls : mapping of str to QueueCall
        The calls of `Queue()` in the dialplan, by the name of the queue.
    findings : Findings
        Takes the remarks.
    """
    return _Reading(queue, general, calls, findings).draft(rules)


class _Reading:
    """The reading of one queue: remarks know its name and the places of its settings."""

    def __init__(
        self,
        queue: Queue,
        general: Mapping[str, Setting],
        calls: Mapping[str, QueueCall],
        findings: Findings,
    ) -> None:
        self.queue = queue
        self.general = {key: setting.value for key, setting in general.items()}
        self.calling = Calling(queue.name, queue.place, calls, findings)
        self.findings = findings
        self.values = {key: setting.value for key, setting in queue.settings.items()}
        self.values.setdefault("autofill", self.general.get("autofill", "no"))
        self.values["shared_lastcall"] = self.general.get("shared_lastcall", "no")
        self.values["max_wait_time"] = self.calling.timeout

    def tell(self, kind: str, key: str, text: str) -> None:
        """Add a remark on a setting of the queue."""
        setting = self.queue.settings.get(key)
        place = self.queue.place if setting is None else setting.place
        name = f"{self.queue.name}.{key}" if key else self.queue.name
        self.findings.add(kind, place, name, text, self.queue.name)

    def draft(self, rules: Mapping[str, Sequence[str]]) -> GroupDraft:
        self._look_through_settings()
        strategy = self._strategy()
        skips = not is_yes(self.values.get("ringinuse", "yes"))
        members = self._members(strategy, skips)
        options = rules_of(
            strategy,
            self.values,
            n_members=len(members),
            once=self.calling.once,
        )
        if rows := self._level_rows(rules):
            options["level_rules"] = rows
        self._count_paused(options, members)
        draft = GroupDraft(
            name=self.queue.name,
            number=as_number(self.queue.name),
            place=self.queue.place,
            preset=f"{PBX}/{strategy}",
            fields={
                "ring_time": self._ring_time(options),
                "skip_busy_member": skips,
                "no_answer_forward_rule": dict(HANGUP),
                "rules": options,
            },
            members=members,
        )
        if not self.queue.members:
            draft.without_members = (
                "the files list no members; people who log in by phone, and tables such as "
                "queue_members, are not in them"
            )
        self.calling.complete(draft)
        if whole(self.values.get("wrapuptime", ""), 0) > 0:
            self.tell(
                "notes",
                "wrapuptime",
                "Asterisk counts whole seconds, which shortens a wrap-up by 0.5 s on average; "
                "enforced_wrap_up is that much shorter",
            )
        return draft

    def _look_through_settings(self) -> None:
        for kind, key, text in remarks(self.queue.settings, self.findings):
            self.tell(kind, key, text)
        if is_yes(self.values.get("announce-to-first-user", "")):
            text = "the announcement before the first ring is not played; add it to the wait"
            self.tell("not_expressed", "announce-to-first-user", text)

    def _strategy(self) -> str:
        told = self.values.get("strategy", "").lower()
        strategy = "rrmemory" if told == "roundrobin" else told
        return strategy if strategy in STRATEGIES else "ringall"

    def _members(self, strategy: str, skips: bool) -> list[MemberDraft]:
        found = list(
            drafts_of(self.queue.members, self.queue.name, self.general, skips, self.findings)
        )
        members = [draft for draft, _ in found]
        if strategy not in TIED_BY_HASH:
            return members
        ordered = in_tie_order(found)
        if ordered != members:
            text = f"the members are in the order in which {strategy} rings equal ones"
            self.tell("notes", "strategy", text)
        return ordered

    def _ring_time(self, options: Mapping[str, Any]) -> float:
        seconds, _ = number(self.values.get("timeout", ""), DEFAULT_TIMEOUT)
        if seconds:
            return float(seconds)
        limit = NO_LIMIT
        if options.get("last_ring") != "finish":
            limit = min(options.get("max_wait_time", NO_LIMIT), NO_LIMIT)
        text = (
            "0 is no limit: a phone rings until somebody answers or the call leaves the queue, and "
            f"no retry follows. A ring time of {limit:,g} s stands in"
        )
        self.tell("not_expressed", "timeout", text)
        return float(limit)

    def _level_rows(self, rules: Mapping[str, Sequence[str]]) -> list[Any]:
        called = self.calling.rule
        told = called or self.values.get("defaultrule", "")
        lines = rules.get(told.lower(), ())
        if told and told.lower() not in rules:
            hint = self.findings.hint(told, rules)
            text = f"the files hold no penalty rules {shown(told)}; they have no effect. {hint}"
            if called:
                self.calling.tell("not_expressed", text.strip())
            else:
                self.tell("not_expressed", "defaultrule", text.strip())
        rows = level_rows(self.calling.limits(), lines)
        if lines and not rows:
            text = (
                "penalty rules change only limits that the dialplan sets "
                "(QUEUE_MAX_PENALTY and others), and the files show none; they have no effect"
            )
            self.tell("notes", "defaultrule", text)
        return rows

    def _count_paused(self, options: dict[str, Any], members: Sequence[MemberDraft]) -> None:
        """Let members who are paused from the start count as paused: they are off duty here."""
        if not any(member.off_duty for member in members):
            return
        for option in ("join_empty", "leave_when_empty"):
            states = options.get(option, [])
            if "paused" in states and "off_duty" not in states:
                options[option] = ["off_duty", *states]
