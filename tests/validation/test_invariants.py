"""The invariants I1 to I18 of `cases.json`: relations between runs.

An invariant of single calls is tested call by call, on random days or random scripts. An
invariant of long-run averages is tested on a long run, within four standard errors of its batch
means. Little's law (I18) holds on every sample path and is tested exactly.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations, cycle, islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from support.hard_days import Day, days
from support.played import (
    INF,
    NUMBER,
    Rows,
    Span,
    frames,
    group,
    rows,
    scene,
    script,
    standard_error,
)

law = settings(max_examples=60)

SEED = 11
SIGMAS = 4
HUNTS = ["PRIORITIZED_HUNT", "CYCLIC_HUNT", "LEAST_WORKED_HUNT"]
SKILLED = [f"SKILL_BASED_ROUTING_{hunt}" for hunt in HUNTS]
SERIAL = [*HUNTS, *SKILLED]
FAN_OUT = "RING_SIMULTANEOUSLY"
PAGE = "PAGING_INTERCOM"


# Scripted calls


@st.composite
def busy_hour(draw: st.DrawFn, *, most: int = 25) -> dict[str, Any]:
    """Draw arrivals and talk times with much contention: whole seconds with ties, or any floats."""
    n = draw(st.integers(1, most))
    time = draw(st.sampled_from([st.integers(0, 40).map(float), st.floats(0, 40)]))
    arrives_at = draw(st.lists(time, min_size=n, max_size=n))
    talk_time = draw(st.lists(time, min_size=n, max_size=n))
    return {"arrives_at": arrives_at, "talk_time": talk_time}


def at_once(calls: dict[str, Any], members: str) -> rs.Workload:
    """Return a workload in which every member answers as soon as they are rung."""
    return script(
        *calls["arrives_at"],
        talk=calls["talk_time"],
        **dict.fromkeys(members.replace(" ", ""), 0.0),
    )


# Delays of three members for each call; calls are so far apart that all members are free again.
FAR_APART = 1000.0
SECONDS = st.integers(0, 40)
DELAYS = st.lists(
    st.fixed_dictionaries({letter: SECONDS.map(float) | st.just(INF) for letter in "ABC"}),
    min_size=1,
    max_size=12,
)


C = rs.Extension(NUMBER["C"])  # who is called by no group of two


def far_apart(delays: Sequence[dict[str, float]], **more: Any) -> rs.Workload:
    return script(
        *(call * FAR_APART for call in range(len(delays))),
        **{letter: [of_call[letter] for of_call in delays] for letter in "ABC"},
        **more,
    )


def outcomes(log: rs.CallLog) -> Rows:
    return rows(log.calls, "outcome")


def answered(log: rs.CallLog) -> Rows:
    return rows(log.calls, "outcome", "answered_by")


# Long runs


def erlang_b(members: int, load: float) -> float:
    """Return Erlang's loss by its recursion."""
    blocked = 1.0
    for n in range(1, members + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def long_run(
    ringing: rs.RingGroup,
    people: Sequence[rs.Extension],
    engine: str,
    n: int = 20_000,
    **fields: Any,
) -> Span:
    """Play n calls, one `every` so many seconds or Poisson at `rate`; `fields` are of `Demand`."""
    every, rate = fields.pop("every", None), fields.pop("rate", None)
    gaps = np.full(n, every) if every else np.random.default_rng(SEED).exponential(1 / rate, n)
    demand = rs.Demand(arrives_at=np.cumsum(gaps).tolist(), **fields)
    scenario = rs.Scenario(groups=[ringing], extensions=people, demand={"600": demand})
    workload = rs.Workload.draw(scenario, seed=SEED)
    return Span.of(rs.play(scenario, workload, engine), workload)


def share(number: str) -> Callable[[Span], float]:
    """Return the fraction of answered calls that a member answers, as a function of a run."""
    return lambda run: float((run.answered_by[run.ended("answered")] == number).mean())


def loss(run: Span) -> float:
    return float(run.ended("overflowed").mean())


def estimate(figure: Callable[[Span], float], run: Span, bias: float = 0.0) -> Any:
    """Return a figure for comparison within four standard errors plus a known bias."""
    return pytest.approx(figure(run), rel=0, abs=SIGMAS * standard_error(figure, run) + bias)


def people(members: str, **habits: Any) -> list[rs.Extension]:
    return [rs.Extension(NUMBER[letter], **habits) for letter in members.split()]


def of_probability(*chances: float) -> list[rs.Extension]:
    """Return people who answer at once with these probabilities, or not at all."""
    return [
        rs.Extension(number, answer_delay=0, answer_probability=chance)
        for number, chance in zip(NUMBER.values(), chances, strict=False)
    ]


@law
@given(day=days)
def test_i1_outcomes_add_up_and_so_do_shares(day: Day, engine: str) -> None:
    """Answered + overflowed + abandoned = offered; every answer but a page has a member."""
    log = day.play(engine)
    counts = Counter(outcome for (outcome,) in outcomes(log))
    assert sum(counts[o] for o in ("answered", "overflowed", "abandoned")) == len(day.calls)
    paged = set(rows(log.rings[log.rings["result"] == "paged"], "call"))
    by_member = Counter(member for _, member in answered(log) if member is not None)
    assert by_member.total() == counts["answered"] - len(paged)


@law
@given(calls=busy_hour(), levels=st.lists(st.integers(1, 3), min_size=3, max_size=3))
def test_i2_immediate_answers_make_all_strategies_alike(
    calls: dict[str, Any], levels: list[int], engine: str
) -> None:
    """One idle member is enough: the same calls are answered in any order of ringing."""
    members = " ".join(f"{letter}{level}" for letter, level in zip("ABC", levels, strict=True))
    workload = at_once(calls, "A B C")
    expected = outcomes(rs.play(scene("A B C"), workload, engine))
    for strategy in [*SERIAL, FAN_OUT]:
        log = rs.play(scene(group(members, strategy)), workload, engine)
        assert outcomes(log) == expected, strategy


@pytest.mark.parametrize(
    "talk_time",
    [
        pytest.param(stats.expon(scale=120), id="exponential"),
        pytest.param(120, id="constant"),
        pytest.param(rs.lognormal(mean=120, cv=1.2), id="lognormal"),
    ],
)
@pytest.mark.parametrize("strategy", [*SERIAL, FAN_OUT])
def test_i3_loss_is_erlangs_whatever_the_strategy_and_the_talk_time(
    strategy: str, talk_time: Any, engine: str
) -> None:
    """Insensitivity: only the mean of the talk time matters; 2.4 erlang on three members."""
    ringing = group("A2 B1 C1", strategy)
    run = long_run(
        ringing, people("A B C", answer_delay=0), engine, rate=0.02, talk_time=talk_time, n=8000
    )
    assert estimate(loss, run) == erlang_b(3, 2.4)


@law
@given(calls=busy_hour())
def test_i4_members_at_the_end_change_nothing_for_the_first(
    calls: dict[str, Any], engine: str
) -> None:
    """PRIORITIZED_HUNT with immediate answers: the first two ring as if there were no others."""
    workload = at_once(calls, "A B C D")
    first = {NUMBER["A"], NUMBER["B"]}
    others = [rs.Extension(NUMBER[name]) for name in "CD"]
    few = rs.play(scene("A B").replace(extensions=others), workload, engine).rings
    many = rs.play(scene("A B C D"), workload, engine).rings
    assert rows(many[many["member"].isin(first)]) == rows(few)


@pytest.mark.parametrize("hunt", HUNTS)
@law
@given(day=days)
def test_i5_one_skill_level_is_none(hunt: str, day: Day, engine: str) -> None:
    """All members on one level: SKILL_BASED_ROUTING_X is X, call by call."""
    level = replace(
        day,
        groups=tuple(
            {**g, "members": [{**m, "skill_level": 7} for m in g["members"]]} for g in day.groups
        ),
    )
    skilled = level.with_strategies(f"SKILL_BASED_ROUTING_{hunt}")
    assert frames(skilled.play(engine)) == frames(day.with_strategies(hunt).play(engine))


@law
@given(day=days)
def test_i6_with_one_member_all_hunts_are_one(day: Day, engine: str) -> None:
    """Groups of one member: the six hunts do the same, call by call."""
    alone = replace(day, groups=tuple({**g, "members": g["members"][:1]} for g in day.groups))
    expected = frames(alone.with_strategies(HUNTS[0]).play(engine))
    for strategy in SERIAL:
        assert frames(alone.with_strategies(strategy).play(engine)) == expected, strategy


@law
@given(delays=DELAYS)
def test_i7_a_cyclic_hunt_without_contention_rings_in_strict_turn(
    delays: list[dict[str, float]], engine: str
) -> None:
    """Members ring in turn A, B, C, A, B, C, ... whichever of them answers."""
    log = rs.play(scene(group("A B C", "CYCLIC_HUNT")), far_apart(delays), engine)
    in_turn = islice(cycle([NUMBER["A"], NUMBER["B"], NUMBER["C"]]), len(log.rings))
    assert rows(log.rings, "member") == [(number,) for number in in_turn]


def test_i7_shares_of_a_cyclic_hunt_are_as_the_chances_of_an_answer(engine: str) -> None:
    run = long_run(
        group("A B C", "CYCLIC_HUNT"),
        of_probability(0.9, 0.5, 0.2),
        engine,
        every=600,
        talk_time=60,
    )
    for letter, chance in zip("ABC", (0.9, 0.5, 0.2), strict=True):
        assert estimate(share(NUMBER[letter]), run) == chance / 1.6


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        pytest.param((0.6, 0.6, 0.6, 0.6), (1 / 4,) * 4, id="equal chances, equal shares"),
        pytest.param((0.9, 0.3), (3 / 4, 1 / 4), id="of two, as their chances"),
    ],
)
def test_i8_shares_of_a_least_worked_hunt(
    chances: tuple[float, ...], expected: tuple[float, ...], engine: str
) -> None:
    members = " ".join("ABCD"[: len(chances)])
    ringing = group(members, "LEAST_WORKED_HUNT")
    run = long_run(ringing, of_probability(*chances), engine, every=600, talk_time=60)
    for letter, value in zip(members.split(), expected, strict=True):
        assert estimate(share(NUMBER[letter]), run) == value


def test_i8_of_more_than_two_the_ratio_of_shares_is_between_1_and_that_of_chances(
    engine: str,
) -> None:
    """Three members, chances 0.9, 0.6 and 0.3."""
    chances = {"A": 0.9, "B": 0.6, "C": 0.3}
    ringing = group("A B C", "LEAST_WORKED_HUNT")
    run = long_run(ringing, of_probability(*chances.values()), engine, every=600, talk_time=60)
    for more, less in ("AB", "BC", "AC"):

        def ratio(part: Span, more: str = more, less: str = less) -> float:
            return share(NUMBER[more])(part) / share(NUMBER[less])(part)

        error = SIGMAS * standard_error(ratio, run)
        assert ratio(run) - error > 1
        assert ratio(run) < chances[more] / chances[less] + error


@law
@given(delays=DELAYS, order=st.permutations("ABC"))
def test_i9_without_contention_the_order_decides_no_outcome(
    delays: list[dict[str, float]], order: list[str], engine: str
) -> None:
    """PRIORITIZED_HUNT: the order of members does not change which calls are answered."""
    workload = far_apart(delays)
    expected = outcomes(rs.play(scene("A B C"), workload, engine))
    assert outcomes(rs.play(scene(" ".join(order)), workload, engine)) == expected


def test_i9_but_the_order_decides_the_wait(engine: str) -> None:
    workload = far_apart([{"A": 5.0, "B": INF, "C": INF}])
    waits = [
        rows(rs.play(scene(members).replace(extensions=[C]), workload, engine).calls, "wait")
        for members in ("A B", "B A")
    ]
    assert waits == [[(5.0,)], [(25.0,)]]


@pytest.mark.parametrize("strategy", [*SERIAL, FAN_OUT])
@law
@given(delays=DELAYS, ring_time=st.integers(1, 45), longer=st.integers(0, 20))
def test_i10_ringing_longer_loses_no_answer(
    strategy: str, delays: list[dict[str, float]], ring_time: int, longer: int, engine: str
) -> None:
    """Without contention, a call that is answered is also answered with a longer ring time."""

    def answers(time: float) -> set[int]:
        log = rs.play(scene(group("A B C", strategy, ring_time=time)), far_apart(delays), engine)
        return {
            call for call, outcome in rows(log.calls, "call", "outcome") if outcome == "answered"
        }

    assert answers(ring_time) <= answers(ring_time + longer)


def test_i10_with_exponential_delays_every_second_of_ringing_counts(engine: str) -> None:
    """Strictly more answers; with immediate answers the ring time makes no difference."""
    slow, quick = (people("A B", answer_delay=delay) for delay in (stats.expon(scale=20), 0))
    for who, increasing in ((slow, True), (quick, False)):
        rates = [
            long_run(group("A B", ring_time=time), who, engine, every=600, talk_time=60, n=1000)
            .ended("answered")
            .mean()
            for time in (5, 10, 20, 40)
        ]
        assert (np.diff(rates) > 0).all() if increasing else rates == [1.0] * 4


def test_i11_scaling_times_leaves_rates_and_multiplies_waits(engine: str) -> None:
    """Rates per hour are multiplied by 1/4, durations and hours by 4, with the same seed."""

    def office(c: float) -> rs.Scenario:
        return rs.Scenario(
            groups=[
                group("A B C", "CYCLIC_HUNT", ring_time=15 * c, action="REPEAT", repeat_delay=c)
            ],
            extensions=people(
                "A B C", answer_delay=stats.expon(scale=12 * c), answer_probability=0.8
            ),
            demand={
                "600": rs.Demand(
                    calls_per_hour=60 / c,
                    talk_time=stats.expon(scale=150 * c),
                    wrap_up_time=10 * c,
                    patience=stats.expon(scale=60 * c),
                )
            },
            hours=2 * c,
        )

    one, four = (
        rs.simulate(office(c), replications=3, seed=SEED, engine=engine) for c in (1.0, 4.0)
    )
    for name in ("offered", "answer_rate", "abandonment_rate", "overflow_rate", "rings_per_call"):
        assert four.summary()["estimate"][name] == one.summary()["estimate"][name]
    assert one.summary()["estimate"]["mean_speed_of_answer"] * 4 == pytest.approx(
        four.summary()["estimate"]["mean_speed_of_answer"], rel=1e-12
    )
    for replication in range(3):
        waits = one.replay(replication).calls["wait"] * 4
        assert waits.tolist() == four.replay(replication).calls["wait"].tolist()


@pytest.mark.parametrize("strategy", [*SERIAL, FAN_OUT])
@law
@given(
    arrivals=st.lists(st.integers(0, 30), min_size=1, max_size=20, unique=True),
    lengths=st.lists(st.integers(0, 9), min_size=20, max_size=20),
)
def test_i12_ringing_busy_members_only_takes_longer(
    strategy: str, arrivals: list[int], lengths: list[int], engine: str
) -> None:
    """Ring time far below talk time: equal outcomes, one more ring time per busy member rung.

    Blocked calls overflow after three ring times (one for a fan-out) instead of at once.
    """
    workload = at_once(
        {
            "arrives_at": [1000.0 * k for k in arrivals],
            "talk_time": [1000.0 * k + 500 for k in lengths[: len(arrivals)]],
        },
        "A B C",
    )
    skipping, ringing = (
        rs.play(
            scene(group("A B C", strategy, ring_time=1, skip_busy_member=skip)), workload, engine
        )
        for skip in (True, False)
    )
    assert outcomes(skipping) == outcomes(ringing)
    if "CYCLIC" not in strategy:  # its memory counts the rings of busy members
        assert answered(skipping) == answered(ringing)
    assert set(rows(skipping.calls, "wait")) == {(0.0,)}
    for outcome, wait, n_rings in rows(ringing.calls, "outcome", "wait", "n_rings"):
        if strategy == FAN_OUT:
            assert wait == (0.0 if outcome == "answered" else 1.0)
        else:
            assert wait == (n_rings - 1.0 if outcome == "answered" else 3.0)


@pytest.mark.parametrize("strategy", SERIAL)
def test_i13_callers_who_try_one_phone_find_all_busy_equally_often(
    strategy: str, engine: str
) -> None:
    """The loss is 1 / sum over subsets S of |S|! prod 1 / (p A): Anantharam, Gopinath, Hajela."""
    chances, load = (0.9, 0.6, 0.35), 2.2
    total = sum(
        math.factorial(size) * math.prod(1 / (chances[i] * load) for i in subset)
        for size in range(4)
        for subset in combinations(range(3), size)
    )
    run = long_run(
        group("A1 B2 C1", strategy, ring_time=1),
        of_probability(*chances),
        engine,
        rate=load / 20_000,
        talk_time=stats.expon(scale=20_000),
        patience=0.5,
    )
    assert estimate(loss, run, bias=0.0003) == 1 / total  # callers wait half a second, not zero


DISTINCT = st.lists(
    st.lists(SECONDS, min_size=3, max_size=3, unique=True).map(
        lambda delays: dict(zip("ABC", delays, strict=True))
    ),
    min_size=1,
    max_size=12,
)


@law
@given(delays=DELAYS, other=st.permutations("ABC"))
def test_i14_members_of_a_prioritized_hunt_are_only_names(
    delays: list[dict[str, float]], other: list[str], engine: str
) -> None:
    """If members swap positions, phones and delays, their results are swapped too."""
    name = dict(zip("ABC", other, strict=True))
    log = rs.play(scene("A B C"), far_apart(delays), engine)
    exchanged = [{name[letter]: delay for letter, delay in of_call.items()} for of_call in delays]
    as_other = rs.play(scene(" ".join(other)), far_apart(exchanged), engine)
    new = {NUMBER[letter]: NUMBER[name[letter]] for letter in "ABC"}
    assert answered(as_other) == [(outcome, new.get(member)) for outcome, member in answered(log)]
    assert rows(as_other.calls, "wait") == rows(log.calls, "wait")


@law
@given(delays=DISTINCT, order=st.permutations("ABC"))
def test_i14_the_order_of_a_fan_out_changes_nothing(
    delays: list[dict[str, float]], order: list[str], engine: str
) -> None:
    """Without ties, each member answers the same calls after the same wait."""
    workload = far_apart(delays)
    one, other = (
        rs.play(scene(group(" ".join(members), FAN_OUT)), workload, engine).calls
        for members in ("ABC", order)
    )
    assert rows(one) == rows(other)


@law
@given(day=days)
def test_i15_patience_beyond_every_event_is_no_end_of_patience(day: Day, engine: str) -> None:
    def with_patience(seconds: float) -> rs.CallLog:
        calls = tuple(call._replace(patience=seconds) for call in day.calls)
        return replace(day, calls=calls).play(engine)

    endless, long = with_patience(INF), with_patience(1e9)
    assert "abandoned" not in set(endless.calls["outcome"])
    assert rows(endless.calls.drop(columns="patience")) == rows(long.calls.drop(columns="patience"))
    assert rows(endless.rings) == rows(long.rings)


@law
@given(day=days)
def test_i15_without_patience_only_immediate_answers_count(day: Day, engine: str) -> None:
    calls = tuple(call._replace(patience=0.0) for call in day.calls)
    log = replace(day, calls=calls).play(engine)
    assert {wait for (wait,) in rows(log.calls, "wait")} == {0.0}
    for call, member, result in rows(log.rings, "call", "member", "result"):
        if result == "answered":
            assert day.calls[call].delays[member][0] == 0


@law
@given(n=st.integers(1, 8), calls=st.integers(1, 5), talk=st.floats(0, 900))
def test_i16_a_page_without_contention_reaches_everybody_at_once(
    n: int, calls: int, talk: float, engine: str
) -> None:
    members = "ABCDEFGH"[:n]
    workload = script(*(call * FAR_APART for call in range(calls)), talk=talk)
    log = rs.play(scene(group(" ".join(members), PAGE)), workload, engine)
    assert rows(log.calls, "outcome", "wait", "n_rings") == [("answered", 0.0, n)] * calls
    assert rows(log.rings, "member") == [(NUMBER[letter],) for letter in members] * calls


@pytest.mark.parametrize("talk_time", [stats.expon(scale=45), 45, stats.uniform(0, 90)])
def test_i16_pages_under_load_are_lost_as_calls_on_one_line(talk_time: Any, engine: str) -> None:
    """The loss is a / (1 + a) for any talk time distribution; a = 0.7 erlang."""
    run = long_run(
        group("A B C", PAGE), people("A B C"), engine, rate=0.7 / 45, talk_time=talk_time
    )
    assert estimate(loss, run) == 0.7 / 1.7


@law
@given(calls=busy_hour())
def test_i17_overflow_into_a_second_group_is_a_longer_first_group(
    calls: dict[str, Any], engine: str
) -> None:
    """With immediate answers, outcome and answering member are equal call by call."""
    workload = at_once(calls, "A B C D")
    two = scene(group("A B", to="601"), group("C D", number="601"))
    to_the_first = rs.Workload(
        arrives_at=workload.arrives_at,
        talk_time=workload.talk_time,
        group="600",
        answer_delay=dict.fromkeys([NUMBER[letter] for letter in "ABCD"], 0.0),
    )
    assert answered(rs.play(two, to_the_first, engine)) == answered(
        rs.play(scene("A B C D"), workload, engine)
    )


def afternoon() -> tuple[rs.Scenario, rs.Workload]:
    """Return 300 calls in the first of two hours, to a hunt of three members, without wrap-up."""
    calls = script(
        *np.sort(np.random.default_rng(SEED).uniform(0, 3600, 300)).tolist(),
        talk=[40, 60, 80] * 100,
        A=[3, INF] * 150,
        C=8,
        patience=[25, INF, INF] * 100,
    )
    return scene(group("A B C", "CYCLIC_HUNT"), hours=2), calls


def test_i18_callers_ringing_are_arrivals_times_time_in_the_group(engine: str) -> None:
    """Little's law on a sample path: phones ring exactly as long as callers wait."""
    log = rs.play(*afternoon(), engine)
    number_ringing = (log.rings["ended_at"] - log.rings["started_at"]).sum() / 7200
    arrival_rate, time_in_group = 300 / 7200, (log.visits["left_at"] - log.visits["entered_at"])
    assert number_ringing == pytest.approx(arrival_rate * time_in_group.mean(), rel=1e-12)
    assert time_in_group.mean() == pytest.approx(log.calls["wait"].mean(), rel=1e-12)


def test_i18_occupancies_are_arrivals_times_answer_rate_times_talk(engine: str) -> None:
    log = rs.play(*afternoon(), engine)
    answer_rate = log.summary()["estimate"]["answer_rate"]
    talk_time = log.calls["talk_time"].mean()  # of answered calls
    assert 0 < answer_rate < 1
    assert log.members()["occupancy"].sum() == pytest.approx(
        300 / 7200 * answer_rate * talk_time, rel=1e-12
    )


def test_i18_in_the_long_run(engine: str) -> None:
    """The same law with the mean talk time of the demand instead of that of the calls."""
    run = long_run(
        group("A B C", "CYCLIC_HUNT"),
        people("A B C", answer_delay=stats.expon(scale=8)),
        engine,
        rate=0.02,
        talk_time=stats.expon(scale=120),
    )

    def difference(part: Span) -> float:
        occupied = sum(part.occupancy(NUMBER[letter]) for letter in "ABC")
        return occupied - part.ended("answered").sum() / (part.ends_at - part.starts_at) * 120

    assert estimate(difference, run) == 0
