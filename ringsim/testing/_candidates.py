"""Lists of candidates, as a group may show them to its dispatcher."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from ringsim.dispatch import Candidate
from ringsim.testing._parts import LONGEST, Times, several

__all__ = ["candidates"]


class _Seen(NamedTuple):
    """What a group has seen of a candidate; instants count only if something happened then.

    `n_before` is the number of members right before them who are no candidates.
    """

    n_before: int
    skill_level: int
    n_missed: int
    n_answered: int
    rung_at: float
    answered_at: float
    hung_up_at: float
    talked_time: float
    random: float


def candidates(
    *,
    min_size: int = 1,
    max_size: int = 5,
    now: float = LONGEST,
    skill_levels: int = 3,
    ties: bool = True,
) -> st.SearchStrategy[list[Candidate]]:
    """Lists of candidates, as a group may show them to its dispatcher at one instant.

    Parameters
    ----------
    min_size, max_size : int, default 1 and 5
        Number of candidates. An engine never asks without any.
    now : float, default 8
        The present instant [s], at least 1: nothing that they remember is later.
    skill_levels : int, default 3
        Skill levels are 1 to this.
    ties : bool, default True
        Whole seconds, so that members often share an instant; otherwise any floats.

    Returns
    -------
    SearchStrategy of list of Candidate
        In the configured order, in which members who are no candidates leave gaps. What they
        remember fits together: whoever was never rung has `last_rung_at = -inf` and
        `n_answered = 0`. Shrinks to few candidates of whom nothing is remembered.

    Examples
    --------
    >>> from hypothesis import given
    >>> from ringsim.dispatch import LeastWorkedHunt, Moment
    >>> @given(candidates(now=60))
    ... def test_whoever_never_answered_is_first(people):
    ...     (first,) = LeastWorkedHunt().wave(people, Moment(now=60, call=0, wave=0, waited=0))
    ...     assert not first.n_answered or all(one.n_answered for one in people)
    >>> test_whoever_never_answered_is_first()
    """
    instants = Times(ties=ties, longest=now).instants
    counts = st.integers(0, 3)
    seen = st.tuples(
        st.sampled_from([0, 0, 0, 1]),
        st.integers(1, skill_levels),
        counts,
        counts,
        instants,
        instants,
        instants,
        instants,
        st.sampled_from([0.0, 0.25, 0.5, 0.75]),
    ).map(_Seen._make)
    return _listed(several(seen, min_size=min_size, max_size=max_size))


@st.composite
def _listed(draw: st.DrawFn, people: st.SearchStrategy[list[_Seen]]) -> list[Candidate]:
    """A composite shows a failing example by its own repr."""
    found: list[Candidate] = []
    position = -1
    for seen in draw(people):
        position += seen.n_before + 1
        found.append(_candidate(position, seen))
    return found


def _candidate(position: int, seen: _Seen) -> Candidate:
    """A candidate whose memory fits together."""
    if not seen.n_missed + seen.n_answered:
        return Candidate(position, seen.skill_level, random=seen.random)
    rung = Candidate(
        position,
        seen.skill_level,
        last_rung_at=seen.rung_at,
        n_rung=seen.n_missed + seen.n_answered,
        random=seen.random,
    )
    if not seen.n_answered:
        return rung
    answered_at = seen.answered_at if seen.n_missed else max(seen.answered_at, seen.rung_at)
    hung_up_at = max(seen.hung_up_at, answered_at)
    return rung._replace(
        last_answered_at=answered_at,
        last_hung_up_at=hung_up_at,
        n_answered=seen.n_answered,
        talked_time=max(seen.talked_time, hung_up_at - answered_at),
    )
