"""Checks of `wave`: questions to a dispatcher, and the laws of its answers.

`WaveQuestion`
    What `wave` is called with.
`questions`, `question_about`
    Questions of all kinds, and one about so many newcomers.
`answer`
    Whom a dispatcher picks, if it may.
`check_questions`
    Whether every question has one answer only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any, NamedTuple, TypeAlias

from hypothesis import strategies as st

from ringsim.dispatch import Candidate, Dispatcher, Moment
from ringsim.dispatch._dispatcher import checked_wave
from ringsim.errors import DispatcherError
from ringsim.scenario import Scenario
from ringsim.testing._candidates import candidates
from ringsim.testing._times import LONGEST

__all__ = [
    "NO_MEMORY",
    "Make",
    "TooSlowError",
    "WaveQuestion",
    "answer",
    "assertion",
    "check_questions",
    "question_about",
    "questions",
    "scenario_source",
]

Make: TypeAlias = Callable[[], Dispatcher]

SLOWEST = 0.1  # seconds for an answer
CHANCES = 3  # any computer is slow now and then
REPEATS = 3  # a coin may well fall on the same side twice
LATER = [0.0, 3600.0, 43_200.0, 259_200.0]  # seconds: soon after the start, and on other days
NO_MEMORY = "A dispatcher keeps no state and draws no random numbers."


class TooSlowError(Exception):
    """An answer took too long: asking on, in search of a smaller example, would take for ever."""


class WaveQuestion(NamedTuple):
    """Whom to ring of these candidates at this moment."""

    candidates: list[Candidate]
    moment: Moment

    def listed_otherwise(self) -> Iterator[WaveQuestion]:
        """The same question, the candidates in other orders."""
        people = self.candidates
        if len(people) > 1:
            yield self._replace(candidates=people[::-1])
        if len(people) > 2:
            yield self._replace(candidates=people[1:] + people[:1])

    def asked_of(self, whom: str) -> str:
        """The line that asks it."""
        return f"{whom}.wave({self.candidates}, Moment({', '.join(map(repr, self.moment))}))"

    def __str__(self) -> str:
        return self.asked_of("dispatcher")


class Answer(NamedTuple):
    """Who rings, by position; their phones ring together, so their order means nothing."""

    positions: tuple[int, ...]

    def __str__(self) -> str:
        *most, last = map(str, self.positions)
        return f"positions {', '.join(most)} and {last}" if most else f"position {last}"


def questions() -> st.SearchStrategy[WaveQuestion]:
    """Questions of all kinds."""
    return st.tuples(
        candidates(),
        st.sampled_from(LATER),
        st.integers(0, 3),
        st.integers(0, 2),
        st.integers(0, int(LONGEST)).map(float),
    ).map(lambda drawn: _question(*drawn))


def _question(
    people: list[Candidate], later: float, call: int, wave: int, waited: float
) -> WaveQuestion:
    """All instants moved; what never happened stays at -inf."""
    moved = [
        one._replace(
            last_rung_at=one.last_rung_at + later,
            last_answered_at=one.last_answered_at + later,
            last_hung_up_at=one.last_hung_up_at + later,
        )
        for one in people
    ]
    return WaveQuestion(moved, Moment(LONGEST + later, call, wave, waited))


def question_about(n: int) -> WaveQuestion:
    """A question about `n` members of whom nothing is remembered."""
    return WaveQuestion([Candidate(position) for position in range(n)], Moment(LONGEST, 0, 0, 0.0))


def answer(dispatcher: Dispatcher, question: WaveQuestion, within: float = SLOWEST) -> Answer:
    """Whom a dispatcher picks.

    Raises
    ------
    DispatcherError
        When it picks whom it must not, raises anything, or changes the list that it is given.
    TooSlowError
        When it takes longer than `within` seconds, every time.
    """
    took = math.inf
    for _ in range(CHANCES):
        started = perf_counter()
        picked = _picked(dispatcher, question)
        took = min(took, perf_counter() - started)
        if took <= within:
            return picked
    n = len(question.candidates)
    raise TooSlowError(
        f"{_wave_of(dispatcher)} must answer within {within:g} s, "
        f"took {took:.1f} s for {n} candidate{'s' * (n > 1)}."
    )


def _picked(dispatcher: Dispatcher, question: WaveQuestion) -> Answer:
    given = list(question.candidates)
    try:
        picked = dispatcher.wave(given, question.moment)
        chosen = checked_wave(dispatcher, picked, question.candidates)
    except DispatcherError as broken:
        raise assertion(str(broken), question) from None
    except Exception as raised:
        raise assertion(
            f"{_wave_of(dispatcher)} must raise nothing, got {raised!r}.", question
        ) from raised
    if given != question.candidates:
        raise assertion(
            f"{_wave_of(dispatcher)} must leave the list of candidates as it is, got {given}.",
            question,
        )
    return Answer(tuple(sorted(candidate.position for candidate in chosen)))


def _wave_of(dispatcher: Dispatcher) -> str:
    return f"{type(dispatcher).__name__}.wave()"


def check_questions(make: Make, asked: Sequence[WaveQuestion]) -> None:
    """Find out whether each question has one answer, whoever is asked, when and how.

    Parameters
    ----------
    make : callable
        Makes another dispatcher of the same kind.
    asked : sequence of Question
        To be asked one after another.

    Raises
    ------
    DispatcherError
        When a question has two answers, or one that may not be.
    TooSlowError
        When an answer takes too long.
    """
    alone = [_only_answer(make, question) for question in asked]
    dispatcher = make()
    for place, question in enumerate(asked):
        if (found := answer(dispatcher, question)) != alone[place]:
            raise assertion(
                f"{_wave_of(dispatcher)} must not depend on what was asked before, got {found}, "
                f"and {alone[place]} when nothing was. {NO_MEMORY}",
                *asked[: place + 1],
            )


def _only_answer(make: Make, question: WaveQuestion) -> Answer:
    """The answer of one who was asked nothing before.

    The laws come in such an order that a fault is told by the one that says most about it.
    """
    dispatcher = make()
    wave = _wave_of(dispatcher)
    found = answer(dispatcher, question)
    for _ in range(REPEATS):
        if (again := answer(dispatcher, question)) != found:
            raise assertion(
                f"{wave} must answer the same question the same, got {found}, then {again}. "
                f"{NO_MEMORY}",
                question,
                question,
            )
    for _ in range(REPEATS):
        if (other := answer(make(), question)) != found:
            raise assertion(
                f"{wave} must not depend on the instance, got {found} from one and {other} "
                f"from another. {NO_MEMORY}",
                question.asked_of("dispatcher"),
                question.asked_of("another"),
            )
    for listed in question.listed_otherwise():
        if (otherwise := answer(dispatcher, listed)) != found:
            raise assertion(
                f"{wave} must not depend on the order in which candidates are listed, "
                f"got {found}, then {otherwise}.",
                question,
                listed,
            )
    return found


def assertion(sentence: str, *example: object) -> DispatcherError:
    """The error that says what is wrong, and shows it: a line for each part of the example."""
    lines = [f"    {line}" for line in example]
    return DispatcherError("\n".join([sentence, "Smallest example found:", *lines]))


def scenario_source(scenario: Scenario, workload: Mapping[str, Any]) -> list[str]:
    """The lines that make a scenario, and a workload of what `Workload` is called with.

    Examples
    --------
    >>> for line in scenario_source(Scenario(groups=[]), {"arrives_at": [], "talk_time": 5.0}):
    ...     print(line)
    scenario = rs.Scenario(groups=[])
    workload = rs.Workload(arrives_at=[], talk_time=5.0)
    """
    return [
        f"scenario = rs.Scenario({_arguments(scenario.to_file())})",
        f"workload = rs.Workload({_arguments(workload)})",
    ]


def _arguments(fields: Mapping[str, Any]) -> str:
    said = ", ".join(f"{name}={value!r}" for name, value in fields.items())
    return re.sub(r"(?<!')\binf\b", "math.inf", said)
