"""One queue of Asterisk as a group: its settings, members, penalty rules and dialplan."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

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
from ringsim.importers._conf import Setting
from ringsim.importers._destinations import HANGUP
from ringsim.importers._dialplan import QueueCall
from ringsim.importers._drafts import NO_LIMIT, GroupDraft, MemberDraft, as_number, whole
from ringsim.importers._findings import Findings, Place

__all__ = ["Queue", "draft_of"]

READ: Final = (
    *("strategy", "timeout", "retry", "timeoutpriority", "timeoutrestart", "ringinuse", "autofill"),
    *("wrapuptime", "penaltymemberslimit", "defaultrule", "weight", "maxlen", "joinempty"),
    *("leavewhenempty", "autopause", "autopausedelay", "autopausebusy", "autopauseunavail"),
    *("memberdelay", "member", "announce-to-first-user"),
)
WHOLE: Final = (
    *("timeout", "retry", "wrapuptime", "penaltymemberslimit", "weight", "maxlen"),
    *("autopausedelay", "memberdelay"),
)
CARRIED: Final = (
    *("musicclass", "music", "musiconhold", "announce*", "queue-*", "periodic-*", "min-announce-*"),
    *("random-*", "relative-*", "report*", "monitor-*", "membergosub", "membermacro", "set*var"),
    *("servicelevel", "context", "eventwhencalled", "eventmemberstatus", "log*", "keepstats"),
    *("persistentmembers", "updatecdr", "uniqueid", "defaultrule"),
)


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
    call: QueueCall | None,
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
    call : QueueCall or None
        The queue's call in the dialplan.
    findings : Findings
        Takes the remarks.
    """
    return _Reading(queue, general, call, findings).draft(rules)


class _Reading:
    """The reading of one queue: remarks know its name and the places of its settings."""

    def __init__(
        self,
        queue: Queue,
        general: Mapping[str, Setting],
        call: QueueCall | None,
        findings: Findings,
    ) -> None:
        self.queue = queue
        self.general = {key: setting.value for key, setting in general.items()}
        self.call = call
        self.findings = findings
        self.values = {key: setting.value for key, setting in queue.settings.items()}
        self.values.setdefault("autofill", self.general.get("autofill", "no"))
        self.values["shared_lastcall"] = self.general.get("shared_lastcall", "no")
        if call is not None:
            self.values["max_wait_time"] = call.timeout

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
            once=self.call is not None and "n" in self.call.options,
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
        self._read_call(draft)
        if whole(self.values.get("wrapuptime", ""), 0) > 0:
            self.tell(
                "notes",
                "wrapuptime",
                "Asterisk counts whole seconds, which shortens a wrap-up by 0.5 s on average; "
                "enforced_wrap_up is that much shorter",
            )
        return draft

    def _look_through_settings(self) -> None:
        """Note each setting that is unknown, invalid or without effect."""
        for key, setting in self.queue.settings.items():
            if key in WHOLE and setting.value and not _is_whole(setting.value):
                text = "the value is not a whole number; Asterisk's default counts"
                self.tell("not_understood", key, text)
            if key in READ:
                continue
            if any(fnmatch.fnmatchcase(key, pattern) for pattern in CARRIED):
                self.tell("dropped", key, "it changes no ringing")
            else:
                hint = self.findings.hint(key, READ)
                self.tell("not_understood", key, f"there is no such setting. {hint}".strip())
        if is_yes(self.values.get("announce-to-first-user", "")):
            text = "the announcement before the first ring is not played; add it to the wait"
            self.tell("not_expressed", "announce-to-first-user", text)

    def _strategy(self) -> str:
        told = self.values.get("strategy", "").lower()
        strategy = "rrmemory" if told == "roundrobin" else told
        if strategy in STRATEGIES:
            return strategy
        if told:
            hint = self.findings.hint(told, STRATEGIES)
            text = f"there is no such strategy; Asterisk takes ringall. {hint}".strip()
            self.tell("not_understood", "strategy", text)
        return "ringall"

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
        seconds = whole(self.values.get("timeout", ""), DEFAULT_TIMEOUT)
        if seconds:
            return float(seconds if seconds > 0 else DEFAULT_TIMEOUT)
        limit = float(min(options.get("max_wait_time", NO_LIMIT), NO_LIMIT))
        text = f"0 is no limit, and is played as a ring time of {limit:g} s without a retry"
        self.tell("not_expressed", "timeout", text)
        return limit

    def _level_rows(self, rules: Mapping[str, Sequence[str]]) -> list[Any]:
        call = self.call
        told = self.values.get("defaultrule", "")
        if call is not None and call.rule:
            told = call.rule
        lines = rules.get(told.lower(), ())
        if told and told.lower() not in rules:
            text = f"the files hold no penalty rules {told}; they have no effect"
            self.tell("not_expressed", "defaultrule", text)
        variables = {} if call is None else call.variables
        start = [variables.get(f"QUEUE_{name}_PENALTY") for name in ("MIN", "MAX", "RAISE")]
        rows = level_rows(start, lines)
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

    def _read_call(self, draft: GroupDraft) -> None:
        """Complete a draft by the dialplan's call of `Queue()`."""
        call = self.call
        if call is None:
            text = (
                "Queue() in the dialplan says how long callers of a queue wait and what follows; "
                "without it they wait until they give up. Give extensions.conf too, or the folder"
            )
            self.findings.add("notes", Place(self.queue.place.file), "", text, self.queue.name)
            return
        draft.number = draft.number or call.number
        name = f"{self.queue.name}.Queue()"
        priority = whole(call.variables.get("QUEUE_PRIO", ""), 0)
        draft.priority = float(max(priority, 0)) or (1.0 if call.position else 0.0)
        if call.timeout and not _is_whole(call.timeout):
            text = "the time-out is not a whole number; callers wait until they give up"
            self.findings.add("not_understood", call.place, name, text, self.queue.name)
        if call.after is None:
            text = "what follows it is not read; calls that nobody answers are hung up"
            self.findings.add("not_expressed", call.place, name, text, self.queue.name)
        else:
            draft.fields["no_answer_forward_rule"] = call.after


def _is_whole(text: str) -> bool:
    body = text.strip().removeprefix("-").removeprefix("+")
    return body.isascii() and body.isdecimal()
