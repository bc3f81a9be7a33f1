"""The phones of a drawn workload: how soon, and whether, each ring would be answered."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ringsim.distributions import Constant, Distribution
from ringsim.keyed import Stream
from ringsim.scenario import Scenario
from ringsim.workload._inverse import NO_TABLES, checked_inverse, table_of
from ringsim.workload._jit_draws import (
    COIN,
    CONSTANT,
    DELAY,
    GIVEN,
    NO_LIMIT,
    RANDOM,
    TABLE,
    PhoneArrays,
    answer_delays,
    phone_uniforms,
)
from ringsim.workload._parts import AnswerDelay, Floats, Ints, RandomDraw

__all__ = ["DrawnPhones"]

SMALLEST_BLOCK, LARGEST_BLOCK = 64, 4096  # calls whose answer delays are evaluated together
BLOCKS_KEPT = 16  # of one phone


class DrawnPhones:
    """Answer delays and draws of a scenario's people, evaluated when phones ring.

    Compiled code evaluates them one by one. For the SimPy engine they are evaluated a block
    of calls at a time, by the same function: the larger the block, the less its overhead
    counts; first rings are looked at by almost every call, later rings of a phone by few.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        replication: int,
        groups: tuple[str, ...],
        group_of: Ints,
        nth: Ints,
    ) -> None:
        self._scenario = scenario
        self._key = (seed, replication)
        self._groups = groups
        self._group_of = group_of
        self._nth = nth
        self._block = min(max(len(nth), SMALLEST_BLOCK), LARGEST_BLOCK)

    def answer_delay_of(self, extension: str) -> AnswerDelay:
        phones = self.arrays((extension,), rings=0)
        if phones.kind[0] == GIVEN:
            return self._by_blocks(
                lambda group, start, count, ring: self._by_ppf(
                    extension, phones, 0, group, start, count, ring
                )
            )

        def evaluate(group: int, start: int, count: int, ring: int) -> Floats:
            out = np.empty(count)
            answer_delays(phones, 0, group, start, ring, out)
            return out

        return self._by_blocks(evaluate)

    def random_of(self, extension: str) -> RandomDraw:
        phones = self.arrays((extension,), rings=0)
        draw = self._by_blocks(
            lambda group, start, count, ring: _uniforms(
                phones.keys[group, 0], start, count, ring, RANDOM
            )
        )
        return lambda call: draw(call, 0)

    @property
    def places(self) -> tuple[Ints, Ints]:
        """See `Phones.places`."""
        return self._group_of, self._nth

    def arrays(self, extensions: Sequence[str], rings: int) -> PhoneArrays:
        """See `Phones.arrays`."""
        n = len(extensions)
        people = [self._scenario.extension(number) for number in extensions]
        made = [_prepared(person.answer_delay) for person in people]
        tables = list({id(table): table for _, _, table in made if table is not None}.values())
        table_at = {id(table): place for place, table in enumerate(tables)}
        phones = PhoneArrays(
            kind=np.array([kind for kind, _, _ in made], dtype=np.int64),
            at=np.array([table_at.get(id(table), 0) for _, _, table in made], dtype=np.int64),
            by_call=np.ones(n, dtype=np.bool_),
            rings=np.full(n, rings),
            limit=np.array(
                [rings if kind == GIVEN else NO_LIMIT for kind, _, _ in made], dtype=np.int64
            ),
            probability=np.array([float(person.answer_probability) for person in people]),
            random_at=np.full(n, -1),
            random_by_call=np.zeros(n, dtype=np.bool_),
            given=np.empty(0),
            tables=np.stack(tables) if tables else NO_TABLES,
            keys=self._keys(extensions),
        )
        given: list[Floats] = []
        filled = 0
        for place, (kind, value, _) in enumerate(made):
            if kind == CONSTANT:
                given.append(np.array([value]))
            elif kind == GIVEN and rings:
                given.append(self._laid_out(extensions[place], phones, place, rings))
            else:
                continue
            phones.at[place] = filled
            filled += len(given[-1])
        return phones._replace(given=np.concatenate(given)) if given else phones

    def _keys(self, extensions: Sequence[str]) -> NDArray[np.uint64]:
        keys = np.zeros((max(len(self._groups), 1), len(extensions), 2), dtype=np.uint64)
        for at, group in enumerate(self._groups):
            for place, extension in enumerate(extensions):
                keys[at, place] = Stream(*self._key, "phone", (group, extension)).key
        return keys

    def _laid_out(self, extension: str, phones: PhoneArrays, place: int, rings: int) -> Floats:
        """Delays of every call for its first rings, where only `ppf` can tell them."""
        delays = np.empty((len(self._nth), rings))
        for group in range(len(self._groups)):
            mine = self._group_of == group
            for ring in range(rings):
                delays[mine, ring] = self._by_ppf(
                    extension, phones, place, group, 0, int(mine.sum()), ring
                )
        return delays.ravel()

    def _by_ppf(
        self,
        extension: str,
        phones: PhoneArrays,
        place: int,
        group: int,
        start: int,
        count: int,
        ring: int,
    ) -> Floats:
        """What `answer_delays` gives, of a distribution that has no table."""
        key = phones.keys[group, place]
        delay = self._scenario.extension(extension).answer_delay
        subject = f"{extension}.answer_delay"
        drawn = checked_inverse(delay, _uniforms(key, start, count, ring, DELAY), subject)
        missed = _uniforms(key, start, count, ring, COIN) >= phones.probability[place]
        return np.where(missed, math.inf, drawn)

    def _by_blocks(self, evaluate: Callable[[int, int, int, int], Floats]) -> AnswerDelay:
        """Values by call and ring, from blocks of which the last few are kept."""
        first, group_of, nth = self._block, memoryview(self._group_of), memoryview(self._nth)
        blocks: dict[tuple[int, int, int], memoryview[float]] = {}

        def look_up(call: int, ring: int) -> float:
            size = first if ring == 0 else SMALLEST_BLOCK
            block, place = divmod(nth[call], size)
            which = (group_of[call], block, ring)
            values = blocks.get(which)
            if values is None:
                if len(blocks) >= BLOCKS_KEPT:
                    del blocks[next(iter(blocks))]
                drawn = evaluate(group_of[call], block * size, size, ring)
                values = blocks[which] = memoryview(drawn)
            return values[place]

        return look_up


def _prepared(delay: Distribution) -> tuple[int, float, Floats | None]:
    """How a delay is evaluated: by its constant, by its table, or else by its `ppf`."""
    if isinstance(delay, Constant):
        return CONSTANT, delay.value, None
    table = table_of(delay)
    return (GIVEN if table is None else TABLE), math.nan, table


def _uniforms(key: NDArray[np.uint64], start: int, count: int, ring: int, word: int) -> Floats:
    out = np.empty(count)
    phone_uniforms(key[0], key[1], start, ring, word, out)
    return out
