"""Check that an answer about a call does not depend on an earlier question about the same call.

A dispatcher might remember answers by call number in a place that all its instances share. Such
a memory outlives every instance, so asking twice about the same call does not reveal it. This
check uses call numbers that are new to the process and asks two questions about each call, in an
order that a pseudorandom coin decides. A dispatcher may use the call number, but its answers can
only follow the coin if it remembers earlier questions.
"""

from __future__ import annotations

from itertools import count
from random import Random

from ringsim.dispatch import Candidate, Moment
from ringsim.errors import DispatcherError
from ringsim.testing._failures import NO_STATE, contract_error
from ringsim.testing._questions import WaveQuestion
from ringsim.testing._wave_checks import Answer, Make, answer

__all__ = ["check_calls_apart"]

N_CALLS = 48  # a stateless dispatcher follows the coin by chance once in 2**48
NEW_CALLS = count(10_000)  # unique within the process: a memory may outlive a check
NOW = 1000.0


def _pairs() -> list[tuple[list[Candidate], list[Candidate]]]:
    """Return pairs of candidate lists: equal, longer, shorter, and with other rings or levels."""
    newcomers = [Candidate(0), Candidate(1), Candidate(2)]
    rung = [
        Candidate(
            position,
            last_rung_at=10.0 * n,
            last_answered_at=10.0 * n,
            last_hung_up_at=10.0 * n,
            n_rung=n,
            n_answered=n,
            talked_time=3.0 * n,
        )
        for position, n in enumerate((3, 2, 1))
    ]
    levels = [Candidate(0, 3), Candidate(1, 2), Candidate(2, 1)]
    return [
        (newcomers, newcomers),
        (newcomers[1:], newcomers),
        (newcomers[2:], newcomers),
        (newcomers, newcomers[:2]),
        (newcomers, rung),
        (newcomers, levels),
    ]


def check_calls_apart(make: Make) -> None:
    """Check that the order of two questions about one call changes no answer.

    Raises
    ------
    DispatcherError
        If the order changes an answer.
    """
    for earlier, later in _pairs():
        coin = Random(0)  # noqa: S311 - the same order in every check
        answers: dict[bool, set[Answer]] = {False: set(), True: set()}
        for call in (next(NEW_CALLS) for _ in range(N_CALLS)):
            first = WaveQuestion(earlier, Moment(NOW, call, 0, 0.0))
            second = WaveQuestion(later, Moment(NOW + 20, call, 1, 20.0))
            is_in_order = coin.random() < 0.5
            if is_in_order:
                answer(make(), first)
            answers[is_in_order].add(answer(make(), second))
            if not is_in_order:
                answer(make(), first)
        if _follow_the_coin(answers):
            raise _memory_error(make, answers, first, second)


def _follow_the_coin(answers: dict[bool, set[Answer]]) -> bool:
    """Return whether the second question has one answer after the first, and another before it."""
    return all(len(found) == 1 for found in answers.values()) and answers[False] != answers[True]


def _memory_error(
    make: Make, answers: dict[bool, set[Answer]], first: WaveQuestion, second: WaveQuestion
) -> DispatcherError:
    [after], [alone] = answers[True], answers[False]
    return contract_error(
        f"{type(make()).__name__}.wave() must not depend on earlier questions, got {after} "
        f"after them and {alone} without them. {NO_STATE}",
        first.source("one"),
        second.source("another"),
    )
