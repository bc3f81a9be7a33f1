"""Promises of the Hypothesis strategies: valid values, full coverage, and small examples."""

from __future__ import annotations

import ast
import math
import pickle
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import ringsim as rs
from ringsim.dispatch import ALL, SORT_FIELDS, TIED, Candidate, Moment, dispatcher_for
from ringsim.testing import (
    Day,
    Ordering,
    candidates,
    days,
    dispatchers,
    groups,
    scenarios,
    workloads,
)
from support.helpers import refusal
from support.played import frames, rows

T = TypeVar("T")

NOW = 60.0
ACTIONS = ["HANGUP", "FORWARD_TO_VOICEMAIL", "REPEAT", "FORWARD_TO_NUMBER"]
SEARCH = settings(
    database=None,
    derandomize=True,
    max_examples=2000,
    phases=[Phase.generate, Phase.shrink],
)
promise = settings(max_examples=40)


def smallest(
    strategy: st.SearchStrategy[T], wanted: Callable[[T], Any] = lambda example: True
) -> T:
    """Return the simplest example that satisfies the condition."""
    return find(strategy, lambda example: bool(wanted(example)), settings=SEARCH)


def can_make(strategy: st.SearchStrategy[T], wanted: Callable[[T], Any]) -> None:
    """Check that the strategy makes an example that satisfies the condition."""
    find(
        strategy,
        lambda example: bool(wanted(example)),
        settings=settings(SEARCH, phases=[Phase.generate]),
    )


def durations(workload: rs.Workload) -> list[float]:
    """Return all durations of the calls of a workload."""
    calls, people = range(len(workload)), ["201", "202", "203", "204", "205"]
    return [
        *workload.talk_time,
        *workload.wrap_up_time,
        *workload.patience,
        *workload.own_calls.talk_time,
        *(
            workload.answer_delay(call, who, ring)
            for call in calls
            for who in people
            for ring in (0, 1)
        ),
    ]


def times(scenario: rs.Scenario, workload: rs.Workload) -> list[float]:
    """Return all finite times of a day."""
    spans = [span for number in scenario.extension_numbers for span in scenario.duty(number) or ()]
    every = [
        *durations(workload),
        *workload.arrives_at,
        *workload.own_calls.at,
        *(group.ring_time for group in scenario.groups),
        *(instant for span in spans for instant in span),
    ]
    return [time for time in every if time < math.inf]


# Groups


@promise
@given(
    groups(
        "610",
        people=["301", "302", "303", "304"],
        min_members=1,
        max_members=3,
        skill_levels=2,
        strategies=["CYCLIC_HUNT", "LEAST_WORKED_HUNT"],
        actions=["REPEAT", "FORWARD_TO_NUMBER"],
        forward_to=["611"],
        skip_busy_member=[False],
        longest=4,
    )
)
def test_a_group_is_as_it_was_asked_for(group: rs.RingGroup) -> None:
    assert group.extension_number == "610"
    assert {member.extension_number for member in group.members} <= {"301", "302", "303", "304"}
    assert 1 <= len(group.members) <= 3
    assert all(member.skill_level in (1, 2) for member in group.members)
    assert group.ring_strategy in ("CYCLIC_HUNT", "LEAST_WORKED_HUNT")
    assert group.no_answer_forward_rule.action in ("REPEAT", "FORWARD_TO_NUMBER")
    assert group.no_answer_forward_rule.number in ("", "611")
    assert not group.skip_busy_member
    assert group.ring_time in (0, 1, 2, 3, 4)


@pytest.mark.parametrize("strategy", rs.RingStrategy)
def test_groups_have_every_strategy(strategy: str) -> None:
    can_make(groups(), lambda group: group.ring_strategy == strategy)


@pytest.mark.parametrize("action", ACTIONS)
def test_groups_have_every_action(action: str) -> None:
    can_make(groups(), lambda group: group.no_answer_forward_rule.action == action)


KINDS_OF_GROUPS: dict[str, Callable[[rs.RingGroup], Any]] = {
    "without members": lambda group: not group.members,
    "with all people": lambda group: len(group.members) == 5,
    "in any order": lambda group: (
        [member.extension_number for member in group.members] == ["202", "201"]
    ),
    "of three levels": lambda group: {member.skill_level for member in group.members} == {1, 2, 3},
    "that skips busy members": lambda group: group.skip_busy_member,
    "that rings busy members": lambda group: not group.skip_busy_member,
    "that repeats never": lambda group: (
        group.no_answer_forward_rule.action == "REPEAT" and group.max_repeats == 0
    ),
    "that repeats at once": lambda group: group.repeat_delay == 0,
    "whose rules say how often it repeats": lambda group: group.rules.passes == 3,
    "whose rules say that it repeats at once": lambda group: group.rules.repeat_delay == 0,
    "to which ringing is busy": lambda group: group.rules.ringing_is_busy,
    "to which ringing is not busy": lambda group: group.rules.ringing_is_busy is False,
    "to which ringing is as to the scenario": lambda group: group.rules.ringing_is_busy is None,
}


@pytest.mark.parametrize("kind", KINDS_OF_GROUPS)
def test_groups_are_of_every_kind(kind: str) -> None:
    can_make(groups(), KINDS_OF_GROUPS[kind])


def test_groups_whose_times_may_be_any_floats() -> None:
    can_make(groups(ties=False), lambda group: group.ring_time % 1)


# Scenarios


@pytest.mark.parametrize("ending", ["json", "toml"])
@promise
@given(scenario=st.one_of(scenarios(), scenarios(ties=False)))
def test_a_scenario_survives_its_file(
    scenario: rs.Scenario, ending: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("scenario") / f"scenario.{ending}"
    scenario.dump(path)
    assert rs.Scenario.load(path) == scenario


@promise
@given(
    scenarios(
        min_groups=2,
        max_groups=2,
        people=2,
        min_members=1,
        skill_levels=1,
        strategies=["PRIORITIZED_HUNT"],
        actions=["HANGUP"],
        skip_busy_member=[True],
        duty=False,
        demand=False,
    )
)
def test_a_scenario_is_as_it_was_asked_for(scenario: rs.Scenario) -> None:
    assert scenario.group_numbers == ("600", "601")
    assert set(scenario.extension_numbers) <= {"201", "202"}
    for group in scenario.groups:
        assert 1 <= len(group.members) <= 2
        assert {member.skill_level for member in group.members} == {1}
        assert group.ring_strategy == "PRIORITIZED_HUNT"
        assert group.no_answer_forward_rule.action == "HANGUP"
        assert group.skip_busy_member
    assert all(scenario.duty(number) is None for number in scenario.extension_numbers)
    assert scenario.demand == {}
    assert all(person == rs.Extension(person.extension_number) for person in scenario.extensions)


@promise
@given(scenario=scenarios(), seed=st.integers(0, 9))
def test_a_scenario_can_be_drawn_and_played(scenario: rs.Scenario, seed: int) -> None:
    workload = rs.Workload.draw(scenario, seed)
    assert len(rs.play(scenario, workload).calls) == len(workload)


def forwards(scenario: rs.Scenario, to: Callable[[str], set[str]]) -> bool:
    return any(
        group.no_answer_forward_rule.number in to(group.extension_number)
        for group in scenario.groups
        if group.no_answer_forward_rule.action == "FORWARD_TO_NUMBER"
    )


KINDS_OF_SCENARIOS: dict[str, Callable[[rs.Scenario], Any]] = {
    "three groups": lambda scenario: len(scenario.groups) == 3,
    "a shared member": lambda scenario: (
        len(scenario.extension_numbers) < sum(len(group.members) for group in scenario.groups)
    ),
    "a forward to a group": lambda scenario: forwards(
        scenario, lambda own: set(scenario.group_numbers) - {own}
    ),
    "a forward to itself": lambda scenario: forwards(scenario, lambda own: {own}),
    "a forward to elsewhere": lambda scenario: forwards(scenario, lambda own: {"999"}),
    "ringing that counts as busy": lambda scenario: scenario.ringing_is_busy,
    "ringing that does not": lambda scenario: not scenario.ringing_is_busy,
    "somebody who is never on duty": lambda scenario: any(
        person.on_duty == () for person in scenario.extensions
    ),
    "somebody on duty twice": lambda scenario: any(
        len(person.on_duty or ()) == 2 for person in scenario.extensions
    ),
    "duty without end": lambda scenario: any(
        end == math.inf for person in scenario.extensions for _, end in person.on_duty or ()
    ),
    "own calls": lambda scenario: any(person.own_calls for person in scenario.extensions),
    "somebody who answers half of the time": lambda scenario: any(
        person.answer_probability == 0.5 for person in scenario.extensions
    ),
    "a rate of calls": lambda scenario: any(
        demand.calls_per_hour for demand in scenario.demand.values()
    ),
    "instants of calls": lambda scenario: any(
        demand.arrives_at for demand in scenario.demand.values()
    ),
}


@pytest.mark.parametrize("kind", KINDS_OF_SCENARIOS)
def test_scenarios_are_of_every_kind(kind: str) -> None:
    can_make(scenarios(), KINDS_OF_SCENARIOS[kind])


# Workloads


@promise
@given(day=st.one_of(days(), days(ties=False)), engine=st.sampled_from(["simpy", "compiled"]))
def test_a_workload_can_be_played(day: tuple[rs.Scenario, rs.Workload], engine: str) -> None:
    scenario, workload = day
    assert len(rs.play(scenario, workload, engine).calls) == len(workload) <= 8


@promise
@given(day=days(ties=True, longest=5))
def test_with_ties_all_times_are_whole(day: tuple[rs.Scenario, rs.Workload]) -> None:
    assert set(times(*day)) <= {0, 1, 2, 3, 4, 5}


@promise
@given(day=days(zero=False, infinite=False, ties=False, longest=20))
def test_no_durations_of_zero_or_without_end(day: tuple[rs.Scenario, rs.Workload]) -> None:
    scenario, workload = day
    given_ones = [*workload.talk_time, *workload.patience, *workload.own_calls.talk_time]
    assert all(0 < duration <= 20 for duration in given_ones)
    people = scenario.extension_numbers
    for call in range(len(workload)):
        assert all(
            0 < workload.answer_delay(call, who, ring) <= 20 for who in people for ring in (0, 1)
        )


CALLED = rs.Scenario(
    groups=[
        {"extension_number": "600", "members": ["201", "202"]},
        {"extension_number": "601", "members": ["203"]},
    ]
)


@promise
@given(workloads(CALLED, min_calls=2, max_calls=3, max_own_calls=0))
def test_a_workload_is_as_it_was_asked_for(workload: rs.Workload) -> None:
    assert 2 <= len(workload) <= 3
    assert len(workload.own_calls) == 0


@given(workloads(rs.Scenario(groups=[])))
def test_nobody_calls_where_there_is_nobody(workload: rs.Workload) -> None:
    assert len(workload) == len(workload.own_calls) == 0


KINDS_OF_WORKLOADS: dict[str, Callable[[rs.Workload], Any]] = {
    "no call": lambda workload: len(workload) == 0,
    "eight calls": lambda workload: len(workload) == 8,
    "both groups": lambda workload: set(workload.group or ()) == {"600", "601"},
    "calls at one instant": lambda workload: (
        len(set(workload.arrives_at)) < len(workload.arrives_at)
    ),
    "calls in any order": lambda workload: list(workload.arrives_at) != sorted(workload.arrives_at),
    "endless talk": lambda workload: math.inf in workload.talk_time,
    "no talk": lambda workload: 0 in workload.talk_time,
    "endless wrap-up": lambda workload: math.inf in workload.wrap_up_time,
    "endless patience": lambda workload: math.inf in workload.patience,
    "no patience": lambda workload: 0 in workload.patience,
    "a later ring that is answered sooner": lambda workload: any(
        workload.answer_delay(call, "203", 0) > workload.answer_delay(call, "203", 1)
        for call in range(len(workload))
    ),
    "draws": lambda workload: any(
        workload.random(call, "201") != workload.random(call, "202")
        for call in range(len(workload))
    ),
    "own calls of two people": lambda workload: len(set(workload.own_calls.extension)) == 2,
}


@pytest.mark.parametrize("kind", KINDS_OF_WORKLOADS)
def test_workloads_are_of_every_kind(kind: str) -> None:
    can_make(workloads(CALLED), KINDS_OF_WORKLOADS[kind])


def test_every_person_of_a_large_group_may_answer_and_call() -> None:
    group = {"extension_number": "600", "members": [str(201 + place) for place in range(30)]}
    can_make(
        workloads(rs.Scenario(groups=[group])),
        lambda workload: "230" in workload.own_calls.extension,
    )


def test_workloads_whose_times_may_be_any_floats() -> None:
    any_floats = workloads(CALLED, ties=False)
    can_make(any_floats, lambda workload: len(workload) > 3 and all(workload.arrives_at % 1))
    can_make(any_floats, lambda workload: math.inf in workload.talk_time)
    can_make(any_floats, lambda workload: 0 in workload.talk_time)


HAPPENINGS: dict[str, Callable[[rs.CallLog], Any]] = {
    "answered": lambda log: (log.calls["outcome"] == "answered").any(),
    "abandoned": lambda log: (log.calls["outcome"] == "abandoned").any(),
    "a page": lambda log: (log.rings["result"] == "paged").any(),
    "a forward": lambda log: len(log.visits) > len(log.calls),
    "a forward refused": lambda log: (log.calls["action"] == "LOOP").any(),
    "a repeat": lambda log: (log.visits["passes"] > 1).any(),
    "an own call": lambda log: log.own_calls["taken"].any(),
    "an own call that is not taken": lambda log: (~log.own_calls["taken"]).any(),
    "a loser of a ring": lambda log: (log.rings["result"] == "answered_elsewhere").any(),
    "nobody to ring": lambda log: (log.visits["found"] == 0).any(),
    "two who answer at once": lambda log: (
        log.rings.loc[log.rings["result"] == "answered", "ended_at"].duplicated().any()
    ),
    "an answer as a ring starts for another": lambda log: (
        set(rows(log.rings[log.rings["result"] == "answered"], "ended_at"))
        & set(rows(log.rings[log.rings["result"] != "answered"], "started_at"))
    ),
}


def test_everything_happens_in_days() -> None:
    missing = dict(HAPPENINGS)

    def nothing_is_missing(day: tuple[rs.Scenario, rs.Workload]) -> bool:
        log = rs.play(*day)
        for happening in [name for name, happens in missing.items() if happens(log)]:
            del missing[happening]
        return not missing

    can_make(days(), nothing_is_missing)


# Candidates


@pytest.mark.parametrize("ties", [True, False])
@promise
@given(data=st.data())
def test_fields_of_candidates_are_consistent(data: st.DataObject, ties: bool) -> None:
    people = data.draw(candidates(min_size=2, max_size=4, now=NOW, skill_levels=2, ties=ties))
    assert 2 <= len(people) <= 4
    positions = [one.position for one in people]
    assert positions == sorted(set(positions))
    for one in people:
        assert one.skill_level in (1, 2)
        assert 0 <= one.n_answered <= one.n_rung
        assert (one.last_rung_at == -math.inf) == (one.n_rung == 0)
        assert (one.last_answered_at == -math.inf) == (one.n_answered == 0)
        assert one.last_answered_at <= one.last_hung_up_at <= NOW
        assert max(one.last_rung_at, 0) <= NOW
        assert one.n_rung > one.n_answered or one.last_answered_at >= one.last_rung_at
        assert one.talked_time >= (
            one.last_hung_up_at - one.last_answered_at if one.n_answered else 0
        )
        assert 0 <= one.random < 1


KINDS_OF_CANDIDATES: dict[str, Callable[[list[Candidate]], Any]] = {
    "five": lambda people: len(people) == 5,
    "without the first member": lambda people: people[0].position > 0,
    "with a gap": lambda people: len(people) == 3 and people[-1].position == 3,
    "who missed a ring": lambda people: people[0].n_rung > people[0].n_answered > 0,
    "who missed the last ring": lambda people: (
        people[0].last_rung_at > people[0].last_answered_at > 0
    ),
    "who is rung now": lambda people: people[0].last_rung_at == 8,
    "who talks": lambda people: people[0].last_hung_up_at == 8 > people[0].last_answered_at > 0,
}


@pytest.mark.parametrize("kind", KINDS_OF_CANDIDATES)
def test_candidates_are_of_every_kind(kind: str) -> None:
    can_make(candidates(), KINDS_OF_CANDIDATES[kind])


@pytest.mark.parametrize("field", SORT_FIELDS[1:])
def test_candidates_differ_and_tie_in_every_field(field: str) -> None:
    values = candidates(min_size=2).map(lambda people: [getattr(one, field) for one in people])
    can_make(values, lambda of: of[0] < of[1])
    can_make(values, lambda of: of[0] > of[1])
    can_make(values, lambda of: of[0] == of[1] > 0)


# Dispatchers


@promise
@given(dispatchers(fields=["n_rung"], max_fields=1, at_once=[2], auto_answer=[False]), candidates())
def test_a_dispatcher_is_as_it_was_asked_for(dispatcher: Ordering, people: list[Candidate]) -> None:
    assert dispatcher.order_by in ((), ("n_rung",), ("-n_rung",))
    assert not dispatcher.auto_answer
    assert len(dispatcher.wave(people, Moment(8, 0, 0, 0))) == min(2, len(people))


@pytest.mark.parametrize("strategy", rs.RingStrategy)
def test_dispatchers_do_what_the_eight_strategies_do(strategy: str) -> None:
    names = ("order_by", "at_once", "one_wave", "auto_answer")
    its_own = dispatcher_for(strategy)
    can_make(
        dispatchers(fields=["skill_level", "last_rung_at", "last_answered_at"]),
        lambda one: all(getattr(one, name) == getattr(its_own, name) for name in names),
    )


@pytest.mark.parametrize("at_once", [1, 2, 3, ALL, TIED], ids=str)
@pytest.mark.parametrize("field", [sign + field for field in SORT_FIELDS for sign in ("", "-")])
def test_dispatchers_order_by_anything(field: str, at_once: Any) -> None:
    can_make(dispatchers(at_once=[at_once]), lambda one: field in one.order_by)


def test_an_ordering_is_checked_when_it_is_made() -> None:
    with pytest.raises(rs.ConfigurationError, match=r"Ordering\.order_by\[0\] must be a field"):
        Ordering("n_rang")


# Days


@promise
@given(days(), days(max_calls=2, ties=False, infinite=False))
def test_a_day_is_shown_as_the_python_that_makes_it(day: Day, other: Day) -> None:
    for each in (day, other):
        scenario, workload = each
        again = eval(repr(each), {"rs": rs, "math": math})
        assert again[0] == scenario == each.scenario
        assert again[1] is not workload
        assert frames(rs.play(*again)) == frames(rs.play(scenario, workload))
        copied = pickle.loads(pickle.dumps(each))
        assert repr(copied) == repr(each)


@promise
@given(days(CALLED, min_calls=1, max_calls=2, max_own_calls=0, longest=3))
def test_a_day_is_of_the_scenario_and_size_that_it_was_asked_for(day: Day) -> None:
    assert day.scenario == CALLED
    assert 1 <= len(day.workload) <= 2
    assert not len(day.workload.own_calls)
    assert day.workload.arrives_at.max() <= 3


def test_a_day_shrinks_to_nothing() -> None:
    assert repr(smallest(days())) == repr(
        Day(smallest(scenarios()), {"arrives_at": [], "talk_time": []})
    )


# Sizes of shrunk examples


def test_everything_shrinks_to_next_to_nothing() -> None:
    assert smallest(groups()) == rs.RingGroup(extension_number="600", members=[], ring_time=0)
    assert smallest(scenarios()) == rs.Scenario(groups=[smallest(groups())])
    assert len(smallest(workloads(CALLED))) == 0
    assert smallest(candidates()) == [Candidate(0)]
    assert repr(smallest(dispatchers())) == "Ordering()"


def test_members_and_groups_are_removed_before_anything_else() -> None:
    found = smallest(
        scenarios(demand=False, ties=False),
        lambda scenario: any(
            group.no_answer_forward_rule.action == "REPEAT" and len(group.members) > 1
            for group in scenario.groups
        ),
    )
    assert found.to_file() == {
        "groups": [
            {
                "extension_number": "600",
                "ring_time": found.groups[0].ring_time,
                "no_answer_forward_rule": {"action": "REPEAT"},
                "members": [{"extension_number": "201"}, {"extension_number": "202"}],
                "max_repeats": 0,
                "repeat_delay": 0,
            }
        ]
    }


def test_calls_are_removed_before_anything_else() -> None:
    """Any call can remain, even while groups and members shrink."""
    scenario, workload = smallest(
        days(), lambda day: (rs.play(*day).calls["outcome"] == "abandoned").any()
    )
    (group,) = scenario.groups
    assert len(group.members) <= 1
    assert len(workload) == 1
    assert len(workload.own_calls) == 0


def test_the_candidate_that_matters_remains() -> None:
    found = smallest(
        candidates(max_size=8), lambda people: any(one.n_answered == 3 for one in people)
    )
    assert found == [
        Candidate(
            *(0, 1),
            last_rung_at=0,
            last_answered_at=0,
            last_hung_up_at=0,
            n_rung=3,
            n_answered=3,
            last_completed_at=0,
            n_completed=3,
            idle_since=0,
        )
    ]


# Display of examples


def failing(strategy: st.SearchStrategy[T], wanted: Callable[[T], Any]) -> tuple[str, T]:
    """Return a failing example as source shown by Hypothesis, and as an object."""
    failed: list[T] = []

    @settings(SEARCH, phases=[Phase.generate])
    @given(strategy)
    def test(example: T) -> None:
        if wanted(example):
            failed.append(example)
            raise AssertionError

    with pytest.raises(AssertionError) as error:
        test()
    note, *_ = error.value.__notes__  # in CI Hypothesis tells how to reproduce it, too
    call = ast.parse(note.split(": ", 1)[1]).body[0].value  # type: ignore[attr-defined]
    return ast.unparse(call.keywords[0].value), failed[-1]


NAMES = {
    "RingGroup": rs.RingGroup,
    "Scenario": rs.Scenario,
    "Workload": rs.Workload,
    "Candidate": Candidate,
    "Ordering": Ordering,
    "ALL": ALL,
    "TIED": TIED,
    "inf": math.inf,
}


@pytest.mark.parametrize(
    ("strategy", "wanted"),
    [
        (groups(), lambda group: group.members and group.no_answer_forward_rule.number),
        (scenarios(), lambda scenario: scenario.demand and scenario.extensions),
        (candidates(), lambda people: people[0].n_answered),
        (dispatchers(), lambda one: one.at_once is TIED and one.order_by and one.auto_answer),
    ],
    ids=["groups", "scenarios", "candidates", "dispatchers"],
)
def test_a_failing_example_is_shown_as_one_would_write_it(
    strategy: st.SearchStrategy[Any], wanted: Callable[[Any], Any]
) -> None:
    """The source shown, run as Python, makes the same example."""
    shown, example = failing(strategy, wanted)
    assert repr(eval(shown, NAMES)) == repr(example)


def test_a_failing_workload_is_shown_as_one_would_write_it() -> None:
    shown, example = failing(
        workloads(CALLED), lambda workload: len(workload) > 1 and len(workload.own_calls)
    )
    copied = eval(shown, NAMES)
    assert copied.group == example.group
    assert copied.own_calls.extension == example.own_calls.extension
    assert list(copied.arrives_at) == list(example.arrives_at)
    assert durations(copied) == durations(example)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (
            lambda: days("600"),  # type: ignore[arg-type]
            "scenario must be a Scenario or a strategy for one, got '600'.",
        ),
        (
            lambda: days(min_calls=9),
            "max_calls must be a whole number, at least min_calls, which is 9, got 8.",
        ),
        (
            lambda: workloads(CALLED, min_calls=3, max_calls=2),
            "max_calls must be a whole number, at least min_calls, which is 3, got 2.",
        ),
        (
            lambda: days(min_calls=-1),
            "min_calls must be a whole number, at least 0, got -1.",
        ),
    ],
)
def test_wrong_arguments_are_refused_at_once(make: Callable[[], Any], said: str) -> None:
    """Not when the first example is drawn, and not in the words of Hypothesis."""
    assert refusal(make) == said
