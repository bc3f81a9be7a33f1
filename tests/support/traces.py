"""Scenarios that a real Asterisk and FreePBX's own script played, as ringsim's scenarios.

A trace says what its phones were told to do and what was observed. `played_trace` returns the
scenario and the workload with the rules of that PBX, and `differences` what ringsim's log of
them has otherwise than the trace.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import ringsim as rs
from ringsim.importers import _asterisk_rules as asterisk

TRACES = Path(__file__).parent.parent / "engine" / "traces"
BEFORE = 10.0  # s, added to all instants, as own calls may begin before the first call
TOLERANCE = 0.5
PICKS = 32  # random numbers of a member for a call
NUMBERS = {name: f"{201 + place}" for place, name in enumerate("ABCDEFGH")}
NAMES = {number: name for name, number in NUMBERS.items()}


class Miss(NamedTuple):
    """Calls of a recorded scenario that ringsim does not reproduce, and why.

    `options` are rules, other than those of the preset, with which it reproduces them.
    """

    calls: frozenset[int]
    reason: str
    options: Mapping[str, Any] = {}

    def __str__(self) -> str:
        also = ", ".join(f'`{name} = "{value}"`' for name, value in self.options.items())
        calls = f"{len(self.calls)} of its calls: " if len(self.calls) > 1 else ""
        return f"{calls}{self.reason}{also and f' (reproduced with {also})'}"


USED_UP = (
    "after a pass that used up everybody, the pointer goes to the top only if the queue's last "
    "pass had a member behind it, else one on"
)
# Read from the recorded rings; the exact rules are in no option
MISSED = {
    "freepbx-memoryhunt-14-duplicate": Miss(
        frozenset({0}),
        "a number listed twice has two places and rings twice in the third wave; a group of "
        "ringsim lists a number once",
    ),
    "held-32-rrmemory": Miss(frozenset({0, 1, 2, 3}), USED_UP, {"order_fixed": "ring"}),
    "drawn-87-rrordered": Miss(frozenset({3}), USED_UP),
    "drawn-46-leastrecent": Miss(
        frozenset({0}),
        "a wave restarted after a decline is as long as the declined one was allowed, 1 s here, "
        "and runs past the time in the queue",
    ),
    "drawn-91-linear": Miss(
        frozenset({1}),
        "the time in the queue is counted in seconds of the wall clock: the call of 1.5 s leaves "
        "at 13.2 s, as 13 - 1 is 12, before the pause that it would wait out",
    ),
}


def traces() -> Iterator[dict[str, Any]]:
    """Yield every recorded scenario."""
    for file in sorted(TRACES.glob("*.json")):
        yield from traces_of(file)


def traces_of(file: Path) -> list[dict[str, Any]]:
    """Return the recorded scenarios of one file."""
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))
    return found


def played_trace(trace: dict[str, Any], seed: int = 0) -> tuple[rs.Scenario, rs.Workload]:
    """Return a trace as a scenario with the rules of its PBX, and its calls.

    The seed is that of the random numbers by which a random strategy orders members.
    """
    make = _queue if trace["pbx"] == "app_queue" else _ring_group
    groups = [make(trace, queue, f"60{place}") for place, queue in enumerate(trace["queues"])]
    off = _off_duty(trace)
    people = [rs.Extension(number, on_duty=off.get(name)) for name, number in NUMBERS.items()]
    return rs.Scenario(groups=groups, extensions=people), _workload(trace, seed)


def preset_of(queue: dict[str, Any], pbx: str) -> str:
    """Return the name of the preset of a queue or ring group of a trace."""
    kind = "asterisk-queue" if pbx == "app_queue" else "freepbx-ringgroup"
    return f"{kind}/{queue['strategy']}"


def _queue(trace: dict[str, Any], queue: dict[str, Any], number: str) -> rs.RingGroup:
    options = {key: str(value) for key, value in queue["options"].items()}
    strategy = queue["strategy"]
    calls = [call for call in trace["calls"] if f"60{call.get('queue', 0)}" == number]
    once = any(call.get("queue_options") == "n" for call in calls)
    told = asterisk.rules_of(strategy, options, n_members=len(queue["members"]), once=once)
    untold = asterisk.rules_of(strategy, {})  # the preset says these
    rules = {name: value for name, value in told.items() if untold.get(name) != value}
    if "autopause" not in options:  # traces pause by hand
        for option in ("join_empty", "leave_when_empty"):
            if "paused" in rules.get(option, ()):
                rules[option] = [*rules[option], "off_duty"]
    does = {
        what["do"] for call in calls for told in call.get("answers", {}).values() for what in told
    }
    if "auto_pause_after" in rules and "hang_up" in does:
        rules["auto_pause_on_decline"] = True
    if rows := _level_rules(trace, queue, calls):
        rules["level_rules"] = rows
    order = trace.get("tie_order", []) if strategy in asterisk.TIED_BY_HASH else []
    members = sorted(
        queue["members"], key=lambda one: order.index(one["name"]) if one["name"] in order else 99
    )
    return rs.RingGroup(
        preset=preset_of(queue, trace["pbx"]),
        extension_number=number,
        ring_time=queue["options"].get("timeout"),
        skip_busy_member=True if options.get("ringinuse") == "no" else None,
        rules=rules,
        members=[
            rs.Member(
                NUMBERS[member["name"]],
                skill_level=asterisk.level_of(member.get("penalty", 0)),
                enforced_wrap_up=asterisk.wrap_up(member["wrapuptime"])
                if "wrapuptime" in member
                else None,
            )
            for member in members
        ],
    )


def _level_rules(
    trace: dict[str, Any], queue: dict[str, Any], calls: list[dict[str, Any]]
) -> list[Any]:
    variables = calls[0].get("variables", {}) if calls else {}
    names = ("QUEUE_MIN_PENALTY", "QUEUE_MAX_PENALTY", "QUEUE_RAISE_PENALTY")
    start = [str(variables[name]) if name in variables else None for name in names]
    lines = trace.get("queue_rules", {}).get(queue["options"].get("defaultrule"), [])
    return asterisk.level_rows(start, lines)


def _ring_group(trace: dict[str, Any], queue: dict[str, Any], number: str) -> rs.RingGroup:
    preset = preset_of(queue, trace["pbx"])
    skips = bool(queue["options"].get("cwignore")) or rs.preset(preset).fields["skip_busy_member"]
    listed = list(dict.fromkeys(queue["list"]))
    gone = {member["name"] for member in queue["members"] if member.get("gone")}
    return rs.RingGroup(
        preset=preset,
        extension_number=number,
        ring_time=queue["options"]["time"],
        skip_busy_member=skips,
        members=[
            rs.Member(NUMBERS[name], skip_busy=skips or name not in queue["call_waiting"])
            for name in listed
            if name not in gone
        ],
    )


def _off_duty(trace: dict[str, Any]) -> dict[str, list[tuple[float, float]]]:
    spans: dict[str, list[tuple[float, float]]] = {}
    for name, state in trace.get("states", {}).items():
        if state == "UNAVAILABLE":
            spans[name] = []
    for queue in trace["queues"]:
        for name in queue.get("do_not_disturb", []):
            spans[name] = []
    for pause in trace.get("pauses", []):
        if pause["paused"]:
            spans[pause["member"]] = [(0.0, max(BEFORE + pause["at"], 0.0))]
        else:
            spans.setdefault(pause["member"], []).append((BEFORE + pause["at"], math.inf))
    return spans


def _workload(trace: dict[str, Any], seed: int) -> rs.Workload:
    calls = trace["calls"]
    answers, declines = {}, {}
    for name, number in NUMBERS.items():
        told = [call.get("answers", {}).get(name, [{"do": "never"}]) for call in calls]
        k = max(map(len, told), default=1)
        answers[number] = np.array([_delays(one, k, ("answer",)) for one in told])
        declines[number] = np.array(
            [_delays(one, k, ("decline", "congestion", "hang_up")) for one in told]
        )
    own = [
        (BEFORE + one["at"], NUMBERS[one["member"]], one["talk"])
        for one in trace.get("own_calls", [])
    ]
    own += [
        (BEFORE + call["at"], NUMBERS[call["caller"]], 1e4) for call in calls if "caller" in call
    ]
    own = [(max(at, 0.0), number, talk) for at, number, talk in own]
    limits = [call.get("queue_timeout") or math.inf for call in calls]
    priority = [_priority(call) for call in calls]
    drawn = np.random.default_rng(seed)
    return rs.Workload(
        arrives_at=[BEFORE + call["at"] for call in calls],
        talk_time=[call["talk"] for call in calls],
        patience=[call.get("patience", math.inf) for call in calls],
        max_wait_time=limits,
        priority=priority,
        group=[f"60{call.get('queue', 0)}" for call in calls],
        answer_delay=answers,
        decline_delay=declines,
        random={number: drawn.random((len(calls), PICKS)) for number in NUMBERS.values()},
        own_calls=own,
    )


def _priority(call: dict[str, Any]) -> float:
    return call.get("variables", {}).get("QUEUE_PRIO", 0) or (1 if "position" in call else 0)


def _delays(told: list[dict[str, Any]], k: int, kinds: tuple[str, ...]) -> list[float]:
    row = [one["after"] if one["do"] in kinds else math.inf for one in told]
    return row + [row[-1]] * (k - len(row))


def differences(trace: dict[str, Any], log: rs.CallLog) -> list[tuple[int, str, Any, Any]]:
    """Return what the log has otherwise than the trace: call, what, observed, found."""
    found = []
    tolerance = trace.get("tolerance_s", TOLERANCE)
    calls, rings = log.calls, log.rings
    for call, seen in enumerate(trace["observed"]):
        mine = rings[rings["call"] == call]
        ours = [
            (
                NAMES[str(row.member)],
                row.started_at - BEFORE,
                row.ended_at - BEFORE,
                str(row.result),
            )
            for row in mine.itertuples()
        ]
        theirs = [
            (one["member"], one["started_at"], one["ended_at"], one["result"])
            for one in seen["rings"]
        ]
        ours.sort(key=lambda one: (round(one[1], 1), one[0]))
        theirs.sort(key=lambda one: (round(one[1], 1), one[0]))
        row = calls.iloc[call]
        at = row["arrives_at"] + row["wait"] - BEFORE
        ours_end = (str(row["outcome"]), NAMES.get(str(row["answered_by"])))
        theirs_end = (seen["outcome"], seen.get("answered_by"))
        if sorted((a[0], a[3]) for a in ours) != sorted((a[0], a[3]) for a in theirs):
            found.append((call, "rings", theirs, ours))
        elif ours_end != theirs_end:
            found.append((call, "outcome", theirs_end, ours_end))
        elif abs(at - seen["outcome_at"]) > tolerance:
            found.append((call, "outcome_at", seen["outcome_at"], at))
        else:
            key = lambda one: (one[0], one[1])  # noqa: E731
            for a, b in zip(sorted(theirs, key=key), sorted(ours, key=key), strict=True):
                if abs(a[1] - b[1]) > tolerance or abs(a[2] - b[2]) > tolerance:
                    found.append((call, "times", theirs, ours))
                    break
    return found
