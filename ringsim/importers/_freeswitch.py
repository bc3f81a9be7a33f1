"""Reader of FreeSWITCH's queues: `callcenter.conf.xml`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from ringsim.importers._destinations import HANGUP
from ringsim.importers._drafts import GroupDraft, MemberDraft, as_number, whole
from ringsim.importers._files import ConfigFile
from ringsim.importers._findings import Findings, Place
from ringsim.importers._freeswitch_rules import LEVEL, PBX, STRATEGIES, is_true, rules_of
from ringsim.importers._importer import Importer
from ringsim.importers._xml import Element, read_xml

__all__ = ["FreeSwitch"]

IF_ABSENT, IF_UNKNOWN = "longest-idle-agent", "sequentially-by-agent-order"
RING_TIME = 60  # s, FreeSWITCH's default
MOST_LEVEL = 100
NUMBER = re.compile(r"(?:.*/)?(\d+)(?:@.*)?")
LEG_TIMEOUT = re.compile(r"[\[{,]\s*leg_timeout\s*=\s*(\d+)")
READ: Final = (
    *("strategy", "max-wait-time", "max-wait-time-with-no-agent", "tier-rules-apply"),
    *("tier-rule-wait-second", "tier-rule-wait-multiply-level", "tier-rule-no-agent-no-wait"),
    *("ring-progressively-delay", "skip-agents-with-external-calls"),
)
CARRIED: Final = (
    *("moh-sound", "record-template", "time-base-score", "discard-abandoned-after"),
    *("abandoned-resume-allowed", "max-wait-time-with-no-agent-time-reached", "announce-sound"),
    *("announce-frequency", "agent-no-answer-status", "transfer-announce-sound"),
    *("description", "queue-announce-sound", "queue-announce-frequency"),
)
ON_DUTY = ("", "available", "available (on demand)")


class FreeSwitch(Importer):
    """Reader of `callcenter.conf.xml`."""

    name: ClassVar[str] = "freeswitch"
    title: ClassVar[str] = "callcenter.conf.xml of FreeSWITCH"

    def recognises(self, file: ConfigFile) -> bool:
        return file.head.startswith("<") and any(
            word in file.head for word in ("callcenter.conf", "<queue", "<tier", "<agent")
        )

    def read(self, files: Sequence[ConfigFile], findings: Findings) -> list[GroupDraft]:
        whole_file = Element("", {}, Place())
        whole_file.children = [read_xml(file, findings) for file in files]
        settings: dict[str, tuple[str, Place]] = {}
        for each in whole_file.all("settings"):
            settings |= each.parameters()
        ring_time = whole(settings.get("agent-originate-timeout", ("", Place()))[0], RING_TIME)
        agents = {each.attributes.get("name", ""): each for each in whole_file.all("agent")}
        tiers: dict[str, list[Element]] = {}
        for tier in whole_file.all("tier"):
            tiers.setdefault(tier.attributes.get("queue", ""), []).append(tier)
        queues: dict[str, Element] = {}
        for queue in whole_file.all("queue"):
            name = queue.attributes.get("name", "")
            if name in queues:
                text = f"the queue stands at {queues[name].place}, too; this one counts"
                findings.add("not_understood", queue.place, name, text, name)
            if name:
                queues[name] = queue
        return [
            _Reading(queue, agents, tiers, float(max(ring_time, 0) or RING_TIME), findings).draft()
            for queue in queues.values()
        ]


@dataclass
class _Seat:
    """A tier of a queue with its agent."""

    agent: Element
    level: int
    position: int
    place: Place


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
        seats = sorted(self._seats(), key=lambda seat: seat.position)
        shift = self._level_rules(rules, seats)
        rules |= self._rules_of_agents([seat.agent for seat in seats])
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
            members=[self._member(seat, shift, wrap_up) for seat in seats],
        )

    def _look_through_parameters(self) -> None:
        for key in self.values:
            if key in CARRIED:
                self.tell("dropped", key, "it changes no ringing")
            elif key not in READ:
                hint = self.findings.hint(key, READ)
                self.tell("not_understood", key, f"there is no such parameter. {hint}".strip())
        if whole(self.values.get("max-wait-time-with-no-agent", ""), 0) > 0:
            key = "max-wait-time-with-no-agent"
            text = "callers leave at once if nobody is on duty; the seconds are not waited"
            self.tell("not_expressed", key, text)
        if not is_true(self.values.get("skip-agents-with-external-calls", ""), True):
            key = "skip-agents-with-external-calls"
            text = "agents on other calls are rung by the PBX; here nobody on a call is rung"
            self.tell("not_expressed", key, text)

    def _strategy(self) -> str:
        told = self.values.get("strategy", IF_ABSENT).lower()
        if told in STRATEGIES:
            return told
        hint = self.findings.hint(told, STRATEGIES)
        text = f"there is no such strategy; FreeSWITCH takes {IF_UNKNOWN}. {hint}".strip()
        self.tell("not_understood", "strategy", text)
        return IF_UNKNOWN

    def _seats(self) -> Iterator[_Seat]:
        for tier in self.tiers:
            name = tier.attributes.get("agent", "")
            if name not in self.agents:
                text = f"the files hold no agent {name}; the tier is left out"
                self.tell("not_expressed", "tier", text, tier.place)
                continue
            level = whole(tier.attributes.get("level", ""), 1)
            position = whole(tier.attributes.get("position", ""), 1)
            yield _Seat(self.agents[name], level, position, tier.place)

    def _level_rules(self, rules: dict[str, Any], seats: Sequence[_Seat]) -> int:
        """Add the tier rules of a queue; return what to add to a tier level for a skill level."""
        levels = sorted({max(seat.level, 0) for seat in seats})
        if not is_true(self.values.get("tier-rules-apply", ""), False) or not levels:
            return 1 if levels[:1] == [0] else 0
        opens_next = is_true(self.values.get("tier-rule-no-agent-no-wait", ""), True)
        shift = 1 if levels[0] == 0 or not opens_next else 0
        if rules["order_by"][0] != LEVEL:
            text = "tier rules are not played with a strategy that does not order by level"
            self.tell("not_expressed", "tier-rules-apply", text)
            return shift
        wait = max(whole(self.values.get("tier-rule-wait-second", ""), 0), 0)
        multiplied = is_true(self.values.get("tier-rule-wait-multiply-level", ""), True)
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

    def _rules_of_agents(self, agents: Sequence[Element]) -> dict[str, Any]:
        """Return the options that stand with agents in FreeSWITCH and with the group in ringsim."""
        rules: dict[str, Any] = {}
        for key, option in (
            ("wrap-up-time", "enforced_wrap_up"),
            ("reject-delay-time", "declined_rest"),
            ("no-answer-delay-time", "missed_rest"),
            ("max-no-answer", "auto_pause_after"),
        ):
            told = [max(whole(agent.attributes.get(key, ""), 0), 0) for agent in agents]
            if len(set(told)) > 1 and option != "enforced_wrap_up":
                text = f"the agents' values differ; the most frequent one holds for all as {option}"
                self.tell("not_expressed", key, text)
            if told and (most := Counter(told).most_common(1)[0][0]):
                rules[option] = most
        if "auto_pause_after" in rules:
            rules["auto_pause_scope"] = "extension"
        return rules

    def _member(self, seat: _Seat, shift: int, wrap_up: float) -> MemberDraft:
        agent = seat.agent.attributes
        name, contact = agent["name"], agent.get("contact", "")
        found = NUMBER.fullmatch(re.sub(r"^[\[{][^\]}]*[\]}]", "", contact)) or NUMBER.fullmatch(
            name
        )
        draft = MemberDraft(name, as_number(found[1]) if found else None, seat.agent.place)
        level = max(seat.level, 0) + shift
        if level > MOST_LEVEL:
            text = f"the level of {name} is over {MOST_LEVEL}; it counts as {MOST_LEVEL}"
            self.tell("not_expressed", "tier", text, seat.place)
        if level != 1:
            draft.fields["skill_level"] = min(level, MOST_LEVEL)
        if name != draft.number:
            draft.fields["display_name"] = name
        if timeout := LEG_TIMEOUT.search(contact):
            draft.fields["ring_time"] = float(whole(timeout[1], RING_TIME))
        own = max(whole(agent.get("wrap-up-time", ""), 0), 0)
        if own != wrap_up:
            draft.fields["enforced_wrap_up"] = own
        if agent.get("status", "").strip().lower() not in ON_DUTY:
            draft.off_duty = "not available in the file"
        if agent.get("type", "callback").lower() != "callback":
            text = f"{name} keeps a line open (uuid-standby); the phone is rung as others are"
            self.tell("not_expressed", "agent", text, seat.agent.place)
        return draft
