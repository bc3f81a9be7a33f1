"""Tests of rules S1 to S12, S14 and S15 of ringing, sentence by sentence, on chosen calls.

A row of a table is a sentence of a rule: a scenario, a workload, and the expected result of each
call. By default there is one group, it is a prioritized hunt, phones ring for
20 s, nobody answers, an answered call lasts 30 s, and callers wait for ever. Rule S13, the
order of simultaneous events, has a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

import ringsim as rs
from ringsim.dispatch import ALL, TIED, Candidate, Dispatcher, Hunt, Moment
from ringsim.testing import Ordering, audit
from support.played import (
    INF,
    LETTER,
    NUMBER,
    Rows,
    cases,
    group,
    results,
    rows,
    rung,
    scene,
    script,
    table,
    told,
)

# The rows of the tables stay together.
# fmt: off

FAN_OUT = "RING_SIMULTANEOUSLY"
CYCLIC = "CYCLIC_HUNT"
PAGE = "PAGING_INTERCOM"


# S1 Arrival


@cases(
    ("a call arrives at its instant, wherever it stands in the workload",
     scene("A"), script(100, 0), ["A 100-120; overflowed at 120", "A 0-20; overflowed at 20"]),
    ("a call finds what calls have left that arrived before it, wherever they stand",
     scene("A"), script(100, 0, A=0, talk=[30, 150]),
     ["overflowed at 100", "A 0-0; answered by A at 0"]),
    ("a call that arrives after the hours is played to its end",
     scene("A B", hours=1), script(3590, 9000, B=[15, INF]),
     ["A 3590-3610, B 3610-3625; answered by B at 3625",
      "A 9000-9020, B 9020-9040; overflowed at 9040"]),
)
def test_s1_arrival(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


# S2 Pass


@cases(
    ("a member rung once is not rung again in the same pass",
     scene("A B"), script(0), ["A 0-20, B 20-40; overflowed at 40"]),
    ("a further pass rings everybody again",
     scene(group("A B", action="REPEAT", max_repeats=1)), script(0),
     ["A 0-20, B 20-40, A 40-60, B 60-80; overflowed at 80"]),
    ("entering a second group starts a pass, in which its members ring again",
     scene(group("A", to="601"), group("A B", number="601")), script(0, to="600"),
     ["A 0-20, A 20-40, B 40-60; overflowed at 60"]),
)
def test_s2_pass(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


# S3 Candidates


@cases(
    ("a member off duty is not rung",
     scene("A B", duty={"A": []}), script(0), ["B 0-20; overflowed at 20"]),
    ("a member on a call of this group is not rung",
     scene("A B"), script(0, 5, A=0), ["A 0-0; answered by A at 0", "B 5-25; overflowed at 25"]),
    ("a member on a call of another group is not rung",
     scene("A", group("A B", number="601")), script(0, 5, to=["600", "601"], A=0),
     ["A 0-0; answered by A at 0", "B 5-25; overflowed at 25"]),
    ("a member on a call of their own is not rung",
     scene("A B"), script(5, own=[(0, "A", 60)]), ["B 5-25; overflowed at 25"]),
    ("a member who was paged is on a call",
     scene(group("A", PAGE), group("A B", number="601")), script(0, 5, to=["600", "601"]),
     ["A 0-0; answered at 0", "B 5-25; overflowed at 25"]),
    ("without skip_busy_member a member on a call is rung",
     scene(group("A B", skip_busy_member=False)), script(5, own=[(0, "A", 60)]),
     ["A 5-25, B 25-45; overflowed at 45"]),
    ("without skip_busy_member a member off duty is not rung",
     scene(group("A B", skip_busy_member=False), duty={"A": []}), script(5),
     ["B 5-25; overflowed at 25"]),
    ("a member is on a call from the instant of the answer on",
     scene("A B"), script(0, 5, A=5), ["A 0-5; answered by A at 5", "B 5-25; overflowed at 25"]),
    ("a member is no longer on a call at the instant it ends",
     scene("A B"), script(0, 30, A=[0, INF]),
     ["A 0-0; answered by A at 0", "A 30-50, B 50-70; overflowed at 70"]),
    ("a phone that is only ringing is not on a call",
     scene("A"), script(0, 5), ["A 0-20; overflowed at 20", "A 5-25; overflowed at 25"]),
    ("with ringing_is_busy a ringing phone is on a call",
     scene("A B", ringing_is_busy=True), script(0, 5),
     ["A 0-20; overflowed at 20", "B 5-25, A 25-45; overflowed at 45"]),
    ("with ringing_is_busy a phone that has stopped ringing is not on a call",
     scene("A", ringing_is_busy=True), script(0, 20, 50, A=[INF, 1, INF], talk=3),
     ["A 0-20; overflowed at 20", "A 20-21; answered by A at 21", "A 50-70; overflowed at 70"]),
    ("with ringing_is_busy a phone counts that rings for another group",
     scene("A", group("A B", number="601"), ringing_is_busy=True), script(0, 5, to=["600", "601"]),
     ["A 0-20; overflowed at 20", "B 5-25, A 25-45; overflowed at 45"]),
    ("with ringing_is_busy but without skip_busy_member a ringing phone is rung",
     scene(group("A", skip_busy_member=False), ringing_is_busy=True), script(0, 5),
     ["A 0-20; overflowed at 20", "A 5-25; overflowed at 25"]),
    ("with ringing_is_busy all phones of a wave stop ringing when one is answered",
     scene(group("A B C", FAN_OUT), ringing_is_busy=True), script(0, 5, B=[5, INF]),
     ["A 0-5, B 0-5, C 0-5; answered by B at 5", "A 5-25, C 5-25; overflowed at 25"]),
    ("with ringing_is_busy a phone is on a call until the last of its rings has ended",
     scene(group("A", skip_busy_member=False, ring_time=10),
           group("A", skip_busy_member=False, number="601"), group("A", number="602"),
           ringing_is_busy=True),
     script(0, 0, 15, 20, to=["600", "601", "602", "602"]),
     ["A 0-10; overflowed at 10", "A 0-20; overflowed at 20", "overflowed at 15",
      "A 20-40; overflowed at 40"]),
    ("wrap-up is invisible: the phone rings",
     scene("A B"), script(0, 50, A=0, wrap_up=500),
     ["A 0-0; answered by A at 0", "A 50-70, B 70-90; overflowed at 90"]),
    ("candidates are looked up afresh: who became free is rung",
     scene("A B C"), script(0, own=[(0, "A", 15)]), ["B 0-20, A 20-40, C 40-60; overflowed at 60"]),
    ("candidates are looked up afresh: who became busy is not rung",
     scene("A B C"), script(0, own=[(15, "B", 10)]),
     ["A 0-20, C 20-40, B 40-60; overflowed at 60"]),
    ("candidates are looked up afresh: who went off duty is not rung",
     scene("A B C", duty={"B": [(0, 15)]}), script(0), ["A 0-20, C 20-40; overflowed at 40"]),
)
def test_s3_candidates(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


# S4 Wave


@cases(
    ("a hunt rings the first in its order",
     scene("B A C"), script(0, B=1), ["B 0-1; answered by B at 1"]),
    ("a fan-out rings all candidates, in the configured order",
     scene(group("B A D C", FAN_OUT)), script(0, own=[(0, "D", 60)]),
     ["B 0-20, A 0-20, C 0-20; overflowed at 20"]),
)
def test_s4_wave(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


# S5 Ring


@cases(
    ("a wave rings for the ring time of its group",
     scene(group("A B", ring_time=7, to="601"), group("A B", FAN_OUT, "601", ring_time=2.5)),
     script(0, to="600"), ["A 0-7, B 7-14, A 14-16.5, B 14-16.5; overflowed at 16.5"]),
    ("a wave ends early when one of its members answers",
     scene(group("A B C", FAN_OUT)), script(0, B=5, C=8),
     ["A 0-5, B 0-5, C 0-5; answered by B at 5"]),
    ("a wave ends early when the caller gives up",
     scene(group("A B", FAN_OUT)), script(0, B=5, patience=4), ["A 0-4, B 0-4; abandoned at 4"]),
    ("a pass without a candidate ends at once",
     scene("A B"), script(5, own=[(0, "A", 60), (0, "B", 60)]), ["overflowed at 5"]),
    ("a pass through a group without members ends at once",
     scene(""), script(5), ["overflowed at 5"]),
    ("a hunt goes on as long as there are candidates, then ends at once",
     scene("A B C"), script(5, own=[(0, "B", 60)]), ["A 5-25, C 25-45; overflowed at 45"]),
    ("each time-out of a hunt compares its keys anew",  # at 25, A was rung at 0 and C at 20
     scene(group("A B C", CYCLIC)), script(0, 5),
     ["A 0-20, C 20-40, B 40-60; overflowed at 60", "B 5-25, A 25-45, C 45-65; overflowed at 65"]),
    ("the pass of a fan-out is over after one wave, even if a member has become a candidate",
     scene(group("A B", FAN_OUT)), script(0, own=[(0, "A", 10)]), ["B 0-20; overflowed at 20"]),
    ("a fan-out rings again when it repeats, whoever is a candidate then",
     scene(group("A B", FAN_OUT, action="REPEAT", max_repeats=1)), script(0, own=[(0, "A", 10)]),
     ["B 0-20, A 20-40, B 20-40; overflowed at 40"]),
)
def test_s5_ring(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


@pytest.mark.parametrize(
    ("ringing", "workload", "expected"),
    [
        ("A B", script(0, B=5), "A ring_no_answer, B answered"),
        ("A B", script(0, patience=30), "A ring_no_answer, B caller_gave_up"),
        (group("A B C", FAN_OUT),
         script(0, B=5), "A answered_elsewhere, B answered, C answered_elsewhere"),
        (group("A B", FAN_OUT), script(0), "A ring_no_answer, B ring_no_answer"),
        (group("A B", FAN_OUT), script(0, patience=5), "A caller_gave_up, B caller_gave_up"),
        (group("A B", PAGE), script(0), "A paged, B paged"),
    ],
)
def test_s5_each_ring_ends_with_a_result(
    ringing: rs.RingGroup | str, workload: rs.Workload, expected: str, engine: str
) -> None:
    assert results(rs.play(scene(ringing), workload, engine)) == expected


# S6 Answer


@cases(
    ("a member answers after the answer delay, from the start of the ring",
     scene("A B"), script(10, A=INF, B=4), ["A 10-30, B 30-34; answered by B at 34"]),
    ("the very instant at which the ring would end still counts",
     scene("A B"), script(0, A=20), ["A 0-20; answered by A at 20"]),
    ("an answer delay beyond the ring time is no answer",
     scene("A B"), script(0, A=20.001), ["A 0-20, B 20-40; overflowed at 40"]),
    ("the very instant at which the caller would give up still counts",
     scene("A B"), script(0, A=7, patience=7), ["A 0-7; answered by A at 7"]),
    ("an infinite answer delay means never",
     scene(group("A", ring_time=1e9)), script(0, A=INF),
     ["A 0-1000000000; overflowed at 1000000000"]),
    ("the first of a wave to be ready has the call",
     scene(group("A B C", FAN_OUT)), script(0, A=9, B=3, C=6),
     ["A 0-3, B 0-3, C 0-3; answered by B at 3"]),
    ("a member on a call answers when it ends, if the phone still rings",
     scene(group("A", skip_busy_member=False)), script(0, own=[(0, "A", 10)], A=4),
     ["A 0-10; answered by A at 10"]),
    ("a member who is free before the answer delay is over answers after it",
     scene(group("A", skip_busy_member=False)), script(0, own=[(0, "A", 10)], A=14),
     ["A 0-14; answered by A at 14"]),
    ("a member on a call that ends with the ring still answers",
     scene(group("A", skip_busy_member=False)), script(0, own=[(0, "A", 20)], A=4),
     ["A 0-20; answered by A at 20"]),
    ("a member on a call beyond the ring does not answer",
     scene(group("A", skip_busy_member=False)), script(0, own=[(0, "A", 20.001)], A=4),
     ["A 0-20; overflowed at 20"]),
    ("a member on a call that ends as the caller would give up still answers",
     scene(group("A", skip_busy_member=False)), script(0, own=[(0, "A", 10)], A=4, patience=10),
     ["A 0-10; answered by A at 10"]),
    ("a member in wrap-up answers when it is over",
     scene("A"), script(0, 6, A=[0, 2], talk=5, wrap_up=7),
     ["A 0-0; answered by A at 0", "A 6-12; answered by A at 12"]),
    ("a member whose phone rings for two calls answers both, one after the other",
     scene("A"), script(0, 1, A=5, talk=3),
     ["A 0-5; answered by A at 5", "A 1-8; answered by A at 8"]),
    ("answering one call stops no other call's ring",
     scene("A"), script(0, 1, A=5, talk=100),
     ["A 0-5; answered by A at 5", "A 1-21; overflowed at 21"]),
    ("wrap-up of the first call delays the answer to the second",
     scene("A"), script(0, 1, A=5, talk=3, wrap_up=4),
     ["A 0-5; answered by A at 5", "A 1-12; answered by A at 12"]),
    ("a free member answers before one who must first finish a call",
     scene(group("A B", FAN_OUT, skip_busy_member=False)), script(0, own=[(0, "A", 10)], A=1, B=9),
     ["A 0-9, B 0-9; answered by B at 9"]),
    ("a member who takes another call meanwhile leaves the answer to the next",
     scene(group("A B", FAN_OUT), group("A", number="601")),
     script(0, 0, to=["600", "601"], A=[5, 4], B=9),
     ["A 0-9, B 0-9; answered by B at 9", "A 0-4; answered by A at 4"]),
    ("an own call during the ring delays the answer",
     scene("A"), script(0, own=[(3, "A", 9)], A=4), ["A 0-12; answered by A at 12"]),
    ("a member who answered is on a call for the talk time of that call",
     scene("A"), script(0, 10, 29, 30, A=0, talk=[30, 1, 1, 1]),
     ["A 0-0; answered by A at 0", "overflowed at 10", "overflowed at 29",
      "A 30-30; answered by A at 30"]),
    ("a member is free again at the very end of the wrap-up, and not before",
     scene("A"), script(0, 24.5, 45, A=0, talk=15, wrap_up=[30, 0, 0]),
     ["A 0-0; answered by A at 0", "A 24.5-44.5; overflowed at 44.5",
      "A 45-45; answered by A at 45"]),
    ("a talk of no length leaves the member free",
     scene("A"), script(0, 0, A=5, talk=0),
     ["A 0-5; answered by A at 5", "A 0-5; answered by A at 5"]),
    ("a talk without end keeps the member on a call",
     scene("A"), script(0, 1e8, A=0, talk=INF),
     ["A 0-0; answered by A at 0", "overflowed at 100000000"]),
    ("a wrap-up without end keeps the member from answering",
     scene("A"), script(0, 1e8, A=0, wrap_up=INF),
     ["A 0-0; answered by A at 0", "A 100000000-100000020; overflowed at 100000020"]),
    ("every further ring of the same phone by the same call has a delay of its own",
     scene(group("A", action="REPEAT")), script(0, A=[[INF, 20.5, 3, 0]]),
     ["A 0-20, A 20-40, A 40-43; answered by A at 43"]),
    ("a further ring in another group counts as one of the same phone",
     scene(group("A", to="601"), group("B A", number="601")),
     script(0, to="600", A=[[INF, 3]], B=[[INF, 0]]),
     ["A 0-20, B 20-40, A 40-43; answered by A at 43"]),
    ("another call counts the rings of a phone anew",
     scene(group("A", action="REPEAT")), script(0, 100, A=[[INF, 3], [INF, 4]]),
     ["A 0-20, A 20-23; answered by A at 23", "A 100-120, A 120-124; answered by A at 124"]),
)
def test_s6_answer(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


ONE_AFTER_ANOTHER = {  # on duty alone at first, so that every strategy rings the same members
    "C": [(0, 20), (1000, 2000)],
    "A": [(100, 120), (1000, 2000)],
    "B": [(200, 220), (1000, 2000)],
    "D": [(1000, 2000)],
}


# S7 Memory


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        # last rung: C at 0, A at 100, B at 200, D never; last answered: C at 0, B at 205
        ("PRIORITIZED_HUNT", "A B C D"),
        ("CYCLIC_HUNT", "D C A B"),
        ("LEAST_WORKED_HUNT", "A D C B"),
        ("SKILL_BASED_ROUTING_PRIORITIZED_HUNT", "B C A D"),
        ("SKILL_BASED_ROUTING_CYCLIC_HUNT", "C B D A"),
        ("SKILL_BASED_ROUTING_LEAST_WORKED_HUNT", "C B A D"),
    ],
)
def test_s7_keys_of_each_strategy(strategy: str, expected: str, engine: str) -> None:
    scenario = scene(group("A2 B1 C1 D2", strategy), duty=ONE_AFTER_ANOTHER)
    calls = script(0, 100, 200, 1000, C=[0, INF, INF, INF], B=[INF, INF, 5, INF])
    log = rs.play(scenario, calls, engine)
    assert [rung(log, call) for call in range(4)] == ["C", "A", "B", expected]


ANY_HUNT = ["PRIORITIZED_HUNT", "CYCLIC_HUNT", "LEAST_WORKED_HUNT"]


@pytest.mark.parametrize("strategy", [*ANY_HUNT, *(f"SKILL_BASED_ROUTING_{h}" for h in ANY_HUNT)])
def test_s7_equal_keys_keep_the_configured_order(strategy: str, engine: str) -> None:
    assert rung(rs.play(scene(group("C A D B", strategy)), script(0), engine)) == "C A D B"


@pytest.mark.parametrize("at_once", [2, 3])
def test_s7_equal_keys_that_ring_together_are_the_first_configured(
    at_once: int, engine: str
) -> None:
    dispatcher = type("Together", (Hunt,), {"at_once": at_once, "order_by": ("last_rung_at",)})
    log = rs.play(scene(group("C A D B")), script(0), engine, dispatcher=dispatcher)
    first = log.rings[log.rings["started_at"] == 0]["member"]
    assert len(first) == at_once
    assert rung(log).split()[:at_once] == ["C", "A", "D", "B"][:at_once]


def test_s7_each_group_has_its_own_memory(engine: str) -> None:
    """A was rung last by the first group; the second has never rung anybody."""
    scenario = scene(group("B A", CYCLIC), group("A B", CYCLIC, "601"))
    log = rs.play(scenario, script(0, 100, to=["600", "601"]), engine)
    assert [rung(log, 0), rung(log, 1)] == ["B A", "A B"]


class Recorder(Hunt):
    """A prioritized hunt that records its arguments, (moment, candidates), wave by wave."""

    def __init__(self) -> None:
        self.seen: list[tuple[Moment, dict[int, Candidate]]] = []

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        self.seen.append((moment, {candidate.position: candidate for candidate in candidates}))
        return super().wave(candidates, moment)


class PageRecorder(Recorder):
    """A page that records its arguments."""

    auto_answer = True
    at_once = ALL
    one_wave = True


def seen_by(recorder: Recorder, scenario: rs.Scenario, calls: rs.Workload) -> Recorder:
    """Play a day with the recorder as the dispatcher of the last group, and return it.

    Only the SimPy engine runs dispatchers with a `wave` of their own.
    """
    rs.play(scenario, calls, "simpy", dispatcher={scenario.group_numbers[-1]: recorder})
    return recorder


def last(recorder: Recorder) -> list[tuple[int | None, int | None]]:
    return [(moment.last_rung, moment.last_answered) for moment, _ in recorder.seen]


def test_s7_a_moment_tells_who_was_rung_and_who_answered_last() -> None:
    """Positions, in time order over all calls, also of people who are not candidates now."""
    calls = script(0, 30, 100, A=[INF, 3, INF], B=[5, INF, INF])
    recorder = seen_by(Recorder(), scene("A B"), calls)
    assert last(recorder) == [(None, None), (0, None), (1, 1), (0, 0), (0, 0)]
    assert [sorted(candidates) for _, candidates in recorder.seen][2] == [0]


def test_s7_of_phones_that_ring_together_the_last_in_the_list_was_last() -> None:
    recorder = Recorder()
    recorder.at_once = ALL
    seen_by(recorder, scene("C A B"), script(0, 100, A=[3, INF]))
    assert last(recorder) == [(None, None), (2, 1)]


def test_s7_a_page_rings_and_answers() -> None:
    recorder = seen_by(PageRecorder(), scene("A B C", duty={"C": [(0, 50)]}), script(0, 100, 200))
    assert last(recorder) == [(None, None), (2, 2), (1, 1)]


def test_s7_every_group_remembers_its_own_last_members() -> None:
    recorder = Recorder()
    scenario = scene(group("A B", number="600"), group("B A", number="601"))
    seen_by(recorder, scenario, script(0, 100, 200, to=["601", "600", "601"], A=3, B=3))
    assert last(recorder) == [(None, None), (0, 0)]


def test_s7_a_candidate_has_its_number() -> None:
    recorder = seen_by(Recorder(), scene("B A"), script(0))
    numbers = [candidate.extension_number for candidate in recorder.seen[0][1].values()]
    members = recorder_members(scene("B A"))
    assert numbers == members


def recorder_members(scenario: rs.Scenario) -> list[str]:
    return [member.extension_number for member in scenario.groups[-1].members]


def test_s7_a_candidate_before_anything_happened() -> None:
    """Only candidates are shown; never is -inf."""
    recorder = seen_by(Recorder(), scene("A2 B1 C7", duty={"B": []}), script(0))
    assert recorder.seen[0][1] == {
        0: Candidate(
            position=0,
            skill_level=2,
            last_rung_at=-INF,
            last_answered_at=-INF,
            last_hung_up_at=-INF,
            n_rung=0,
            n_answered=0,
            talked_time=0.0,
            random=0.0,
        ),
        2: Candidate(position=2, skill_level=7, rotation=2),
    }


@pytest.mark.parametrize(
    ("field", "at", "of_a", "of_b"),
    [
        # First call: A rings 0-20 in vain, B 20-25, answers, talks until 55, wraps up until 61.
        # Second call: A rings 100-120 in vain, B 120-125, answers, talks until 165.
        ("last_rung_at", 10, 0, -INF),  # counted at the start of the ring
        ("last_rung_at", 22, 0, 20),
        ("last_rung_at", 110, 100, 20),  # of the last ring
        ("last_rung_at", 300, 100, 120),  # answered or not
        ("n_rung", 10, 1, 0),
        ("n_rung", 22, 1, 1),
        ("n_rung", 300, 2, 2),
        ("last_answered_at", 22, -INF, -INF),
        ("last_answered_at", 40, -INF, 25),  # at the answer, not at its end
        ("last_answered_at", 300, -INF, 125),
        ("n_answered", 22, 0, 0),
        ("n_answered", 40, 0, 1),
        ("n_answered", 300, 0, 2),
        ("talked_time", 22, 0, 0),
        ("talked_time", 40, 0, 30),  # planned talk, at the answer
        ("talked_time", 300, 0, 70),
        ("last_hung_up_at", 22, -INF, -INF),
        ("last_hung_up_at", 25, -INF, 25),  # the present instant while the talk goes on
        ("last_hung_up_at", 40, -INF, 40),
        ("last_hung_up_at", 55, -INF, 55),
        ("last_hung_up_at", 60, -INF, 55),  # the end of the talk, not of the wrap-up
        ("last_hung_up_at", 122, -INF, 55),
        ("last_hung_up_at", 130, -INF, 130),
        ("last_hung_up_at", 300, -INF, 165),
    ],
)
def test_s7_memory(field: str, at: float, of_a: float, of_b: float) -> None:
    """Return what a third call finds that arrives at an instant."""
    calls = script(0, 100, at, B=[5, 5, INF], talk=[30, 40, 0], wrap_up=[6, 0, 0])
    recorder = seen_by(Recorder(), scene(group("A B", skip_busy_member=False)), calls)
    found = next(candidates for moment, candidates in recorder.seen if moment.call == 2)
    assert [getattr(found[position], field) for position in (0, 1)] == [of_a, of_b]


def test_s7_other_groups_and_own_calls_are_not_remembered() -> None:
    """S15: what A did for another group, and on the phone of their own, is not seen here."""
    scenario = scene(group("A", number="600"), group("B A", number="601"))
    calls = script(0, 200, to=["600", "601"], A=[5, INF], own=[(100, "A", 20)])
    assert seen_by(Recorder(), scenario, calls).seen[0][1] == {
        0: Candidate(0, extension_number="202"),
        1: Candidate(
            1,
            extension_number="201",
            idle_since=120,  # of the person, for any call
            rotation=1,
        ),
    }


def test_s7_pages_count() -> None:
    """A page rings, is answered and hung up, for the members whom it reaches."""
    recorder = seen_by(
        PageRecorder(),
        scene("A B", duty={"B": [(50, 900)]}),
        script(10, 100, 115, talk=[30, 20, 0]),
    )
    at_100, at_115 = recorder.seen[1][1], recorder.seen[2:]
    assert at_100 == {
        0: Candidate(
            position=0,
            last_rung_at=10,
            last_answered_at=10,
            last_hung_up_at=40,
            n_rung=1,
            n_answered=1,
            talked_time=30,
            last_completed_at=40,
            n_completed=1,
            idle_since=40,
        ),
        1: Candidate(1, rotation=1),
    }
    assert at_115 == []  # both on a call: nobody to choose from


def test_s7_random_is_a_draw_per_call_and_member() -> None:
    draws = {"A": [0.25, 0.75], "B": 0.5}
    recorder = seen_by(Recorder(), scene("A B C"), script(0, 100, random=draws))
    drawn = {
        moment.call: [candidate.random for candidate in candidates.values()]
        for moment, candidates in recorder.seen
        if moment.wave == 0
    }
    assert drawn == {0: [0.25, 0.5, 0.0], 1: [0.75, 0.5, 0.0]}


def test_a_moment_is_now_call_wave_of_the_pass_and_time_waited() -> None:
    """Waves are counted from 0 in each pass; the wait accumulates over groups and passes."""
    scenario = scene(
        group("A", to="601"), group("B C", number="601", action="REPEAT", max_repeats=1)
    )
    recorder = seen_by(Recorder(), scenario, script(0, 105, to="600", patience=[0, INF]))
    assert [moment for moment, _ in recorder.seen] == [
        Moment(now=125, call=1, wave=0, waited=20),
        Moment(now=145, call=1, wave=1, waited=40, last_rung=0),
        Moment(now=165, call=1, wave=0, waited=60, last_rung=1),
        Moment(now=185, call=1, wave=1, waited=80, last_rung=0),
    ]


# First call, at 0: C rings alone and answers at 4, talks until 504. Second call, at 100: A rings
# alone in vain. Third call, at 200: B rings alone and answers at 209, talks until 219. Fourth call,
# at 300: B rings alone, answers at once, talks until 310. D never rings.
@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        ((), "A B C D"),
        (("position",), "A B C D"),
        (("-position",), "D C B A"),
        (("skill_level",), "C D A B"),
        (("-skill_level",), "A B C D"),
        (("last_rung_at",), "D C A B"),
        (("-last_rung_at",), "B A C D"),
        (("last_answered_at",), "A D C B"),
        (("-last_answered_at",), "B C A D"),
        (("last_hung_up_at",), "A D B C"),
        (("-last_hung_up_at",), "C B A D"),
        (("n_rung",), "D A C B"),
        (("-n_rung",), "B A C D"),
        (("n_answered",), "A D C B"),
        (("talked_time",), "A D B C"),
        (("-talked_time",), "C B A D"),
        (("random",), "B D A C"),
        (("-n_answered", "-n_rung"), "B C A D"),
        (("skill_level", "-talked_time", "last_rung_at"), "C D B A"),
        (("n_answered", "-random"), "A D C B"),
        (("-n_answered", "random"), "B C D A"),
    ],
)
def test_s7_an_ordering_sorts_by_its_fields_then_by_position(
    order_by: tuple[str, ...], expected: str, engine: str
) -> None:
    on_duty_alone = {"C": [(0, 20)], "A": [(100, 120)], "B": [(200, 220), (300, 320)], "D": []}
    scenario = scene(
        "A2 B2 C1 D1",
        duty={letter: [*spans, (999, 2000)] for letter, spans in on_duty_alone.items()},
    )
    calls = script(
        *(0, 100, 200, 300, 1000),
        B=[INF, INF, 9, 0, INF],
        C=[4, INF, INF, INF, INF],
        talk=[500, 0, 10, 10, 0],
        random={"A": 0.5, "B": 0.125, "C": 0.75, "D": 0.25},
    )
    log = rs.play(scenario, calls, engine, dispatcher=Ordering(*order_by))
    assert rung(log, 4) == expected


@pytest.mark.parametrize("field", ["n_rung", "n_answered", "talked_time"])
def test_s7_rings_answers_and_talk_add_up(field: str, engine: str) -> None:
    """A has answered twice and talked 10 s each time, B once and talked 15 s."""
    scenario = scene("A B", duty={"A": [(0, 150), (999, 2000)], "B": [(200, 300), (999, 2000)]})
    calls = script(0, 100, 200, 1000, A=[0, 0, 0, INF], B=[0, 0, 0, INF], talk=[10, 10, 15, 0])
    assert rung(rs.play(scenario, calls, engine, dispatcher=Ordering(field)), 3) == "B A"


def test_s7_talks_that_go_on_all_end_now(engine: str) -> None:
    """The ends of calls are unknown: A and B, both talking, are tied, and C precedes them."""
    scenario = scene(group("A B C", FAN_OUT, skip_busy_member=False, to="999"))
    calls = script(
        *(0, 100, 110, 200),
        C=[0, INF, INF, INF],
        A=[INF, 0, INF, INF],
        B=[INF, INF, 0, INF],
        talk=[5, 900, 300, 0],
    )
    log = rs.play(scenario, calls, engine, dispatcher=Ordering("last_hung_up_at"))
    assert rung(log, 3) == "C A B"


# S8 Patience


@cases(
    ("the caller gives up patience seconds after arrival",
     scene("A B"), script(100, patience=30), ["A 100-120, B 120-130; abandoned at 130"]),
    ("the clock runs on through repeats",
     scene(group("A", action="REPEAT")), script(0, patience=50),
     ["A 0-20, A 20-40, A 40-50; abandoned at 50"]),
    ("the clock runs on through forwards",
     scene(group("A", to="601"), group("B", number="601")), script(0, to="600", patience=30),
     ["A 0-20, B 20-30; abandoned at 30"]),
    ("once answered, a caller no longer gives up",
     scene("A"), script(0, 29, A=[10, INF], talk=20, patience=[15, INF]),
     ["A 0-10; answered by A at 10", "overflowed at 29"]),
    ("an arrival is played first even with patience 0: its phones ring",
     scene("A B"), script(7, patience=0), ["A 7-7; abandoned at 7"]),
    ("an arrival is played first even with patience 0: it may be answered at once",
     scene("A B"), script(7, A=0, patience=0), ["A 7-7; answered by A at 7"]),
    ("an arrival is played first even with patience 0: without candidates it overflows",
     scene(""), script(7, patience=0), ["overflowed at 7"]),
    ("an arrival is played first even with patience 0: it is forwarded before it gives up",
     scene(group("", to="601"), group("A", number="601")), script(7, to="600", A=0.001, patience=0),
     ["A 7-7; abandoned at 7"]),
    ("an arrival is played first even with patience 0: it is paged",
     scene(group("A", PAGE)), script(7, patience=0), ["A 7-7; answered at 7"]),
)
def test_s8_patience(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


# S9 No answer


@cases(
    ("HANGUP", scene(group("A", action="HANGUP")), script(0), ["A 0-20; overflowed at 20"]),
    ("no rule hangs up",
     rs.Scenario(groups=[rs.RingGroup(extension_number="600", members=["201"])]), script(0),
     ["A 0-20; overflowed at 20"]),
    ("FORWARD_TO_VOICEMAIL",
     scene(group("A", action="FORWARD_TO_VOICEMAIL")), script(0),
     ["A 0-20; overflowed (FORWARD_TO_VOICEMAIL) at 20"]),
    ("FORWARD_TO_NUMBER to a number that is not a group of the scenario",
     scene(group("A", to="999")), script(0), ["A 0-20; overflowed (FORWARD_TO_NUMBER) at 20"]),
    ("FORWARD_TO_NUMBER to a person",
     scene(group("A", to="201")), script(0), ["A 0-20; overflowed (FORWARD_TO_NUMBER) at 20"]),
    ("FORWARD_TO_NUMBER to a group enters it at the same instant",
     scene(group("A", to="601"), group("B", number="601", action="FORWARD_TO_VOICEMAIL")),
     script(5, to="600"), ["A 5-25, B 25-45; overflowed (FORWARD_TO_VOICEMAIL) at 45"]),
    ("a group without candidates forwards at once",
     scene(group("", to="601"), group("A", number="601")), script(5, to="600", A=3),
     ["A 5-8; answered by A at 8"]),
    ("a group that forwards to itself: LOOP",
     scene(group("A", to="600")), script(0), ["A 0-20; overflowed (LOOP) at 20"]),
    ("a second entry of the group of arrival: LOOP",
     scene(group("A", to="601"), group("B", number="601", to="600")), script(0, to="600"),
     ["A 0-20, B 20-40; overflowed (LOOP) at 40"]),
    ("a second entry of a group entered by forwarding: LOOP",
     scene(group("A", to="601"), group("B", number="601", to="602"),
           group("C", number="602", to="601")),
     script(0, to="600"),
     ["A 0-20, B 20-40, C 40-60; overflowed (LOOP) at 60"]),
    ("another call may enter the same groups",
     scene(group("A", to="601"), group("B", number="601", to="600")),
     script(0, 100, to=["600", "601"]),
     ["A 0-20, B 20-40; overflowed (LOOP) at 40",
      "B 100-120, A 120-140; overflowed (LOOP) at 140"]),
    ("REPEAT starts a new pass three times, then hangs up at once",
     scene(group("A", action="REPEAT")), script(0),
     ["A 0-20, A 20-40, A 40-60, A 60-80; overflowed at 80"]),
    ("REPEAT starts a new pass max_repeats times",
     scene(group("A", action="REPEAT", max_repeats=1)), script(0),
     ["A 0-20, A 20-40; overflowed at 40"]),
    ("REPEAT with max_repeats 0 hangs up at once",
     scene(group("A", action="REPEAT", max_repeats=0)), script(0), ["A 0-20; overflowed at 20"]),
    ("REPEAT in a group entered by forwarding",
     scene(group("A", to="601"), group("B", number="601", action="REPEAT", max_repeats=1)),
     script(0, to="600"), ["A 0-20, B 20-40, B 40-60; overflowed at 60"]),
    ("when no phone rang, a repeat starts a second later",
     scene(group("A", action="REPEAT")), script(0, own=[(0, "A", 2.5)], A=4),
     ["A 3-7; answered by A at 7"]),
    ("when no phone rang, a repeat starts repeat_delay later; otherwise at once",
     scene(group("A", action="REPEAT", repeat_delay=5)), script(0, own=[(0, "A", 7)]),
     ["A 10-30, A 30-50; overflowed at 50"]),
    ("when no phone rang in the last pass, whatever rang before, a repeat is delayed",
     scene(group("A", action="REPEAT", repeat_delay=5)), script(0, own=[(12, "A", 11)]),
     ["A 0-20, A 25-45, A 45-65; overflowed at 65"]),
    ("phones that rang in another group do not count",
     scene(group("A", to="601"), group("", number="601", action="REPEAT", repeat_delay=5)),
     script(0, to="600"), ["A 0-20; overflowed at 35"]),
    ("after the last repeat a call is hung up without delay",
     scene(group("", action="REPEAT", max_repeats=2, repeat_delay=5)), script(0),
     ["overflowed at 10"]),
    ("repeats without delay",
     scene(group("", action="REPEAT", repeat_delay=0)), script(3), ["overflowed at 3"]),
    ("a delayed repeat is an event of its own even with repeat_delay 0: giving up comes first",
     scene(group("", action="REPEAT", repeat_delay=0)), script(3, patience=0), ["abandoned at 3"]),
    ("the caller may give up during the delay",
     scene(group("A", action="REPEAT", repeat_delay=5)), script(0, own=[(0, "A", 6)], patience=8),
     ["abandoned at 8"]),
)
def test_s9_no_answer(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


def test_s9_a_number_is_carried_along_by_actions_that_do_not_use_it(engine: str) -> None:
    rule = {"action": "HANGUP", "number": "601"}
    first = rs.RingGroup(extension_number="600", members=["201"], no_answer_forward_rule=rule)
    log = rs.play(scene(first, group("B", number="601")), script(0, to="600"), engine)
    assert told(log) == ["A 0-20; overflowed at 20"]


@pytest.mark.parametrize(
    ("patience", "ended_in"), [(INF, "602"), (50, "602"), (30, "601"), (10, "600")]
)
def test_s9_ended_in_is_the_group_where_the_outcome_happened(
    patience: float, ended_in: str, engine: str
) -> None:
    scenario = scene(
        group("A", to="601"), group("B", number="601", to="602"), group("C", number="602", to="601")
    )
    log = rs.play(scenario, script(0, to="600", patience=patience), engine)
    assert rows(log.calls, "group", "ended_in") == [("600", ended_in)]


# S10 Paging


@cases(
    ("every candidate answers at once",
     scene(group("B A C", PAGE)), script(7), ["B 7-7, A 7-7, C 7-7; answered at 7"]),
    ("a member in wrap-up is reached",
     scene(group("A B", PAGE), group("A", number="601")),
     script(0, 40, to=["601", "600"], A=[0, INF], wrap_up=100),
     ["A 0-0; answered by A at 0", "A 40-40, B 40-40; answered at 40"]),
    ("a member on a call is not reached",
     scene(group("A B", PAGE)), script(5, own=[(0, "A", 60)]), ["B 5-5; answered at 5"]),
    ("a member on a call is not reached without skip_busy_member either, and has no row",
     scene(group("A B", PAGE, skip_busy_member=False)), script(5, own=[(0, "A", 60)]),
     ["B 5-5; answered at 5"]),
    ("a member off duty is not reached",
     scene(group("A B", PAGE), duty={"A": []}), script(5), ["B 5-5; answered at 5"]),
    ("a ringing phone is reached",
     scene(group("A B", PAGE), group("A", number="601")),
     script(0, 5, to=["601", "600"], A=[8, INF]),
     ["A 0-20; overflowed at 20", "A 5-5, B 5-5; answered at 5"]),
    ("with ringing_is_busy a ringing phone is not reached",
     scene(group("A B", PAGE), group("A", number="601"), ringing_is_busy=True),
     script(0, 5, to=["601", "600"], A=[8, INF]),
     ["A 0-8; answered by A at 8", "B 5-5; answered at 5"]),
    ("with ringing_is_busy a ringing phone is not reached without skip_busy_member either",
     scene(group("A B", PAGE, skip_busy_member=False), group("A", number="601"),
           ringing_is_busy=True),
     script(0, 5, to=["601", "600"]),
     ["A 0-20; overflowed at 20", "B 5-5; answered at 5"]),
    ("whoever is reached is on a call for the talk time",
     scene(group("A B", PAGE)), script(0, 29, 30),
     ["A 0-0, B 0-0; answered at 0", "overflowed at 29", "A 30-30, B 30-30; answered at 30"]),
    ("whoever is reached has no wrap-up",
     scene(group("A", PAGE), group("A", number="601")),
     script(0, 30, to=["600", "601"], A=2, wrap_up=500),
     ["A 0-0; answered at 0", "A 30-32; answered by A at 32"]),
    ("a running wrap-up runs on beside the page: it may end later",
     scene(group("A", PAGE), group("A", number="601")),
     script(0, 12, 20, to=["601", "600", "601"], A=1, talk=[9, 5, 0], wrap_up=[22, 0, 0]),
     ["A 0-1; answered by A at 1", "A 12-12; answered at 12", "A 20-32; answered by A at 32"]),
    ("a running wrap-up runs on beside the page: it may end earlier",
     scene(group("A", PAGE), group("A", number="601", skip_busy_member=False)),
     script(0, 12, 20, to=["601", "600", "601"], A=1, talk=[9, 18, 0], wrap_up=[5, 0, 0]),
     ["A 0-1; answered by A at 1", "A 12-12; answered at 12", "A 20-30; answered by A at 30"]),
    ("a page that reaches nobody follows the rule of the group",
     scene(group("A", PAGE, to="601"), group("B", number="601")),
     script(0, to="600", own=[(0, "A", 60)], B=4), ["B 0-4; answered by B at 4"]),
    ("a pass that reaches nobody is one in which no phone rang",
     scene(group("A", PAGE, action="REPEAT", repeat_delay=4)), script(0, own=[(0, "A", 7)]),
     ["A 8-8; answered at 8"]),
    ("a pass that reaches nobody is one in which no phone rang, whatever skip_busy_member says",
     scene(group("A", PAGE, skip_busy_member=False, action="REPEAT", repeat_delay=4)),
     script(0, own=[(0, "A", 7)]), ["A 8-8; answered at 8"]),
)
def test_s10_paging(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


def test_s10_a_page_is_answered_by_nobody_in_particular(engine: str) -> None:
    log = rs.play(scene(group("A B", PAGE)), script(5, wrap_up=9, patience=2), engine)
    assert rows(log.calls, "outcome", "wait", "answered_by", "talk_time", "n_rings") == [
        ("answered", 0, None, 30, 2)
    ]
    assert rows(log.rings, "started_at", "ended_at", "result") == [(5, 5, "paged")] * 2


# S11 Skill


@cases(
    ("level 1 first, then 2, and so on, whatever the configured order",
     scene(group("A3 B1 C2 D1", "SKILL_BASED_ROUTING_PRIORITIZED_HUNT")), script(0),
     ["B 0-20, D 20-40, C 40-60, A 60-80; overflowed at 80"]),
    ("levels need not follow one another",
     scene(group("A100 B7", "SKILL_BASED_ROUTING_CYCLIC_HUNT")), script(0),
     ["B 0-20, A 20-40; overflowed at 40"]),
    ("keys are compared inside a level",
     scene(group("A1 B1 C2", "SKILL_BASED_ROUTING_CYCLIC_HUNT")), script(0, 100, A=[1, INF]),
     ["A 0-1; answered by A at 1", "B 100-120, A 120-140, C 140-160; overflowed at 160"]),
    ("a member of level 1 who becomes a candidate during a ring of level 2 is next",
     scene(group("A1 B2 C2", "SKILL_BASED_ROUTING_PRIORITIZED_HUNT")),
     script(0, own=[(0, "A", 10)]), ["B 0-20, A 20-40, C 40-60; overflowed at 60"]),
    ("other strategies do not look at levels",
     scene(group("A3 B1", "CYCLIC_HUNT")), script(0), ["A 0-20, B 20-40; overflowed at 40"]),
)
def test_s11_skill(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


# S12 Duty


@cases(
    ("on duty from the start of a span on",
     scene("A", duty={"A": [(10, 50)]}), script(9.5, 10),
     ["overflowed at 9.5", "A 10-30; overflowed at 30"]),
    ("on duty up to the end of a span, and no longer",
     scene("A", duty={"A": [(10, 50)]}), script(49.5, 50),
     ["A 49.5-69.5; overflowed at 69.5", "overflowed at 50"]),
    ("off duty between two spans",
     scene("A", duty={"A": [(60, 90), (10, 50)]}), script(20, 55, 60, patience=1),
     ["A 20-21; abandoned at 21", "overflowed at 55", "A 60-61; abandoned at 61"]),
    ("spans that meet are one",
     scene("A", duty={"A": [(0, 10), (10, 50)]}), script(10, patience=1),
     ["A 10-11; abandoned at 11"]),
    ("an empty list is never",
     scene("A", duty={"A": []}), script(0, 5000), ["overflowed at 0", "overflowed at 5000"]),
    ("without a list always",
     scene("A", duty={"B": []}), script(5000, patience=1), ["A 5000-5001; abandoned at 5001"]),
    ("a ring that began on duty goes on, and is answered",
     scene("A", duty={"A": [(0, 5)]}), script(0, A=15), ["A 0-15; answered by A at 15"]),
    ("a call that began on duty goes on",
     scene(group("A", skip_busy_member=False), duty={"A": [(0, 5), (10, 50)]}),
     script(0, 11, A=0, talk=20), ["A 0-0; answered by A at 0", "A 11-20; answered by A at 20"]),
    ("duty is checked anew for each wave",
     scene(group("A B", action="REPEAT", max_repeats=1), duty={"A": [(0, 30)], "B": [(20, 99)]}),
     script(0), ["A 0-20, B 20-40, B 40-60; overflowed at 60"]),
    ("times of day count from opens_at",
     scene("A", duty={"A": [("09:00", "10:00")]}, opens_at="08:00"),
     script(3599, 3600, 7200, patience=1),
     ["overflowed at 3599", "A 3600-3601; abandoned at 3601", "overflowed at 7200"]),
)
def test_s12_duty(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


# S14 Arithmetic


def test_s14_a_ring_times_out_at_started_at_plus_ring_time(engine: str) -> None:
    log = rs.play(scene(group("A B C", ring_time=0.9)), script(0.1), engine)
    second = 0.1 + 0.9
    third = second + 0.9
    end = third + 0.9
    assert end != 0.1 + 3 * 0.9
    assert rows(log.rings, "started_at", "ended_at") == [
        (0.1, second),
        (second, third),
        (third, end),
    ]
    assert rows(log.visits, "left_at") == [(end,)]


def test_s14_a_delayed_repeat_starts_repeat_delay_after_the_pass(engine: str) -> None:
    log = rs.play(scene(group("", action="REPEAT", repeat_delay=0.9)), script(0.1), engine)
    end = ((0.1 + 0.9) + 0.9) + 0.9
    assert end != 0.1 + 3 * 0.9
    assert rows(log.visits, "left_at") == [(end,)]


def test_s14_the_caller_gives_up_at_arrives_at_plus_patience(engine: str) -> None:
    log = rs.play(scene(group("A B", ring_time=1)), script(0.2, patience=1.9), engine)
    gives_up_at = 0.2 + 1.9
    assert gives_up_at != (0.2 + 1.0) + (1.9 - 1.0)
    assert rows(log.rings, "ended_at") == [(0.2 + 1.0,), (gives_up_at,)]


def test_s14_an_instant_is_kept_and_not_waited_for_by_differences(engine: str) -> None:
    """A delay from `now` would end at `now + (at - now)`, which is not exactly `at`."""
    scenario = scene(group("A", ring_time=4.3, to="601"), group("B", number="601", ring_time=30))
    log = rs.play(scenario, script(1.3, to="600", patience=21.0), engine)
    forwarded_at, gives_up_at = 1.3 + 4.3, 1.3 + 21.0
    assert gives_up_at != forwarded_at + (gives_up_at - forwarded_at)
    assert rows(log.rings, "ended_at") == [(forwarded_at,), (gives_up_at,)]
    assert rows(log.visits, "left_at") == [(forwarded_at,), (gives_up_at,)]
    assert rows(log.calls, "wait") == [(gives_up_at - 1.3,)]


def test_s14_a_member_answers_at_started_at_plus_answer_delay(engine: str) -> None:
    log = rs.play(scene(group("A B", ring_time=0.7)), script(0.1, B=0.2), engine)
    answered_at = (0.1 + 0.7) + 0.2
    assert answered_at != 0.1 + (0.7 + 0.2)
    assert rows(log.rings, "ended_at") == [(0.1 + 0.7,), (answered_at,)]


def test_s14_a_member_is_free_at_answer_plus_talk_plus_wrap_up(engine: str) -> None:
    calls = script(0.2, 0.9, A=[0.2, 0.1], talk=[0.4, 0], wrap_up=[1.1, 0])
    log = rs.play(scene("A"), calls, engine)
    free_at = ((0.2 + 0.2) + 0.4) + 1.1
    assert free_at != (0.2 + 0.2) + (0.4 + 1.1)
    assert rows(log.rings, "ended_at") == [(0.2 + 0.2,), (free_at,)]


def test_s14_the_wait_is_the_instant_minus_arrives_at(engine: str) -> None:
    log = rs.play(scene("A"), script(0.1, A=0.2), engine)
    assert (0.1 + 0.2) - 0.1 != 0.2
    assert rows(log.calls, "wait") == [((0.1 + 0.2) - 0.1,)]


# S15 Own calls


@table(
    "scenario workload taken",
    ("a free person on duty takes it", scene("A"), script(own=[(5, "A", 9)]), [True]),
    ("a person who is in no group takes it",
     scene("A", duty={"I": [(0, 99)]}), script(own=[(5, "I", 9)]), [True]),
    ("not while on a call",
     scene("A"), script(0, own=[(5, "A", 9), (29.5, "A", 1), (30, "A", 1)], A=0),
     [False, False, True]),
    ("not while on another own call",
     scene("A"), script(own=[(5, "A", 9), (13, "A", 1), (14, "A", 1)]), [True, False, True]),
    ("an own call that did not take place keeps nobody busy",
     scene("A"), script(own=[(0, "A", 10), (9, "A", 60), (11, "A", 1)]), [True, False, True]),
    ("not in wrap-up",
     scene("A"), script(0, own=[(35, "A", 9), (39, "A", 9), (40, "A", 9)], A=0, wrap_up=10),
     [False, False, True]),
    ("not while paged",
     scene(group("A", PAGE)), script(0, own=[(5, "A", 9), (30, "A", 9)]), [False, True]),
    ("not off duty",
     scene("A", duty={"A": [(10, 20)]}),
     script(own=[(9, "A", 0), (10, "A", 1), (19, "A", 0), (20, "A", 0)]),
     [False, True, True, False]),
    ("whatever rings", scene("A"), script(0, own=[(5, "A", 9)]), [True]),
    ("whatever rings, with ringing_is_busy too",
     scene("A", ringing_is_busy=True), script(0, own=[(5, "A", 9)]), [True]),
    ("in the order of their instants, told in the order of the workload",
     scene("A"), script(own=[(14, "A", 1), (5, "A", 9), (6, "A", 9)]), [True, True, False]),
)
def test_s15_an_own_call_takes_place(
    scenario: rs.Scenario, workload: rs.Workload, taken: list[bool], engine: str
) -> None:
    assert rows(rs.play(scenario, workload, engine).own_calls, "taken") == [(t,) for t in taken]


@cases(
    ("it has no wrap-up, and lasts its own talk time",
     scene("A"), script(5, 15, own=[(0, "A", 15)], A=0, talk=30, wrap_up=500),
     ["overflowed at 5", "A 15-15; answered by A at 15"]),
    ("it goes on when duty ends",
     scene(group("A", skip_busy_member=False), duty={"A": [(0, 5), (9, 90)]}),
     script(9, own=[(0, "A", 20)], A=1), ["A 9-20; answered by A at 20"]),
    ("it stops no ring",
     scene("A B"), script(0, own=[(5, "A", 60)]), ["A 0-20, B 20-40; overflowed at 40"]),
    ("it changes no memory",
     scene(group("A B", CYCLIC), group("A B", "LEAST_WORKED_HUNT", "601")),
     script(100, 200, to=["600", "601"], own=[(0, "A", 60)]),
     ["A 100-120, B 120-140; overflowed at 140", "A 200-220, B 220-240; overflowed at 240"]),
)
def test_s15_an_own_call(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


def test_s15_own_calls_are_logged_as_the_workload_has_them(engine: str) -> None:
    """The log has a row per own call, taken or not, in the order of the workload."""
    log = rs.play(scene("A B"), script(own=[(14, "A", 1), (5, "B", 9), (6, "B", INF)]), engine)
    assert rows(log.own_calls, "extension", "started_at", "talk_time", "taken") == [
        (NUMBER["A"], 14, 1, True),
        (NUMBER["B"], 5, 9, True),
        (NUMBER["B"], 6, INF, False),
    ]


@cases(
    ("the phone rings, and nobody is there",
     scene("A B"), script(10, away=[(5, "A", 500)], A=0, B=3),
     ["A 10-30, B 30-33; answered by B at 33"]),
    ("whoever is back in time answers",
     scene("A"), script(10, away=[(5, "A", 12)], A=3), ["A 10-17; answered by A at 17"]),
    ("a spell that begins while the phone rings",
     scene("A"), script(10, away=[(12, "A", 6)], A=5), ["A 10-18; answered by A at 18"]),
    ("an answer at the very instant at which a spell begins",
     scene("A"), script(10, away=[(15, "A", 50)], A=5), ["A 10-15; answered by A at 15"]),
    ("a call goes on, and the spell ends before it",
     scene(group("A", skip_busy_member=False)),
     script(0, 25, away=[(10, "A", 5)], A=[0, 1], talk=30),
     ["A 0-0; answered by A at 0", "A 25-30; answered by A at 30"]),
    ("a spell goes on after call and wrap-up",
     scene("A"), script(0, 30, away=[(10, "A", 35)], A=[0, 1], talk=20, wrap_up=5),
     ["A 0-0; answered by A at 0", "A 30-45; answered by A at 45"]),
    ("a wrap-up goes on after a spell",
     scene("A"), script(0, 30, away=[(10, "A", 5)], A=[0, 1], talk=20, wrap_up=25),
     ["A 0-0; answered by A at 0", "A 30-45; answered by A at 45"]),
    ("one spell within another",
     scene("A"), script(10, away=[(0, "A", 25), (5, "A", 1)], A=0),
     ["A 10-25; answered by A at 25"]),
    ("an own call does not take place",
     scene("A"), script(25, own=[(12, "A", 500)], away=[(10, "A", 10)], A=0),
     ["A 25-25; answered by A at 25"]),
    ("own calls of its instant come first",
     scene("A"), script(15, own=[(10, "A", 10)], away=[(10, "A", 2)], A=0),
     ["overflowed at 15"]),
    ("a page reaches the phone of somebody who is away",
     scene(group("A", PAGE)), script(15, away=[(10, "A", 90)]), ["A 15-15; answered at 15"]),
    ("a spell that never ends",
     scene("A"), script(15, away=[(10, "A", INF)], A=0), ["A 15-35; overflowed at 35"]),
)  # fmt: skip
def test_s15_a_spell_away(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    log = rs.play(scenario, workload, engine)
    assert told(log) == expected
    assert len(log.own_calls) == len(workload.own_calls)
    assert audit(scenario, log, workload).ok


VISITS = ("group", "entered_at", "left_at", "passes", "n_rings", "found")


@table(
    "scenario workload expected",
    ("one visit", scene("A B"), script(5, B=4), [("600", 5, 29, 1, 2, 2)]),
    ("found is how many candidates the first look found",
     scene("A B C"), script(5, own=[(0, "A", 10)], B=4), [("600", 5, 9, 1, 1, 2)]),
    ("nobody found", scene(group("", to="999")), script(5), [("600", 5, 5, 1, 0, 0)]),
    ("given up", scene("A B"), script(5, patience=3), [("600", 5, 8, 1, 1, 2)]),
    ("W9",
     scene(group("A B", action="REPEAT", max_repeats=2)), script(0), [("600", 0, 120, 3, 6, 2)]),
    ("answered in the second pass",
     scene(group("A", action="REPEAT")), script(0, A=[[INF, 3]]), [("600", 0, 23, 2, 2, 1)]),
    ("delayed repeats count as passes",
     scene(group("A", action="REPEAT")), script(0, own=[(0, "A", 1.5)], A=4),
     [("600", 0, 6, 3, 1, 0)]),
    ("given up during the delay: the next pass has not begun",
     scene(group("", action="REPEAT", repeat_delay=5)), script(0, patience=7),
     [("600", 0, 7, 2, 0, 0)]),
    ("a page", scene(group("A B C", PAGE)), script(5, own=[(0, "A", 9)]), [("600", 5, 5, 1, 2, 2)]),
    ("found counts candidates on a call, whom a page does not reach",
     scene(group("A B C", PAGE, skip_busy_member=False)), script(5, own=[(0, "A", 9)]),
     [("600", 5, 5, 1, 2, 3)]),
    ("a visit for each group entered, a refused one is none",
     scene(group("A B", FAN_OUT, to="601"), group("C", number="601", to="600")),
     script(5, to="600"), [("600", 5, 25, 1, 2, 2), ("601", 25, 45, 1, 1, 1)]),
)
def test_visits(scenario: rs.Scenario, workload: rs.Workload, expected: Rows, engine: str) -> None:
    assert rows(rs.play(scenario, workload, engine).visits, *VISITS) == expected


def test_rows_are_ordered_by_call_then_time_then_configured_order(engine: str) -> None:
    """The order of rows does not depend on the order of events."""
    scenario = scene(group("B A", FAN_OUT, to="601"), group("C", number="601"))
    log = rs.play(scenario, script(50, 0, to="600"), engine)
    assert rows(log.calls, "call", "arrives_at") == [(0, 50), (1, 0)]
    assert [(call, LETTER[member]) for call, member in rows(log.rings, "call", "member")] == [
        *((0, "B"), (0, "A"), (0, "C")),
        *((1, "B"), (1, "A"), (1, "C")),
    ]
    assert rows(log.visits, "call", "group") == [(0, "600"), (0, "601"), (1, "600"), (1, "601")]


@pytest.mark.parametrize(
    ("dispatcher", "members", "expected"),
    [
        (Ordering(at_once=2), "A B C", "A 0-20, B 0-20, C 20-40; overflowed at 40"),
        (Ordering("-position", at_once=2), "A B C", "B 0-20, C 0-20, A 20-40; overflowed at 40"),
        (Ordering(at_once=5), "A B C", "A 0-20, B 0-20, C 0-20; overflowed at 20"),
        (Ordering(at_once=2, one_wave=True), "A B C", "A 0-20, B 0-20; overflowed at 20"),
        (Ordering(at_once=1, one_wave=True), "A B C", "A 0-20; overflowed at 20"),
        (Ordering(at_once=ALL), "A B C", "A 0-20, B 0-20, C 0-20; overflowed at 20"),
        (
            Ordering("skill_level", at_once=TIED),  # a level at a time
            "A2 B1 C1 D3",
            "B 0-20, C 0-20, A 20-40, D 40-60; overflowed at 60",
        ),
        (
            Ordering("skill_level", at_once=TIED, one_wave=True),  # the best level only
            "A2 B1 C1 D3",
            "B 0-20, C 0-20; overflowed at 20",
        ),
        (Ordering("skill_level", "-random", at_once=TIED),
         "A1 B1 C2", "B 0-20, A 20-40, C 40-60; overflowed at 60"),
        (Ordering("-skill_level"), "A1 B3 C2", "B 0-20, C 20-40, A 40-60; overflowed at 60"),
        (Ordering("random"), "A B C", "C 0-20, A 20-40, B 40-60; overflowed at 60"),
        (
            Ordering(at_once=2, auto_answer=True),  # a page of the first two
            "A B C",
            "A 0-0, B 0-0; answered at 0",
        ),
    ],
)
def test_s4_an_ordering_says_how_many_ring_at_once(
    dispatcher: Dispatcher, members: str, expected: str, engine: str
) -> None:
    draws = script(0, random={"A": 0.3, "B": 0.6})
    assert told(rs.play(scene(members), draws, engine, dispatcher=dispatcher)) == [expected]


class Backwards(Hunt):
    """From the last to the first."""

    order_by = ("-position",)


@pytest.mark.parametrize(
    ("dispatcher", "expected"),
    [
        (None, ["A B", "A B"]),
        (Backwards(), ["B A", "B A"]),
        (Backwards, ["B A", "B A"]),
        ("RING_SIMULTANEOUSLY", ["A B", "A B"]),
        (rs.RingStrategy.RING_SIMULTANEOUSLY, ["A B", "A B"]),
        ({"601": Backwards}, ["A B", "B A"]),
        ({"600": Backwards(), "601": "SKILL_BASED_ROUTING_PRIORITIZED_HUNT"}, ["B A", "B A"]),
        ({}, ["A B", "A B"]),
    ],
)
def test_a_dispatcher_may_be_an_instance_a_class_or_a_name_for_all_groups_or_some(
    dispatcher: Any, expected: list[str], engine: str
) -> None:
    scenario = scene("A B", group("A2 B1", number="601"))
    calls = script(0, 100, to=["600", "601"])
    log = rs.play(scenario, calls, engine, dispatcher=dispatcher)
    assert [rung(log, 0), rung(log, 1)] == expected


def test_a_dispatcher_by_name_replaces_the_strategy(engine: str) -> None:
    log = rs.play(scene("A B"), script(0), engine, dispatcher="RING_SIMULTANEOUSLY")
    assert told(log) == ["A 0-20, B 0-20; overflowed at 20"]


class Picks(Hunt):
    """A dispatcher that picks by a function; SimPy only, because it overrides `wave`."""

    def __init__(self, pick: Callable[[Sequence[Candidate]], Any]) -> None:
        self.pick = pick

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Any:  # noqa: ARG002
        return self.pick(candidates)


def test_s4_what_a_wave_of_ones_own_picks_rings_in_the_configured_order() -> None:
    """The order of a wave affects neither the rows nor who answers in a tie."""
    last_two = Picks(lambda candidates: tuple(reversed(candidates[-2:])))
    log = rs.play(scene("A B C"), script(0, B=5, C=5), "simpy", dispatcher=last_two)
    assert told(log) == ["B 0-5, C 0-5; answered by B at 5"]


@pytest.mark.parametrize(
    ("pick", "said"),
    [
        (lambda candidates: [], "at least one"),
        (lambda candidates: [candidates[0], candidates[1], candidates[0]], "nobody twice"),
        (lambda candidates: [Candidate(7)], "from the candidates"),
        (lambda candidates: [candidates[0]._replace(skill_level=2)], "from the candidates"),
        (lambda candidates: None, "must return candidates"),
        (lambda candidates: candidates[0], "must return a list of candidates"),
    ],
)
def test_s4_a_wave_must_pick_some_of_the_candidates_none_twice(
    pick: Callable[[Sequence[Candidate]], Any], said: str
) -> None:
    with pytest.raises(rs.DispatcherError, match=r"^Picks\.wave\(\) must ") as wrong:
        rs.play(scene("A B"), script(0), "simpy", dispatcher=Picks(pick))
    assert said in str(wrong.value)


def test_s4_a_wave_must_not_pick_a_member_who_was_rung_in_this_pass() -> None:
    first: list[Candidate] = []

    def always_the_first(candidates: Sequence[Candidate]) -> list[Candidate]:
        first.extend(candidates)
        return first[:1]

    with pytest.raises(rs.DispatcherError, match="from the candidates"):
        rs.play(scene("A B"), script(0), "simpy", dispatcher=Picks(always_the_first))
