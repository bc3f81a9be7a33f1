"""Tests of rule S13, the order of several events at one instant.

First each kind of event beside later ones, the later always of the lower call number; then ties
within a kind, in both orders of the instants at which the events were made; then the events that
an instant itself creates. In every row the result would differ if the two simultaneous events
were swapped. The order of two callers who give up together has no effect.
"""

from __future__ import annotations

import ringsim as rs
from support.played import INF, cases, group, scene, script, told

FAN_OUT = "RING_SIMULTANEOUSLY"

# The rows of the tables stay together.
# fmt: off


@cases(
    ("a member becomes free, then answers another call whose ring would end",
     scene(group("A", skip_busy_member=False)), script(0, own=[(0, "A", 20)], A=0),
     ["A 0-20; answered by A at 20"]),
    ("a member becomes free, then answers a caller who would give up",
     scene(group("A", skip_busy_member=False)), script(0, own=[(0, "A", 10)], A=0, patience=10),
     ["A 0-10; answered by A at 10"]),
    ("a member becomes free, then a ring times out and the hunt finds them",
     scene("A B"), script(0, own=[(0, "A", 20)]), ["B 0-20, A 20-40; overflowed at 40"]),
    ("a member becomes free, then a delayed repeat finds them",
     scene(group("A", action="REPEAT", repeat_delay=10, max_repeats=1)),
     script(0, own=[(0, "A", 10)]), ["A 10-30; overflowed at 30"]),
    ("a member becomes free, then an own call begins",
     scene(group("A", skip_busy_member=False)), script(0, own=[(0, "A", 10), (10, "A", 5)], A=12),
     ["A 0-15; answered by A at 15"]),
    ("a member becomes free, then a call arrives",
     scene("A"), script(10, own=[(0, "A", 10)]), ["A 10-30; overflowed at 30"]),
    ("an answer, then its caller would give up",
     scene("A"), script(0, A=7, patience=7), ["A 0-7; answered by A at 7"]),
    ("an answer, then its ring would time out",
     scene("A"), script(0, A=20), ["A 0-20; answered by A at 20"]),
    ("an answer, then another ring times out and does not find the member",
     scene("B A", group("A", number="601")), script(0, 0, to=["600", "601"], A=20),
     ["B 0-20; overflowed at 20", "A 0-20; answered by A at 20"]),
    ("an answer, then a delayed repeat does not find the member",
     scene(group("A", action="REPEAT", repeat_delay=10, max_repeats=1), group("A", number="601"),
           duty={"A": [(5, 99)]}),
     script(0, 5, to=["600", "601"], A=5),
     ["overflowed at 10", "A 5-10; answered by A at 10"]),
    ("an answer, then an own call does not take place",
     scene("A"), script(0, own=[(5, "A", 600)], A=5), ["A 0-5; answered by A at 5"]),
    ("an answer, then an arrival does not find the member",
     scene("A"), script(5, 0, A=5), ["overflowed at 5", "A 0-5; answered by A at 5"]),
    ("a caller gives up, then the ring would time out",
     scene("A B"), script(0, patience=20), ["A 0-20; abandoned at 20"]),
    ("a caller gives up, then another ring times out and finds the phone silent",
     scene("B A", group("A", number="601"), ringing_is_busy=True),
     script(0, 5, to=["600", "601"], patience=[INF, 15]),
     ["B 0-20, A 20-40; overflowed at 40", "A 5-20; abandoned at 20"]),
    ("a caller gives up, then their delayed repeat would start",
     scene(group("A", action="REPEAT", repeat_delay=10)), script(0, own=[(0, "A", 9)], patience=10),
     ["abandoned at 10"]),
    ("a caller gives up, then another's delayed repeat finds the phone silent",
     scene(group("A", action="REPEAT", repeat_delay=10, max_repeats=1), group("A", number="601"),
           ringing_is_busy=True, duty={"A": [(5, 99)]}),
     script(0, 5, to=["600", "601"], patience=[INF, 5]),
     ["A 10-30; overflowed at 30", "A 5-10; abandoned at 10"]),
    ("a caller gives up, then an arrival finds the phone silent",
     scene("A", ringing_is_busy=True), script(5, 0, patience=[INF, 5]),
     ["A 5-25; overflowed at 25", "A 0-5; abandoned at 5"]),
    ("a ring times out, then a delayed repeat finds the phone silent",
     scene(group("A", action="REPEAT", repeat_delay=25, max_repeats=1), group("A", number="601"),
           ringing_is_busy=True, duty={"A": [(5, 99)]}),
     script(0, 5, to=["600", "601"]),
     ["A 25-45; overflowed at 45", "A 5-25; overflowed at 25"]),
    ("a ring times out and the hunt finds the next, then they begin an own call",
     scene("A B"), script(0, own=[(20, "B", 5)]), ["A 0-20, B 20-40; overflowed at 40"]),
    ("a ring times out and the hunt takes the next, then an arrival finds their phone ringing",
     scene("A B", group("B", number="601"), ringing_is_busy=True), script(20, 0, to=["601", "600"]),
     ["overflowed at 20", "A 0-20, B 20-40; overflowed at 40"]),
    ("a delayed repeat finds a member, then they begin an own call",
     scene(group("A", action="REPEAT", repeat_delay=10, max_repeats=1), duty={"A": [(5, 99)]}),
     script(0, own=[(10, "A", 5)]), ["A 10-30; overflowed at 30"]),
    ("a delayed repeat takes a member, then an arrival finds their phone ringing",
     scene(group("A", action="REPEAT", repeat_delay=10, max_repeats=1), group("A", number="601"),
           ringing_is_busy=True, duty={"A": [(5, 99)]}),
     script(10, 0, to=["601", "600"]),
     ["overflowed at 10", "A 10-30; overflowed at 30"]),
    ("an own call begins, then an arrival does not find the member",
     scene("A"), script(10, own=[(10, "A", 5)]), ["overflowed at 10"]),
)
def test_s13_kinds_of_events_at_one_instant(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


TWO_HUNTS = scene(  # the first caller to time out or arrive takes A, and the other finds nobody
    group("B A", number="600", ring_time=20),
    group("C A", number="601", ring_time=10),
    ringing_is_busy=True,
)
TWO_REPEATS = scene(  # the first caller to repeat takes A
    group("A", number="600", action="REPEAT", repeat_delay=10, max_repeats=1),
    group("A", number="601", action="REPEAT", repeat_delay=6, max_repeats=1),
    ringing_is_busy=True,
    duty={"A": [(5, 99)]},
)


@cases(
    ("two answers of one member: the lower call, which rang first",
     scene("A"), script(0, 5, A=[10, 5], talk=60),
     ["A 0-10; answered by A at 10", "A 5-25; overflowed at 25"]),
    ("two answers of one member: the lower call, which rang last",
     scene("A"), script(5, 0, A=[5, 10], talk=60),
     ["A 5-10; answered by A at 10", "A 0-20; overflowed at 20"]),
    ("two answers of one member: the lower call, though the member stands further back",
     scene(group("B A", FAN_OUT), group("A", number="601")),
     script(0, 0, to=["600", "601"], A=10, talk=60),
     ["B 0-10, A 0-10; answered by A at 10", "A 0-20; overflowed at 20"]),
    ("two answers of a member who becomes free: the lower call, which rang last",
     scene(group("A", skip_busy_member=False)), script(5, 0, own=[(0, "A", 10)], A=0, talk=60),
     ["A 5-10; answered by A at 10", "A 0-20; overflowed at 20"]),
    ("two answers to one call: the first in the configured order",
     scene(group("B A C", FAN_OUT)), script(0, A=5, B=5, C=5),
     ["B 0-5, A 0-5, C 0-5; answered by B at 5"]),
    ("two answers to one call: the first in the configured order, though they just became free",
     scene(group("B A", FAN_OUT, skip_busy_member=False)), script(0, own=[(0, "B", 10)], A=10, B=0),
     ["B 0-10, A 0-10; answered by B at 10"]),
    ("two answers to one call, the first of them lost to a lower call: the second has it",
     scene(group("A", number="601"), group("A B", FAN_OUT)),
     script(0, 0, to=["601", "600"], A=5, B=5),
     ["A 0-5; answered by A at 5", "A 0-5, B 0-5; answered by B at 5"]),
    ("two rings time out: the lower call, which rang first",
     TWO_HUNTS, script(0, 10, to=["600", "601"]),
     ["B 0-20, A 20-40; overflowed at 40", "C 10-20; overflowed at 20"]),
    ("two rings time out: the lower call, which rang last",
     TWO_HUNTS, script(10, 0, to=["601", "600"]),
     ["C 10-20, A 20-30; overflowed at 30", "B 0-20; overflowed at 20"]),
    ("two rings time out: the lower call looks for the next while the other phone still rings",
     scene("B A", group("A", number="601"), ringing_is_busy=True), script(0, 0, to=["600", "601"]),
     ["B 0-20; overflowed at 20", "A 0-20; overflowed at 20"]),
    ("two rings time out: the higher call finds the phone of the lower silent",
     scene("B A", group("A", number="601"), ringing_is_busy=True), script(0, 0, to=["601", "600"]),
     ["A 0-20; overflowed at 20", "B 0-20, A 20-40; overflowed at 40"]),
    ("two delayed repeats: the lower call, which waited longer",
     TWO_REPEATS, script(0, 4, to=["600", "601"]),
     ["A 10-30; overflowed at 30", "overflowed at 10"]),
    ("two delayed repeats: the lower call, which waited less",
     TWO_REPEATS, script(4, 0, to=["601", "600"]),
     ["A 10-30; overflowed at 30", "overflowed at 10"]),
    ("two own calls of one person: the first of the workload, the shorter",
     scene(group("A", skip_busy_member=False)), script(0, own=[(9, "A", 3), (9, "A", 8)], A=10),
     ["A 0-12; answered by A at 12"]),
    ("two own calls of one person: the first of the workload, the longer",
     scene(group("A", skip_busy_member=False)), script(0, own=[(9, "A", 8), (9, "A", 3)], A=10),
     ["A 0-17; answered by A at 17"]),
    ("two arrivals: the lower call",
     scene("A B", ringing_is_busy=True), script(50, 7, 7, patience=5),
     ["A 50-55; abandoned at 55", "A 7-12; abandoned at 12", "B 7-12; abandoned at 12"]),
)
def test_s13_two_events_of_one_kind_at_one_instant(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected


@cases(
    ("an answer without delay to one arrival comes before the next arrival",
     scene("A"), script(7, 7, A=0), ["A 7-7; answered by A at 7", "overflowed at 7"]),
    ("a caller without patience gives up before the next arrival",
     scene("A", ringing_is_busy=True), script(7, 7, patience=[0, INF]),
     ["A 7-7; abandoned at 7", "A 7-27; overflowed at 27"]),
    ("an answer without delay to one wave comes before the next time-out",
     scene(group("B A", number="600"), group("C A", number="601")),
     script(0, 0, to=["600", "601"], A=0),
     ["B 0-20, A 20-20; answered by A at 20", "C 0-20; overflowed at 20"]),
    ("an answer without delay to a delayed repeat comes before the next",
     TWO_REPEATS.replace(ringing_is_busy=False), script(0, 4, to=["600", "601"], A=0),
     ["A 10-10; answered by A at 10", "overflowed at 10"]),
    ("an answer that becoming free makes possible comes before the time-outs of that instant",
     scene(group("A", skip_busy_member=False), group("B A", number="601")),
     script(0, 0, to=["601", "600"], own=[(0, "A", 20)], A=0),
     ["B 0-20; overflowed at 20", "A 0-20; answered by A at 20"]),
    ("a talk of no length makes another answer possible at once",
     scene("A"), script(0, 0, A=5, talk=[0, 30]),
     ["A 0-5; answered by A at 5", "A 0-5; answered by A at 5"]),
    ("a forward is part of the time-out, while another phone still rings",
     scene(group("B", to="601"), group("A", number="601"), group("A", number="602"),
           ringing_is_busy=True),
     script(0, 0, to=["600", "602"]),
     ["B 0-20; overflowed at 20", "A 0-20; overflowed at 20"]),
    ("a forward is part of the time-out, before that of another call",
     scene(group("B", to="601"), group("A", number="601"), group("C A", number="602"),
           ringing_is_busy=True),
     script(0, 0, to=["600", "602"]),
     ["B 0-20, A 20-40; overflowed at 40", "C 0-20; overflowed at 20"]),
    ("a forward is part of the arrival, before that of another call",
     scene(group("", to="601"), group("A", number="601"), ringing_is_busy=True),
     script(7, 7, to=["600", "601"]), ["A 7-27; overflowed at 27", "overflowed at 7"]),
    ("an immediate repeat is part of the time-out, while another phone still rings",
     scene(group("A B", action="REPEAT", max_repeats=1), group("A", number="601", ring_time=30),
           ringing_is_busy=True),
     script(10, 0, to=["600", "601"]),
     ["B 10-30, B 30-50, A 50-70; overflowed at 70", "A 0-30; overflowed at 30"]),
    ("an immediate repeat is part of the time-out, before that of another call",
     scene(group("A", action="REPEAT", max_repeats=1), group("B A", number="601"),
           ringing_is_busy=True),
     script(0, 0, to=["600", "601"]),
     ["A 0-20, A 20-40; overflowed at 40", "B 0-20; overflowed at 20"]),
)
def test_s13_events_made_at_the_running_instant(
    scenario: rs.Scenario, workload: rs.Workload, expected: list[str], engine: str
) -> None:
    assert told(rs.play(scenario, workload, engine)) == expected
