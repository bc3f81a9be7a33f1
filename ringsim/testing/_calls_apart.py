"""Whether what a dispatcher was asked about a call changes what it answers about that call.

A memory by number of the call, kept where all instances share it, gives every question of one
call the same answer for ever: whichever question came first is never forgotten. So each pair
of questions is asked about many calls that nobody has asked about before, in an order that is
left to a fixed coin. A dispatcher may well look at the number of the call; but its answers
cannot follow the coin unless it remembers.
"""

from __future__ import annotations

from itertools import count
from random import Random

from ringsim.dispatch import Candidate, Moment
from ringsim.errors import DispatcherError
from ringsim.testing._wave_checks import NO_MEMORY, Answer, Make, WaveQuestion, answer, assertion

__all__ = ["check_calls_apart"]

N_CALLS = 48  # the coin agrees with what does not know it once in 2**48
NEW_CALLS = count(10_000)  # in this process: a memory may outlive a check
NOW = 1000.0


def _pairs() -> list[tuple[list[Candidate], list[Candidate]]]:
    """Two sets of candidates of one call: alike, fewer, more, and remembered otherwise."""
    newcomers = [Candidate(0), Candidate(1), Candidate(2)]
    rung = [
        Candidate(
            place,
            last_rung_at=10.0 * n,
            last_answered_at=10.0 * n,
            last_hung_up_at=10.0 * n,
            n_rung=n,
            n_answered=n,
            talked_time=3.0 * n,
        )
        for place, n in enumerate((3, 2, 1))
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
    """Find out whether a question is answered alike before and after another of its call.

    Raises
    ------
    DispatcherError
        If the order of two questions about one call decides an answer.
    """
    for earlier, later in _pairs():
        coin = Random(0)  # noqa: S311 - the same order in every check
        answers: dict[bool, set[Answer]] = {False: set(), True: set()}
        for call in (next(NEW_CALLS) for _ in range(N_CALLS)):
            first = WaveQuestion(earlier, Moment(NOW, call, 0, 0.0))
            second = WaveQuestion(later, Moment(NOW + 20, call, 1, 20.0))
            is_told_first = coin.random() < 0.5
            if is_told_first:
                answer(make(), first)
            answers[is_told_first].add(answer(make(), second))
            if not is_told_first:
                answer(make(), first)
        if _follow_the_coin(answers):
            raise _remembers(make, answers, first, second)


def _follow_the_coin(answers: dict[bool, set[Answer]]) -> bool:
    """Whether there is one answer without the earlier question, and another one after it."""
    return all(len(found) == 1 for found in answers.values()) and answers[False] != answers[True]


def _remembers(
    make: Make, answers: dict[bool, set[Answer]], first: WaveQuestion, second: WaveQuestion
) -> DispatcherError:
    [after], [alone] = answers[True], answers[False]
    return assertion(
        f"{type(make()).__name__}.wave() must not depend on what was asked before, got {after}, "
        f"and {alone} when nothing was. {NO_MEMORY}",
        first.asked_of("one"),
        second.asked_of("another"),
    )
