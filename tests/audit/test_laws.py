"""The audit against both engines: it passes their logs, and no other log.

With the workload the rules allow exactly one log. So a log must pass if and only if it equals the
engines' log in every value.

`RINGSIM_TEST_SCALE` multiplies the number of logs. The default is 1. With 50, ten thousand runs of
each engine are audited, which takes an hour.
"""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ringsim as rs
from ringsim.engine import _simpy
from ringsim.testing import audit
from support.corruptions import COLUMNS, ROW_CHANGES, Frames, with_another_value, with_rows_changed
from support.hard_days import Day, days
from support.numbered_days import random_day
from support.offices import Office, offices
from support.played import INF, Rows, rows

SCALE = int(os.environ.get("RINGSIM_TEST_SCALE", "1"))


def law(examples: int) -> settings:
    return settings(
        max_examples=examples * SCALE,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@law(150)
@given(day=days)
def test_the_log_of_an_engine_passes(day: Day, engine: str) -> None:
    log = day.play(engine)
    audit(day.scenario, log, day.workload, dispatcher=day.dispatchers).check()
    audit(day.scenario, log, dispatcher=day.dispatchers).check()


@law(50)
@given(office=offices)
def test_the_log_of_a_drawn_workload_passes(office: Office, engine: str) -> None:
    log = office.play(engine)
    audit(office.scenario, log, office.workload, dispatcher=office.dispatchers).check()
    audit(office.scenario, log, dispatcher=office.dispatchers).check()


# Corrupted logs


def corruptions(
    frames: Frames, scenario: rs.Scenario, random: Random
) -> list[tuple[str, str, Frames]]:
    """Return one corruption of each kind: name of the frame, kind of change, and the frames."""
    made = [
        (name, column, with_another_value(frames, name, column, scenario, random))
        for name, columns in COLUMNS.items()
        for column in columns
    ]
    made += [
        (name, change.__name__, with_rows_changed(frames, name, change, random))
        for name in COLUMNS
        for change in ROW_CHANGES
    ]
    return [(name, what, bad) for name, what, bad in made if bad is not None]


EVERYTHING = {
    (name, what)
    for name, columns in COLUMNS.items()
    for what in (*columns, *(change.__name__ for change in ROW_CHANGES))
}
ONLY_THE_WORKLOAD_TELLS = {
    *(("calls", column) for column in ("talk_time", "wrap_up_time", "patience")),
    *(("own_calls", what) for what in ("extension", "started_at", "talk_time")),
    *(("own_calls", change.__name__) for change in ROW_CHANGES),
    ("rings", "member"),  # in a group whose order depends on random draws
}
AT_LEAST = 5


def test_no_changed_row_passes() -> None:
    """The audit finds every changed field and every row missing, doubled or swapped.

    Without the workload it finds all of them but the changes that only the workload reveals.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for number in range(30 * SCALE):
        day, random = random_day(number), Random(number)
        scenario, workload = day.scenario, day.workload
        for name, what, bad in corruptions(Frames.of(day.play("compiled")), scenario, random):
            with_it = audit(scenario, bad, workload, dispatcher=day.dispatchers)
            without = audit(scenario, bad, dispatcher=day.dispatchers)
            assert not with_it.ok, (number, name, what)
            may_decline = "declined" in {*bad.rings["result"]}  # only the workload tells
            if (name, what) not in ONLY_THE_WORKLOAD_TELLS and not may_decline:
                assert not without.ok, (number, name, what)
            seen[name, what] += 1
    assert set(seen) == EVERYTHING
    assert min(seen.values()) >= AT_LEAST, seen
    assert seen.total() >= 1000


@law(10)
@given(office=offices, random=st.randoms(use_true_random=True))
def test_no_changed_row_of_a_drawn_workload_passes(office: Office, random: Random) -> None:
    frames, dispatchers = Frames.of(office.play("compiled")), office.dispatchers
    for name, what, bad in corruptions(frames, office.scenario, random):
        found = audit(office.scenario, bad, office.workload, dispatcher=dispatchers)
        assert not found.ok, (name, what)


# The only log


def told(frames: Any) -> dict[str, Rows]:
    return {name: rows(getattr(frames, name)) for name in Frames._fields}


def passes_only_what_was_played(day: Day, frames: Any) -> bool:
    """Check that the audit passes the frames only if the engine plays them; return if it fails."""
    expected = told(day.play("compiled"))
    found = audit(day.scenario, frames, day.workload, dispatcher=day.dispatchers)
    assert found.ok == (told(frames) == expected), found
    return not found.ok


def with_the_workloads_columns(day: Day, log: rs.CallLog) -> Frames:
    """Return the log of another day with the input columns of this day's workload.

    Only outcomes and rings then show that the calls were others.
    """
    frames, workload = Frames.of(log), day.workload
    answered = (frames.calls["outcome"] == "answered").to_numpy()
    calls = frames.calls.assign(
        group=list(workload.group or ()),
        arrives_at=workload.arrives_at,
        wrap_up_time=workload.wrap_up_time,
        patience=workload.patience,
        talk_time=frames.calls["talk_time"].where(~answered, workload.talk_time),
    )
    return frames._replace(calls=calls)


def _group(**fields: Callable[[Any, Random], Any]) -> Callable[[Day, Random], Day]:
    """Return a function that changes these fields of all groups of a day."""

    def change(day: Day, random: Random) -> Day:
        groups = (
            {**group, **{name: other(group[name], random) for name, other in fields.items()}}
            for group in day.groups
        )
        return replace(day, groups=tuple(groups))

    return change


def _call(**fields: Callable[[Any, Random], Any]) -> Callable[[Day, Random], Day]:
    """Return a function that changes these fields of all calls of a day."""

    def change(day: Day, random: Random) -> Day:
        calls = (
            call._replace(
                **{name: other(getattr(call, name), random) for name, other in fields.items()}
            )
            for call in day.calls
        )
        return replace(day, calls=tuple(calls))

    return change


def longer(time: float, random: Random) -> float:
    return time + random.choice([0.1, 1.0, 3.0])


OTHER_RULES = [
    {"action": "HANGUP"},
    {"action": "REPEAT"},
    {"action": "FORWARD_TO_NUMBER", "number": "600"},
    {"action": "FORWARD_TO_NUMBER", "number": "601"},
]
OTHER_DAYS = {
    "rings last longer": _group(ring_time=longer),
    "busy members are rung, or not": _group(skip_busy_member=lambda skip, _: not skip),
    "one repeat more": _group(max_repeats=lambda n, _: n + 1),
    "repeats come later": _group(repeat_delay=longer),
    "another no-answer rule": _group(
        no_answer_forward_rule=lambda _, random: random.choice(OTHER_RULES)
    ),
    "another order of members": _group(
        members=lambda members, random: random.sample(members, len(members))
    ),
    "other levels": _group(
        members=lambda members, random: [
            {**member, "skill_level": random.randint(1, 3)} for member in members
        ]
    ),
    "a member less": _group(members=lambda members, _: members[1:]),
    "other strategies": lambda day, random: day.with_strategies(
        *random.sample(list(rs.RingStrategy), 4)
    ),
    "other spans of duty": lambda day, random: replace(
        day, people={number: random.choice([None, [(0, 5), (10, 20)]]) for number in day.people}
    ),
    "ringing is busy, or not": lambda day, _: replace(day, ringing_is_busy=not day.ringing_is_busy),
    "other answer delays": _call(
        delays=lambda delays, random: {
            number: [random.choice([0.0, 1.0, INF])] * 2 for number in delays
        }
    ),
    "other draws": _call(
        random=lambda draws, random: {number: random.random() for number in draws}
    ),
    "longer talk": _call(talk_time=longer),
    "longer wrap-up": _call(wrap_up_time=longer),
    "other patience": _call(patience=lambda _, random: random.choice([0.0, 1.0, 5.0])),
}


@pytest.mark.parametrize("change", OTHER_DAYS.values(), ids=OTHER_DAYS)
def test_a_log_of_another_day_passes_only_if_it_is_the_same(
    change: Callable[[Day, Random], Day],
) -> None:
    """Simulates an engine that ignores or misreads a setting."""
    differed = 0
    for number in range(30 * SCALE):
        day = random_day(number)
        log = change(day, Random(number)).play("compiled")
        frames = with_the_workloads_columns(day, log)
        differed += passes_only_what_was_played(day, frames)
    assert differed


# Broken engines


def broken(method: str, wrong: Callable[..., Any], of: type = _simpy._Run) -> Any:
    """Return a patch of a method of the SimPy engine; `wrong` gets the right method first."""
    right = getattr(of, method)
    return of, method, lambda *given, **named: wrong(right, *given, **named)


def _busy_at_the_end_too(right: Any, run: Any, group: Any, members: Any, now: float) -> Any:
    idle = right(run, group, members, now)
    return [member for member in idle if run.on_call_until[member.extension] < now]


def _on_duty_at_the_end_too(right: Any, run: Any, extension: int, now: float) -> bool:
    spans = run.plan.duty[extension]
    return spans is None or any(start <= now <= end for start, end in spans)


def _no_wrap_up(right: Any, run: Any, caller: Any, now: float) -> int:
    step: int = right(run, caller, now)
    if step == _simpy.END:
        run.free_at[caller.answered_by] = run.on_call_until[caller.answered_by]
    return step


def _the_last_of_equals(right: Any, run: Any, caller: Any) -> None:
    caller.rings.reverse()
    right(run, caller)
    caller.rings.reverse()


def _forgets_the_ring(right: Any, run: Any, member: Any, now: float) -> None:
    before = member.last_rung_at
    right(run, member, now)
    member.last_rung_at = before


def _remembers_the_hang_up(
    right: Any, run: Any, member: Any, now: float, hangs_up_at: float, talk_time: float
) -> None:
    right(run, member, hangs_up_at, hangs_up_at, talk_time)


def _patient_by_a_bit(right: Any, caller: Any, call: int, gives_up_at: float) -> None:
    right(caller, call, math.nextafter(gives_up_at, INF))


def _repeats_at_once(right: Any, run: Any, caller: Any, group: Any, now: float) -> None:
    run.schedule(caller, _simpy.REPEAT, now)


def _page_ends_wrap_up(right: Any, run: Any, caller: Any, wave: Any, now: float) -> int:
    step: int = right(run, caller, wave, now)
    for member in wave:
        run.free_at[member.extension] = run.on_call_until[member.extension]
    return step


def _higher_calls_first(right: Any, run: Any, kind: int, number: int, position: int = 0) -> int:
    rank: int = right(run, kind, run.length - 1 - number, position)
    return rank


def _in_another_order(*order: int) -> Any:
    def rank(right: Any, run: Any, kind: int, number: int, position: int = 0) -> int:
        place: int = right(run, order[kind], number, position)
        return place

    return rank


def _waits_by_differences(right: Any, clock: Any, instant: float, *rest: Any) -> Any:
    return right(clock, clock.now + (instant - clock.now), *rest)


BROKEN = {
    "S3: members on a call are rung": (
        "S3",
        broken("not_on_call", lambda right, run, group, members, now: members),
    ),
    "S3: a call is not over at its end": ("S3", broken("not_on_call", _busy_at_the_end_too)),
    "S6: no wrap-up": ("S6", broken("answer", _no_wrap_up)),
    "S6: of two who could answer, the last does": (
        "S6",
        broken("wait", _the_last_of_equals),
    ),
    "S7: a ring that is not answered is forgotten": (
        "S4",
        broken("remember_ring", _forgets_the_ring),
    ),
    "S7: an answer is remembered by its hang-up": (
        "S4",
        broken("remember_answer", _remembers_the_hang_up),
    ),
    "S8: callers are more patient, by one bit": (
        "S8",
        broken("__init__", _patient_by_a_bit, _simpy._Caller),
    ),
    "S9: a repeat has no delay": ("S9", broken("delay_repeat", _repeats_at_once)),
    "S10: a page ends wrap-up": ("S6", broken("page", _page_ends_wrap_up)),
    "S12: duty is not looked at": ("S12", broken("is_on_duty", lambda right, *given: True)),
    "S12: on duty at the end of a span": ("S12", broken("is_on_duty", _on_duty_at_the_end_too)),
    "S13: the higher call first": ("S6", broken("rank", _higher_calls_first)),
    "S13: time-outs before answers": (
        "S3",
        broken("rank", _in_another_order(3, 0, 1, 2, *range(4, _simpy.ARRIVAL + 1))),
    ),
    "S13: arrivals before own calls": (
        "S15",
        broken("rank", _in_another_order(*range(_simpy.OWN_CALL), _simpy.ARRIVAL, _simpy.OWN_CALL)),
    ),
    "S14: waiting by differences": (
        "S1",
        broken("schedule_at", _waits_by_differences, _simpy._Clock),
    ),
}  # the fault, the rule that the first violation names in some log, and the patch


@pytest.mark.parametrize(("rule", "patch"), BROKEN.values(), ids=BROKEN)
def test_a_broken_engine_is_noticed(
    rule: str, patch: tuple[type, str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The audit fails exactly if the broken engine's log differs from the other engine's."""
    monkeypatch.setattr(*patch)
    rules: Counter[str] = Counter()
    for number in range(400 * SCALE):
        if number >= 20 * SCALE and rules[rule]:
            break
        day = random_day(number)
        log = day.play("simpy")
        found = audit(day.scenario, log, day.workload, dispatcher=day.dispatchers)
        assert found.ok == (told(log) == told(day.play("compiled"))), number
        rules.update(violation.rule for violation in found.violations[:1])
    assert rules[rule], rules
