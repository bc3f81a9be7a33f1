"""The covering problem of a roster: against enumeration, and its laws."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ringsim as rs
from ringsim.planning._cover import Cover, Covering, Need, Worker
from ringsim.planning._turns import RosterDay, Turn, axis_of, turns_of
from support.profiles import PROFILE

OFFICE = rs.Scenario(
    groups=[{"extension_number": "600", "members": ["201"]}], hours=4, opens_at="08:00"
)
SHIFTS = [
    rs.Shift("08:00", "10:00"),
    rs.Shift("09:00", "12:00", lunch=("10:00", "11:30")),
    rs.Shift("10:00", "12:00"),
]
N = 8  # half-hours of a day
ROUND_THE_CLOCK = OFFICE.replace(hours=24, opens_at="00:00")
NIGHT_SHIFTS = [
    rs.Shift("18:00", "06:00"),
    rs.Shift("06:00", "18:00"),
    rs.Shift("12:00", "08:00", lunch=("18:00", "06:00"), lunch_time=21_600),
    rs.Shift("00:00", "06:00"),
]
NIGHTS = [["day"], ["sun", "mon"], ["mon", "sun"], ["mon", "wed"], ["2026-03-01", "2026-03-02"]]
EXAMPLES = PROFILE.examples // 4 + 5


@st.composite
def workers(draw: Any, turns: Sequence[Turn], groups: Sequence[str]) -> Worker:
    chosen = draw(st.lists(st.sampled_from(range(len(turns))), min_size=1, unique=True))
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for index in sorted(chosen):
        key = turns[index].day, turns[index].shift
        found[key] = (*found.get(key, ()), index)
    return Worker(
        frozenset(draw(st.lists(st.sampled_from(groups), min_size=1, unique=True))),
        found,
        draw(st.sampled_from([1.0, 2.5])),
        draw(st.sampled_from([2.0, 4.5, math.inf])),
        draw(st.sampled_from([1.0, math.inf])),
        draw(st.sampled_from([0.0, 23.0])),
    )


@st.composite
def coverings(draw: Any, most_people: int = 3) -> Covering:
    days = [RosterDay(f"day {at}", OFFICE, 1800.0, N) for at in range(draw(st.integers(1, 2)))]
    turns = turns_of(days, SHIFTS[: draw(st.integers(1, 3))])
    groups = ["600", "601"][: draw(st.integers(1, 2))]
    people = draw(
        st.lists(workers(turns, groups), min_size=1, max_size=most_people if len(days) < 2 else 2)
    )
    needs = draw(needs_of(days, groups))
    begins = [8 * 3600.0, draw(st.sampled_from([24.0, 32.0, 56.0])) * 3600][: len(days)]
    return Covering(turns, people, needs, begins)


@st.composite
def night_coverings(draw: Any, most_people: int = 3) -> Covering:
    """Draw days of four intervals, of which some follow each other and some repeat."""
    names = draw(st.sampled_from(NIGHTS))
    days = [RosterDay(name, ROUND_THE_CLOCK, 21_600.0, 4) for name in names]
    turns = turns_of(days, draw(st.permutations(NIGHT_SHIFTS))[: draw(st.integers(1, 3))])
    groups = ["600", "601"][: draw(st.integers(1, 2))]
    people = st.lists(workers(turns, groups), min_size=1, max_size=min(most_people, 4 - len(days)))
    axis = axis_of(days)
    needs = draw(needs_of(days, groups))
    return Covering(turns, draw(people), needs, axis.begins, axis.period)


@st.composite
def needs_of(draw: Any, days: Sequence[RosterDay], groups: Sequence[str]) -> list[Need]:
    needs = []
    for day, group in product(range(len(days)), groups):
        n = days[day].n
        members = draw(st.lists(st.sampled_from([0, 0, 0, 1, 1, 2]), min_size=n, max_size=n))
        losses = [
            (*sorted(draw(st.lists(st.integers(1, 9), min_size=n, max_size=n)), reverse=True), 0)
            for n in members
        ]
        needs.append(Need(day, group, tuple(members), tuple(losses)))
    return needs


def any_coverings(most_people: int = 3) -> st.SearchStrategy[Covering]:
    return st.one_of(coverings(most_people), night_coverings(most_people))


def plans_of(covering: Covering, worker: Worker) -> Iterator[tuple[int | None, ...]]:
    """Yield every way in which a person can work: a turn, or None, for each day."""
    n_days = 1 + max(need.day for need in covering.needs)
    by_day: list[list[int | None]] = [
        [None, *(turn for (at, _), found in worker.turns.items() if at == day for turn in found)]
        for day in range(n_days)
    ]
    return (plan for plan in product(*by_day) if is_allowed(covering, worker, plan))


def is_allowed(covering: Covering, worker: Worker, plan: Sequence[int | None]) -> bool:
    """Return whether a plan is within the hours, days and rest of a person."""
    worked = [covering.turns[at] for at in plan if at is not None]
    spans = sorted(covering.span(at) for at in plan if at is not None)
    if len(spans) > 1:  # the first one again, when it comes round
        start, end = spans[0]
        spans.append((start + covering.period, end + covering.period))
    rested = all(
        next_start - end >= 3600 * worker.rest for (_, end), (next_start, _) in pairwise(spans)
    )
    hours = sum((turn.end - turn.start - turn.lunch_time) / 3600 for turn in worked)
    return rested and hours <= worker.max_hours + 1e-9 and len(worked) <= worker.max_days


def value(covering: Covering, plans: Sequence[Sequence[int | None]]) -> tuple[float, float]:
    """Return loss and cost of the plans of all people, with the best division among groups."""
    pairs = list(zip(covering.workers, plans, strict=True))
    cost = sum(
        worker.cost * covering.turns[at].hours
        for worker, plan in pairs
        for at in plan
        if at is not None
    )
    loss = 0.0
    lengths = {need.day: len(need.members) for need in covering.needs}
    for day, i in ((day, i) for day, n in lengths.items() for i in range(n)):
        needs = [need for need in covering.needs if need.day == day]
        there = [
            worker.groups
            for worker, plan in pairs
            for at in plan
            if at is not None and (day, i) in covering.turns[at].covered()
        ]
        loss += min(
            sum(need.losses[i][min(need.members[i], chosen.count(need.group))] for need in needs)
            for chosen in product(*map(sorted, there))
        )
    return loss, cost


def plans_in(covering: Covering, cover: Cover) -> list[list[int | None]]:
    days = range(1 + max(need.day for need in covering.needs))
    return [[cover.turns.get((who, day)) for day in days] for who in range(len(covering.workers))]


@settings(max_examples=EXAMPLES)
@given(any_coverings())
def test_no_roster_loses_less_or_costs_less(covering: Covering) -> None:
    best = min(
        value(covering, plans)
        for plans in product(*[list(plans_of(covering, each)) for each in covering.workers])
    )
    cover = covering.solve()
    assert (cover.loss, cover.cost) == pytest.approx(best, abs=1e-4)
    assert cover.is_full == covering.is_coverable() == (best[0] == 0)


@settings(max_examples=EXAMPLES)
@given(any_coverings(most_people=6))
def test_every_solution_keeps_all_limits_and_costs_what_it_says(covering: Covering) -> None:
    cover = covering.solve()
    plans = plans_in(covering, cover)
    for worker, plan in zip(covering.workers, plans, strict=True):
        assert is_allowed(covering, worker, plan)
        assert {at for at in plan if at is not None} <= {
            at for found in worker.turns.values() for at in found
        }
    assert value(covering, plans) == pytest.approx((cover.loss, cover.cost), abs=1e-4)


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_one_more_person_never_loses_or_costs_more(data: st.DataObject) -> None:
    covering = data.draw(any_coverings(most_people=5))
    groups = sorted({need.group for need in covering.needs})
    more = [*covering.workers, data.draw(workers(covering.turns, groups))]
    before, after = covering.solve(), replace(covering, workers=more).solve()
    assert after.loss <= before.loss + 1e-5
    assert after.cost <= before.cost + 1e-5 or after.loss < before.loss - 1e-5


@settings(max_examples=EXAMPLES)
@given(any_coverings(most_people=5))
def test_one_more_shift_never_loses_or_costs_more(covering: Covering) -> None:
    """A shift less: people work only the turns of the first shift."""
    fewer = [
        each._replace(turns={key: found for key, found in each.turns.items() if key[1] == 0})
        for each in covering.workers
    ]
    before, after = replace(covering, workers=fewer).solve(), covering.solve()
    assert after.loss <= before.loss + 1e-5
    assert after.cost <= before.cost + 1e-5 or after.loss < before.loss - 1e-5


@settings(max_examples=EXAMPLES)
@given(any_coverings())
def test_the_people_missing_are_enough_and_no_fewer_are(covering: Covering) -> None:
    groups = frozenset(need.group for need in covering.needs)
    missing = covering.people_missing(groups)
    free: dict[tuple[int, int], tuple[int, ...]] = {}
    for index, turn in enumerate(covering.turns):
        free[turn.day, turn.shift] = (*free.get((turn.day, turn.shift), ()), index)

    def enough(n: int) -> bool:
        people = [*covering.workers, *[Worker(groups, free)] * n]
        return replace(covering, workers=people).is_coverable()

    if missing is None:
        assert not enough(8)
    else:
        assert enough(missing)
        assert missing == 0 or not enough(missing - 1)


def test_equal_problems_have_equal_solutions() -> None:
    day = RosterDay("day", OFFICE, 1800.0, N)
    turns = turns_of([day], SHIFTS)
    free = {(0, s): tuple(i for i, t in enumerate(turns) if t.shift == s) for s in range(3)}
    need = Need(0, "600", (1,) * N, ((1.0, 0.0),) * N)
    problem = Covering(turns, [Worker(frozenset(["600"]), free)] * 4, [need], [0.0])
    assert problem.solve() == problem.solve()
    assert problem.solve().cost == 4


# Hours and shifts of the example of `MinRequiredResources` in the README of pyworkforce (read in
# version 04bacdc), whose published optimum is 113 shifts.
PUBLISHED_NEEDS = [
    [9, 11, 17, 9, 7, 12, 5, 11, 8, 9, 18, 17, 8, 12, 16, 8, 7, 12, 11, 10, 13, 19, 16, 7],
    [13, 13, 12, 15, 18, 20, 13, 16, 17, 8, 13, 11, 6, 19, 11, 20, 19, 17, 10, 13, 14, 23, 16, 8],
]
PUBLISHED_SHIFTS = [range(5, 13), range(13, 21), [0, 1, 2, 3, 4, 21, 22, 23], range(9, 17)]
PUBLISHED_OPTIMUM = 113


def test_the_published_example_of_another_program_has_its_optimum() -> None:
    turns = [
        Turn(day, at, 0.0, 3600.0, None, 0.0, tuple(hour in hours for hour in range(24)))
        for day in range(2)
        for at, hours in enumerate(PUBLISHED_SHIFTS)
    ]
    needs = [
        Need(day, "600", tuple(members), tuple((1.0,) * n + (0.0,) for n in members))
        for day, members in enumerate(PUBLISHED_NEEDS)
    ]
    free = {(turn.day, turn.shift): (index,) for index, turn in enumerate(turns)}
    cover = Covering(turns, [Worker(frozenset(["600"]), free)] * 80, needs, [0.0, 86_400.0]).solve()
    assert (cover.cost, cover.is_full, cover.proven) == (PUBLISHED_OPTIMUM, True, True)
