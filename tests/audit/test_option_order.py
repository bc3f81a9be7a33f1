"""Audit of whom a group with options rings first.

In the worked examples any two members of a call change places. On random days the share of such
changes that break a rule is measured: some of the others are logs that the rules allow, too.
"""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

import pytest

import ringsim as rs
from engine.test_options import CASES
from ringsim.audit import audit
from ringsim.dispatch import Hunt
from support.option_days import option_day
from support.profiles import PROFILE

N_DAYS = max(PROFILE.equal_days // 20, 20)
FRAMES = ("calls", "rings", "visits", "own_calls", "pauses")

# Examples in which the order of members decides, each with a call
ORDERS = {
    "order_by counts hang-ups": 2,
    "order_by counts answers": 2,
    "rotation: whom a busy member's turn has passed is not next": 2,
    "rotation: the key last_rung_at rings who was never rung": 2,
    "rotation answered moves by an answer alone": 1,
    "rotation starts at the top after a fixed order that is used up": 1,
    "memory_scope extension": 1,
    "skill_order": 0,
    "order_by last_completed_at does not count a talk that goes on": 2,
    "order_by n_completed does not count a talk that goes on": 2,
    "order_by idle_since counts own calls": 0,
    "order_by redrawn draws anew at each look": 0,
    "order_by weighted is a draw times the level": 0,
    "order_fixed pass passes over who is busy at their turn": 0,
    "order_fixed call strikes off who is busy at arrival": 0,
    "at_once 2": 0,
}


def swapped(log: rs.CallLog, one: int, two: int) -> dict[str, Any]:
    """Return the frames of a log in which the members of two rings have changed places."""
    rings = log.rings
    members = rings["member"].astype(object)
    members[one], members[two] = members[two], members[one]
    frames = {name: getattr(log, name) for name in FRAMES}
    return {**frames, "rings": rings.assign(member=members)}


def pairs(log: rs.CallLog) -> list[tuple[int, int]]:
    """Return the rows of two rings of one call in one group, of other members and instants."""
    rows = list(log.rings.itertuples())
    return [
        (one.Index, two.Index)
        for one, two in combinations(rows, 2)
        if (one.call, one.group) == (two.call, two.group)
        and one.member != two.member
        and one.started_at != two.started_at
        and "answered" not in (one.result, two.result)
    ]


@pytest.mark.parametrize("name", ORDERS)
def test_members_who_change_places_are_found(name: str) -> None:
    case = CASES[name]
    log = case.play("simpy")
    found = [
        {one.rule for one in audit(case.scenario(), swapped(log, *rows), case.workload).violations}
        for rows in pairs(log)
        if log.rings["call"][rows[0]] == ORDERS[name]
    ]
    assert found
    assert all("S4" in rules for rules in found), found


def test_most_members_who_change_places_are_found() -> None:
    """Random days have them; the rules of single rings find three quarters."""
    random, changed, found = Random(1), 0, 0
    for number in range(N_DAYS):
        scenario, workload = option_day(number)
        try:
            log = rs.play(scenario, workload, "simpy")
        except rs.ConfigurationError:
            continue
        for rows in random.sample(pairs(log), min(2, len(pairs(log)))):
            changed += 1
            found += not audit(scenario, swapped(log, *rows), workload).ok
    assert found / changed > 0.85, (found, changed)


def office(**rules: Any) -> rs.Scenario:
    group = {"extension_number": "600", "ring_strategy": "PRIORITIZED_HUNT"}
    members = ["201", "202", "203"]
    return rs.Scenario(groups=[{**group, "members": members, "rules": rules}])


def test_a_violation_says_who_must_ring_and_when() -> None:
    scenario = office(retry_pause=5)
    workload = rs.Workload(arrives_at=[0], talk_time=1)
    found = audit(scenario, swapped(rs.play(scenario, workload), 0, 1), workload).violations
    assert str(found[0]).startswith("rings row 0: S4 201 must ring before 202 at 0.0")


def test_a_pointer_that_two_waves_move_at_once_may_stand_at_both_places() -> None:
    """Waves of A and B end at 20: the next call may ring B, or C."""
    scenario = office(order_by=["rotation"], rotation="rung", one_wave=True)
    workload = rs.Workload(arrives_at=[0, 0, 20], talk_time=1)
    log = rs.play(scenario, workload)
    audit(scenario, log, workload).check()


def test_a_member_whose_turn_may_have_passed_need_not_ring() -> None:
    """A is on a call when the order of the pass has their turn, and free when C rings."""
    scenario = office(order_fixed="pass")
    workload = rs.Workload(arrives_at=[0], talk_time=1, own_calls=[(0, "201", 10)])
    log = rs.play(scenario, workload)
    assert list(log.rings["member"]) == ["202", "203"]
    audit(scenario, log, workload).check()


def test_the_order_of_an_own_dispatcher_is_named_as_unchecked() -> None:
    class Backwards(Hunt):
        def wave(self, candidates: Any, moment: Any) -> Any:  # noqa: ARG002
            return [max(candidates)]

    scenario, workload = office(retry_pause=5), rs.Workload(arrives_at=[0], talk_time=1)
    log = rs.play(scenario, workload, dispatcher=Backwards)
    found = audit(scenario, log, workload, dispatcher=Backwards)
    assert found.ok
    assert "whom group 600 rings" in {one.what for one in found.unchecked}


def test_options_of_order_do_not_count_beside_another_dispatcher() -> None:
    scenario = office(memory_hunt="again", retry_pause=5)
    workload = rs.Workload(arrives_at=[0], talk_time=1)
    log = rs.play(scenario, workload, dispatcher=Hunt)
    audit(scenario, log, workload, dispatcher=Hunt).check()


class ByPointer(Hunt):
    """Dispatcher that begins at the pointer of the group."""

    order_by = ("rotation",)


def test_a_dispatcher_that_looks_at_the_pointer_has_the_one_of_the_engines() -> None:
    """That of the group, else one that follows the rings."""
    n_played = 0
    for number in range(40):
        scenario, workload = option_day(number)
        try:
            log = rs.play(scenario, workload, dispatcher=ByPointer())
        except rs.ConfigurationError:
            continue
        n_played += 1
        found = audit(scenario, log, workload, dispatcher=ByPointer())
        assert found.ok, (number, str(found))
    assert n_played > 10
