"""Hypothesis strategy for dispatchers that are defined by their attributes alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from ringsim.dispatch import ALL, SORT_FIELDS, TIED, AtOnce, Dispatcher

__all__ = ["Ordering", "dispatchers"]


class Ordering(Dispatcher):
    """A dispatcher defined by its attributes, which the constructor checks.

    Parameters
    ----------
    *order_by : str
        Fields of `Candidate` to sort by, most important first; `"-n_rung"` is descending.
    at_once : int, ALL or TIED, default 1
        Number of the sorted candidates that ring together.
    one_wave : bool, default False
        If true, a pass is over after one wave.
    auto_answer : bool, default False
        If true, phones answer by themselves: a page.

    Raises
    ------
    ConfigurationError
        If `order_by` names an unknown field, or `at_once` is not a number of phones, `ALL` or
        `TIED`.

    Examples
    --------
    >>> Ordering("skill_level", "-n_answered", at_once=TIED)
    Ordering('skill_level', '-n_answered', at_once=TIED)
    """

    def __init__(
        self,
        *order_by: str,
        at_once: int | AtOnce = 1,
        one_wave: bool = False,
        auto_answer: bool = False,
    ) -> None:
        self.order_by = order_by
        self.at_once = at_once
        self.one_wave = one_wave
        self.auto_answer = auto_answer
        self.check()

    def __repr__(self) -> str:
        arguments = [repr(field) for field in self.order_by]
        arguments += [
            f"{name}={getattr(self, name)!r}"
            for name in ("at_once", "one_wave", "auto_answer")
            if getattr(self, name) != getattr(Dispatcher, name)
        ]
        return f"Ordering({', '.join(arguments)})"


def dispatchers(
    *,
    fields: Sequence[str] = SORT_FIELDS,
    max_fields: int = 2,
    at_once: Sequence[int | AtOnce] = (1, 2, 3, ALL, TIED),
    one_wave: Sequence[bool] = (False, True),
    auto_answer: Sequence[bool] = (False, True),
) -> st.SearchStrategy[Ordering]:
    """Return a strategy for orderings; they include the rules of the eight strategies.

    Parameters
    ----------
    fields : sequence of str, default all fields of Candidate that are numbers
        Fields to sort by, each ascending or descending.
    max_fields : int, default 2
        Largest number of sort fields; 0 is the configured order.
    at_once, one_wave, auto_answer : sequence
        Values to choose from.

    Returns
    -------
    SearchStrategy of Ordering
        Shrinks to a hunt in the configured order.

    Examples
    --------
    >>> from hypothesis import given
    >>> from ringsim.dispatch import Moment
    >>> from ringsim.testing import candidates
    >>> @given(dispatchers(at_once=[2]), candidates(min_size=2))
    ... def test_two_ring(dispatcher, people):
    ...     assert len(dispatcher.wave(people, Moment(8, 0, 0, 0))) == 2
    >>> test_two_ring()
    """
    either_way = st.sampled_from([sign + field for field in fields for sign in ("", "-")])
    return _orderings(
        st.lists(either_way, max_size=max_fields, unique_by=lambda key: key.removeprefix("-")),
        at_once=st.sampled_from(at_once),
        one_wave=st.sampled_from(one_wave),
        auto_answer=st.sampled_from(auto_answer),
    )


@st.composite
def _orderings(
    draw: st.DrawFn,
    /,
    order_by: st.SearchStrategy[list[str]],
    **attributes: st.SearchStrategy[Any],
) -> Ordering:
    """Draw the attributes and make an ordering.

    A composite, because Hypothesis shows a failing example of it by the example's own repr.
    """
    drawn = {name: draw(values) for name, values in attributes.items()}
    return Ordering(*draw(order_by), **drawn)
