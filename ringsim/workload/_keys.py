"""Uniform random numbers by key: a key determines its numbers, regardless of other draws.

`Stream`
    An infinite sequence of uniform numbers with one key; any slice can be computed directly.
`keys`, `subject`
    Compute the keys of many streams at once.
`seed_of_day`
    Return the seed of one weekday of a study.
`check_key_number`
    Checks a seed or the number of a replication.

Every random number of a run is element `k` of a stream. The key of the stream names the seed,
the replication, the quantity, and the group and people concerned. No key contains a position in
a list, so that a new member, group or hour changes no other number.

The generator is Philox 4x64-10 (Salmon, Moraes, Dror and Shaw, Parallel random numbers: as
easy as 1, 2, 3, SC 2011), which is counter-based and part of numpy; its raw output is stable
across numpy's versions. Its key is a BLAKE2b digest of the names. Its 256-bit counter holds the
index in the stream (four numbers per block) in the first word and `row` in the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ringsim._checks import is_integer
from ringsim.errors import ConfigurationError

__all__ = ["N_SEEDS", "Stream", "check_key_number", "keys", "seed_of_day", "subject"]

PER_BLOCK = 4
KEY_BITS = 128  # like numpy's entropy; the digest is of the number's decimal digits
N_SEEDS = 2**KEY_BITS
FEW_KEYS = 4096  # 64 KB


def check_key_number(value: object, subject: str) -> None:
    """Check a seed or the number of a replication.

    Raises
    ------
    ConfigurationError
        If the value is not an integer from 0 to 2**128 - 1.
    """
    if not is_integer(value) or value < 0:  # type: ignore[operator]
        raise ConfigurationError(subject, "must be a whole number, at least 0", value)
    if value >= N_SEEDS:
        raise ConfigurationError(subject, f"must be below 2**{KEY_BITS}", value)


def seed_of_day(seed: int, days: Sequence[str]) -> int:
    """Return the seed of a scenario's only day; without a weekday, the seed itself.

    So the random numbers of a replication of a week are independent from day to day, and a day
    has the same ones whatever other days the week has.
    """
    if not days:
        return seed
    [day] = days
    return int.from_bytes(blake2b(f"{seed}\0{day}".encode(), digest_size=16).digest(), "little")


def subject(quantity: str, *about: str) -> bytes:
    """Return the part of a stream's key that names the quantity, group and person."""
    return "\0".join((quantity, *about)).encode()


def keys(
    seed: int, replications: range | tuple[int, ...], subjects: tuple[bytes, ...]
) -> NDArray[np.uint64]:
    """Return the keys of R x K streams, shape (R, K, 2).

    A key is a digest of seed, replication and subject. The array is cached, as compared scenarios
    share keys: do not write to it.
    """
    are_few = len(replications) * len(subjects) <= FEW_KEYS
    return (_few_keys if are_few else _many_keys)(seed, replications, subjects)


def _digested(
    seed: int, replications: range | tuple[int, ...], subjects: tuple[bytes, ...]
) -> NDArray[np.uint64]:
    digests = b"".join(
        blake2b(run + about, digest_size=16).digest()
        for run in (f"{seed}\0{replication}\0".encode() for replication in replications)
        for about in subjects
    )
    words = np.frombuffer(bytearray(digests), dtype="<u8")
    return words.reshape(len(replications), len(subjects), 2)


_few_keys = lru_cache(maxsize=256, typed=True)(_digested)
_many_keys = lru_cache(maxsize=4, typed=True)(_digested)  # they can take megabytes


@dataclass(frozen=True)
class Stream:
    """An infinite sequence of uniform numbers in [0, 1), determined by a key.

    Parameters
    ----------
    seed, replication : int
        Seed of a study, and number of a replication in the study.
    quantity : str
        The quantity drawn: `"talk_time"`, `"answer_delay"`, ...
    about : tuple of str
        Extension numbers of the group and the person concerned.

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
        """Return `count` elements of one row of the stream, from index `start`.

        Notes
        -----
        Each element is the upper 53 bits of a word, divided by 2**53.
        """
        skipped = start % PER_BLOCK
        counter = np.array([start // PER_BLOCK, row, 0, 0], dtype=np.uint64)
        words = np.random.Philox(key=self.key, counter=counter).random_raw(skipped + count)
        return (words[skipped:] >> np.uint64(11)).astype(np.float64) * 2.0**-53
