"""Every ring, call and wait of a log is in its ring chart, where and when it was, and no other."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

import ringsim as rs
from ringsim.plot import ring_chart
from support.drawn import Box, bars, fresh_axes, instants, labels, legend, lines, points, shown
from support.hard_days import Day, days
from support.helpers import makes_or_refuses, refusal
from support.played import INF, group, rows, scene, script

law = settings(max_examples=15)


def chart(log: rs.CallLog, *args: Any, **kwargs: Any) -> Axes:
    return ring_chart(log, *args, **kwargs, ax=fresh_axes())


def seats(ax: Axes) -> dict[str, tuple[float, float]]:
    """Return top and bottom of each row, by group and member, in order."""
    names = [name for name in lines(ax) if name.startswith("row-")]
    bottoms = {name: float(lines(ax)[name][0].get_ydata()[0]) for name in names}
    found, tops = {}, [0.0, *bottoms.values()]
    for (name, bottom), top in zip(bottoms.items(), tops, strict=False):
        found[name.removeprefix("row-")] = (top, bottom)
    return found


def sees(ax: Axes, start: float, end: float) -> bool:
    low, high = ax.get_xlim()
    return start <= high and end >= low


def clipped(ax: Axes, instant: float) -> float:
    """Return the instant moved near the window if it is far outside, even infinite."""
    low, high = ax.get_xlim()
    return min(max(instant, low - (high - low)), high + (high - low))


def expected(log: rs.CallLog, ax: Axes) -> dict[str, tuple[str, float, float]]:
    """Return row and span of time of each visible bar, by name."""
    found: dict[str, tuple[str, float, float]] = {}
    places = seats(ax)
    lasts = {call: times for call, *times in rows(log.calls, "call", "talk_time", "wrap_up_time")}
    groups = defaultdict(list)
    for each in log.scenario.groups:
        for member in each.members:
            groups[member.extension_number].append(each.extension_number)

    def add(name: str, seat: str, start: float, end: float) -> None:
        if sees(ax, start, end) and seat in places:
            found[name] = (seat, clipped(ax, start), clipped(ax, end))

    for row, (call, of, member, start, end, result) in enumerate(rows(log.rings)):
        if result != "paged":
            add(f"ring-{row}", f"{of}-{member}", start, end)
        if result not in ("answered", "paged"):
            continue
        talk_time, wrap_up_time = lasts[call]
        for other in groups[member]:
            also = "" if other == of else f"-{other}"
            add(f"talk-{row}{also}", f"{other}-{member}", end, end + talk_time)
            if result == "answered" and wrap_up_time > 0:
                free_at = end + talk_time + wrap_up_time
                add(f"wrap-up-{row}{also}", f"{other}-{member}", end + talk_time, free_at)
    for row, (member, start, talk_time, taken) in enumerate(rows(log.own_calls)):
        for other in groups[member] if taken else ():
            add(f"own-{row}-{other}", f"{other}-{member}", start, start + talk_time)
    return found


# Laws


@law
@given(day=days, data=st.data())
def test_every_ring_and_call_in_the_window_is_drawn_and_no_other(
    day: Day, data: st.DataObject
) -> None:
    log = day.play("compiled")
    bounds = data.draw(st.none() | st.tuples(st.floats(-5, 60), st.floats(0.5, 80)))
    window = {} if bounds is None else {"start": bounds[0], "end": sum(bounds)}
    ax = chart(log, **window)
    drawn, places = bars(ax), seats(ax)
    told = expected(log, ax)
    assert set(drawn) == set(told)
    for name, (seat, start, end) in told.items():
        box = drawn[name]
        top, bottom = places[seat]
        assert box.left == start
        assert box.right == pytest.approx(end, rel=1e-12, abs=1e-12)  # drawn by its width
        assert top < box.top < box.bottom < bottom


@law
@given(day=days)
def test_groups_in_which_something_happens_have_a_row_for_each_member_as_configured(
    day: Day,
) -> None:
    log = day.play("compiled")
    ax = chart(log)
    names = list(seats(ax))
    shown_groups = list(dict.fromkeys(name.split("-")[0] for name in names))
    assert names == [
        f"{number}-{member['extension_number']}"
        for number in shown_groups
        for each in day.groups
        if each["extension_number"] == number
        for member in each["members"]
    ]
    visits = rows(log.visits, "group", "entered_at", "left_at")
    visited = {of for of, start, end in visits if sees(ax, start, end)}
    with_members = {each["extension_number"] for each in day.groups if each["members"]}
    assert visited & with_members <= set(shown_groups)
    assert labels(ax) == ["callers", *(name.split("-")[1] for name in names)]


@law
@given(day=days)
def test_no_ring_hides_another_or_a_call(day: Day) -> None:
    """A page may hide a wrap-up, during which the phone is called all the same."""
    drawn = bars(chart(day.play("compiled")))
    for (name, box), (other_name, other) in combinations(drawn.items(), 2):
        if "wrap-up" in name + other_name and "ring" not in name + other_name:
            continue
        assert not box.overlaps(_slightly_smaller(other)), (name, other_name)


def _slightly_smaller(box: Box) -> Box:
    """Return the span a little smaller, as widths are differences and have rounding errors."""
    slack = 1e-9 * max(1.0, abs(box.left), abs(box.right))
    return box._replace(left=box.left + slack, right=box.right - slack)


@law
@given(day=days)
def test_marks_tell_how_rings_and_waits_end(day: Day) -> None:
    log = day.play("compiled")
    ax = chart(log)
    ends: dict[str, list[float]] = defaultdict(list)
    for start, result in rows(log.rings, "ended_at", "result"):
        if result != "answered":
            ends[result].append(start)
    for at, wait, outcome in rows(log.calls, "arrives_at", "wait", "outcome"):
        ends["arrival"].append(at)
        ends["caller_gave_up" if outcome == "abandoned" else outcome].append(at + wait)
    for call, entered_at in rows(log.visits, "call", "entered_at"):
        ends[f"visits-{call}"].append(entered_at)
    forwards = [at for name in list(ends) if "visits" in name for at in ends.pop(name)[1:]]
    ends["forward"] = forwards
    for kind, at in ends.items():
        assert instants(ax, kind) == sorted(x for x in at if sees(ax, x, x)), kind


@law
@given(day=days)
def test_callers_wait_from_arrival_to_outcome_on_lines_of_their_own(day: Day) -> None:
    log = day.play("compiled")
    ax = chart(log)
    first_bar = min((box.top for box in bars(ax).values()), default=math.inf)
    drawn = {name: points(ax, name) for name in lines(ax) if name.startswith("wait-")}
    told = {
        f"wait-{call}": (clipped(ax, at), clipped(ax, at + wait))
        for call, at, wait in rows(log.calls, "call", "arrives_at", "wait")
        if sees(ax, at, at + wait)
    }
    assert {name: (start, end) for name, [(start, _), (end, _)] in drawn.items()} == told
    for [(start, y), (end, _)], [(other_start, other_y), (other_end, _)] in combinations(
        drawn.values(), 2
    ):
        assert max(y, other_y) < first_bar
        assert y != other_y or start >= other_end or other_start >= end


# Which stretch of time


def spread(n: int) -> rs.CallLog:
    """Return a log with calls at 0, 100, 200, ..., and eight last calls 10 s apart."""
    early = [100.0 * place for place in range(n - 8)]
    late = [100.0 * (n - 8) + 10 * place for place in range(8)]
    return rs.play(scene("A"), script(*early, *late, talk=5, A=1))


def test_few_calls_are_shown_from_the_first_arrival_until_all_is_over() -> None:
    low, high = chart(rs.play(scene("A B"), script(10, 40, talk=20, A=5))).get_xlim()
    assert 10 - 0.05 * (high - low) < low < 10
    assert 65 < high < 65 + 0.05 * (high - low)


def test_of_many_calls_the_eight_closest_together_are_shown() -> None:
    ax = chart(spread(20))
    assert [name for name in lines(ax) if name.startswith("wait-")] == [
        f"wait-{call}" for call in range(12, 20)
    ]


def test_a_long_call_does_not_squeeze_the_rings() -> None:
    low, high = chart(rs.play(scene("A"), script(0, talk=36_000, A=5))).get_xlim()
    assert high - low < 60


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"start": 250, "end": 420}, (250, 420)),
        ({"start": 1210}, (1210, None)),
        ({"end": 420}, (None, 420)),
        ({"calls": [3, 4], "end": 999}, (None, 999)),
    ],
)
def test_a_bound_that_is_given_is_kept(
    window: dict[str, Any], expected: tuple[float | None, float | None]
) -> None:
    found = chart(spread(20), **window).get_xlim()
    assert found[0] < found[1]
    for bound, value in zip(found, expected, strict=True):
        assert value is None or bound == value


def test_calls_that_are_asked_for_are_coloured_and_others_grey() -> None:
    log = rs.play(scene("A B C"), script(0, 10, 20, talk=30, A=4, B=4, C=4))
    ax = chart(log, [2, 1])
    colours = {
        patch.get_gid(): to_hex(patch.get_facecolor())
        for patch in ax.patches
        if str(patch.get_gid()).startswith("talk")
    }
    grey = colours.pop("talk-0")
    assert len(set(colours.values())) == 2
    assert grey not in colours.values()
    red, green, blue = (int(grey[place : place + 2], 16) for place in (1, 3, 5))
    assert red == green == blue


@given(st.floats(-1e6, 1e6) | st.none(), st.floats(-1e6, 1e6) | st.none())
@settings(max_examples=15)
def test_any_window_is_drawn_or_refused(start: float | None, end: float | None) -> None:
    log = spread(9)
    makes_or_refuses(lambda: chart(log, start=start, end=end))


BAD_WINDOWS = [
    (
        {"calls": [20]},
        "calls must be numbers of calls, from 0 to 19, got 20.",
    ),
    ({"calls": [True]}, "calls must be numbers of calls, from 0 to 19, got True."),
    ({"calls": ["0"]}, "calls must be numbers of calls, from 0 to 19, got '0'."),
    ({"calls": 3}, "calls must be a list of numbers of calls, got 3."),
    ({"calls": "3"}, "calls must be a list of numbers of calls, got '3'."),
    ({"calls": []}, "calls must name at least one call, got []."),
    ({"start": INF}, "start must be a finite number of seconds, got inf."),
    ({"end": "09:00"}, "end must be a finite number of seconds, got '09:00'."),
    ({"start": 5, "end": 5}, "end must be after start, 5, got 5."),
]


@pytest.mark.parametrize(("window", "sentence"), BAD_WINDOWS, ids=lambda case: str(case)[:40])
def test_a_window_that_cannot_be_is_refused(window: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: chart(spread(20), **window)) == sentence


def test_what_is_no_log_is_refused() -> None:
    result = rs.simulate(scene("A", demand={"600": rs.Demand(calls_per_hour=9, talk_time=9)}))
    assert refusal(ring_chart, result) == (
        f"log must be a CallLog, got {result!r}. Give one replication: result.replay(0)."
    )
    assert refusal(ring_chart, None) == "log must be a CallLog, got None."


# Pictures of known days


@pytest.mark.parametrize("strategy", rs.RingStrategy)
def test_every_strategy_is_drawn(strategy: str) -> None:
    office = scene(group("A1 B1 C2", strategy, ring_time=20), opens_at="08:00")
    log = rs.play(office, script(0, 5, 30, A=[3, INF, INF], B=INF, C=4, patience=[INF, INF, 9]))
    ax = chart(log)
    ax.figure.canvas.draw()
    paged = strategy == "PAGING_INTERCOM"
    assert ("page" in legend(ax)) == paged
    assert ("phone rings" in legend(ax)) != paged
    assert ax.get_xlabel() == "time of day"


def test_a_page_reaches_phones_without_ringing() -> None:
    ax = chart(rs.play(scene(group("A B", "PAGING_INTERCOM")), script(3, talk=30)))
    assert instants(ax, "paged") == [3, 3]
    assert set(bars(ax)) == {"talk-0", "talk-1"}
    assert legend(ax) == ["on a call", "page", "answered"]


def test_a_phone_that_rings_for_two_calls_has_two_bars_above_each_other() -> None:
    office = scene(group("A", "RING_SIMULTANEOUSLY"))
    drawn = bars(chart(rs.play(office, script(0, 5))))
    assert drawn["ring-0"].right > drawn["ring-1"].left
    assert drawn["ring-1"].bottom <= drawn["ring-0"].top


def test_a_call_of_another_group_or_of_their_own_is_grey_in_every_row_of_the_member() -> None:
    office = scene(group("A B"), group("A C", number="601"))
    log = rs.play(office, script(0, 50, talk=20, to=["600", "601"], A=[3, INF], own=[(40, "A", 9)]))
    ax = chart(log)
    drawn = bars(ax)
    assert drawn["talk-0"][:2] == drawn["talk-0-601"][:2] == (3, 23)
    assert drawn["own-0-600"][:2] == drawn["own-0-601"][:2] == (40, 49)
    assert {"on a call of another group", "on a call of their own"} <= set(legend(ax))


def test_what_a_rule_does_with_a_call_is_told_where_it_happens() -> None:
    office = scene(
        group("A", to="601"),
        group("B", number="601", to="600"),
        group("C", number="602", action="FORWARD_TO_VOICEMAIL"),
        group("D", number="603"),
        group("E", number="604", to="0123"),
    )
    log = rs.play(office, script(0, 1, 2, 3, to=["600", "602", "603", "604"]))
    ax = chart(log)
    texts = {shown(text) for text in ax.texts}
    assert {"601", "hung up: loop to 600", "to voicemail", "hung up", "to 0123"} <= texts
    assert instants(ax, "forward") == [20]
    assert instants(ax, "overflowed") == [21, 22, 23, 40]


def test_time_off_duty_is_shaded() -> None:
    office = scene("A B", duty={"A": [(0, 30), (60, INF)], "B": []})
    ax = chart(rs.play(office, script(0, A=3)), start=0, end=100)
    bands = [patch for patch in ax.patches if patch.get_gid() == "off duty"]
    assert [(band.get_x(), band.get_x() + band.get_width()) for band in bands] == [
        (30, 60),
        (0, 100),
    ]
    assert "off duty" in legend(ax)


def test_headings_are_the_names_of_the_groups() -> None:
    office = rs.Scenario(
        groups=[
            {"extension_number": "600", "name": "Sales", "members": ["201"]},
            {"extension_number": "601", "members": ["201"]},
        ]
    )
    ax = chart(rs.play(office, script(0, 1, to=["600", "601"])))
    assert {"600 Sales", "601 "} <= {shown(text) for text in ax.texts}


@pytest.mark.parametrize(
    ("office", "phones"),
    [(scene("A B"), ["201", "202"]), (scene(""), []), (rs.Scenario(groups=[]), [])],
)
def test_a_log_without_calls_says_so(office: rs.Scenario, phones: list[str]) -> None:
    ax = chart(rs.play(office, script()))
    ax.figure.canvas.draw()
    assert "nobody calls" in {shown(text) for text in ax.texts}
    assert ax.get_xlim() == (0, 8 * 3600)
    assert labels(ax) == ["callers", *phones]


def test_thirty_members_and_forty_calls_have_a_taller_figure() -> None:
    numbers = [str(201 + place) for place in range(30)]
    hunt = {"extension_number": "600", "members": numbers, "ring_strategy": "CYCLIC_HUNT"}
    office = rs.Scenario(groups=[hunt])
    calls = rs.Workload(arrives_at=range(40), talk_time=60, answer_delay={"201": 3})
    ax = ring_chart(rs.play(office, calls), range(40))
    assert labels(ax) == ["callers", *numbers]
    assert ax.figure.get_figheight() > 30 * 0.25


@pytest.mark.parametrize("at", [1e300, 1e15])
def test_instants_beyond_all_measure_are_drawn(at: float) -> None:
    ax = chart(rs.play(scene("A"), script(0, at, A=1)))
    ax.figure.canvas.draw()
    assert len(lines(ax)["wait-1"]) == 1


def test_numbers_are_written_where_they_fit() -> None:
    """A number fits a ring of 20 s in half a minute, not in ten hours; a caller's always fits."""
    log = rs.play(scene("A"), script(0))
    assert [shown(text) for text in chart(log).texts].count("0") == 2
    long = chart(log, start=0, end=36_000)
    assert [shown(text) for text in long.texts].count("0") == 1
