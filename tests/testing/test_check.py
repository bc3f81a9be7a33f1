"""Tests of `check_dispatcher`: good dispatchers pass, and each fault gives its own error."""

from __future__ import annotations

import math
import random
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import count, pairwise
from operator import attrgetter
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from hypothesis import given, settings

import ringsim as rs
from ringsim.dispatch import TIED, Candidate, CyclicHunt, Dispatcher, Hunt, Moment, registered
from ringsim.testing import Ordering, _wave_checks, check_dispatcher, dispatchers
from support.helpers import refusal
from support.profiles import PROFILE

# Dispatchers that keep the contract


class FewestAnsweredHunt(Hunt):
    order_by = ("n_answered", "-last_rung_at")


class LevelAtATime(Hunt):
    order_by = ("skill_level",)
    at_once = TIED


class ByThrees(Dispatcher):
    order_by = ("random",)
    at_once = 3


class Impatient(Dispatcher):
    """Ring one more phone with every wave, and all phones after a long wait."""

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        ordered = sorted(candidates, key=lambda one: (one.n_rung, one.position))
        return ordered if moment.waited > 10 else ordered[: 1 + moment.wave]


class AnyCollection(Dispatcher):
    """Return the wave as a set: any collection in any order is allowed."""

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Any:  # noqa: ARG002
        return iter({one for one in candidates if one.skill_level == 1} or candidates)


class Above(Hunt):
    """Dispatcher with a constructor argument, so that only an instance can be checked."""

    def __init__(self, level: int) -> None:
        self.level = level

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:  # noqa: ARG002
        return [min(candidates, key=lambda one: (one.skill_level < self.level, one.position))]


@pytest.mark.parametrize("examples", [0, -1, 2.5, "many", True])
def test_the_number_of_examples_is_checked_first(examples: Any) -> None:
    said = refusal(lambda: check_dispatcher(CyclicHunt, examples=examples))
    assert said == f"examples must be a whole number, at least 1, got {examples!r}."


def test_one_example_is_enough() -> None:
    check_dispatcher(CyclicHunt, examples=1)


@pytest.mark.parametrize("name", registered())
def test_every_registered_dispatcher_keeps_the_contract(name: str) -> None:
    check_dispatcher(name)


@pytest.mark.parametrize(
    "dispatcher",
    [
        FewestAnsweredHunt,
        FewestAnsweredHunt(),
        LevelAtATime,
        ByThrees,
        Impatient,
        AnyCollection,
        Above(2),
        Ordering("-skill_level", "position", one_wave=True),
        Ordering("talked_time", at_once=2, auto_answer=True),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else repr(one),
)
def test_well_made_ones_keep_it_too(dispatcher: Any) -> None:
    check_dispatcher(dispatcher)


# Dispatchers that break it


def first(candidates: Sequence[Candidate]) -> Candidate:
    return min(candidates, key=lambda one: one.position)


def last(candidates: Sequence[Candidate]) -> Candidate:
    return max(candidates, key=lambda one: one.position)


def hunt(name: str, wave: Callable[..., Any]) -> type[Dispatcher]:
    """Return a subclass of `Hunt` with this function of candidates and moment as its `wave`."""
    return type(name, (Hunt,), {"wave": lambda self, *asked: wave(*asked)})


class RoundRobin(Hunt):
    """Ring the member after the one rung last, which it remembers."""

    last = -1

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:  # noqa: ARG002
        chosen = first([one for one in candidates if one.position > self.last] or candidates)
        self.last = chosen.position
        return [chosen]


class Spiteful(Hunt):
    """Ring the last member after a question with one candidate only."""

    had_no_choice = False

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:  # noqa: ARG002
        self.had_no_choice |= len(candidates) == 1
        return [last(candidates) if self.had_no_choice else first(candidates)]


class Moody(Hunt):
    """Choose at random in the constructor between the first and the last member."""

    def __init__(self) -> None:
        self.pick = first if random.random() < 0.5 else last

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:  # noqa: ARG002
        return [self.pick(candidates)]


class Clique(Hunt):
    """Ring the last member in every other instance, but only before 8 s.

    The questions of the check have later instants, so only its played days reveal the fault.
    """

    number = count()

    def __init__(self) -> None:
        self.pick = last if next(self.number) % 2 else first

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        return [self.pick(candidates) if moment.now < 8 else first(candidates)]


class Fickle(Hunt):
    """Ring the last member from the second call of `wave` before 8 s on.

    The questions of the check have later instants, so only its played days reveal the fault.
    """

    n_early = 0

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        self.n_early += moment.now < 8
        return [first(candidates) if self.n_early < 2 else last(candidates)]


class Tired(Hunt):
    """Ring the last member after a few waves of calls above number 50: on a busy day only."""

    n_late = 0

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        self.n_late += moment.call > 50
        return [first(candidates) if self.n_late < 5 else last(candidates)]


class NoOrdering(Hunt):
    """Override `wave` and yet claim to be an ordering."""

    is_ordering = True  # type: ignore[assignment]

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:  # noqa: ARG002
        return [last(candidates)]


def early(wave: Callable[..., Any]) -> Callable[..., Any]:
    """Return a `wave` that calls another function before 8 s and picks the first after that."""
    return lambda candidates, moment: (
        wave(candidates, moment) if moment.now < 8 else [first(candidates)]
    )


ONE = "dispatcher.wave([Candidate(0)], Moment(8.0, 0, 0, 0.0))"
TWO = "dispatcher.wave([Candidate(0), Candidate(1)], Moment(8.0, 0, 0, 0.0))"
THREE = "dispatcher.wave([Candidate(0), Candidate(1), Candidate(2)], Moment(8.0, 0, 0, 0.0))"
OTHER_WAY = "dispatcher.wave([Candidate(1), Candidate(0)], Moment(8.0, 0, 0, 0.0))"
RUNG_TWICE = (
    "dispatcher.wave([Candidate(0, last_rung_at=0.0, n_rung=2)], "
    "Moment(8.0, 0, 0, 0.0, last_rung=0))"
)
TWO_MEMBERS = (
    "scenario = rs.Scenario(groups=[{'extension_number': '600', 'ring_time': 0.0, "
    "'members': [{'extension_number': '201'}, {'extension_number': '202'}]}])"
)
ONE_MEMBER = TWO_MEMBERS.replace(", {'extension_number': '202'}", "")
ONE_CALL = "workload = rs.Workload(arrives_at=[0.0], talk_time=[0.0])"
PLAYED = "rs.play(scenario, workload, 'simpy', dispatcher=dispatcher)"

BROKEN: list[tuple[type[Dispatcher], str, list[str]]] = [
    (
        hunt("Stranger", lambda candidates, moment: [Candidate(7)]),
        "Stranger.wave() must pick from the candidates, got Candidate(7).",
        [ONE],
    ),
    (
        hunt("Nobody", lambda candidates, moment: None),
        "Nobody.wave() must return candidates, got None.",
        [ONE],
    ),
    (
        hunt("Single", lambda candidates, moment: candidates[0]),
        "Single.wave() must return a list of candidates, got Candidate(0) alone.",
        [ONE],
    ),
    (
        hunt("Lenient", lambda candidates, moment: [one for one in candidates if one.n_rung < 2]),
        "Lenient.wave() must pick at least one candidate, got none of 1.",
        [RUNG_TWICE],
    ),
    (
        hunt("Pairs", lambda candidates, moment: candidates if len(candidates) < 3 else []),
        "Pairs.wave() must pick at least one candidate, got none of 3.",
        [THREE],
    ),
    (
        hunt("Ends", lambda candidates, moment: [first(candidates), last(candidates)]),
        "Ends.wave() must pick nobody twice, got Candidate(0) again.",
        [ONE],
    ),
    (
        hunt("Nameless", lambda candidates, moment: [min(candidates, key=attrgetter("name"))]),
        "Nameless.wave() must raise nothing, "
        "got AttributeError(\"'Candidate' object has no attribute 'name'; its fields are "
        f'{", ".join(Candidate._fields)}").',
        [ONE],
    ),
    (
        hunt("Pop", lambda candidates, moment: [candidates.pop(0)]),
        "Pop.wave() must not change the list of candidates, got [].",
        [ONE],
    ),
    (
        hunt("Reverse", lambda candidates, moment: [candidates.reverse() or candidates[-1]]),
        "Reverse.wave() must not change the list of candidates, got [Candidate(1), Candidate(0)].",
        [TWO],
    ),
    (
        hunt("Chance", lambda candidates, moment: [random.choice(sorted(candidates))]),
        "Chance.wave() must answer the same question the same, got position 1, then position 0. "
        "A dispatcher keeps no state and draws no random numbers.",
        [TWO, TWO],
    ),
    (
        RoundRobin,
        "RoundRobin.wave() must answer the same question the same, "
        "got position 0, then position 1. "
        "A dispatcher keeps no state and draws no random numbers.",
        [TWO, TWO],
    ),
    (
        Moody,
        "Moody.wave() must not depend on the instance, "
        "got position 1 from one and position 0 from another. "
        "A dispatcher keeps no state and draws no random numbers.",
        [TWO, TWO.replace("dispatcher", "another")],
    ),
    (
        Spiteful,
        "Spiteful.wave() must not depend on earlier questions, "
        "got position 1 after them and position 0 without them. "
        "A dispatcher keeps no state and draws no random numbers.",
        [ONE, TWO],
    ),
    (
        hunt("FirstListed", lambda candidates, moment: candidates[:1]),
        "FirstListed.wave() must not depend on the order in which candidates are listed, "
        "got position 0, then position 1. Break ties by position, as sorted(candidates) does.",
        [TWO, OTHER_WAY],
    ),
    (
        hunt("LeastRung", lambda candidates, moment: [min(candidates, key=attrgetter("n_rung"))]),
        "LeastRung.wave() must not depend on the order in which candidates are listed, "
        "got position 0, then position 1. Break ties by position, as sorted(candidates) does.",
        [TWO, OTHER_WAY],
    ),
    (
        Fickle,
        "Fickle must give the same log every time, got '201' and '202' as rings.member[0]. "
        "A dispatcher keeps no state and draws no random numbers.",
        [TWO_MEMBERS, ONE_CALL, PLAYED, PLAYED],
    ),
    (
        Clique,
        "Clique must give the same log from every instance, "
        "got '202' and '201' as rings.member[0].",
        [TWO_MEMBERS, ONE_CALL, PLAYED, PLAYED.replace("=dispatcher", "=another")],
    ),
    (
        hunt("EarlyTwice", early(lambda candidates, moment: candidates * 2)),
        "EarlyTwice.wave() must pick nobody twice, got Candidate(0) again.",
        [ONE_MEMBER, ONE_CALL, PLAYED],
    ),
    (
        hunt("EarlyName", early(lambda candidates, moment: [min(candidates).name])),
        "EarlyName must raise nothing, "
        "got AttributeError(\"'Candidate' object has no attribute 'name'; its fields are "
        f'{", ".join(Candidate._fields)}").',
        [ONE_MEMBER, ONE_CALL, PLAYED],
    ),
    (
        NoOrdering,
        "NoOrdering must give the same log on both engines, "
        "got '202' and '201' as rings.member[0].",
        [
            TWO_MEMBERS,
            ONE_CALL,
            PLAYED,
            "rs.play(scenario, workload, 'compiled', dispatcher=another)",
        ],
    ),
]


@pytest.mark.parametrize(
    ("dispatcher", "sentence", "example"),
    BROKEN,
    ids=[dispatcher.__name__ for dispatcher, *_ in BROKEN],
)
def test_error_of_a_broken_dispatcher(
    dispatcher: type[Dispatcher], sentence: str, example: list[str]
) -> None:
    """The error has one sentence and the smallest possible example."""
    assert broken(dispatcher) == "\n    ".join([f"{sentence}\nSmallest example found:", *example])


# Faults at the limits of the values that a group can show


def beyond(is_beyond: Callable[[Sequence[Candidate], Moment], bool]) -> type[Dispatcher]:
    """Return a dispatcher that picks the first candidate, but nobody beyond a limit."""
    return hunt(
        "Beyond",
        lambda candidates, moment: [] if is_beyond(candidates, moment) else [first(candidates)],
    )


BORDERS: dict[str, Callable[[Sequence[Candidate], Moment], bool]] = {
    "a skill level above 10": lambda people, _: any(one.skill_level > 10 for one in people),
    "the last skill level": lambda people, _: any(one.skill_level == 100 for one in people),
    "one skill level": lambda people, _: {one.skill_level for one in people} == {37},
    "after half a minute": lambda _, moment: moment.waited > 30,
    "after an hour": lambda _, moment: moment.waited >= 3600,
    "the fourth wave": lambda _, moment: moment.wave == 3,
    "the hundredth wave": lambda _, moment: moment.wave >= 99,
    "the hundred thousandth call": lambda _, moment: moment.call >= 100_000,
    "the first instant": lambda _, moment: moment.now == 0,
    "a million seconds": lambda _, moment: moment.now >= 1e6,
    "the 1,000th ring": lambda people, _: any(one.n_rung == 1000 for one in people),
    "the 1,000th answer": lambda people, _: any(one.n_answered >= 999 for one in people),
    "an hour of talk": lambda people, _: any(one.talked_time > 3600 for one in people),
    "rung long ago": lambda people, moment: any(
        86_400 <= moment.now - one.last_rung_at < float("inf") for one in people
    ),
    "answered at this instant": lambda people, moment: any(
        one.last_answered_at == moment.now > 100 for one in people
    ),
    "a draw near 1": lambda people, _: any(one.random > 0.99 for one in people),
    "a position above 50": lambda people, _: len(people) == 1 and people[0].position > 50,
    "500 members": lambda people, _: len(people) >= 500,
    "a level above 10 after 5 minutes": lambda people, moment: (
        any(one.skill_level > 10 for one in people) and moment.waited > 300
    ),
    "the fifth wave after a minute": lambda _, moment: moment.wave > 3 and moment.waited > 60,
}


@pytest.mark.parametrize("is_beyond", BORDERS.values(), ids=BORDERS)
def test_a_fault_at_a_border_is_found(
    is_beyond: Callable[[Sequence[Candidate], Moment], bool],
) -> None:
    said = "Beyond.wave() must pick at least one candidate, got none of "
    assert broken(beyond(is_beyond)).startswith(said)


def test_an_order_that_is_lost_at_a_border_is_found() -> None:
    """A dispatcher picks the first listed of equal candidates, at high skill levels only."""
    listed = hunt(
        "Listed",
        lambda candidates, moment: (
            candidates[:1] if candidates[0].skill_level > 90 else [first(candidates)]
        ),
    )
    assert broken(listed).startswith("Listed.wave() must not depend on the order ")


# Memories by call number that all instances share


def remembering_first(memory: dict[int, int]) -> Callable[..., Any]:
    """Return a `wave` that picks the same member for all waves of a call, while a candidate."""

    def wave(candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        kept = memory.setdefault(moment.call, first(candidates).position)
        return [one for one in candidates if one.position == kept] or [first(candidates)]

    return wave


def remembering_all(memory: dict[int, set[int]]) -> Callable[..., Any]:
    """Return a `wave` that picks all members in turn, separately for each call."""

    def wave(candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        rung = memory.setdefault(moment.call, set())
        left = [one for one in candidates if one.position not in rung] or candidates
        rung.add(first(left).position)
        return [first(left)]

    return wave


class Sticky(Hunt):
    """Remember in a class attribute the member picked first for a call."""

    picked: dict[int, int] = {}  # noqa: RUF012 - the fault under test

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        wave: Sequence[Candidate] = remembering_first(self.picked)(candidates, moment)
        return wave


@pytest.mark.parametrize(
    "dispatcher",
    [Sticky, Sticky(), hunt("Closed", remembering_first({})), hunt("Turns", remembering_all({}))],
    ids=["class", "instance", "closure", "in turn"],
)
def test_a_memory_by_call_is_found_again_and_again(dispatcher: Any) -> None:
    for _ in range(2):  # memories left by the first check must not hide the fault
        assert "A dispatcher keeps no state" in broken(dispatcher)


@pytest.mark.parametrize("n", [2, 3, 7])
def test_the_number_of_the_call_may_be_looked_at(n: int) -> None:
    check_dispatcher(
        hunt(
            "ByCall",
            lambda candidates, moment: [sorted(candidates)[moment.call % n % len(candidates)]],
        )
    )


def broken(dispatcher: Any) -> str:
    """Check that `check_dispatcher` raises an error, and return its message."""
    with pytest.raises(rs.DispatcherError) as wrong:
        check_dispatcher(dispatcher)
    return str(wrong.value)


def test_a_fault_after_many_calls_is_found() -> None:
    said, found, scenario, *_ = broken(Tired).splitlines()
    assert said.startswith("Tired must give the same log every time, got ")
    assert found == "Smallest example found:"
    assert scenario.startswith("    scenario = rs.Scenario(groups=[{'extension_number': '600', ")


@pytest.mark.parametrize(
    ("dispatcher", "sentence"),
    [
        (
            type("Misspelt", (Hunt,), {"order_by": ("n_rang",)}),
            "Misspelt.order_by[0] must be a field of Candidate, got 'n_rang'. "
            "Did you mean 'n_rung'?",
        ),
        (
            type("Silent", (Hunt,), {"at_once": 0}),
            "Silent.at_once must be a number of phones, ALL or TIED, got 0.",
        ),
        (
            Above,
            'Above must be made without arguments, got TypeError("Above.__init__() missing 1 '
            "required positional argument: 'level'\"). Give an instance.",
        ),
        (
            type("Locked", (Hunt,), {"__init__": lambda self: setattr(self, "lock", Lock())})(),
            "Locked() must be copied by copy.deepcopy, "
            "got TypeError(\"cannot pickle '_thread.lock' object\"). Give its class.",
        ),
    ],
    ids=["field", "at_once", "arguments", "copy"],
)
def test_error_of_a_dispatcher_that_cannot_be_made(dispatcher: Any, sentence: str) -> None:
    assert broken(dispatcher) == sentence


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            42,
            "dispatcher must be a Dispatcher, a subclass of it, or a registered name, got 42.",
        ),
        (
            "CYCLIC_HNT",
            "dispatcher must be the name of a registered dispatcher, got 'CYCLIC_HNT'. "
            "Did you mean 'CYCLIC_HUNT'?",
        ),
    ],
)
def test_a_value_that_is_not_a_dispatcher_is_refused(given: Any, sentence: str) -> None:
    assert refusal(check_dispatcher, given) == sentence


def test_one_that_raises_can_be_debugged() -> None:
    """The original error is the cause of the error raised."""
    with pytest.raises(rs.DispatcherError) as wrong:
        check_dispatcher(hunt("Nameless", lambda candidates, moment: candidates[0].name))
    assert isinstance(wrong.value.__cause__, AttributeError)


# Time


class Clock:
    """Clock that stands still unless a dispatcher moves it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(_wave_checks, "perf_counter", clock)
    return clock


def slow(clock: Clock, took: Callable[..., float]) -> type[Dispatcher]:
    def wave(candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        clock.now += took(candidates)
        return [first(candidates)]

    return hunt("Slow", wave)


@pytest.mark.parametrize(
    ("took", "sentence"),
    [
        (lambda candidates: 2, "took 2.0 s for 1 candidate"),
        (lambda candidates: 2 ** len(candidates) / 1e4, "took 0.1 s for 10 candidates"),
        (lambda candidates: len(candidates) / 100, "took 0.1 s for 11 candidates"),
    ],
    ids=["always", "doubling", "growing"],
)
def test_a_slow_one_is_told_by_the_smallest_group_that_takes_long(
    clock: Clock, took: Callable[..., float], sentence: str
) -> None:
    said = f"Slow.wave() must answer within 0.1 s, {sentence}."
    assert broken(slow(clock, took)) == said


def test_one_that_is_slow_now_and_then_is_not_searched_for_a_smaller_example(clock: Clock) -> None:
    n_slow = 0

    def took(candidates: Sequence[Candidate]) -> float:
        nonlocal n_slow
        n_slow += any(one.n_answered > 1 for one in candidates)
        return any(one.n_answered > 1 for one in candidates)

    assert broken(slow(clock, took)).startswith("Slow.wave() must answer within 0.1 s, took 1.0 s")
    assert n_slow == 3


def test_a_slow_question_is_not_the_smallest_example(clock: Clock) -> None:
    """The smallest failing question would take long, so a larger one is shown."""
    n_slow = 0

    def wave(candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        nonlocal n_slow
        if moment[1:4] == (0, 1, 0):
            n_slow += 1
            clock.now += 1
        return candidates[:1] if moment.wave else [first(candidates)]

    assert broken(hunt("Listed", wave)).startswith("Listed.wave() must not depend on the order ")
    assert n_slow > 0


def test_a_computer_may_be_slow_twice(clock: Clock) -> None:
    delays = iter([3, 3])
    check_dispatcher(slow(clock, lambda candidates: next(delays, 0)))


# Side effects


def test_an_instance_is_not_touched() -> None:
    dispatcher = RoundRobin()
    broken(dispatcher)
    assert vars(dispatcher) == {}


def test_random_numbers_of_others_are_not_touched() -> None:
    before = random.getstate()
    check_dispatcher(FewestAnsweredHunt)
    broken(RoundRobin)
    assert random.getstate() == before


def test_one_with_a_generator_of_its_own_is_caught_though_it_never_fails_the_same_way() -> None:
    own = random.Random()
    chance = hunt("Chance", lambda candidates, moment: [own.choice(sorted(candidates))])
    assert re.match(r"Chance\.wave\(\) must (answer the same|not depend on) ", broken(chance))


def test_one_that_fails_now_and_then_is_caught_though_it_does_not_fail_again() -> None:
    asked = count(1)
    seldom = hunt("Seldom", lambda candidates, moment: [] if next(asked) % 997 == 0 else candidates)
    assert broken(seldom).startswith("Seldom.wave() must pick at least one candidate, got none of ")


@settings(max_examples=PROFILE.examples // 2)
@given(dispatchers())
def test_every_ordering_keeps_the_contract(dispatcher: Dispatcher) -> None:
    """It is also a test that the check may run inside a Hypothesis test."""
    check_dispatcher(dispatcher, examples=20)


ELSEWHERE = """
import hashlib, random, sys
from hypothesis import Verbosity, given, settings, strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase
import ringsim as rs
from ringsim.dispatch import Hunt

settings.register_profile(
    "mine",
    database=DirectoryBasedExampleDatabase("examples"),
    verbosity=Verbosity.verbose,
    phases=[],
)

class Chance(Hunt):
    def wave(self, candidates, moment):
        return [random.choice(sorted(candidates))]

class Witness(Hunt):
    def wave(self, candidates, moment):
        asked.add(repr((sorted(candidates), moment)))
        return [min(candidates)]

asked = set()  # how often depends on how busy the computer is

def check():
    rs.testing.check_dispatcher(Witness)
    print(len(asked), hashlib.sha256(repr(sorted(asked)).encode()).hexdigest())
    try:
        rs.testing.check_dispatcher(Chance)
    except rs.DispatcherError as wrong:
        print(wrong)

@settings(deadline=None, max_examples=1, database=None)
@given(st.none())
def test(_):
    check()

if "test" in sys.argv:
    test()
else:
    settings.load_profile("mine")
    check()
"""


def test_it_says_the_same_everywhere_and_nothing_else(tmp_path: Path) -> None:
    """Two processes give the same message: with other settings, and inside a Hypothesis test."""
    plainly, in_a_test = (
        subprocess.run(
            [sys.executable, "-W", "error", "-c", ELSEWHERE, *arguments],
            cwd=tmp_path,
            env={"PYTHONPATH": ":".join([str(Path.cwd()), *sys.path])},
            capture_output=True,
            text=True,
            check=False,
        )
        for arguments in ([], ["test"])
    )
    assert plainly.stderr == in_a_test.stderr == ""
    assert plainly.stdout == in_a_test.stdout
    chance = hunt("Chance", lambda candidates, moment: [random.choice(sorted(candidates))])
    _, told = plainly.stdout.split("\n", 1)
    assert told == broken(chance) + "\n"
    assert not (tmp_path / "examples").exists()
    assert not (tmp_path / ".hypothesis" / "examples").exists()


def test_without_hypothesis_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import ringsim as rs, ringsim.testing\n"
        "for name in ringsim.testing.__all__:\n"
        "    try:\n"
        "        getattr(ringsim.testing, name)\n"
        "    except rs.RingsimError as wrong:\n"
        "        print(wrong)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = ["Day", "Ordering", "candidates", "check_dispatcher", "days", "dispatchers"]
    told = [
        f"ringsim.testing.{name} must have hypothesis. "
        "Install it with: pip install 'ringsim[testing]'"
        for name in [*names, "groups", "scenarios", "workloads"]
    ]
    assert done.stdout.splitlines() == told


def test_one_that_never_rings_the_same_person_twice_in_a_row_keeps_the_contract() -> None:
    """The moment tells who was rung last, also if they are no candidate now."""

    def wave(candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        others = [one for one in candidates if one.position != moment.last_rung]
        return [first(others or candidates)]

    takes_turns = hunt("TakesTurns", wave)
    check_dispatcher(takes_turns, examples=40)
    scenario = rs.Scenario(groups=[{"extension_number": "600", "members": ["201", "202", "203"]}])
    delays = {"201": 5, "202": [5, math.inf, 5, 5], "203": 5}
    calls = rs.Workload(arrives_at=[0, 100, 200, 300], talk_time=50, answer_delay=delays)
    rung = rs.play(scenario, calls, dispatcher=takes_turns).rings["member"].tolist()
    assert rung == ["201", "202", "201", "202", "201"]
    assert all(one != other for one, other in pairwise(rung))


def test_one_that_goes_by_the_number_of_a_phone_keeps_the_contract() -> None:
    """Every candidate has a number."""
    check_dispatcher(
        hunt(
            "ByNumber", lambda some, moment: [max(some, key=lambda one: int(one.extension_number))]
        ),
        examples=20,
    )
