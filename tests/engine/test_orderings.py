"""Orderings by every field of a candidate, and by every pair, on days full of ties.

Each runs on the compiled engine and gives the log of the SimPy engine bit for bit. A dispatcher
with a `wave` of its own, which sorts the candidates that it is shown by the same fields, gives that
log too: it sees the values that the compiled engine sorts by.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from random import Random
from typing import Any

import pytest

import ringsim as rs
from ringsim._jit import INTERPRETED
from ringsim.dispatch import SORT_FIELDS, Candidate, Dispatcher, Hunt, Moment
from ringsim.testing import Ordering, audit
from support.played import frames, rung, scene, script

PEOPLE = [str(201 + place) for place in range(6)]
INF = float("inf")


class Shown(Dispatcher):
    """Dispatcher with a `wave` of its own that rings in the order of an ordering."""

    def __init__(self, ordering: Ordering) -> None:
        self.ordering = ordering
        self.order_by, self.at_once = ordering.order_by, ordering.at_once
        self.seen: set[tuple[float, ...]] = set()

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        fields = [field.removeprefix("-") for field in self.order_by]
        self.seen |= {tuple(getattr(one, field) for field in fields) for one in candidates}
        return self.ordering.wave(candidates, moment)


def day(number: int) -> tuple[rs.Scenario, rs.Workload]:
    """Return a short day of two groups with common members, whole seconds and few values."""
    random = Random(f"orderings {number}")
    rule = {"action": "REPEAT"} if random.random() < 0.5 else {"action": "HANGUP"}
    groups = [
        rs.RingGroup(
            extension_number=extension_number,
            ring_time=random.choice([4, 6]),
            skip_busy_member=random.random() < 0.7,
            members=[rs.Member(one, skill_level=random.choice([1, 1, 2])) for one in people],
            no_answer_forward_rule=rule,
            max_repeats=1,
        )
        for extension_number, people in (("600", PEOPLE[:5]), ("601", PEOPLE[2:]))
    ]
    n = 14

    def draws(values: Sequence[float], rings: int) -> dict[str, Any]:
        return {one: [random.choices(values, k=rings) for _ in range(n)] for one in PEOPLE}

    workload = rs.Workload(
        arrives_at=[random.choice([0, 5, 20, 40]) + 3 * call for call in range(n)],
        group=random.choices(["600", "601"], k=n),
        talk_time=random.choices([0, 5, 10], k=n),
        wrap_up_time=random.choices([0, 5], k=n),
        patience=random.choices([9, 25, INF], k=n),
        answer_delay=draws([0, 2, 4, INF, INF], 3),
        own_calls=[(5 * place, random.choice(PEOPLE), 10) for place in range(8)],
        random=draws([0.25, 0.5], 4),
    )
    return rs.Scenario(groups=groups), workload


def agree(order_by: Sequence[str], number: int, at_once: Any = 1) -> tuple[Any, set[Any]]:
    """Return the log of an ordering, after checking all ways to play it, and the values seen."""
    ordering = Ordering(*order_by, at_once=at_once)
    shown = Shown(ordering)
    assert ordering.is_ordering
    assert not shown.is_ordering
    given = day(number)
    compiled = frames(rs.play(*given, engine="compiled", dispatcher=ordering))
    log = rs.play(*given, engine="simpy", dispatcher=ordering)
    assert compiled == frames(log), order_by
    if number == 0:
        assert not audit(given[0], log, given[1], dispatcher=ordering).violations, order_by
    assert compiled == frames(rs.play(*given, engine="simpy", dispatcher=shown)), order_by
    return compiled, shown.seen


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("field", SORT_FIELDS)
def test_by_each_field(field: str, sign: str) -> None:
    logs, values = [], set()
    for number in range(3 if INTERPRETED else 6):
        log, seen = agree([sign + field], number)
        logs.append(log != agree([], number)[0])
        values |= seen
    assert len(values) > 1  # otherwise the field has told the candidates nothing
    assert any(logs) == (sign + field != "position")


@pytest.mark.parametrize("field", SORT_FIELDS)
def test_by_each_pair(field: str) -> None:
    for place, (first, second) in enumerate(permutations(SORT_FIELDS, 2)):
        if first == field and (not INTERPRETED or place % 5 == 0):  # slow without JIT
            signs = "-" * (place % 2), "-" * (place // 2 % 2)
            at_once = (1, 2, 1, rs.dispatch.TIED)[place % 4]
            agree([signs[0] + first, signs[1] + second], place, at_once)


def test_rotation_follows_the_ring_unless_the_group_has_another(engine: str) -> None:
    """A dispatcher that orders by `rotation` needs no option; the group's own option counts."""
    calls = script(0, 100, 200, A=[5, INF, INF], C=[INF, 5, INF])

    def orders(dispatcher: Dispatcher, **rules: Any) -> list[str]:
        office = scene("A B C")
        group = office.groups[0].replace(rules=rules)
        log = rs.play(office.replace(groups=[group]), calls, engine, dispatcher=dispatcher)
        return [rung(log, call) for call in range(3)]

    by_rotation, by_rule = Ordering("rotation"), ["rotation"]
    assert orders(by_rotation) == ["A", "B C", "A B C"]
    assert orders(by_rotation, rotation="none") == ["A", "B C", "A B C"]
    assert orders(by_rotation, rotation="answered", order_by=by_rule) == ["A", "B C", "A B C"]
    assert orders(by_rotation, rotation="within_call", order_by=by_rule)[1] == "A B C"
    assert orders(Ordering("-rotation")) == ["C B A", "A C", "C B A"]


def test_a_round_robin_of_ones_own_in_one_line() -> None:
    class RoundRobin(Hunt):
        """Ring one member at a time, from where the last call stopped."""

        order_by = ("rotation",)

    office = rs.Scenario(groups=[rs.RingGroup(extension_number="600", members=PEOPLE)])
    calls = rs.Workload(
        arrives_at=[0, 100, 200, 300], talk_time=1, answer_delay=dict.fromkeys(PEOPLE, 0)
    )
    log = rs.play(office, calls, dispatcher=RoundRobin)
    assert log.rings["member"].tolist() == PEOPLE[:4]
