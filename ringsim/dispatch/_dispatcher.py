"""Dispatchers: an ordering of candidates, and how many of them ring at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

from ringsim.errors import ConfigurationError, DispatcherError, did_you_mean

__all__ = [
    "ALL",
    "TIED",
    "AtOnce",
    "Candidate",
    "Dispatcher",
    "FanOut",
    "Hunt",
    "Moment",
    "checked_wave",
]


class Candidate(NamedTuple):
    """A member who could be rung now, as their group knows them (rules S3 and S7).

    Instants are seconds from the start of the scenario, `-inf` where it never happened. All
    but the first two are the group's own memory: another group that lists the same member
    has another.
    """

    position: int
    """Place in the configured order, from 0."""
    skill_level: int = 1
    """1 to 100."""
    last_rung_at: float = float("-inf")
    """Start of the last ring, answered or not."""
    last_answered_at: float = float("-inf")
    """Instant of the last answer."""
    last_hung_up_at: float = float("-inf")
    """End of the last talk; the present instant while that talk goes on."""
    n_rung: int = 0
    """Rings so far, counted at their start."""
    n_answered: int = 0
    """Answers so far; a page counts as one."""
    talked_time: float = 0.0
    """Planned talk of all answers so far [s], counted at the answer."""
    random: float = 0.0
    """A draw in [0, 1) of the workload for this call and member."""

    def __repr__(self) -> str:
        """As one would write it: `Candidate(0, n_rung=2)`, the rest being as of a newcomer."""
        newcomer = Candidate(self.position)
        told = [
            f"{name}={value!r}"
            for name, value, usual in zip(self._fields, self, newcomer, strict=True)
            if value != usual
        ]
        return f"Candidate({', '.join([repr(self.position), *told])})"


class Moment(NamedTuple):
    """When a dispatcher is asked.

    Attributes
    ----------
    now : float
        Seconds from the start of the scenario.
    call : int
        Number of the call, from 0.
    wave : int
        Number of the wave within the pass, from 0.
    waited : float
        Seconds since the call arrived.
    """

    now: float
    call: int
    wave: int
    waited: float


class AtOnce(Enum):
    """How many of the ordered candidates ring together, where it is no number."""

    ALL = "ALL"
    TIED = "TIED"

    def __repr__(self) -> str:
        return self.value


ALL: Final = AtOnce.ALL
"""Every candidate rings."""
TIED: Final = AtOnce.TIED
"""Every candidate rings that shares the best key: a whole skill level, say."""


class Dispatcher:
    """Picks from the candidates the wave that rings now (rule S4).

    A subclass says what is its own in class attributes. One that needs more overrides
    `wave`, and runs on the SimPy engine only.

    Attributes
    ----------
    order_by : tuple of str
        Fields of `Candidate` to sort by, the first counts most; `"-n_rung"` is descending.
        Equal candidates keep the configured order.
    at_once : int, ALL or TIED
        How many of the sorted candidates ring together.
    one_wave : bool
        Whether a pass is over after one wave.
    auto_answer : bool
        Whether the phones answer by themselves: a page (rule S10).
    """

    order_by: tuple[str, ...] = ()
    at_once: int | AtOnce = 1
    one_wave: bool = False
    auto_answer: bool = False

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        """The candidates that ring now.

        Parameters
        ----------
        candidates : sequence of Candidate
            At least one; the answer must not depend on their order.
        moment : Moment
            When it is asked.

        Returns
        -------
        sequence of Candidate
            At least one of the candidates, none twice.

        Notes
        -----
        Called anew for every wave, so that the order follows what has happened since.
        """
        key, at_once = self.key, self.at_once
        if at_once == 1:
            return (min(candidates, key=key),)
        ordered = sorted(candidates, key=key)
        if at_once is ALL:
            return ordered
        if at_once is TIED:
            best = key(ordered[0])[:-1]
            return [candidate for candidate in ordered if key(candidate)[:-1] == best]
        return ordered[:at_once]

    @property
    def key(self) -> Callable[[Candidate], tuple[Any, ...]]:
        """The sort key of a candidate: the fields of `order_by`, then the position."""
        return _sort_key(tuple(self.order_by))

    @property
    def is_ordering(self) -> bool:
        """Whether its waves follow from its attributes alone, `wave` not being overridden.

        A `wave` that is set on the instance counts as one of its class: that is what is called.
        """
        own_wave = getattr(self.wave, "__func__", None) is not Dispatcher.wave
        return not own_wave and type(self).key is Dispatcher.key

    def looks_at(self, field: str) -> bool:
        """Whether a field of the candidates can make a difference to it."""
        return not self.is_ordering or field in {name.removeprefix("-") for name in self.order_by}

    def check(self) -> None:
        """Find out whether its attributes make sense.

        Raises
        ------
        ConfigurationError
            When `order_by` names an unknown field, or `at_once` is no number of phones.
        """
        name = type(self).__name__
        if isinstance(self.order_by, str) or not isinstance(self.order_by, (tuple, list)):
            raise ConfigurationError(
                f"{name}.order_by",
                "must be a tuple of fields",
                self.order_by,
                'Write ("last_rung_at",) for one.',
            )
        for place, field in enumerate(self.order_by):
            if str(field).removeprefix("-") not in Candidate._fields:
                raise ConfigurationError(
                    f"{name}.order_by[{place}]",
                    "must be a field of Candidate",
                    field,
                    did_you_mean(field, Candidate._fields),
                )
        number = isinstance(self.at_once, int) and not isinstance(self.at_once, bool)
        if not isinstance(self.at_once, AtOnce) and not (number and self.at_once >= 1):
            raise ConfigurationError(
                f"{name}.at_once", "must be a number of phones, ALL or TIED", self.at_once
            )

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Hunt(Dispatcher):
    """Ring one member at a time, each at most once, until one answers."""

    at_once: int | AtOnce = 1


class FanOut(Dispatcher):
    """Ring every candidate together, once."""

    at_once: int | AtOnce = ALL
    one_wave = True


@cache
def _sort_key(order_by: tuple[str, ...]) -> Callable[[Candidate], tuple[Any, ...]]:
    """Return the key for an ordering; the same function for the same ordering."""
    if not order_by:
        return lambda candidate: (candidate.position,)
    if not any(field.startswith("-") for field in order_by):
        return attrgetter(*order_by, "position")
    getters = [
        (attrgetter(field.removeprefix("-")), -1 if field.startswith("-") else 1)
        for field in order_by
    ]

    def key(candidate: Candidate) -> tuple[Any, ...]:
        return (*(sign * get(candidate) for get, sign in getters), candidate.position)

    return key


def checked_wave(
    dispatcher: object, picked: Iterable[Candidate], candidates: Sequence[Candidate]
) -> list[Candidate]:
    """What a `wave` that is not ringsim's own picked, if it keeps the contract.

    Raises
    ------
    DispatcherError
        When nobody is picked, somebody twice, or somebody who is no candidate.

    Examples
    --------
    >>> from ringsim.dispatch import Hunt
    >>> checked_wave(Hunt(), [Candidate(2)], [Candidate(0), Candidate(1)])
    Traceback (most recent call last):
    ringsim.errors.DispatcherError: Hunt.wave() must pick from the candidates, got Candidate(2).
    """
    name = f"{type(dispatcher).__name__}.wave()"
    try:
        chosen = list(picked)
    except TypeError:
        raise DispatcherError(f"{name} must return candidates, got {picked!r}.") from None
    if not chosen:
        raise DispatcherError(
            f"{name} must pick at least one candidate, got none of {len(candidates)}."
        )
    for place, candidate in enumerate(chosen):
        if not isinstance(candidate, Candidate) or candidate not in candidates:
            raise DispatcherError(f"{name} must pick from the candidates, got {candidate!r}.")
        if candidate in chosen[:place]:
            raise DispatcherError(f"{name} must pick nobody twice, got {candidate!r} again.")
    return chosen
