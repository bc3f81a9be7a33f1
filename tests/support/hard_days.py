"""Hypothesis strategy for difficult days: scenarios and scripted workloads full of coincidences.

`days`
    One to four groups that share up to twelve people, with every strategy, ordering, action
    and setting, and about a dozen calls within a minute. Times are small whole numbers, so that
    many events coincide; or tenths of a second, whose sums are inexact floats; or any floats.
`Day`
    A day as plain data, so that a test of a law can change one thing and play it again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

import ringsim as rs
from ringsim.dispatch import ALL, SORT_FIELDS, TIED, AtOnce, Dispatcher, dispatcher_for
from ringsim.testing import Ordering

PEOPLE = [str(201 + place) for place in range(12)]
GROUPS = ["600", "601", "602", "603"]
ELSEWHERE = "999"
RINGING = [None, None, True, False]  # ringing_is_busy in the rules of a group
ACTIONS = ["HANGUP", "FORWARD_TO_VOICEMAIL", *["REPEAT", "FORWARD_TO_NUMBER"] * 3]


class Call(NamedTuple):
    """A call of a scripted workload; `delays` by extension and ring, `random` by extension."""

    arrives_at: float
    group: str
    talk_time: float
    wrap_up_time: float
    patience: float
    delays: dict[str, list[float]]
    random: dict[str, float]


class OwnCall(NamedTuple):
    at: float
    extension: str
    talk_time: float


@dataclass(frozen=True)
class Day:
    """A scenario, a workload and dispatchers, as plain data."""

    groups: tuple[Mapping[str, Any], ...]
    people: Mapping[str, Sequence[tuple[float, float]] | None]
    ringing_is_busy: bool
    calls: tuple[Call, ...]
    own_calls: tuple[OwnCall, ...]
    dispatchers: Mapping[str, Ordering]

    @property
    def scenario(self) -> rs.Scenario:
        return rs.Scenario(
            groups=list(self.groups),
            extensions=[
                rs.Extension(number) if spans is None else rs.Extension(number, on_duty=spans)
                for number, spans in self.people.items()
            ],
            ringing_is_busy=self.ringing_is_busy,
        )

    @property
    def workload(self) -> rs.Workload:
        calls = self.calls
        people = calls[0].delays if calls else ()
        return rs.Workload(
            arrives_at=[call.arrives_at for call in calls],
            group=[call.group for call in calls],
            talk_time=[call.talk_time for call in calls],
            wrap_up_time=[call.wrap_up_time for call in calls],
            patience=[call.patience for call in calls],
            answer_delay={number: [call.delays[number] for call in calls] for number in people},
            random={number: [call.random[number] for call in calls] for number in people},
            own_calls=self.own_calls,
        )

    def play(self, engine: str) -> rs.CallLog:
        return rs.play(self.scenario, self.workload, engine, dispatcher=self.dispatchers)

    def dispatcher(self, group: Mapping[str, Any]) -> Dispatcher:
        """Return the dispatcher of a group: its ordering, or the dispatcher of its strategy."""
        own = self.dispatchers.get(group["extension_number"])
        return own or dispatcher_for(group["ring_strategy"])

    def with_strategies(self, *strategies: str) -> Day:
        """Return the same day with these strategies assigned to the groups in turn."""
        groups = zip(self.groups, cycle(strategies))
        return replace(
            self,
            groups=tuple({**group, "ring_strategy": strategy} for group, strategy in groups),
            dispatchers={},
        )

    def scaled(self, factor: float) -> Day:
        """Return the same day with all times multiplied."""

        def longer(times: Iterable[float]) -> list[float]:
            return [time * factor for time in times]

        return replace(
            self,
            groups=tuple(
                {
                    **group,
                    "ring_time": group["ring_time"] * factor,
                    "repeat_delay": group["repeat_delay"] * factor,
                }
                for group in self.groups
            ),
            people={
                number: spans and [(start * factor, end * factor) for start, end in spans]
                for number, spans in self.people.items()
            },
            calls=tuple(
                call._replace(
                    arrives_at=call.arrives_at * factor,
                    talk_time=call.talk_time * factor,
                    wrap_up_time=call.wrap_up_time * factor,
                    patience=call.patience * factor,
                    delays={number: longer(delays) for number, delays in call.delays.items()},
                )
                for call in self.calls
            ),
            own_calls=tuple(
                own._replace(at=own.at * factor, talk_time=own.talk_time * factor)
                for own in self.own_calls
            ),
        )

    def renumbered(self, new: Callable[[str], str]) -> Day:
        """Return the same day with the number of every person and group replaced."""
        return Day(
            groups=tuple(
                {
                    **group,
                    "extension_number": new(group["extension_number"]),
                    "members": [
                        {**member, "extension_number": new(member["extension_number"])}
                        for member in group["members"]
                    ],
                    "no_answer_forward_rule": {
                        **group["no_answer_forward_rule"],
                        "number": new(group["no_answer_forward_rule"]["number"]),
                    },
                }
                for group in self.groups
            ),
            people={new(number): spans for number, spans in self.people.items()},
            ringing_is_busy=self.ringing_is_busy,
            calls=tuple(
                call._replace(
                    group=new(call.group),
                    delays={new(number): delays for number, delays in call.delays.items()},
                    random={new(number): draw for number, draw in call.random.items()},
                )
                for call in self.calls
            ),
            own_calls=tuple(own._replace(extension=new(own.extension)) for own in self.own_calls),
            dispatchers={new(number): order for number, order in self.dispatchers.items()},
        )


class Times(NamedTuple):
    """The possible times of a day, 256 of each kind, so that a byte picks one."""

    instants: list[float]
    durations: list[float]
    positive: list[float]

    def mostly_finite(self, byte: int) -> float:
        """Return a duration, seldom infinite: after an infinite talk a person never returns."""
        endless = math.isinf(self.durations[byte]) and byte % 8
        return self.positive[byte] if endless else self.durations[byte]


def _times(unit: float, n: int) -> Times:
    """Return times that are multiples of a unit, with frequent zero and infinite durations."""
    steps = [step * unit for step in range(n)]
    special = [0.0, math.inf] * (n // 7)
    return Times(
        *(_to_256(kind) for kind in ([*steps, *steps, 2 * n * unit], steps + special, steps[1:]))
    )


def _any_times(seed: int) -> Times:
    """Return random floats, which hardly ever coincide."""
    drawn = np.random.default_rng(seed).uniform(0, 30, 200).tolist()
    return Times(
        *(
            _to_256(kind)
            for kind in ([2 * x for x in drawn], [0.0, *drawn, *[0.0, math.inf] * 20], drawn)
        )
    )


def _to_256(values: list[float]) -> list[float]:
    return (values * 256)[:256]


WHOLE, TENTHS = _times(1.0, 7), _times(0.1, 41)
TIMES = st.just(WHOLE) | st.just(TENTHS) | st.builds(_any_times, st.integers(0, 999))


def _bytes(n: int) -> st.SearchStrategy[bytes]:
    """Return a strategy for n choices, one byte each: one fast draw that shrinks to zeros."""
    return st.binary(min_size=n, max_size=n)


MOST_PEOPLE, MOST_MEMBERS = len(PEOPLE), 8
HOW_MANY = [1, 2, 2, 3, 3, 4, 4, 5, 6, 8, 10, 12]  # people; the fewer, the more contention
SIZES = [2, 3, 4, 5, 1, 3, 8, 0]  # members of a group
# Those of rules S1 to S15; `support.option_days` has the others, which need more of an engine
PLAIN_FIELDS = SORT_FIELDS[: SORT_FIELDS.index("random") + 1]
KEYS = st.sampled_from([sign + field for field in PLAIN_FIELDS for sign in ("", "-")])
AT_ONCE: list[int | AtOnce] = [*range(1, MOST_MEMBERS + 2), 2, 3, *[ALL, TIED] * 3]
STRATEGIES = st.sampled_from([*rs.RingStrategy, *[rs.RingStrategy.PAGING_INTERCOM] * 3])
ORDERINGS = st.builds(
    lambda order_by, **attributes: Ordering(*order_by, **attributes),
    st.lists(KEYS, max_size=3),
    at_once=st.sampled_from(AT_ONCE),
    one_wave=st.booleans(),
    auto_answer=st.sampled_from([False] * 5 + [True]),
)


def _group(
    drawn: tuple[bytes, rs.RingStrategy | Ordering],
    number: str,
    people: Sequence[str],
    numbers: Sequence[str],
    times: Times,
) -> dict[str, Any]:
    (size, skip_busy, ring_time, action, to, repeats, delay, *rest), strategy = drawn
    places, levels = rest[:MOST_MEMBERS], rest[MOST_MEMBERS:]
    members = dict.fromkeys(people[place % len(people)] for place in places[: SIZES[size % 8]])
    return {
        "extension_number": number,
        "members": [
            {"extension_number": member, "skill_level": level % 3 + 1}
            for member, level in zip(members, levels, strict=False)
        ],
        "ring_strategy": rs.RingStrategy.CYCLIC_HUNT
        if isinstance(strategy, Ordering)
        else strategy,
        "ring_time": times.positive[ring_time],
        "skip_busy_member": skip_busy % 2 == 0,
        "no_answer_forward_rule": {
            "action": ACTIONS[action % len(ACTIONS)],
            "number": [*numbers, ELSEWHERE][to % (len(numbers) + 1)],
        },
        "max_repeats": repeats % 4,
        "repeat_delay": times.positive[delay] if delay % 3 else 0.0,
        "rules": {"ringing_is_busy": RINGING[skip_busy // 2 % len(RINGING)]},
    }


def _call(drawn: bytes, people: Sequence[str], numbers: Sequence[str], times: Times) -> Call:
    at, group, talk, wrap_up, patience, *rest = drawn
    delays, draws = rest[: 2 * MOST_PEOPLE], rest[2 * MOST_PEOPLE :]
    return Call(
        arrives_at=times.instants[at],
        group=numbers[group % len(numbers)],
        talk_time=times.mostly_finite(talk),
        wrap_up_time=4 * times.mostly_finite(wrap_up) if wrap_up % 3 else 0.0,
        patience=times.durations[patience] if patience % 3 else math.inf,
        delays={
            number: [times.durations[byte] for byte in delays[2 * k : 2 * k + 2]]
            for k, number in enumerate(people)
        },
        random={number: draws[k] % 4 / 4 for k, number in enumerate(people)},
    )


def _duty(drawn: Sequence[int], times: Times) -> list[tuple[float, float]] | None:
    """Return None (always on duty) for two people out of three, else up to two spans."""
    sometimes, n_spans, *bounds = drawn
    if sometimes % 3 != 2:
        return None
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    spans = [(times.instants[start], times.positive[length]) for start, length in pairs]
    return _disjoint(spans[: n_spans % 3])


def _day(
    times: Times,
    n_people: int,
    ringing_is_busy: bool,
    groups: list[tuple[bytes, rs.RingStrategy | Ordering]],
    duty: bytes,
    calls: list[bytes],
    own_calls: list[bytes],
) -> Day:
    people = PEOPLE[:n_people]
    numbers = GROUPS[: len(groups)]
    return Day(
        groups=tuple(
            _group(drawn, number, people, numbers, times)
            for number, drawn in zip(numbers, groups, strict=True)
        ),
        people={number: _duty(duty[6 * k : 6 * k + 6], times) for k, number in enumerate(people)},
        ringing_is_busy=ringing_is_busy,
        calls=tuple(_call(drawn, people, numbers, times) for drawn in calls),
        own_calls=tuple(
            OwnCall(times.instants[at], people[whose % n_people], times.mostly_finite(lasts))
            for at, whose, lasts in own_calls
        ),
        dispatchers={
            number: strategy
            for number, (_, strategy) in zip(numbers, groups, strict=True)
            if isinstance(strategy, Ordering)
        },
    )


GROUP = st.tuples(_bytes(7 + 2 * MOST_MEMBERS), st.one_of(STRATEGIES, ORDERINGS))
DRAWN = st.tuples(
    TIMES,
    st.sampled_from(HOW_MANY),
    st.booleans(),
    st.lists(GROUP, min_size=1, max_size=len(GROUPS)),
    _bytes(6 * MOST_PEOPLE),
    st.lists(_bytes(5 + 3 * MOST_PEOPLE), min_size=6, max_size=16),
    st.lists(_bytes(3), max_size=6),
)
days = DRAWN.map(lambda drawn: _day(*drawn))


def _disjoint(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Convert spans (start, length) to (start, end); drop a span that overlaps an earlier one."""
    kept: list[tuple[float, float]] = []
    for start, length in sorted(spans):
        if start + length > start and (not kept or kept[-1][1] <= start):
            kept.append((start, start + length))
    return kept
