"""The parts of a workload, written by hand or drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.workload._jit_draws import PhoneArrays

if TYPE_CHECKING:
    from ringsim.workload._redials import Redials

__all__ = [
    "AnswerDelay",
    "Batch",
    "Called",
    "Codes",
    "Floats",
    "Ints",
    "OwnCalls",
    "Phones",
    "RandomDraw",
    "Reached",
    "Replications",
    "sealed",
]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.int32]
RandomDraw: TypeAlias = Callable[[int], float]
Replications: TypeAlias = range | tuple[int, ...]
Reached: TypeAlias = Mapping[str, tuple[int, ...]]


class AnswerDelay(Protocol):
    """A function of call, ring and attempt, all from 0, that returns a number of seconds."""

    def __call__(self, call: int, ring: int, attempt: int = 0, /) -> float: ...


class Called(NamedTuple):
    """The group that each call arrives at, `names[at[call]]`.

    `at` is None if all calls arrive at the same group. `names` is then empty if the workload
    does not name the group.
    """

    names: tuple[str, ...]
    at: Codes | None


@dataclass(frozen=True)
class OwnCalls:
    """People's own calls, one array element per call.

    An own call takes place only if the person is free and on duty at that instant (S15).

    Attributes
    ----------
    at : ndarray of float64
        Instants of beginning [s].
    people : tuple of str
        Extension numbers of people with own calls.
    whose : ndarray of int32
        The person of each call, as an index of `people`.
    talk_time : ndarray of float64
        Lengths of the calls [s].

    Spells away have the same columns: `talk_time` is their length.
    """

    at: Floats
    people: tuple[str, ...]
    whose: Codes
    talk_time: Floats

    @property
    def extension(self) -> tuple[str, ...]:
        """Extension number of the person of each call."""
        return tuple(self.people[person] for person in self.whose.tolist())

    def __len__(self) -> int:
        return len(self.at)


class Phones(Protocol):
    """A source of answer delays and of draws for dispatchers: given by hand, or drawn."""

    def answer_delay_of(self, extension: str) -> AnswerDelay:
        """Return a function that returns the answer delay [s] of a ring of a call.

        Attempts are counted for the caller who made the call: see `Redials`.
        """
        ...

    def random_of(self, extension: str) -> RandomDraw:
        """Return a function of the call that returns a draw in [0, 1) for dispatchers."""
        ...

    def redrawn_of(self, extension: str) -> AnswerDelay:
        """Return a function of call, pick and attempt that returns a draw in [0, 1)."""
        ...

    @property
    def named(self) -> Mapping[str, str]:
        """Extension numbers given by hand, each with the argument that names it first."""
        ...

    @property
    def places(self) -> tuple[Ints, Ints]:
        """For each call, the row of its group in the keys, and its number in that row."""
        ...

    def of_attempts(self, caller: Ints, attempt: Ints) -> Phones:
        """Return the phones for attempts as calls: by call, its caller and attempt, from 0."""
        ...

    def arrays(
        self, extensions: Sequence[str], rings: int, reached: Reached | None = None
    ) -> PhoneArrays:
        """Return the answer delays and draws as arrays for compiled code, by extension.

        If a distribution has no table, the delays of the first `rings` rings of each call are
        evaluated beforehand. `reached` tells, by number of a group, which of the `extensions`
        may ring for calls to it; by default anybody may ring for any call.
        """
        ...


@dataclass(frozen=True)
class Batch:
    """Workloads of R replications for compiled code, concatenated in the same columns.

    Attributes
    ----------
    first, first_own : ndarrays of int64, shape (R + 1,)
        First row of the calls of each replication, and of its own calls.
    arrives_at, talk_time, wrap_up_time, patience : ndarrays of float64
        Instants and durations [s], by call.
    called, own_calls, away, phones, declines, redials, priority, max_wait_time
        As in a `Workload`.
    order, own_order : ndarrays of int64
        Rows of calls and of own calls, sorted by instant within each replication.
    first_away : ndarray of int64, shape (R + 1,)
        First row of the spells away of each replication; within it they are in any order.
    """

    first: Ints
    first_own: Ints
    arrives_at: Floats
    talk_time: Floats
    wrap_up_time: Floats
    patience: Floats
    called: Called
    own_calls: OwnCalls
    phones: Phones
    declines: Phones | None
    redials: Redials | None
    priority: Floats | None
    max_wait_time: Floats | None
    order: Ints
    own_order: Ints
    away: OwnCalls
    first_away: Ints

    def __len__(self) -> int:
        return len(self.arrives_at)

    @property
    def has_options(self) -> bool:
        """True if only engines with options can play the calls."""
        given = (self.declines, self.redials, self.max_wait_time)
        return any(each is not None for each in given)


def sealed(values: Floats) -> Floats:
    """Make an array read-only and return it."""
    values.flags.writeable = False
    return values
