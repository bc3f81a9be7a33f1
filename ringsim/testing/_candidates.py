"""Hypothesis strategy for lists of candidates, as a group may show them to its dispatcher."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

from hypothesis import strategies as st

from ringsim.dispatch import Candidate
from ringsim.testing._times import LONGEST, Times, several

__all__ = ["candidates"]

Memory: TypeAlias = dict[str, Any]


def candidates(
    *,
    min_size: int = 1,
    max_size: int = 5,
    now: float = LONGEST,
    skill_levels: int = 3,
    ties: bool = True,
) -> st.SearchStrategy[list[Candidate]]:
    """Return a strategy for lists of candidates that a group may show its dispatcher.

    Parameters
    ----------
    min_size, max_size : int, default 1 and 5
        Number of candidates. An engine never passes an empty list.
    now : float, default 8
        Present instant [s], at least 1; no ring or answer is later.
    skill_levels : int, default 3
        Highest skill level; the lowest is 1.
    ties : bool, default True
        If true, instants are whole seconds, so that candidates often tie; otherwise any floats.

    Returns
    -------
    SearchStrategy of list of Candidate
        Candidates in the configured order; gaps in `position` are members who are not candidates.
        The fields of a candidate are consistent: a member never rung has `last_rung_at = -inf`
        and `n_answered = 0`. Shrinks to few candidates who have never been rung.

    Examples
    --------
    >>> from hypothesis import given
    >>> from ringsim.dispatch import LeastWorkedHunt, Moment
    >>> @given(candidates(now=60))
    ... def test_members_without_answers_come_first(people):
    ...     (first,) = LeastWorkedHunt().wave(people, Moment(now=60, call=0, wave=0, waited=0))
    ...     assert not first.n_answered or all(one.n_answered for one in people)
    >>> test_members_without_answers_come_first()
    """
    instants = Times(ties=ties, longest=now).instants
    some = st.integers(1, 3)
    memories: st.SearchStrategy[Memory] = st.one_of(
        st.just({}),
        st.builds(_rung, some, instants),
        st.builds(_answered, st.integers(0, 3), some, instants, instants, instants, instants),
    )
    draws = st.sampled_from([0.0, 0.25, 0.5, 0.75])
    members = st.tuples(
        st.sampled_from([0, 0, 0, 1]),
        st.integers(1, skill_levels),
        draws,
        memories,
        st.tuples(st.just(-math.inf) | instants, st.integers(0, 3), draws),
    )
    return _listed(several(members, min_size=min_size, max_size=max_size))


def _rung(n_rung: int, rung_at: float) -> Memory:
    """Return the memory of a member who was rung and never answered."""
    return {"n_rung": n_rung, "last_rung_at": rung_at}


def _answered(
    n_missed: int,
    n_answered: int,
    rung_at: float,
    answered_at: float,
    hung_up_at: float,
    talked_time: float,
) -> Memory:
    """Return the memory of a member who answered; with no ring missed, the last was answered."""
    if not n_missed:
        answered_at = max(answered_at, rung_at)
    hung_up_at = max(hung_up_at, answered_at)
    return {
        **_rung(n_missed + n_answered, rung_at),
        "n_answered": n_answered,
        "last_answered_at": answered_at,
        "last_hung_up_at": hung_up_at,
        "talked_time": max(talked_time, hung_up_at - answered_at),
        "last_completed_at": hung_up_at,
        "n_completed": n_answered,
    }


@st.composite
def _listed(
    draw: st.DrawFn,
    members: st.SearchStrategy[list[tuple[int, int, float, Memory, tuple[float, int, float]]]],
) -> list[Candidate]:
    """Draw members and number them in the configured order.

    A composite, because Hypothesis shows a failing example of it by the example's own repr.
    """
    found = []
    position = -1
    for n_others_before, skill_level, random, memory, present in draw(members):
        position += n_others_before + 1
        idle_since, rotation, redrawn = present
        fields = {
            "idle_since": max(idle_since, memory.get("last_hung_up_at", -math.inf)),
            "rotation": rotation,
            "redrawn": redrawn,
            "weighted": redrawn * skill_level,
        }
        found.append(Candidate(position, skill_level, random=random, **memory, **fields))
    return found
