"""Questions to a dispatcher: the arguments of one call of `wave`.

`WaveQuestion`
    A list of candidates and a moment.
`questions`
    Hypothesis strategy for questions of all kinds.
`question_about`
    A question about any number of new members.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from hypothesis import strategies as st

from ringsim.dispatch import Candidate, Moment
from ringsim.testing._candidates import candidates
from ringsim.testing._times import LONGEST

__all__ = ["WaveQuestion", "question_about", "questions"]

LATER = [0.0, 3600.0, 43_200.0, 259_200.0]  # seconds: soon after the start, and on other days


class WaveQuestion(NamedTuple):
    """A question to a dispatcher: which of these candidates ring at this moment."""

    candidates: list[Candidate]
    moment: Moment

    def reordered(self) -> Iterator[WaveQuestion]:
        """Yield the same question with the candidates in other orders."""
        people = self.candidates
        if len(people) > 1:
            yield self._replace(candidates=people[::-1])
        if len(people) > 2:
            yield self._replace(candidates=people[1:] + people[:1])

    def source(self, dispatcher: str) -> str:
        """Return the line of Python that asks the dispatcher of this name."""
        return f"{dispatcher}.wave({self.candidates}, {self.moment!r})"

    def __str__(self) -> str:
        return self.source("dispatcher")


def questions() -> st.SearchStrategy[WaveQuestion]:
    """Return a strategy for questions of all kinds."""
    return st.tuples(
        candidates(),
        st.sampled_from(LATER),
        st.integers(0, 3),
        st.integers(0, 2),
        st.integers(0, int(LONGEST)).map(float),
        st.tuples(st.integers(0, 5), st.integers(0, 5)),
    ).map(lambda drawn: _question(*drawn))


def _question(
    people: list[Candidate],
    later: float,
    call: int,
    wave: int,
    waited: float,
    latest: tuple[int, int],
) -> WaveQuestion:
    """Return a question with `later` seconds added to all its instants; -inf stays -inf."""
    rung = _latest(people, "last_rung_at", latest[0])
    answered = _latest(people, "last_answered_at", latest[1])
    moved = [
        one._replace(
            last_rung_at=one.last_rung_at + later,
            last_answered_at=one.last_answered_at + later,
            last_hung_up_at=one.last_hung_up_at + later,
        )
        for one in people
    ]
    return WaveQuestion(moved, Moment(LONGEST + later, call, wave, waited, rung, answered))


def _latest(people: list[Candidate], instant: str, position: int) -> int | None:
    """Return the position of the member who was last, given the instants of all candidates.

    A position of no candidate stands: another member was later. Of the candidates it is one of
    those with the latest instant, None if there is none.
    """
    if position and position not in {one.position for one in people}:
        return position
    latest = max(getattr(one, instant) for one in people)
    if latest == -math.inf:
        return None
    last = [one.position for one in people if getattr(one, instant) == latest]
    return last[position % len(last)]


def question_about(n: int) -> WaveQuestion:
    """Return a question about `n` members who have never been rung."""
    return WaveQuestion([Candidate(position) for position in range(n)], Moment(LONGEST, 0, 0, 0.0))
