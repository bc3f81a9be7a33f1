"""Metrics of members: counts by group, and shares of the time on duty.

Each case is one day made by hand, with its seconds of talk, ring and wrap-up worked out.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringsim as rs
from ringsim.metrics import Roster, few_events
from ringsim.metrics._jit_time_use import _on_duty_before, _sort, _union
from support.effort import lines_run
from support.played import INF, NUMBER, group, scene, script

HOUR = 3600


def seconds(
    scenario: rs.Scenario, workload: rs.Workload, member: str = "A", on_duty: float = HOUR
) -> tuple[float, float, float]:
    """Return the seconds of talk, ring and wrap-up of a member, from the shares of time on duty."""
    members = rs.play(scenario, workload).members()
    row = members.xs(NUMBER[member], level="member").iloc[0]
    talk, ring, wrap_up = row[["talk_share", "ring_share", "wrap_up_share"]] * on_duty
    assert row["occupancy"] * on_duty == pytest.approx(talk + wrap_up, rel=1e-12)
    return round(talk, 9), round(ring, 9), round(wrap_up, 9)


def test_a_call_is_ring_then_talk_then_wrap_up() -> None:
    day = script(100, talk=60, wrap_up=20, A=5)
    assert seconds(scene("A", hours=1), day) == (60, 5, 20)


def test_a_phone_that_rings_for_two_calls_rings_once() -> None:
    """Rings 0-20 and 10-30; the third 100-120."""
    assert seconds(scene("A", hours=1), script(0, 10, 100)) == (0, 30 + 20, 0)


def test_a_ring_inside_another_ring_adds_nothing() -> None:
    day = script(0, 5, patience=[INF, 3])
    assert seconds(scene("A", hours=1), day) == (0, 20, 0)


def test_own_calls_are_talk_if_they_take_place() -> None:
    """The second own call finds A on a call, the third finds A in wrap-up."""
    day = script(0, talk=100, wrap_up=50, A=0, own=[(200, "A", 30), (50, "A", 9), (120, "A", 9)])
    assert seconds(scene("A", hours=1), day) == (130, 0, 50)


def test_wrap_up_that_a_page_fills_with_talk_is_talk() -> None:
    """Wrap-up 30-130, a page 50-90 on top of it: 40 s of talk more, 40 s of wrap-up less."""
    scenario = scene("A", group("A", "PAGING_INTERCOM", "601"), hours=1)
    day = script(0, 50, talk=[30, 40], wrap_up=[100, 999], to=["600", "601"], A=0)
    assert seconds(scenario, day) == (70, 0, 60)


@pytest.mark.parametrize("seed", range(20))
def test_without_wrap_up_its_share_is_0_to_the_last_bit(seed: int) -> None:
    """There are many talks, whose sum depends on the order of adding."""
    random = np.random.default_rng(seed)
    arrives_at = np.sort(random.random(200)) * HOUR
    talk = random.random(200) * np.diff(arrives_at, append=HOUR)
    day = script(*arrives_at, talk=talk, A=0)
    assert rs.play(scene("A", hours=1), day).members()["wrap_up_share"].tolist() == [0]


def test_only_what_lies_within_duty_counts() -> None:
    """On duty 0-100 and 200-300: ring 90-95, talk 95-225, wrap-up to 325."""
    scenario = scene("A", duty={"A": [(0, 100), (200, 300)]}, hours=1)
    day = script(90, talk=130, wrap_up=100, A=5)
    assert seconds(scenario, day, on_duty=200) == (5 + 25, 5, 75)


def test_only_what_lies_within_the_hours_counts() -> None:
    """Ring 3590-3595, talk from then on; the second call rings after the hour."""
    day = script(3590, 3700, talk=90, A=5)
    assert seconds(scene("A", hours=1), day) == (5, 5, 0)


def test_duty_beyond_the_hours_is_no_time_on_duty() -> None:
    """On duty 1800-9000, of which half an hour counts."""
    scenario = scene("A", duty={"A": [(1800, 9000)]}, hours=1)
    assert seconds(scenario, script(2000, talk=60, A=0), on_duty=1800) == (60, 0, 0)


def test_a_call_without_end_fills_the_hours() -> None:
    assert seconds(scene("A", hours=1), script(600, talk=INF, A=0)) == (3000, 0, 0)


def test_shares_are_the_same_in_every_group_and_counts_are_the_groups_own() -> None:
    """A answers two calls of 600 and one of 601; the second call of 601 rings A unanswered."""
    scenario = scene("A B", group("A", number="601"), hours=1)
    day = script(
        *(0, 200, 400, 600),
        talk=60,
        wrap_up=30,
        to=["600", "600", "601", "601"],
        A=[1, 2, 3, INF],
    )
    members = rs.play(scenario, day).members()
    of_600, of_601 = members.loc[("600", "201")], members.loc[("601", "201")]
    shares = ["talk_share", "ring_share", "wrap_up_share", "occupancy"]
    assert of_600[shares].tolist() == pytest.approx([180 / 3600, 26 / 3600, 90 / 3600, 270 / 3600])
    assert of_601[shares].equals(of_600[shares])
    counts = ["rung", "answered", "ring_no_answer", "answer_share", "interruptions_per_hour"]
    assert of_600[counts].tolist() == [2, 2, 0, 1, 2]
    assert of_601[counts].tolist() == [2, 1, 1, 1, 2]
    assert members.loc[("600", "202"), counts].tolist() == [0, 0, 0, 0, 0]


def test_pages_are_neither_rung_nor_answered_but_interrupt() -> None:
    log = rs.play(scene(group("A B", "PAGING_INTERCOM"), hours=1), script(0, 100, talk=30))
    for _, row in log.members().iterrows():
        counts = row[["rung", "answered", "ring_no_answer", "paged", "interruptions_per_hour"]]
        assert counts.tolist() == [0, 0, 0, 2, 2]
        assert np.isnan(row["answer_share"])
        assert row["talk_share"] == pytest.approx(60 / 3600)


def test_losers_of_a_simultaneous_ring_are_rung_and_not_ring_no_answers() -> None:
    log = rs.play(scene(group("A B", "RING_SIMULTANEOUSLY")), script(0, A=5))
    columns = ["rung", "answered", "ring_no_answer", "answer_share"]
    assert log.members().loc[("600", "202"), columns].tolist() == [1, 0, 0, 0]


def test_who_is_never_on_duty_has_counts_and_no_shares() -> None:
    members = rs.play(scene("A B", duty={"A": []}), script(0, B=0)).members()
    never = members.loc[("600", "201")]
    assert never[["rung", "answered", "answer_share"]].tolist() == [0, 0, 0]
    shares = ["talk_share", "ring_share", "wrap_up_share", "occupancy", "interruptions_per_hour"]
    assert never[shares].isna().all()


def test_rows_are_the_seats_in_the_configured_order() -> None:
    members = rs.play(
        scene("C A", group("B A", number="601"), group("", number="602")), script()
    ).members()
    assert members.index.tolist() == [
        ("600", "203"),
        ("600", "201"),
        ("601", "202"),
        ("601", "201"),
    ]


def test_without_members_there_are_columns_and_no_rows() -> None:
    members = rs.play(scene(group("")), script(0)).members()
    with_some = rs.play(scene("A"), script(0)).members()
    assert len(members) == 0
    assert members.index.names == ["group", "member"]
    assert members.dtypes.equals(with_some.dtypes)


def test_each_metric_has_its_bounds_beside_it() -> None:
    columns = rs.play(scene("A"), script(0)).members().columns.tolist()
    assert columns[:3] == ["rung", "rung_low", "rung_high"]
    assert columns.pop() == "note"
    assert columns[1::3] == [f"{name}_low" for name in columns[::3]]
    assert columns[2::3] == [f"{name}_high" for name in columns[::3]]


# Time on duty, second by second

INSTANTS = st.integers(0, 30)
ENDS = st.integers(1, 30)
STRETCHES = st.lists(st.tuples(INSTANTS, INSTANTS).map(sorted), max_size=6)


def covered(
    duty: tuple[tuple[float, float], ...] | None, end: int, parts: list[list[int]]
) -> float:
    """Return the time on duty within some intervals, as the compiled reduction computes it."""
    person = rs.Extension("201", on_duty=duty)
    groups = [{"extension_number": "600", "members": ["201"]}]
    people = Roster(rs.Scenario(groups=groups, extensions=[person], hours=end / 3600)).people
    starts, ends = (
        np.array([_on_duty_before(people, 0, float(part[side])) for part in parts])
        for side in (0, 1)
    )
    _sort(starts, ends, ends.copy())
    return _union(starts, ends)


@given(edges=st.lists(INSTANTS, unique=True, max_size=6).map(sorted), end=ENDS, parts=STRETCHES)
def test_time_covered_is_counted_in_seconds_of_duty_once_each(
    edges: list[int], end: int, parts: list[list[int]]
) -> None:
    """The expected time counts the whole seconds of a small day."""
    spans = tuple((float(a), float(b)) for a, b in zip(edges[::2], edges[1::2], strict=False))
    on_duty = {second for a, b in spans for second in range(int(a), int(b)) if second < end}
    inside = {second for a, b in parts for second in range(a, b)}
    assert covered(spans, end, parts) == pytest.approx(len(inside & on_duty), abs=1e-9)


@given(end=ENDS, parts=STRETCHES)
def test_without_spans_everybody_is_on_duty_all_hours(end: int, parts: list[list[int]]) -> None:
    assert covered(None, end, parts) == covered(((0.0, 99.0),), end, parts)


@given(st.lists(st.tuples(INSTANTS, INSTANTS, INSTANTS), max_size=60))
def test_rows_are_sorted_by_all_three_columns(rows: list[tuple[int, int, int]]) -> None:
    columns = [np.array([row[place] for row in rows], dtype=float) for place in range(3)]
    _sort(*columns)
    assert list(zip(*columns, strict=True)) == sorted(rows)


@pytest.mark.parametrize("far", [1, 10, 100], ids="{} rows off".format)
def test_rows_far_from_their_places_are_sorted(far: int) -> None:
    rows = [(float(at // far * far - at % far), 1.0, float(at % 3)) for at in range(100)]
    columns = [np.array([row[place] for row in rows]) for place in range(3)]
    _sort(*columns)
    assert list(zip(*columns, strict=True)) == sorted(rows)


def test_a_row_names_its_metrics_with_few_events() -> None:
    one = rs.play(scene("A"), script(0, A=5)).members()
    assert one["note"].iloc[0].startswith("few events: rung, answered, ring_no_answer, paged")
    many = rs.play(scene("A", hours=12), script(*range(0, 40_000, 1_000), A=5)).members()
    assert many["note"].iloc[0] == "few events: ring_no_answer, paged, answer_share"


@pytest.mark.parametrize("end", [1, 2])
def test_interruptions_are_counted_while_duty_is(end: int) -> None:
    """Rings at 0, 4000 and 5000 s: one in the first hour, three in two."""
    members = rs.play(scene("A", hours=end), script(0, 4000, 5000, A=5)).members()
    assert members["interruptions_per_hour"].iloc[0] == pytest.approx({1: 1, 2: 1.5}[end])


@pytest.mark.parametrize(
    ("note", "marked"),
    [
        ("few events: wait_p90, paged", {"wait_p90", "paged"}),
        ("few events: answer_wait_p90", {"answer_wait_p90"}),
        ("", set()),
        ("within 20 s", set()),
    ],
)
def test_a_note_marks_the_metrics_that_it_names_in_full(note: str, marked: set[str]) -> None:
    names = ("wait_p90", "answer_wait_p90", "paged", "rung")
    assert {name for name in names if few_events(note, name)} == marked


@pytest.mark.parametrize("per_group", [1, 400])
def test_the_work_of_the_tables_grows_with_the_members_and_not_with_their_square(
    per_group: int,
) -> None:
    """Many groups of one member each, or one of many: four times as many are four times the work.

    The square would be sixteen times.
    """

    def lines(n: int) -> int:
        people = [str(2001 + i) for i in range(n)]
        groups = [
            {"extension_number": str(600_000 + first), "members": people[first : first + per_group]}
            for first in range(0, n, per_group)
        ]
        log = rs.play(rs.Scenario(groups=groups, hours=1), rs.Workload(arrives_at=[], talk_time=1))
        return lines_run(lambda: (log.members(), log.summary()))

    lines(4)  # imports what tables need
    assert lines(1600) < 5 * lines(400)
