"""The phones of a drawn workload, which provide the delay of each ring: answers or declines."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringsim.distributions import Constant, Distribution, Empirical
from ringsim.errors import ConfigurationError
from ringsim.scenario import Scenario
from ringsim.workload._batch import AnswerDelay, Floats, Ints, RandomDraw, Reached, Replications
from ringsim.workload._inverse_tables import NO_TABLES, checked_inverse, table_of
from ringsim.workload._jit_draws import (
    ATTEMPT,
    COIN,
    CONSTANT,
    DELAY,
    GIVEN,
    NO_LIMIT,
    RANDOM,
    SAMPLES,
    TABLE,
    PhoneArrays,
    answer_delays,
    phone_uniforms,
)
from ringsim.workload._keys import keys, subject

__all__ = ["DrawnPhones", "PhoneSampler"]

SMALLEST_BLOCK, LARGEST_BLOCK = 64, 4096  # calls whose answer delays are evaluated together
KEY_OF = {"answer": "phone"}  # names of quantities in the keys of random numbers, where they differ
BLOCKS_KEPT = 16  # cached for each phone
FEW_RINGS, MOST_LAID_OUT = 4, 2**20  # rings per call, and rings in total; each needs a `ppf`


class _Streams(NamedTuple):
    """Streams of the pairs of a group and a person who may ring for its calls."""

    subjects: tuple[bytes, ...]  # of which keys are made
    at: Ints  # place of each in a table of all groups and people, row by row


class PhoneSampler:
    """People's answer behaviour as arrays for compiled code, prepared once for all replications."""

    def __init__(
        self, scenario: Scenario, groups: tuple[str, ...], quantity: str = "answer"
    ) -> None:
        self.scenario = scenario
        self.groups = groups
        self.quantity = quantity
        self._ready: dict[tuple[str, ...], PhoneArrays] = {}
        self._streams: dict[tuple[tuple[str, ...], tuple[Sequence[int], ...]], _Streams] = {}

    def ready(self, extensions: tuple[str, ...]) -> PhoneArrays:
        """Return the phones of people without keys."""
        if extensions not in self._ready:
            self._ready[extensions] = self._phones(extensions)
        return self._ready[extensions]

    def streams(self, extensions: tuple[str, ...], reached: Reached | None) -> _Streams:
        """Return the streams of all groups and the people who may ring for their calls.

        A telephone system with many groups has far more other pairs of a group and a person.
        """
        everybody = range(len(extensions))
        who: tuple[Sequence[int], ...] = tuple(
            everybody if reached is None else reached.get(group, ()) for group in self.groups
        )
        if (extensions, who) not in self._streams:
            pairs = [(group, place) for group, some in enumerate(who) for place in some]
            quantity = KEY_OF.get(self.quantity, self.quantity)
            self._streams[extensions, who] = _Streams(
                tuple(
                    subject(quantity, self.groups[group], extensions[place])
                    for group, place in pairs
                ),
                np.array([group * len(extensions) + place for group, place in pairs], np.int64),
            )
        return self._streams[extensions, who]

    @property
    def numbers(self) -> tuple[str, ...]:
        """Extension numbers of all people."""
        return self.scenario.extension_numbers

    @property
    def are_fast(self) -> bool:
        """True if compiled code can evaluate all answer delays, without `ppf`."""
        return not (self.ready(self.numbers).kind == GIVEN).any()

    def delay_of(self, extension: str) -> Distribution:
        """Return the distribution of a person's delays."""
        delay: Distribution = getattr(self.scenario.extension(extension), f"{self.quantity}_delay")
        return delay

    def probability_of(self, extension: str) -> float:
        """Return the probability that a ring has a finite delay."""
        person = self.scenario.extension(extension)
        probability: float = getattr(person, f"{self.quantity}_probability")
        return probability

    def path_of(self, extension: str) -> str:
        """Return the path of the delays in the scenario, for errors."""
        return f"{extension}.{self.quantity}_delay"

    def _phones(self, extensions: tuple[str, ...]) -> PhoneArrays:
        n = len(extensions)
        phones = PhoneArrays(
            kind=np.zeros(n, dtype=np.int64),
            at=np.zeros(n, dtype=np.int64),
            by_call=np.ones(n, dtype=np.bool_),
            rings=np.zeros(n, dtype=np.int64),
            limit=np.full(n, NO_LIMIT),
            probability=np.ones(n),
            random_at=np.full(n, -1),
            random_by_call=np.zeros(n, dtype=np.bool_),
            random_picks=np.ones(n, dtype=np.int64),
            given=np.empty(0),
            tables=NO_TABLES,
            keys=np.zeros((max(len(self.groups), 1), n, 2), dtype=np.uint64),
        )
        given: list[float] = []
        tables: dict[int, Floats] = {}
        for i, number in enumerate(extensions):
            delay = self.delay_of(number)
            phones.probability[i] = self.probability_of(number)
            if isinstance(delay, (Constant, Empirical)):
                values = delay.samples if isinstance(delay, Empirical) else (delay.value,)
                phones.kind[i] = SAMPLES if isinstance(delay, Empirical) else CONSTANT
                phones.at[i], phones.rings[i] = len(given), len(values)
                given += values
            elif (table := table_of(delay)) is not None:
                tables.setdefault(id(table), table)
                phones.kind[i], phones.at[i] = TABLE, list(tables).index(id(table))
            else:
                phones.kind[i], phones.limit[i] = GIVEN, 0
        return phones._replace(
            given=np.array(given),
            tables=np.stack(list(tables.values())) if tables else NO_TABLES,
        )


class DrawnPhones:
    """Answer delays and draws of a scenario's people, evaluated when phones ring.

    The compiled engine evaluates them one by one. For the SimPy engine, the same function
    evaluates a block of calls at a time, to reduce overhead. Blocks of first rings are larger,
    because almost every call needs the first ring of a phone, and few calls need later ones.
    """

    def __init__(
        self, habits: PhoneSampler, seed: int, replications: Replications, key_row: Ints, nth: Ints
    ) -> None:
        self._habits = habits
        self._runs = (seed, replications)
        self._key_row = key_row  # of each call: by replication, then group
        self._nth = nth
        self._block = min(max(len(nth), SMALLEST_BLOCK), LARGEST_BLOCK)

    def answer_delay_of(self, extension: str) -> AnswerDelay:
        phones = self.arrays((extension,), rings=0)
        if phones.kind[0] == GIVEN:
            return self._by_blocks(
                lambda row, start, count, ring: self._by_ppf(
                    extension, phones, 0, row, np.arange(start, start + count), ring
                )
            )

        def evaluate(row: int, start: int, count: int, ring: int) -> Floats:
            out = np.empty(count)
            answer_delays(phones, 0, row, start, ring, out)
            return out

        return self._by_blocks(evaluate)

    def random_of(self, extension: str) -> RandomDraw:
        draw = self.redrawn_of(extension)
        return lambda call: draw(call, 0)

    def redrawn_of(self, extension: str) -> AnswerDelay:
        phones = self.arrays((extension,), rings=0)
        return self._by_blocks(
            lambda row, start, count, pick: _uniforms(
                phones.keys[row, 0], np.arange(start, start + count), pick, RANDOM
            )
        )

    @property
    def named(self) -> Mapping[str, str]:
        """No names: everybody of the scenario has a phone."""
        return {}

    @property
    def places(self) -> tuple[Ints, Ints]:
        """Row of keys and number in that row of each call: see `Phones.places`."""
        return self._key_row, self._nth

    def of_attempts(self, caller: Ints, attempt: Ints) -> DrawnPhones:
        """Return the phones for attempts as calls: see `Phones.of_attempts`."""
        nth = self._nth[caller] + attempt * ATTEMPT
        return DrawnPhones(self._habits, *self._runs, self._key_row[caller], nth)

    def arrays(
        self, extensions: Sequence[str], rings: int, reached: Reached | None = None
    ) -> PhoneArrays:
        """Return the phones as arrays for compiled code: see `Phones.arrays`."""
        phones = self._habits.ready(tuple(extensions))
        if self._habits.groups:
            phones = phones._replace(keys=self._keys(tuple(extensions), reached))
        to_lay_out = np.flatnonzero(phones.kind == GIVEN).tolist() if rings else []
        if not to_lay_out:
            return phones
        if rings > FEW_RINGS and len(to_lay_out) * len(self._nth) * rings > MOST_LAID_OUT:
            number = extensions[to_lay_out[0]]
            raise ConfigurationError(
                self._habits.path_of(number),
                "must have an inverse that is fast where phones ring so often",
                str(self._habits.delay_of(number)),
                "Give samples of it, or use engine='simpy'.",
            )
        given = [phones.given]
        at, limit, per_call = phones.at.copy(), phones.limit.copy(), phones.rings.copy()
        for place in to_lay_out:
            at[place] = sum(map(len, given))
            limit[place] = per_call[place] = rings
            given.append(self._laid_out(extensions[place], phones, place, rings))
        return phones._replace(at=at, limit=limit, rings=per_call, given=np.concatenate(given))

    def _keys(self, extensions: tuple[str, ...], reached: Reached | None) -> NDArray[np.uint64]:
        """Return the keys of phones by row and extension; 0 for those who cannot ring."""
        subjects, at = self._habits.streams(extensions, reached)  # in rising order of `at`
        known = keys(*self._runs, subjects)
        n_runs, n_groups = len(self._runs[1]), len(self._habits.groups)
        if len(at) < n_groups * len(extensions):
            some, known = known, np.zeros((n_runs, n_groups * len(extensions), 2), np.uint64)
            known[:, at] = some
        return known.reshape(n_runs * n_groups, len(extensions), 2)

    def _laid_out(self, extension: str, phones: PhoneArrays, place: int, rings: int) -> Floats:
        """Return the delays of the first rings of every call, evaluated by `ppf`."""
        delays = np.empty((len(self._nth), rings))
        for row in range(len(phones.keys)):
            mine = self._key_row == row
            for ring in range(rings):
                delays[mine, ring] = self._by_ppf(
                    extension, phones, place, row, self._nth[mine], ring
                )
        return delays.ravel()

    def _by_ppf(
        self,
        extension: str,
        phones: PhoneArrays,
        place: int,
        row: int,
        calls: Ints,
        ring: int,
    ) -> Floats:
        """Return the same as `answer_delays`, for a distribution without a table."""
        key = phones.keys[row, place]
        delay = self._habits.delay_of(extension)
        uniform = _uniforms(key, calls, ring, DELAY)
        drawn = checked_inverse(delay, uniform, self._habits.path_of(extension))
        unanswered = _uniforms(key, calls, ring, COIN) >= phones.probability[place]
        return np.where(unanswered, math.inf, drawn)

    def _by_blocks(self, evaluate: Callable[[int, int, int, int], Floats]) -> AnswerDelay:
        """Return a function that evaluates blocks of calls and caches the last few."""
        first, key_row, nth = self._block, memoryview(self._key_row), memoryview(self._nth)
        blocks: dict[tuple[int, int, int, int], memoryview[float]] = {}

        def look_up(call: int, ring: int, attempt: int = 0) -> float:
            size = SMALLEST_BLOCK if ring or attempt else first
            block, index = divmod(nth[call] + attempt * ATTEMPT, size)
            key = (key_row[call], block, size, ring)
            values = blocks.get(key)
            if values is None:
                if len(blocks) >= BLOCKS_KEPT:
                    del blocks[next(iter(blocks))]
                drawn = evaluate(key_row[call], block * size, size, ring)
                values = blocks[key] = memoryview(drawn)
            return values[index]

        return look_up


def _uniforms(key: NDArray[np.uint64], calls: Ints, ring: int, word: int) -> Floats:
    out = np.empty(len(calls))
    phone_uniforms(key[0], key[1], calls, ring, word, out)
    return out
