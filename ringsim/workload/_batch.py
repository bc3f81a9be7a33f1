"""The parts of a workload, whether it is made by hand or drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ringsim.workload._jit_draws import PhoneArrays

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
    "Replications",
    "sealed",
]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.int32]
AnswerDelay: TypeAlias = Callable[[int, int], float]
RandomDraw: TypeAlias = Callable[[int], float]
Replications: TypeAlias = range | tuple[int, ...]


class Called(NamedTuple):
    """Which group each call arrives at: `names[at[call]]`.

    `at` is None where all calls share one, and `names` empty where none was named.
    """

    names: tuple[str, ...]
    at: Codes | None


@dataclass(frozen=True)
class OwnCalls:
    """Calls that people have of their own: columns of one length.

    Attributes
    ----------
    at : ndarray of float64
        Instants [s] at which they would begin.
    people : tuple of str
        Who has some.
    whose : ndarray of int32
        Whose they are, as places in `people`.
    talk_time : ndarray of float64
        How long they would last [s].
    """

    at: Floats
    people: tuple[str, ...]
    whose: Codes
    talk_time: Floats

    @property
    def extension(self) -> tuple[str, ...]:
        """Whose they are."""
        return tuple(self.people[place] for place in self.whose.tolist())

    def __len__(self) -> int:
        return len(self.at)


class Phones(Protocol):
    """Where answer delays and draws come from: given by hand, or drawn on demand."""

    def answer_delay_of(self, extension: str) -> AnswerDelay:
        """Answer delay [s] by call and ring, both from 0."""
        ...

    def random_of(self, extension: str) -> RandomDraw:
        """The draw in [0, 1) that dispatchers may order by, by call."""
        ...

    @property
    def places(self) -> tuple[Ints, Ints]:
        """Of each call, the row of its group among the keys, and which of its calls it is."""
        ...

    def arrays(self, extensions: Sequence[str], rings: int) -> PhoneArrays:
        """The same for compiled code, by place among the extensions.

        What no table can hold is laid out for the first `rings` rings of each call.
        """
        ...


@dataclass(frozen=True)
class Batch:
    """Workloads of R replications in the same columns, one after another: for compiled code.

    Attributes
    ----------
    first, first_own : ndarrays of int64, shape (R + 1,)
        Where the calls of each begin, and the own calls.
    arrives_at, talk_time, wrap_up_time, patience : ndarrays of float64
        By call.
    called, own_calls, phones
        As of a workload.
    order, own_order : ndarrays of int64
        Calls and own calls of each replication in the order of their instants.
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
    order: Ints
    own_order: Ints

    def __len__(self) -> int:
        return len(self.arrives_at)


def sealed(values: Floats) -> Floats:
    """The same array, no longer to be written to."""
    values.flags.writeable = False
    return values
