"""Reader of FreeSWITCH's queues: `callcenter.conf.xml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from ringsim.importers._destinations import HANGUP
from ringsim.importers._drafts import GroupDraft, as_number
from ringsim.importers._files import ConfigFile
from ringsim.importers._findings import Findings, Place
from ringsim.importers._freeswitch_agents import (
    MOST_LEVEL,
    Seat,
    by_name,
    member_of,
    rules_of_agents,
    seats_of,
)
from ringsim.importers._freeswitch_rules import LEVEL, PBX, STRATEGIES, WAVE_STEP, is_true, rules_of
from ringsim.importers._importer import Importer
from ringsim.importers._values import ENABLED, not_a_flag, not_one_of, number
from ringsim.importers._xml import Element, read_xml

__all__ = ["FreeSwitch"]

IF_ABSENT, IF_UNKNOWN = "longest-idle-agent", "sequentially-by-agent-order"
RING_TIME = 60  # s, FreeSWITCH's default
NUMBERS: Final = {  # what counts if a value is none
    "max-wait-time": 0,
    "max-wait-time-with-no-agent": 0,
    "tier-rule-wait-second": 0,
    "ring-progressively-delay": WAVE_STEP,
}
SWITCHES: Final = {
    "tier-rules-apply": False,
    "tier-rule-wait-multiply-level": True,
    "tier-rule-no-agent-no-wait": True,
    "skip-agents-with-external-calls": True,
}
READ: Final = ("strategy", *NUMBERS, *SWITCHES)
INSIDE: Final = ("param", "x-pre-process")
NO_TIERS = "the files have no <tiers>, which join agents to queues; nobody is rung"
NO_TIER = "no <tier> of the files joins an agent to the queue; nobody is rung"
NO_AGENTS = "the files have no <agents>, whom the tiers name; nobody is rung"
CARRIED: Final = (
    *("moh-sound", "record-template", "time-base-score", "discard-abandoned-after"),
    *("abandoned-resume-allowed", "max-wait-time-with-no-agent-time-reached", "announce-sound"),
    *("announce-frequency", "agent-no-answer-status", "transfer-announce-sound"),
    *("description", "queue-announce-sound", "queue-announce-frequency"),
)


class FreeSwitch(Importer):
    """Reader of `callcenter.conf.xml`."""

    name: ClassVar[str] = "freeswitch"
    title: ClassVar[str] = "callcenter.conf.xml of FreeSWITCH"

    def recognises(self, file: ConfigFile) -> bool:
        return file.head.startswith("<") and any(
            word in file.head for word in ("callcenter.conf", "<queue", "<tier", "<agent")
        )

    def read(self, files: Sequence[ConfigFile], findings: Findings) -> list[GroupDraft]:
        root = Element("", {}, Place())
        root.children = [read_xml(file, findings) for file in files]
        ring_time = _ring_time(root, findings)
        agents = by_name(root, "agent", findings)
        queues = by_name(root, "queue", findings)
        tiers: dict[str, list[Element]] = {}
        for tier in root.all("tier"):
            name = tier.attributes.get("queue", "")
            if name not in queues:
                text = f"the files hold no queue {name or 'of this tier'}; the tier is left out"
                hint = findings.hint(name, queues)
                findings.add("not_understood", tier.place, "tier", f"{text}. {hint}".strip(". "))
            tiers.setdefault(name, []).append(tier)
        return [
            _Reading(queue, agents, tiers, ring_time, findings).draft() for queue in queues.values()
        ]


def _ring_time(root: Element, findings: Findings) -> float:
    """Return how long a phone rings, by the settings for all queues."""
    value, place = "", root.place
    for settings in root.all("settings"):
        value, place = settings.parameters().get("agent-originate-timeout", (value, place))
    seconds, text = number(value, RING_TIME, least=1)
    if text:
        findings.add("not_understood", place, "settings.agent-originate-timeout", text)
    return float(seconds)


def _wrong(key: str, value: str) -> str:
    """Return a remark on a number or a switch that is not read as it stands."""
    if key in NUMBERS:
        return number(value, NUMBERS[key])[1]
    return not_a_flag(value, words=ENABLED) if key in SWITCHES else ""


class _Reading:
    """The reading of one queue."""

    def __init__(
        self,
        queue: Element,
        agents: Mapping[str, Element],
        tiers: Mapping[str, Sequence[Element]],
        ring_time: float,
        findings: Findings,
    ) -> None:
        self.queue = queue
        self.name = queue.attributes["name"]
        self.agents = agents
        self.tiers = tiers.get(self.name, ())
        self.without_members = NO_TIER if tiers else NO_TIERS
        if self.tiers and not agents:
            self.without_members = NO_AGENTS
        self.ring_time = ring_time
        self.findings = findings
        self.parameters = queue.parameters()
        self.values = {key: value for key, (value, _) in self.parameters.items()}

    def tell(self, kind: str, key: str, text: str, place: Place | None = None) -> None:
        """Add a remark on a parameter or another part of the queue."""
        if place is None:
            place = self.parameters.get(key, ("", self.queue.place))[1]
        self.findings.add(kind, place, f"{self.name}.{key}", text, self.name)

    def draft(self) -> GroupDraft:
        self._look_through_parameters()
        strategy = self._strategy()
        rules = rules_of(strategy, self.values)
        seats = seats_of(self.tiers, self.agents, self.tell)
        shift = self._level_rules(rules, seats)
        agents = [seat.agent for seat in seats]
        rules |= rules_of_agents(agents, self.queue.place, self.tell)
        wrap_up = rules.get("enforced_wrap_up", 0)
        text = "the dialplan says what follows the queue; calls that nobody answers are hung up"
        self.findings.add("notes", Place(self.queue.place.file), "", text, self.name)
        return GroupDraft(
            name=self.name,
            number=as_number(self.name.partition("@")[0]),
            place=self.queue.place,
            preset=f"{PBX}/{strategy}",
            fields={
                "ring_time": self.ring_time,
                "skip_busy_member": True,
                "no_answer_forward_rule": dict(HANGUP),
                "rules": rules,
            },
            members=[member_of(seat, shift, wrap_up, self.findings, self.tell) for seat in seats],
            without_members=self.without_members,
        )

    def _look_through_parameters(self) -> None:
        for each in self.queue.children:
            if each.name not in INSIDE:
                text = f"there is no such element. {self.findings.hint(each.name, INSIDE)}"
                self.tell("not_understood", each.name, text.strip(), each.place)
        for key, value in self.values.items():
            if key in CARRIED:
                self.tell("dropped", key, "it changes no ringing")
            elif text := _wrong(key, value):
                self.tell("not_understood", key, text)
            elif key not in READ:
                hint = self.findings.hint(key, READ)
                self.tell("not_understood", key, f"there is no such parameter. {hint}".strip())
        if number(self.values.get("max-wait-time-with-no-agent", ""), 0)[0]:
            key = "max-wait-time-with-no-agent"
            text = "callers leave at once if nobody is on duty; the seconds are not waited"
            self.tell("not_expressed", key, text)
        if not self._is_on("skip-agents-with-external-calls"):
            key = "skip-agents-with-external-calls"
            text = "agents on other calls are rung by the PBX; here nobody on a call is rung"
            self.tell("not_expressed", key, text)

    def _is_on(self, key: str) -> bool:
        return is_true(self.values.get(key, ""), SWITCHES[key])

    def _strategy(self) -> str:
        told = self.values.get("strategy", IF_ABSENT).lower()
        if told in STRATEGIES:
            return told
        hint = self.findings.hint(told, STRATEGIES)
        text = not_one_of(told, "a strategy of FreeSWITCH", IF_UNKNOWN, hint)
        self.tell("not_understood", "strategy", text)
        return IF_UNKNOWN

    def _level_rules(self, rules: dict[str, Any], seats: Sequence[Seat]) -> int:
        """Add the tier rules of a queue; return what to add to a tier level for a skill level."""
        levels = sorted({seat.level for seat in seats})
        if not self._is_on("tier-rules-apply") or not levels:
            return 1 if levels[:1] == [0] else 0
        opens_next = self._is_on("tier-rule-no-agent-no-wait")
        shift = 1 if levels[0] == 0 or not opens_next else 0
        if rules["order_by"][0] != LEVEL:
            text = "tier rules are not played with a strategy that does not order by level"
            self.tell("not_expressed", "tier-rules-apply", text)
            return shift
        wait, _ = number(self.values.get("tier-rule-wait-second", ""), 0)
        multiplied = self._is_on("tier-rule-wait-multiply-level")
        if not opens_next and levels[-1]:
            text = "callers wait before they are offered to the first level, too"
            self.tell("notes", "tier-rule-no-agent-no-wait", text)
        first = 0 if shift else levels[0]
        rows = [(0.0, 1, min(first + shift, MOST_LEVEL), None)]
        later = [level for level in levels if level > first]
        if later and not multiplied:
            rows.append((float(wait), 1, min(later[-1] + shift, MOST_LEVEL), None))
        elif multiplied:
            rows += [
                (float(wait * level), 1, min(level + shift, MOST_LEVEL), None) for level in later
            ]
        rules["level_rules"] = rows
        if opens_next:
            rules["empty_level_opens_next"] = True
        return shift
