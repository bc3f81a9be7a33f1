"""Base classes of dispatchers: sort the candidates, then ring the first ones.

`Dispatcher`, `Hunt`, `FanOut`
    Base classes. A subclass sets the sort fields and the number of phones that ring at once.
`AtOnce`, `ALL`, `TIED`
    Values of `at_once` besides a number of phones.
`checked_wave`
    Check the wave that a dispatcher has picked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, Final

from ringsim.dispatch._candidate import SORT_FIELDS, Candidate, Moment
from ringsim.errors import ConfigurationError, DispatcherError, did_you_mean

__all__ = [
    "ALL",
    "TIED",
    "AtOnce",
    "Dispatcher",
    "FanOut",
    "Hunt",
    "checked_wave",
]


class AtOnce(Enum):
    """Values of `at_once` besides a number of phones."""

    ALL = "ALL"
    TIED = "TIED"

    def __repr__(self) -> str:
        return self.value


ALL: Final = AtOnce.ALL
"""Every candidate rings."""
TIED: Final = AtOnce.TIED
"""Every candidate with the best sort key rings: for example, a whole skill level."""


class Dispatcher:
    """Base class of dispatchers, which pick the wave that rings now (rule S4).

    A subclass sets class attributes. If attributes are not enough, it overrides `wave`; it then
    runs on the SimPy engine only.

    Attributes
    ----------
    order_by : tuple of str
        Fields of `Candidate` to sort by, most important first; `"-n_rung"` is descending.
        Equal candidates keep the configured order.
    at_once : int, ALL or TIED
        Number of the sorted candidates that ring together.
    one_wave : bool
        If true, a pass is over after one wave.
    auto_answer : bool
        If true, phones answer by themselves: a page (rule S10).
    """

    order_by: tuple[str, ...] = ()
    at_once: int | AtOnce = 1
    one_wave: bool = False
    auto_answer: bool = False

    def wave(self, candidates: Sequence[Candidate], moment: Moment) -> Sequence[Candidate]:
        """Return the candidates that ring now, by key and number (rules S4, S7 and S11).

        Parameters
        ----------
        candidates : sequence of Candidate
            At least one. The result must not depend on their order in this sequence.
        moment : Moment
            The present instant and call.

        Returns
        -------
        sequence of Candidate
            At least one of the candidates, none twice.

        Notes
        -----
        The engine calls it before every wave, so the sort sees the rings of earlier waves.
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
        """Sort key, as a function of a candidate: the fields of `order_by`, then the position."""
        return _sort_key(tuple(self.order_by))

    @property
    def is_ordering(self) -> bool:
        """True if the attributes alone decide every wave: neither `wave` nor `key` is overridden.

        A `wave` set on the instance counts as overridden too, because it is the one called.
        """
        own_wave = getattr(self.wave, "__func__", None) is not Dispatcher.wave
        return not own_wave and type(self).key is Dispatcher.key

    def looks_at(self, field: str) -> bool:
        """Return whether a field of `Candidate` can change the wave."""
        return not self.is_ordering or field in {name.removeprefix("-") for name in self.order_by}

    def check(self) -> None:
        """Check the attributes.

        Raises
        ------
        ConfigurationError
            If `order_by` is not a tuple of fields of `Candidate`, or `at_once` is not a number of
            phones, `ALL` or `TIED`.
        """
        name = type(self).__name__
        if isinstance(self.order_by, str) or not isinstance(self.order_by, (tuple, list)):
            raise ConfigurationError(
                f"{name}.order_by",
                "must be a tuple of fields",
                self.order_by,
                'Write ("last_rung_at",) for one.',
            )
        for index, field in enumerate(self.order_by):
            name_of_field = str(field).removeprefix("-")
            is_text = name_of_field == "extension_number"
            if name_of_field not in SORT_FIELDS:
                raise ConfigurationError(
                    f"{name}.order_by[{index}]",
                    "must be a field of Candidate" + (" that is a number" if is_text else ""),
                    field,
                    did_you_mean(field, SORT_FIELDS),
                )
        number = isinstance(self.at_once, int) and not isinstance(self.at_once, bool)
        if not isinstance(self.at_once, AtOnce) and not (number and self.at_once >= 1):
            hint = "Import ALL and TIED from ringsim.dispatch; they are no text."
            raise ConfigurationError(
                f"{name}.at_once",
                "must be a number of phones, ALL or TIED",
                self.at_once,
                hint if isinstance(self.at_once, str) else "",
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
    """Return the key function for these sort fields; equal fields share one function."""
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
    """Return the candidates that an overridden `wave` has picked, as a list.

    Raises
    ------
    DispatcherError
        If no candidate is picked, one is picked twice, or an item is not a candidate.

    Examples
    --------
    >>> from ringsim.dispatch import Hunt
    >>> checked_wave(Hunt(), [Candidate(2)], [Candidate(0), Candidate(1)])
    Traceback (most recent call last):
    ringsim.errors.DispatcherError: Hunt.wave() must pick from the candidates, got Candidate(2).
    """
    name = f"{type(dispatcher).__name__}.wave()"
    if isinstance(picked, Candidate):  # a tuple, whose items are its fields
        raise DispatcherError(f"{name} must return a list of candidates, got {picked!r} alone.")
    try:
        chosen = list(picked)
    except TypeError:
        raise DispatcherError(f"{name} must return candidates, got {picked!r}.") from None
    if not chosen:
        raise DispatcherError(
            f"{name} must pick at least one candidate, got none of {len(candidates)}."
        )
    for index, candidate in enumerate(chosen):
        if not isinstance(candidate, Candidate) or candidate not in candidates:
            raise DispatcherError(f"{name} must pick from the candidates, got {candidate!r}.")
        if candidate in chosen[:index]:
            raise DispatcherError(f"{name} must pick nobody twice, got {candidate!r} again.")
    return chosen
