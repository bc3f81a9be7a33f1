"""A workload drawn from a scenario: the inverse of each distribution at keyed uniforms.

A drawn number is the inverse of the distribution at one uniform
number of a `Stream`, keyed by what it is about (see `ringsim.keyed`):

=================== ========================== ===================== ==========
quantity            about                      element               row
=================== ========================== ===================== ==========
`arrival`           group                      k-th call of it
`talk_time`, `wrap_up_time`, `patience`  the same
`answer_delay`      group of arrival, person   k-th call of the group k-th ring
`answered`          the same: the coin of `answer_probability`
`random`            group of arrival, person   k-th call of the group
`own_arrival`, `own_talk_time`  person         k-th own call
=================== ========================== ===================== ==========

Answer delays are evaluated when a phone rings, a block of calls at a time: a hunt looks at
one or two phones of a call, and `REPEAT` may look at one phone often.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringsim.distributions import Constant, Distribution
from ringsim.errors import ConfigurationError
from ringsim.keyed import Stream
from ringsim.people import Demand
from ringsim.scenario import Scenario
from ringsim.workload._inverse import NO_TABLES, at_uniforms, table_of
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
from ringsim.workload._parts import AnswerDelay, Floats, Ints, OwnCalls, RandomDraw, sealed

__all__ = ["Calls", "DrawnPhones", "check_expected", "drawn_calls", "drawn_own_calls", "merged"]

SMALLEST_BLOCK, LARGEST_BLOCK = 64, 4096  # calls whose answer delays are evaluated together
BLOCKS_KEPT = 16  # of one phone


@dataclass(frozen=True)
class Calls:
    """The calls of one group, in the order of arrival: arrays of one length."""

    group: str
    arrives_at: Floats
    talk_time: Floats
    wrap_up_time: Floats
    patience: Floats
    nth: Ints


def drawn_calls(scenario: Scenario, number: str, seed: int, replication: int) -> Calls:
    demand = scenario.demand[number]
    about = (number,)
    arrives_at = _arrivals(demand, scenario.hours, Stream(seed, replication, "arrival", about))
    n = len(arrives_at)

    def drawn(quantity: str, distribution: Distribution) -> Floats:
        uniform = Stream(seed, replication, quantity, about).take(0, n)
        return _inverse(distribution, uniform, f"demand.{number}.{quantity}")

    return Calls(
        group=number,
        arrives_at=arrives_at,
        talk_time=drawn("talk_time", demand.talk_time),
        wrap_up_time=drawn("wrap_up_time", demand.wrap_up_time),
        patience=drawn("patience", demand.patience),
        nth=np.arange(n, dtype=np.int64),
    )


def drawn_own_calls(scenario: Scenario, seed: int, replication: int) -> OwnCalls:
    """Own calls of everybody, by instant, then by number."""
    at: list[Floats] = []
    talk_time: list[Floats] = []
    whose: list[str] = []
    demands = {
        person.extension_number: person.own_calls
        for person in scenario.extensions
        if person.own_calls is not None
    }
    for number, demand in sorted(demands.items()):
        about = (number,)
        begins = _arrivals(demand, scenario.hours, Stream(seed, replication, "own_arrival", about))
        uniform = Stream(seed, replication, "own_talk_time", about).take(0, len(begins))
        at.append(begins)
        talk_time.append(_inverse(demand.talk_time, uniform, f"{number}.own_calls.talk_time"))
        whose += [number] * len(begins)
    begins = np.concatenate(at) if at else np.empty(0)
    order = np.argsort(begins, kind="stable")
    talks = np.concatenate(talk_time) if talk_time else np.empty(0)
    return OwnCalls(
        at=sealed(begins[order]),
        extension=tuple(whose[place] for place in order.tolist()),
        talk_time=sealed(talks[order]),
    )


def _arrivals(demand: Demand, hours: float, stream: Stream) -> Floats:
    """Instants of arrival in [0, 3600 hours), in order; given ones as they are.

    A Poisson process of rate 1 is drawn by its gaps and carried to the demand's own time by
    the inverse of its expected number of calls, which is exact for rates that change by
    steps (Çinlar, Introduction to Stochastic Processes, 1975, section 4.7): no interval is
    skipped however short, and a longer day keeps the earlier calls.
    """
    if demand.arrives_at is not None:
        return np.sort(np.array(demand.arrives_at, dtype=np.float64))
    end = hours * 3600.0
    rates = demand.calls_per_hour
    if isinstance(rates, tuple):
        per_second = np.array(rates, dtype=np.float64) / 3600.0
        edges = np.arange(len(rates) + 1, dtype=np.float64) * float(demand.interval)
    else:
        per_second = np.array([float(rates or 0)]) / 3600.0
        edges = np.array([0.0, math.inf])
    busy = per_second > 0
    starts, stops, per_second = edges[:-1][busy], edges[1:][busy], per_second[busy]
    if not len(per_second):
        return np.empty(0)
    expected = np.cumsum(per_second * (stops - starts))
    before = np.concatenate(([0.0], expected[:-1]))
    reached = _poisson_sums(stream, demand.expected_calls(hours))
    reached = reached[reached < expected[-1]]
    interval = np.searchsorted(expected, reached, side="right")
    with np.errstate(over="ignore"):  # of a rate near 0, which is beyond the end
        instants: Floats = starts[interval] + (reached - before[interval]) / per_second[interval]
    return instants[instants < end]


def _poisson_sums(stream: Stream, limit: float) -> Floats:
    """Running sums of exponential gaps of mean 1, up to the first beyond `limit`."""
    parts: list[Floats] = []
    total, drawn = 0.0, 0
    count = int(limit + 6 * math.sqrt(limit) + 16)
    while total <= limit:
        gaps = -np.log1p(-stream.take(drawn, count))
        gaps[0] += total  # sums as one running sum over all parts, whatever their lengths
        parts.append(np.cumsum(gaps))
        total, drawn = float(parts[-1][-1]), drawn + count
    return np.concatenate(parts)


def _inverse(distribution: Distribution, uniform: Floats, subject: str) -> Floats:
    try:
        drawn = at_uniforms(distribution, uniform)
    except (ArithmeticError, RuntimeError, ValueError):  # of parameters beyond scipy's reach
        drawn = np.full(1, math.nan)
    if np.isnan(drawn).any() or (drawn < 0).any():
        raise ConfigurationError(
            subject, "must have an inverse (ppf) that is a time, at least 0", str(distribution)
        )
    return drawn


def merged(parts: Sequence[Calls]) -> tuple[Ints, Calls]:
    """Which part each call comes from, and all calls by instant, then by number of the group."""
    if not parts:
        none = np.empty(0)
        whole = np.empty(0, dtype=np.int64)
        return whole, Calls("", none, none, none, none, whole)
    source = np.repeat(np.arange(len(parts)), [len(part.nth) for part in parts])
    arrives_at = np.concatenate([part.arrives_at for part in parts])
    order = np.argsort(arrives_at, kind="stable")
    return source[order], Calls(
        group="",
        arrives_at=sealed(arrives_at[order]),
        talk_time=sealed(np.concatenate([part.talk_time for part in parts])[order]),
        wrap_up_time=sealed(np.concatenate([part.wrap_up_time for part in parts])[order]),
        patience=sealed(np.concatenate([part.patience for part in parts])[order]),
        nth=np.concatenate([part.nth for part in parts])[order],
    )


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
        drawn = _inverse(delay, _uniforms(key, start, count, ring, DELAY), subject)
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


def check_expected(scenario: Scenario, most_calls: float) -> None:
    own = (person.own_calls for person in scenario.extensions if person.own_calls is not None)
    demands = [*scenario.demand.values(), *own]
    expected = sum(demand.expected_calls(scenario.hours) for demand in demands)
    if expected > most_calls:
        raise ConfigurationError(
            "expected number of calls",
            f"must be at most {most_calls:,.0f}",
            f"{expected:,.0f}",
            "Draw with most_calls= to raise the limit.",
        )
