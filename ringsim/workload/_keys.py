"""Uniform numbers by key: the same key, the same number, whatever else is drawn.

`Stream`
    An endless row of uniform numbers of one key, any stretch of which can be had at once.
`keys`, `subject`
    The keys of many streams at once.
`check_key_number`
    Raises an error if a number cannot be a seed or a replication.

Every random number of a run is the element `k` of a stream whose key names the seed, the
replication, the quantity and the people it is about. Nothing is keyed by a position in a
list, so that adding a member, a group or an hour changes no other number.

The generator is Philox 4x64-10 (Salmon, Moraes, Dror and Shaw, Parallel random numbers: as
easy as 1, 2, 3, SC 2011), counter-based and part of numpy; its raw output is stable across
numpy's versions. Its key is a BLAKE2b digest of the names; its 256-bit counter holds the
place in the stream (four numbers to a block) in the first word and `row` in the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ringsim._checks import is_integer
from ringsim.errors import ConfigurationError

__all__ = ["Stream", "check_key_number", "keys", "subject"]

PER_BLOCK = 4
KEY_BITS = 128  # as many as numpy's own entropy has; a key writes the number in decimal digits


def check_key_number(value: object, subject: str) -> None:
    """Raise an error if a number cannot be a seed or a replication.

    Raises
    ------
    ConfigurationError
        If it is not a whole number from 0 to 2**128 - 1.
    """
    if not is_integer(value) or value < 0:  # type: ignore[operator]
        raise ConfigurationError(subject, "must be a whole number, at least 0", value)
    if value >= 2**KEY_BITS:
        raise ConfigurationError(subject, f"must be below 2**{KEY_BITS}", value)


def subject(quantity: str, *about: str) -> bytes:
    """What a stream is about, as its key names it."""
    return "\0".join((quantity, *about)).encode()


@lru_cache(maxsize=256, typed=True)  # scenarios that are compared have the same
def keys(
    seed: int, replications: range | tuple[int, ...], subjects: tuple[bytes, ...]
) -> NDArray[np.uint64]:
    """The keys of R x K streams, shape (R, K, 2): digests of seed, replication and subject.

    They are kept, and nobody may write to them.
    """
    digests = b"".join(
        blake2b(run + about, digest_size=16).digest()
        for run in (f"{seed}\0{replication}\0".encode() for replication in replications)
        for about in subjects
    )
    words = np.frombuffer(bytearray(digests), dtype="<u8")
    return words.reshape(len(replications), len(subjects), 2)


@dataclass(frozen=True)
class Stream:
    """Uniform numbers in [0, 1), determined by a key.

    Parameters
    ----------
    seed, replication : int
        Which numbers, and which set of them.
    quantity : str
        What is drawn: `"talk_time"`, `"answer_delay"`, ...
    about : tuple of str
        Numbers of the group and extension that it is drawn for.

    Examples
    --------
    >>> stream = Stream(seed=7, replication=0, quantity="talk_time", about=("600",))
    >>> bool((stream.take(5, 3) == stream.take(0, 8)[5:]).all())
    True
    """

    seed: int
    replication: int
    quantity: str
    about: tuple[str, ...]

    @property
    def key(self) -> NDArray[np.uint64]:
        """The two words of Philox's key."""
        [[key]] = keys(self.seed, (self.replication,), (subject(self.quantity, *self.about),))
        own: NDArray[np.uint64] = key.copy()
        return own

    def take(self, start: int, count: int, row: int = 0) -> NDArray[np.float64]:
        """Elements `start` to `start + count` of one row of the stream, float64 of that shape.

        Notes
        -----
        Each is the upper 53 bits of a word over 2**53.
        """
        skipped = start % PER_BLOCK
        counter = np.array([start // PER_BLOCK, row, 0, 0], dtype=np.uint64)
        words = np.random.Philox(key=self.key, counter=counter).random_raw(skipped + count)
        return (words[skipped:] >> np.uint64(11)).astype(np.float64) * 2.0**-53
