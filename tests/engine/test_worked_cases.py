"""Tests of the worked cases W1 to W10 and W4b of the rules: every ring and its instant.

By default a row has three members A, B and C, one group, and ring time 20 s.
"""

from __future__ import annotations

import ringsim as rs
from support.played import INF, cases, group, scene, script, told


@cases(
    (
        "W1",
        scene(group("A B C", "PRIORITIZED_HUNT")),
        script(0),  # nobody answers
        ["A 0-20, B 20-40, C 40-60; overflowed at 60"],
    ),
    (
        "W2",
        scene(group("A B C", "PRIORITIZED_HUNT")),
        script(0, own=[(0, "A", 30)]),  # A on a call until 30
        ["B 0-20, C 20-40, A 40-60; overflowed at 60"],
    ),
    (
        "W3",
        scene(group("A B C", "CYCLIC_HUNT")),
        script(0, 100, 200, A=[5, INF, INF], C=[INF, 0, INF]),  # rung: A at 0, B 100, C 120
        [
            "A 0-5; answered by A at 5",
            "B 100-120, C 120-120; answered by C at 120",
            "A 200-220, B 220-240, C 240-260; overflowed at 260",
        ],
    ),
    (
        "W4",
        scene(group("A B C", "LEAST_WORKED_HUNT")),
        script(0, 100, 200, A=[5, INF, INF], C=[INF, 0, INF]),  # B never answered
        [
            "A 0-5; answered by A at 5",
            "B 100-120, C 120-120; answered by C at 120",
            "B 200-220, A 220-240, C 240-260; overflowed at 260",
        ],
    ),
    (
        "W4b",
        scene(group("A B C", "LEAST_WORKED_HUNT")),
        script(
            *(0, 100, 5000, 9900, 10000),
            A=[0, 0, INF, INF, INF],  # twice, both long ago
            B=[INF, INF, INF, 0, INF],  # once, just now
            C=[INF, INF, 0, INF, INF],  # once, before B
        ),
        [
            "A 0-0; answered by A at 0",
            "B 100-120, C 120-140, A 140-140; answered by A at 140",
            "B 5000-5020, C 5020-5020; answered by C at 5020",
            "B 9900-9900; answered by B at 9900",
            "A 10000-10020, C 10020-10040, B 10040-10060; overflowed at 10060",
        ],
    ),
    (
        "W5",
        scene(group("A B C", "CYCLIC_HUNT")),
        script(0, 1000, 2000),  # nobody ever answers, calls far apart
        [
            "A 0-20, B 20-40, C 40-60; overflowed at 60",
            "A 1000-1020, B 1020-1040, C 1040-1060; overflowed at 1060",
            "A 2000-2020, B 2020-2040, C 2040-2060; overflowed at 2060",
        ],
    ),
    (
        "W6",
        scene(group("A B C", "CYCLIC_HUNT")),
        script(0, 0),  # two calls at once, nobody answers
        [
            "A 0-20, C 20-40, B 40-60; overflowed at 60",
            "B 0-20, A 20-40, C 40-60; overflowed at 60",
        ],
    ),
    (
        "W7, A and B on a call",
        scene(group("A1 B1 C2", "SKILL_BASED_ROUTING_PRIORITIZED_HUNT")),
        script(0, own=[(0, "A", 600), (0, "B", 600)]),  # A and B on a call
        ["C 0-20; overflowed at 20"],
    ),
    (
        "W7, nobody busy",
        scene(group("A1 B1 C2", "SKILL_BASED_ROUTING_PRIORITIZED_HUNT")),
        script(0),
        ["A 0-20, B 20-40, C 40-60; overflowed at 60"],
    ),
    (
        "W8, nobody answers",
        scene(group("A B C", "RING_SIMULTANEOUSLY")),
        script(0),  # nobody answers
        ["A 0-20, B 0-20, C 0-20; overflowed at 20"],
    ),
    (
        "W8, everyone on a call",
        scene(group("A B C", "RING_SIMULTANEOUSLY")),
        script(0, own=[(0, "A", 600), (0, "B", 600), (0, "C", 600)]),
        ["overflowed at 0"],
    ),
    (
        "W9",
        scene(group("A B", "PRIORITIZED_HUNT", action="REPEAT", max_repeats=2)),
        script(0),  # nobody answers: passes 0-40, 40-80, 80-120
        [
            "A 0-20, B 20-40, A 40-60, B 60-80, A 80-100, B 100-120; overflowed at 120",
        ],
    ),
    (
        "W10",
        scene(group("A", "PRIORITIZED_HUNT", skip_busy_member=False)),
        script(0, own=[(0, "A", 10)], A=4),  # A busy until 10
        ["A 0-10; answered by A at 10"],
    ),
)
def test_worked_case(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected
