"""Queues of Asterisk for Hypothesis, and their files: the inverse of the importer."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

import ringsim as rs
from ringsim.importers import _asterisk_rules as asterisk

PLAIN = [name for name in asterisk.STRATEGIES if name not in asterisk.TIED_BY_HASH]
STATES = {"paused": "paused", "busy": "inuse", "ringing": "ringing", "off_duty": "unavailable"}
STATES |= {"wrap_up": "wrapup", "level": "penalty"}


@st.composite
def queues(draw: st.DrawFn, strategies: list[str] = PLAIN) -> tuple[str, rs.RingGroup]:
    """A strategy of Asterisk, and a group with its preset and options that a file can state."""
    strategy = draw(st.sampled_from(strategies))
    hunts = strategy != "ringall"
    autofill = draw(st.booleans())
    preset = f"asterisk-queue/{strategy}"
    rules: dict[str, Any] = {
        "retry_pause": draw(st.integers(1, 60)),
        "after_decline": draw(st.sampled_from(["rest", "next"])) if hunts else "rest",
        "line_serves": ("all" if hunts else "one_ringing") if autofill else "head",
    }
    some = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "max_queue_length": st.integers(1, 99),
                "queue_weight": st.integers(1, 99),
                "connect_delay": st.integers(1, 9),
                "levels_ignored_up_to": st.integers(1, 9),
                "enforced_wrap_up": st.integers(1, 90).map(lambda whole: whole - 0.5),
                "join_empty": st.lists(st.sampled_from(sorted(STATES)), min_size=1, unique=True),
                "leave_when_empty": st.lists(
                    st.sampled_from(sorted(STATES)), min_size=1, unique=True
                ),
            },
        )
    )
    rules |= some
    if draw(st.booleans()):
        rules |= {"auto_pause_after": 1}
        rules["auto_pause_scope"] = draw(st.sampled_from(["group", "extension"]))
        if draw(st.booleans()):
            rules["auto_pause_on_decline"] = True
        if grace := draw(st.integers(0, 60)):
            rules["auto_pause_grace"] = grace
    usual = rs.preset(preset).rules
    rules = {name: value for name, value in rules.items() if value != getattr(usual, name)}
    skips = draw(st.booleans())
    numbers = draw(st.lists(st.integers(200, 9999).map(str), unique=True, max_size=6))
    members = [_member(draw, number, skips) for number in numbers if number != "600"]
    group = rs.RingGroup(
        name="600",
        extension_number="600",
        ring_time=float(draw(st.integers(1, 120))),
        preset=preset,
        skip_busy_member=skips,
        no_answer_forward_rule={"action": "HANGUP"},
        rules=rules,
        members=members,
    )
    return strategy, group


def _member(draw: st.DrawFn, number: str, skips: bool) -> dict[str, Any]:
    member: dict[str, Any] = {"extension_number": number}
    if level := draw(st.integers(0, 9)):
        member["skill_level"] = level + 1
    if draw(st.booleans()):
        member["display_name"] = draw(st.sampled_from(["Robin Doe", "Kim, front", "Zoë"]))
    if draw(st.booleans()):
        member["skip_busy"] = not skips
    if draw(st.booleans()):
        member["enforced_wrap_up"] = draw(st.integers(1, 60)) - 0.5
    return member


def settings_of(strategy: str, group: rs.RingGroup) -> list[str]:
    """Return a group as the lines of its section in `queues.conf`."""
    rules = group.rules
    lines = [
        f"strategy={strategy}",
        f"timeout = {group.ring_time:g}",
        f"retry => {rules.retry_pause:g}",
        f"ringinuse = {'no' if group.skip_busy_member else 'yes'}",
        f"autofill = {'no' if rules.line_serves == 'head' else 'yes'}",
    ]
    if rules.after_decline == "next":
        lines.append("TimeoutRestart = on")
    for option, key in (
        ("max_queue_length", "maxlen"),
        ("queue_weight", "weight"),
        ("connect_delay", "memberdelay"),
        ("levels_ignored_up_to", "penaltymemberslimit"),
    ):
        if (value := getattr(group.own_rules, option)) is not None:
            lines.append(f"{key} = {value:g}")
    if rules.enforced_wrap_up:
        lines.append(f"wrapuptime = {_whole(rules.enforced_wrap_up)}")
    for option, key in (("join_empty", "joinempty"), ("leave_when_empty", "leavewhenempty")):
        if states := getattr(rules, option):
            lines.append(f"{key} = {','.join(STATES[state] for state in states)}")
    if group.own_rules.auto_pause_after:
        lines.append(f"autopause = {'all' if rules.auto_pause_scope == 'extension' else 'yes'}")
        lines.append(f"autopausebusy = {'yes' if rules.auto_pause_on_decline else 'no'}")
        lines.append(f"autopausedelay = {rules.auto_pause_grace or 0:g}")
    return [*lines, *(_member_line(member, group) for member in group.members)]


def _member_line(member: rs.Member, group: rs.RingGroup) -> str:
    fields = [
        f"PJSIP/{member.extension_number}",
        str(member.skill_level - 1),
        f'"{member.display_name}"' if "," in member.display_name else member.display_name,
        "",
        "" if member.skip_busy is None else "no" if member.skip_busy else "yes",
        "" if member.enforced_wrap_up is None else str(_whole(member.enforced_wrap_up)),
    ]
    return f"member => {','.join(fields)}"


def _whole(seconds: Any) -> int:
    return int(seconds + asterisk.WHOLE_SECONDS)


def file_of(strategy: str, group: rs.RingGroup) -> str:
    """Return a group as `queues.conf`."""
    return "\n".join([f"[{group.extension_number}]", *settings_of(strategy, group), ""])
