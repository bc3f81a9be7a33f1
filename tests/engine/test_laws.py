"""Tests of laws that hold for all calls, people and settings, on random days.

`engine.scenarios.days` makes the days; where the two engines are compared on them
(`test_equality`), everything that a law speaks of is counted, and does occur in them.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, groupby, pairwise
from random import Random
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

import ringsim as rs
from support.happenings import ready
from support.hard_days import PEOPLE, Day, days
from support.played import INF, Rows, Talk, frames, rows, talks
from support.profiles import PROFILE

law = settings(max_examples=PROFILE.law_days)


def by_call(frame: Any, *columns: str) -> dict[int, Rows]:
    """Return the rows of a frame by call, without the column of calls."""
    found: dict[int, Rows] = defaultdict(list)
    for call, *rest in rows(frame, "call", *columns):
        found[call].append(tuple(rest))
    return found


def rules(day: Day) -> dict[str, dict[str, Any]]:
    """Return the groups of a day by number."""
    return {group["extension_number"]: dict(group) for group in day.groups}


# Outcomes of calls


@law
@given(day=days)
def test_every_call_is_answered_abandoned_or_overflowed(day: Day, engine: str) -> None:
    """offered = answered + abandoned + overflowed; each outcome leaves its own traces."""
    log = day.play(engine)
    rang_for = by_call(log.rings, "member", "result")
    assert len(log.calls) == len(day.calls)
    for call, outcome, answered_by, talk_time, action in rows(
        log.calls, "call", "outcome", "answered_by", "talk_time", "action"
    ):
        answers = [member for member, result in rang_for[call] if result == "answered"]
        paged = [member for member, result in rang_for[call] if result == "paged"]
        assert bool(answers or paged) == (outcome == "answered")
        assert not (answers and paged)
        assert answers == ([] if answered_by is None else [answered_by])
        assert talk_time == (day.calls[call].talk_time if outcome == "answered" else None)
        assert (action is not None) == (outcome == "overflowed")


@law
@given(day=days)
def test_a_call_is_logged_as_the_workload_has_it(day: Day, engine: str) -> None:
    log = day.play(engine)
    assert rows(log.calls, "group", "arrives_at", "wrap_up_time", "patience") == [
        (call.group, call.arrives_at, call.wrap_up_time, call.patience) for call in day.calls
    ]
    assert rows(log.own_calls, "extension", "started_at", "talk_time") == [
        (own.extension, own.at, own.talk_time) for own in day.own_calls
    ]


@law
@given(day=days)
def test_no_caller_waits_beyond_their_patience(day: Day, engine: str) -> None:
    """S8, S14: a caller gives up at exactly `arrives_at + patience`, and nothing happens later.

    S13: nor does a ring time out at that very instant.
    """
    log = day.play(engine)
    ends = dict(rows(log.visits, "call", "left_at"))
    gives_up_at = [call.arrives_at + call.patience for call in day.calls]
    for call, outcome, wait in rows(log.calls, "call", "outcome", "wait"):
        assert ends[call] <= gives_up_at[call]
        assert wait == ends[call] - day.calls[call].arrives_at
        if outcome == "abandoned":
            assert ends[call] == gives_up_at[call]
    for call, end, result in rows(log.rings, "call", "ended_at", "result"):
        if result == "ring_no_answer":
            assert end < gives_up_at[call]


@law
@given(day=days)
def test_a_call_goes_from_group_to_group_without_a_gap(day: Day, engine: str) -> None:
    """S1, S9: visits follow one another along the forwards, none to the same group."""
    log = day.play(engine)
    groups = rules(day)
    visits = by_call(log.visits, "group", "entered_at", "left_at", "passes")
    for call, ended_in, outcome, action in rows(log.calls, "call", "ended_in", "outcome", "action"):
        path = visits[call]
        assert path[0][:2] == (day.calls[call].group, day.calls[call].arrives_at)
        for (group, _, left_at, _), (next_group, entered_at, _, _) in pairwise(path):
            rule = groups[group]["no_answer_forward_rule"]
            assert (rule["action"], rule["number"]) == ("FORWARD_TO_NUMBER", next_group)
            assert left_at == entered_at
        entered = [group for group, *_ in path]
        assert len(set(entered)) == len(entered)
        assert ended_in == entered[-1]
        if outcome == "overflowed":
            rule = groups[ended_in]["no_answer_forward_rule"]
            refused = rule["action"] == "FORWARD_TO_NUMBER" and rule["number"] in entered
            expected = {"REPEAT": "HANGUP"}.get(rule["action"], rule["action"])
            assert action == ("LOOP" if refused else expected)


@law
@given(day=days)
def test_repeats_are_counted(day: Day, engine: str) -> None:
    """S9: one pass, or with REPEAT up to `max_repeats` more; all of them before overflow."""
    log = day.play(engine)
    groups = rules(day)
    overflowed = {
        (call, ended_in)
        for call, ended_in, outcome in rows(log.calls, "call", "ended_in", "outcome")
        if outcome == "overflowed"
    }
    for call, number, passes in rows(log.visits, "call", "group", "passes"):
        repeats = groups[number]["no_answer_forward_rule"]["action"] == "REPEAT"
        most = 1 + groups[number]["max_repeats"] if repeats else 1
        assert 1 <= passes <= most
        if (call, number) in overflowed:
            assert passes == most


@law
@given(day=days)
def test_passes_without_a_ring_are_repeat_delay_apart(day: Day, engine: str) -> None:
    """S9, S14: a visit in which no phone rings lasts as long as its delays, added one by one."""
    log = day.play(engine)
    groups = rules(day)
    outcomes = dict(rows(log.calls, "call", "outcome"))
    for call, number, entered_at, left_at, passes, n_rings in rows(
        log.visits, "call", "group", "entered_at", "left_at", "passes", "n_rings"
    ):
        if n_rings == 0 and outcomes[call] != "abandoned":
            delays = [groups[number]["repeat_delay"]] * (passes - 1)
            *_, last_pass_at = accumulate(delays, initial=entered_at)
            assert left_at == last_pass_at


# Ringing


@law
@given(day=days)
def test_no_phone_rings_longer_than_the_ring_time(day: Day, engine: str) -> None:
    """S5, S14: unanswered rings last from `started_at` to exactly `started_at + ring_time`."""
    log = day.play(engine)
    groups = rules(day)
    for number, start, end, result in rows(log.rings, "group", "started_at", "ended_at", "result"):
        times_out_at = start + groups[number]["ring_time"]
        assert start <= end <= times_out_at
        assert (end == times_out_at) or result != "ring_no_answer"
        assert (end == start) or result != "paged"


@law
@given(day=days)
def test_rings_belong_to_their_call_and_visit(day: Day, engine: str) -> None:
    """S2: rings are counted, lie within a visit of their group, and ring a member once per pass."""
    log = day.play(engine)
    visits = {
        (call, number): rest
        for call, number, *rest in rows(
            log.visits, "call", "group", "entered_at", "left_at", "passes", "n_rings"
        )
    }
    rang = by_call(log.rings, "group", "member", "started_at", "ended_at")
    assert set(rang) <= set(range(len(day.calls)))
    members = {
        number: [member["extension_number"] for member in group["members"]]
        for number, group in rules(day).items()
    }
    assert rows(log.calls, "n_rings") == [(len(rang[call]),) for call in range(len(day.calls))]
    for call, rings in rang.items():
        assert {number for number, *_ in rings} <= {n for c, n in visits if c == call}
        for number, member, start, end in rings:
            entered_at, left_at, _, _ = visits[call, number]
            assert entered_at <= start <= end <= left_at
            assert member in members[number]
    for (call, number), (_, _, passes, n_rings) in visits.items():
        counts = Counter(member for group, member, *_ in rang[call] if group == number)
        assert sum(counts.values()) == n_rings
        assert max(counts.values(), default=0) <= passes


@law
@given(day=days)
def test_rings_come_in_waves(day: Day, engine: str) -> None:
    """S4, S5: waves follow one another; only the last wave of a call may end early."""
    log = day.play(engine)
    ends = dict(rows(log.visits, "call", "left_at"))
    outcomes = dict(rows(log.calls, "call", "outcome"))
    for call, rings in by_call(log.rings, "started_at", "ended_at", "result").items():
        waves = [(span, [r[2] for r in wave]) for span, wave in groupby(rings, lambda r: r[:2])]
        assert all(end <= start for ((_, end), _), ((start, _), _) in pairwise(waves))
        *earlier, ((_, end), last) = waves
        assert {result for _, wave in earlier for result in wave} <= {"ring_no_answer"}
        cut_short = end == ends[call]
        if outcomes[call] == "answered":
            one_of_them = ["answered"] + ["answered_elsewhere"] * (len(last) - 1)
            assert cut_short
            assert sorted(last) == one_of_them or set(last) == {"paged"}
        elif outcomes[call] == "abandoned" and cut_short:
            assert set(last) == {"caller_gave_up"}
        else:
            assert set(last) == {"ring_no_answer"}


class Witness:
    """People on duty, on calls or rung at an instant, as far as a log tells.

    For an event at the same instant, a log does not tell whether it came before or after.
    """

    def __init__(self, day: Day, log: rs.CallLog) -> None:
        self.day = day
        self.talks = talks(log)
        self.rings: dict[str, Rows] = defaultdict(list)
        for call, member, start, end in rows(log.rings, "call", "member", "started_at", "ended_at"):
            self.rings[member].append((call, start, end))

    def on_duty(self, number: str, at: float) -> bool:
        spans = self.day.people[number]
        return spans is None or any(start <= at < end for start, end in spans)

    def ringing_is_busy(self, group: Mapping[str, Any]) -> bool:
        """Whether a phone that rings counts as on a call in a group (S3)."""
        own: bool | None = group.get("rules", {}).get("ringing_is_busy")
        return self.day.ringing_is_busy if own is None else own

    def surely_on_a_call(self, group: Mapping[str, Any], number: str, at: float) -> bool:
        if any(talk.starts_at < at < talk.ends_at for talk in self.talks.get(number, ())):
            return True
        rings = any(start < at < end for _, start, end in self.rings[number])
        return rings and self.ringing_is_busy(group)

    def maybe_on_a_call(self, group: Mapping[str, Any], number: str, at: float) -> bool:
        if any(talk.starts_at <= at < talk.ends_at for talk in self.talks.get(number, ())):
            return True
        rings = any(start <= at <= end for _, start, end in self.rings[number])
        return rings and self.ringing_is_busy(group)

    def maybe_not_free(self, number: str, at: float) -> bool:
        """Return the people on a call or in wrap-up."""
        return any(talk.starts_at <= at < talk.free_at for talk in self.talks.get(number, ()))

    def surely_a_candidate(self, group: Mapping[str, Any], number: str, at: float) -> bool:
        """S3, ignoring earlier rings; a page passes over people on a call (S10)."""
        busy_counts = group["skip_busy_member"] or pages(self.day, group)
        return self.on_duty(number, at) and not (
            busy_counts and self.maybe_on_a_call(group, number, at)
        )

    def maybe_a_candidate(self, group: Mapping[str, Any], number: str, at: float) -> bool:
        busy_counts = group["skip_busy_member"] or pages(self.day, group)
        return self.on_duty(number, at) and not (
            busy_counts and self.surely_on_a_call(group, number, at)
        )


def pages(day: Day, group: Mapping[str, Any]) -> bool:
    return day.dispatcher(group).auto_answer


def members_of(group: Mapping[str, Any]) -> list[str]:
    return [member["extension_number"] for member in group["members"]]


@law
@given(day=days)
def test_only_candidates_are_rung(day: Day, engine: str) -> None:
    """S3, S12: nobody off duty is rung, and with skip_busy_member nobody on a call."""
    log = day.play(engine)
    witness, groups = Witness(day, log), rules(day)
    for number, member, start in rows(log.rings, "group", "member", "started_at"):
        assert witness.maybe_a_candidate(groups[number], member, start)


@law
@given(day=days)
def test_found_counts_the_candidates_of_the_first_look(day: Day, engine: str) -> None:
    """By S3 alone: members on a call count without skip_busy_member, even if a page is to come."""
    log = day.play(engine)
    witness, groups = Witness(day, log), rules(day)
    for number, at, found in rows(log.visits, "group", "entered_at", "found"):
        members = members_of(groups[number])
        if groups[number]["skip_busy_member"]:
            surely = sum(witness.surely_a_candidate(groups[number], m, at) for m in members)
            maybe = sum(witness.maybe_a_candidate(groups[number], m, at) for m in members)
            assert surely <= found <= maybe
        else:
            assert found == sum(witness.on_duty(m, at) for m in members)


@law
@given(day=days)
def test_a_group_is_left_only_when_no_candidate_is_left(day: Day, engine: str) -> None:
    """S5, S10: no candidate is left after a pass, except after the only wave of `one_wave`."""
    log = day.play(engine)
    witness, groups = Witness(day, log), rules(day)
    rang = by_call(log.rings, "group", "member")
    last = dict(rows(log.calls, "call", "ended_in"))
    outcomes = dict(rows(log.calls, "call", "outcome"))
    for call, number, at, passes, n_rings in rows(
        log.visits, "call", "group", "left_at", "passes", "n_rings"
    ):
        unanswered = last[call] != number or outcomes[call] == "overflowed"
        one_wave = day.dispatcher(groups[number]).one_wave
        if unanswered and passes == 1 and not (one_wave and n_rings):
            not_rung = [m for m in members_of(groups[number]) if (number, m) not in rang[call]]
            assert not any(witness.surely_a_candidate(groups[number], m, at) for m in not_rung)


@law
@given(day=days)
def test_a_fan_out_rings_everybody(day: Day, engine: str) -> None:
    """S4, S10: every candidate at the start of the wave is rung."""
    day = day.with_strategies("RING_SIMULTANEOUSLY", "PAGING_INTERCOM")
    log = day.play(engine)
    witness, groups = Witness(day, log), rules(day)
    waves: dict[tuple[int, str, float], list[str]] = defaultdict(list)
    for call, number, member, at in rows(log.rings, "call", "group", "member", "started_at"):
        waves[call, number, at].append(member)
    for (_, number, at), wave in waves.items():
        passed_over = [m for m in members_of(groups[number]) if m not in wave]
        assert not any(witness.surely_a_candidate(groups[number], m, at) for m in passed_over)


@law
@given(day=days)
def test_one_wave_is_all_that_some_passes_have(day: Day, engine: str) -> None:
    """S5: a strategy with `one_wave`, such as a fan-out, rings once in each pass."""
    log = day.play(engine)
    groups = rules(day)
    waves: dict[tuple[int, str], set[float]] = defaultdict(set)
    for call, number, at in rows(log.rings, "call", "group", "started_at"):
        waves[call, number].add(at)
    for call, number, passes in rows(log.visits, "call", "group", "passes"):
        if day.dispatcher(groups[number]).one_wave:
            assert len(waves[call, number]) <= passes


class Choice(NamedTuple):
    """A ring of a hunt: the member rung, and the members passed over.

    These were certainly candidates at that instant and had not been rung in this visit.
    """

    group: Mapping[str, Any]
    member: str
    at: float
    passed_over: list[str]


def choices(day: Day, log: rs.CallLog) -> Iterator[Choice]:
    """Return the rings of a day on which all groups hunt."""
    witness, groups = Witness(day, log), rules(day)
    rung: set[tuple[int, str, str]] = set()
    for call, number, member, at in rows(log.rings, "call", "group", "member", "started_at"):
        rung.add((call, number, member))
        not_rung = (m for m in members_of(groups[number]) if (call, number, m) not in rung)
        passed_over = [m for m in not_rung if witness.surely_a_candidate(groups[number], m, at)]
        yield Choice(groups[number], member, at, passed_over)


def comes_first(
    choice: Choice, instants: Mapping[str, Sequence[float]], known: int
) -> Iterator[bool]:
    """Yield for each member passed over whether the chosen member precedes them.

    By level where the strategy looks at it, then by the last of their instants before, then in
    the configured order. Where more than the `known` instants are the very one of the ring they
    may have come before it: then by level alone.
    """
    skilled = "SKILL_BASED" in choice.group["ring_strategy"]
    places = {m["extension_number"]: place for place, m in enumerate(choice.group["members"])}
    levels = {m["extension_number"]: skilled * m["skill_level"] for m in choice.group["members"]}

    def key(member: str) -> tuple[float, float, int]:
        last = max((at for at in instants[member] if at < choice.at), default=-INF)
        return (levels[member], last, places[member])

    chosen_is_clear = instants[choice.member].count(choice.at) <= known
    for other in choice.passed_over:
        if chosen_is_clear and choice.at not in instants[other]:
            yield key(choice.member) < key(other)
        else:
            yield levels[choice.member] <= levels[other]


HUNTS = ["PRIORITIZED_HUNT", "CYCLIC_HUNT", "LEAST_WORKED_HUNT"]


@law
@given(day=days)
def test_level_2_is_rung_only_after_level_1(day: Day, engine: str) -> None:
    """S11: while a level-1 member is a candidate, no level-2 member is rung, and so on."""
    day = day.with_strategies(*(f"SKILL_BASED_ROUTING_{hunt}" for hunt in HUNTS))
    for group, member, _, passed_over in choices(day, day.play(engine)):
        level = {m["extension_number"]: m["skill_level"] for m in group["members"]}
        assert all(level[member] <= level[other] for other in passed_over)


@law
@given(day=days, hunt=st.sampled_from(HUNTS))
def test_a_hunt_passes_over_nobody_who_comes_first(day: Day, hunt: str, engine: str) -> None:
    """S7: members are ordered by last ring, by last answer, or by neither; then as configured."""
    day = day.with_strategies(hunt, f"SKILL_BASED_ROUTING_{hunt}")
    log = day.play(engine)
    instants: dict[tuple[str, str], list[float]] = defaultdict(list)
    for number, member, start, end, result in rows(
        log.rings, "group", "member", "started_at", "ended_at", "result"
    ):
        if hunt == "CYCLIC_HUNT":
            instants[number, member].append(start)
        elif hunt == "LEAST_WORKED_HUNT" and result == "answered":
            instants[number, member].append(end)
    for choice in choices(day, log):
        number = choice.group["extension_number"]
        of_group = {m: instants[number, m] for m in members_of(choice.group)}
        assert all(comes_first(choice, of_group, known=hunt == "CYCLIC_HUNT"))


# Answering


@law
@given(day=days)
def test_nobody_is_on_two_calls_at_once(day: Day, engine: str) -> None:
    """S6, S10, S15: calls are answered, paged or own; only pages reach people in wrap-up."""
    for calls in talks(day.play(engine)).values():
        on_call_until = free_at = -INF
        for talk in calls:
            assert talk.starts_at >= (on_call_until if talk.kind == "paged" else free_at)
            on_call_until = max(on_call_until, talk.ends_at)
            free_at = max(free_at, talk.free_at)


@law
@given(day=days)
def test_a_member_answers_at_the_first_instant_they_can(day: Day, engine: str) -> None:
    """S6, S14: the answer is at max(started_at + answer_delay, free_at), as floats."""
    log = day.play(engine)
    talked = talks(log)
    for member, _, ready_at, end, result in ready(day, log):
        if result == "answered":
            freed = [talk.free_at for talk in talked[member] if talk.free_at <= end]
            assert end == max([ready_at, *freed])


@law
@given(day=days)
def test_a_ring_not_answered_could_not_have_been(day: Day, engine: str) -> None:
    """S6: until the end of the ring the member was not ready, or not free.

    If the ring stopped because another member answered, its last instant does not count.
    """
    log = day.play(engine)
    witness = Witness(day, log)
    for member, _, ready_at, end, result in ready(day, log):
        if result == "answered":
            continue
        freed = [talk.free_at for talk in witness.talks.get(member, ())]
        for at in {ready_at, *freed}:
            if ready_at <= at and (at < end or (at == end and result != "answered_elsewhere")):
                assert witness.maybe_not_free(member, at)


@law
@given(day=days)
def test_own_calls_take_place_when_their_person_can(day: Day, engine: str) -> None:
    """S15: own calls take place if and only if the person is free and on duty at that instant."""
    log = day.play(engine)
    witness = Witness(day, log)
    for number, at, talk_time, taken in rows(log.own_calls):
        others = list(witness.talks.get(number, ()))
        if taken:
            others.remove(Talk(at, at + talk_time, at + talk_time, "own"))
            assert witness.on_duty(number, at)
            assert not any(talk.starts_at < at < talk.free_at for talk in others)
        else:
            not_free = any(talk.starts_at <= at < talk.free_at for talk in others)
            assert not_free or not witness.on_duty(number, at)


@law
@given(day=days)
def test_the_wait_of_an_answered_call_ends_with_its_ring(day: Day, engine: str) -> None:
    """S14: `wait = instant - arrives_at`, as floats."""
    log = day.play(engine)
    answered_at = {
        call: end
        for call, end, result in rows(log.rings, "call", "ended_at", "result")
        if result in ("answered", "paged")
    }
    for call, outcome, wait in rows(log.calls, "call", "outcome", "wait"):
        assert (call in answered_at) == (outcome == "answered")
        if outcome == "answered":
            assert wait == answered_at[call] - day.calls[call].arrives_at


# Comparisons of days


@law
@given(day=days)
def test_the_same_day_gives_the_same_log(day: Day, engine: str) -> None:
    """Section 3: an engine is a pure function; a run does not affect the next one."""
    assert frames(day.play(engine)) == frames(day.play(engine))


TIMES_IN = {
    "calls": {"arrives_at", "wait", "talk_time", "wrap_up_time", "patience"},
    "rings": {"started_at", "ended_at"},
    "visits": {"entered_at", "left_at"},
    "own_calls": {"started_at", "talk_time"},
}


@law
@given(day=days, factor=st.sampled_from([4.0, 0.25]))
def test_scaling_all_times_scales_the_log(day: Day, factor: float, engine: str) -> None:
    """Times scale exactly, because 4 is a power of two: no instant is rounded to a fixed unit."""
    log, scaled = day.play(engine), day.scaled(factor).play(engine)
    for name, times in TIMES_IN.items():
        frame = getattr(log, name).copy()
        for column in times:
            frame[column] *= factor
        assert rows(getattr(scaled, name)) == rows(frame)


@law
@given(day=days, share=st.floats(0, 1))
def test_later_calls_change_nothing_of_what_happened_before(
    day: Day, share: float, engine: str
) -> None:
    """Causality: without the last caller, everything before the arrival is the same."""
    in_order = sorted(range(len(day.calls)), key=lambda call: (day.calls[call].arrives_at, call))
    kept = sorted(in_order[: int(share * len(in_order))])
    dropped = in_order[len(kept) :]
    before = min((day.calls[call].arrives_at for call in dropped), default=INF)
    fewer = replace(day, calls=tuple(day.calls[call] for call in kept))
    numbers = dict(enumerate(kept))
    assert past(fewer.play(engine), before, numbers) == past(
        day.play(engine), before, {call: call for call in kept}
    )


def past(log: rs.CallLog, before: float, numbers: Mapping[int, int]) -> Rows:
    """Return the events of some calls before an instant; `numbers` renumbers the calls."""
    told: Rows = []
    for call, *began, start, end, result in rows(log.rings):
        if call in numbers and start < before:
            told.append((numbers[call], *began, start, *((end, result) if end < before else ())))
    ends: dict[int, float] = {}
    for call, group, start, end, *rest, found in rows(log.visits):
        ends[call] = end
        if call in numbers and start < before:
            told.append(
                (numbers[call], group, start, found, *((end, *rest) if end < before else ()))
            )
    for call, *ended in rows(log.calls):
        if call in numbers and ends[call] < before:
            told.append((numbers[call], *ended))
    return told + [own for own in rows(log.own_calls) if own[1] < before]


@law
@given(day=days)
def test_a_group_and_people_that_nobody_uses_change_nothing(day: Day, engine: str) -> None:
    newcomer = {"extension_number": "290"}
    unused = {"extension_number": "699", "members": [newcomer, {"extension_number": PEOPLE[0]}]}
    more = replace(
        day, groups=(unused, *day.groups), people={"291": None, **day.people, "290": [(0, 5)]}
    )
    assert frames(more.play(engine)) == frames(day.play(engine))


@law
@given(day=days, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_people_and_groups_changes_nothing(
    day: Day, shuffled: Random, engine: str
) -> None:
    """S13: nothing depends on insertion order, except on the order of members."""
    people, groups = list(day.people), list(day.groups)
    shuffled.shuffle(people)
    shuffled.shuffle(groups)
    other = replace(
        day, people={number: day.people[number] for number in people}, groups=tuple(groups)
    )
    assert frames(other.play(engine)) == frames(day.play(engine))


@law
@given(day=days)
def test_numbers_are_only_names(day: Day, engine: str) -> None:
    """S13: new numbers in reverse order do not change the events."""

    def new(number: str) -> str:
        return str(1999 - int(number))

    named = ("group", "member", "answered_by", "ended_in", "extension")
    expected = day.play(engine)
    other = day.renumbered(new).play(engine)
    for name in TIMES_IN:
        frame = getattr(expected, name).copy()
        for column in frame.columns.intersection(named):
            frame[column] = frame[column].astype(object).map(new, na_action="ignore")
        assert rows(getattr(other, name)) == rows(frame)


# Profilers


def test_a_profiler_changes_nothing(engine: str) -> None:
    """A profiler that keeps the contents of frames, as cluster workers do, changes nothing."""
    scenario = rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201", "202"], "ring_time": 20}],
        demand={"600": rs.Demand(calls_per_hour=30, talk_time=rs.lognormal(mean=90, cv=1))},
    )
    workload = rs.Workload.draw(scenario, seed=1)
    held: list[dict[str, Any]] = []

    def watch(frame: Any, event: str, _: Any) -> None:
        if "ringsim" in frame.f_code.co_filename and "engine" in frame.f_code.co_filename:
            held.append(dict(frame.f_locals))

    alone = rs.play(scenario, workload, engine=engine)
    watched_by = sys.getprofile()
    sys.setprofile(watch)
    try:
        log = rs.play(scenario, workload, engine=engine)
    finally:
        sys.setprofile(watched_by)
    assert held
    assert log.calls.equals(alone.calls)
    assert log.rings.equals(alone.rings)
