"""Checks of the answers that `wave` gives.

`answer`
    The members that a dispatcher picks, after checks that it may pick them.
`check_questions`
    Check that each question has one answer, whichever instance is asked and whatever was asked
    before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import NamedTuple, TypeAlias

from ringsim.dispatch import Dispatcher
from ringsim.dispatch._dispatcher import checked_wave
from ringsim.errors import DispatcherError
from ringsim.testing._failures import NO_STATE, contract_error
from ringsim.testing._questions import WaveQuestion

__all__ = ["Answer", "Make", "TooSlowError", "answer", "check_questions"]

Make: TypeAlias = Callable[[], Dispatcher]
"""A function that makes one more dispatcher of the same kind."""

SLOWEST = 0.1  # seconds for an answer
CHANCES = 3  # any computer is slow now and then
BREAK_TIES = "Break ties by position, as sorted(candidates) does."
REPEATS = 3  # a coin may well fall on the same side twice


class TooSlowError(Exception):
    """An answer that took too long; the search for a smaller example would take for ever."""


class Answer(NamedTuple):
    """Positions of the members that ring, sorted: the order within one wave has no meaning."""

    positions: tuple[int, ...]

    def __str__(self) -> str:
        *most, last = map(str, self.positions)
        return f"positions {', '.join(most)} and {last}" if most else f"position {last}"


def answer(dispatcher: Dispatcher, question: WaveQuestion, within: float = SLOWEST) -> Answer:
    """Return the members that a dispatcher picks.

    Raises
    ------
    DispatcherError
        If the dispatcher picks anything but candidates, raises an error, or changes the list of
        candidates.
    TooSlowError
        If each of three attempts takes longer than `within` seconds.
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
        raise contract_error(str(broken), question) from None
    except Exception as raised:
        raise contract_error(
            f"{_wave_of(dispatcher)} must raise nothing, got {raised!r}.", question
        ) from raised
    if given != question.candidates:
        raise contract_error(
            f"{_wave_of(dispatcher)} must not change the list of candidates, got {given}.",
            question,
        )
    return Answer(tuple(sorted(candidate.position for candidate in chosen)))


def _wave_of(dispatcher: Dispatcher) -> str:
    """Return the subject of an error, such as `Hunt.wave()`."""
    return f"{type(dispatcher).__name__}.wave()"


def check_questions(make: Make, asked: Sequence[WaveQuestion]) -> None:
    """Check that each question has one answer, whichever instance is asked and in any order.

    Parameters
    ----------
    make : callable
        Makes one more dispatcher of the same kind.
    asked : sequence of WaveQuestion
        Questions to one instance, one after another.

    Raises
    ------
    DispatcherError
        If a question has two answers, or an answer is not allowed.
    TooSlowError
        If an answer takes too long.
    """
    alone = [_only_answer(make, question) for question in asked]
    dispatcher = make()
    for index, question in enumerate(asked):
        if (found := answer(dispatcher, question)) != alone[index]:
            raise contract_error(
                f"{_wave_of(dispatcher)} must not depend on earlier questions, got {found} "
                f"after them and {alone[index]} without them. {NO_STATE}",
                *asked[: index + 1],
            )


def _only_answer(make: Make, question: WaveQuestion) -> Answer:
    """Return the answer of a new dispatcher; check repeats, other instances and other orders.

    The checks are in this order so that the first error is the one that explains the fault best.
    """
    dispatcher = make()
    wave = _wave_of(dispatcher)
    found = answer(dispatcher, question)
    for _ in range(REPEATS):
        if (again := answer(dispatcher, question)) != found:
            raise contract_error(
                f"{wave} must answer the same question the same, got {found}, then {again}. "
                f"{NO_STATE}",
                question,
                question,
            )
    for _ in range(REPEATS):
        if (other := answer(make(), question)) != found:
            raise contract_error(
                f"{wave} must not depend on the instance, got {found} from one and {other} "
                f"from another. {NO_STATE}",
                question.source("dispatcher"),
                question.source("another"),
            )
    for reordered in question.reordered():
        if (other := answer(dispatcher, reordered)) != found:
            raise contract_error(
                f"{wave} must not depend on the order in which candidates are listed, "
                f"got {found}, then {other}. {BREAK_TIES}",
                question,
                reordered,
            )
    return found
