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
    "Called",
    "Codes",
    "Floats",
    "Ints",
    "OwnCalls",
    "Phones",
    "RandomDraw",
    "sealed",
]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.int32]
AnswerDelay: TypeAlias = Callable[[int, int], float]
RandomDraw: TypeAlias = Callable[[int], float]


class Called(NamedTuple):
    """Which group each call arrives at: `names[at[call]]`.

    `at` is None where all calls share one, and `names` empty where none was named.
    """

    names: tuple[str, ...]
    at: Codes | None


@dataclass(frozen=True)
class OwnCalls:
    """Calls that people have of their own: three arrays of one length.

    Attributes
    ----------
    at : ndarray of float64
        Instants [s] at which they would begin.
    extension : tuple of str
        Whose they are.
    talk_time : ndarray of float64
        How long they would last [s].
    """

    at: Floats
    extension: tuple[str, ...]
    talk_time: Floats

    def __len__(self) -> int:
        return len(self.extension)


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
        """Of each call, the place of its group among the keys, and which of its calls it is."""
        ...

    def arrays(self, extensions: Sequence[str], rings: int) -> PhoneArrays:
        """The same for compiled code, by place among the extensions.

        What no table can hold is laid out for the first `rings` rings of each call.
        """
        ...


def sealed(values: Floats) -> Floats:
    """The same array, no longer to be written to."""
    values.flags.writeable = False
    return values
