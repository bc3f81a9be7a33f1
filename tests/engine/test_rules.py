"""Rules S1 to S12, S14 and S15 of ringing, sentence by sentence, on calls made by hand.

A row of a table is a sentence of a rule: a scenario, a workload, and what must be told of each
call. Where nothing else is said there is one group, it is a prioritized hunt, phones ring for
20 s, nobody answers, whoever answers talks for 30 s, and callers wait for ever. Rule S13, the
order of simultaneous events, has a module of its own.
"""

from __future__ import annotations

import math

import pytest
from played import INF, LETTER, NUMBER, cases, group, results, rows, rung, scene, script, told

import ringsim as rs
from ringsim.dispatch import ALL, TIED, Candidate, Dispatcher, FanOut, Hunt, Moment, PagingIntercom

FAN_OUT = "RING_SIMULTANEOUSLY"
CYCLIC = "CYCLIC_HUNT"
PAGE = "PAGING_INTERCOM"


@cases(
    (
        "a call arrives at its instant, wherever it stands in the workload",
        scene("A"),
        script(100, 0),
        ["A 100-120; overflowed at 120", "A 0-20; overflowed at 20"],
    ),
    (
        "a call that arrives after the hours is played to its end",
        scene("A B", hours=1),
        script(3590, 9000, B=[15, INF]),
        [
            "A 3590-3610, B 3610-3625; answered by B at 3625",
            "A 9000-9020, B 9020-9040; overflowed at 9040",
        ],
    ),
)
def test_s1_arrival(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


@cases(
    (
        "a member rung once is not rung again in the same pass",
        scene("A B"),
        script(0),
        ["A 0-20, B 20-40; overflowed at 40"],
    ),
    (
        "a further pass rings everybody again",
        scene(group("A B", action="REPEAT", max_repeats=1)),
        script(0),
        ["A 0-20, B 20-40, A 40-60, B 60-80; overflowed at 80"],
    ),
    (
        "entering a second group starts a pass, in which its members ring again",
        scene(group("A", to="601"), group("A B", number="601")),
        script(0, to="600"),
        ["A 0-20, A 20-40, B 40-60; overflowed at 60"],
    ),
)
def test_s2_pass(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


@cases(
    (
        "a member off duty is not rung",
        scene("A B", duty={"A": []}),
        script(0),
        ["B 0-20; overflowed at 20"],
    ),
    (
        "a member on a call of this group is not rung",
        scene("A B"),
        script(0, 10, A=0),
        ["A 0-0; answered by A at 0", "B 10-30; overflowed at 30"],
    ),
    (
        "a member on a call of another group is not rung",
        scene("A", group("A B", number="601")),
        script(0, 10, to=["600", "601"], A=0),
        ["A 0-0; answered by A at 0", "B 10-30; overflowed at 30"],
    ),
    (
        "a member on a call of their own is not rung",
        scene("A B"),
        script(5, own=[(0, "A", 60)]),
        ["B 5-25; overflowed at 25"],
    ),
    (
        "a member who was paged is on a call",
        scene(group("A", PAGE), group("A B", number="601")),
        script(0, 10, to=["600", "601"]),
        ["A 0-0; answered at 0", "B 10-30; overflowed at 30"],
    ),
    (
        "without skip_busy_member a member on a call is rung",
        scene(group("A B", skip_busy_member=False)),
        script(5, own=[(0, "A", 60)]),
        ["A 5-25, B 25-45; overflowed at 45"],
    ),
    (
        "without skip_busy_member a member off duty is not rung",
        scene(group("A B", skip_busy_member=False), duty={"A": []}),
        script(5),
        ["B 5-25; overflowed at 25"],
    ),
    (
        "a member is on a call from the instant of the answer on",
        scene("A B"),
        script(0, 5, A=5),
        ["A 0-5; answered by A at 5", "B 5-25; overflowed at 25"],
    ),
    (
        "a member is no longer on a call at the instant it ends",
        scene("A B"),
        script(0, 30, A=[0, INF]),
        ["A 0-0; answered by A at 0", "A 30-50, B 50-70; overflowed at 70"],
    ),
    (
        "a phone that is only ringing is not on a call",
        scene("A"),
        script(0, 5),
        ["A 0-20; overflowed at 20", "A 5-25; overflowed at 25"],
    ),
    (
        "with ringing_is_busy a ringing phone is on a call",
        scene("A B", ringing_is_busy=True),
        script(0, 5),
        ["A 0-20, B 20-40; overflowed at 40", "B 5-25, A 25-45; overflowed at 45"],
    ),
    (
        "with ringing_is_busy a phone that has stopped ringing is not on a call",
        scene("A", ringing_is_busy=True),
        script(0, 20, 50, A=[INF, 1, INF], talk=3),
        ["A 0-20; overflowed at 20", "A 20-21; answered by A at 21", "A 50-70; overflowed at 70"],
    ),
    (
        "with ringing_is_busy a phone counts that rings for another group",
        scene("A", group("A B", number="601"), ringing_is_busy=True),
        script(0, 5, to=["600", "601"]),
        ["A 0-20; overflowed at 20", "B 5-25, A 25-45; overflowed at 45"],
    ),
    (
        "with ringing_is_busy but without skip_busy_member a ringing phone is rung",
        scene(group("A", skip_busy_member=False), ringing_is_busy=True),
        script(0, 5),
        ["A 0-20; overflowed at 20", "A 5-25; overflowed at 25"],
    ),
    (
        "with ringing_is_busy all phones of a wave stop ringing when one is answered",
        scene(group("A B C", FAN_OUT), ringing_is_busy=True),
        script(0, 5, B=[5, INF]),
        [
            "A 0-5, B 0-5, C 0-5; answered by B at 5",
            "A 5-25, C 5-25; overflowed at 25",
        ],
    ),
    (
        "with ringing_is_busy a phone is no longer on a call when one of two rings has ended, "
        "but both have",
        scene(
            group("A", skip_busy_member=False, ring_time=10),
            group("A", skip_busy_member=False, number="601"),
            group("A", number="602"),
            ringing_is_busy=True,
        ),
        script(0, 0, 15, 20, to=["600", "601", "602", "602"]),
        [
            "A 0-10; overflowed at 10",
            "A 0-20; overflowed at 20",
            "overflowed at 15",
            "A 20-40; overflowed at 40",
        ],
    ),
    (
        "wrap-up is invisible: the phone rings",
        scene("A B"),
        script(0, 50, A=0, wrap_up=500),
        ["A 0-0; answered by A at 0", "A 50-70, B 70-90; overflowed at 90"],
    ),
    (
        "candidates are looked up afresh: who became free is rung",
        scene("A B C"),
        script(0, own=[(0, "A", 15)]),
        ["B 0-20, A 20-40, C 40-60; overflowed at 60"],
    ),
    (
        "candidates are looked up afresh: who became busy is not rung",
        scene("A B C"),
        script(0, own=[(15, "B", 10)]),
        ["A 0-20, C 20-40, B 40-60; overflowed at 60"],
    ),
    (
        "candidates are looked up afresh: who went off duty is not rung",
        scene("A B C", duty={"B": [(0, 15)]}),
        script(0),
        ["A 0-20, C 20-40; overflowed at 40"],
    ),
)
def test_s3_candidates(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


@cases(
    (
        "a hunt rings the first in its order",
        scene("B A C"),
        script(0, B=1),
        ["B 0-1; answered by B at 1"],
    ),
    (
        "a fan-out rings all candidates, in the configured order",
        scene(group("B A D C", FAN_OUT)),
        script(0, own=[(0, "D", 60)]),
        ["B 0-20, A 0-20, C 0-20; overflowed at 20"],
    ),
)
def test_s4_wave(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


@cases(
    (
        "a wave rings for the ring time of its group",
        scene(group("A B", ring_time=7, to="601"), group("A B", FAN_OUT, "601", ring_time=2.5)),
        script(0, to="600"),
        ["A 0-7, B 7-14, A 14-16.5, B 14-16.5; overflowed at 16.5"],
    ),
    (
        "a wave ends early when one of its members answers",
        scene(group("A B C", FAN_OUT)),
        script(0, B=5, C=8),
        ["A 0-5, B 0-5, C 0-5; answered by B at 5"],
    ),
    (
        "a wave ends early when the caller gives up",
        scene(group("A B", FAN_OUT)),
        script(0, B=5, patience=4),
        ["A 0-4, B 0-4; abandoned at 4"],
    ),
    (
        "a pass without a candidate ends at once",
        scene("A B"),
        script(5, own=[(0, "A", 60), (0, "B", 60)]),
        ["overflowed at 5"],
    ),
    (
        "a pass through a group without members ends at once",
        scene(""),
        script(5),
        ["overflowed at 5"],
    ),
    (
        "a hunt goes on as long as there are candidates, then ends at once",
        scene("A B C"),
        script(5, own=[(0, "B", 60)]),
        ["A 5-25, C 25-45; overflowed at 45"],
    ),
    (
        "each time-out of a hunt compares its keys anew",
        scene(group("A B C", CYCLIC), group("B", number="601")),
        script(0, 5, to="600"),
        # at 20 the first call takes C, never rung; at 25 the second prefers A (0) to C (20)
        ["A 0-20, C 20-40, B 40-60; overflowed at 60", "B 5-25, A 25-45, C 45-65; overflowed at 65"],
    ),
    (
        "the pass of a fan-out is over after one wave, even if a member has become a candidate",
        scene(group("A B", FAN_OUT)),
        script(0, own=[(0, "A", 10)]),
        ["B 0-20; overflowed at 20"],
    ),
    (
        "a fan-out rings again when it repeats, whoever is a candidate then",
        scene(group("A B", FAN_OUT, action="REPEAT", max_repeats=1)),
        script(0, own=[(0, "A", 10)]),
        ["B 0-20, A 20-40, B 20-40; overflowed at 40"],
    ),
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
        (
            group("A B C", FAN_OUT),
            script(0, B=5),
            "A answered_elsewhere, B answered, C answered_elsewhere",
        ),
        (group("A B", FAN_OUT), script(0), "A ring_no_answer, B ring_no_answer"),
        (group("A B", FAN_OUT), script(0, patience=5), "A caller_gave_up, B caller_gave_up"),
        (group("A B", PAGE), script(0), "A paged, B paged"),
    ],
)
def test_each_ring_ends_with_a_result(
    ringing: rs.RingGroup | str, workload: rs.Workload, expected: str, engine: str
) -> None:
    assert results(rs.play(scene(ringing), workload, engine)) == expected


@cases(
    (
        "a member answers after the answer delay, from the start of the ring",
        scene("A B"),
        script(10, A=INF, B=4),
        ["A 10-30, B 30-34; answered by B at 34"],
    ),
    (
        "the very instant at which the ring would end still counts",
        scene("A B"),
        script(0, A=20),
        ["A 0-20; answered by A at 20"],
    ),
    (
        "an answer delay beyond the ring time is no answer",
        scene("A B"),
        script(0, A=20.001),
        ["A 0-20, B 20-40; overflowed at 40"],
    ),
    (
        "the very instant at which the caller would give up still counts",
        scene("A B"),
        script(0, A=7, patience=7),
        ["A 0-7; answered by A at 7"],
    ),
    (
        "an infinite answer delay means never",
        scene(group("A", ring_time=1e9)),
        script(0, A=INF),
        ["A 0-1000000000; overflowed at 1000000000"],
    ),
    (
        "the first of a wave to be ready has the call",
        scene(group("A B C", FAN_OUT)),
        script(0, A=9, B=3, C=6),
        ["A 0-3, B 0-3, C 0-3; answered by B at 3"],
    ),
    (
        "a member on a call answers when it ends, if the phone still rings",
        scene(group("A", skip_busy_member=False)),
        script(0, own=[(0, "A", 10)], A=4),
        ["A 0-10; answered by A at 10"],
    ),
    (
        "a member who is free before the answer delay is over answers after it",
        scene(group("A", skip_busy_member=False)),
        script(0, own=[(0, "A", 10)], A=14),
        ["A 0-14; answered by A at 14"],
    ),
    (
        "a member on a call that ends with the ring still answers",
        scene(group("A", skip_busy_member=False)),
        script(0, own=[(0, "A", 20)], A=4),
        ["A 0-20; answered by A at 20"],
    ),
    (
        "a member on a call beyond the ring does not answer",
        scene(group("A", skip_busy_member=False)),
        script(0, own=[(0, "A", 20.001)], A=4),
        ["A 0-20; overflowed at 20"],
    ),
    (
        "a member on a call that ends as the caller would give up still answers",
        scene(group("A", skip_busy_member=False)),
        script(0, own=[(0, "A", 10)], A=4, patience=10),
        ["A 0-10; answered by A at 10"],
    ),
    (
        "a member in wrap-up answers when it is over",
        scene("A"),
        script(0, 6, A=[0, 2], talk=5, wrap_up=7),
        ["A 0-0; answered by A at 0", "A 6-12; answered by A at 12"],
    ),
    (
        "a member whose phone rings for two calls answers both, one after the other",
        scene("A"),
        script(0, 1, A=5, talk=3),
        ["A 0-5; answered by A at 5", "A 1-8; answered by A at 8"],
    ),
    (
        "answering one call stops no other call's ring",
        scene("A"),
        script(0, 1, A=5, talk=100),
        ["A 0-5; answered by A at 5", "A 1-21; overflowed at 21"],
    ),
    (
        "wrap-up of the first call delays the answer to the second",
        scene("A"),
        script(0, 1, A=5, talk=3, wrap_up=4),
        ["A 0-5; answered by A at 5", "A 1-12; answered by A at 12"],
    ),
    (
        "a free member answers before one who must first finish a call",
        scene(group("A B", FAN_OUT, skip_busy_member=False)),
        script(0, own=[(0, "A", 10)], A=1, B=9),
        ["A 0-9, B 0-9; answered by B at 9"],
    ),
    (
        "a member who takes another call meanwhile leaves the answer to the next",
        scene(group("A B", FAN_OUT), group("A", number="601")),
        script(0, 0, to=["600", "601"], A=[5, 4], B=9),
        ["A 0-9, B 0-9; answered by B at 9", "A 0-4; answered by A at 4"],
    ),
    (
        "an own call during the ring delays the answer",
        scene("A"),
        script(0, own=[(3, "A", 9)], A=4),
        ["A 0-12; answered by A at 12"],
    ),
    (
        "a member who answered is on a call for the talk time of that call",
        scene("A"),
        script(0, 10, 29, 30, A=0, talk=[30, 1, 1, 1]),
        [
            "A 0-0; answered by A at 0",
            "overflowed at 10",
            "overflowed at 29",
            "A 30-30; answered by A at 30",
        ],
    ),
    (
        "a member is free again at the very end of the wrap-up, and not before",
        scene("A"),
        script(0, 24.5, 45, A=0, talk=15, wrap_up=[30, 0, 0]),
        [
            "A 0-0; answered by A at 0",
            "A 24.5-44.5; overflowed at 44.5",
            "A 45-45; answered by A at 45",
        ],
    ),
    (
        "a talk of no length leaves the member free",
        scene("A"),
        script(0, 0, A=5, talk=0),
        ["A 0-5; answered by A at 5", "A 0-5; answered by A at 5"],
    ),
    (
        "a talk without end keeps the member on a call",
        scene("A"),
        script(0, 1e8, A=0, talk=INF),
        ["A 0-0; answered by A at 0", "overflowed at 100000000"],
    ),
    (
        "a wrap-up without end keeps the member from answering",
        scene("A"),
        script(0, 1e8, A=0, wrap_up=INF),
        ["A 0-0; answered by A at 0", "A 100000000-100000020; overflowed at 100000020"],
    ),
    (
        "every further ring of the same phone by the same call has a delay of its own",
        scene(group("A", action="REPEAT")),
        script(0, A=[[INF, 20.5, 3, 0]]),
        ["A 0-20, A 20-40, A 40-43; answered by A at 43"],
    ),
    (
        "a further ring in another group counts as one of the same phone",
        scene(group("A", to="601"), group("B A", number="601")),
        script(0, to="600", A=[[INF, 3]], B=[[INF, 0]]),
        ["A 0-20, B 20-40, A 40-43; answered by A at 43"],
    ),
    (
        "another call counts the rings of a phone anew",
        scene(group("A", action="REPEAT")),
        script(0, 100, A=[[INF, 3], [INF, 4]]),
        ["A 0-20, A 20-23; answered by A at 23", "A 100-120, A 120-124; answered by A at 124"],
    ),
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


def test_s7_each_group_has_its_own_memory(engine: str) -> None:
    """A was rung last by the first group; the second has never rung anybody."""
    scenario = scene(group("B A", CYCLIC), group("A B", CYCLIC, "601"))
    log = rs.play(scenario, script(0, 100, to=["600", "601"]), engine)
    assert [rung(log, 0), rung(log, 1)] == ["B A", "A B"]


class Recorder(Dispatcher):
    """Rings as `base` does, and keeps what it was shown."""

    def __init__(self, base: Dispatcher) -> None:
        self.base = base
        self.one_wave, self.auto_answer = base.one_wave, base.auto_answer
        self.moments: list[Moment] = []
        self.shown: list[list[Candidate]] = []

    def wave(self, candidates, moment):  # type: ignore[no-untyped-def]
        self.moments.append(moment)
        self.shown.append(sorted(candidates))
        return self.base.wave(candidates, moment)


def recorded(scenario: rs.Scenario, workload: rs.Workload, base: Dispatcher | None = None, **to):
    """What a dispatcher of the last group is shown, wave by wave."""
    recorder = Recorder(base or Hunt())
    number = scenario.groups[-1].extension_number
    rs.play(scenario, workload, "simpy", dispatcher={number: recorder})
    return recorder


def test_s7_a_candidate_is_a_position_and_a_level_before_anything_happened() -> None:
    shown = recorded(scene("A2 B1 C7", duty={"B": []}), script(0)).shown
    assert shown[0] == [
        Candidate(0, 2, -INF, -INF, -INF, 0, 0, 0.0, 0.0),
        Candidate(2, 7, -INF, -INF, -INF, 0, 0, 0.0, 0.0),
    ]


@pytest.mark.parametrize(
    ("field", "at", "expected"),
    [
        # A rings at 0 and 20 in vain; B at 40, answers at 45, talks until 75, wraps up until 99
        ("last_rung_at", 10, [0, -INF]),  # counted at the start of the ring
        ("last_rung_at", 42, [20, 40]),
        ("last_rung_at", 100, [20, 40]),  # answered or not
        ("n_rung", 10, [1, 0]),
        ("n_rung", 42, [2, 1]),
        ("n_rung", 100, [2, 1]),
        ("last_answered_at", 44, [-INF, -INF]),
        ("last_answered_at", 46, [-INF, 45]),  # of the answer, not of its end
        ("last_answered_at", 100, [-INF, 45]),
        ("n_answered", 44, [0, 0]),
        ("n_answered", 46, [0, 1]),
        ("talked_time", 44, [0, 0]),
        ("talked_time", 46, [0, 30]),  # planned talk, at the answer
        ("talked_time", 100, [0, 30]),
        ("last_hung_up_at", 44, [-INF, -INF]),
        ("last_hung_up_at", 45, [-INF, 45]),  # the present instant while the talk goes on
        ("last_hung_up_at", 60, [-INF, 60]),
        ("last_hung_up_at", 75, [-INF, 75]),
        ("last_hung_up_at", 80, [-INF, 75]),  # the end of the talk, not of the wrap-up
        ("last_hung_up_at", 100, [-INF, 75]),
    ],
)
def test_s7_memory_of_a_group(field: str, at: float, expected: list[float]) -> None:
    """What a call that arrives at some instant finds; it gives up at once."""
    scenario = scene(group("A B", skip_busy_member=False, action="REPEAT", max_repeats=9))
    never_for_the_second = {"A": [INF, INF], "B": [[INF, 0], [INF, INF]]}
    duty = {"B": [(40, 999)], "A": [(0, 30), (41, 999)]}
    scenario = scene(
        group("A B", skip_busy_member=False, action="REPEAT", max_repeats=9), duty=duty
    )
    calls = script(0, at, A=INF, B=[5, INF], wrap_up=24, patience=[INF, 0])
    recorder = recorded(scenario, calls)
    first_look = next(k for k, moment in enumerate(recorder.moments) if moment.call == 1)
    seen = {candidate.position: candidate for candidate in recorder.shown[first_look]}
    assert [getattr(seen[position], field) for position in (0, 1)] == expected
