"""Hypothesis strategies for the options of other phone systems: of groups, members and presets.

`option_fields`
    Strategy for the options of a group, in parts that belong together.
`member_option_fields`
    Strategy for the options of a member.
`with_options`
    The fields of a group with as many of the drawn options as go together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from hypothesis import strategies as st

from ringsim.dispatch import SORT_FIELDS
from ringsim.engine import plan_of
from ringsim.errors import ConfigurationError
from ringsim.group import RingGroup
from ringsim.presets import names
from ringsim.scenario import Scenario
from ringsim.testing._times import Times

__all__ = ["Options", "member_option_fields", "option_fields", "with_options"]

Fields: TypeAlias = dict[str, Any]
FieldsStrategy: TypeAlias = st.SearchStrategy[Fields]

KEYS = [field for field in SORT_FIELDS if field not in ("position", "rotation")]
STATES = ["off_duty", "paused", "busy", "ringing", "wrap_up", "level"]
LEVELS = st.sampled_from([None, 1, 2, 3, "+1", "-1"])
ANY_NUMBER = "600"
LEAST_PAUSE = 0.1  # s, between passes or looks of a caller who waits


class Options(NamedTuple):
    """Options drawn for a group."""

    preset: str | None
    """Name of a preset, in place of the strategy."""
    first: int
    """Index of the part that comes first; the others follow in turn."""
    parts: Sequence[Fields]
    """Options of `Rules` that belong together, part by part; empty for a part left out."""
    max_wait_time: float
    """For a group in which callers would wait for ever [s]."""
    retry_pause: float
    """For a group that would make endless passes in no time, or nearly none [s]."""


def option_fields(times: Times) -> st.SearchStrategy[Options]:
    """Return a strategy for the options of a group; it shrinks to none."""
    parts: list[FieldsStrategy] = [
        st.just({}) | part
        for parts in (_parts_of_order, _parts_of_passes, _parts_of_people, _parts_of_line)
        for part in parts(times)
    ]
    return st.tuples(
        st.none() | st.none() | st.sampled_from(names()),
        st.integers(0, len(parts) - 1),
        st.tuples(*parts),
        times.pauses,
        _pauses(times),
    ).map(Options._make)


def member_option_fields(times: Times) -> FieldsStrategy:
    """Return a strategy for the options of a member; it shrinks to none."""
    seconds = times.pauses
    return st.fixed_dictionaries(
        {},
        optional={
            "ring_delay": seconds,
            "ring_time": seconds,
            "skip_busy": st.booleans(),
            "enforced_wrap_up": seconds,
        },
    )


def with_options(group: Fields, options: Options) -> Fields:
    """Return the fields of a group with as many of the options as suit each other.

    A part that conflicts with the group, or with a part before it, is left out; of two values for
    an option the first counts. Members have their options already, and phones start later only
    where several ring at a time.
    """
    if options.preset is not None:
        group = {key: value for key, value in group.items() if key != "ring_strategy"}
        group = _first_valid({**group, "preset": options.preset}, group)
    members = group["members"]
    group = {**group, "members": _without_delays(members)}
    for part in (*options.parts[options.first :], *options.parts[: options.first]):
        group = _first_valid(_with_rules(group, part), group)
    group = _first_valid({**group, "members": members}, group)
    return _bounded(group, options)


def _bounded(group: Fields, options: Options) -> Fields:
    """Return a group in which every call ends, if callers may wait or make endless passes."""
    rules = RingGroup(extension_number=ANY_NUMBER, **group).rules
    if not rules.wait_in_line and rules.passes != math.inf:
        return group
    limits: Fields = {}
    if rules.max_wait_time in (None, math.inf):
        limits["max_wait_time"] = options.max_wait_time
    if not rules.retry_pause or rules.retry_pause < LEAST_PAUSE:
        limits["retry_pause"] = options.retry_pause
    return {**group, "rules": {**group.get("rules", {}), **limits}}


def _with_rules(group: Fields, part: Fields) -> Fields:
    """Return the fields of a group with further rules; the rules that it has stay."""
    rules = {**part, **group.get("rules", {})}
    return {**group, "rules": rules} if rules else group


def _first_valid(*groups: Fields) -> Fields:
    """Return the first of several groups that is valid, the last if none is."""
    for fields in groups[:-1]:
        try:
            plan_of(Scenario(groups=[RingGroup(extension_number=ANY_NUMBER, **fields)]), None)
        except ConfigurationError:
            continue
        return fields
    return groups[-1]


def _without_delays(members: Sequence[Any]) -> list[Any]:
    """Return members whose phones start with their wave, as a hunt needs them."""
    return [
        member
        if isinstance(member, str)
        else {key: value for key, value in member.items() if key != "ring_delay"}
        for member in members
    ]


def _pauses(times: Times) -> st.SearchStrategy[float]:
    """Return a strategy for finite times that are not too short to wait for again and again."""
    if times.ties:
        return replace(times, zero=False).pauses
    return st.floats(LEAST_PAUSE, times.longest)


def _parts_of_order(times: Times) -> list[FieldsStrategy]:
    """Return strategies for the parts that say who rings, and when."""
    rotation = st.tuples(
        st.sampled_from(["rung", "answered", "within_call"]),
        st.sampled_from([["rotation"], ["skill_level", "rotation"]]),
    ).map(lambda drawn: {"rotation": drawn[0], "order_by": drawn[1]})
    keys = st.lists(st.sampled_from(KEYS), max_size=2, unique=True)
    rows = st.tuples(
        st.tuples(st.just(0), LEVELS, LEVELS, st.none()),
        st.lists(st.tuples(times.pauses, LEVELS, LEVELS, LEVELS), max_size=2),
    ).map(lambda drawn: sorted([drawn[0], *drawn[1]], key=lambda row: row[0]))
    levels = st.fixed_dictionaries(
        {"level_rules": rows, "order_by": st.just(["skill_level"])},
        optional={
            "empty_level_opens_next": st.just(True),
            "levels_ignored_up_to": st.integers(1, 3),
        },
    )
    few = {"at_once": st.sampled_from([1, 2]), "one_wave": st.just(False)}
    return [
        levels,
        rotation,
        _of(order_by=keys),
        _of(auto_answer=st.sampled_from([False, False, False, True])),
        _of(memory_hunt=st.just("again"), **few),
        _of(memory_hunt=st.just("ring_on"), wave_step=times.pauses | st.just(math.inf), **few),
        _of(join_ringing=st.just(True), at_once=st.sampled_from(["ALL", 2])),
        _of(at_once=st.sampled_from([1, 2, 3, "ALL", "TIED"])),
        _of(one_wave=st.booleans()),
        _of(primary=st.just(True), order_fixed=st.just("call")),
        _of(order_fixed=st.sampled_from(["ring", "pass", "call"])),
        _of(memory_scope=st.sampled_from(["group", "extension"])),
        _of(skill_order=st.sampled_from(["lowest_first", "highest_first"])),
    ]


def _parts_of_passes(times: Times) -> list[FieldsStrategy]:
    """Return strategies for the parts that say how long and how often a call rings."""
    endless = _of(passes=st.just("inf"), retry_pause=_pauses(times))
    counted = st.fixed_dictionaries(
        {"passes": st.integers(1, 4)},
        optional={"retry_pause": times.pauses, "repeat_delay": times.pauses},
    )
    limited = st.fixed_dictionaries(
        {"max_wait_time": times.pauses}, optional={"last_ring": st.sampled_from(["cut", "finish"])}
    )
    return [
        counted | endless,
        limited,
        _of(ringing_is_busy=st.booleans()),
        _of(connect_delay=times.pauses),
    ]


def _parts_of_people(times: Times) -> list[FieldsStrategy]:
    """Return strategies for the parts that say who may be rung."""
    pause = st.fixed_dictionaries(
        {"auto_pause_after": st.integers(1, 2)},
        optional={
            "auto_pause_time": times.pauses,
            "auto_pause_scope": st.sampled_from(["group", "extension"]),
            "auto_pause_on_decline": st.booleans(),
            "auto_pause_grace": times.pauses,
        },
    )
    return [
        _of(enforced_wrap_up=times.pauses | st.just("drawn")),
        _of(after_decline=st.sampled_from(["next", "rest", "end"])),
        _of(declined_again=st.booleans()),
        _of(missed_rest=times.pauses),
        _of(declined_rest=times.pauses),
        pause,
        _of(max_active_calls=st.integers(1, 2)),
    ]


def _parts_of_line(times: Times) -> list[FieldsStrategy]:
    """Return a strategy for the part that says how callers wait in line."""
    states = st.lists(st.sampled_from(STATES), max_size=3, unique=True)
    line = st.fixed_dictionaries(
        {"wait_in_line": st.just(True)},
        optional={
            "passes": st.just("inf"),
            "line_serves": st.sampled_from(["all", "head", "one_ringing"]),
            "line_poll": _pauses(times),
            "max_queue_length": st.integers(1, 3),
            "join_empty": states,
            "leave_when_empty": states,
            "queue_weight": st.integers(0, 2),
        },
    )
    return [line]


def _of(**options: st.SearchStrategy[Any]) -> FieldsStrategy:
    return st.fixed_dictionaries(options)
