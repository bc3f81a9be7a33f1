"""Agents of FreeSWITCH's queues: who has a seat, and what the agents' settings say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ringsim.errors import shown
from ringsim.importers._drafts import MemberDraft, as_number
from ringsim.importers._findings import Findings, Place
from ringsim.importers._values import number
from ringsim.importers._xml import Element

__all__ = ["MOST_LEVEL", "Seat", "by_name", "member_of", "rules_of_agents", "seats_of"]

Tell = Callable[[str, str, str, Place], None]  # kind, name, text, place

RING_TIME = 60  # s, FreeSWITCH's default
MOST_LEVEL = 100
NUMBER = re.compile(r"(?:.*/)?(\d+)(?:@.*)?")
LEG_TIMEOUT = re.compile(r"[\[{,]\s*leg_timeout\s*=\s*([^\],}]*)")
OPTIONS: Final = {
    "wrap-up-time": "enforced_wrap_up",
    "reject-delay-time": "declined_rest",
    "no-answer-delay-time": "missed_rest",
    "max-no-answer": "auto_pause_after",
}
READ: Final = ("name", "type", "contact", "status", "busy-delay-time", *OPTIONS)
CARRIED: Final = ("uuid", "state", "domain", "instance_id", "reserve-agents", "truncate-agents")
ON_DUTY: Final = ("", "available", "available (on demand)")
OFF_DUTY: Final = ("on break", "logged out")


@dataclass
class Seat:
    """A tier of a queue with its agent."""

    agent: Element
    level: int
    position: int
    place: Place


def by_name(root: Element, tag: str, findings: Findings) -> dict[str, Element]:
    """Return the elements of one tag by their names; the last one of a name counts."""
    found: dict[str, Element] = {}
    for each in root.all(tag):
        name = each.attributes.get("name", "")
        if not name:
            text = f"the {tag} has no name; it is left out"
            findings.add("not_understood", each.place, tag, text)
            continue
        if name in found:
            text = f"the {tag} stands at {found[name].place}, too; this one counts"
            queue = name if tag == "queue" else None
            findings.add("not_understood", each.place, name, text, queue)
        found[name] = each
    return found


def seats_of(tiers: Sequence[Element], agents: Mapping[str, Element], tell: Tell) -> list[Seat]:
    """Return the seats of a queue in the configured order."""
    found = []
    for tier in tiers:
        name = tier.attributes.get("agent", "")
        if name not in agents:
            if agents:
                text = f"the files hold no agent {name}; the tier is left out"
                tell("not_expressed", "tier", text, tier.place)
            continue
        level, wrong_level = number(tier.attributes.get("level", ""), 1, wrong=0)
        position, wrong_position = number(tier.attributes.get("position", ""), 1)
        for key, text in (("level", wrong_level), ("position", wrong_position)):
            if text:
                tell("not_understood", f"tier {name}", f"{key} {text}", tier.place)
        found.append(Seat(agents[name], level, position, tier.place))
    return sorted(found, key=lambda seat: seat.position)


def rules_of_agents(agents: Sequence[Element], place: Place, tell: Tell) -> dict[str, Any]:
    """Return the options that stand with agents in FreeSWITCH and with the group in ringsim."""
    rules: dict[str, Any] = {}
    for key, option in OPTIONS.items():
        told = [number(agent.attributes.get(key, ""), 0)[0] for agent in agents]
        if len(set(told)) > 1 and option != "enforced_wrap_up":
            text = f"the agents' values differ; the most frequent one holds for all as {option}"
            tell("not_expressed", key, text, place)
        if told and (most := Counter(told).most_common(1)[0][0]):
            rules[option] = most
    if "auto_pause_after" in rules:
        rules["auto_pause_scope"] = "extension"
    return rules


def member_of(
    seat: Seat, shift: int, wrap_up: float, findings: Findings, tell: Tell
) -> MemberDraft:
    """Return the member that a seat makes.

    Parameters
    ----------
    seat : Seat
    shift : int
        What to add to the level of a tier for a skill level.
    wrap_up : float
        The wrap-up time of the group [s].
    findings : Findings
        Gives hints.
    tell : callable
        Adds a remark.
    """
    agent = seat.agent.attributes
    name, contact = agent["name"], agent.get("contact", "")
    for text in _remarks(agent, findings):
        tell("not_understood", name, text, seat.agent.place)
    found = NUMBER.fullmatch(re.sub(r"^[\[{][^\]}]*[\]}]", "", contact)) or NUMBER.fullmatch(name)
    draft = MemberDraft(name, as_number(found[1]) if found else None, seat.agent.place)
    level = seat.level + shift
    if level > MOST_LEVEL:
        text = f"the level of {name} is over {MOST_LEVEL}; it counts as {MOST_LEVEL}"
        tell("not_expressed", "tier", text, seat.place)
    if level != 1:
        draft.fields["skill_level"] = min(level, MOST_LEVEL)
    if name != draft.number:
        draft.fields["display_name"] = name
    if match := LEG_TIMEOUT.search(contact):
        draft.fields["ring_time"] = float(number(match[1], RING_TIME)[0])
    own, _ = number(agent.get("wrap-up-time", ""), 0)
    if own != wrap_up:
        draft.fields["enforced_wrap_up"] = own
    if _status(agent) not in ON_DUTY:
        draft.off_duty = "not available in the file"
    if agent.get("type", "callback").lower() != "callback":
        text = f"{name} keeps a line open (uuid-standby); the phone is rung as others are"
        tell("not_expressed", "agent", text, seat.agent.place)
    return draft


def _status(agent: Mapping[str, str]) -> str:
    return agent.get("status", "").strip().lower()


def _remarks(agent: Mapping[str, str], findings: Findings) -> Iterator[str]:
    """Yield a remark on each attribute of an agent that is not read as it stands."""
    for key in (*OPTIONS, "busy-delay-time"):
        if text := number(agent.get(key, ""), 0)[1]:
            yield f"{key} {text}"
    match = LEG_TIMEOUT.search(agent.get("contact", ""))
    if match and (text := number(match[1], RING_TIME)[1]):
        yield f"leg_timeout {text}"
    if _status(agent) not in (*ON_DUTY, *OFF_DUTY):
        hint = findings.hint(_status(agent), (*ON_DUTY, *OFF_DUTY))
        text = f"status must be one of FreeSWITCH's, got {shown(agent['status'])}"
        yield f"{text}; the agent is off duty. {hint}".strip()
    for key in agent:
        if key not in (*READ, *CARRIED):
            yield f"there is no attribute {key}. {findings.hint(key, READ)}".strip()
